"""The picture of a cold start is drawn from what its log holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

from secondthought.messages import BadInput
from secondthought.train.plot import plot


def _write(run: Path, *records: dict[str, object]) -> None:
    (run / "metrics.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records) + '{"torn')


def test_a_log_with_a_loss_that_was_not_finite_is_drawn(tmp_path: Path) -> None:
    _write(
        tmp_path,
        {"step": 10, "tokens": 1000, "loss": 2.0},
        {"step": 20, "tokens": 2000, "loss": None},
        {"step": 20, "tokens": 2000, "accuracy": {"gcd": 0.5}},
        {"step": 30, "tokens": 3000, "loss": 1.0},
    )
    assert plot(tmp_path).read_bytes()[:4] == b"\x89PNG"


def test_another_run_is_named(tmp_path: Path) -> None:
    _write(tmp_path, {"step": 1, "reward": 0.5, "loss": 0.1})
    with pytest.raises(BadInput, match="train report"):
        plot(tmp_path)
