"""Think, then answer: one thought under a hard cap, and an answer whatever becomes of it.

A thought ends by itself, at the cap, when it goes in circles, or because the asker wants the
answer now. When it ended without an answer, the answer is forced: by going on after the closed
thought where the model can, else by a second call that does not think and is given the thought
as notes. A thought that ends below the policy's floor is gone on with, where the model can.
Both are budget forcing (Muennighoff et al. 2025, arXiv 2501.19393).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from secondthought.loop import direct
from secondthought.loop.base import Answer, Context
from secondthought.loop.budget import Lease
from secondthought.loop.generate import generate, options
from secondthought.loop.sample import Generated
from secondthought.messages import Message, Problem
from secondthought.models.base import Request
from secondthought.tasks.steps import in_dialect
from secondthought.trace import Retry, StopReason, ThoughtDelta

_NOTES = (
    "These are your notes on the question so far:\n\n{notes}\n\n"
    "Give the final answer to the question now, and nothing else."
)
_GO_ON = "\nWait, "
_EXTENSIONS = 2  # after that a thought that wants to end may end


Thinker = Callable[[Context, Request, Lease], Awaitable[Generated]]
"""Makes the thought that a request asks for, in one call of the model or in several."""


async def run(problem: Problem, ctx: Context) -> Answer:
    """One thought of at most `policy.thought_tokens`, then the answer: it has the reserve, and
    what the thought left. Empty only when the reserve is too small for the model. Raises
    ModelError."""
    return await answered(problem, ctx, "think", _think)


async def answered(problem: Problem, ctx: Context, strategy: str, thinker: Thinker) -> Answer:
    """A thought of `thinker`, and an answer whatever becomes of it. Raises ModelError."""
    reserve = ctx.policy.reserve
    # A draft's answer is paid from the pool like its thought; the committed one has the reserve.
    for_answer = reserve if ctx.drafts else 0
    with ctx.lease(ctx.policy.thought_tokens + for_answer) as lease:
        max_thought = lease.granted - for_answer
        if max_thought <= 0 or ctx.stop.reason is not None:
            lease.close()
            return await direct.run(problem, ctx)
        ctx.start(strategy)
        room = lease.granted if ctx.drafts else ctx.room
        request = Request(
            problem.messages,
            max_thought=max_thought,
            max_answer=reserve,
            max_tokens=room,
            **options(problem, ctx),
        )
        out = await thinker(ctx, request, lease)
        reason = out.stop
        if not out.answered and not out.hopeless:
            out = await force(ctx, request, lease, out)
    return ctx.end(out.as_answer(ctx.branch, _why(reason, out)))


async def _think(ctx: Context, request: Request, lease: Lease) -> Generated:
    """The thought, extended while it is below the floor. The counts are those of all calls."""
    whole = Generated()
    for extensions in range(_EXTENSIONS + 1):
        floor = ctx.policy.floor - whole.thought_tokens
        last = extensions == _EXTENSIONS or not ctx.model.capabilities.extends
        out = await generate(ctx, request, lease, floor=0 if last else floor)
        whole.thought_tokens += out.thought_tokens
        whole.answer_tokens += out.answer_tokens
        whole.end_as(out)
        left = request.max_thought - out.thought_tokens
        if not out.open or ctx.stop.reason is not None:
            break
        if left <= 0:
            whole.stop = StopReason.THOUGHT_CAP
            break
        ctx.record.thought += _GO_ON
        ctx.emit(ThoughtDelta(text=_GO_ON, tokens=0))
        request = replace(
            request,
            thought_prefix=ctx.record.thought,
            max_thought=left,
            max_tokens=(request.max_tokens or 0) - out.thought_tokens,
        )
    return whole


async def force(ctx: Context, request: Request, lease: Lease, out: Generated) -> Generated:
    """The answer to a thought that has none. request: the one that thought; out: what came.

    Its limits: the tokens that the request allowed for both and the thought left, at least the
    tokens kept for the answer; these alone where the asker or the clock waits. Raises ModelError.
    """
    thought = ctx.prefix + ctx.record.thought
    kept = request.max_answer
    ctx.forced = True
    for retry in _ways(ctx, request, thought, out.went_on):
        kept -= out.answer_tokens
        spent = out.thought_tokens + out.answer_tokens
        request = replace(request, max_tokens=(request.max_tokens or 0) - spent)
        room = max(kept, 0 if ctx.stop.reason is not None else request.max_tokens or 0)
        if out.answered or room <= 0:
            break
        if out.stop is StopReason.STOP:
            ctx.retried(Retry("empty", "the reply ended without an answer"))
        # What is kept for the answer must fit; the rest only may (a context can be too small).
        out = await generate(ctx, replace(retry, max_answer=max(kept, 1), max_tokens=room), lease)
        if out.went_on:
            ctx.retried(Retry("empty", "the thought went on where the answer was asked for"))
    return out


def _ways(ctx: Context, request: Request, thought: str, went_on: bool) -> Iterator[Request]:
    """Ways to get the answer to a thought that has none, best first. went_on: it was closed
    before, and went on."""
    can = ctx.model.capabilities
    if thought and not went_on and can.extends and (can.budget or can.ends_thought):
        yield replace(request, thought_prefix=thought, max_thought=0)
    # the small model knows no notes; it has learned to answer at once
    notes = "" if in_dialect(thought) else thought.strip()
    messages = _noted(tuple(request.messages), notes)
    yield replace(request, messages=messages, think=False, max_thought=0, thought_prefix=None)


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
