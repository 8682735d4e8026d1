"""What a stream's reader waits on: news, or a silence that has lasted too long."""

from __future__ import annotations

import asyncio


class Pulse:
    """One waiter. seconds: of silence after which it is woken without news.

    There is one timer a stream, and it is not touched for every token: when it fires too early it
    is set again for what is left.
    """

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._seconds = seconds
        self._event = asyncio.Event()
        self._silent = False
        self._last = self._loop.time()
        self._timer = self._loop.call_later(seconds, self._fire)

    def beat(self) -> None:
        """There is news."""
        self._event.set()

    async def wait(self) -> bool:
        """True for news since the last wait, False after silence."""
        await self._event.wait()
        self._event.clear()
        if self._silent:
            self._silent = False
            return False
        self._last = self._loop.time()
        return True

    def close(self) -> None:
        self._timer.cancel()

    def _fire(self) -> None:
        left = self._last + self._seconds - self._loop.time()
        if left <= 0:
            self._silent = True
            self._last, left = self._loop.time(), self._seconds
            self._event.set()
        self._timer = self._loop.call_later(left, self._fire)
