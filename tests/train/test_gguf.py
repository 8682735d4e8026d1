"""The GGUF file holds the network, the tokens and the template."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

gguf = pytest.importorskip("gguf")

from secondthought.messages import BadInput
from secondthought.models.engine.checkpoint import Checkpoint
from secondthought.models.engine.tokenizer import CHAT_TEMPLATE, END, MARKERS, VOCAB
from secondthought.train.gguf import write_gguf


def test_gguf_holds_the_network(tiny_folder: Path, tmp_path: Path) -> None:
    reader = gguf.GGUFReader(write_gguf(tiny_folder, tmp_path / "deep" / "tiny.gguf"))
    checkpoint = Checkpoint.read(tiny_folder)
    tensors = {t.name: t.data for t in reader.tensors}
    assert len(tensors) == len(checkpoint.weights)
    for ours, theirs in (
        ("model.embed_tokens.weight", "token_embd.weight"),
        ("model.layers.1.self_attn.k_norm.weight", "blk.1.attn_k_norm.weight"),
        ("model.layers.0.mlp.down_proj.weight", "blk.0.ffn_down.weight"),
    ):
        np.testing.assert_array_equal(tensors[theirs], checkpoint.weights[ours])

    def field(name: str):
        return reader.fields[name].contents()

    assert field("general.architecture") == "qwen3"
    assert field("qwen3.attention.head_count_kv") == checkpoint.config.kv_heads
    assert field("qwen3.attention.key_length") == checkpoint.config.head_dim
    tokens = field("tokenizer.ggml.tokens")
    assert len(tokens) == len(set(tokens)) == VOCAB
    assert tokens[ord("a")] == "a"
    assert tokens[ord(" ")] == "Ġ"
    assert tokens[256:] == list(MARKERS)
    # normal, control, user-defined: what stands around a thought stays in the text
    assert field("tokenizer.ggml.token_type") == [1] * 256 + [3, 3, 4, 4] + [3] * 60
    assert field("tokenizer.ggml.eos_token_id") == END
    assert field("tokenizer.chat_template") == CHAT_TEMPLATE
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["tiny.gguf"]


def test_a_file_in_the_way_is_named(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot write"):
        write_gguf(tiny_folder, tmp_path / "file" / "x.gguf")


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no checkpoint"):
        write_gguf(tmp_path, tmp_path / "x.gguf")
