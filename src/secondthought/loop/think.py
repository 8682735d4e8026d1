"""Think, then answer: one thought under a hard cap, and an answer whatever becomes of it.

A thought ends by itself, at the cap, when it goes in circles, or because the asker wants the
answer now. When it ended without an answer, the answer is forced: by going on after the closed
thought where the model can (budget forcing, Muennighoff et al. 2025, arXiv 2501.19393), else by
a second call that does not think and is given the thought as notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from secondthought.loop import direct
from secondthought.loop.base import Answer, Context
from secondthought.loop.generate import Generated, generate, options
from secondthought.messages import Message, Problem
from secondthought.models.base import Request
from secondthought.trace import StopReason

_NOTES = (
    "These are your notes on the question so far:\n\n{notes}\n\n"
    "Give the final answer to the question now, and nothing else."
)


async def run(problem: Problem, ctx: Context) -> Answer:
    """One thought of at most `policy.thought_tokens`, then at most `policy.reserve` tokens of
    answer. Empty only when the reserve is too small for the model. Raises ModelError."""
    reserve = ctx.policy.reserve
    # A draft's answer is paid from the pool like its thought; the committed one has the reserve.
    for_answer = reserve if ctx.drafts else 0
    with ctx.lease(ctx.policy.thought_tokens + for_answer) as lease:
        max_thought = lease.granted - for_answer
        if max_thought <= 0 or ctx.stop.reason is not None:
            lease.close()
            return await direct.run(problem, ctx)
        ctx.start("think")
        request = Request(
            problem.messages,
            max_thought=max_thought,
            max_answer=reserve,
            tools=problem.tools,
            format=problem.format,
            **options(ctx),
        )
        out = await generate(ctx, request, lease)
        reason, room = out.stop, reserve - out.answer_tokens
        for retry in _forced(problem, ctx, request):
            if out.answered or room <= 0:
                break
            out = await generate(ctx, replace(retry, max_answer=room), lease)
            room -= out.answer_tokens
    return ctx.end(Answer(out.answer, ctx.branch, _why(reason, out), tuple(out.tool_calls)))


def _forced(problem: Problem, ctx: Context, request: Request) -> Iterator[Request]:
    """Ways to get the answer to a thought that has none, best first."""
    thought = ctx.record.thought
    can = ctx.model.capabilities
    if thought and can.extends and (can.budget or can.ends_thought):
        yield replace(request, thought_prefix=thought, max_thought=0)
    messages = _noted(problem.messages, thought.strip())
    yield replace(request, messages=messages, think=False, max_thought=0)


def _noted(messages: tuple[Message, ...], notes: str) -> tuple[Message, ...]:
    """The conversation with the notes at its end: in the last user turn, because many chat
    templates refuse two user turns in a row."""
    if not notes:
        return messages
    text, last = _NOTES.format(notes=notes), messages[-1]
    if last.role != "user":
        return (*messages, Message("user", text))
    if isinstance(last.content, str):
        content = f"{last.content}\n\n{text}"
    else:
        content = [*last.content, {"type": "text", "text": text}]
    return (*messages[:-1], replace(last, content=content))


def _why(reason: StopReason, out: Generated) -> StopReason:
    """Why the branch ended: what ended the thought, unless the answer itself ended badly."""
    if out.stop in (StopReason.STOP, StopReason.THOUGHT_CAP):
        return reason
    return out.stop
