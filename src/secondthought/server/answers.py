"""The answers to one request while they are made.

Each answer runs in a task of its own that reads the events of `Reasoner.stream`; what may leave
is collected in `Answers.pending`. So a slow reader holds nobody: the model goes on, its place is
free when it is done, and the reader finds what it has missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from secondthought.effort import Effort, Policy
from secondthought.loop.base import Stop
from secondthought.messages import BadInput, Problem, ToolCall
from secondthought.models.base import ModelError
from secondthought.reasoner import Reasoner
from secondthought.server import errors
from secondthought.server.errors import ApiError
from secondthought.server.guard import Guard
from secondthought.server.ids import new_id
from secondthought.server.limits import Ticket
from secondthought.server.logs import log_failure
from secondthought.server.wire.tools import Format, Toolbox
from secondthought.trace import (
    AnswerDelta,
    Event,
    Failed,
    Finished,
    StopReason,
    ThoughtDelta,
    ToolCalled,
    Trace,
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One answer that is wanted. max_tokens: of thought and answer together. hidden: whether the
    asker may not see the thought, so that the answer must not repeat it."""

    problem: Problem
    effort: Effort
    policy: Policy
    seed: int
    max_tokens: int | None = None
    stops: tuple[str, ...] = ()
    toolbox: Toolbox = field(default_factory=Toolbox)
    format: Format = field(default_factory=Format)
    hidden: bool = True


class Run:
    """One answer. text, calls: what has left, or would have. After the end: `trace`, and `error`
    if there is no answer. finish: OpenAI's finish reason."""

    def __init__(self, ask: Ask, index: int, tell: Callable[[Event], None]) -> None:
        self.ask = ask
        self.index = index
        self.stop = Stop()
        self.text = ""
        self.refusal: str | None = None
        self.calls: list[ToolCall] = []
        self.trace: Trace | None = None
        self.error: ApiError | None = None
        self.ended = False
        self.finish = "stop"
        self._tell = tell
        self._guard = Guard(ask)
        self._cut = False  # a stop string, a first call or a leak: nothing more leaves

    @property
    def thought(self) -> str:
        """The thought that led to the answer; "" when there is none."""
        branches = self.trace.branches if self.trace else []
        return next((b.thought for b in branches if b.thought), "")

    async def answer(self, reasoner: Reasoner) -> None:
        """Make it. Never raises for what a model or an asker did; sets `error`."""
        ask = self.ask
        try:
            stream = reasoner.stream(
                ask.problem,
                ask.effort,
                seed=ask.seed,
                max_tokens=ask.max_tokens,
                policy=ask.policy,
                stop=self.stop,
            )
            async with aclosing(stream) as events:
                async for event in events:
                    self._take(event)
        except BadInput as error:
            self.error = errors.bad(str(error), "messages", "invalid_value")
        except ModelError as error:
            self.error = errors.of_model_error(error)
        except Exception as error:
            log_failure("an answer failed", error)
            self.error = ApiError(500, "The server failed to answer.", code="server_error")

    def _take(self, event: Event) -> None:
        if isinstance(event, ThoughtDelta):
            self._guard.think(event.text)
            self._pass(event)
        elif isinstance(event, AnswerDelta):
            if not self._cut:
                self._say(self._guard.push(event.text))
        elif isinstance(event, ToolCalled):
            if not self._cut:
                self._call(event)
        elif isinstance(event, Failed):
            self.error = errors.of_model(event.message, event.kind)
        elif isinstance(event, Finished):
            self.trace = event.trace
            self._finish(event.trace)
        else:
            self._pass(event)

    def _pass(self, event: Event) -> None:
        self._tell(replace(event, choice=self.index) if self.index else event)

    def _say(self, text: str) -> None:
        if text:
            self.text += text
            self._pass(AnswerDelta(text=text))
        if self._guard.caught:
            self._cut = True
            self.finish = "stop" if self._guard.caught == "stop" else "content_filter"
            self.stop.cancel()

    def _call(self, event: ToolCalled) -> None:
        # Our own id: it is what the thought is kept by, and models' ids are often not unique.
        call = ToolCall(new_id("call"), event.name, event.arguments)
        self.calls.append(call)
        self._pass(replace(event, id=call.id))
        if self.ask.toolbox.one:
            self._cut = True
            self.stop.cancel()

    def _finish(self, trace: Trace) -> None:
        if not self._cut:
            self._say(self._guard.finish())
        if self._guard.refusal and self.error is None and not self.calls:
            self.refusal = self._guard.refusal
        self.finish = self._finish_reason(trace.finish_reason)
        must = self.ask.toolbox.must
        if must and not self.calls and self.error is None and self.finish == "stop":
            text = "The model called none of the tools of which tool_choice requires one."
            self.error = ApiError(502, text, param="tool_choice", code="tool_call_missing")

    def _finish_reason(self, reason: StopReason) -> str:
        if self.calls:
            return "tool_calls"
        if self._cut:
            return self.finish
        if reason in (StopReason.LENGTH, StopReason.DEADLINE):
            return "length"
        if not self.text and not self.refusal:
            return "length"  # the budget went into the thought: o1's form of an empty answer
        return "stop"


