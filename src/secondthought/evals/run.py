"""Runs cases: many at once over one event loop, since the engine is fastest with full batches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from secondthought.effort import Effort
from secondthought.evals.case import Case, refused
from secondthought.evals.results import Row
from secondthought.evals.suites import conversation
from secondthought.loop.judging import thought_score
from secondthought.messages import BadInput, Problem
from secondthought.models.base import ModelError
from secondthought.trace import Event, Failed, Finished, Outcome, Trace
from secondthought.verifiers import guard
from secondthought.verifiers.base import Verifier

HOPELESS = 16
"""So many errors and no answer yet: the model is not there, and the run stops."""

SPREAD = 1_000_003
"""Between the seeds of two samples: above all seeds of cases, so that none comes twice."""


class Stream(Protocol):
    """`Reasoner.stream` with the policy looked up: one problem to events."""

    def __call__(
        self, problem: Problem, effort: Effort, *, seed: int, temperature: float | None
    ) -> AsyncIterator[Event]: ...


@dataclass(frozen=True, slots=True)
class Job:
    """One answer to ask for. temperature: None = the effort's own. min_confidence: what the
    stream was told to withhold below. policy: a hash of all its limits."""

    case: Case
    effort: Effort
    sample: int = 0
    model: str = ""
    weights: str = ""
    temperature: float | None = None
    min_confidence: float | None = None
    policy: str = ""

    @property
    def seed(self) -> int:
        """The seed of this sample's noise; the first sample has the case's own."""
        return self.case.seed + SPREAD * self.sample

    def row(self, trace: Trace) -> Row:
        """The row of an answer, not judged yet."""
        case, usage = self.case, trace.ledger.usage
        return Row(
            id=case.id,
            task=case.task,
            group=case.group,
            effort=self.effort.value,
            got=trace.answer,
            want=case.want,
            correct=False,
            reasoning_tokens=usage.reasoning_tokens,
            completion_tokens=usage.completion_tokens,
            seconds=round(trace.seconds, 4),
            finish_reason=str(trace.finish_reason),
            refused=refused(trace.answer) and not trace.gave_up,
            in_scope=case.in_scope,
            weights=self.weights,
            seed=case.seed,
            temperature=self.temperature,
            item=case.fingerprint,
            error=trace.error,
            model=self.model,
            sample=self.sample,
            question=case.problem.question,
            prompt_tokens=usage.prompt_tokens,
            retries=len(trace.retries),
            confidence=trace.confidence,
            min_confidence=self.min_confidence,
            gave_up=trace.gave_up,
            policy=self.policy,
        )

    @property
    def key(self) -> tuple[object, ...]:
        """The `Row.key` of its answer."""
        return self.row(Trace("", self.effort, "")).key


def jobs(
    cases: Sequence[Case],
    efforts: Mapping[Effort, float | None],
    *,
    samples: int = 1,
    model: str = "",
    weights: str = "",
    min_confidence: float | None = None,
    policies: Mapping[Effort, str] | None = None,
) -> list[Job]:
    """Every case at every effort (with its temperature), `samples` times: all questions once
    before any comes again. policies: the hash of each effort's policy."""
    hashes = policies or {}
    return [
        Job(
            case,
            effort,
            sample,
            model,
            weights,
            temperature,
            min_confidence,
            hashes.get(effort, ""),
        )
        for effort, temperature in efforts.items()
        for sample in range(samples)
        for case in cases
    ]


async def run(
    stream: Stream,
    jobs: Sequence[Job],
    *,
    sensors: Sequence[Verifier] = (),
    in_flight: int = 64,
    on_row: Callable[[Row], None],
) -> None:
    """Do all jobs; one row each to `on_row`, as they are done.

    sensors: verifiers that need no answer key; what they say of an answer stands in its row.
    A question that fails becomes a row with `error`. Raises ModelError when the first
    `HOPELESS` ones all fail. Cancelling loses only the questions in flight.
    """
    waiting = iter(jobs)
    failed, answered = 0, False

    async def work() -> None:
        nonlocal failed, answered
        for job in waiting:  # the workers share one iterator
            row = await _ask(stream, job, sensors)
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


async def _ask(stream: Stream, job: Job, sensors: Sequence[Verifier]) -> Row:
    case, problem = job.case, job.case.problem
    first: str | None = None
    first_correct: bool | None = None
    try:
        trace = await _finish(stream, job, problem)
        if case.reply is not None and trace.error is None:
            verdict = await case.judge(trace.answer)
            first, first_correct = trace.answer, verdict.passed
            if verdict.error is not None:
                trace.error = f"the scorer broke: {verdict.error}"
            else:
                problem = replace(problem, messages=conversation(case, first, first_correct))
                trace = await _finish(stream, job, problem)
    except (ModelError, BadInput) as error:  # bad: a first answer that cannot be sent back
        trace = Trace("", job.effort, "", error=str(error))
    row = replace(job.row(trace), first=first, first_correct=first_correct)
    if row.error is not None:
        return row
    verdict = await case.judge(row.got)
    score, scored_by = await _sense(problem, trace, sensors)
    return replace(
        row,
        correct=verdict.passed,
        feedback=verdict.feedback,
        error=verdict.error and f"the scorer broke: {verdict.error}",
        vote=case.vote(row.got),
        score=score,
        scored_by=scored_by,
        confidence=score if scored_by == "sound" else row.confidence,
    )


async def _finish(stream: Stream, job: Job, problem: Problem) -> Trace:
    """The trace of one answer; what went wrong stands in its `error`."""
    trace = Trace("", job.effort, "", error="the answer never finished")
    events = stream(problem, job.effort, seed=job.seed, temperature=job.temperature)
    async for event in events:
        if isinstance(event, Failed):
            trace.error = event.message
        elif isinstance(event, Finished):
            trace = event.trace
    return trace


async def _sense(
    problem: Problem, trace: Trace, sensors: Sequence[Verifier]
) -> tuple[float | None, str]:
    """What can be said of an answer without its key, and by what: a proof, else a learned score
    that stands in the trace (a verifier's or the model's own), else how far the thought's steps
    hold; (None, "") for nothing.
    Only proofs have the scores 0 and 1."""
    if not trace.answer.strip():
        return 0.0, "sound"
    if all(branch.name != trace.committed for branch in trace.branches):
        return None, ""
    for sensor in sensors:
        if (sensor.trust, sensor.level) == ("sound", "answer"):
            (verdict,) = await guard.judge(sensor, problem, [trace.answer], None)
            if verdict.outcome is not Outcome.CANNOT_TELL:
                return float(verdict.passed), "sound"
    learned = {v.name for v in sensors if (v.trust, v.level) == ("learned", "answer")}
    for verdict in trace.branch(trace.committed).verdicts if learned else ():
        if verdict.verifier in learned and verdict.outcome is not Outcome.CANNOT_TELL:
            return min(0.99, max(0.01, verdict.score)), "learned"
    if trace.confidence is not None:
        return min(0.99, max(0.01, trace.confidence)), "learned"
    steps = trace.steps(trace.committed)
    if any(step.judged for step in steps):
        return 0.01 + 0.98 * thought_score(steps), "steps"
    return None, ""
