"""Changing one step of a thought, and reading what became of the answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from secondthought.evals import intervention, suites
from secondthought.evals.intervention import OUTCOMES, changes, draw, intervene, run, summarise
from secondthought.messages import BadInput
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Rollout
from secondthought.tasks import catalogue
from secondthought.tasks.base import DONT_KNOW
from secondthought.tasks.steps import parse
from secondthought.trace import StopReason

THOUGHT = "words Anna\n12+30=42\n5>4\ncheck anna yes"


def rollout(thought: str, answer: str, stop: StopReason = StopReason.STOP) -> Rollout:
    ids = [*tokenizer.encode(thought), tokenizer.UNTHINK]
    whole = [*ids, *tokenizer.encode(answer), tokenizer.END]
    return Rollout(whole, [0.0] * len(whole), stop, len(ids), False)


class Scripted:
    """An engine that first thinks THOUGHT, and then goes on from a forced prefix as it is told."""

    weights_hash = "0" * 12
    config = SimpleNamespace(context=4096)

    def __init__(self, *, thought: str = THOUGHT, answer: str = "42", then: Any = None) -> None:
        self.own = rollout(thought, answer)
        self.then = then
        self.forced: list[str] = []

    def generate_ids(self, prompts: Sequence[Sequence[int]], **_: Any) -> list[Rollout]:
        answers: list[Rollout] = []
        for ids in prompts:
            prefix = tokenizer.decode(ids[list(ids).index(tokenizer.THINK) + 1 :])
            if prefix:
                self.forced.append(prefix)
            answers.append(self.then(prefix) if prefix else self.own)
        return answers


def outcome(engine: Scripted, seed: int = 0) -> Any:
    [row] = intervene(engine, suites.resolve("gcd", limit=1), seed=seed)  # type: ignore[arg-type]
    return row


def test_what_can_be_changed() -> None:
    found = changes(THOUGHT, frozenset({"words", "check", "yes"}))
    assert set(found) == {"equation", "text"}
    assert [c.after for c in found["equation"]] == ["12+30=52", "12+30=43"]
    assert [c.after for c in found["text"]][:4] == ["Bnna", "Aona", "Anoa", "Annb"]
    thought = "letter a\na=1 cat\ncheck cat+1=1 yes\n1"
    [flip] = changes(thought)["yes to no"]
    assert (flip.prefix, flip.rest) == (thought[:-5] + "no\n", "1")


def test_every_task_has_steps_and_a_verdict_that_can_be_changed() -> None:
    for name in catalogue.names():
        one, kinds, flips = catalogue.task(name), set[str](), 0
        for seed in range(8):
            item = one.generate(Random(seed), one.default_level)
            thought = one.demonstrate(item, Random(seed)).thought
            found = changes(thought, intervention.notation(name))
            kinds |= {kind for kind in found if " to " not in kind}
            flips += any(" to no" in kind or "no to " in kind for kind in found)
        assert kinds - {"text"}, name
        assert flips >= 4, name


@pytest.mark.parametrize("task", catalogue.names())
def test_a_change_is_one_character_or_verdict_and_the_rest_is_what_follows(task: str) -> None:
    one = catalogue.task(task)
    for seed in range(3):
        item = one.generate(Random(seed), one.default_level)
        thought = one.demonstrate(item, Random(seed)).thought
        for kind, found in changes(thought, intervention.notation(task)).items():
            for change in found:
                head, rest = change.prefix, change.rest
                assert head[: change.at] == thought[: change.at]
                assert thought.endswith(rest)
                assert head + rest != thought
                if " to " not in kind:
                    assert len(head + rest) == len(thought)
                    assert head[change.at + 1 :] + rest == thought[change.at + 1 :]
                if kind in ("equation", "column", "multiple", "quotient", "result", "nines"):
                    [now] = [s for s in parse(head + rest) if s.start <= change.at < s.end]
                    assert now.verdict is None or not now.verdict.passed, change


def test_the_draw_is_by_kind_and_by_seed() -> None:
    drawn = [draw(THOUGHT, Random(i)) for i in range(60)]
    kinds = [change.kind for change in drawn if change]
    assert {kinds.count(kind) > 8 for kind in ("equation", "text")} == {True}
    assert draw(THOUGHT, Random(7)) == drawn[7]
    assert draw("", Random(0)) is None


def test_the_outcomes() -> None:
    rests = {c.prefix: c.rest for found in changes(THOUGHT).values() for c in found}

    def same(prefix: str) -> Rollout:
        return rollout(rests[prefix], "42")

    def other_way(prefix: str) -> Rollout:
        return rollout("no\n12+30=42 yes", "42")

    def false_step(prefix: str) -> Rollout:
        return rollout("\n1+1=3", "43")

    def cut(prefix: str) -> Rollout:
        return rollout("", "42", StopReason.THOUGHT_CAP)

    assert outcome(Scripted(then=same)).outcome == "ignored"
    assert outcome(Scripted(then=other_way)).outcome == "repaired"
    followed = outcome(Scripted(then=lambda p: rollout("\n1+1=2", "43")))
    assert (followed.outcome, followed.consistent) == ("followed", True)
    assert outcome(Scripted(then=false_step)).consistent is False
    assert outcome(Scripted(then=lambda p: rollout("", DONT_KNOW))).outcome == "declined"
    assert outcome(Scripted(then=cut)).outcome == "unfinished"


def test_thoughts_without_an_end_or_an_answer_are_left_alone() -> None:
    engine = Scripted(then=None)
    engine.own = rollout(THOUGHT, "42", StopReason.REPETITION)
    assert outcome(engine) is None
    engine.own = rollout("? out of scope", DONT_KNOW)
    assert outcome(engine) is None
    engine.own = rollout("", "42")
    assert outcome(engine) is None
    assert engine.forced == []


def test_a_file_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    engine: Any = Scripted(then=lambda prefix: rollout("", "43"))
    few, more = (suites.resolve("gcd", limit=n) for n in (3, 5))
    *_, (rows, done) = run(engine, few, path)
    assert (len(rows), done, len(engine.forced)) == (3, 3, 3)
    with path.open("a") as file:
        file.write('{"id": "torn')
    engine.forced.clear()
    *_, (rows, done) = run(engine, more, path)
    assert (len(rows), done, len(engine.forced)) == (5, 5, 2)
    assert sorted(row.id for row in intervention.read(path)) == sorted(c.id for c in more)

    other: Any = Scripted(then=lambda prefix: rollout("", "43"))
    other.weights_hash = "1" * 12
    *_, (rows, _) = run(other, few, path)
    assert len(other.forced) == 3


def test_figures_add_up_and_have_intervals() -> None:
    engine: Any = Scripted(then=lambda prefix: rollout("", "43" if "Anna" in prefix else "42"))
    cases = suites.resolve("gcd,products", limit=30)
    rows = [row for row in intervene(engine, cases) if row]
    summary = summarise(rows)
    assert summary["all"]["all"]["n"] == 60
    assert sum(part["n"] for part in summary["task and kind"].values()) == 60
    for part in summary["kind"].values():
        assert sum(part[outcome][0] for outcome in OUTCOMES) == pytest.approx(1)
        assert all(low <= value <= high for value, low, high in [part[o] for o in OUTCOMES])
    json.dumps(summary)


def test_other_questions_are_refused() -> None:
    with pytest.raises(BadInput, match="only the built-in tasks"):
        list(run(Scripted(), suites.resolve("out_of_scope", limit=2), None))  # type: ignore[arg-type]


def test_another_file_is_not_taken_for_rows(tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    for text in ('{"a": 1}\n{"b": 2}\n', "My only copy of a note", '{"name": 1'):
        path.write_text(text)
        with pytest.raises(BadInput, match="line 1 is no row"):
            intervention.read(path)


def test_a_folder_is_no_file_of_rows(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        intervention.read(tmp_path)
