"""Source coverage: the facts of the article that a program can compare.

Numbers with their units (deadlines, amounts, percentages), dates, e-mail and web addresses, phone
numbers. Each of the article must stand in the routine, and the routine may add none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from secondthought.routines.model import (
    Ask,
    Branch,
    Call,
    Clause,
    Confirm,
    Escalate,
    Goto,
    Note,
    Routine,
    Say,
    Section,
    Unknown,
)
from secondthought.routines.validate.findings import Finding

_LABEL = re.compile(r"^\s*(?:[-*+•]\s+)?\(?\d{1,3}\s?[a-z]?\s?[.)]\s+", re.MULTILINE)
_STEP = re.compile(r"\bstep \d+(?:\.\d+)*[a-z]?\b|\d+[a-z]? ?단계", re.IGNORECASE)
_URL = re.compile(
    r"\b(?:https?://|www\.)[^\s<>()\"'`]+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|co\.kr|kr)(?:/[^\s<>()\"'`]*)?\b"
)
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d-])\+?\d{1,4}(?:[-. ]\d{3,4}){1,3}(?![\d-])")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_UNITS = {
    "minute": "minute|min|분",
    "hour": "hour|hr|시간",
    "business day": "(?:business|working) day|영업일|근무일",
    "day": "(?:calendar )?day|일",
    "week": "week|주일?",
    "month": "month|개월|달",
    "year": "year|년",
    "percent": "%|percent|per cent|퍼센트|프로",
    "dollar": "dollar|usd|달러",
    "won": "won|krw|원",
    "time": "time|회|번",
}
_NUMBER = re.compile(
    r"(?P<currency>[$€£₩])?\s?(?<![\w.])"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<scale>만|천)?(?![\d])"
    r"(?:\s?(?:-|–|to|~|or|and|에서)\s?(?P<high>\d+(?:\.\d+)?))?"
    r"\s?-?(?P<unit>" + "|".join(f"(?:{form})s?" for form in _UNITS.values()) + r")?(?![a-z])",
    re.IGNORECASE,
)
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "₩": "won"}
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fourteen": 14, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
_WORD = re.compile(
    rf"\b({'|'.join(_WORDS)})(?=[ -](?:business |working |calendar )?"
    r"(?:minute|hour|day|week|month|year|dollar))",
    re.IGNORECASE,
)


_SAY_IT = "say or check it in the step that it belongs to"


@dataclass(frozen=True, slots=True)
class Fact:
    """value: the number, or the address in lower case. unit: "day", "dollar", ..., "" for none.
    text: as it stands in the text; "" = not known. Facts in other words are equal."""

    value: float | str
    unit: str = ""
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        if self.text:
            return self.text
        value = f"{self.value:g}" if isinstance(self.value, float) else self.value
        return f"{value} {self.unit}".strip()


def facts(text: str) -> dict[Fact, int]:
    """The facts of a text, each with the line where it stands first."""
    found: dict[Fact, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        line = _STEP.sub(" ", _LABEL.sub("", line[:20_000]))
        line = _WORD.sub(lambda m: str(_WORDS[m[1].lower()]), line)
        for pattern, trimmed in ((_EMAIL, ""), (_URL, "./,"), (_DATE, ""), (_PHONE, "")):
            for match in pattern.finditer(line):
                value = match[0].lower().rstrip(trimmed or ".")
                if pattern is _PHONE:
                    value = re.sub(r"\D", "", value)
                    if len(value) < 7:
                        continue
                found.setdefault(Fact(value, text=match[0]), number)
                line = line.replace(match[0], " " * len(match[0]))
        for match in _NUMBER.finditer(line):
            scale = {"만": 10_000, "천": 1_000}.get(match["scale"] or "", 1)
            currency, unit = _CURRENCIES.get(match["currency"] or "", ""), _unit(match["unit"])
            low, high = match["number"], match["high"]
            text = "" if high else match[0].strip()
            found.setdefault(_fact(low, currency or unit, scale, text), number)
            if high:
                found.setdefault(_fact(high, unit or currency, scale), number)
    return found


def check_source(routine: Routine, article: str) -> Iterator[Finding]:
    said: dict[Fact, tuple[int, str]] = {}
    for step in routine.walk():
        for fact in facts(_text(step.clause)):
            said.setdefault(fact, (step.line, step.label))
    for text in (*routine.rules, *routine.intro, *(f.purpose for f in routine.functions)):
        for fact in facts(text):
            said.setdefault(fact, (0, ""))
    for function in routine.functions:
        for parameter in function.parameters:
            for fact in facts(parameter.about):
                said.setdefault(fact, (function.line, ""))
    written = facts(article)
    for fact, line in written.items():
        if not _matches(fact, said):
            message = f"the article says {fact} (its line {line}), and no step does"
            yield Finding("W24", message, mend=_SAY_IT)
    for fact, (line, step) in said.items():
        if not _matches(fact, written):
            yield Finding("W24", f"{fact} is said here and not in the article", line, step)


def coverage(routine: Routine, article: str) -> tuple[int, int]:
    """How many facts of the article occur in the routine, and how many there are."""
    written = facts(article)
    missing = sum(f.mend == _SAY_IT for f in check_source(routine, article))
    return len(written) - missing, len(written)


def _matches(fact: Fact, others: dict[Fact, int] | dict[Fact, tuple[int, str]]) -> bool:
    return fact in others or any(
        fact.value == other.value and not (fact.unit and other.unit) for other in others
    )


def _fact(number: str, unit: str, scale: int, text: str = "") -> Fact:
    return Fact(float(number.replace(",", "")) * scale, unit, text)


def _unit(text: str | None) -> str:
    if not text:
        return ""
    for name, form in _UNITS.items():
        if re.fullmatch(f"(?:{form})s?", text, re.IGNORECASE):
            return name
    return ""


def _text(clause: Clause) -> str:
    match clause:
        case Say() | Ask() | Confirm() | Unknown() | Note():
            return clause.text
        case Branch():
            return f"{clause.condition}"
        case Call() | Goto():
            return clause.note
        case Escalate():
            return clause.reason
        case Section():
            return clause.title
        case _:
            return ""
