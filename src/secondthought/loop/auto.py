"""Auto: an answer at once, and only as much more as there is doubt.

1. Answer without a thought. If a sound verifier passes it, that is the answer; so it is where no
   verifier can tell and the model's learned score is sure of it.
2. Where no verifier can tell, ask again; the same answer twice is the answer. One that was cut
   at its limit says nothing, and is not asked for again.
3. Think once. The answer stands if a verifier passes it, if it is one of those of step 1 and 2,
   if the score is sure of it, if every step of its thought that can be judged is right and the
   model has no score, or if all are prose that a vote could not count. Where the pool pays no
   second thought it is the answer.
4. Else vote over thoughts, the one of step 3 being the first, until that is settled.

With another strategy in brackets that one thinks, and step 2 is left out: `auto(backtrack)` is
for models whose steps a program judges, and a thought that holds says more than a quick answer
that comes twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from secondthought.effort import SAMPLING, SHORT
from secondthought.loop import think
from secondthought.loop.again import give_up, refuted
from secondthought.loop.base import Answer, Context, Strategy, Tries
from secondthought.loop.canonical import canonical
from secondthought.loop.direct import run as direct
from secondthought.loop.drafts import draft
from secondthought.loop.judging import UNPROVED, holds, judge
from secondthought.loop.vote import Tally, poll, prose
from secondthought.messages import Problem
from secondthought.trace import Outcome, StopReason, Verdict

SURE = 0.95
"""From which confidence on an answer is no doubt. Of those that are that sure at most one in twenty
is wrong, as far as the score is calibrated, and thinking would mend only some of these."""
PATIENCE = 8
"""Refuted thoughts after which one more is not worth its tokens, but where a thought searches. At
medium, ciphers and counts that cost more than 5,000 tokens came right in one of eight cases."""


async def run(problem: Problem, ctx: Context, inner: Strategy | None = None) -> Answer:
    """As much of the pool as the question needs. inner: what thinks, instead of `think`. Raises
    ModelError."""
    thinker = inner or think.run
    reserve = ctx.policy.reserve
    quick_tokens = min(reserve, ctx.budget.free // 4)
    if quick_tokens < min(reserve, SHORT) or ctx.stop.reason is not None:
        return await thinker(problem, ctx)
    ctx.start("auto")
    quick: list[Answer] = []
    # The second one is sampled: twice the likeliest answer would always agree with itself.
    for name, temperature in (("direct", 0.0), ("again", ctx.policy.temperature or SAMPLING)):
        answer = await draft(
            problem, ctx, name, direct, quick_tokens, samples=1, temperature=temperature
        )
        verdict = await _verify(problem, ctx, answer)
        if answer.tool_calls or verdict.passed:
            return ctx.end(replace(answer, score=1.0 if verdict.passed else UNPROVED))
        if verdict.outcome is Outcome.FAILED or answer.stop is StopReason.LENGTH:
            break
        if _sure(answer):
            return ctx.end(replace(answer, score=UNPROVED))
        if _agrees(problem, answer, quick):
            return ctx.end(replace(quick[0], score=UNPROVED))
        quick.append(answer)
        if ctx.stop.reason is not None and not answer.empty:
            return ctx.end(answer)
        if inner is not None:
            break

    most = ctx.affordable(ctx.policy.samples)
    if most < 2:  # the answer itself, which has the reserve and all that is left
        thought = await thinker(problem, ctx)
        verdict = await _verify(problem, ctx, thought)
        return replace(thought, score=1.0 if verdict.passed else UNPROVED)
    # one that thinks by itself as often as it takes is to go deep: what it has found out (how no
    # thought should begin) would be lost with another one
    share = ctx.budget.free // most if inner is None else ctx.budget.free * 3 // 4
    tries = Tries(patience=PATIENCE)
    thought = await draft(
        problem, ctx, "think", thinker, share, tries=tries, samples=1, temperature=0.0
    )
    verdict = await _verify(problem, ctx, thought)
    if thought.tool_calls or verdict.passed:
        return ctx.end(replace(thought, score=1.0 if verdict.passed else UNPROVED))
    if ctx.policy.rounds > 1 and inner is not None and refuted(ctx, thought, verdict):
        return give_up(ctx, thought)
    tally = Tally(problem.format)
    if verdict.outcome is not Outcome.FAILED:
        agreed = _agrees(problem, thought, quick) or _sure(thought)
        if agreed or (not _scored(thought) and holds(ctx, thought, unjudged=False)):
            return ctx.end(replace(thought, score=UNPROVED))
        if prose([*quick, thought], problem.format):
            return ctx.end(replace(thought, score=UNPROVED))
        tally.add(thought)
    return await poll(problem, ctx, thinker, tally, most - 1)


async def _verify(problem: Problem, ctx: Context, answer: Answer) -> Verdict:
    (verdict,) = await judge(problem, ctx, [answer], "sound")
    return verdict


def _scored(answer: Answer) -> bool:
    """Whether the model's learned score says something of it; of "I don't know." it does not."""
    return answer.confidence is not None and not answer.declines


def _sure(answer: Answer) -> bool:
    return _scored(answer) and (answer.confidence or 0.0) >= SURE


def _agrees(problem: Problem, answer: Answer, others: Sequence[Answer]) -> bool:
    key = canonical(answer, problem.format)
    return key is not None and key in {canonical(other, problem.format) for other in others}
