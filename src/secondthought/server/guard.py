"""What stands between a model's answer and the asker: stop strings, formats that hold only when
the answer is whole, and the watch for an answer that repeats its hidden thought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from secondthought.messages import Problem
from secondthought.oversight.leak import LeakGuard


class Guard:
    """Takes the answer piece by piece and gives out what may leave.

    stops: strings that end it. whole: it leaves at its end or not at all. secret: the asker does
    not see the thought, nor those that come back inside a tool loop. caught: why nothing more may
    leave. held: what waits for the end. leaks: the watch, where there is one.
    """

    def __init__(
        self, problem: Problem, *, stops: Sequence[str], whole: bool, secret: bool
    ) -> None:
        self.caught: Literal["stop", "leak"] | None = None
        self._stops = stops
        self.whole = whole
        self.held = ""
        self._tail = ""  # what may yet become a stop string
        self._thinks = False
        self.leaks = LeakGuard(_known(problem)) if secret else None
        for i, message in enumerate(problem.messages):
            if message.thought:
                self.think(message.thought, f"message {i}")

    def think(self, text: str, branch: str) -> None:
        """More of the thought."""
        if self.leaks is not None:
            self._thinks = True
            self.leaks.think(text, branch)

    def push(self, text: str) -> str:
        """More of the answer; returns what may leave of it now."""
        if self._stops:
            text = self._before_stop(text)
        if self.whole:
            self.held += text
            return ""
        return self._watched(text)

    def finish(self) -> str:
        """The answer has ended; returns the rest."""
        text = self._watched(self.held + self._tail)
        self.held = self._tail = ""
        if self.leaks is None:
            return text
        text += self.leaks.finish()
        self._see()
        return text

    def clean(self, text: str) -> bool:
        """Whether a text that leaves beside the answer may: the arguments of a tool call."""
        if self.leaks is not None and self.leaks.check(text) is not None:
            self.caught = "leak"
        return self.caught != "leak"

    def _watched(self, text: str) -> str:
        if self.leaks is None or not self._thinks:  # no thought, no leak
            return text
        text = self.leaks.push(text)
        self._see()
        return text

    def _see(self) -> None:
        if self.leaks is not None and self.leaks.leak is not None:
            self.caught = "leak"

    def _before_stop(self, text: str) -> str:
        held = self._tail + text
        cuts = [held.index(s) for s in self._stops if s in held]
        if cuts:
            self.caught = "stop"
            self._tail = ""
            return held[: min(cuts)]
        keep = max(_overlap(held, s) for s in self._stops)
        self._tail = held[len(held) - keep :]
        return held[: len(held) - keep]


def _known(problem: Problem) -> list[str]:
    """What the asker wrote: an answer that repeats it gives nothing away."""
    said = [message.text for message in problem.messages]
    said += [call.arguments for message in problem.messages for call in message.tool_calls]
    return said + [tool.description for tool in problem.tools]


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of text that begins stop."""
    for size in range(min(len(text), len(stop) - 1), 0, -1):
        if stop.startswith(text[-size:]):
            return size
    return 0
