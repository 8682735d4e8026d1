"""What is kept of a model's own attempts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from secondthought.messages import BadInput, Problem
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Rollout
from secondthought.tasks.base import DONT_KNOW, Item
from secondthought.trace import StopReason, Verdict
from secondthought.train import mixture, rejection
from secondthought.train.episodes import Ask, Episode, Group, Limits
from secondthought.train.rejection import (
    Harvest,
    harvest,
    kept,
    read_traces,
    repaired,
    wrong_answers,
)
from secondthought.train.rollouts import EngineSampler, Segment
from tests.train.parity import Parity

ASK = Ask(0, Parity(), Item("parity", 1, Problem.ask("even 1"), "b", {"level": 1}))
SMOOTH = "parity 1\n2*3=6 yes"
MENDED = "parity 1\n2*3=7 no\n2*3=6 yes"


def attempt(thought: str, answer: str, *, right: bool, stop: StopReason = StopReason.STOP):
    ids = [*tokenizer.encode(thought), tokenizer.UNTHINK, *tokenizer.encode(answer), tokenizer.END]
    length = len(tokenizer.encode(thought)) + 1
    made = Segment.of(ASK.prompt, Rollout(ids, [-1.0] * len(ids), stop, length, False))
    return Episode((made,), (answer,), (Verdict.of(right),))


def test_shortest_and_repaired_are_kept() -> None:
    group = Group(
        ASK,
        (
            attempt(SMOOTH + " yes yes", "b", right=True),
            attempt(SMOOTH, "b", right=True),
            attempt(MENDED, "b", right=True),
            attempt(MENDED, "a", right=False),
        ),
    )
    shortest, mended = kept(group)
    assert (shortest["kind"], mended["kind"]) == ("shortest", "repaired")
    assert shortest["rate"] == 0.75
    prompt = ASK.prompt
    assert shortest["ids"][: len(prompt)] == prompt
    assert shortest["loss"] == [0] * len(prompt) + [1] * (len(shortest["ids"]) - len(prompt))
    silent = [i for i, x in zip(mended["ids"], mended["loss"], strict=True) if not x]
    # the wrong step carries no loss; its " no" and the repair do
    assert tokenizer.decode(silent[len(prompt) :]) == "2*3=7"


@pytest.mark.parametrize("right", [True, False])
def test_questions_without_variance_give_nothing(right: bool) -> None:
    assert kept(Group(ASK, tuple(attempt(SMOOTH, "b", right=right) for _ in range(3)))) == []


def test_forced_and_cut_attempts_are_not_imitated() -> None:
    cut = attempt(SMOOTH, "b", right=True, stop=StopReason.THOUGHT_CAP)
    assert kept(Group(ASK, (cut, attempt(SMOOTH, "a", right=False)))) == []


@pytest.mark.parametrize(
    ("thought", "is_repair"),
    [(MENDED, True), (SMOOTH, False), ("parity 1\n5 left no\n2*3=6 yes", False), ("2*3=7", False)],
)
def test_repaired(thought: str, is_repair: bool) -> None:
    assert repaired(thought) is is_repair


def test_wrong_answers_are_those_given(tmp_path: Path) -> None:
    group = Group(
        ASK,
        (
            attempt(SMOOTH, "b", right=True),
            attempt(SMOOTH, "a", right=False),
            attempt(SMOOTH, "a", right=False),
            attempt(SMOOTH, DONT_KNOW, right=False),
            attempt(SMOOTH, "c", right=False, stop=StopReason.LENGTH),
            attempt(SMOOTH, "e", right=False),
            attempt(SMOOTH, "g", right=False),
        ),
    )
    rows = list(wrong_answers(group))
    assert [r["wrong"] for r in rows] == ["a", "e"]
    path = tmp_path / "wrong.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    read = mixture.read_wrong_answers(path)
    assert [(w.wrong, w.item.answer, w.item.level) for w in read["parity"]] == [
        ("a", "b", 1),
        ("e", "b", 1),
    ]


def test_harvest_writes_both_files(tmp_path: Path, tiny_folder: Path) -> None:
    sampler = EngineSampler(tiny_folder, threads=1)
    try:
        found = [
            list(harvest(sampler, [Parity()], out, questions=40, size=6, limits=Limits(20, 20)))
            for out in (tmp_path / "a", tmp_path / "b")
        ]
    finally:
        sampler.close()
    last = found[0][-1]
    assert (last.questions, last.attempts) == (40, 240)
    assert 0 < last.solved <= 40
    for name in ("traces.jsonl", "wrong.jsonl"):
        text = (tmp_path / "a" / name).read_bytes()
        assert text
        assert text == (tmp_path / "b" / name).read_bytes()  # a function of its arguments
    documents = read_traces(tmp_path / "a" / "traces.jsonl")
    assert len(documents) == last.kept.total()
    assert all(d.ids[-1] == tokenizer.END and d.loss[-1] for d in documents)
    assert mixture.read_wrong_answers(tmp_path / "a" / "wrong.jsonl")["parity"]
    assert not list(tmp_path.glob("*/*.part"))


def test_a_harvest_that_was_stopped_goes_on(
    tmp_path: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejection, "AT_ONCE", 10)
    sampler = EngineSampler(tiny_folder, threads=1)

    def run(out: Path, size: int = 6) -> Iterator[Harvest]:
        return harvest(sampler, [Parity()], out, questions=30, size=size, limits=Limits(20, 20))

    try:
        *_, whole = run(tmp_path / "whole")
        stopped = run(tmp_path / "part")
        next(stopped)
        next(stopped)
        stopped.close()
        with (tmp_path / "part" / "traces.jsonl.part").open("a") as file:
            file.write('{"written": "by the batch that was lost"}\n')
        with pytest.raises(BadInput, match="other weights, tasks or options"):
            next(run(tmp_path / "part", size=5))
        first, *_ = resumed = list(run(tmp_path / "part"))
    finally:
        sampler.close()
    assert len(resumed) == 1, "20 of the 30 questions were done"
    assert first == whole
    for name in ("traces.jsonl", "wrong.jsonl"):
        assert (tmp_path / "part" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert not list(tmp_path.glob("*/*.part"))


def test_a_harvest_that_is_done_is_left_as_it_is(
    tmp_path: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejection, "AT_ONCE", 10)
    sampler, out = EngineSampler(tiny_folder, threads=1), tmp_path / "r"

    def run(out: Path, questions: int, seed: int = 0) -> list[Harvest]:
        return list(
            harvest(sampler, [Parity()], out, questions=questions, size=6, limits=Limits(20, 20),
                    seed=seed)
        )  # fmt: skip

    def state() -> dict[str, tuple[bytes, int]]:
        return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.iterdir()}

    try:
        *_, first = run(out, 10)
        done = state()
        with monkeypatch.context() as patch:
            patch.setattr(sampler, "generate", None)  # nothing is sampled
            assert run(out, 10) == [first]
            with pytest.raises(BadInput, match="name another --out"):
                run(out, 10, seed=1)
            assert state() == done
            # killed when one of the two files was in its place
            (out / "wrong.jsonl").replace(out / "wrong.jsonl.part")
            assert run(out, 10) == [first]
        assert {k: v[0] for k, v in state().items()} == {k: v[0] for k, v in done.items()}
        *_, more = run(out, 20)
        *_, whole = run(tmp_path / "whole", 20)
        (out / "progress.json").unlink()
        with pytest.raises(BadInput, match=r"holds a traces\.jsonl of another origin"):
            run(out, 20)
    finally:
        sampler.close()
    assert more == whole
    for name in ("traces.jsonl", "wrong.jsonl"):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_bad_traces_are_named(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"task": "gcd", "kind": "shortest", "ids": [1, 2], "loss": [1]}\n')
    with pytest.raises(BadInput, match="line 1"):
        read_traces(path)
