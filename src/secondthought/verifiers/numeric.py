"""The answer is this number, however it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from secondthought.messages import BadInput, Problem
from secondthought.trace import Verdict
from secondthought.verifiers.base import Level, Trust
from secondthought.verifiers.final import marked

_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[-+])?[$€£]?"
    r"(?:(?P<whole>[0-9]{1,3})[ \t]+(?=[0-9]+[ \t]*/[ \t]*[0-9]))?"
    r"(?P<value>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
    r"(?P<exponent>[eE][-+]?[0-9]{1,3}(?![0-9]))?"
    r"(?:[ \t]*/[ \t]*(?P<below>[0-9]+(?:\.[0-9]+)?))?"
)
_SIGNS = {
    **str.maketrans("\u2212\u2013\uff0d０１２３４５６７８９", "---0123456789"),
    **str.maketrans({"½": " 1/2", "¼": " 1/4", "¾": " 3/4"}),
}
_POWER = r"\^[ \t]*\{?[ \t]*([-+]?[0-9]{1,3})[ \t]*\}?"
_PLAINER: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\\!|(?<![0-9])\*\*|\*\*(?![0-9])"), ""),
    (re.compile(r"\\\$"), "$"),
    (re.compile(r"\bnegative[ \t](?=\.?[0-9])", re.IGNORECASE), "-"),
    # Thousands: 1{,}000 and 1\,000 and those that a narrow or unbreakable space separates.
    (re.compile(r"(?<=[0-9])(?:\{,\}|\\[,;: ]|[\u00a0\u2009\u202f])(?=[0-9]{3}(?![0-9]))"), ","),
    (re.compile(r"[ \t]?(?:\\times|\\cdot|[×·*x])[ \t]*10" + _POWER), r"e\1"),
    (re.compile(r"(?<![\w.])10" + _POWER), r"1e\1"),
    (re.compile(r"(?<=[A-Za-z}])" + _POWER), ""),  # of a unit, as in cm^2
    (
        re.compile(
            r"([-+]|[0-9][ \t]?)?\\[dt]?frac\s*(?:\{\s*(-?[0-9.]+)\s*\}|([0-9]))"
            r"\s*(?:\{\s*([0-9.]+)\s*\}|([0-9]))"
        ),
        lambda m: f"{m[1] or ''}{'' if m[1] in ('-', '+') else ' '}{m[2] or m[3]}/{m[4] or m[5]}",
    ),
)
_GOES_ON = re.compile(r"\s*(?:[-+*/^×·÷<>&]|\\times|\\cdot|x\b|times\b|plus\b|minus\b|or\b|and\b)")
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
    """The number that a reply ends in, exactly. Of what it marks as its final answer (see
    `final.marked`): the number that stands at its beginning, unless an expression begins there
    ("18 dollars, for 9 eggs" is 18, "3 + 4 = 7" is 7), else the last one; without a mark: the
    last one of the whole text. Separators of thousands, decimals, exponents, powers of ten,
    fractions, mixed numbers, LaTeX and money are read; units are left out. None without a number.
    """
    part = marked(text)
    for source in (part, text) if part is not None else (text,):
        plain = _plainer(source)
        found = list(_NUMBER.finditer(plain))
        if found:
            return _value(found[0] if source is part and _leads(found[0], plain) else found[-1])
    return None


def _plainer(text: str) -> str:
    text = text.translate(_SIGNS)
    for pattern, plain in _PLAINER:
        text = pattern.sub(plain, text)
    return text


def _leads(first: re.Match[str], text: str) -> bool:
    """Nothing is said before this number, and nothing is computed with it."""
    before, after = text[: first.start()], text[first.end() :]
    return not re.search(r"\w", before) and "=" not in text and not _GOES_ON.match(after)


def _value(match: re.Match[str]) -> Fraction | None:
    if len(match[0]) > _MAX_DIGITS:
        return None
    value = Fraction(match["value"].replace(",", "") + (match["exponent"] or ""))
    below = Fraction(match["below"] or 1)
    if not below:
        return None
    whole = int(match["whole"] or 0) if value < below else 0
    size = whole + value / below
    return -size if match["sign"] == "-" else size
