"""Checkpoint folders: the standard Hugging Face files, read with numpy alone.

A folder holds config.json (Qwen3 architecture), model.safetensors (bf16, f16 or f32),
tokenizer files for other programs, and graph.onnx, the same network without its weights; and
score.json, where the weights were taught how sure they are (`score.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secondthought.messages import BadInput
from secondthought.models.engine.score import Score
from secondthought.models.engine.tokenizer import VOCAB

Weights = dict[str, NDArray[np.float32]]
"""Hugging Face parameter names to float32 arrays; a linear layer is [out, in]."""


@dataclass(frozen=True, slots=True)
class Config:
    """The shape of a Qwen3 network. `context` = prompt + completion, in tokens."""

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    vocab: int
    context: int
    rope_theta: float
    norm_eps: float

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Config:
        """From a Hugging Face config.json. Raises BadInput when this engine cannot run it."""
        if raw.get("model_type") != "qwen3":
            raise BadInput(
                f"the checkpoint is of type {raw.get('model_type')!r}; this engine runs 'qwen3'"
            )
        rope: Mapping[str, Any] = raw.get("rope_parameters") or raw.get("rope_scaling") or {}
        unusual = (
            raw.get("attention_bias")
            or raw.get("use_sliding_window")
            or raw.get("hidden_act", "silu") != "silu"
            or rope.get("rope_type", "default") != "default"
        )
        if unusual:
            raise BadInput(
                "config.json asks for attention bias, a sliding window, scaled rotary positions "
                "or an activation other than silu; this engine runs plain Qwen3 only"
            )
        try:
            config = cls(
                hidden=int(raw["hidden_size"]),
                layers=int(raw["num_hidden_layers"]),
                heads=int(raw["num_attention_heads"]),
                kv_heads=int(raw["num_key_value_heads"]),
                head_dim=int(raw["head_dim"]),
                ffn=int(raw["intermediate_size"]),
                vocab=int(raw["vocab_size"]),
                context=int(raw["max_position_embeddings"]),
                rope_theta=float(rope.get("rope_theta") or raw["rope_theta"]),
                norm_eps=float(raw.get("rms_norm_eps", 1e-6)),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(f"config.json lacks or garbles a field: {error}") from error
        if config.vocab != VOCAB:
            raise BadInput(f"the checkpoint has {config.vocab} tokens; this engine has {VOCAB}")
        return config


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A folder, read. `weights_hash`: first 12 hex digits of model.safetensors' SHA-256. score:
    None where there is none for these very weights."""

    folder: Path
    config: Config
    weights: Weights
    weights_hash: str
    score: Score | None = None

    @property
    def graph(self) -> Path:
        return self.folder / "graph.onnx"

    @classmethod
    def read(cls, folder: str | Path) -> Checkpoint:
        """Raises BadInput for a folder that is missing, incomplete or damaged."""
        folder = Path(folder)
        for name in ("config.json", "model.safetensors", "graph.onnx"):
            if not (folder / name).is_file():
                raise BadInput(
                    f"{folder} is no checkpoint for this engine: it has no {name} "
                    "(secondthought train export writes such folders)"
                )
        try:
            raw: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
        except ValueError as error:
            raise BadInput(f"{folder / 'config.json'} is not JSON: {error}") from error
        data = (folder / "model.safetensors").read_bytes()
        weights_hash = hash_of(data)
        return cls(
            folder=folder,
            config=Config.from_json(raw),
            weights=parse_safetensors(data),
            weights_hash=weights_hash,
            score=Score.read(folder, weights_hash),
        )


def hash_of(data: bytes) -> str:
    """What weights are called by: the first 12 hex digits of their file's SHA-256."""
    return hashlib.sha256(data).hexdigest()[:12]


# --- safetensors: 8 bytes of length, a JSON header, the tensors --------------------------------


def parse_safetensors(data: bytes) -> Weights:
    """All tensors as float32. Raises BadInput for a damaged file or another number type."""
    try:
        header, start = header_of(data)
        body = memoryview(data)[start:]
        return {
            name: _tensor(body, entry) for name, entry in header.items() if name != "__metadata__"
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"model.safetensors is damaged or of another kind: {error}") from error


def header_of(data: bytes) -> tuple[dict[str, Any], int]:
    """(the JSON header, the offset at which the tensors begin)"""
    start = 8 + int.from_bytes(data[:8], "little")
    return json.loads(data[8:start]), start


def _tensor(body: memoryview, entry: Mapping[str, Any]) -> NDArray[np.float32]:
    start, end = entry["data_offsets"]
    part, kind = body[start:end], entry["dtype"]
    if kind == "BF16":
        flat = from_bf16(part)
    elif kind in ("F32", "F16"):
        flat = np.frombuffer(part, "<f4" if kind == "F32" else "<f2").astype(np.float32)
    else:
        raise ValueError(f"tensors of type {kind} are not read here")
    return flat.reshape(entry["shape"])


def dump_safetensors(weights: Weights) -> bytes:
    """The tensors as a bf16 safetensors file, rounded to nearest even."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    parts: list[bytes] = []
    offset = 0
    for name in sorted(weights):
        part = to_bf16(weights[name])
        header[name] = {
            "dtype": "BF16",
            "shape": list(weights[name].shape),
            "data_offsets": [offset, offset + len(part)],
        }
        parts.append(part)
        offset += len(part)
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)  # the format wants the tensors on an 8-byte boundary
    return len(head).to_bytes(8, "little") + head + b"".join(parts)


def from_bf16(part: bytes | memoryview) -> NDArray[np.float32]:
    """numpy has no bfloat16; it is the upper half of a float32."""
    return (np.frombuffer(part, "<u2").astype(np.uint32) << 16).view(np.float32)


def to_bf16(values: NDArray[np.floating[Any]]) -> bytes:
    """Rounded to nearest even."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes()
