"""The line after a thought says what its check said, and what the parser says to that."""

from __future__ import annotations

from random import Random

import pytest

from secondthought.cli.checked import checked, wrong_step
from secondthought.tasks import catalogue
from secondthought.tasks.base import TRAIN_SEEDS

GOOD = """mul 24*7
24*7
,7: 4*7+0+0=28 2*7+0+2=16 =16,8
24%9: 22 46
7%9: 77
6*7%9=6
168%9: 11 67 86
6=6 yes"""


def test_a_clean_check_has_a_mark() -> None:
    assert checked(GOOD) == "checked by casting out nines ✓"


def test_a_failed_check_has_a_cross() -> None:
    assert checked(GOOD.replace("6=6 yes", "6!=5 no")).endswith("✗")


def test_a_wrong_step_under_a_passed_check_is_named() -> None:
    bad = GOOD.replace("4*7+0+0=28", "4*7+0+0=24")
    assert checked(bad) == "checked by casting out nines ✓ but 4*7+0+0=24 is wrong"


def test_a_step_that_was_taken_back_is_not_held_against_it() -> None:
    slip = GOOD.replace("4*7+0+0=28", "4*7+0+0=24").replace("6=6 yes", "6!=2 no")
    assert wrong_step(slip + GOOD.removeprefix("mul 24*7")) is None


def test_out_of_scope_and_unknown_thoughts_have_none() -> None:
    assert checked("? out of scope") == ""
    assert checked("some other model's prose, yes") == ""


@pytest.mark.parametrize("name", catalogue.names())
def test_demonstrations_end_clean(name: str) -> None:
    task = catalogue.task(name)
    for i in range(60):
        rng = Random(TRAIN_SEEDS.start + i)
        item = task.generate(rng, task.default_level, split="train")
        thought = task.demonstrate(item, rng).thought
        assert wrong_step(thought) is None, thought
