"""The front door: a problem, a model and an effort go in, events come out.

    reasoner = Reasoner()
    async for event in reasoner.stream("What is 17 * 23?", "medium"):
        ...

Everything that reads an answer (CLI, server, evals, oversight) reads these events.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import nullcontext, suppress
from typing import Any, Self, TypeVar

from secondthought import effort as efforts
from secondthought.effort import DEFAULT, Effort, Policy
from secondthought.loop.base import Answer, Best, Context, Recorder, Stop, Strategy
from secondthought.loop.budget import Budget
from secondthought.loop.compose import STRATEGIES, strategy
from secondthought.loop.judging import judge, of_trust
from secondthought.messages import BadInput, Problem
from secondthought.models.base import Model, ModelError, keep, ready
from secondthought.models.resolve import open_model
from secondthought.tasks.base import DONT_KNOW
from secondthought.tasks.checkable import Checkable
from secondthought.trace import (
    AnswerDelta,
    BranchEnded,
    Event,
    Failed,
    Finished,
    Outcome,
    StopReason,
    Trace,
    Verdict,
)
from secondthought.verifiers.base import Verifier

__all__ = ["STRATEGIES", "Reasoner", "check"]

T = TypeVar("T")

_THINKING_SHARE = 0.8  # of the seconds; the rest is the answer's, as the reserve is of the tokens
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Reasoner:
    """A model with a closed loop around it. Holds no state of a conversation.

    model: a `Model`, or a name as after `-m` (None = the shipped model). verifiers: used for
    every problem beside the problem's own (None = `Checkable`, which proves answers to puzzles
    that say themselves what a right answer is). Raises BadInput for an unknown model or effort,
    and for a wrong table of efforts of the user's own.
    """

    def __init__(
        self,
        model: Model | str | None = None,
        *,
        effort: Effort | str = DEFAULT,
        verifiers: Sequence[Verifier] | None = None,
    ) -> None:
        self.effort = _effort(effort)
        _told(efforts.overrides)
        self.model = open_model(model) if model is None or isinstance(model, str) else model
        self.verifiers = (Checkable(),) if verifiers is None else tuple(verifiers)

    def policy(self, effort: Effort | str | None = None, **changes: Any) -> Policy:
        """The policy of an effort for this model, with fields replaced. Raises BadInput."""
        level = self.effort if effort is None else _effort(effort)
        thinks = self.model.capabilities.thinks
        name = self.model.name
        found = _told(lambda: efforts.policy(level, model=name, thinks=thinks, **changes))
        _demand_confidence(self.model, found)
        return found

    async def stream(
        self,
        problem: Problem | str,
        effort: Effort | str | None = None,
        *,
        seed: int = 0,
        max_tokens: int | None = None,
        policy: Policy | None = None,
        stop: Stop | None = None,
    ) -> AsyncGenerator[Event]:
        """Answer one problem; the last event is `Finished` with the trace.

        max_tokens: limit on reasoning and answer together. policy: replaces the effort's row.
        stop: press it to have the answer now, or to cancel and keep what is there. Closing the
        stream cancels too; either way the model stops within one token. A model that fails
        gives `Failed` before `Finished`. Raises BadInput before the first event.
        """
        events: asyncio.Queue[Event | None] = asyncio.Queue()
        own = Stop()  # the asker's may be shared by several answers
        asked = stop or Stop()
        work = asyncio.create_task(
            self.tell(
                events.put_nowait,
                problem,
                effort,
                seed=seed,
                max_tokens=max_tokens,
                policy=policy,
                stop=own,
            )
        )
        work.add_done_callback(lambda _: events.put_nowait(None))
        with asked.watch(
            answer_now=lambda: own.answer_now(asked.reason or StopReason.ANSWER_NOW),
            cancel=own.cancel,
        ):
            try:
                while (event := await events.get()) is not None:
                    yield event
                await work  # what is wrong with the input, or with us, is raised here
            finally:
                own.cancel()
                work.cancel()
                await asyncio.wait([work])

    async def tell(
        self,
        send: Callable[[Event], None],
        problem: Problem | str,
        effort: Effort | str | None = None,
        *,
        seed: int = 0,
        max_tokens: int | None = None,
        policy: Policy | None = None,
        stop: Stop | None = None,
    ) -> None:
        """`stream` without a task and a queue of its own: each event is given to `send` where it
        is made. What `send` raises ends the answer and is raised here. `stop` may be pressed in
        `send`."""
        started = time.perf_counter()
        problem = _problem(problem)
        level = self.effort if effort is None else _effort(effort)
        check(problem, max_tokens=max_tokens)
        own = Stop()  # the asker's may be shared by several answers
        asked = stop or Stop()
        with asked.watch(
            answer_now=lambda: own.answer_now(asked.reason or StopReason.ANSWER_NOW),
            cancel=own.cancel,
        ):
            if policy is None:
                await self.ready(own, seconds=self.policy(level).seconds)
            policy = (policy or self.policy(level)).fit(max_tokens)
            _demand_confidence(self.model, policy)
            run = strategy(policy.strategy)
            trace = Trace(
                self.model.name, level.value, policy.strategy, policy=policy.as_dict(), seed=seed
            )
            context = Context(
                self.model,
                policy,
                Recorder(trace, send, started),
                Budget(policy.thought_tokens),
                own,
                Best(),
                (*problem.verifiers, *self.verifiers),
                asked=problem,
                seed=seed,
                withholds=policy.min_confidence is not None,
            )
            await _work(run, problem, context)

    async def ready(self, stop: Stop, *, seconds: float | None = None) -> None:
        """Have the model find out what it can do, on which its policy depends: at most for these
        seconds, and until `stop` is pressed. What goes wrong there the first call meets again."""
        limit = asyncio.timeout(seconds)  # a deadline that the asker can pull forward to now

        def hurry() -> None:
            if not limit.expired():
                limit.reschedule(0)

        with suppress(ModelError, TimeoutError):
            async with limit:
                with stop.watch(answer_now=hurry, cancel=hurry):
                    await ready(self.model)

    async def answer(
        self,
        problem: Problem | str,
        effort: Effort | str | None = None,
        *,
        seed: int = 0,
        max_tokens: int | None = None,
        policy: Policy | None = None,
        stop: Stop | None = None,
    ) -> Trace:
        """The trace of one answer. Raises BadInput, and ModelError when the model failed."""
        failed: Failed | None = None
        async for event in self.stream(
            problem, effort, seed=seed, max_tokens=max_tokens, policy=policy, stop=stop
        ):
            if isinstance(event, Failed):
                failed = event
            elif isinstance(event, Finished):
                if failed is not None:
                    raise ModelError(failed.message, failed.kind, retry_after=failed.retry_after)
                return event.trace
        raise AssertionError("a stream ends with Finished")

    def ask(
        self,
        problem: Problem | str,
        effort: Effort | str | None = None,
        *,
        seed: int = 0,
        max_tokens: int | None = None,
        policy: Policy | None = None,
    ) -> Trace:
        """`answer` for code without an event loop (in a coroutine or a notebook, await `answer`).
        Raises BadInput where a loop is running."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(
                self.answer(problem, effort, seed=seed, max_tokens=max_tokens, policy=policy)
            )
        raise BadInput(
            "ask cannot be called where an event loop runs, as in a notebook or a coroutine; "
            "write: await reasoner.answer(...)"
        )

    async def close(self) -> None:
        """Close the model; so does leaving `async with Reasoner(...)`. Idempotent."""
        await self.model.close()

    async def __aenter__(self) -> Self:
        keep(self.model)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _problem(asked: object) -> Problem:
    """A text as a problem. Raises BadInput for what is neither."""
    if isinstance(asked, str):
        return Problem.ask(asked)
    if not isinstance(asked, Problem):
        raise BadInput(
            f"a question is a text or a Problem, not a {type(asked).__name__}; "
            'write a conversation as Problem((Message("user", "..."), ...))'
        )
    return asked


