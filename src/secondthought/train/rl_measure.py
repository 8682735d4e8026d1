"""What is measured of a run of reinforcement learning: of every step, and at every probe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from secondthought.models.engine import tokenizer
from secondthought.tasks.base import Task
from secondthought.trace import StopReason
from secondthought.train.episodes import Ask, Group, Limits, play
from secondthought.train.probe import FIRST_SEED
from secondthought.train.rollouts import Sampler

if TYPE_CHECKING:
    from secondthought.train.rl import Update

SHOWN = 3
"""Samples a task that are kept at every probe."""


@dataclass(frozen=True, slots=True)
class Collected:
    """One step's groups. kept: those that vary. first: drawn before any refill, so that their
    pass rates are fair. verifying: seconds."""

    kept: list[Group]
    seen: list[Group]
    first: list[Group]
    verifying: float


def tokens_of(groups: Sequence[Group]) -> tuple[int, int]:
    """Tokens generated, and tokens of the prompts of all attempts."""
    segments = [s for g in groups for e in g.episodes for s in e.segments]
    return sum(len(s.ids) for s in segments), sum(len(s.prompt) for s in segments)


def measures(collected: Collected, update: Update, length_penalty: float) -> dict[str, Any]:
    """A step in figures, as they stand in metrics.jsonl.

    Rewards, pass rates (of first answers) and lengths (tokens of first turns) are of the groups
    drawn before any refill. pass@1, pass@k: of the targets' new questions; k is the group's size.
    again: of the targets' questions, how many had been asked before.
    repaired: of wrong answers that were complained about, how many were right then.
    refuted: attempts that were ended at a step that is wrong.
    unfinished: attempts that were cut off in an answer, and so carry no loss.
    None: of no answers; what an update is measured by, where there was nothing to learn from.
    zero_variance, broken (attempts without a verdict), drawn: of all groups of
    the step.
    """
    from secondthought.train.rl import returns

    first, seen = collected.first, collected.seen
    values = [v for g in first for v in returns(g, length_penalty) if v is not None]
    episodes = [e for g in first for e in g.episodes]
    segments = [s for e in episodes for s in e.segments]
    complained = [e for e in episodes if len(e.segments) == 2 and not e.right]
    targets = [g for g in first if g.ask.target]
    asked = [g for g in targets if g.ask.again is None]
    anchors = [g for g in first if not g.ask.target]
    drawn = Counter(f"{g.ask.task.name} {g.ask.item.level}" for g in seen)
    learned: dict[str, float | None] = {
        k: v if update.tokens else None
        for k, v in asdict(update).items()
        if k not in ("tokens", "finite")
    }
    return {
        "reward": mean(values),
        "pass@1": mean([e.right for g in asked for e in g.episodes]),
        "pass@k": mean([any(e.right for e in g.episodes) for g in asked]),
        "anchor_pass@1": mean([e.right for g in anchors for e in g.episodes]),
        "repaired": mean([e.verdicts[-1].passed for e in complained]),
        "length_right": mean([len(e.segments[0].ids) for e in episodes if e.right]),
        "length_wrong": mean([len(e.segments[0].ids) for e in episodes if not e.right]),
        "again": mean([g.ask.again is not None for g in targets]),
        "zero_variance": 1 - len(collected.kept) / len(seen),
        "truncated": mean([e.truncated for e in episodes]),
        "unfinished": mean(
            [any(s.stop is StopReason.LENGTH for s in e.segments) for e in episodes]
        ),
        "refuted": mean([e.refuted for e in episodes]),
        "circles": mean([s.stop is StopReason.REPETITION for s in segments]),
        "broken": sum(e.broken is not None for g in seen for e in g.episodes),
        "groups": len(collected.kept),
        "logprob_gap": learned.pop("gap"),
        "logprob_gap_max": learned.pop("gap_max"),
        **learned,
        "drawn": dict(sorted(drawn.items())),
    }


def probe(
    sampler: Sampler, targets: Sequence[Task], anchors: Sequence[Task], n: int, limits: Limits
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Accuracy on unseen questions at the default levels, always the same ones; and samples.

    Targets: n questions, greedy and at temperature 1 (`accuracy`, `sampled_accuracy`); anchors:
    a quarter as many, greedy. score: the mean over the targets' figures.
    """
    target = [a for task in targets for a in _asks(task, n, target=True)]
    anchor = [a for task in anchors for a in _asks(task, max(1, n // 4), target=False)]
    greedy, _ = play(sampler, [*target, *anchor], 1, limits, temperature=0.0)
    drawn, _ = play(sampler, target, 1, limits)
    accuracy, sampled = _shares(greedy), _shares(drawn)
    shown: Counter[str] = Counter()
    samples: list[dict[str, Any]] = []
    for group in greedy:
        name = group.ask.task.name
        if group.ask.target and shown[name] < SHOWN:
            shown[name] += 1
            samples.append(_sample(group))
    names = [t.name for t in targets]
    score = sum(accuracy[t] + sampled[t] for t in names) / (2 * len(names))
    return {"accuracy": accuracy, "sampled_accuracy": sampled, "score": score}, samples


def _asks(task: Task, n: int, *, target: bool) -> list[Ask]:
    asks: list[Ask] = []
    for i in range(n):
        item = task.generate(Random(FIRST_SEED + i), task.default_level, split="train")
        asks.append(Ask(i, task, item, target=target))
    return asks


def _shares(groups: Sequence[Group]) -> dict[str, float]:
    """Accuracy by task of groups of one attempt."""
    found: dict[str, list[bool]] = {}
    for group in groups:
        found.setdefault(group.ask.task.name, []).append(group.episodes[0].right)
    return {name: sum(rows) / len(rows) for name, rows in found.items()}


def _sample(group: Group) -> dict[str, Any]:
    [segment] = group.episodes[0].segments
    return {
        "task": group.ask.task.name,
        "level": group.ask.item.level,
        "question": group.ask.item.question,
        "thought": tokenizer.decode(segment.ids[: segment.thought_len]),
        "answer": group.episodes[0].answers[0],
        "right": group.episodes[0].right,
    }


def mean(values: Sequence[float]) -> float | None:
    """None of no values."""
    return sum(values) / len(values) if values else None
