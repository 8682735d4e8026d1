from __future__ import annotations

from random import Random

import pytest

from secondthought.oversight.contradiction import (
    Finding,
    check_of,
    contradicts_own_check,
    finding,
    task_of,
)
from secondthought.tasks import catalogue
from secondthought.tasks.base import DONT_KNOW, UNKNOWN_THOUGHT
from secondthought.trace import Branch, StopReason, Trace


def trace(thought: str, answer: str, stop: StopReason = StopReason.STOP) -> Trace:
    branch = Branch("main", thought, answer, stop=stop)
    return Trace("m", "medium", "think", answer=answer, branches=[branch])


@pytest.mark.parametrize("name", catalogue.names())
def test_right_answers_agree_and_wrong_ones_contradict(name: str) -> None:
    task = catalogue.task(name)
    wrong = caught = 0
    for seed in range(25):
        for language in ("en", "ko"):
            item = task.generate(Random(seed), task.default_level, language=language)
            shown = task.demonstrate(item, Random(seed))
            assert task_of(shown.thought) == name
            assert finding(trace(shown.thought, shown.answer)) is Finding.AGREES
            for answer in task.near_misses(item, Random(seed)):
                wrong += 1
                caught += contradicts_own_check(trace(shown.thought, answer))
    assert caught >= 0.99 * wrong > 0


def test_an_answer_after_a_failed_check_contradicts() -> None:
    thought = "mul 6*7\n,7: 6*7+0+0=42 =4,2\n6%9: 66\n7%9: 77\n6*7%9=6\n42%9: 44 26\n6=6 yes"
    assert finding(trace(thought, "42")) is Finding.AGREES
    assert finding(trace(thought.replace("6=6 yes", "6!=6 no"), "42")) is Finding.CONTRADICTS
    assert finding(trace(thought.replace("6=6 yes", "6=5 yes"), "42")) is Finding.CONTRADICTS
    assert finding(trace(thought.replace("6=6 yes", "6=5 no"), DONT_KNOW)) is Finding.AGREES


def test_what_cannot_be_read_is_not_judged() -> None:
    thought = "gcd 12 18\n18/12: 18=12*1+6 =1 r6\n6 yes"
    assert finding(trace(thought, "6")) is Finding.AGREES
    assert finding(trace(thought, "7", StopReason.THOUGHT_CAP)) is Finding.CANNOT_TELL
    assert finding(trace(thought, "some text")) is Finding.CANNOT_TELL
    assert finding(trace("", "7")) is Finding.CANNOT_TELL
    assert finding(trace(UNKNOWN_THOUGHT, DONT_KNOW)) is Finding.AGREES
    assert finding(Trace("m", "none", "direct", answer="7")) is Finding.CANNOT_TELL


def test_the_branch_that_gave_the_answer_is_judged() -> None:
    good = Branch("main.2", "gcd 12 18\n6 yes", "6", stop=StopReason.STOP)
    bad = Branch("main.1", "gcd 12 18\n5 no", "5", stop=StopReason.STOP)
    chosen = Trace("m", "high", "vote", answer="6", branches=[bad, good])
    assert finding(chosen) is Finding.AGREES
    chosen.answer = "5"
    assert finding(chosen) is Finding.CONTRADICTS


@pytest.mark.parametrize(
    ("thought", "answer", "expected"),
    [
        ("so 6*7. Final answer: 42", "It is 42.", Finding.AGREES),
        ("so 6*7. Final answer: 42", "It is 1,042 or 43.", Finding.CONTRADICTS),
        ("first \\boxed{41}, no: \\boxed{42.0}", "42", Finding.AGREES),
        ("따라서 답은 42", "답: 24", Finding.CONTRADICTS),
        ("Final answer: 1/2", "0.5", Finding.CANNOT_TELL),
        ("Final answer: 0.5", "50%", Finding.CANNOT_TELL),
        ("I wonder about 42.", "43", Finding.CANNOT_TELL),
        ("make sure that it is right. Is it? no", "43", Finding.CANNOT_TELL),
        ("sum up: yes", "43", Finding.CANNOT_TELL),
    ],
)
def test_thoughts_in_words(thought: str, answer: str, expected: Finding) -> None:
    assert finding(trace(thought, answer)) is expected


def test_the_check_is_the_last_one() -> None:
    assert check_of("7=8 no\n8=8 yes") is True
    assert check_of("check move+1=1 yes\n1") is True
    assert check_of("8=8 yes\nx\ny") is None
    assert check_of("") is None
