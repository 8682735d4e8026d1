"""The answer is this number, however it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from secondthought.messages import BadInput, Problem
from secondthought.trace import Verdict
from secondthought.verifiers.base import Level, Trust
from secondthought.verifiers.final import marked

_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[-+])?[$€£]?"
    r"(?P<value>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
    r"(?P<exponent>[eE][-+]?[0-9]{1,3}(?![0-9]))?"
    r"(?:[ \t]*/[ \t]*(?P<below>[0-9]+(?:\.[0-9]+)?))?"
)
_LATEX = re.compile(r"\\d?frac\s*\{\s*([0-9.]+)\s*\}\s*\{\s*([0-9.]+)\s*\}")
_MAX_DIGITS = 400


class Numeric:
    """want: the number as text or number. relative: how far the answer may be off, as a share
    of it (0: exactly equal, 1/2 and 0.5 and 50e-2 alike). Raises BadInput for no number."""

    name = "numeric"
    trust: Trust = "sound"
    level: Level = "answer"

    def __init__(self, want: str | float, *, relative: float = 0.0) -> None:
        number = read_number(str(want))
        if number is None:
            raise BadInput(f"{want!r} holds no number; give one like 42, 0.5, 1/2 or 1,000")
        self._want = number
        self._off = abs(number) * Fraction(relative)

    def check(self, answer: str) -> Verdict:
        number = read_number(answer)
        if number is None:
            return Verdict.of(False, "the answer holds no number", verifier=self.name)
        ok = abs(number - self._want) <= self._off
        return Verdict.of(ok, "" if ok else "this is not the right number", verifier=self.name)

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        return [self.check(candidate) for candidate in candidates]


def read_number(text: str) -> Fraction | None:
    """The number that a reply ends in, exactly: the last one of what it marks as its final
    answer (see `final.marked`), else of the whole text. Separators of thousands, decimals,
    exponents, fractions and money are read; units are left out. None without a number."""
    part = marked(text)
    for source in (part, text) if part is not None else (text,):
        plain = _LATEX.sub(r"\1/\2", source.replace("\u2212", "-").replace("\\$", "$"))
        for match in reversed(list(_NUMBER.finditer(plain))):
            return _value(match)
    return None


def _value(match: re.Match[str]) -> Fraction | None:
    if len(match[0]) > _MAX_DIGITS:
        return None
    value = Fraction(match["value"].replace(",", "") + (match["exponent"] or ""))
    below = Fraction(match["below"] or 1)
    return (-value if match["sign"] == "-" else value) / below if below else None
