"""Which template a question is made of."""

import importlib
from random import Random

import pytest

from secondthought.tasks import catalogue
from secondthought.tasks.base import EVAL_SEEDS
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.templates import RUN, extended, runs, widely
from secondthought.tasks.wordings import rare


def test_usual_templates_come_first_and_the_rest_is_not_lost():
    templates = [f"number {i}" for i in range(20)]
    rng = Random(2)
    drawn = [phrase(rng, templates, decorate=False, usual_first=True) for _ in range(4000)]
    assert 0.46 < sum(text in templates[:5] for text in drawn) / 4000 < 0.54
    assert set(drawn) == set(templates)
    alike = [phrase(rng, templates, decorate=False) for _ in range(4000)]
    assert 0.21 < sum(text in templates[:5] for text in alike) / 4000 < 0.29


def test_what_is_usual_stays_when_rare_templates_are_added():
    usual = [f"usual {i}" for i in range(20)]
    rare = [f"rare {i}" for i in range(30)]
    before, after = (
        [phrase(Random(i), t, decorate=False, usual_first=True) for i in range(4000)]
        for t in (usual, extended(usual, rare))
    )
    first = [(old, new) for old, new in zip(before, after, strict=True) if old in usual[:5]]
    assert 0.46 < len(first) / 4000 < 0.54
    assert all(old == new for old, new in first)
    assert {new for new in after if new in usual[:5]} == {new for _, new in first}
    assert 0.15 < sum(text in rare for text in after) / 4000 < 0.4
    assert set(after) == {*usual, *rare}


def test_widely_asks_in_all_ways_and_in_rare_ones_half_of_the_time():
    usual = extended([f"usual {i}" for i in range(20)], [f"seldom {i}" for i in range(10)])
    more = [f"rare {i}" for i in range(5)]
    with widely(more, ()):
        drawn = [phrase(Random(i), usual, decorate=False, usual_first=True) for i in range(4000)]
        plain = [phrase(Random(i), ("as it is",), decorate=False) for i in range(20)]
    assert set(drawn) == {*usual, *more}
    assert 0.46 < sum(text in more for text in drawn) / 4000 < 0.54
    seldom = sum(text.startswith("seldom") for text in drawn) / 4000
    assert 0.29 < seldom < 0.38  # a half and a third of the other half, of one half
    assert set(plain) == {"as it is"}
    after = [phrase(Random(i), usual, decorate=False, usual_first=True) for i in range(500)]
    assert not set(after) & set(more)


def test_widely_keeps_its_distance_from_what_is_held_out():
    held_out = ("Where in the world is {a} today?", "Mind {a}")
    more = ("Tell me where in the world is {a}", "Where in the world was {a}", "mind, {a}!")
    with widely(more, held_out):
        drawn = {
            phrase(Random(i), ("What is {a}?",), decorate=False, usual_first=True, a="five big x")
            for i in range(300)
        }
    assert drawn == {"What is five big x?", "Where in the world was five big x"}


@pytest.mark.parametrize("name", catalogue.names())
def test_rare_questions_share_no_run_of_words_with_a_held_out_one(name):
    task = catalogue.task(name)
    words = importlib.import_module(f"secondthought.tasks.wordings.{name}")
    held_out = frozenset(run for text in words.HELD_OUT_EN for run in runs(text))
    long = {run for run in held_out if len(run) == RUN and "{}" not in run}
    own = {task.generate(Random(i), task.levels[0], split="train").question for i in range(200)}
    with rare.asked(name):
        asked = [
            task.generate(Random(i), task.levels[0], split="train").question for i in range(800)
        ]
    assert not long & frozenset(run for text in asked for run in runs(text))
    assert len(set(asked) - own) > 600


@pytest.mark.parametrize("name", catalogue.names())
def test_no_evaluation_asks_in_rare_ways(name):
    """They are for reading in training alone."""
    task, seeds = catalogue.task(name), EVAL_SEEDS[0]
    with rare.asked("no task of ours"):
        pass
    before = [task.generate(Random(seeds[i]), task.default_level).question for i in range(50)]
    with rare.asked(name):
        held_out = task.generate(Random(1), task.default_level, wording="held_out").question
        gym = task.generate(Random(1), task.default_level, wording="gym").question
    assert held_out == task.generate(Random(1), task.default_level, wording="held_out").question
    assert gym == task.generate(Random(1), task.default_level, wording="gym").question
    after = [task.generate(Random(seeds[i]), task.default_level).question for i in range(50)]
    assert before == after