class Answers:
    """All answers of one request: n runs, one place in the queue, one list of what may leave."""

    def __init__(
        self,
        reasoner: Reasoner,
        asks: list[Ask],
        ticket: Ticket,
        *,
        finished: Callable[[Answers], object] = lambda _: None,
    ) -> None:
        self.pending: list[Event] = []
        self.runs = [Run(ask, i, self._tell) for i, ask in enumerate(asks)]
        self.done = False
        self.started = False
        self.left = False
        self._wake = asyncio.Event()
        self._flushed = 0.0
        self._finished = finished
        self._task = asyncio.ensure_future(self._work(reasoner, ticket))

    @property
    def error(self) -> ApiError | None:
        """The first run's that has one."""
        return next((run.error for run in self.runs if run.error is not None), None)

    def answer_now(self) -> None:
        for run in self.runs:
            run.stop.answer_now()

    def cancel(self) -> None:
        """Nobody wants the answers any more: the model stops within a token."""
        self.left = True
        for run in self.runs:
            run.stop.cancel()
        if not self.started:
            self._task.cancel()

    async def wait(self) -> None:
        """Until all is done. Cancelling the waiter does not cancel the answers."""
        await asyncio.wait({self._task})

    async def batches(self, *, gather: float, ping: float) -> AsyncIterator[list[Event]]:
        """What may leave, collected for `gather` seconds at least, deltas joined; an empty list
        after `ping` seconds of silence. Ends when all is done."""
        clock = asyncio.get_running_loop().time
        while True:
            if not self.pending and not self.done:
                self._wake.clear()
                try:
                    async with asyncio.timeout(ping):
                        await self._wake.wait()
                except TimeoutError:
                    yield []
                    continue
            if not self.done and (early := self._flushed + gather - clock()) > 0:
                await asyncio.sleep(early)
            self._flushed = clock()
            batch, self.pending = self.pending, []
            if batch:
                yield joined(batch)
            elif self.done:
                return

    async def first(self, seconds: float) -> None:
        """Until something may leave, all is done, or these seconds are over."""
        if not self.pending and not self.done:
            self._wake.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._wake.wait()
            except TimeoutError:
                pass

    def _tell(self, event: Event) -> None:
        self.pending.append(event)
        self._wake.set()

    async def _work(self, reasoner: Reasoner, ticket: Ticket) -> None:
        try:
            async with ticket:
                self.started = True
                if len(self.runs) == 1:
                    await self._one(self.runs[0], reasoner)
                else:
                    async with asyncio.TaskGroup() as group:
                        for run in self.runs:
                            group.create_task(self._one(run, reasoner))
        finally:
            self.done = True
            self._wake.set()
            self._finished(self)

    async def _one(self, run: Run, reasoner: Reasoner) -> None:
        await run.answer(reasoner)
        run.ended = True
        self._tell(Ended(choice=run.index))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Event):
    """A run has ended: its finish reason is known."""


def joined(batch: list[Event]) -> list[Event]:
    """Neighbouring deltas of the same kind, choice and branch as one."""
    out: list[Event] = []
    texts: list[str] = []
    for event in batch:
        last = out[-1] if out else None
        if (
            isinstance(event, AnswerDelta | ThoughtDelta)
            and type(last) is type(event)
            and last.choice == event.choice
            and last.branch == event.branch
        ):
            texts.append(event.text)
            continue
        _flush(out, texts)
        out.append(event)
    _flush(out, texts)
    return out


def _flush(out: list[Event], texts: list[str]) -> None:
    if texts:
        last = out[-1]
        assert isinstance(last, AnswerDelta | ThoughtDelta)
        out[-1] = replace(last, text=last.text + "".join(texts))
        texts.clear()
