"""Quick accuracy during training: greedy answers on unseen items, through the engine that ships.

Probe items come from their own seeds inside the training range, never from evaluation ground, so
that no judgement of a run (task weights, when to decay) is made on what is reported later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Engine, Rollout
from secondthought.tasks import catalogue
from secondthought.tasks.base import TRAIN_SEEDS, Item, Task, Wording

FIRST_SEED = TRAIN_SEEDS.stop - 10**6


@dataclass(frozen=True, slots=True)
class Probe:
    """One item and what the model made of it."""

    item: Item
    rollout: Rollout
    thought: str
    answer: str
    correct: bool


def attempts(
    folder: Path,
    tasks: Sequence[str],
    *,
    n: int = 32,
    level: int | None = None,
    think: bool = True,
    wording: Wording = "own",
    first_seed: int = FIRST_SEED,
    threads: int = 2,
) -> dict[str, list[Probe]]:
    """Greedy attempts at `n` items a task, at `level` or each task's default."""
    asked: list[tuple[str, Task, Item]] = []
    for name in tasks:
        task = catalogue.task(name)
        chosen = task.default_level if level is None else level
        for i in range(n):
            rng = Random(first_seed + i)
            asked.append((name, task, task.generate(rng, chosen, split="train", wording=wording)))
    engine = Engine.load(folder, threads=threads)
    try:
        prompts = [tokenizer.prompt(item.problem.messages, think=think) for _, _, item in asked]
        rollouts = engine.generate_ids(prompts, max_thought=1000, max_answer=200)
    finally:
        engine.close()
    found: dict[str, list[Probe]] = {name: [] for name in tasks}
    for (name, task, item), rollout in zip(asked, rollouts, strict=True):
        thought = tokenizer.decode(rollout.ids[: rollout.thought_len])
        answer = tokenizer.decode(rollout.answer_ids)
        correct = task.verify(item, answer).passed
        found[name].append(Probe(item, rollout, thought, answer, correct))
    return found


def probe(
    folder: Path, tasks: Sequence[str], *, n: int = 16, think: bool = True
) -> dict[str, float]:
    """Accuracy per task, 0 to 1."""
    found = attempts(folder, tasks, n=n, think=think)
    return {name: sum(p.correct for p in probes) / n for name, probes in found.items()}
