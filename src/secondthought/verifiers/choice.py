"""The answer is this letter of a multiple-choice question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from secondthought.messages import BadInput, Problem
from secondthought.trace import Verdict
from secondthought.verifiers.base import Level, Trust
from secondthought.verifiers.final import marked

_TEXT = re.compile(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}")
_SAYS = r"(?!is\b|or\b|nor\b|and\b|as\b|because\b|since\b|but\b)[a-z]"
_ARTICLE = rf"[AI] {_SAYS}"  # "A bird", "I think"; not "A or", "A and", "A is", ...
_END = r"(?![0-9A-Za-zÀ-ɏ]|['’][A-Za-z])"  # of a letter: what follows is no word, but may be 입니다
_WRAPPED = r"[\s*_`'\"“‘(\[{<$]*"
_NOT = r"\b(?i:not|nor|neither)\s+"  # "not B"
_IS_NOT = r"[)\]*]*[은는이가]?\s*(?:아니|아닙|아님)"  # "B가 아니라"
_CALLED = re.compile(
    r"\b(?:correct|right|best|final)[ \t]+(?:option|choice|letter)\b[\s*_]*(?:is\b|:)(.*)",
    re.IGNORECASE,
)


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
    it names none, or several without a choice ("B or C")."""
    text = unicodedata.normalize("NFKC", text)
    one = f"[{re.escape(letters)}]"
    for part in (marked(text), *_CALLED.findall(text)[-1:]):
        if part is not None and (found := _begins(_TEXT.sub(r"\1", part), one)):
            return None if _hedges(found, one) else found[1].upper()
    bare = re.fullmatch(rf"[\s*(\[]*({one})[\s*)\].:]*", text, re.IGNORECASE)
    if bare is not None:
        return bare[1].upper()
    # In running text only capitals that stand alone count, and "A" only where it is no article.
    named = set(re.findall(rf"[(\[*]({one})[)\]*]", text)) or set(
        re.findall(rf"(?<![0-9A-Za-zÀ-ɏ'’])(?!{_ARTICLE})({one}){_END}", text)
    )
    if len(named) == 1:
        letter = named.pop()
        denied = rf"{_NOT}[(\[*]*{letter}{_END}|(?<![A-Za-z]){letter}{_IS_NOT}"
        return None if re.search(denied, text) else letter
    lines = text.strip().split("\n")
    for line in (lines[-1], lines[0]):
        if found := re.match(rf"[\s*(\[]*({one})(?=[\s*]*[)\].:,]|[\s*]*$)", line):
            return None if _hedges(found, one) else found[1]
    return None


def _begins(part: str, one: str) -> re.Match[str] | None:
    """The letter that a marked answer begins with; "a bit ..." and "I think ..." have none."""
    lead = rf"{_WRAPPED}(?:(?:option|choice|letter)\b:?{_WRAPPED})?"
    found = re.match(rf"{lead}({one}){_END}", part, re.IGNORECASE)
    if found is not None and found[1] in "aiI" and re.match(rf". {_SAYS}", part[found.start(1) :]):
        return None
    return found


def _hedges(found: re.Match[str], one: str) -> bool:
    """A second letter is named beside it, as in "A or B": that is no choice."""
    after = found.string[found.end() :]
    return bool(
        re.match(
            rf"[\s)\]*_`'\"]*(?:[,/&]|\bor\b|\band\b){_WRAPPED}(?!{found[1]})({one}){_END}"
            r"[)\]*_`'\"]*\s*(?:$|[.,;/&\n]|or\b|and\b|are\b)",
            after,
        )
    )
