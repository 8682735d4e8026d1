import re
from random import Random

import pytest

from secondthought.evals import suites
from secondthought.tasks import catalogue
from secondthought.tasks.base import DONT_KNOW
from secondthought.train import feedback, wordings

TASKS = sorted({*feedback.OFTEN, "caesar_cipher", "gcd", "letter_counting"})


def items(name, count=60):
    task = catalogue.task(name)
    for i in range(count):
        rng = Random(10**7 + i)
        yield task, task.generate(rng, task.default_level, split="train"), rng


@pytest.mark.parametrize("name", TASKS)
def test_a_wrong_answer_is_wrong(name):
    found = [
        (task, item, wrong)
        for task, item, rng in items(name)
        for wrong in feedback.wrong_answers(task, item, rng)
    ]
    assert len({wrong for _, _, wrong in found}) >= 10
    assert any(wrong == DONT_KNOW for _, _, wrong in found)
    for task, item, wrong in found:
        assert not task.verify(item, wrong).passed
        assert len(wrong) <= 400


@pytest.mark.parametrize("name", sorted(feedback.OFTEN))
def test_the_second_thought_copies_the_hint_in_its_second_line(name):
    hinted = 0
    for task, item, rng in items(name):
        for wrong in feedback.wrong_answers(task, item, rng)[:1]:
            hint = feedback.reason(task, item, wrong, rng)
            shown = feedback.second_thought(task, item, wrong, hint, rng)
            assert task.verify(item, shown.answer).passed
            if hint:
                hinted += 1
                assert shown.thought.splitlines()[1] == f"hint: {hint}"
                assert hint in feedback.complaint(hint, False, rng)
    assert hinted > 30


def test_the_second_thought_takes_another_course():
    task = catalogue.task("countdown")
    same = total = 0
    for _, item, rng in items("countdown", 100):
        for wrong in feedback._missed(item, rng):
            core = re.match(r"\([0-9]+[-+*/][0-9]+\)|[0-9]+[*/][0-9]+", wrong)
            shown = feedback.second_thought(task, item, wrong, "", rng)
            if core and core[0] not in shown.answer:
                total += 1
                same += core[0] in shown.thought
    assert total > 30
    assert same / total < 0.1


def test_evaluation_complains_in_other_words():
    """All of its words but "That is wrong", which nobody can do without."""
    hint = "the last digit is 4"
    held = {said.format(hint=hint) for said in suites.REASONS[1:]}
    held |= {said.format(other="7") for said in suites.COMPLAINTS[1:]}
    rng = Random(1)
    made = {feedback.complaint(hint if i % 2 else "", False, rng) for i in range(6000)}
    assert len(made) > 1000
    assert not made & held
    assert suites.COMPLAINTS[0] in wordings.WRONG
