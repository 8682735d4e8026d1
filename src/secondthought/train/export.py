"""Weights to a checkpoint folder that this package, transformers and vLLM read. No torch needed.

    secondthought train export HF_FOLDER --out CHECKPOINT_FOLDER

Needs the `onnx` package (extra `train`) to write graph.onnx.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from secondthought.messages import BadInput
from secondthought.models.engine import graph
from secondthought.models.engine.checkpoint import (
    Config,
    Weights,
    dump_safetensors,
    parse_safetensors,
)
from secondthought.models.engine.session import arrange
from secondthought.models.engine.tokenizer import (
    CHAT_TEMPLATE,
    END,
    MARKERS,
    PAD,
    RESPONSE_TEMPLATE,
    THINK,
    UNTHINK,
    VOCAB,
)

_WAYS = {
    "adapter_config.json": "it holds an adapter; merge it first (PEFT: merge_and_unload, then "
    "save_pretrained)",
    "model.safetensors.index.json": "its weights stand in several files; save it again with "
    "save_pretrained and a larger max_shard_size",
}
"""What may stand in the place of model.safetensors, and what to do then."""


class CannotWrite(BadInput):
    """The folder takes no more: usually the disk is full."""


def qwen3_config(
    *,
    hidden: int = 256,
    layers: int = 6,
    heads: int = 4,
    kv_heads: int = 2,
    head_dim: int = 64,
    ffn: int = 704,
    context: int = 4096,
    rope_theta: float = 10_000.0,
) -> dict[str, Any]:
    """The config.json of a network of this shape; the defaults are secondthought-5m."""
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "head_dim": head_dim,
        "intermediate_size": ffn,
        "vocab_size": VOCAB,
        "max_position_embeddings": context,
        "rope_theta": rope_theta,
        "rope_parameters": {"rope_type": "default", "rope_theta": rope_theta},
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "attention_bias": False,
        "attention_dropout": 0.0,
        "tie_word_embeddings": True,
        "bos_token_id": None,
        "eos_token_id": END,
        "pad_token_id": PAD,
        "dtype": "bfloat16",
    }


def write_checkpoint(
    folder: str | Path, state: Mapping[str, Any], config: Mapping[str, Any]
) -> Path:
    """Write the whole folder; the weights are rounded to bf16.

    state: Hugging Face parameter names to torch tensors or numpy arrays; a tied `lm_head` is
    left out, `torch.compile`'s prefix is dropped. config: as from `qwen3_config` or a
    transformers config's `to_dict()`. Raises BadInput for a config the engine cannot run, for
    weights that are not of that config, CannotWrite where nothing can be written.
    """
    folder = Path(folder)
    config = {**config, "dtype": "bfloat16"}
    shape = Config.from_json(config)
    network = graph.build(shape)
    weights = as_numpy(state)
    if config.get("tie_word_embeddings"):
        weights.pop("lm_head.weight", None)
    arrange(weights, shape)
    _write(folder / "model.safetensors", dump_safetensors(weights))
    _write(folder / "graph.onnx", network)
    documents: dict[str, Any] = {
        "config.json": config,
        "tokenizer.json": tokenizer_json(),
        "tokenizer_config.json": _tokenizer_config(config["max_position_embeddings"]),
        "generation_config.json": {"eos_token_id": END, "pad_token_id": PAD, "do_sample": False},
    }
    for name, document in documents.items():
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        _write(folder / name, text.encode())
    return folder


def export_folder(source: str | Path, target: str | Path) -> Path:
    """A Hugging Face folder (config.json, model.safetensors) as a checkpoint folder. Raises
    BadInput, also for an adapter and for weights in several files."""
    source = Path(source)
    for name, way in _WAYS.items():
        if (source / name).is_file() and not (source / "model.safetensors").is_file():
            raise BadInput(f"{source} cannot be exported as it is: {way}")
    try:
        config: dict[str, Any] = json.loads((source / "config.json").read_text("utf-8"))
        weights = parse_safetensors((source / "model.safetensors").read_bytes())
    except (OSError, ValueError) as error:
        raise BadInput(f"{source} cannot be read as a Hugging Face folder: {error}") from error
    return write_checkpoint(target, weights, config)


def as_numpy(state: Mapping[str, Any]) -> Weights:
    """Torch tensors or arrays as float32 arrays under plain Hugging Face names."""
    weights: Weights = {}
    for name, tensor in state.items():
        if hasattr(tensor, "detach"):  # a torch tensor; bf16 has no numpy form, so float first
            tensor = tensor.detach().float().cpu().numpy()
        weights[name.removeprefix("_orig_mod.")] = np.asarray(tensor, dtype=np.float32)
    return weights


def tokenizer_json() -> dict[str, Any]:
    """Our tokens for the `tokenizers` library: byte-level BPE without merges, and the markers.

    Those around a thought are not special: decoders leave special tokens out, and then nobody who
    reads the text could tell the thought from the answer.
    """
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": 256 + i,
                "content": marker,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": 256 + i not in (THINK, UNTHINK),
            }
            for i, marker in enumerate(MARKERS)
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "ByteLevel",
            "add_prefix_space": False,
            "trim_offsets": True,
            "use_regex": False,
        },
        "post_processor": None,
        "decoder": {
            "type": "ByteLevel",
            "add_prefix_space": False,
            "trim_offsets": True,
            "use_regex": False,
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {character: byte for byte, character in enumerate(_byte_characters())},
            "merges": [],
        },
    }


def _byte_characters() -> list[str]:
    """GPT-2's printable stand-in for each byte: itself, or the next free one from U+0100 on."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    free = iter(range(0x100, 0x200))
    return [chr(b) if b in printable else chr(next(free)) for b in range(256)]


def _tokenizer_config(context: int) -> dict[str, Any]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "chat_template": CHAT_TEMPLATE,
        "response_template": RESPONSE_TEMPLATE,
        "eos_token": MARKERS[END - 256],
        "pad_token": MARKERS[PAD - 256],
        "bos_token": None,
        "unk_token": None,
        "clean_up_tokenization_spaces": False,
        "model_max_length": context,
    }


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a reader never sees half a file."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        os.replace(part, path)
    except OSError as error:
        raise CannotWrite(
            f"cannot write {path}: {error.strerror or error}; free some space, or name another "
            "place, and run the command again"
        ) from error
