"""One evaluation from beginning to end: models opened, what is missing asked, results kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from secondthought.effort import SAMPLING, Effort, Policy
from secondthought.evals.case import Case
from secondthought.evals.report import Summary, summarise
from secondthought.evals.results import ResultFile, Row
from secondthought.evals.run import Job, Stream, jobs, run
from secondthought.messages import BadInput, Problem
from secondthought.models.base import ModelError, ready
from secondthought.reasoner import Reasoner
from secondthought.tasks.checkable import understood
from secondthought.trace import Event

_ALONE = ("direct", "think", "backtrack")
_BY_STEPS = ("backtrack", "again", "best_of_n", "search", "auto")
_SOUND = "sound by question"

OnStart = Callable[[int, int], object]
OnRow = Callable[[Row], object]


async def evaluate(
    cases: Sequence[Case],
    models: Sequence[str | None],
    efforts: Sequence[Effort],
    *,
    samples: int = 1,
    temperature: float | None = None,
    min_confidence: float | None = None,
    in_flight: int = 64,
    path: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    on_start: OnStart = lambda total, done: None,
    on_row: OnRow = lambda row: None,
) -> Summary:
    """Ask every model every case at every effort, `samples` times, except what `path` holds.

    models: as after -m; they run one after the other, so that none takes another's time.
    temperature: None = the effort's own; for several samples an effort that has none samples at
    `effort.SAMPLING`, because greedy samples are all the same. min_confidence: as of a policy.
    settings: to stand in the summary.
    on_start: told how many answers there will be and how many there are; on_row: of each new one.
    Returns the summary, which is also the last line of `path`. Raises BadInput, and ModelError
    when a model is not there; what was answered until then is kept.
    """
    async with AsyncExitStack() as stack:
        reasoners = [await stack.enter_async_context(Reasoner(name)) for name in models]
        work = [
            (
                reasoner,
                await _jobs(reasoner, cases, efforts, samples, temperature, min_confidence),
            )
            for reasoner in reasoners
        ]
        wanted = [job.key for _, part in work for job in part]
        if len(set(wanted)) < len(wanted):
            raise BadInput("the same model is named twice; name each once")
        labels = {
            job.key: {"model": job.model, "task": job.case.task, "group": job.case.group}
            for _, part in work
            for job in part
        }
        policies = {job.key: job.policy for _, part in work for job in part}
        file = stack.enter_context(ResultFile(path, wanted, labels, policies)) if path else None
        rows = {row.key: row for row in file.kept} if file else {}
        on_start(len(wanted), len(rows))

        def take(row: Row) -> None:
            rows[row.key] = row
            if file:
                file.add(row)
            on_row(row)

        for reasoner, part in work:
            await run(
                _stream(reasoner, min_confidence),
                [job for job in part if job.key not in rows],
                sensors=reasoner.verifiers,
                in_flight=in_flight,
                on_row=take,
            )
        summary = summarise(
            [rows[key] for key in wanted],
            **(settings or {}),
            samples=samples,
            temperature=temperature,
            min_confidence=min_confidence,
            in_flight=in_flight,
            policies=_policies(work),
            verifiers=_verifiers(cases, work),
        )
        if file:
            file.finish(summary)
        return summary


async def _jobs(
    reasoner: Reasoner,
    cases: Sequence[Case],
    efforts: Sequence[Effort],
    samples: int,
    temperature: float | None,
    min_confidence: float | None,
) -> list[Job]:
    with suppress(ModelError):  # the first answers meet it again, and are told of
        await ready(reasoner.model)
    if min_confidence is not None:
        reasoner.policy(efforts[0], min_confidence=min_confidence)  # refused now, not every time
    temperatures: dict[Effort, float | None] = dict.fromkeys(efforts, temperature)
    if samples > 1 and temperature is None:
        for effort in efforts:
            if not reasoner.policy(effort).temperature:
                temperatures[effort] = SAMPLING
    return jobs(
        cases,
        temperatures,
        samples=samples,
        model=reasoner.model.name,
        weights=getattr(reasoner.model, "weights_hash", ""),
        min_confidence=min_confidence,
        policies={
            effort: _hash(reasoner.policy(effort, **_changes(at, min_confidence)))
            for effort, at in temperatures.items()
        },
    )


def _changes(temperature: float | None, min_confidence: float | None) -> dict[str, float]:
    """The fields of a policy that are not the effort's own."""
    wanted = {"temperature": temperature, "min_confidence": min_confidence}
    return {name: value for name, value in wanted.items() if value is not None}


def _hash(policy: Policy) -> str:
    """Short, and the same when a new field is left as it is."""
    said = policy.as_dict()
    changed = {f.name: said[f.name] for f in fields(policy) if said[f.name] != f.default}
    return hashlib.sha256(json.dumps(changed).encode()).hexdigest()[:8]


def _stream(reasoner: Reasoner, min_confidence: float | None) -> Stream:
    def stream(
        problem: Problem, effort: Effort, *, seed: int, temperature: float | None
    ) -> AsyncIterator[Event]:
        changes = _changes(temperature, min_confidence)
        row = reasoner.policy(effort, **changes) if changes else None
        return reasoner.stream(problem, effort, seed=seed, policy=row)

    return stream


def _policies(work: Sequence[tuple[Reasoner, Sequence[Job]]]) -> dict[str, Any]:
    """ "effort" (or "effort, model" where there are several): its policy's limits."""
    found: dict[str, Any] = {}
    for reasoner, part in work:
        for effort, temperature in {job.effort: job.temperature for job in part}.items():
            policy = reasoner.policy(effort)
            name = effort.value if len(work) == 1 else f"{effort.value}, {reasoner.model.name}"
            found[name] = {
                "strategy": policy.strategy,
                "thought tokens": policy.thought_tokens,
                "reserve": policy.reserve,
                "samples": policy.samples,
                "temperature": policy.temperature if temperature is None else temperature,
                "verifiers": " and ".join(_looks_at(policy.strategy)) or "none",
            }
    return found


def _looks_at(strategy: str) -> list[str]:
    """The verifiers by which a strategy chooses, retries or takes back: "sound", "steps"."""
    sound = strategy not in _ALONE
    steps = any(name in strategy for name in _BY_STEPS)
    return ["sound"] * sound + ["steps"] * steps


def _verifiers(
    cases: Sequence[Case], work: Sequence[tuple[Reasoner, Sequence[Job]]]
) -> dict[str, list[str]]:
    """Kind -> the tasks for which some policy of this run has a verifier of that kind: "sound by
    question", with how many of the questions it reads, "judge of steps", or "none"."""
    looks = {
        kind
        for reasoner, part in work
        for effort in {job.effort for job in part}
        for kind in _looks_at(reasoner.policy(effort).strategy)
    }
    asked: dict[str, list[bool]] = {}
    for case in cases:
        readable = "sound" in looks and understood(case.problem.question) is not None
        asked.setdefault(case.task, []).append(readable)
    rest = "judge of steps" if "steps" in looks else "none"
    found: dict[str, list[str]] = {}
    for task, read in asked.items():
        if any(read):
            found.setdefault(_SOUND, []).append(f"{task} ({sum(read)} of {len(read)})")
        else:
            found.setdefault(rest, []).append(task)
    return found
