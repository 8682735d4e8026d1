"""Verifiers of a user's own, from a file."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from secondthought.messages import BadInput, Problem
from secondthought.trace import Outcome, Verdict
from secondthought.verifiers.load import load

MINE = """
import os, time
from helper import LIMIT

def short(question, answer): return len(answer) <= LIMIT
def reason(question, answer): return answer in question, "it must stand in the question"
def score(question, answer): return float(answer)
def unsure(question, answer): return None
def crash(question, answer): raise KeyError(answer)
def leave(question, answer): os._exit(3)
def hang(question, answer): time.sleep(60)
def odd(question, answer): return {"ok": True}
def weak(question, answer): return True
weak.trust = "learned"
def wrong(question, answer): return True
wrong.trust = "blind"
async def coroutine(question, answer): return True
number = 3

class Judge:
    name, trust, level = "judge", "sound", "answer"
    async def judge(self, problem, candidates, ctx):
        from secondthought import Verdict
        return [Verdict.of(c == problem.question) for c in candidates]

class Needy(Judge):
    def __init__(self, x): pass
class Blind(Judge):
    trust = "blind"
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "helper.py").write_text("LIMIT = 3\n")
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    return file


def judge(spec: str, *answers: str, seconds: float = 30) -> list[Verdict]:
    verifier = load(spec, seconds=seconds)
    return asyncio.run(verifier.judge(Problem.ask("one two"), answers, None))


def test_a_function_gives_yes_no_a_reason_a_score_or_nothing(mine: Path) -> None:
    yes, no = judge(f"{mine}:short", "abc", "abcd")
    assert (yes.passed, no.outcome) == (True, Outcome.FAILED)
    assert judge(f"{mine}:reason", "six")[0].feedback == "it must stand in the question"
    low, high = judge(f"{mine}:score", "0.25", "0.5")
    assert (low.outcome, low.score) == (Outcome.FAILED, 0.25)
    assert (high.outcome, high.score) == (Outcome.PASSED, 0.5)
    unsure = judge(f"{mine}:unsure", "x")[0]
    assert (unsure.outcome, unsure.error) == (Outcome.CANNOT_TELL, None)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("crash", r"KeyError: 'x' (mine.py, line 9)"),
        ("leave", "ended with status 3"),
        ("hang", "took more than 1 s"),
        ("odd", "gave a dict"),
        ("score", "could not convert"),
    ],
)
def test_a_function_that_breaks_is_cannot_tell(mine: Path, name: str, error: str) -> None:
    started = time.monotonic()
    verdict = judge(f"{mine}:{name}", "x", seconds=1)[0]
    assert verdict.outcome is Outcome.CANNOT_TELL
    assert error in str(verdict.error)
    assert time.monotonic() - started < 20


def test_a_class_is_made_and_used_as_it_is(mine: Path) -> None:
    right, wrong = judge(f"{mine}:Judge", "one two", "x")
    assert (right.passed, wrong.passed) == (True, False)


def test_trust_is_sound_unless_the_function_says_otherwise(mine: Path) -> None:
    assert load(f"{mine}:short").trust == "sound"
    assert load(f"{mine}:weak").trust == "learned"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("mine", "write ./file.py:name"),
        ("{mine}", "write ./file.py:name"),
        ("{mine}:", "write ./file.py:name"),
        ("/no/such.py:f", "there is no file"),
        ("{mine}:nothing", "has no 'nothing'"),
        ("{mine}:number", "is no verifier"),
        ("{mine}:coroutine", "is no verifier"),
        ("{mine}:wrong", "wrong.trust is 'blind'"),
        ("{mine}:Blind", "no known trust or level"),
        ("{mine}:Needy", "cannot be made without arguments"),
    ],
)
def test_what_is_no_verifier_is_told_in_one_line(mine: Path, spec: str, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        load(spec.format(mine=mine))
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_imported_is_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("import nothing_like_this\n")
    with pytest.raises(BadInput, match="cannot be imported: ModuleNotFoundError"):
        load(f"{file}:f")
