"""Runs cases: many at once over one event loop, since the engine is fastest with full batches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Protocol

from secondthought.effort import Effort
from secondthought.evals.case import Case, refused
from secondthought.evals.results import Row
from secondthought.evals.suites import conversation
from secondthought.messages import BadInput, Problem
from secondthought.models.base import ModelError
from secondthought.trace import Event, Failed, Finished, Trace

HOPELESS = 16
"""So many errors and no answer yet: the model is not there, and the run stops."""


class Stream(Protocol):
    """`Reasoner.stream` with the temperature bound: one problem to events."""

    def __call__(self, problem: Problem, effort: Effort, *, seed: int) -> AsyncIterator[Event]: ...


def keys(
    cases: Sequence[Case], efforts: Sequence[Effort], *, weights: str, temperature: float | None
) -> list[tuple[object, ...]]:
    """The `Row.key` of everything that a run asks."""
    return [
        (case.id, effort.value, weights, case.seed, temperature, case.fingerprint)
        for effort in efforts
        for case in cases
    ]


async def run(
    stream: Stream,
    cases: Sequence[Case],
    efforts: Sequence[Effort],
    *,
    weights: str,
    temperature: float | None = None,
    done: Sequence[Row] = (),
    in_flight: int = 64,
    on_row: Callable[[Row], None],
) -> None:
    """Ask every case at every effort, except those that `done` has; one row each to `on_row`.

    A question that fails becomes a row with `error`. Raises ModelError when the first
    `HOPELESS` ones all fail. Cancelling loses only the questions in flight.
    """
    have = {row.key for row in done}
    jobs = iter(
        [
            (case, effort)
            for effort in efforts
            for case in cases
            if keys([case], [effort], weights=weights, temperature=temperature)[0] not in have
        ]
    )
    failed, answered = 0, bool(done)

    async def work() -> None:
        nonlocal failed, answered
        for case, effort in jobs:  # the workers share one iterator
            row = await _ask(stream, case, effort, weights, temperature)
            on_row(row)
            if row.error is None:
                answered = True
                continue
            failed += 1
            if failed >= HOPELESS and not answered:
                raise ModelError(f"the first {failed} questions all failed: {row.error}", "server")

    workers = [asyncio.create_task(work()) for _ in range(in_flight)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def _ask(
    stream: Stream, case: Case, effort: Effort, weights: str, temperature: float | None
) -> Row:
    first: str | None = None
    first_correct: bool | None = None
    try:
        trace = await _finish(stream, case.problem, effort, case.seed)
        if case.reply is not None and trace.error is None:
            first, first_correct = trace.answer, case.score(trace.answer)
            turns = conversation(case, first, first_correct)
            second = replace(case.problem, messages=turns)
            trace = await _finish(stream, second, effort, case.seed)
    except (ModelError, BadInput) as error:  # bad: a first answer that cannot be sent back
        trace = Trace("", effort, "", error=str(error))
    usage = trace.ledger.usage
    return Row(
        id=case.id,
        task=case.task,
        group=case.group,
        effort=effort.value,
        got=trace.answer,
        want=case.want,
        correct=trace.error is None and case.score(trace.answer),
        reasoning_tokens=usage.reasoning_tokens,
        completion_tokens=usage.completion_tokens,
        seconds=round(trace.seconds, 4),
        finish_reason=str(trace.finish_reason),
        refused=refused(trace.answer),
        in_scope=case.in_scope,
        weights=weights,
        seed=case.seed,
        temperature=temperature,
        item=case.fingerprint,
        first=first,
        first_correct=first_correct,
        error=trace.error,
    )


async def _finish(stream: Stream, problem: Problem, effort: Effort, seed: int) -> Trace:
    """The trace of one answer; what went wrong stands in its `error`."""
    trace = Trace("", effort, "", error="the answer never finished")
    async for event in stream(problem, effort, seed=seed):
        if isinstance(event, Failed):
            trace.error = event.message
        elif isinstance(event, Finished):
            trace = event.trace
    return trace
