"""What to practise: what is neither solved nor hopeless.

A group of samples that are all right or all wrong teaches nothing. So the pass rate of every
task and level is measured as training goes, old evidence fades, and levels whose rate stands
between 30 and 70 % are drawn most. Within a level questions differ still more: those that were
answered both right and wrong are kept and asked again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from random import Random
from typing import Any

from secondthought.tasks.base import Task

LOW, HIGH = 0.3, 0.7
FLOOR = 0.05
"""Weight of a level that is solved or hopeless: it is looked at now and then."""
WINDOW = 256
"""Samples after which old evidence has faded to 1/e."""
PRIOR = 4
"""A level that was never tried counts as half right in this many samples."""


class Curriculum:
    """Measured pass rates by task and level. A function of what it was told, so it is resumed
    from its state alone."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._counts = {t.name: {level: [0.0, 0.0] for level in t.levels} for t in tasks}

    def rate(self, task: str, level: int) -> float:
        """The estimated pass rate, 0 to 1; 0.5 where nothing is known."""
        tried, right = self._counts[task][level]
        return (right + PRIOR / 2) / (tried + PRIOR)

    def weight(self, task: str, level: int) -> float:
        """1 inside the band, falling straight to FLOOR at 0 and 1."""
        rate = self.rate(task, level)
        inside = min(1.0, rate / LOW, (1 - rate) / (1 - HIGH))
        return max(FLOOR, inside)

    def draw(self, rng: Random, task: Task) -> int:
        """A level of the task."""
        levels = list(task.levels)
        return rng.choices(levels, [self.weight(task.name, level) for level in levels])[0]

    def draw_task(self, rng: Random, tasks: Sequence[Task]) -> Task:
        """One of the tasks; those without a level in the band are drawn less."""
        best = [max(self.weight(t.name, level) for level in t.levels) for t in tasks]
        return rng.choices(tasks, best)[0]

    def record(self, task: str, level: int, tried: int, right: int) -> None:
        counts = self._counts[task][level]
        fade = exp(-tried / WINDOW)
        counts[0] = fade * counts[0] + tried
        counts[1] = fade * counts[1] + right

    def rates(self) -> dict[str, dict[str, float]]:
        """Rates of what has been tried, for the metrics: task -> level -> rate."""
        return {
            task: {str(level): right / tried for level, (tried, right) in levels.items() if tried}
            for task, levels in self._counts.items()
            if any(tried for tried, _ in levels.values())
        }

    def state(self) -> dict[str, Any]:
        return {
            t: {str(n): list(c) for n, c in levels.items()} for t, levels in self._counts.items()
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a state; tasks and levels that it does not know start afresh."""
        for task, levels in self._counts.items():
            for level in levels:
                saved = state.get(task, {}).get(str(level))
                if saved is not None:
                    levels[level] = [float(saved[0]), float(saved[1])]


@dataclass(frozen=True, slots=True)
class Seen:
    """A question that was asked: the number it was drawn with, its task and level."""

    number: int
    task: str
    level: int


class Unsettled:
    """Questions answered both right and wrong, longest ago first. Whoever takes one out puts it
    back while its attempts still differ."""

    def __init__(self) -> None:
        self._waiting: deque[Seen] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, seen: Seen) -> None:
        self._waiting.append(seen)

    def take(self) -> Seen:
        """Raises IndexError when there is none."""
        return self._waiting.popleft()

    def state(self) -> list[list[Any]]:
        return [[seen.number, seen.task, seen.level] for seen in self._waiting]

    def restore(self, state: Sequence[Sequence[Any]]) -> None:
        self._waiting = deque(Seen(*row) for row in state)
