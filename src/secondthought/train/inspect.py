"""Look at a task's traces: samples, lengths, how often which kind of step goes wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from secondthought.tasks.base import TRAIN_SEEDS, Demonstration, Item, Task
from secondthought.tasks.steps import parse
from secondthought.trace import steps_failed


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters of the thoughts of one level."""

    level: int
    median: float
    p95: int
    longest: int


def demonstrations(
    task: Task, level: int, n: int, seed: int = 0
) -> list[tuple[Item, Demonstration]]:
    pairs: list[tuple[Item, Demonstration]] = []
    for i in range(n):
        rng = Random(TRAIN_SEEDS.start + seed + i)
        item = task.generate(rng, level, split="train")
        pairs.append((item, task.demonstrate(item, rng)))
    return pairs


def lengths(task: Task, level: int, n: int = 200) -> Lengths:
    sizes = sorted(len(d.thought) for _, d in demonstrations(task, level, n))
    return Lengths(level, median(sizes), sizes[int(0.95 * (len(sizes) - 1))], sizes[-1])


@dataclass(frozen=True, slots=True)
class StepErrors:
    """Of one kind of step: how many a model wrote, how many were wrong, how many of them were
    the first wrong step of a thought that led to a wrong answer."""

    kind: str
    written: int
    wrong: int
    fatal: int


def step_errors(
    folder: Path, name: str, n: int = 200, level: int | None = None
) -> list[StepErrors]:
    """A model's own thoughts, step by step; sorted by the number of fatal errors."""
    from secondthought.train.probe import attempts

    written, wrong, fatal = Counter[str](), Counter[str](), Counter[str]()
    for probe in attempts(folder, [name], n=n, level=level)[name]:
        steps = parse(probe.thought)
        for step in steps:
            written[step.kind] += 1
            if step.failed:
                wrong[step.kind] += 1
        first = steps_failed(steps)
        if not probe.correct:
            fatal[first.kind if first else "no step the dialect finds"] += 1
    kinds = sorted(written | fatal, key=lambda kind: (-fatal[kind], -wrong[kind], kind))
    return [StepErrors(kind, written[kind], wrong[kind], fatal[kind]) for kind in kinds]
