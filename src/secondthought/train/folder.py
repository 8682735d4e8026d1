"""A checkpoint folder as the trainer takes it up: the inverse of `train.export`."""

# torch types some functions only in part
# pyright: reportUnknownMemberType=false
from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from secondthought.messages import BadInput
from secondthought.models.engine.checkpoint import Checkpoint
from secondthought.models.engine.session import arrange
from secondthought.train.model import Shape, from_hf


def read_model(folder: Path) -> tuple[dict[str, Tensor], Shape, dict[str, str]]:
    """A checkpoint folder's weights under our names, its shape, and its path and hash."""
    read = Checkpoint.read(folder)
    c = read.config
    if "lm_head.weight" in read.weights or c.norm_eps != 1e-6:
        raise BadInput(f"{folder} has untied embeddings or another norm; this trainer has neither")
    shape = Shape(
        width=c.hidden,
        layers=c.layers,
        heads=c.heads,
        kv_heads=c.kv_heads,
        ffn=c.ffn,
        head_size=c.head_dim,
        context=c.context,
        rope_theta=c.rope_theta,
    )
    arrange(read.weights, c)  # raises where they are not of this shape
    tensors = {k: torch.from_numpy(v.copy()) for k, v in read.weights.items()}
    return from_hf(tensors, shape), shape, {"path": str(folder), "hash": read.weights_hash}
