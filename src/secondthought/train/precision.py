"""Where a network is trained, and in which number format: bfloat16 only where the hardware has it.

Processors without bfloat16 units compute it by emulation: 60 GFLOP/s against 294 in float32 on
one (AVX-512 without AMX); with AMX bfloat16 is 4 times as fast as float32.
"""

# torch types some functions only in part
# pyright: reportUnknownMemberType=false, reportPrivateUsage=false
from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch

from secondthought.messages import BadInput

PRECISIONS = {"bfloat16": torch.bfloat16, "float32": torch.float32}


def find_device(name: str) -> torch.device:
    """ "cpu", "cuda", or "auto" for the better one that is here. Raises BadInput."""
    here = torch.cuda.is_available()
    if name not in ("auto", "cpu", "cuda"):
        raise BadInput(f"there is no device {name!r}; use auto, cpu or cuda")
    if name == "cuda" and not here:
        raise BadInput("PyTorch sees no CUDA device here; use --device cpu, or auto")
    return torch.device("cuda" if name == "cuda" or (name == "auto" and here) else "cpu")


def fast_precision(device: torch.device) -> torch.dtype:
    """bfloat16 on accelerators and on CPUs with instructions for it, else float32."""
    if device.type != "cpu":
        return torch.bfloat16
    # torch has no public name for what the processor can do
    fast = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if fast else torch.float32


def autocast(device: torch.device, precision: torch.dtype) -> AbstractContextManager[object]:
    """Matrix products in `precision`; nothing to do for float32."""
    if precision is torch.float32:
        return nullcontext()
    return torch.autocast(device.type, dtype=precision)