def check(problem: Problem, *, max_tokens: int | None = None) -> None:
    """Raise BadInput for a problem that no model should be asked."""
    if not problem.question.strip() and not any(m.role == "tool" for m in problem.messages):
        raise BadInput("the question is empty; write one")
    for message in problem.messages:
        if found := _CONTROL.search(message.text.replace("\r\n", "\n")):
            raise BadInput(
                f"the {message.role} message holds the control character U+{ord(found[0]):04X}; "
                "give plain text (line ends and tabs are fine)"
            )
        if any("\ud800" <= c <= "\udfff" for c in message.text):
            raise BadInput(f"the {message.role} message is not UTF-8 text; give plain text")
    if max_tokens is not None and max_tokens < 1:
        raise BadInput(f"max_tokens is {max_tokens}; give at least 1")


def _demand_confidence(model: Model, policy: Policy) -> None:
    if policy.min_confidence is not None and not model.capabilities.confidence:
        raise BadInput(
            f"{model.name} does not say how sure it is, so no least confidence can be asked of "
            "it; leave that out, or fit a score to a checkpoint (secondthought train score)"
        )


def _told(look_up: Callable[[], T]) -> T:
    """What is looked up in the table of efforts, which says ValueError. Raises BadInput."""
    try:
        return look_up()
    except ValueError as error:
        raise BadInput(str(error)) from None


def _effort(name: Effort | str) -> Effort:
    try:
        return Effort(name)
    except ValueError:
        known = ", ".join(Effort)
        raise BadInput(f"there is no effort {name!r}; choose one of {known}") from None


