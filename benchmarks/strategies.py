"""What each way of thinking is worth: the same questions, several policies, one table.

    python benchmarks/strategies.py --tasks countdown --items 200 \
        "vote:low strategy=vote(think) samples=8 temperature=0.8 thought_tokens=4096 !verifiers" \
        "best:low strategy=best_of_n(think) samples=8 temperature=0.8 thought_tokens=4096"

A policy is NAME:EFFORT and then fields of it that differ. `!verifiers` thinks without the
verifiers that can prove an answer by its question; `fixed=K` is a vote over K samples, all of
them made. Tasks are names, or NAME@LEVEL; default: all at their default levels.

Each question is asked once under each policy. Reported for each: right answers with a 95 % Wilson
interval, generated tokens a question (thoughts and answers, of all samples); and for each pair of
policies that follow one another the difference with a bootstrap interval over the questions,
McNemar's exact p, and the ratio of the tokens. With --json every answer is appended to a file as
it comes, and a run that is begun again goes on from there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from secondthought import Reasoner
from secondthought.effort import Policy, policy
from secondthought.loop.base import Answer
from secondthought.loop.vote import Tally
from secondthought.models import embedded
from secondthought.models.embedded import Embedded
from secondthought.stats import mcnemar, paired_difference, wilson
from secondthought.tasks import catalogue
from secondthought.tasks.base import Item
from secondthought.trace import StopReason

SEED = 900_700_000
AT_ONCE = 64


@dataclass(frozen=True)
class Way:
    """A policy under a name. fixed: samples of a vote that does not stop early, 0 for none."""

    name: str
    policy: Policy
    verifiers: bool
    fixed: int

    @classmethod
    def of(cls, text: str, model: str) -> Way:
        head, *fields = text.split()
        name, _, effort = head.partition(":")
        changes: dict[str, Any] = {}
        for field in fields:
            key, equals, value = field.partition("=")
            if equals:
                changes[key] = value if key == "strategy" else json.loads(value)
        fixed = changes.pop("fixed", 0)
        found = policy(effort or name, model=model, **changes)
        return cls(name, found, "!verifiers" not in fields, fixed)


@dataclass(frozen=True)
class Asked:
    """One answer to one question."""

    way: str
    question: str
    right: bool
    tokens: int


def questions(tasks: list[str], items: int) -> list[Item]:
    """As many of every task, others than any training or evaluation suite draws."""
    found: list[Item] = []
    for name in tasks:
        name, _, level = name.partition("@")
        task = catalogue.task(name)
        for i in range(items):
            found.append(task.generate(Random(SEED + i), int(level or task.default_level)))
    return found


async def answer(reasoner: Reasoner, way: Way, item: Item, seed: int) -> tuple[str, int]:
    """The answer's text, and the tokens generated for it."""
    if not way.fixed:
        trace = await reasoner.answer(item.problem, policy=way.policy, seed=seed)
        return trace.answer, trace.ledger.generated()
    traces = [
        await reasoner.answer(item.problem, policy=way.policy, seed=seed * 1000 + k)
        for k in range(way.fixed)
    ]
    tally = Tally(item.problem.format)
    for trace in traces:
        tally.add(Answer(trace.answer, "", StopReason.STOP))
    leader = tally.leader
    return leader.text if leader else "", sum(trace.ledger.generated() for trace in traces)


async def ask_all(
    model: Embedded,
    ways: list[Way],
    items: list[Item],
    done: dict[tuple[str, str], Asked],
    keep: Callable[[Asked], None],
) -> None:
    """Fill `done`, all policies of a question side by side, so that a noisy hour hits all alike."""
    reasoners = {True: Reasoner(model), False: Reasoner(model, verifiers=())}
    places = asyncio.Semaphore(AT_ONCE)

    async def one(way: Way, number: int, item: Item) -> None:
        question = f"{item.task}@{item.level}-{number}"
        if (way.name, question) in done:
            return
        async with places:
            text, tokens = await answer(reasoners[way.verifiers], way, item, number)
        right = catalogue.task(item.task).verify(item, text).passed
        asked = done[way.name, question] = Asked(way.name, question, right, tokens)
        keep(asked)

    await asyncio.gather(*(one(w, i, item) for i, item in enumerate(items) for w in ways))


def table(ways: list[Way], done: dict[tuple[str, str], Asked]) -> str:
    """The two tables, in Markdown."""
    rows = {way.name: {q: a for (w, q), a in done.items() if w == way.name} for way in ways}
    lines = ["| policy | strategy | right | tokens |", "| --- | --- | --- | --: |"]
    mean: dict[str, float] = {}
    for way in ways:
        answers = rows[way.name].values()
        found = wilson(sum(a.right for a in answers), len(answers))
        mean[way.name] = sum(a.tokens for a in answers) / len(answers)
        kind = way.policy.strategy + (f", fixed {way.fixed}" if way.fixed else "")
        share = f"{found.value:.1%} ({found.low:.1%} to {found.high:.1%})"
        lines.append(f"| {way.name} | {kind} | {share} | {mean[way.name]:,.0f} |")
    lines += [
        "",
        "| | n | difference, points | McNemar p | tokens |",
        "| --- | --: | --- | --: | --: |",
    ]
    for first, second in pairwise(ways):
        common = [q for q in rows[first.name] if q in rows[second.name]]
        x = [rows[first.name][q].right for q in common]
        y = [rows[second.name][q].right for q in common]
        d = paired_difference([float(v) for v in x], [float(v) for v in y])
        points = f"{100 * d.value:+.1f} ({100 * d.low:+.1f} to {100 * d.high:+.1f})"
        times = mean[second.name] / max(1, mean[first.name])
        row = [f"{second.name} - {first.name}", str(len(common)), points, f"{mcnemar(x, y):.2g}"]
        lines.append("| " + " | ".join([*row, f"× {times:.2f}"]) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ways", nargs="+", metavar="POLICY")
    parser.add_argument("--tasks", type=lambda s: s.split(","), default=catalogue.names())
    parser.add_argument("--items", type=int, default=50, help="of each task")
    parser.add_argument("--model", default="secondthought-5m", help="a shipped model or its folder")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", default="")
    options = parser.parse_args()
    folder = embedded.find(options.model)
    model = Embedded.load(folder, name="secondthought-5m", threads=options.threads)
    ways = [Way.of(text, model.name) for text in options.ways]
    done: dict[tuple[str, str], Asked] = {}
    if options.json and Path(options.json).exists():
        for line in Path(options.json).read_text("utf-8").splitlines():
            asked = Asked(**json.loads(line))
            done[asked.way, asked.question] = asked
    items = questions(options.tasks, options.items)
    print(f"weights {model.weights_hash}, {len(items)} questions of {', '.join(options.tasks)}")
    with ExitStack() as stack:
        file = stack.enter_context(Path(options.json).open("a")) if options.json else None

        def keep(asked: Asked) -> None:
            if file:
                file.write(json.dumps(asdict(asked)) + "\n")
                file.flush()

        asyncio.run(ask_all(model, ways, items, done, keep))
    print(table(ways, done))


if __name__ == "__main__":
    main()
