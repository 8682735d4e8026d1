"""The comparison of trainers: what is read from their logs, and what the table says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from rl_speed import Steps, read_ours, read_trl, table


def test_a_step_is_the_difference_of_our_counters_and_no_probe_counts() -> None:
    rows: list[dict[str, Any]] = [
        {"step": 0, "score": 0.5, "seconds": 0.0, "sampled": 0},
        {"step": 1, "reward": 0.1, "seconds": 9.0, "sampled": 100},
        {"step": 2, "reward": 0.2, "seconds": 11.0, "sampled": 350},
        {"step": 2, "score": 0.5, "seconds": 11.0, "sampled": 350},
        {"step": 3, "reward": 0.3, "seconds": 14.0, "sampled": 400},
    ]
    assert read_ours(rows) == Steps([2.0, 3.0], [250, 50])


def test_the_first_step_of_trl_is_left_out() -> None:
    rows = [{"step": i, "step_seconds": 10.0 - i, "length": 20.0 + i} for i in (1, 2, 3)]
    assert read_trl(rows, 64) == Steps([8.0, 7.0], [22.0 * 64, 23.0 * 64])


def test_rounds_are_compared_one_by_one() -> None:
    ours = [Steps([1.0, 1.0], [100, 300]), Steps([2.0], [400]), Steps([4.0], [400])]
    trl = [Steps([3.0], [200]), Steps([4.0], [200]), Steps([4.0], [200])]
    lines = table({"ours": ours, "TRL": trl}).splitlines()
    assert lines[2] == "| ours | 2.00 | 400 | 200 | 1.00 (1.00 to 1.00) |"
    assert lines[3] == "| TRL | 4.00 | 200 | 50 | 2.00 (1.00 to 3.00) |"
