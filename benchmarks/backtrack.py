"""What it costs to take steps back: the same questions, thought about once and with backtracking.

    python benchmarks/backtrack.py --items 64
    python benchmarks/backtrack.py --items 32 --askers 1 --effort low,medium,high

All questions are asked at once, or by so many askers at a time. Every correction is a request of
its own whose prompt holds the thought so far. Reported for each effort: wall and CPU seconds;
tokens generated; calls of the model; tokens of all their prompts, and how many of those went
through the network, because the engine had not computed them before.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from random import Random

from secondthought import Reasoner
from secondthought.messages import Problem
from secondthought.models import embedded
from secondthought.models.base import Delta, Request
from secondthought.models.embedded import Embedded
from secondthought.tasks import catalogue


class Counted(Embedded):
    """The embedded model, and how often it was called."""

    calls = 0

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        self.calls += 1
        async for delta in super().generate(request):
            yield delta


def questions(count: int) -> list[Problem]:
    """Over all tasks in turn."""
    tasks = [catalogue.task(name) for name in catalogue.names()]
    chosen = [tasks[i % len(tasks)] for i in range(count)]
    return [
        task.generate(Random(900_000_000 + i), task.default_level).problem
        for i, task in enumerate(chosen)
    ]


async def measure(options: argparse.Namespace, effort: str) -> list[str]:
    """One row of the table, with an engine of its own."""
    model = Counted.load(embedded.find(options.model), threads=options.threads)
    reasoner = Reasoner(model, effort=effort)
    places = asyncio.Semaphore(options.askers or options.items)

    async def ask(problem: Problem) -> int:
        async with places:
            trace = await reasoner.answer(problem)
            return trace.ledger.generated()

    wall, cpu = time.perf_counter(), time.process_time()
    generated = sum(await asyncio.gather(*map(ask, questions(options.items))))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    scheduler = model.engine.scheduler
    computed, prompts = scheduler.computed, scheduler.computed + scheduler.reused
    await model.close()
    strategy = reasoner.policy().strategy
    counts = (generated, model.calls, prompts, computed)
    return [effort, strategy, f"{wall:.1f}", f"{cpu:.1f}", *(f"{count:,}" for count in counts)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="mini")
    parser.add_argument("--effort", type=lambda s: s.split(","), default=["low", "medium"])
    parser.add_argument("--items", type=int, default=64)
    parser.add_argument("--askers", type=int, help="at a time; default: all at once")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    head = ("effort", "strategy", "wall s", "CPU s", "generated", "calls", "of prompts", "computed")
    print("| " + " | ".join(head) + " |\n| --- | --- |" + " --: |" * (len(head) - 2))
    for effort in options.effort:
        print("| " + " | ".join(asyncio.run(measure(options, effort))) + " |", flush=True)


if __name__ == "__main__":
    main()
