"""When two answers are the same: the key under which a vote counts an answer.

A vote is as good as its idea of "the same answer". What a kind of answer leaves to taste
(thousands separators, brackets around a choice, the order of a JSON object's keys, the order of
a sum) is taken out; nothing is evaluated but numbers and + - * / between them, by our own parser.
"""

from __future__ import annotations

import json
import re
import unicodedata
from fractions import Fraction
from itertools import groupby
from typing import Any

from secondthought.loop.base import Answer
from secondthought.messages import TEXT, AnswerFormat, ToolCall
from secondthought.tasks import expression
from secondthought.verifiers.choice import read_choice

_LABEL = re.compile(
    r"(?:^|\n)[ \t*#>]*(?:(?:the )?(?:final )?answer\b[ \t*]*(?::|is\b:?)"
    r"|(?:최종 )?(?:정답|답)[ \t*]*(?:은|:))(.*)",
    re.I,
)
_POLITE = re.compile(r"(?:입니다|이에요|예요|이다)$")
_BOXED = re.compile(r"\\boxed\{((?:[^{}]|\{[^{}]*\})*)\}")
_FRAC = re.compile(r"([-+−]?) ?\\[dt]?frac\{ ?([0-9]{1,60}) ?\}\{ ?([0-9]{1,60}) ?\}")
_FENCE = re.compile(r"\A```[A-Za-z0-9_+-]*\n(.*?)\n?```\Z", re.DOTALL)
_NUMBER = re.compile(
    r"([-+−]?)(?:[$€£] ?)?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
    r"(?:[eE]([-+]?[0-9]{1,3}))?( ?%)?"
)
_RATIO = re.compile(r"([-+−]?[0-9]{1,60}) ?/ ?([0-9]{1,60})")
_NAMED = re.compile(r"([A-Za-z]) ?= ?([^=]+)")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_DIGITS = 400
_RAISED = ("<super>", "<sub>", "<fraction>")
"""Decompositions of characters whose plain form would say something else."""


def canonical(answer: Answer, format: AnswerFormat = TEXT) -> str | None:
    """The key of an answer; equal keys are equal answers. None for an empty one.

    Tool calls are compared by their names and arguments, whatever is said beside them.
    """
    if answer.tool_calls:
        return "call " + "\n".join(map(_call, answer.tool_calls))
    text = _normal(answer.text).strip()
    if not text:
        return None
    if format.kind == "json":
        return _json(text) or _plain(text)
    if format.kind == "grid":
        return _grid(text)
    if format.kind == "choice" and (letter := read_choice(text, _LETTERS)):
        return f"choice {letter}"
    text = _final(text)
    if format.kind == "expression":
        return _expression(text) or _plain(text)
    return _number(text) or _expression(text) or _named(text) or _plain(text)


def _normal(text: str) -> str:
    """One way to write the same characters; but 2³ is not 23, and a half behind a 1 no eleven."""
    if text.isascii():
        return text
    parts = groupby(text, lambda c: c > "\x7f" and unicodedata.decomposition(c).startswith(_RAISED))
    return "".join(
        "".join(part) if raised else unicodedata.normalize("NFKC", "".join(part))
        for raised, part in parts
    )


def _final(text: str) -> str:
    """The answer within an answer: the last "Answer: ..." line or \\boxed{}, else the text."""
    fenced = _FENCE.match(text)
    text = fenced[1].strip() if fenced else text
    named = [m for pattern in (_LABEL, _BOXED) for m in pattern.finditer(text) if m[1].strip()]
    if named:
        text = max(named, key=lambda m: m.start())[1].strip()
    boxed = _BOXED.fullmatch(text.strip("$ "))
    text = boxed[1] if boxed else text
    text = _POLITE.sub("", text.strip().strip("*`$").strip().removesuffix(".").rstrip())
    return text.rstrip("*`$ ")


def _plain(text: str) -> str:
    """White space, case and a final full stop do not matter."""
    return "text " + " ".join(text.casefold().split()).removesuffix(".").rstrip()


def _number(text: str) -> str | None:
    """1,234.50 is 1234.5, 50 % is 1/2; text that is more than a number is none."""
    if fraction := _FRAC.fullmatch(text):
        text = "{}{}/{}".format(*fraction.groups())
    if ratio := _RATIO.fullmatch(text):
        if not int(ratio[2]):
            return None
        return f"number {Fraction(int(ratio[1].replace('−', '-')), int(ratio[2]))}"
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > _MAX_DIGITS:
        return None
    sign, digits, exponent, percent = match.groups()
    value = Fraction(digits.replace(",", "")) * Fraction(10) ** int(exponent or 0)
    value = -value if sign in ("-", "−") else value
    return f"number {value / 100 if percent else value}"


def _expression(text: str) -> str | None:
    """By value and numbers used, so that 3*8+1 is 1+8*3, and not 5*5. With its value behind it,
    it is the same; with another one it is no expression, but a wrong claim."""
    body, _, said = text.rpartition("=") if re.search(r"= ?-?[0-9]+$", text) else (text, "", "")
    body = body.replace("×", "*").replace("·", "*").replace("÷", "/").replace("−", "-")
    try:
        found = expression.parse(body.strip())
    except expression.ExpressionError:
        return None
    if said and (len(said) > _MAX_DIGITS or found.value != int(said)):
        return None
    if len(found.numbers) == 1:
        return f"number {found.value}"
    return f"expression {found.value} of {sorted(found.numbers)}"


def _named(text: str) -> str | None:
    """x=7 is x = 7.0, but not y = 7."""
    match = _NAMED.fullmatch(text)
    number = _number(match[2]) if match else None
    return f"{match[1]} {number}" if match and number else None


def _grid(text: str) -> str:
    """Cells by rows; blanks, bars and commas between them and lines of dashes do not matter."""
    fenced = _FENCE.match(text)
    lines = (fenced[1] if fenced else text).casefold().split("\n")
    rows = [re.sub(r"[ \t\r|,;\[\]]", "", line) for line in lines]
    return "grid " + "/".join(row for row in rows if row.strip("-+=_"))


def _json(text: str) -> str | None:
    fenced = _FENCE.match(text)
    try:
        return "json " + _dump(json.loads(fenced[1] if fenced else text))
    except (ValueError, RecursionError):
        return None


def _call(call: ToolCall) -> str:
    try:
        return _dump([call.name, json.loads(call.arguments or "{}")])
    except (ValueError, RecursionError):
        return _dump([call.name, call.arguments])


def _dump(value: Any) -> str:
    return json.dumps(_whole(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _whole(value: Any) -> Any:
    """1.0 is 1; the order of keys goes in `_dump`, that of lists stays."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {k: _whole(v) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value
