"""Accuracy over tokens: the curves that show what thinking is worth, as numbers.

Tokens are all that was generated for an answer: thoughts, thrown-away samples, critics and the
answer itself, so that a vote of five and one long thought can be compared at equal cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from secondthought.evals.report import Summary

POOLED = {"pass": "pass@k", "vote": "vote@k", "best": "best@k"}


@dataclass(frozen=True, slots=True)
class Point:
    """tokens: mean a question; share: right; low, high: its 95 % interval; name: effort or k."""

    tokens: float
    share: float
    low: float
    high: float
    name: str


@dataclass(frozen=True, slots=True)
class Curve:
    """kind: "efforts", or one of `POOLED`'s values: k samples of one effort."""

    model: str
    kind: str
    points: tuple[Point, ...]


def overall(summary: Summary) -> list[Curve]:
    """The mean over groups by effort; and of pools, over questions, by k."""
    curves: list[Curve] = []
    for model, figures in summary["models"].items():
        efforts: dict[str, Any] = figures["efforts"]
        points = [
            _point(e, part["all"]["completion_tokens"], part["mean"]) for e, part in efforts.items()
        ]
        curves += _curve(model, "efforts", points)
        for effort, part in efforts.items():
            cells: dict[str, Any] = part.get("pool", {"k": {}})["k"]
            each = part["all"]["completion_tokens"]
            for kind, name in POOLED.items():
                shown = [
                    _point(k, each and int(k) * each, cell[kind])
                    for k, cell in cells.items()
                    if cell[kind] is not None
                ]
                curves += _curve(model, f"{name}, {effort}", shown)
    return curves


def by_group(summary: Summary) -> dict[str, list[Curve]]:
    """group -> a curve over efforts for each model."""
    found: dict[str, list[Curve]] = {}
    for model, figures in summary["models"].items():
        efforts: dict[str, Any] = figures["efforts"]
        for group in dict.fromkeys(g for part in efforts.values() for g in part["tasks"]):
            cells = {e: p["tasks"][group] for e, p in efforts.items() if group in p["tasks"]}
            points = [_point(e, c["completion_tokens"], c["accuracy"]) for e, c in cells.items()]
            found.setdefault(group, []).extend(_curve(model, "efforts", points))
    return found


def coverage(summary: Summary) -> dict[str, Summary]:
    """ "model, effort" -> its risk and coverage, where answers have a confidence."""
    return {
        f"{model}, {effort}": part["coverage"]
        for model, figures in summary["models"].items()
        for effort, part in figures["efforts"].items()
        if "coverage" in part
    }


def _point(name: str, tokens: float | None, e: dict[str, float]) -> Point | None:
    """None where nothing was generated: it has no place on a logarithmic axis."""
    return Point(tokens, e["value"], e["low"], e["high"], name) if tokens else None


def _curve(model: str, kind: str, points: list[Point | None]) -> list[Curve]:
    there = sorted((p for p in points if p is not None), key=lambda p: p.tokens)
    return [Curve(model, kind, tuple(there))] if there else []
