"""The answers to one request while they are made.

Each answer runs in a task of its own, and takes the events as the loop makes them; what may leave
is collected in `Answers.pending`. So a slow reader holds nobody: the model goes on, its place is
free when it is done, and the reader finds what it has missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace

from secondthought.reasoner import Reasoner
from secondthought.server.errors import ApiError
from secondthought.server.limits import Ticket
from secondthought.server.pulse import Pulse
from secondthought.server.run import Ask, Ended, Run
from secondthought.trace import AnswerDelta, Event, ThoughtDelta


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
        self._said = asyncio.Event()
        self._pulse: Pulse | None = None  # of who reads the batches
        self.runs = [Run(ask, i, self._tell, self._said.set) for i, ask in enumerate(asks)]
        self.done = False
        self.started = False
        self.left = False
        self._finished = finished
        self._ticket = ticket
        self._task = asyncio.ensure_future(self._work(reasoner))
        self._task.add_done_callback(self._end)

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
        if not self._task.done():
            # What asyncio.wait does for several futures costs four times as much.
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._task.add_done_callback(lambda _: waiter.done() or waiter.set_result(None))
            await waiter

    async def batches(self, *, gather: float, ping: float) -> AsyncGenerator[list[Event]]:
        """What may leave, collected for `gather` seconds at least, deltas joined; an empty list
        after `ping` seconds of silence. Ends when all is done."""
        pulse = self._pulse = Pulse(ping, gather)
        if self.pending or self.done:
            pulse.beat(last=self.done)
        try:
            while True:
                if not await pulse.wait():
                    yield []
                    continue
                batch, self.pending = self.pending, []
                if batch:
                    yield joined(batch)
                if self.done and not self.pending:
                    return
        finally:
            pulse.close()
            self._pulse = None

    async def spoke(self, seconds: float) -> None:
        """Until the model has said something, be it hidden, or all is done, or these seconds are
        over: what goes wrong before can still be told by a status."""
        await _within(seconds, self._said)

    def _tell(self, event: Event) -> None:
        self.pending.append(event)
        if self._pulse is not None:
            self._pulse.beat()

    async def _work(self, reasoner: Reasoner) -> None:
        async with self._ticket:
            self.started = True
            if len(self.runs) == 1:
                await self._one(self.runs[0], reasoner)
            else:
                async with asyncio.TaskGroup() as group:
                    for run in self.runs:
                        group.create_task(self._one(run, reasoner))

    def _end(self, task: asyncio.Task[None]) -> None:
        self._ticket.leave()  # a task that is cancelled before its first step never entered
        self.done = True
        self._said.set()
        for run in self.runs:
            run.let_go()
        if self._pulse is not None:
            self._pulse.beat(last=True)
        self._finished(self)

    async def _one(self, run: Run, reasoner: Reasoner) -> None:
        await run.answer(reasoner)
        self._tell(Ended(choice=run.index))


async def _within(seconds: float, news: asyncio.Event) -> bool:
    """Whether it came within these seconds."""
    if not news.is_set():
        try:
            async with asyncio.timeout(seconds):
                await news.wait()
        except TimeoutError:
            return False
    return True


def joined(batch: list[Event]) -> list[Event]:
    """Neighbouring deltas of the same kind, choice and branch as one."""
    if len(batch) == 1:
        return batch
    out: list[Event] = []
    texts: list[str] = []
    for event in batch:
        last = out[-1] if out else None
        if (
            isinstance(event, AnswerDelta | ThoughtDelta)
            and isinstance(last, AnswerDelta | ThoughtDelta)
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
