"""The comparison of strategies: what a policy's words mean, and what the tables say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from secondthought.effort import policy

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from strategies import Asked, Way, questions, table


def test_words_of_a_policy() -> None:
    way = Way.of("best:low strategy=best_of_n(think) samples=8 temperature=0.8 !verifiers", "m")
    assert (way.name, way.verifiers, way.fixed) == ("best", False, 0)
    assert way.policy == policy(
        "low", model="m", strategy="best_of_n(think)", samples=8, temperature=0.8
    )
    plain = Way.of("high", "secondthought-5m")
    assert plain.policy == policy("high", model="secondthought-5m")
    assert plain.verifiers
    assert Way.of("k:low fixed=5", "m").fixed == 5
    with pytest.raises(TypeError):
        Way.of("k:low unknown=5", "m")


def test_questions_are_of_the_level_that_is_named() -> None:
    items = questions(["gcd@4", "products"], 3)
    assert [(item.task, item.level) for item in items] == [("gcd", 4)] * 3 + [("products", 3)] * 3
    assert len({item.question for item in items}) == 6


def test_policies_are_compared_on_the_questions_that_both_were_asked() -> None:
    ways = [Way.of("none", "m"), Way.of("low", "m")]
    rows = [Asked("none", f"q{i}", False, 10) for i in range(10)]
    rows += [Asked("low", f"q{i}", i < 8, 40) for i in range(9)]
    text = table(ways, {(row.way, row.question): row for row in rows})
    assert "| none | direct | 0.0% (" in text
    assert "| low | think | 88.9% (" in text
    assert "| low - none | 9 | +88.9 (" in text
    assert "| 0.0078 | × 4.00 |" in text  # 2 of 2 ** 8
