"""Integer expressions with + - * / and brackets: parsed by hand, computed with fractions.

Answers of models and users come here, so nothing is evaluated: the text is cut into tokens and
read by recursive descent, with a limit on its length, its depth and the digits of a number.

    sum    = product (("+" | "-") product)*
    product = signed (("*" | "/") signed)*
    signed = ("+" | "-") signed | number | "(" sum ")"
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from secondthought.trace import Verdict

MAX_LENGTH = 200
MAX_DEPTH = 24
MAX_DIGITS = 9

_TOKEN = re.compile(r"[ \t]*(?:([0-9]+)|([-+*/()]))")


class ExpressionError(ValueError):
    """A text that is no such expression, or one without a value (division by zero)."""


@dataclass(frozen=True, slots=True)
class Expression:
    """value: exact. numbers: every number written, in order, without its sign."""

    value: Fraction
    numbers: tuple[int, ...]


def parse(text: str) -> Expression:
    """Read and compute an expression. Raises ExpressionError, whatever the text."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError("the expression is too long")
    reader = _Reader(_tokens(text.strip(" \t")))
    value = reader.sum(0)
    if reader.at < len(reader.tokens):
        raise ExpressionError(f"unexpected {reader.tokens[reader.at]!r}")
    return Expression(value, tuple(reader.numbers))


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionError(f"unexpected {text[at]!r}")
        token = match[1] or match[2]
        if len(token) > MAX_DIGITS:
            raise ExpressionError("a number is too long")
        if token[0] == "0" and token != "0":
            raise ExpressionError("a number begins with 0")
        tokens.append(token)
        at = match.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0
        self.numbers: list[int] = []

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def sum(self, depth: int) -> Fraction:
        value = self._product(depth)
        while (sign := self._next()) in ("+", "-"):
            self.at += 1
            term = self._product(depth)
            value = value + term if sign == "+" else value - term
        return value

    def _product(self, depth: int) -> Fraction:
        value = self._signed(depth)
        while (sign := self._next()) in ("*", "/"):
            self.at += 1
            factor = self._signed(depth)
            if sign == "*":
                value *= factor
            elif factor == 0:
                raise ExpressionError("division by zero")
            else:
                value /= factor
        return value

    def _signed(self, depth: int) -> Fraction:
        if depth > MAX_DEPTH:
            raise ExpressionError("the expression is nested too deeply")
        token = self._next()
        if not token:
            raise ExpressionError("the expression ends too early")
        self.at += 1
        if token == "-":
            return -self._signed(depth + 1)
        if token == "+":
            return self._signed(depth + 1)
        if token == "(":
            value = self.sum(depth + 1)
            if self._next() != ")":
                raise ExpressionError("a bracket is not closed")
            self.at += 1
            return value
        if not token[0].isdigit():
            raise ExpressionError(f"unexpected {token!r}")
        number = int(token)
        self.numbers.append(number)
        return Fraction(number)


def judge(text: str, numbers: Sequence[int], target: int) -> Verdict:
    """Is the answer an expression of exactly these numbers, each once, with this value?"""
    try:
        found = parse(bare(text))
    except ExpressionError as error:
        return Verdict.of(False, f"that is no arithmetic expression: {error}")
    if complaint := _complaint(found.numbers, numbers):
        return Verdict.of(False, complaint)
    if found.value != target:
        return Verdict.of(False, f"that makes {found.value}, not {target}")
    return Verdict.of(True)


def _complaint(used: Sequence[int], given: Sequence[int]) -> str:
    """What is wrong with the numbers of an answer; "" when they are the given ones."""
    have, want = Counter(used), Counter(given)
    for n in used:
        if n not in want:
            return f"{n} is not among the numbers"
    for n in used:
        if have[n] > want[n]:
            return f"{n} is used too often"
    for n in given:
        if have[n] < want[n]:
            return f"{n} is not used" if have[n] == 0 else f"{n} is used too seldom"
    return ""


def bare(text: str) -> str:
    """An answer without the wrapping that people and models add: white space around it, an
    "Answer:" or "The answer is" before it, a full stop after it."""
    text = text.strip()
    text = text[m.end() :] if (m := _LEAD.match(text)) else text
    return text.removesuffix(".").rstrip()


_LEAD = re.compile(r"(?:the |final )?answer(?: is\b:?|:)\s*", re.IGNORECASE)
