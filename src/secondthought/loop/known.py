"""What of a branch's thought was read already, so that each of its lines is read once.

A thought whose steps are taken back is gone on with by many calls, each of which has to know all
lines before its own: with a reader from the beginning every time, the work grows with the square
of the thought's length.
"""

from __future__ import annotations

from secondthought.tasks.steps import Reader


class Known:
    """The complete lines that were read last, and a reader that stands behind them."""

    def __init__(self) -> None:
        self._source = self._text = ""
        self._reader: Reader | None = None

    def reader(self, source: str, text: str, before: int) -> Reader:
        """A reader that has read `text`, the complete lines of a thought, without their steps.

        source: the question, as for `steps.parse`. before: characters of the text that are no
        part of the branch's own thought.
        """
        known = self._reader
        if known is None or source != self._source or not text.startswith(self._text):
            known, self._text = Reader(source), ""
        if rest := text[len(self._text) :]:
            known = known.fork()
            known.read_lines(rest, len(self._text) - before)
        self._source, self._text, self._reader = source, text, known
        return known.fork()
