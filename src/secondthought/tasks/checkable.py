"""A sound verifier for puzzles whose question says all that an answer must satisfy.

It reads the numbers (or the grid, or the equation) out of the question's text and judges an
answer by them; no item and no gold answer is at hand. It knows the wordings of Countdown, the
game of 24, simple equations and mini Sudoku that their tasks know, with any numbers, polite words
and punctuation around them. A question in other words is none that it understands, and it cannot
tell: to misread a question would be worse than to leave it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any, Literal

from secondthought.messages import Problem
from secondthought.tasks import (
    catalogue,
    countdown,
    expression,
    mini_sudoku,
    puzzle24,
    simple_equations,
)
from secondthought.tasks.expression import ExpressionError, bare
from secondthought.tasks.phrasing import FILLERS, KO_FILLERS, Choice, Field, Node, parse
from secondthought.trace import Outcome, Verdict

Data = dict[str, Any]

NAME = "checkable"
_LONGEST = 2000  # characters; a longer question is none of these puzzles

_NUMBERS = r"[0-9]{1,6}(?:(?:, ?| )(?:and )?[0-9]{1,6})+|[0-9]{1,6} and [0-9]{1,6}"
_GRID = r"(?:[1-4_.0](?:[ \t]?[1-4_.0]){3}[ \t]*\n){3}[1-4_.0](?:[ \t]?[1-4_.0]){3}"
_EQUATION = r"[-+*0-9a-z ]*[a-z][-+*0-9 ]*= ?-?[0-9]+"
_FIELDS = {
    "numbers": _NUMBERS,
    "target": r"[0-9]{1,9}",
    "grid": _GRID,
    "equation": _EQUATION,
    "x": r"[a-z]",
}
_GREETING = (
    r"(?:(?:hi(?: there)?|hello|hey|ok|so|now|please|kindly|could you|can you|would you"
    r"|i need you to|quick question|q|안녕하세요|안녕|저기요|혹시|질문이요|문제|자)\b[,.:!]?\s+)*"
)
_THANKS = (
    r"(?:[.!?]|\s|\b(?:thanks(?: in advance)?|thank you|thx|please)\b"
    r"|부탁해요|부탁드려요|부탁해|고마워요|고마워|감사합니다)*"
)


class Checkable:
    """A `Verifier`: trust "sound", level "answer"."""

    name = NAME
    trust: Literal["sound"] = "sound"
    level: Literal["answer"] = "answer"

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        """One verdict a candidate; CANNOT_TELL for all when the question is not understood."""
        read = understood(problem.question)
        if read is None:
            return [Verdict(Outcome.CANNOT_TELL, verifier=NAME)] * len(candidates)
        return [_judge(*read, text) for text in candidates]


def understood(question: str) -> tuple[str, Data] | None:
    """(task, data as its items have it) of a question; None for one that is not understood."""
    text = question.strip().replace("\r\n", "\n")
    if len(text) > _LONGEST:
        return None
    text = _ASIDE.sub("", text)
    for name, (task, mark, read) in _ROOMS.items():
        if mark.search(text) is None:
            continue
        for pattern in _patterns(name, task):
            match = pattern.fullmatch(text)
            if match is None or (found := _fields(match)) is None:
                continue
            if (data := read(found)) is not None:
                return name, data
    return None


def _judge(name: str, data: Data, text: str) -> Verdict:
    if name in ("countdown", "puzzle24") and not _is_expression(text):
        check = catalogue.task(name).check_answer
        parts = re.split(r"[=:\n]", text)
        if (
            text.strip()
            and not _WORDS.search(text)
            and not any(check(data, p).passed for p in parts)
        ):
            why = "there is no expression in it that is right"
            return Verdict(Outcome.FAILED, feedback=why, verifier=NAME)
        # Perhaps a sentence around a right one: no proof either way.
        return Verdict(Outcome.CANNOT_TELL, verifier=NAME)
    found = catalogue.task(name).check_answer(data, text)
    return Verdict(found.outcome, found.score, found.feedback, verifier=NAME)


_WORDS = re.compile(r"[^\W\d_]{2}")


def _is_expression(text: str) -> bool:
    try:
        expression.parse(bare(text))
    except ExpressionError:
        return False
    return True


# --- reading a question ---------------------------------------------------------------------

_Read = Callable[[Mapping[str, str]], Data | None]


@cache
def _patterns(name: str, task: Any) -> tuple[re.Pattern[str], ...]:
    """The task's wordings. Compiled when a question first holds what the task is about."""
    wordings = (*task.GYM, *task.OWN_EN, *task.OWN_KO, *task.HELD_OUT_EN, *task.HELD_OUT_KO)
    return tuple(_pattern(wording) for wording in dict.fromkeys(wordings))


