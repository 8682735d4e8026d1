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
from typing import Any, Literal

from secondthought.messages import Problem
from secondthought.tasks import catalogue, countdown, mini_sudoku, puzzle24, simple_equations
from secondthought.tasks.expression import ExpressionError, bare, parse
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
    for name, pattern, read in _wordings():
        match = pattern.fullmatch(text)
        if match is not None and (data := read(match.groupdict())) is not None:
            return name, data
    return None


def _judge(name: str, data: Data, text: str) -> Verdict:
    if name in ("countdown", "puzzle24") and not _is_expression(text):
        # Perhaps a sentence around a right one: no proof either way.
        return Verdict(Outcome.CANNOT_TELL, verifier=NAME)
    found = catalogue.task(name).check_answer(data, text)
    return Verdict(found.outcome, found.score, found.feedback, verifier=NAME)


def _is_expression(text: str) -> bool:
    try:
        parse(bare(text))
    except ExpressionError:
        return False
    return True


# --- reading a question ---------------------------------------------------------------------

_Read = Callable[[Mapping[str, str]], Data | None]


@cache
def _wordings() -> tuple[tuple[str, re.Pattern[str], _Read], ...]:
    return tuple(_compile())


def _compile() -> Iterator[tuple[str, re.Pattern[str], _Read]]:
    rooms: tuple[tuple[str, Any, _Read], ...] = (
        ("countdown", countdown, _countdown),
        ("puzzle24", puzzle24, _puzzle24),
        ("simple_equations", simple_equations, _simple_equations),
        ("mini_sudoku", mini_sudoku, _mini_sudoku),
    )
    for name, task, read in rooms:
        wordings = (*task.GYM, *task.OWN_EN, *task.OWN_KO, *task.HELD_OUT_EN, *task.HELD_OUT_KO)
        for wording in wordings:
            yield name, _pattern(wording), read


def _pattern(wording: str) -> re.Pattern[str]:
    """Any case, any white space where the wording has some, any greeting and closing mark."""
    parts: list[str] = []
    seen: set[str] = set()
    for words, field in re.findall(r"([^{]*)(?:\{([a-z]+)\})?", wording.strip().rstrip(".?! ")):
        parts += [
            re.escape(part) if part.strip() else r"\s+"
            for part in re.split(r"(\s+)", words)
            if part
        ]
        if field:
            parts.append(f"(?P={field})" if field in seen else f"(?P<{field}>{_FIELDS[field]})")
            seen.add(field)
    return re.compile(_GREETING + "".join(parts) + _THANKS, re.IGNORECASE)


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
