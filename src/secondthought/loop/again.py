"""Again: think until an answer is not refuted.

An answer is refuted when a sound verifier fails it, when its thought did not end by itself, or
when steps that stand in the thought are wrong. Then the question is thought about afresh, and
sampled; what was wrong is not shown to the model (that is `revise`). Most questions cost one
thought, so that tokens go to those that need them.
"""

from __future__ import annotations

from dataclasses import replace

from secondthought.effort import SAMPLING
from secondthought.loop import direct
from secondthought.loop.base import Answer, Context, Strategy
from secondthought.loop.best_of_n import choose
from secondthought.loop.drafts import draft
from secondthought.loop.judging import UNPROVED, holds, judge
from secondthought.messages import Problem
from secondthought.models.base import ModelError
from secondthought.trace import Outcome, Verdict

_SMALL = 1024
"""Tokens of a pool that is not worth sharing."""


async def run(problem: Problem, ctx: Context, inner: Strategy) -> Answer:
    """Up to `policy.rounds` answers of `inner`, one after the other, the first that stands; where
    all are refuted, the one that the judges like best. Each may take half of the pool (of a small
    one all): a thought that goes round in circles must leave room for another one. An error of
    the model ends it with what there is; raises ModelError when that is nothing."""
    rounds = ctx.affordable(ctx.policy.rounds)
    if rounds < 2 or ctx.stop.reason is not None:
        return await inner(problem, ctx)
    ctx.start("again")
    share = max(ctx.policy.thought_tokens // 2, _SMALL)
    answers: list[Answer] = []
    verdicts: list[Verdict] = []
    for number in range(1, rounds + 1):
        warm = {} if number == 1 else {"temperature": ctx.policy.temperature or SAMPLING}
        try:
            answer = await draft(
                problem, ctx, f"{number}", inner, min(share, ctx.budget.free), **warm
            )
        except ModelError:
            if not answers:
                raise
            break
        (verdict,) = await judge(problem, ctx, [answer], "sound")
        if answer.tool_calls or verdict.passed:
            return ctx.end(replace(answer, score=1.0 if verdict.passed else UNPROVED))
        if verdict.outcome is not Outcome.FAILED and holds(ctx, answer, unjudged=True):
            return ctx.end(replace(answer, score=UNPROVED))
        if not answer.empty:
            answers.append(answer)
            verdicts.append(verdict)
            ctx.best.offer(answer)
        if ctx.stop.reason is not None or ctx.affordable(2) < 2:
            break
    if not answers:
        return await direct.run(problem, ctx)
    return ctx.end(await choose(problem, ctx, answers, verdicts))
