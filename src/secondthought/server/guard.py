"""What stands between a model's answer and the asker: stop strings, the format's check, and in
hidden mode the check that the answer does not repeat the thought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from secondthought.server.answers import Ask


class Guard:
    """Takes the answer piece by piece and gives out what may leave.

    caught: why nothing more may leave. refusal: why a whole answer did not leave.
    """

    def __init__(self, ask: Ask) -> None:
        self.caught: Literal["stop", "leak"] | None = None
        self.refusal = ""
        self._stops = ask.stops
        self._held = ""

    def think(self, text: str) -> None:
        """A piece of the thought, before the answer."""

    def push(self, text: str) -> str:
        if not self._stops:
            return text
        held = self._held + text
        cuts = [held.index(s) for s in self._stops if s in held]
        if cuts:
            self.caught = "stop"
            self._held = ""
            return held[: min(cuts)]
        keep = max(_overlap(held, s) for s in self._stops)
        self._held = held[len(held) - keep :]
        return held[: len(held) - keep]

    def finish(self) -> str:
        held, self._held = self._held, ""
        return held


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of text that begins stop."""
    for size in range(min(len(text), len(stop) - 1), 0, -1):
        if stop.startswith(text[-size:]):
            return size
    return 0
