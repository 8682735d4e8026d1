"""Who goes next: a bounded number of answers at once, and a bounded, fair queue before them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from types import TracebackType

from secondthought.server.errors import ApiError


class Gate:
    """Lets `concurrent` requests through at a time. The others wait in one line for each key, and
    the lines are served in turn, so that a key with many requests delays only its own.

    waiting, per_key: how many may wait in all, and of one key; beyond that `enter` refuses.
    """

    def __init__(self, concurrent: int, waiting: int, per_key: int) -> None:
        self.concurrent = concurrent
        self.running = 0
        self.waiting = 0
        self._most = waiting
        self._per_key = per_key
        self._lines: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def enter(self, key: str) -> Ticket:
        """A place in the line of this key; use it as a context. Raises ApiError 429 when the
        queue is full."""
        if self.running < self.concurrent and not self.waiting:
            self.running += 1
            return Ticket(self, key, None)
        line = self._lines.get(key)
        if self.waiting >= self._most or (line is not None and len(line) >= self._per_key):
            raise ApiError(
                429,
                "Too many requests are waiting; try again later.",
                code="rate_limit_exceeded",
                retry_after=1 + self.waiting / (4 * self.concurrent),
            )
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if line is None:
            line = self._lines[key] = deque()
        line.append(turn)
        self.waiting += 1
        return Ticket(self, key, turn)

    def _next(self) -> None:
        """One has left: let the next line's first one through."""
        self.running -= 1
        while self._lines and self.running < self.concurrent:
            key, line = self._lines.popitem(last=False)
            turn = line.popleft()
            if line:
                self._lines[key] = line  # to the end: the other keys come first
            self.waiting -= 1
            if not turn.done():
                self.running += 1
                turn.set_result(None)

    def _give_up(self, key: str, turn: asyncio.Future[None]) -> None:
        line = self._lines.get(key)
        if line is not None and turn in line:
            line.remove(turn)
            self.waiting -= 1
            if not line:
                del self._lines[key]


class Ticket:
    """A place in the queue, then among those that run; given back once, at the context's end."""

    def __init__(self, gate: Gate, key: str, turn: asyncio.Future[None] | None) -> None:
        self._gate = gate
        self._key = key
        self._turn = turn
        self._open = True

    async def __aenter__(self) -> Ticket:
        if self._turn is not None:
            try:
                await self._turn
            except asyncio.CancelledError:
                self.leave()
                raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.leave()

    def leave(self) -> None:
        """Give the place back, wherever it is. Idempotent."""
        if not self._open:
            return
        self._open = False
        turn, gate = self._turn, self._gate
        if turn is None or (turn.done() and not turn.cancelled()):
            gate._next()  # pyright: ignore[reportPrivateUsage]
        else:
            gate._give_up(self._key, turn)  # pyright: ignore[reportPrivateUsage]
