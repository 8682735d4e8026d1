"""Reading a final answer that is one integer."""

from __future__ import annotations

import re

from secondthought.tasks.expression import bare
from secondthought.trace import Verdict

MAX_DIGITS = 60

_INTEGER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)")


def integer(text: str) -> int | None:
    """The integer that the text is: signs, thousands separators, "Answer:" and a full stop
    allowed, nothing else. None for any other text."""
    body = bare(text)
    if len(body) > MAX_DIGITS or not _INTEGER.fullmatch(body):
        return None
    return int(body.replace(",", ""))


def judge_integer(text: str, gold: int) -> Verdict:
    """Exactly this integer or not; the feedback does not say which."""
    value = integer(text)
    if value is None:
        return Verdict.of(False, "the answer must be one integer")
    return Verdict.of(value == gold, "" if value == gold else "this is not the right number")


def digit_slips(gold: int) -> list[int]:
    """Wrong numbers that look right: one digit off, two digits swapped, a digit too few."""
    sign, digits = (-1, str(-gold)) if gold < 0 else (1, str(gold))
    texts = {digits[:i] + str((int(c) + 1) % 10) + digits[i + 1 :] for i, c in enumerate(digits)}
    texts |= {
        digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)
    }
    texts |= {digits[:-1], digits + "0"}
    return sorted({sign * int(t) for t in texts if t} - {gold})


def unless_told(hint: str, gold: str) -> str:
    """The hint, or "" where it would give the answer away."""
    return "" if re.search(rf"(?<!\w){re.escape(gold)}(?!\w)", hint, re.IGNORECASE) else hint
