"""Ctrl-C as a wish of the asker, not as an exception in the middle of somewhere."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def on_interrupt(press: Callable[[], object]) -> Generator[None]:
    """While this context is open, Ctrl-C calls `press` in the running event loop.

    Plain `signal.signal`, because event loops on Windows have no signal handlers.
    """
    loop = asyncio.get_running_loop()

    def handle(_signal: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(press)

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
