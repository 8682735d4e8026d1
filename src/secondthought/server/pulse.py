"""What a stream's reader waits on: news, or a silence that has lasted too long."""

from __future__ import annotations

import asyncio

_SLACK = 0.1  # of the time to gather: a token that comes once in that time needs no timer more


class Pulse:
    """One waiter. silence: seconds after which it is woken without news. gather: seconds between
    two wakings by news, a tenth less at least; what comes meanwhile is found together.

    There is one timer a stream for the silence, and it is not touched for every token: when it
    fires too early it is set again for what is left. News that must wait set one timer, and
    those after them find it set: a token that is gathered costs its reader nothing.
    """

    def __init__(self, silence: float, gather: float = 0.0) -> None:
        self._loop = asyncio.get_running_loop()
        self._silence, self._gather = silence, gather
        self._event = asyncio.Event()
        self._news = False
        self._last = self._loop.time()
        self._woken = self._last - gather
        self._timer = self._loop.call_later(silence, self._fire)
        self._soon: asyncio.TimerHandle | None = None

    def beat(self, *, last: bool = False) -> None:
        """There is news. last: nothing more will come, so it need not wait for company."""
        if self._soon is not None and not last:
            return
        wait = 0.0 if last else self._woken + self._gather - self._loop.time()
        if wait > _SLACK * self._gather:
            self._soon = self._loop.call_later(wait, self._now)
        else:
            self._now()

    async def wait(self) -> bool:
        """True for news since the last wait, False after silence."""
        await self._event.wait()
        self._event.clear()
        if not self._news:
            return False
        self._news = False
        self._last = self._woken = self._loop.time()
        return True

    def close(self) -> None:
        self._timer.cancel()
        if self._soon is not None:
            self._soon.cancel()

    def _now(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        self._news = True
        self._event.set()

    def _fire(self) -> None:
        left = self._last + self._silence - self._loop.time()
        if left <= 0:
            self._last, left = self._loop.time(), self._silence
            self._event.set()
        self._timer = self._loop.call_later(left, self._fire)
