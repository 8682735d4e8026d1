"""Propose, verify, revise: what a verifier found wrong is the next turn of the conversation.

Only a verifier's finding starts a revision. Asked to look again without a reason, models make
right answers wrong as often as wrong ones right (Huang et al. 2023, arXiv 2310.01798).
"""

from __future__ import annotations

from dataclasses import replace

from secondthought.loop import direct
from secondthought.loop.base import Answer, Context, Strategy
from secondthought.loop.canonical import canonical
from secondthought.loop.drafts import draft
from secondthought.loop.judging import UNKNOWN, judge
from secondthought.messages import Message, Problem
from secondthought.models.base import ModelError
from secondthought.trace import Outcome, Verdict
from secondthought.verifiers.base import Trust

_TRUSTED: tuple[Trust, ...] = ("sound", "learned", "critic")


async def run(problem: Problem, ctx: Context, inner: Strategy) -> Answer:
    """Up to `policy.rounds` answers of `inner`, each told what was wrong with the one before.

    It ends with the first answer that passes or of which no verifier can tell, with a tool call,
    or when an answer comes back. The best one is kept: that which passed, else the one with the
    highest score, of equals the first. Where the pool pays one answer only, that is judged too,
    so that the asker knows of it. Raises ModelError when the first round fails.
    """
    rounds = ctx.affordable(ctx.policy.rounds)
    if rounds < 2 or ctx.stop.reason is not None:
        answer = await inner(problem, ctx)
        # A critic must not spend what the visible answer took of the pool.
        with ctx.lease(0 if ctx.drafts else ctx.budget.free - ctx.room):
            return _scored(answer, await _verify(problem, ctx, answer))
    ctx.start("revise")
    best: Answer | None = None
    seen: set[str | None] = set()
    asked = problem
    for number in range(1, rounds + 1):
        share = ctx.budget.free // (rounds + 1 - number)
        try:
            answer = await draft(asked, ctx, f"{number}", inner, share)
        except ModelError:
            if best is None:
                raise
            break
        verdict = await _verify(problem, ctx, answer)
        answer = _scored(answer, verdict)
        if best is None or best.empty or answer.score > best.score:
            best = answer
        ctx.best.offer(answer)
        key = canonical(answer, problem.format)
        over = verdict.outcome is not Outcome.FAILED or answer.tool_calls or key in seen
        if over or ctx.stop.reason is not None:
            break
        seen.add(key)
        asked = _told(problem, answer, verdict)
    if best is None or best.empty:
        return await direct.run(problem, ctx)
    return ctx.end(best)


async def _verify(problem: Problem, ctx: Context, answer: Answer) -> Verdict:
    """The finding of the most trusted verifiers that can tell."""
    verdict = UNKNOWN
    for trust in _TRUSTED:
        (verdict,) = await judge(problem, ctx, [answer], trust)
        if verdict.outcome is not Outcome.CANNOT_TELL:
            break
    return verdict


def _scored(answer: Answer, verdict: Verdict) -> Answer:
    return replace(answer, score=1.0 if verdict.passed else min(0.99, verdict.score))


def _told(problem: Problem, answer: Answer, verdict: Verdict) -> Problem:
    """The conversation with the answer and what was found wrong with it."""
    because = f": {verdict.feedback.rstrip('.')}" if verdict.feedback else ""
    turns = (
        Message("assistant", answer.text),
        Message("user", f"Your answer is wrong{because}. Try again."),
    )
    return replace(problem, messages=(*problem.messages, *turns))
