"""The open loop: the model answers at once, nobody looks. What every gain is measured against."""

from __future__ import annotations

from secondthought.loop.base import Answer, Context
from secondthought.loop.generate import generate, options
from secondthought.messages import Problem
from secondthought.models.base import Request
from secondthought.trace import StopReason


async def run(problem: Problem, ctx: Context) -> Answer:
    """One call without a thought. The answer has the policy's reserve and all that the limit
    on thought and answer together leaves. Raises ModelError."""
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
            tools=problem.tools,
            format=problem.format,
            **options(ctx),
        )
        out = await generate(ctx, request, lease)
    return ctx.end(out.as_answer(ctx.branch, out.stop))
