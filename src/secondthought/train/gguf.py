"""A checkpoint folder as one GGUF file, for llama.cpp and everything built on it.

Needs the `gguf` package. llama.cpp's own converter refuses tokenizers that it does not know by
hash, so the tokens are written here: bytes as GPT-2's byte characters, markers as control tokens.
Those around a thought are no control tokens, because llama.cpp leaves these out of a text, and
thought and answer would run together wherever it is not asked to tell them apart.
"""

# gguf types its functions only in part
# pyright: reportUnknownMemberType=false, reportMissingImports=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from secondthought.messages import BadInput
from secondthought.models.engine.checkpoint import Checkpoint
from secondthought.models.engine.tokenizer import CHAT_TEMPLATE, END, MARKERS, PAD, THINK, UNTHINK
from secondthought.train.export import tokenizer_json

_NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_TOP = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}
_NEVER = "<|endoftext|> <|endoftext|>"
"""llama.cpp demands a list of merges. This one can never apply: merges begin with characters."""


def write_gguf(folder: str | Path, path: str | Path) -> Path:
    """Write the folder's network and tokens to `path`, weights in float32 so that llama.cpp
    computes what our engine does. Raises BadInput without the `gguf` package, for a folder that
    is no checkpoint, or when the file cannot be written."""
    try:
        import gguf
    except ImportError as error:
        raise BadInput(
            "writing GGUF needs the package gguf: pip install 'secondthought[gguf]'"
        ) from error
    checkpoint, path = Checkpoint.read(folder), Path(path)
    c = checkpoint.config
    part = path.with_name(path.name + ".part")
    writer: Any = gguf.GGUFWriter(part, "qwen3")
    writer.add_name(Path(folder).resolve().name)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(c.context)
    writer.add_embedding_length(c.hidden)
    writer.add_block_count(c.layers)
    writer.add_feed_forward_length(c.ffn)
    writer.add_head_count(c.heads)
    writer.add_head_count_kv(c.kv_heads)
    writer.add_key_length(c.head_dim)
    writer.add_value_length(c.head_dim)
    writer.add_rope_freq_base(c.rope_theta)
    writer.add_layer_norm_rms_eps(c.norm_eps)
    vocabulary = tokenizer_json()["model"]["vocab"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([*sorted(vocabulary, key=vocabulary.__getitem__), *MARKERS])
    kinds = [gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * len(MARKERS)
    kinds[THINK] = kinds[UNTHINK] = gguf.TokenType.USER_DEFINED
    writer.add_token_types([int(kind) for kind in kinds])
    writer.add_token_merges([_NEVER])
    writer.add_eos_token_id(END)
    writer.add_pad_token_id(PAD)
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)
    for name, weights in sorted(checkpoint.weights.items()):
        writer.add_tensor(_name(name), np.ascontiguousarray(weights, dtype=np.float32))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise BadInput(f"cannot write {path}: {error.strerror or error}") from error
    return path


def _name(name: str) -> str:
    """Hugging Face's name of a parameter as GGUF's."""
    if name in _TOP:
        return _TOP[name]
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{_NAMES[rest.removesuffix('.weight')]}.weight"
