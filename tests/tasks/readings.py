"""Demonstrations read back, for the tests of the judges of all tasks."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from secondthought.tasks.base import TRAIN_SEEDS, Demonstration, Item, Language, Task, Wording
from secondthought.tasks.steps import parse
from secondthought.trace import Outcome, Step

_WAYS: tuple[tuple[Wording, Language], ...] = (
    ("own", "en"),
    ("own", "ko"),
    ("held_out", "en"),
    ("held_out", "ko"),
    ("gym", "en"),
)


def shown(task: Task, count: int) -> Iterator[tuple[Item, Demonstration]]:
    """Demonstrations in all wordings and levels, of both splits; every fourth has a hint."""
    for i in range(count):
        wording, language = _WAYS[i % 5]
        rng = Random(TRAIN_SEEDS.start + 7 * i)
        item = task.generate(
            rng,
            task.levels[i // 5 % len(task.levels)],
            split="train" if i % 3 else "eval",
            wording=wording,
            language=language,
        )
        wrong = task.near_misses(item, rng) if i % 4 == 3 else []
        hint = task.hint(item, rng.choice(wrong), rng) if wrong else ""
        yield item, task.demonstrate(item, rng, hint=hint or None)


def failed(steps: list[Step]) -> list[Step]:
    return [s for s in steps if s.verdict is not None and s.verdict.outcome is Outcome.FAILED]


def slips(demonstration: Demonstration) -> list[tuple[int, int]]:
    """The places of what is shown and not to be imitated."""
    found: list[tuple[int, int]] = []
    at = 0
    for span in demonstration.spans:
        if not span.loss:
            found.append((at, at + len(span.text)))
        at += len(span.text)
    return found


@dataclass
class Reading:
    """judged, characters: blanks and hints aside. found: changed characters that were noticed."""

    demonstrations: int = 0
    judged: int = 0
    characters: int = 0
    changed: int = 0
    found: int = 0
    slips: int = 0
    missed: str = ""

    @property
    def coverage(self) -> float:
        return self.judged / self.characters

    @property
    def detection(self) -> float:
        return self.found / self.changed


def read(task: Task, count: int) -> Reading:
    """Read demonstrations with their questions; asserts that only slips are failed steps."""
    total = Reading()
    for i, (item, demonstration) in enumerate(shown(task, count)):
        thought, source = demonstration.thought, item.question
        steps = parse(thought, source)
        places = slips(demonstration)
        wrong = failed(steps)
        for step in wrong:
            where = f"{step.text!r}: {step.verdict}\n{source}\n{thought}"
            assert any(a < step.end and step.start < b for a, b in places), where
        total.demonstrations += 1
        total.slips += len(wrong)
        _cover(total, thought, steps)
        if not places:
            _change(total, thought, source, steps, Random(i))
    return total


def _cover(total: Reading, thought: str, steps: list[Step]) -> None:
    hints = [line for line in thought.split("\n") if line.startswith("hint: ")]
    total.characters += len("".join(thought.split())) - sum(len("".join(h.split())) for h in hints)
    told = (s for s in steps if s.verdict and s.verdict.outcome is not Outcome.CANNOT_TELL)
    total.judged += sum(len("".join(step.text.split())) for step in told)


def _change(total: Reading, thought: str, source: str, steps: list[Step], rng: Random) -> None:
    """Change one digit or letter of a step that passed: that line must have a failed step."""
    passed = [s for s in steps if s.verdict and s.verdict.passed]
    kinds = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
    places = [
        (i, kind)
        for step in passed
        for i in range(step.start, step.end)
        for kind in kinds
        if thought[i] in kind
    ]
    if not places:
        return
    at, kind = rng.choice(places)
    other = rng.choice(kind.replace(thought[at], ""))
    changed = thought[:at] + other + thought[at + 1 :]
    start = thought.rfind("\n", 0, at) + 1
    end = (thought + "\n").index("\n", at)
    total.changed += 1
    noticed = any(start <= step.start < end for step in failed(parse(changed, source)))
    total.found += noticed
    if not noticed:
        total.missed += f"\n{changed[start:end]!r}, right was {thought[start:end]!r}"
