"""Statements of knights and knaves: drawing them, their truth in a case, their short form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeAlias, cast

Statement: TypeAlias = tuple[Any, ...]
"""("is", person, truthful), ("not", s), ("and" or "or", s, s, ...), ("if", s, s), ("iff", s, s)."""
Case: TypeAlias = tuple[bool, ...]
"""For each person: does he or she tell the truth?"""

LETTERS = "ABCDEFGH"


def sample(rng: Random, speaker: int, people: int, depth: int, width: int) -> Statement:
    dice = rng.randrange(6)
    if depth == 1 or dice == 0:
        while True:
            truthful, person = rng.random() < 0.5, rng.randrange(people)
            if truthful or person != speaker:  # nobody says "I am a liar"
                return ("is", person, truthful)
    if dice == 1:
        inner = sample(rng, speaker, people, depth - 1, width)
        # "Not a knight" is said as "a knave".
        return ("is", inner[1], not inner[2]) if inner[0] == "is" else ("not", inner)
    operator = ("and", "or", "if", "iff")[dice - 2]
    count = rng.randint(2, width) if operator in ("and", "or") else 2
    parts: list[Statement] = []
    while len(parts) < count:
        part = sample(rng, speaker, people, depth - 1, width)
        if part not in parts:
            parts.append(part)
    return (operator, *parts)


def is_true(statement: Statement, case: Case) -> bool:
    kind, *parts = statement
    if kind == "is":
        person: int = parts[0]
        return case[person] == parts[1]
    values = [is_true(part, case) for part in parts]
    return _combine(kind, values)


def _combine(kind: str, values: Sequence[bool]) -> bool:
    if kind == "not":
        return not values[0]
    if kind == "and":
        return all(values)
    if kind == "or":
        return any(values)
    return values[0] == values[1] if kind == "iff" else not values[0] or values[1]


def consistent(case: Case, statements: Sequence[Statement]) -> bool:
    return all(is_true(s, case) == case[i] for i, s in enumerate(statements))


def from_json(statement: Any) -> Any:
    """JSON's lists as tuples."""
    if isinstance(statement, list):
        return tuple(from_json(part) for part in cast("list[Any]", statement))
    return statement


def _written(kind: str, parts: Sequence[str]) -> str:
    if kind == "not":
        return f"not {parts[0]}"
    return f"if {parts[0]} then {parts[1]}" if kind == "if" else f" {kind} ".join(parts)


def symbols(statement: Statement) -> str:
    """ "A+ or B-"; parts that are not plain stand in brackets."""
    return _short(statement, lambda person, truthful: LETTERS[person] + "-+"[truthful])


def restated(statement: Statement, names: Sequence[str], roles: tuple[str, str]) -> str:
    """ "Ann saint or Ben sinner": the statement's own words, as short as its symbols."""
    return _short(statement, lambda person, truthful: f"{names[person]} {roles[not truthful]}")


def _short(statement: Statement, plain: Callable[[int, bool], str]) -> str:
    kind, *parts = statement
    if kind == "is":
        return plain(*parts)
    inner = [_short(p, plain) if p[0] == "is" else f"({_short(p, plain)})" for p in parts]
    return _written(kind, inner)


def signs(case: Case) -> str:
    return " ".join(f"{LETTERS[i]}{'+' if sign else '-'}" for i, sign in enumerate(case))


def reductions(statement: Statement, case: Case) -> list[str]:
    """The statement with t and f for its plain parts, then with its inner parts worked out, until
    one letter is left: ["(t and f) iff t", "f iff t", "f"]."""
    if statement[0] == "is":
        return ["t" if is_true(statement, case) else "f"]
    inner = [reductions(part, case) for part in statement[1:]]
    lines: list[str] = []
    for step in range(max(map(len, inner))):
        parts: list[str] = []
        for texts in inner:
            text = texts[min(step, len(texts) - 1)]
            parts.append(text if len(text) == 1 else f"({text})")
        lines.append(_written(statement[0], parts))
    return [*lines, "t" if is_true(statement, case) else "f"]
