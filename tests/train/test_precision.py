"""bfloat16 only where the hardware has it."""

import pytest
import torch

from secondthought.train.precision import autocast, fast_precision


@pytest.mark.parametrize(
    ("amx", "avx", "wanted"),
    [
        (True, False, torch.bfloat16),
        (False, True, torch.bfloat16),
        (False, False, torch.float32),
    ],
)
def test_processors_that_emulate_bfloat16_train_in_float32(
    monkeypatch: pytest.MonkeyPatch, amx: bool, avx: bool, wanted: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx)
    assert fast_precision(torch.device("cpu")) is wanted
    assert fast_precision(torch.device("cuda")) is torch.bfloat16


@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float32])
def test_products_come_out_in_the_precision_asked_for(precision: torch.dtype) -> None:
    with autocast(torch.device("cpu"), precision):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype is precision
