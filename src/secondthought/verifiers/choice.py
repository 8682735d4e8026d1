"""The answer is this letter of a multiple-choice question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from secondthought.messages import BadInput, Problem
from secondthought.trace import Verdict
from secondthought.verifiers.base import Level, Trust
from secondthought.verifiers.final import marked

_TEXT = re.compile(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}")
_ARTICLE = r"A [a-z](?!r\b|nd\b|s\b|ecause\b|ince\b|ut\b)"  # not "A or", "A and", "A is", ...


class Choice:
    """want: the letter. letters: those that can be chosen. Raises BadInput for another one."""

    name = "choice"
    trust: Trust = "sound"
    level: Level = "answer"

    def __init__(self, want: str, letters: str = "ABCD") -> None:
        if len(want) != 1 or want.upper() not in letters:
            raise BadInput(f"{want!r} is not one of the letters {letters}; give one of them")
        self._want = want.upper()
        self._letters = letters

    def check(self, answer: str) -> Verdict:
        letter = read_choice(answer, self._letters)
        if letter is None:
            feedback = f"the answer must be one letter from {self._letters[0]} to "
            return Verdict.of(False, feedback + self._letters[-1], verifier=self.name)
        ok = letter == self._want
        return Verdict.of(ok, "" if ok else "this is not the right choice", verifier=self.name)

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        return [self.check(candidate) for candidate in candidates]


def read_choice(text: str, letters: str = "ABCD") -> str | None:
    """The letter that a reply chooses: what it marks as its final answer ("the answer is (B)",
    a box), else its only letter, else the one it begins its first or last line with. None when
    it names none, or several without a choice."""
    one = f"[{re.escape(letters)}]"
    if (part := marked(text)) is not None:
        part = _TEXT.sub(r"\1", part)
        if found := re.match(rf"[\s*(\[$]*({one})(?!\w)", part, re.IGNORECASE):
            return found[1].upper()
    lines = text.strip().split("\n")
    bare = re.fullmatch(rf"[\s*(\[]*({one})[\s*)\].:]*", text, re.IGNORECASE)
    if bare is not None:
        return bare[1].upper()
    # In running text only capitals that stand alone count, and "A" only where it is no article.
    named = set(re.findall(rf"[(\[*]({one})[)\]*]", text)) or set(
        re.findall(rf"(?<![\w'])(?!{_ARTICLE})({one})(?![\w'])", text)
    )
    if len(named) == 1:
        return named.pop()
    for line in (lines[-1], lines[0]):
        if found := re.match(rf"[\s*(\[]*({one})[\s*]*[)\].:,]", line):
            return found[1]
    return None
