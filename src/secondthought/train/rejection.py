"""Rejection sampling: a model's own right thoughts as training documents (STaR, Zelikman et al.,
2022; Yuan et al., 2023).

Every question is sampled several times at temperature 1. Kept are, of questions that are not
always answered right,
- the shortest right attempt, and
- a right attempt whose thought went wrong and was mended ("repaired"): without those, a model
  that imitates only smooth thoughts forgets how to turn back.

A kept attempt is a document in tokens as it was sampled, with the loss mask of a demonstration:
no loss on steps that the dialect finds wrong. Wrong answers go to a second file, from which
feedback documents complain (`mixture.read_wrong_answers`).

    {"task", "level", "kind": "shortest" | "repaired", "rate", "ids", "loss"}
    {"task", "level", "question", "data", "answer", "wrong"}
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from secondthought.messages import BadInput
from secondthought.models.engine import tokenizer
from secondthought.tasks.base import DONT_KNOW, Task
from secondthought.tasks.steps import parse
from secondthought.trace import Step, StopReason
from secondthought.train.curriculum import Curriculum
from secondthought.train.episodes import Ask, Episode, Group, Limits, play, question
from secondthought.train.mixture import Document
from secondthought.train.rollouts import Sampler, Segment

SEEDS = range(6 * 10**8, 7 * 10**8)
"""Seeds of the questions: training ground that neither documents nor RL use."""
SEEDS_A_RUN = 10**6
PROGRESS = "progress.json"
AT_ONCE = 32
"""Questions sampled side by side."""
WRONG_A_QUESTION = 2


@dataclass(slots=True)
class Harvest:
    """Counts of what was found. solved: questions with at least one right attempt."""

    questions: int = 0
    attempts: int = 0
    right: int = 0
    solved: int = 0
    kept: Counter[str] = field(default_factory=Counter[str])
    wrong: int = 0


def harvest(
    sampler: Sampler,
    tasks: Sequence[Task],
    out: Path,
    *,
    questions: int,
    size: int = 16,
    limits: Limits | None = None,
    seed: int = 0,
    source: str = "",
) -> Iterator[Harvest]:
    """Write OUT/traces.jsonl and OUT/wrong.jsonl; yields the counts as they grow.

    Levels follow the measured pass rate, as in RL. Both files appear only when complete; stopped
    at any moment, the same call goes on after the last 32 questions that were done. One that is
    done changes nothing when it is repeated, and goes on with more `questions`. source: hash of
    the weights.
    Raises BadInput when they cannot be written or OUT holds another harvest, VerifierFailed when
    a verifier breaks.
    """
    if not 0 <= seed < len(SEEDS) // SEEDS_A_RUN:
        raise BadInput(f"--seed {seed} is out of range; use 0 to 99")
    curriculum, counts = Curriculum(tasks), Harvest()
    files = [out / "traces.jsonl", out / "wrong.jsonl"]
    parts = [file.with_name(f"{file.name}.part") for file in files]
    made_by = f"{source} {[task.name for task in tasks]} {size} {limits} {seed}"
    try:
        out.mkdir(parents=True, exist_ok=True)
        if (out / PROGRESS).exists():
            sizes = _restore(out, made_by, curriculum, counts)
            if counts.questions >= questions:
                yield counts
                if all(file.exists() for file in files):
                    return
            for part, file, length in zip(parts, files, sizes, strict=True):
                if not part.exists():  # it was complete, of fewer questions
                    file.replace(part)
                os.truncate(part, length)
        elif there := [file.name for file in files if file.exists()]:
            raise BadInput(f"{out} holds a {there[0]} of another origin; name another --out")
        else:
            for part in parts:
                part.write_bytes(b"")
        with parts[0].open("a", encoding="utf-8") as traces, parts[1].open("a", -1, "utf-8") as no:
            while counts.questions < questions:
                first = counts.questions
                asks: list[Ask] = []
                for n in range(first, min(questions, first + AT_ONCE)):
                    rng = Random(SEEDS.start + seed * SEEDS_A_RUN + n)
                    task = curriculum.draw_task(rng, tasks)
                    level = curriculum.draw(rng, task)
                    asks.append(Ask(n, task, question(rng, task, level)))
                groups, _ = play(sampler, asks, size, limits or Limits(), seed=seed)
                for group in groups:
                    _count(group, curriculum, counts)
                    for row in kept(group):
                        counts.kept[row["kind"]] += 1
                        traces.write(json.dumps(row, ensure_ascii=False) + "\n")
                    for row in wrong_answers(group):
                        counts.wrong += 1
                        no.write(json.dumps(row, ensure_ascii=False) + "\n")
                traces.flush()
                no.flush()
                _keep(out, parts, made_by, curriculum, counts)
                yield counts
        for part, file in zip(parts, files, strict=True):
            part.replace(file)
    except OSError as error:
        raise BadInput(f"cannot write to {out}: {error.strerror or error}") from error


def _keep(
    out: Path, parts: Sequence[Path], made_by: str, curriculum: Curriculum, counts: Harvest
) -> None:
    """Note how far the harvest is, and how long its files are then."""
    state = {
        "made_by": made_by,
        "bytes": [part.stat().st_size for part in parts],
        "curriculum": curriculum.state(),
        "counts": {each.name: getattr(counts, each.name) for each in fields(counts)},
    }
    new = out / f"{PROGRESS}.part"
    new.write_text(json.dumps(state), "utf-8")
    new.replace(out / PROGRESS)


def _restore(out: Path, made_by: str, curriculum: Curriculum, counts: Harvest) -> list[int]:
    """Take up a harvest where `_keep` saw it last; how many bytes its files had then. Raises
    BadInput for one of other settings."""
    state = json.loads((out / PROGRESS).read_text("utf-8"))
    if state["made_by"] != made_by:
        raise BadInput(
            f"{out} holds a harvest with other weights, tasks or options; repeat its command to "
            "go on, or name another --out"
        )
    curriculum.restore(state["curriculum"])
    for name, value in state["counts"].items():
        setattr(counts, name, Counter(value) if name == "kept" else value)
    return state["bytes"]


def _count(group: Group, curriculum: Curriculum, counts: Harvest) -> None:
    right = sum(e.right for e in group.episodes)
    curriculum.record(group.ask.task.name, group.ask.item.level, len(group.episodes), right)
    counts.questions += 1
    counts.attempts += len(group.episodes)
    counts.right += right
    counts.solved += right > 0


def kept(group: Group) -> list[dict[str, Any]]:
    """The documents of a group: none where all attempts or none are right."""
    right = [e for e in group.episodes if e.right and e.segments[0].stop is StopReason.STOP]
    if not right or all(e.right for e in group.episodes):
        return []
    rate = sum(e.right for e in group.episodes) / len(group.episodes)
    by_length = sorted(right, key=lambda e: len(e.segments[0].ids))
    found = [_row(group, by_length[0], "shortest", rate)]
    mended = next((e for e in by_length[1:] if repaired(_thought(e.segments[0]))), None)
    if mended is not None:
        found.append(_row(group, mended, "repaired", rate))
    return found


def repaired(thought: str) -> bool:
    """Whether a thought holds a step that is wrong, and went on to a check that came out right.

    A branch of a search that ends in " no" is no error; a wrong step is.
    """
    return bool(_wrong_steps(thought)) and thought.rstrip().endswith("yes")


def _wrong_steps(thought: str) -> list[Step]:
    return [s for s in parse(thought) if s.failed]


def _thought(segment: Segment) -> str:
    """Up to, not with, the closing marker; bytes that are no text count one character each, so
    that places in it are places in the ids whenever the thought is ASCII."""
    return bytes(i for i in segment.ids[: segment.thought_len] if i < 256).decode("latin-1")


def _row(group: Group, episode: Episode, kind: str, rate: float) -> dict[str, Any]:
    segment = episode.segments[0]
    loss = [False] * len(segment.prompt) + list(segment.mask)
    for step in _wrong_steps(_thought(segment)):
        for i in range(step.start, step.end):
            loss[len(segment.prompt) + i] = False
    return {
        "task": group.ask.task.name,
        "level": group.ask.item.level,
        "kind": kind,
        "rate": rate,
        "ids": [*segment.prompt, *segment.ids],
        "loss": [int(x) for x in loss],
    }


def wrong_answers(group: Group) -> Iterator[dict[str, Any]]:
    """A few different wrong answers that were really given; "I don't know." is none."""
    item = group.ask.item
    seen: set[str] = set()
    for episode in group.episodes:
        text = episode.answers[0].strip()
        given = episode.value is not None and not episode.right
        if given and text and text != DONT_KNOW and "\ufffd" not in text and text not in seen:
            seen.add(text)
            yield {
                "task": item.task,
                "level": item.level,
                "question": item.question,
                "data": item.data,
                "answer": item.answer,
                "wrong": text,
            }
        if len(seen) == WRONG_A_QUESTION:
            return


@cache
def read_traces(path: str | Path) -> tuple[Document, ...]:
    """The documents of a traces.jsonl. Raises BadInput for a bad line."""
    found: list[Document] = []
    for number, line in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            ids, loss = [int(i) for i in row["ids"]], [bool(x) for x in row["loss"]]
            if len(ids) != len(loss) or not all(0 <= i < tokenizer.VOCAB for i in ids):
                raise ValueError("ids and loss do not fit")
            found.append(Document(ids, loss, str(row["kind"]), str(row["task"])))
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(
                f"{path}, line {number}: {error!r}; a line needs task, kind, ids and loss"
            ) from error
    return tuple(found)
