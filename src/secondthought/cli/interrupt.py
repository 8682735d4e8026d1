"""Ctrl-C as a wish of the asker, not as an exception in the middle of somewhere."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol


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


class Run(Protocol):
    """A training run. stop: it is to end after the step under way."""

    stop: bool


def ends_after_step(run: Run) -> None:
    """From now on Ctrl-C and SIGTERM end the run after its step; the second one at once, by
    KeyboardInterrupt. Also in the background, where a shell has SIGINT ignored."""

    def finish(*_: object) -> None:
        if run.stop:  # back to the last checkpoint
            raise KeyboardInterrupt
        run.stop = True

    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, finish)
