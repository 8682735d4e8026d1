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
from secondthought.loop.judging import judge, steps_of, thought_score
from secondthought.messages import Problem
from secondthought.models.base import ModelError
from secondthought.trace import Outcome, StopReason, Verdict

_DOUBTED = 0.5
"""The score of an answer that stands without proof."""


async def run(problem: Problem, ctx: Context, inner: Strategy) -> Answer:
    """Up to `policy.rounds` answers of `inner`, one after the other, the first that stands; where
    all are refuted, the one that the judges like best. Each may take what is left of the pool.
    Raises ModelError when the first one fails."""
    rounds = ctx.affordable(ctx.policy.rounds)
    if rounds < 2 or ctx.stop.reason is not None:
        return await inner(problem, ctx)
    ctx.start("again")
    answers: list[Answer] = []
    verdicts: list[Verdict] = []
    for number in range(1, rounds + 1):
        warm = {} if number == 1 else {"temperature": ctx.policy.temperature or SAMPLING}
        try:
            answer = await draft(problem, ctx, f"{number}", inner, ctx.budget.free, **warm)
        except ModelError:
            if not answers:
                raise
            break
        (verdict,) = await judge(problem, ctx, [answer], "sound")
        if answer.tool_calls or verdict.passed:
            return ctx.end(replace(answer, score=1.0 if verdict.passed else _DOUBTED))
        if verdict.outcome is not Outcome.FAILED and _stands(ctx, answer):
            return ctx.end(replace(answer, score=_DOUBTED))
        if not answer.empty:
            answers.append(answer)
            verdicts.append(verdict)
            ctx.best.offer(answer)
        if ctx.stop.reason is not None or ctx.affordable(2) < 2:
            break
    if not answers:
        return await direct.run(problem, ctx)
    return ctx.end(await choose(problem, ctx, answers, verdicts))


def _stands(ctx: Context, answer: Answer) -> bool:
    """The thought ended by itself, and none of its steps that can be judged is wrong."""
    steps = steps_of(ctx, answer.branch)
    judged = any(s.verdict and s.verdict.outcome is not Outcome.CANNOT_TELL for s in steps)
    return answer.stop is StopReason.STOP and (not judged or thought_score(steps) == 1.0)
