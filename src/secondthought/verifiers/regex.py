"""The answer has this form: a regular expression, matched where it cannot hang us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from secondthought.isolation import Isolated, IsolationError
from secondthought.messages import BadInput, Problem
from secondthought.trace import Verdict
from secondthought.verifiers.base import Level, Trust
from secondthought.verifiers.guard import cannot_tell


class Regex:
    """pattern: of Python's `re`, for the whole answer without the white space around it.

    feedback: what to tell a model whose answer does not match. A match that backtracks for
    longer than `seconds` is ended: Python's engine takes exponential time on some patterns, so
    it runs in a child process (making one of these waits for its start, some 50 ms). Raises
    BadInput for a broken pattern.
    """

    name = "regex"
    trust: Trust = "sound"
    level: Level = "answer"

    def __init__(
        self,
        pattern: str,
        *,
        feedback: str = "the answer does not have the form that was asked for",
        seconds: float = 2.0,
    ) -> None:
        self._pattern = pattern
        self._feedback = feedback
        self._matches = Isolated(matches, seconds=seconds)
        try:  # compiling, too, can take minutes
            self._matches.call(pattern, "")
        except IsolationError as error:
            why = f"the pattern {pattern[:60]!r} is no regular expression: {error}"
            raise BadInput(why) from None

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        return [await self._judge(candidate) for candidate in candidates]

    async def _judge(self, candidate: str) -> Verdict:
        try:
            ok = await self._matches(self._pattern, candidate) is True
        except IsolationError as error:
            return cannot_tell(f"the pattern {error}", self.name)
        return Verdict.of(ok, "" if ok else self._feedback, verifier=self.name)


def matches(pattern: str, text: str) -> bool:
    """For the child process: whether the whole text, stripped, matches."""
    return re.fullmatch(pattern, text.strip()) is not None