def _pattern(wording: str) -> re.Pattern[str]:
    """Any case, any white space where the wording has some, any greeting and closing mark."""
    body = _expression(parse(wording.strip().rstrip(".?! ")), count())
    return re.compile(f"{_GREETING}{body}{_THANKS}", re.IGNORECASE)


def _expression(parts: Sequence[Node], number: Iterator[int]) -> str:
    """A regular expression; the fields are groups, numbered apart: "numbers_0", "x_1"."""
    made = ""
    for part in parts:
        if isinstance(part, Field):
            made += f"(?P<{part.name}_{next(number)}>{_FIELDS[part.name]})"
        elif isinstance(part, Choice):
            options = dict.fromkeys(_expression(option, number) for option in part.options)
            made += f"(?:{'|'.join(options)})"
        else:
            pieces = re.split(r"(\s+)", part)
            made += "".join(re.escape(p) if p.strip() else r"\s+" for p in pieces if p)
    return made


def _fields(match: re.Match[str]) -> dict[str, str] | None:
    """The values by name; None where one name has two values."""
    found: dict[str, str] = {}
    for group, value in match.groupdict().items():
        name = group.rpartition("_")[0]
        if value is not None and found.setdefault(name, value).lower() != value.lower():
            return None
    return found


def _countdown(found: Mapping[str, str]) -> Data | None:
    return {"numbers": _integers(found["numbers"]), "target": int(found["target"])}


def _puzzle24(found: Mapping[str, str]) -> Data | None:
    return {"numbers": _integers(found["numbers"])}


def _integers(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"[0-9]+", text)]


def _mini_sudoku(found: Mapping[str, str]) -> Data | None:
    rows = re.sub(r"[ \t]", "", found["grid"]).translate(str.maketrans(".0", "__")).split("\n")
    return {"puzzle": rows} if "_" in "".join(rows) else None


_TERM = re.compile(r"([-+]?)(?:([0-9]{1,9})\*?([a-z])|([a-z])|([0-9]{1,9}))")


def _simple_equations(found: Mapping[str, str]) -> Data | None:
    """a*x + b = c in one unknown, with a whole solution; else None."""
    left, _, right = found["equation"].replace(" ", "").partition("=")
    a = b = at = 0
    letters: set[str] = set()
    while at < len(left):
        term = _TERM.match(left, at)
        if term is None or (at and not term[1]):
            return None
        sign = -1 if term[1] == "-" else 1
        if letter := term[3] or term[4]:
            letters.add(letter)
            a += sign * int(term[2] or 1)
        else:
            b += sign * int(term[5])
        at = term.end()
    c = int(right)
    if len(letters) != 1 or found.get("x", min(letters)) not in letters or not a or (c - b) % a:
        return None
    return {"a": a, "b": b, "c": c, "letter": letters.pop()}


_FILLER = "|".join(_expression(parse(filler), count()) for filler in (*FILLERS, *KO_FILLERS))
_ASIDE = re.compile(rf"^\s*(?:{_FILLER})\s+|\s+(?:{_FILLER})\s*$")
"""An unrelated sentence before or after a question."""
_ROOMS: dict[str, tuple[Any, re.Pattern[str], _Read]] = {
    "countdown": (countdown, re.compile(_NUMBERS), _countdown),
    "puzzle24": (puzzle24, re.compile(_NUMBERS), _puzzle24),
    "simple_equations": (simple_equations, re.compile("="), _simple_equations),
    "mini_sudoku": (mini_sudoku, re.compile(_GRID), _mini_sudoku),
}
"""By task: its module, what its questions hold, and how its fields are read."""
