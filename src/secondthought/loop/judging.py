"""What the verifiers say of answers, and what the steps say of a thought.

Trust, highest first: sound, learned, critic. A verifier that crashed has found
nothing: its verdict is CANNOT_TELL with the error, and stands in the trace.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from secondthought.loop.base import Answer, Context
from secondthought.messages import Problem
from secondthought.tasks.conclusions import concludes
from secondthought.trace import Outcome, Step, StopReason, Verdict, VerdictReached
from secondthought.verifiers.base import Level, Trust, Verifier

UNKNOWN = Verdict(Outcome.CANNOT_TELL)
UNPROVED = 0.5
"""The score of an answer that stands without proof: among those of a vote, which are shares."""


def of_trust(ctx: Context, trust: Trust, level: Level = "answer") -> list[Verifier]:
    """The verifiers of this trust that judge whole answers (or steps)."""
    return [v for v in ctx.verifiers if v.trust == trust and v.level == level]


async def judge(
    problem: Problem,
    ctx: Context,
    answers: Sequence[Answer],
    trust: Trust,
    level: Level = "answer",
) -> list[Verdict]:
    """One verdict an answer, of all verifiers of this trust together. For level "step" the
    texts are thoughts so far.

    FAILED if one of them failed it, PASSED if one passed it and none failed it, else
    CANNOT_TELL; the score is the mean of those that could tell. Each single verdict goes into
    the trace, and a verifier that could tell of a text is not asked of it again. They are told the
    problem that the asker gave. Tool calls are no answers to judge. When the answer is wanted now,
    the verifiers are stopped and cannot tell; one that the clock has stopped has an error, it took
    too long.
    """
    told: list[list[Verdict]] = [[] for _ in answers]
    asked = [i for i, answer in enumerate(answers) if not answer.tool_calls]
    texts = [answers[i].text for i in asked]
    for verifier in of_trust(ctx, trust, level) if texts else ():
        verdicts = await _known_or_asked(verifier, ctx.asked or problem, texts, ctx)
        for i, verdict in zip(asked, verdicts, strict=True):
            told[i].append(verdict)
            stand = ctx.trace.branch(answers[i].branch).verdicts
            if not any(verdict is one for one in stand):
                stand.append(verdict)
                ctx.recorder.emit(VerdictReached(verdict=verdict), answers[i].branch)
    return [_together(verdicts) for verdicts in told]


async def _known_or_asked(
    verifier: Verifier, problem: Problem, texts: Sequence[str], ctx: Context
) -> list[Verdict]:
    """A verdict a text. What it could not tell, as it broke or was hurried, is not kept."""
    of = id(verifier)
    known = {text: ctx.told[of, text] for text in texts if (of, text) in ctx.told}
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        known |= zip(new, await _ask(verifier, problem, new, ctx), strict=True)
        for text in new:
            if known[text].outcome is not Outcome.CANNOT_TELL:
                ctx.told[of, text] = known[text]
    return [known[text] for text in texts]


async def _ask(
    verifier: Verifier, problem: Problem, texts: Sequence[str], ctx: Context
) -> list[Verdict]:
    started, error = time.perf_counter(), None
    hurried = ctx.stop.reason is not None
    try:
        verdicts = await ctx.stop.unless_answer_now(_verdicts(verifier, problem, texts, ctx))
        if verdicts is not None:
            return [replace(v, verifier=v.verifier or verifier.name) for v in verdicts]
        if not hurried and ctx.stop.reason is StopReason.DEADLINE:
            error = "it was not done when the time was over"
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if ctx.stop.cancelled or (task is not None and task.cancelling()):
            raise
        error = "CancelledError: it cancelled itself"
    except Exception as broke:  # whatever broke in it, the answer is not wrong for that
        error = f"{type(broke).__name__}: {broke}"
    seconds = time.perf_counter() - started
    unknown = Verdict(Outcome.CANNOT_TELL, error=error, seconds=seconds, verifier=verifier.name)
    return [unknown] * len(texts)


async def _verdicts(
    verifier: Verifier, problem: Problem, texts: Sequence[str], ctx: Context
) -> list[Verdict]:
    """What it says, where that is one verdict a text. Raises ValueError."""
    told: Any = await verifier.judge(problem, texts, ctx)
    if not isinstance(told, list):
        raise ValueError(f"{type(told).__name__} instead of a list of verdicts")
    verdicts = [one for one in cast(list[object], told) if isinstance(one, Verdict)]
    if len(verdicts) != len(texts) or len(verdicts) != len(cast(list[object], told)):
        raise ValueError(f"{len(verdicts)} verdicts for {len(texts)} answers")
    return verdicts


def _together(verdicts: Sequence[Verdict]) -> Verdict:
    told = [v for v in verdicts if v.outcome is not Outcome.CANNOT_TELL]
    if not told:
        return next((v for v in verdicts if v.error is not None), UNKNOWN)
    score = sum(v.score for v in told) / len(told)
    failed = [v for v in told if v.outcome is Outcome.FAILED]
    first = (failed or told)[0]
    return Verdict(first.outcome, score, first.feedback, verifier=first.verifier)


def thought_score(steps: Sequence[Step]) -> float:
    """How far a thought's steps hold: the share of right ones among those that can be judged,
    0.5 where none can.

    Steps that the thought took back do not count: those before its last "no".
    """
    said_no = [
        i
        for i, s in enumerate(steps)
        if s.kind in ("text", "verdict") and s.text.split()[-1:] == ["no"]
    ]
    standing = steps[said_no[-1] + 1 :] if said_no else steps
    judged = [not step.failed for step in standing if step.judged]
    return sum(judged) / len(judged) if judged else 0.5


def holds(ctx: Context, answer: Answer, *, unjudged: bool) -> bool:
    """Whether the answer's thought ended by itself, its steps hold and it comes to this answer.
    unjudged: what is said of a thought of which no step can be judged."""
    return answer.stop is StopReason.STOP and steps_hold(ctx, answer, unjudged=unjudged)


def steps_hold(ctx: Context, answer: Answer, *, unjudged: bool) -> bool:
    """Whether the steps of the answer's thought hold and it comes to this answer, however it
    ended. unjudged: see `holds`."""
    if not concludes(ctx.trace.whole(answer.branch), answer.text):
        return False
    steps = ctx.trace.steps(answer.branch)
    return thought_score(steps) == 1.0 if any(step.judged for step in steps) else unjudged
