"""A verifier that breaks has found out nothing, whoever wrote it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from secondthought.messages import Problem
from secondthought.trace import Outcome, Verdict
from secondthought.verifiers.base import Level, Trust
from secondthought.verifiers.exact import Exact
from secondthought.verifiers.guard import judge

PROBLEM = Problem.ask("?")


class Odd:
    name = "odd"
    trust: Trust = "sound"
    level: Level = "answer"

    def __init__(self, result: Any) -> None:
        self._result = result

    async def judge(self, *_: Any) -> Any:
        if isinstance(self._result, BaseException):
            raise self._result
        if self._result == "hang":
            await asyncio.sleep(60)
        return self._result


async def test_verdicts_of_a_sound_verifier_pass_through() -> None:
    right, wrong = await judge(Exact("a"), PROBLEM, ["a", "b"], None)
    assert right.passed
    assert wrong.outcome is Outcome.FAILED
    assert right.verifier == "exact"
    assert right.seconds > 0
    assert await judge(Exact("a"), PROBLEM, [], None) == []


@pytest.mark.parametrize(
    ("result", "error"),
    [
        (ValueError("no\nway"), "ValueError: no way"),
        (TimeoutError("its own"), "TimeoutError: its own"),
        ("hang", "took more than 0.1 s"),
        ([Verdict.of(True)], "one verdict for each of 2"),
        (None, "one verdict for each of 2"),
        ([True, False], "returned a bool"),
        ([Verdict(Outcome.PASSED, 1.5), Verdict.of(True)], "score 1.5"),
        ([Verdict(Outcome.PASSED, float("nan")), Verdict.of(True)], "score nan"),
    ],
)
async def test_whatever_breaks_is_cannot_tell_for_all(result: Any, error: str) -> None:
    verdicts = await judge(Odd(result), PROBLEM, ["a", "b"], None, seconds=0.1)
    assert [v.outcome for v in verdicts] == [Outcome.CANNOT_TELL] * 2
    assert all(v.error and error in v.error and v.verifier == "odd" for v in verdicts)


async def test_a_verdict_with_an_error_is_never_a_failure() -> None:
    said = [Verdict(Outcome.FAILED, 0.0, error="crashed"), Verdict.of(False)]
    first, second = await judge(Odd(said), PROBLEM, ["a", "b"], None)
    assert (first.outcome, first.error) == (Outcome.CANNOT_TELL, "crashed")
    assert second.outcome is Outcome.FAILED


async def test_a_cancelled_judge_is_cancelled() -> None:
    task = asyncio.create_task(judge(Odd("hang"), PROBLEM, ["a"], None))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
