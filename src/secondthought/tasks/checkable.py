"""A sound verifier for puzzles whose question says all that an answer must satisfy.

It reads the numbers (or the grid, or the equation) out of the question's text and judges an
answer by them; no item and no gold answer is at hand. It knows the wordings of Countdown, the
game of 24, simple equations and mini Sudoku that their tasks know, with any numbers, polite words
and punctuation around them. A question in other words is none that it understands, and it cannot
tell: to misread a question would be worse than to leave it. So it is with an answer in other words
than `checkable_answers` reads, and with a conversation that may have set other rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any, Literal

from secondthought.messages import Problem
from secondthought.tasks import (
    checkable_answers,
    countdown,
    mini_sudoku,
    puzzle24,
    simple_equations,
)
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
        if read is None or _changes_rules(problem):
            return [Verdict(Outcome.CANNOT_TELL, verifier=NAME)] * len(candidates)
        name, data = read
        rules = {"whole": _all_used(problem.question, data), "ordered": _in_order(problem.question)}
        verdicts = [checkable_answers.judge(name, data, c, **rules) for c in candidates]
        return [replace(verdict, verifier=NAME) for verdict in verdicts]


def understood(question: str) -> tuple[str, Data] | None:
    """(task, data as its items have it) of a question; None for one that is not understood."""
    text = question.strip().replace("\r\n", "\n")
    if len(text) > _LONGEST or re.search("[0-9]!", text):  # which may be a factorial
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


def _changes_rules(problem: Problem) -> bool:
    """Whether what stands before the question may say how such a puzzle is meant here: it speaks
    of numbers and the like and of what one may do. Better once too often than once too seldom,
    but a message that is itself understood as a puzzle says nothing of the next one."""
    asked = [i for i, m in enumerate(problem.messages) if m.role == "user"][-1:]
    before = [m for m in problem.messages[: asked[0] if asked else None] if m.role in _INSTRUCTS]
    return any(
        _SUBJECT.search(m.text) and _CHANGE.search(m.text) and understood(m.text) is None
        for m in before
    )


_INSTRUCTS = ("system", "developer", "user")
_SUBJECT = re.compile(
    r"\b(?:numbers?|digits?|cards?|tiles?|operat\w+|arithmetic\w*|calculat\w+|brackets?|parenthes\w+"
    r"|additions?|subtractions?|multiplications?|divisions?|powers?|exponents?|factorials?|roots?"
    r"|modul\w+|base|sudokus?|grids?|diagonals?|equations?|variables?|unknowns?|expressions?"
    r"|puzzles?|games?|countdown|24|rules?|variants?)\b"
    r"|숫자|수를|수는|카드|연산|사칙|덧셈|뺄셈|곱셈|나눗셈|괄호|제곱|진법|스도쿠|대각선|방정식|퍼즐|게임|규칙",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:rules?|variants?|instead|allow\w*|permit\w*|forbid\w*|forbidden|must|may|can|cannot|never"
    r"|always|only|no|not|without|except|unless|once|twice|often|repeat\w*|reus\w*|leave|skip\w*"
    r"|at (?:most|least)|also|too|use|uses|using|counts?|modul\w+|base|means?|stands? for)\b"
    r"|규칙|허용|금지|대신|이어|반복|여러 번|만\s|빼고|없이|않|말고|써도|뜻|진법|돼|됩니다",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\ball\b|\beach\b|\bevery\b|\bnone\b|\bno number left\b|\bnothing left over\b|\bonce\b"
    r"|모두|전부|다 |한 번씩|빠짐없이|남김없이",
    re.IGNORECASE,
)


def _all_used(question: str, data: Mapping[str, Any]) -> bool:
    """Whether every number must be used: the game of 24 has it so, that of the TV show Countdown
    has not, where its question does not say so."""
    game = data.get("target", 24) == 24 and "countdown" not in question.lower()
    return game or _ALL.search(question) is not None


def _in_order(question: str) -> bool:
    """Whether signs are to be put between numbers, which then may have to stay where they are."""
    text = question.lower()
    free = "order" in text or "like" in text
    return not free and re.search(r"\bbetween\b|\bamong\b|사이에", text) is not None


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
    numbers = _integers(found["numbers"])
    return None if numbers is None else {"numbers": numbers, "target": int(found["target"])}


def _puzzle24(found: Mapping[str, str]) -> Data | None:
    numbers = _integers(found["numbers"])
    return None if numbers is None else {"numbers": numbers}


_THOUSANDS = re.compile(r"(?<![0-9])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9])")


def _integers(text: str) -> list[int] | None:
    """The numbers of a list; None where a comma may be one of thousands, as in "1,000 and 5"."""
    apart = set(re.findall(r"(?<=[0-9])[^0-9]+(?=[0-9])", text))
    if _THOUSANDS.search(text) and (apart != {","} or _THOUSANDS.fullmatch(text)):
        return None
    found = re.findall(r"[0-9]+", text)
    return None if any(n[0] == "0" and n != "0" for n in found) else [int(n) for n in found]


def _mini_sudoku(found: Mapping[str, str]) -> Data | None:
    rows = re.sub(r"[ \t]", "", found["grid"]).translate(str.maketrans(".0", "__")).split("\n")
    return {"puzzle": rows} if "_" in "".join(rows) else None


_TERM = re.compile(r"([-+]?)(?:([0-9]{1,9})\*?([a-z])|([a-z])|([0-9]{1,9}))")


def _simple_equations(found: Mapping[str, str]) -> Data | None:
    """a*x + b = c in one unknown, with a whole solution; else None. "x = 5" alone may tell what x
    is from now on, "2 3x" may be a slip, and the dash of "- 3x = 6" that of a list."""
    if re.search(r"[0-9] +[0-9]|^\s*[-+] ", found["equation"]):
        return None
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
    if (a, b) == (1, 0):
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
