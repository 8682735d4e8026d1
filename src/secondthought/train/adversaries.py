"""What policies that solve nothing would earn: reinforcement learning finds every hole there is.

The policies of `tasks.check` (nothing, the question back, all numbers at once, several answers
at once, very long noise, look-alike digits, ...), and constants: the best that a policy can do
without reading the question is the commonest answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from secondthought.tasks.base import DONT_KNOW, Item, Task
from secondthought.tasks.check import POLICIES
from secondthought.train.probe import FIRST_SEED

TOLERATED = 0.01
"""Share of items on which a trick may be taken for an answer."""


@dataclass(frozen=True, slots=True)
class Earned:
    """Mean returns on a task, 0 to 1. constant: of the commonest answer, and that answer.
    tricks: by policy. declined: of "I don't know."."""

    task: str
    constant: float
    answer: str
    declined: float
    tricks: dict[str, float]

    @property
    def worst(self) -> tuple[str, float]:
        """The trick that earns most."""
        return max(self.tricks.items(), key=lambda pair: pair[1])

    @property
    def ok(self) -> bool:
        return self.worst[1] <= TOLERATED and self.declined <= max(TOLERATED, self.constant)


def earned(task: Task, n: int = 100, level: int | None = None) -> Earned:
    """Ask all policies at `level`, or the default one. What a verifier raises is not caught."""
    level = task.default_level if level is None else level
    items = [task.generate(Random(FIRST_SEED + i), level, split="train") for i in range(n)]
    [(common, _)] = Counter(item.answer for item in items).most_common(1)
    pairs = [(item, _other(item, items)) for item in items]
    return Earned(
        task.name,
        _share([task.verify(item, common).passed for item in items]),
        common,
        _share([task.verify(item, DONT_KNOW).passed for item in items]),
        {
            name: _share([task.verify(a, policy(a, b)).passed for a, b in pairs])
            for name, policy in POLICIES.items()
        },
    )


def _other(item: Item, items: Sequence[Item]) -> Item:
    """An item with another answer; the item itself where all have the same."""
    return next((i for i in items if i.answer.strip() != item.answer.strip()), item)


def _share(passed: Sequence[bool]) -> float:
    return sum(passed) / len(passed)
