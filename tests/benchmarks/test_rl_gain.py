"""The comparison of weights: which questions are missed, and what the table says."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from rl_gain import SEED, Found, questions, searched, table

from secondthought.tasks import catalogue
from secondthought.tasks.base import EVAL_SEEDS, TRAIN_SEEDS


def test_missed_questions_can_be_solved_but_not_by_a_search_as_long_as_a_thought() -> None:
    missed = questions("countdown@4", 5, missed=200)
    assert all(searched(item, 200) is None for item in missed)
    task = catalogue.task("countdown")
    assert all(task.verify(item, item.answer).passed for item in missed)
    assert len({item.question for item in missed}) == 5
    easy = [n for item in questions("countdown@1", 20) if (n := searched(item, 10**6)) is not None]
    assert len(easy) > 10
    assert min(easy) > 10


def test_the_questions_are_of_evaluation_ground() -> None:
    assert any(SEED in seeds for seeds in EVAL_SEEDS)
    assert SEED not in TRAIN_SEEDS


def test_measures_are_paired_over_the_questions() -> None:
    before = [Found(False, [False, True], 100, 0.5)] * 5 + [Found(True, [False, False], 50, 0)] * 5
    after = [Found(True, [True, True], 80, 0.0)] * 10
    lines = {line.split(" | ")[0]: line for line in table(before, after, 2).splitlines()[2:]}
    assert lines["| pass@1, temperature 1"].startswith("| pass@1, temperature 1 | 25.0% | 100.0% |")
    assert "| pass@2 | 50.0% | 100.0% | +50.0 (" in lines["| pass@2"]
    assert "| greedy | 50.0% | 100.0% | +50.0 (" in lines["| greedy"]
    assert lines["| greedy"].endswith("McNemar p 0.062 |")  # 2 of 2 ** 5
    assert lines["| tokens a sample"] == "| tokens a sample | 75 | 80 | × 1.07 |"
