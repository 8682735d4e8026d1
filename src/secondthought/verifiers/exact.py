"""The answer is one of these texts, character for character."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from secondthought.messages import Problem
from secondthought.trace import Verdict
from secondthought.verifiers.base import Level, Trust


class Exact:
    """want: the text, or several that are all right. White space around a text and between its
    words, and the Unicode form of its letters, make no difference; ignore_case: nor does case."""

    name = "exact"
    trust: Trust = "sound"
    level: Level = "answer"

    def __init__(self, want: str | Sequence[str], *, ignore_case: bool = False) -> None:
        self._ignore_case = ignore_case
        self._want = {self._plain(w) for w in ([want] if isinstance(want, str) else want)}

    def check(self, answer: str) -> Verdict:
        ok = self._plain(answer) in self._want
        return Verdict.of(ok, "" if ok else "this is not the right answer", verifier=self.name)

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        return [self.check(candidate) for candidate in candidates]

    def _plain(self, text: str) -> str:
        text = " ".join(unicodedata.normalize("NFC", text).split())
        return text.casefold() if self._ignore_case else text
