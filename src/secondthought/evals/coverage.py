"""Risk and coverage: how often a model is right if it answers only when it is sure enough.

Questions are taken in the order of the confidence of their answers (El-Yaniv and Wiener 2010,
"On the foundations of noise-free selective classification"). Coverage is the share of all
questions that are answered; "I don't know." is no answer, however sure, nor is one that failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from secondthought.evals.results import Row
from secondthought.stats import wilson

TARGET = 0.99
"""Right so often of the times it answers."""
_SHOWN = 100  # points of a curve that a summary keeps


@dataclass(frozen=True, slots=True)
class Point:
    """What answering from this confidence on gives. coverage: the share of questions that are
    answered; accuracy: the share of those that are right; low, high: its Wilson 95 % interval,
    of as many as there are different questions: several answers to one are not independent."""

    confidence: float
    coverage: float
    accuracy: float
    low: float
    high: float


def curve(rows: Sequence[Row]) -> list[Point]:
    """A point for each confidence that occurs, the highest first; none without any."""
    answered = [
        (row.confidence, row.correct, row.id)
        for row in rows
        if row.confidence is not None
        and row.error is None
        and row.got.strip()
        and not (row.refused or row.gave_up)
    ]
    answered.sort(key=lambda answer: -answer[0])
    points: list[Point] = []
    n = right = 0
    questions: set[str] = set()
    for confidence, equals in groupby(answered, key=lambda answer: answer[0]):
        for _, correct, id in equals:
            n += 1
            right += correct
            questions.add(id)
        share = wilson(right * len(questions) / n, len(questions))
        points.append(Point(confidence, n / len(rows), share.value, share.low, share.high))
    return points


def furthest(points: Sequence[Point], target: float, *, sure: bool = False) -> Point | None:
    """The largest coverage at which `target` of the answers are right; None if there is none.

    sure: the lower end of the interval must reach it, not only the share itself.
    """
    good = [p for p in points if (p.low if sure else p.accuracy) >= target]
    return good[-1] if good else None


def figures(rows: Sequence[Row], target: float = TARGET) -> dict[str, Any] | None:
    """{target, at, sure: the furthest points, or None; points: the curve, thinned}. None where
    no answer has a confidence. The threshold is chosen on the rows it is told of: to use it,
    measure it on others."""
    points = curve(rows)
    if not points:
        return None
    step = max(1, len(points) // _SHOWN)
    shown = points[::-1][::step][::-1]
    found = {"at": furthest(points, target), "sure": furthest(points, target, sure=True)}
    return {
        "target": target,
        **{name: asdict(point) if point else None for name, point in found.items()},
        "points": [asdict(point) for point in shown],
    }