async def _work(strategy: Strategy, problem: Problem, ctx: Context) -> None:
    """Run the strategy to whatever end, and finish the trace."""
    trace, stop, seconds = ctx.trace, ctx.stop, ctx.policy.seconds
    task = asyncio.current_task()
    assert task is not None
    loop, over = asyncio.get_running_loop(), False
    hurry: asyncio.TimerHandle | None = None
    limit: asyncio.Timeout | None = None
    if seconds is not None:
        gone = ctx.recorder.seconds  # while the model found out what it can do
        hurry = loop.call_later(
            _THINKING_SHARE * seconds - gone, stop.answer_now, StopReason.DEADLINE
        )
        limit = asyncio.timeout(seconds - gone)

    def end() -> None:
        if not over:
            task.cancel()

    def cancel() -> None:
        # Pressed by who was told of an event, inside of this very task: it ends where it waits
        # next, unless that is after this answer, whose end cancels nothing that follows.
        if asyncio.current_task() is task:
            loop.call_soon(end)
        else:
            task.cancel()

    try:
        with stop.watch(cancel=cancel):
            async with limit or nullcontext():
                answer = await strategy(problem, ctx)
                answer = (answer.empty and ctx.best.answer) or answer
                _commit(ctx, answer, await _confidence(problem, ctx, answer))
    except TimeoutError:
        if limit is None or not limit.expired():
            raise
        _keep(ctx, StopReason.DEADLINE)
    except asyncio.CancelledError:
        if not stop.cancelled:
            raise
        task.uncancel()
        _keep(ctx, StopReason.CANCELLED)
    except ModelError as error:
        _keep(ctx, StopReason.ERROR)
        trace.error = str(error)
        ctx.emit(Failed(message=str(error), kind=error.kind, retry_after=error.retry_after))
    finally:
        over = True
        if hurry is not None:
            hurry.cancel()
    trace.abstained = trace.answer.strip() == DONT_KNOW
    trace.gave_up = trace.gave_up and trace.abstained  # a deadline may have chosen another answer
    trace.seconds = ctx.recorder.seconds
    trace.thought_seconds = trace.thought_seconds or trace.seconds
    ctx.emit(Finished(trace=trace))


async def _confidence(problem: Problem, ctx: Context, answer: Answer) -> float | None:
    """As `_known`, once the sound verifiers were asked, if it matters and nobody has yet."""
    checkable = not answer.empty and not answer.tool_calls
    if ctx.withholds and checkable and not _findings(ctx, answer):
        await judge(problem, ctx, [answer], "sound")
    return _known(ctx, answer)


def _known(ctx: Context, answer: Answer) -> float | None:
    """How likely the answer is right: 1 or 0 where a sound verifier could tell, else what the
    model says."""
    if answer.empty or answer.tool_calls:
        return None
    proofs = [v.passed for v in _findings(ctx, answer) if v.outcome is not Outcome.CANNOT_TELL]
    return float(all(proofs)) if proofs else answer.confidence


def _findings(ctx: Context, answer: Answer) -> list[Verdict]:
    """What the sound verifiers have said of it, also that they cannot tell."""
    sound = {verifier.name for verifier in of_trust(ctx, "sound")}
    return [v for v in ctx.trace.branch(answer.branch).verdicts if v.verifier in sound]


def _refuted(ctx: Context, answer: Answer) -> bool:
    """Whether a model that knows how to say so does not know: the best that it found is proved
    wrong. One that the asker or the clock hurried is given as it is."""
    own = answer.tool_calls or answer.declines
    if own or not ctx.model.capabilities.abstains or ctx.stop.reason is not None:
        return False
    return any(verdict.outcome is Outcome.FAILED for verdict in _findings(ctx, answer))


def _commit(ctx: Context, answer: Answer, confidence: float | None) -> None:
    """Make the strategy's answer the visible one; drafts of child branches leave only here, and
    so does an answer that might have been withheld."""
    trace, least, draft = ctx.trace, ctx.policy.min_confidence, answer.branch != ctx.branch
    trace.confidence = confidence
    text = answer.text
    if least is not None and not answer.empty and not answer.tool_calls:
        text = text if confidence is not None and confidence >= least else DONT_KNOW
    elif draft and _refuted(ctx, answer):
        text, trace.gave_up = DONT_KNOW, True
    if text != answer.text:  # what nobody sees is no answer
        trace.ledger.relabel(answer.branch, "answer", "draft")
    elif draft:
        trace.ledger.relabel(answer.branch, "draft", "answer")
    if draft:
        trace.committed = answer.branch
        ctx.mark_answer()
    if text and (ctx.withholds or draft):
        ctx.emit(AnswerDelta(text=text))
    for call in answer.tool_calls if draft else ():
        ctx.call(call)
    trace.answer = text
    trace.finish_reason = answer.stop


def _keep(ctx: Context, reason: StopReason) -> None:
    """An answer that was ended from outside: what has left already, else the best candidate."""
    best = ctx.best.answer
    if best is None and ctx.withholds:
        best = Answer(ctx.record.answer, ctx.branch, reason)
    if best is not None and (ctx.withholds or not ctx.record.answer):
        _commit(ctx, best, _known(ctx, best))
    else:
        ctx.trace.answer = ctx.record.answer
    ctx.trace.finish_reason = reason
    for branch in ctx.trace.branches:
        if branch.stop is None:
            branch.stop = reason
            ctx.recorder.emit(BranchEnded(reason=reason), branch.name)
