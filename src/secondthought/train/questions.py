"""Questions of our tasks as rows for other trainers: a prompt, the packed item, the gold answer.

Seeds are training ground that neither documents nor our own reinforcement learning use, and what
a trainer validates on comes from the probes' seeds: no evaluation seed ever leaves this project.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from secondthought.messages import BadInput
from secondthought.tasks import catalogue
from secondthought.tasks.base import Demonstration, Item, Task
from secondthought.tasks.scoring import INSTRUCTION, pack
from secondthought.train.episodes import question
from secondthought.train.probe import FIRST_SEED

SEEDS = range(7 * 10**8, FIRST_SEED)
VALIDATION_SEEDS = range(FIRST_SEED, 8 * 10**8)
TRIES = 20
"""Seeds looked at for each row that is wanted: a task of small support repeats itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """messages: role and content, as every chat template takes them. packed: `scoring.pack`."""

    messages: list[dict[str, str]]
    packed: str
    task: Task
    item: Item
    seed: int

    def demonstrate(self) -> Demonstration:
        """A worked trace."""
        return self.task.demonstrate(self.item, Random(self.seed))


def rows(
    names: Sequence[str],
    n: int,
    *,
    level: int | None = None,
    first: int = 0,
    seeds: range = SEEDS,
    instruct: bool = True,
) -> Iterator[Row]:
    """n different questions, the tasks taking turns; of a task of small support, what there is.

    level: of all tasks, else the default of each. first: how many of `seeds` to leave out.
    instruct: tell how to mark the answer (`scoring.INSTRUCTION`).
    Raises BadInput for a level that a task does not have, and when the seeds do not reach.
    """
    tasks = [(name, catalogue.task(name)) for name in names]
    for name, task in tasks:
        if level is not None and level not in task.levels:
            last = task.levels[-1]
            raise BadInput(f"task {name} has levels {task.levels[0]} to {last}, not {level}")
    if first < 0 or first + TRIES * n > len(seeds):
        raise BadInput(f"{n} questions from seed {first} on leave the training seeds; ask for less")
    seen: set[str] = set()
    for i in range(TRIES * n):
        name, task = tasks[i % len(tasks)]
        seed = seeds[first + i]
        item = question(Random(seed), task, task.default_level if level is None else level)
        if item.question in seen:
            continue
        seen.add(item.question)
        yield Row(_messages(item, instruct), pack(name, item), task, item, seed)
        if len(seen) == n:
            return


def _messages(item: Item, instruct: bool) -> list[dict[str, str]]:
    """All turns; with the instruction the question alone, as not every template takes a system
    message."""
    if instruct:
        return [{"role": "user", "content": f"{item.question}\n\n{INSTRUCTION}"}]
    return [{"role": m.role, "content": m.text} for m in item.problem.messages]
