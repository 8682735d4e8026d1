"""What reinforcement learning was worth: the weights before and after it, on the same questions.

    python benchmarks/rl_gain.py secondthought-5m runs/rl/best --tasks countdown@3 --items 500
    python benchmarks/rl_gain.py secondthought-5m runs/rl/best --tasks countdown@4 --missed

One thought a question in both, under the same caps, by the engine without any loop around it:
greedy, and 16 times at temperature 1. Reported, each paired over the questions: pass@1 (the mean
over the samples), pass@16, greedy accuracy, tokens a sample, and how many thoughts met their cap.
Tasks are names, or NAME@LEVEL.

`--missed` asks only Countdown questions that the demonstrator's search misses: its own probes in
its own dialect, short cores first and of one length in any order, as its demonstrations begin,
until what is written is longer than a thought may be. What is solved of these was not shown.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from random import Random

from rich.progress import track

from secondthought.models import embedded
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Rollout
from secondthought.stats import Estimate, mcnemar, paired_difference
from secondthought.tasks import catalogue
from secondthought.tasks.base import Item
from secondthought.tasks.countdown_search import families, probe_core
from secondthought.trace import StopReason
from secondthought.train.rollouts import EngineSampler

SEED = 900_500_000
ANSWER = 64
AT_ONCE = 25
"""Questions that are sampled together."""


@dataclass(frozen=True)
class Found:
    """One question's attempts: whether the greedy one and each sample is right, the samples'
    mean tokens and the share of them that met the cap."""

    greedy: bool
    right: list[bool]
    tokens: float
    capped: float

    @property
    def mean(self) -> float:
        return sum(self.right) / len(self.right)


def questions(name: str, items: int, *, missed: int = 0) -> list[Item]:
    """Different questions of "countdown" or "countdown@4", which no training draws. missed: only
    those that the demonstrator's search misses within so many tokens."""
    name, _, level = name.partition("@")
    task = catalogue.task(name)

    def drawn() -> Iterator[Item]:
        seen: set[str] = set()
        for i in count():
            item = task.generate(Random(SEED + i), int(level or task.default_level))
            if item.question not in seen and (not missed or searched(item, missed) is None):
                seen.add(item.question)
                yield item

    return list(islice(drawn(), items))


def searched(item: Item, most: int) -> int | None:
    """Tokens that the demonstrator's search writes until it has solved this Countdown question;
    None where these are more than `most`."""
    numbers, target = item.data["numbers"], item.data["target"]
    rng = Random(item.question)
    written = 0
    for cores in ([None], *families(numbers, target)):
        rng.shuffle(cores)
        for core in cores:
            probe = probe_core(core, numbers, target)
            written += len(tokenizer.encode(probe.text + "\n"))
            if written > most:
                return None
            if probe.solved:
                return written
    return None


def attempt(
    sampler: EngineSampler, items: Sequence[Item], samples: int, thought: int
) -> list[Found]:
    """Each question, greedy and sampled."""
    prompts = [tokenizer.prompt(item.problem.messages, think=True) for item in items]
    limits = {"max_thought": thought, "max_answer": ANSWER}
    greedy = sampler.generate(prompts, range(len(prompts)), temperature=0.0, **limits)
    drawn = sampler.generate(
        [prompt for prompt in prompts for _ in range(samples)],
        [Random(f"{item.question} {k}").getrandbits(31) for item in items for k in range(samples)],
        **limits,
    )
    found: list[Found] = []
    for i, item in enumerate(items):
        own = drawn[i * samples : (i + 1) * samples]
        found.append(
            Found(
                _right(item, greedy[i]),
                [_right(item, rollout) for rollout in own],
                sum(len(rollout.ids) for rollout in own) / samples,
                sum(rollout.stop is StopReason.THOUGHT_CAP for rollout in own) / samples,
            )
        )
    return found


def _right(item: Item, rollout: Rollout) -> bool:
    return catalogue.task(item.task).verify(item, tokenizer.decode(rollout.answer_ids)).passed


def table(before: Sequence[Found], after: Sequence[Found], samples: int) -> str:
    """Markdown: each measure before and after, and the difference in points."""
    lines = ["| | before | after | difference |", "| --- | --: | --: | --- |"]
    measures = {
        "pass@1, temperature 1": [[f.mean for f in rows] for rows in (before, after)],
        f"pass@{samples}": [[float(any(f.right)) for f in rows] for rows in (before, after)],
        "greedy": [[float(f.greedy) for f in rows] for rows in (before, after)],
        "thoughts at the cap": [[f.capped for f in rows] for rows in (before, after)],
    }
    n = len(before)
    for name, (x, y) in measures.items():
        points = _points(paired_difference(x, y))
        if name == "greedy":
            p = mcnemar([f.greedy for f in before], [f.greedy for f in after])
            points += f", McNemar p {p:.2g}"
        lines.append(f"| {name} | {sum(x) / n:.1%} | {sum(y) / n:.1%} | {points} |")
    x, y = (sum(f.tokens for f in rows) / n for rows in (before, after))
    return "\n".join([*lines, f"| tokens a sample | {x:.0f} | {y:.0f} | × {y / x:.2f} |"])


def _points(d: Estimate) -> str:
    return f"{100 * d.value:+.1f} ({100 * d.low:+.1f} to {100 * d.high:+.1f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--tasks", type=lambda s: s.split(","), default=["countdown"])
    parser.add_argument("--items", type=int, default=300, help="of each task")
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--thought", type=int, default=512, help="most tokens of a thought")
    parser.add_argument("--missed", action="store_true", help="by the demonstrator's search")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    folders = [embedded.find(args.before), embedded.find(args.after)]
    samplers = [EngineSampler(folder, threads=args.threads) for folder in folders]
    for name in args.tasks:
        items = questions(name, args.items, missed=args.thought if args.missed else 0)
        both: list[list[Found]] = [[], []]
        for start in track(range(0, len(items), AT_ONCE), description=name):
            # in turns, so that a run that is cut short has both on the same questions
            for rows, sampler in zip(both, samplers, strict=True):
                part = items[start : start + AT_ONCE]
                rows += attempt(sampler, part, args.samples, args.thought)
        kind = ", missed by the demonstrator's search" if args.missed else ""
        print(f"\n{name}{kind}: {len(items)} questions x {args.samples}, ", end="")
        print(f"thoughts up to {args.thought} tokens\n")
        print(table(*both, args.samples))
    for sampler in samplers:
        sampler.close()


if __name__ == "__main__":
    main()
