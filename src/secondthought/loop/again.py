"""Again: think until an answer is not refuted.

An answer is refuted when a sound verifier fails it, when its thought did not end by itself, or
when steps that stand in the thought are wrong. Then the question is thought about afresh, and
sampled; what was wrong is not shown to the model (that is `revise`). Most questions cost one
thought, so that tokens go to those that need them.

Where all are refuted, a model that knows how to say so does not know: its reply is not the least
bad of answers that are known not to hold. They stay in the trace.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp

from secondthought.effort import SAMPLING
from secondthought.loop import direct
from secondthought.loop.base import Answer, Context, Strategy, Tries
from secondthought.loop.best_of_n import choose
from secondthought.loop.drafts import draft
from secondthought.loop.judging import UNPROVED, holds, judge, steps_hold
from secondthought.messages import Problem
from secondthought.models.base import ModelError, Path
from secondthought.tasks.steps import is_named, searches
from secondthought.trace import DONT_KNOW, Outcome, StopReason, Verdict

SURE = 0.95
"""How likely a refusal must have been not to be doubted. Of the refusals of our own questions 96 in
100 were less likely, of those of questions out of scope 23."""
CONFIDENT = 0.9
"""Confidence from which the answer to a question that was refused in doubt is given."""
_SMALL = 1024
"""Tokens of a pool that is not worth sharing."""
_NEVER_ENDED = (StopReason.THOUGHT_CAP, StopReason.REPETITION, StopReason.LENGTH)


async def run(problem: Problem, ctx: Context, inner: Strategy) -> Answer:
    """Up to `policy.rounds` answers of `inner`, one after the other, the first that stands. Where
    all are refuted, a model that abstains says that it does not know (`trace.gave_up`); of
    another one it is the answer that the judges like best, and so in a draft. Each may take half
    of the pool (of a small one all): a thought that goes round in circles must leave room for
    another one. An error of the model ends it with what there is; raises ModelError when that is
    nothing."""
    rounds = ctx.affordable(ctx.policy.rounds)
    if rounds < 2 or ctx.stop.reason is not None:
        return await inner(problem, ctx)
    ctx.start("again")
    share = max(ctx.policy.thought_tokens // 2, _SMALL)
    tries = Tries(patience=ctx.tries.patience)
    answers: list[Answer] = []
    verdicts: list[Verdict] = []
    for number in range(1, rounds + 1):
        tries.last = number == rounds
        warm = {} if number == 1 else {"temperature": ctx.policy.temperature or SAMPLING}
        try:
            answer = await draft(
                problem,
                ctx,
                f"{number}",
                inner,
                min(share, ctx.budget.free),
                tries=tries,
                **warm,
            )
        except ModelError:
            if not answers:
                raise
            break
        (verdict,) = await judge(problem, ctx, [answer], "sound")
        if answer.tool_calls or verdict.passed:
            return ctx.end(replace(answer, score=1.0 if verdict.passed else UNPROVED))
        if verdict.outcome is not Outcome.FAILED and holds(ctx, answer, unjudged=True):
            if number == 1 and answer.declines and _doubted(tries.first):
                answer = await _look_again(problem, ctx, inner, share, tries) or answer
            return ctx.end(replace(answer, score=UNPROVED))
        if not answer.empty:
            answers.append(answer)
            verdicts.append(verdict)
            ctx.best.offer(answer)
        if (
            tries.patience
            and number >= tries.patience
            and not searches(ctx.trace.whole(answer.branch))
        ):
            break
        if ctx.stop.reason is not None or ctx.affordable(2) < 2:
            break
    if not answers:
        return await direct.run(problem, ctx)
    best = await choose(problem, ctx, answers, verdicts)
    known = {answer.branch: verdict for answer, verdict in zip(answers, verdicts, strict=True)}
    if not refuted(ctx, best, known[best.branch]):
        return ctx.end(best)
    return give_up(ctx, best)


def _doubted(first: Path) -> bool:
    """Whether a thought that began so might well have begun otherwise."""
    return bool(first.logprobs) and exp(first.logprobs[0]) < SURE


async def _look_again(
    problem: Problem, ctx: Context, inner: Strategy, share: int, tries: Tries
) -> Answer | None:
    """What is thought of a question that was refused in doubt, where it must not be refused. None
    where that is nothing sure: it has to be a task whose name stands in the question, the thought
    has to hold, the model to be sure of its answer, and no sound verifier may fail it. Nor where
    the model fails: the refusal is there."""
    if ctx.stop.reason is not None or ctx.affordable(2) < 2:
        return None
    tries.barred = tries.first
    pool = min(share, ctx.budget.free)
    try:
        answer = await draft(problem, ctx, "2", inner, pool, tries=tries, temperature=0.0)
    except ModelError:
        return None
    if answer.declines or answer.confidence is None or answer.confidence < CONFIDENT:
        return None
    thought = ctx.trace.whole(answer.branch)
    if not (is_named(thought) and holds(ctx, answer, unjudged=False)):
        return None
    (verdict,) = await judge(problem, ctx, [answer], "sound")
    return None if verdict.outcome is Outcome.FAILED else answer


def refuted(ctx: Context, answer: Answer, verdict: Verdict) -> bool:
    """Whether it is known not to hold; one that the asker or the clock hurried may yet be right."""
    if ctx.stop.reason is not None:
        return False
    if verdict.outcome is Outcome.FAILED or answer.stop in _NEVER_ENDED:
        return True
    return not steps_hold(ctx, answer, unjudged=True)


def give_up(ctx: Context, best: Answer) -> Answer:
    """Say that the model does not know, after the thought of the best answer. That is the answer
    where it says so itself, in a draft, and of a model that does not abstain."""
    if best.declines or ctx.drafts or not ctx.model.capabilities.abstains:
        return ctx.end(best)
    ctx.trace.gave_up = True
    ctx.parent = ctx.record.parent = best.branch
    ctx.say(DONT_KNOW)
    return ctx.end(Answer(DONT_KNOW, ctx.branch, StopReason.STOP))
