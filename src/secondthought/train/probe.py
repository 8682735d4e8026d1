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
from secondthought.tasks.base import TRAIN_SEEDS, Item, Wording

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
    engine = Engine.load(folder, threads=threads)
    try:
        items: list[Item] = []
        for name in tasks:
            task = catalogue.task(name)
            chosen = task.default_level if level is None else level
            for i in range(n):
                rng = Random(first_seed + i)
                items.append(task.generate(rng, chosen, split="train", wording=wording))
        prompts = [tokenizer.prompt(item.problem.messages, think=think) for item in items]
        rollouts = engine.generate_ids(prompts, max_thought=1400, max_answer=200)
    finally:
        engine.close()
    found: dict[str, list[Probe]] = {name: [] for name in tasks}
    for item, rollout in zip(items, rollouts, strict=True):
        thought = tokenizer.decode(rollout.ids[: rollout.thought_len])
        answer = tokenizer.decode(rollout.answer_ids)
        correct = catalogue.task(item.task).verify(item, answer).passed
        found[item.task].append(Probe(item, rollout, thought, answer, correct))
    return found


def probe(
    folder: Path, tasks: Sequence[str], *, n: int = 24, think: bool = True
) -> dict[str, float]:
    """Accuracy per task, 0 to 1."""
    found = attempts(folder, tasks, n=n, think=think)
    return {name: sum(p.correct for p in probes) / n for name, probes in found.items()}
