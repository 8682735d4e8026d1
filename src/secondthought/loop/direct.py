"""The open loop: the model answers at once, nobody looks. What every gain is measured against."""

from __future__ import annotations

from dataclasses import replace

from secondthought.loop.base import Answer, Context
from secondthought.loop.generate import generate, options
from secondthought.messages import Problem
from secondthought.models.base import Request
from secondthought.trace import Retry, StopReason


async def run(problem: Problem, ctx: Context) -> Answer:
    """One call without a thought, and a second one if the reply claims to be complete and is
    empty. The answer has the policy's reserve and all that the limit on thought and answer
    together leaves. Raises ModelError."""
    ctx.start("direct")
    with ctx.lease(ctx.policy.total if ctx.drafts else 0) as lease:
        if ctx.drafts and not lease.granted:
            return ctx.end(Answer("", ctx.branch, StopReason.LENGTH))
        room = lease.granted if ctx.drafts else ctx.room
        reserve = min(ctx.policy.reserve, lease.granted) if ctx.drafts else ctx.policy.reserve
        request = Request(
            problem.messages,
            think=False,
            max_thought=0,
            max_answer=reserve,
            max_tokens=room,
            **options(problem, ctx),
        )
        out = await generate(ctx, request, lease)
        spent = out.thought_tokens + out.answer_tokens
        left = request.answer_limit(0) - spent
        if out.stop is StopReason.STOP and not out.answered and left > 0:
            ctx.retried(Retry("empty", "the reply ended without an answer"))
            again = replace(request, max_answer=max(1, reserve - spent), max_tokens=left)
            out = await generate(ctx, again, lease)
    return ctx.end(out.as_answer(ctx.branch, out.stop))
