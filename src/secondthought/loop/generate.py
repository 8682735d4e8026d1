"""One call of the model inside a branch: events out, tokens booked, limits held.

Every strategy calls the model through `generate`, so the ledger, the trace and the hard limits
are kept in one place, also for models that hold no limit themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Any

from secondthought.loop.base import Context
from secondthought.loop.budget import Lease
from secondthought.loop.sample import Generated, Sample
from secondthought.messages import Problem
from secondthought.models.base import Delta, ModelError, Request, close
from secondthought.trace import StopReason


async def generate(
    ctx: Context,
    request: Request,
    lease: Lease,
    *,
    step: int | None = None,
    floor: int = 0,
    hold: bool = False,
    word: bool = False,
    eager: bool = False,
    pending: str = "",
) -> Generated:
    """Run one call of one sample to its end, or to the first limit that it meets.

    A thought ends early when it passes `request.max_thought`, goes in circles, or the asker
    wants the answer now; the answer is not asked for here, that is the strategy's. step: leave
    the thought open at the end of its next line, or after so many tokens. floor: leave it open
    when it would end with fewer tokens. hold: keep each line back until it is complete and none
    of its steps has failed; leave the thought open before the first that has (`refused`).
    word: do so at the end of the next word already, and leave the thought open there.
    eager: do not wait for the end of a line of which a step fails.
    pending: what an earlier call left of its line; it is shown with the line's end.
    Tokens are booked however the call ends. Raises ModelError.
    """
    out = Generated()
    sample = Sample(ctx, request, out, step, floor, hold, word, eager, pending)
    stream = ctx.model.generate(request)
    # A deadline that the asker can pull forward to now; what does not think is not hurried.
    limit = asyncio.timeout(None) if request.think and request.max_thought else None

    def hurry() -> None:
        if limit is not None and not out.answered:
            limit.reschedule(0)

    try:
        async with limit or nullcontext():
            with ctx.stop.watch(answer_now=hurry):
                await _read(stream, sample)
    except TimeoutError:
        if limit is None or not limit.expired():
            raise
        out.stop = ctx.stop.reason or StopReason.ANSWER_NOW
    finally:
        sample.finish()
        sample.settle()
        _book(ctx, out, lease)
        await close(stream)
    return out


def settle(ctx: Context, request: Request, pending: str) -> None:
    """Show what is left of a line that nothing more will come to."""
    if pending:
        Sample(ctx, request, Generated(), None, 0, False, False, False, pending).finish()


async def _read(stream: AsyncIterator[Delta], sample: Sample) -> None:
    _unless_cancelled(sample)
    ended = False
    async for delta in stream:
        if (reason := sample.take(delta)) is not None:
            sample.out.stop = reason
            return
        ended = ended or delta.kind == "end"
        _unless_cancelled(sample)
    if not ended:
        raise ModelError("the model's reply broke off: it stopped without its end", "malformed")


def _unless_cancelled(sample: Sample) -> None:
    """A branch deep down hears of a cancelled answer here first; its task is told only later."""
    if sample.ctx.stop.cancelled:
        # In no variable: its traceback would hold the frame that holds it, and so all the answer.
        raise asyncio.CancelledError("the answer was cancelled")


def _book(ctx: Context, out: Generated, lease: Lease) -> None:
    ledger = ctx.trace.ledger
    ledger.prompt_tokens = ledger.prompt_tokens or out.prompt_tokens
    # A call that was cut has lost the counts that the model sends at its end; what was sent to
    # it is then known only if the model said so before.
    estimated = out.estimated or not out.prompt_tokens
    ledger.add(
        ctx.branch, "thought", out.thought_tokens, sent=out.prompt_tokens, estimated=estimated
    )
    ledger.add(ctx.branch, ctx.answer_phase, out.answer_tokens, estimated=estimated)
    lease.spend(out.thought_tokens + (out.answer_tokens if ctx.drafts else 0))


def options(problem: Problem, ctx: Context) -> dict[str, Any]:
    """The fields of a request that are the same for every way to ask: what the problem says of
    tools and format, the branch's seed and the policy's sampling."""
    return {
        "tools": problem.tools,
        "tool_choice": problem.tool_choice,
        "parallel_tool_calls": problem.parallel_tool_calls,
        "format": problem.format,
        "seeds": (ctx.sample_seed,),
        "temperature": ctx.policy.temperature,
    }
