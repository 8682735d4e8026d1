"""Backtrack: one thought, step by step; a step that does not hold is taken back and made again.

The loop closed around the step: each line waits until it is complete and its steps are judged
(by `tasks.steps`, from the question and the lines before, never from a gold answer). From the
first failed step on it is taken back and sampled again, warmer each time. Where that does not
help, the mistake is earlier (a division that does not come out, a search that tries what it has
tried): the whole line is taken back and begun anew. In the end it stands. What was taken back
stays in the trace as a branch of its own, and its tokens count. Process verifiers choose among
steps in the same way (Lightman et al. 2023, arXiv 2305.20050); here the verifier is a program.
Thoughts without a grammar have no failed steps: for them this is `think`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from secondthought.loop import think
from secondthought.loop.base import Answer, Context
from secondthought.loop.budget import Lease
from secondthought.loop.generate import generate, settle
from secondthought.loop.sample import Generated, Refused
from secondthought.messages import Problem
from secondthought.models.base import NO_PATH, Path, Request
from secondthought.tasks.steps import names_span
from secondthought.trace import BACK, StepDone, StopReason, ThoughtDelta

WARMER = (0.7, *[1.0] * 9)
"""Temperatures at which a step is tried again; after them it stands as the model wants it. No
hotter: what failed is not drawn again, and hot words are misshapen ones."""
TRIES = 2
"""Tries of a step after which its line is begun anew, as long as that may help."""
AFRESH = (0.7, 1.0, 1.0, 1.2, 1.2, 1.2)
"""Temperatures of a line that is begun anew."""
MOST = 200
"""Times that something is taken back in one thought; after them it goes on unjudged."""
STUCK = 24
"""Times that something is taken back on one line after which the thought is stuck."""
WORTH = 1024
"""Tokens left from which it is dropped, where there will be another one; see `_another`."""
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
    whole, at = Generated(), _Place()
    if not ctx.prefix:
        at.avoid[""] += ctx.tries.avoid
    while True:
        stands, begun = at.tries > len(WARMER), whole.thought_tokens > 0
        out = await generate(
            ctx,
            _next(ctx, request, whole, at),
            lease,
            step=LINE if stands or at.begins else None,
            hold=at.taken_back < MOST and not stands,
            word=at.tries > 0,
            eager=at.taken_back > 0,
            pending=at.pending,
        )
        refused, at.begins = out.refused, False
        whole.thought_tokens += out.thought_tokens + (refused.tokens if refused else 0)
        whole.answer_tokens += out.answer_tokens
        whole.end_as(out)
        over = whole.thought_tokens >= request.max_thought
        lines = ctx.record.thought.count("\n")
        if not begun:
            ctx.tries.first = out.first
        if not at.lines and out.line.ids:
            at.head = at.path + out.line
        if lines > at.lines or stands:
            at.lines, at.afresh, at.here = lines, 0, 0
            at.path = NO_PATH
            at.avoid.clear()
        at.pending, at.path = out.pending, at.path + out.path
        if refused is not None:
            at.tries += 1
            if refused.word:
                at.avoid[at.pending].append(refused.path)
            _take_back(ctx, at, refused, lease)
            # what stands of the line must be the mistake; a word like "check" is none
            useless = (at.tries > TRIES and not refused.first) or refused.repeats
            if useless and at.pending and at.afresh < len(AFRESH) and not over:
                begin = len(ctx.record.thought)
                _take_back(ctx, at, Refused(at.pending, (), begin, 0), lease)
                at.avoid[""].append(at.path)
                at.pending, at.path, at.tries, at.afresh = "", NO_PATH, 0, at.afresh + 1
                at.begins = True
            if not ctx.record.thought and not at.pending:
                ctx.tries.first = NO_PATH  # it does not begin the thought that stands
            at.here += 1
            stuck = at.tries > len(WARMER) or at.here >= STUCK
            if stuck and _another(ctx, request.max_thought - whole.thought_tokens):
                if at.head.ids and names_span(ctx.record.thought):
                    ctx.tries.dropped.append(at.head)
                whole.hopeless, whole.stop = True, StopReason.CANCELLED
                settle(ctx, request, at.pending)
                return whole
        elif out.open:
            at.tries = 0
        if over and out.open:
            whole.stop = StopReason.THOUGHT_CAP
        if not out.open or ctx.stop.reason is not None or over:
            settle(ctx, request, at.pending)
            return whole


def _another(ctx: Context, left: int) -> bool:
    """Whether there will be another thought if this one is dropped with so many tokens left: these
    and the reserve of its answer must pay two, as `again` asks (`Context.affordable`), and nobody
    may wait for the answer."""
    if ctx.tries.last or ctx.stop.reason is not None:
        return False
    return left >= max(WORTH, 3 * ctx.policy.reserve)


@dataclass(slots=True)
class _Place:
    """Where a thought stands. lines: complete ones; head: the tokens of the first. pending: what
    stands of the next one; path: its tokens. tries: of the step that is due. afresh: how often the
    line was begun anew; begins: it is so now. taken_back: how often anything was; here: on this
    line. avoid: what failed on this line, by what stood of it then."""

    lines: int = 0
    head: Path = NO_PATH
    pending: str = ""
    path: Path = NO_PATH
    tries: int = 0
    afresh: int = 0
    begins: bool = False
    taken_back: int = 0
    here: int = 0
    avoid: defaultdict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))


def _next(ctx: Context, request: Request, whole: Generated, at: _Place) -> Request:
    """The request that goes on with the thought as it stands."""
    if not whole.thought_tokens:
        return replace(request, avoid=tuple(at.avoid[""]))
    spent = whole.thought_tokens
    again = replace(
        request,
        thought_prefix=(ctx.prefix + ctx.record.thought + at.pending) or None,
        avoid=tuple(at.avoid[at.pending]),
        max_thought=request.max_thought - spent,
        max_tokens=max(0, (request.max_tokens or 0) - spent),
    )
    if at.begins:
        temperature = AFRESH[at.afresh - 1]
    elif 0 < at.tries <= len(WARMER):
        temperature = WARMER[at.tries - 1]
    else:
        return replace(again, avoid=())  # the step stands as the model wants it
    # what failed comes again with the same seed
    seed = ctx.rng(f"{ctx.branch}/{at.taken_back}").getrandbits(62)
    return replace(again, seeds=(seed,), temperature=temperature)


def _take_back(ctx: Context, at: _Place, refused: Refused, lease: Lease) -> None:
    """Keep what is taken back, as a branch that goes on from this one and ends there."""
    at.taken_back += 1
    lost = ctx.child(f"{BACK}{at.taken_back}", parent=ctx.branch)
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
