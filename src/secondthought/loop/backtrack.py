"""Backtrack: one thought, step by step; a step that does not hold is taken back and made again.

The loop closed around the step: each line waits until it is complete and its steps are judged
(by `tasks.steps`, from the question and the lines before, never from a gold answer). From the
first failed step on it is taken back and sampled again, warmer each time; when that does not
help, it stands. What was taken back stays in the trace as a branch of its own, and its tokens
count. Process verifiers choose among steps in the same way (Lightman et al. 2023, arXiv
2305.20050); here the verifier is a program. Thoughts without a grammar have no failed steps:
for them this is `think`.
"""

from __future__ import annotations

from dataclasses import replace

from secondthought.loop import think
from secondthought.loop.base import Answer, Context
from secondthought.loop.budget import Lease
from secondthought.loop.generate import Generated, Refused, generate
from secondthought.messages import Problem
from secondthought.models.base import Request
from secondthought.trace import BACK, StepDone, StopReason, ThoughtDelta

WARMER = (0.7, 1.0, 1.0, 1.5, 1.5, 2.0)
"""Temperatures at which a line is tried again; after them it stands as the model wants it."""
MOST = 32
"""Lines taken back in one thought; after them it goes on unjudged."""
LINE = 256
"""Tokens after which a retried line without an end is let go on."""


async def run(problem: Problem, ctx: Context) -> Answer:
    """As `think.run`, with failed lines taken back. A model that cannot go on with a given
    thought thinks once. Raises ModelError."""
    if not ctx.model.capabilities.extends:
        return await think.run(problem, ctx)
    return await think.answered(problem, ctx, "backtrack", _think)


async def _think(ctx: Context, request: Request, lease: Lease) -> Generated:
    """The thought to its end. The counts are those of all calls, with what was taken back."""
    whole, taken_back, tries = Generated(), 0, 0
    while True:
        stands = tries > len(WARMER)
        out = await generate(
            ctx,
            _next(ctx, request, whole, taken_back, tries),
            lease,
            step=LINE if stands else None,
            hold=taken_back < MOST and not stands,
            word=tries > 0,
        )
        refused = out.refused
        whole.thought_tokens += out.thought_tokens + (refused.tokens if refused else 0)
        whole.answer_tokens += out.answer_tokens
        whole.end_as(out)
        if refused is not None:
            taken_back += 1
            tries += 1
            _keep(ctx, f"{BACK}{taken_back}", refused, lease)
        elif out.open:
            tries = 0
        if not out.open or ctx.stop.reason is not None:
            return whole
        if whole.thought_tokens >= request.max_thought:
            whole.stop = StopReason.THOUGHT_CAP
            return whole


def _next(ctx: Context, request: Request, whole: Generated, taken_back: int, tries: int) -> Request:
    """The request that goes on with the thought as it stands."""
    if not whole.thought_tokens:
        return request
    spent = whole.thought_tokens
    again = replace(
        request,
        thought_prefix=(ctx.prefix + ctx.record.thought) or None,
        max_thought=request.max_thought - spent,
        max_tokens=max(0, (request.max_tokens or 0) - spent),
    )
    if not 0 < tries <= len(WARMER):
        return again
    # a line that failed comes again with the same seed
    seed = ctx.rng(f"{ctx.branch}/{taken_back}").getrandbits(62)
    return replace(again, seeds=(seed,), temperature=WARMER[tries - 1])


def _keep(ctx: Context, name: str, refused: Refused, lease: Lease) -> None:
    """What was taken back, as a branch that goes on from this one and ends there."""
    lost = ctx.child(name, parent=ctx.branch)
    lost.record.at = refused.at
    lost.record.thought = refused.text
    lost.start("backtrack")
    lost.emit(ThoughtDelta(text=refused.text, tokens=refused.tokens))
    for step in refused.steps:
        step = replace(step, start=step.start - refused.at, end=step.end - refused.at)
        lost.record.steps.append(step)
        lost.emit(StepDone(step=step))
    lost.close(StopReason.CANCELLED)
    ctx.trace.ledger.add(lost.branch, "thought", refused.tokens)
    lease.spend(refused.tokens)
