"""A thought on stderr while it is thought, and the one line that sums it up."""

from __future__ import annotations

import os
import sys
import time
from enum import StrEnum
from typing import TYPE_CHECKING

from secondthought.cli.checked import checked
from secondthought.cli.text import safe

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live

    from secondthought.trace import Trace

_LINES = 4
_FRAME = 1 / 15  # seconds between two drawings


class Thinking(StrEnum):
    FULL = "full"
    LINE = "line"
    NONE = "none"


class ThoughtView:
    """Shows thoughts on stderr. `None` as the mode: like `line`, but silent off a terminal."""

    def __init__(self, mode: Thinking | None) -> None:
        self._terminal = sys.stderr.isatty()
        self._full = mode is Thinking.FULL
        self._live_wanted = self._terminal and mode in (None, Thinking.LINE)
        self._sums_up = mode in (Thinking.FULL, Thinking.LINE) or (mode is None and self._terminal)
        self._live: Live | None = None
        self._text = ""
        self._drawn = 0.0
        self._unfinished = False

    def push(self, text: str) -> None:
        """More of the thought."""
        if self._full:
            self._write(text)
        elif self._live_wanted:
            self._text = (self._text + safe(text))[-4000:]
            if time.monotonic() - self._drawn >= _FRAME:
                self._draw()

    def stop(self) -> None:
        """The thought has ended: the live lines vanish, so that the answer can be printed."""
        if self._live is not None:
            self._live.stop()
            self._live = None
        self._text = ""
        if self._unfinished:
            self._write("\n")

    def __enter__(self) -> ThoughtView:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def sum_up(self, trace: Trace) -> None:
        """The last line: what the thought took, and how it checked itself."""
        self.stop()
        if self._sums_up:
            print(_dim(summary(trace), self._terminal), file=sys.stderr)

    def _write(self, text: str) -> None:
        shown = safe(text) if self._terminal else text
        self._unfinished = not shown.endswith("\n") if shown else self._unfinished
        print(_dim(shown, self._terminal), end="", file=sys.stderr, flush=True)

    def _draw(self) -> None:
        from rich.text import Text

        live = self._live or self._start()
        width = live.console.width
        tail = Text(self._text[-_LINES * width * 4 :].expandtabs(4), style="dim")
        lines = tail.wrap(live.console, width, tab_size=4)[-_LINES:]
        live.update(Text("\n").join(lines), refresh=True)
        self._drawn = time.monotonic()

    def _start(self) -> Live:
        from rich.live import Live

        self._live = Live(console=stderr(), transient=True, auto_refresh=False)
        self._live.start()
        return self._live


def stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def summary(trace: Trace) -> str:
    """ "Thought 512 tokens, 0.2 s · checked by re-encrypting ✓" """
    tokens = trace.ledger.usage.reasoning_tokens
    if not tokens:
        return f"No thought, {trace.seconds:.1f} s"
    line = f"Thought {tokens:,} tokens, {trace.thought_seconds:.1f} s"
    check = checked(trace.thought)
    ended = _ENDED.get(trace.finish_reason.value, "")
    return " · ".join(part for part in (line, ended, check) if part)


_ENDED = {
    "thought_cap": "cut at its limit",
    "repetition": "cut, it went in circles",
    "answer_now": "cut, the answer was wanted at once",
    "deadline": "cut at the time limit",
    "cancelled": "cancelled",
}


def _dim(text: str, terminal: bool) -> str:
    plain = not terminal or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return text if plain or not text else f"\x1b[2m{text}\x1b[0m"
