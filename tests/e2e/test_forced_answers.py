"""An answer that is asked for before the thought has come to it is an answer, and says no more of
how sure it is than anybody knows."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from secondthought import Policy, Reasoner, Trace
from secondthought.loop.base import Stop
from secondthought.tasks import catalogue
from secondthought.tasks.base import DONT_KNOW, Item
from secondthought.tasks.steps import goes_on
from secondthought.trace import Finished, StopReason, ThoughtDelta


def items(n: int) -> list[Item]:
    """Some of each task."""
    tasks = [catalogue.task(name) for name in catalogue.names()]
    return [t.generate(Random(i), t.default_level) for t in tasks for i in range(n)]


async def test_a_thought_cut_at_its_cap_does_not_go_on_as_the_answer() -> None:
    async with Reasoner() as reasoner:
        policy = Policy("think", thought_tokens=60, reserve=128)
        asked = [reasoner.answer(item.problem, policy=policy) for item in items(4)]
        traces = await asyncio.gather(*asked)
    cut = [trace for trace in traces if trace.finish_reason is StopReason.THOUGHT_CAP]
    assert len(cut) > 20
    assert [trace.answer for trace in cut if goes_on(trace.answer)] == []
    assert all(trace.answer.strip() for trace in traces)
    assert {trace.confidence for trace in cut} == {None}
    for trace in traces:
        usage = trace.ledger.usage
        assert usage.completion_tokens <= 60 + 128
        assert (
            usage.reasoning_tokens <= 60 + 64
        )  # what went on where an answer should be is thought


async def pressed(reasoner: Reasoner, item: Item, effort: str, after: int) -> Trace:
    """Answer now, after so many pieces of the thought."""
    stop, seen = Stop(), 0
    trace: Trace | None = None
    async for event in reasoner.stream(item.problem, effort, stop=stop):
        if isinstance(event, ThoughtDelta):
            seen += 1
            if seen == after:
                stop.answer_now()
        elif isinstance(event, Finished):
            trace = event.trace
    assert trace is not None
    return trace


@pytest.mark.parametrize("effort", ["medium", "high"])
async def test_an_answer_that_is_wanted_now_comes_out_of_the_reserve(effort: str) -> None:
    async with Reasoner() as reasoner:
        found = await asyncio.gather(
            *(pressed(reasoner, item, effort, after=2) for item in items(1))
        )
    hurried = [trace for trace in found if trace.finish_reason is StopReason.ANSWER_NOW]
    assert len(hurried) >= 5
    for trace in hurried:
        assert trace.answer.strip()
        assert not goes_on(trace.answer), trace.answer
        assert not trace.gave_up
        assert trace.ledger.generated("answer", "draft") <= 5 * 256


async def test_what_is_proved_wrong_is_no_answer_whatever_the_strategy() -> None:
    """No four ones make 24."""
    async with Reasoner() as reasoner:
        policy = Policy("best_of_n", thought_tokens=2000, reserve=64, samples=3)
        trace = await reasoner.answer("Make 24 from 1, 1, 1, 1.", policy=policy)
    assert (trace.answer, trace.abstained) == (DONT_KNOW, True)
    assert trace.gave_up or not any(b.answer.strip() for b in trace.branches)
    assert not trace.withheld
