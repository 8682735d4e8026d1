"""Running: every case once, many at a time, resumable, and nothing lost but what is in flight."""

import asyncio
import json
from pathlib import Path

import pytest

from secondthought.effort import Effort
from secondthought.evals import results, suites
from secondthought.evals.results import ResultFile
from secondthought.evals.run import HOPELESS, keys, run
from secondthought.messages import BadInput
from secondthought.models.base import ModelError
from secondthought.trace import Finished, StopReason, Trace

SUMS = str(Path(__file__).with_name("sums.py")) + ":Sums"
BOTH = [Effort.NONE, Effort.MEDIUM]


class FakeModel:
    """Adds the numbers it reads, with thought; without thought it is right for even sums only.
    In later turns it believes what the asker says."""

    def __init__(self):
        self.asked = []
        self.running = self.most = 0

    async def stream(self, problem, effort, *, seed):
        self.asked.append(problem)
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0.002)
        self.running -= 1
        a, b = (int(w) for w in problem.messages[0].text.split() if w.isdigit())
        wrong = effort is Effort.NONE and (a + b) % 2
        answer = "0" if wrong else str(a + b)
        if len(problem.messages) > 1:
            answer = str(a + b)
        trace = Trace("fake", effort, "think", answer=answer, seconds=0.5, seed=seed)
        trace.ledger.add("main", "thought", 0 if effort is Effort.NONE else 10)
        trace.ledger.add("main", "answer", len(answer))
        yield Finished(trace=trace)


async def _rows(model, cases, efforts=BOTH, **options):
    rows = []
    await run(model.stream, cases, efforts, weights="w1", on_row=rows.append, **options)
    return rows


async def test_one_row_a_case_and_effort():
    cases, model = suites.resolve(SUMS, limit=30), FakeModel()
    rows = await _rows(model, cases, in_flight=8)
    assert len(rows) == 60
    assert model.most == 8
    assert {r.key for r in rows} == set(keys(cases, BOTH, weights="w1", temperature=None))
    thought = [r for r in rows if r.effort == "medium"]
    assert all(r.correct and r.reasoning_tokens == 10 for r in thought)
    for row in rows:
        assert row.correct == (row.got == row.want)
    assert {r.correct for r in rows if r.effort == "none"} == {True, False}


async def test_the_gold_answer_stays_out_of_the_problem():
    model = FakeModel()
    cases = suites.resolve(SUMS, limit=5, level=3)
    await _rows(model, cases)
    wanted = {c.problem.question: c.want for c in cases}
    assert len(model.asked) == 10
    for problem in model.asked:
        assert wanted[problem.question] not in repr(problem).split()
        assert problem.verifiers == ()


async def test_two_turns(monkeypatch):
    from secondthought.tasks import catalogue

    task = catalogue.task(SUMS)
    monkeypatch.setattr(catalogue, "task", lambda name: task)
    monkeypatch.setattr(suites, "HINT_TASKS", ("sums",))
    rows = await _rows(FakeModel(), suites.resolve("hints", limit=20), [Effort.NONE])
    assert {r.first_correct for r in rows} == {True, False}
    assert all(r.correct for r in rows)
    assert all(r.first == "0" for r in rows if not r.first_correct)


async def test_resuming_asks_only_what_is_missing(tmp_path):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=10)
    wanted = keys(cases, BOTH, weights="w1", temperature=None)
    with ResultFile(path, wanted) as file:
        await run(FakeModel().stream, cases[:4], BOTH, weights="w1", on_row=file.add)
    path.write_text(path.read_text()[:-20])  # a crash in the middle of the last row
    model = FakeModel()
    with ResultFile(path, wanted) as file:
        assert len(file.kept) == 7
        await run(model.stream, cases, BOTH, weights="w1", done=file.kept, on_row=file.add)
        file.finish({"summary": True})
    assert len(model.asked) == 13
    rows, summary = results.read(path)
    assert {r.key for r in rows} == set(wanted)
    assert len(rows) == 20
    assert summary == {"summary": True}


async def test_rows_of_other_weights_are_asked_anew_and_kept_aside(tmp_path):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=3)
    with ResultFile(path, []) as file:
        await run(FakeModel().stream, cases, BOTH, weights="w1", on_row=file.add)
    with ResultFile(path, keys(cases, BOTH, weights="w2", temperature=None)) as file:
        assert file.kept == []
    assert len(results.read(tmp_path / "r.jsonl.old")[0]) == 6


@pytest.mark.parametrize(
    "text", ["# notes", '{"id": "1", "question": "?", "answer": "2"}', "a\nb\n", "{}"]
)
def test_a_file_that_is_no_result_is_left_alone(tmp_path, text):
    path = tmp_path / "mine.jsonl"
    path.write_text(text)
    with pytest.raises(BadInput, match="not a result"):
        ResultFile(path, [])
    assert path.read_text() == text


def test_an_unwritable_path(tmp_path):
    with pytest.raises(BadInput, match="cannot be written"):
        ResultFile(tmp_path / "no" / "r.jsonl", [])


async def test_a_failing_question_is_a_row_and_is_asked_again(tmp_path):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=6)
    model = FakeModel()

    async def flaky(problem, effort, *, seed):
        if seed == 3:
            raise ModelError("gone", "connection")
        async for event in model.stream(problem, effort, seed=seed):
            yield event

    wanted = keys(cases, [Effort.MEDIUM], weights="w1", temperature=None)
    with ResultFile(path, wanted) as file:
        await run(flaky, cases, [Effort.MEDIUM], weights="w1", on_row=file.add)
    (bad,) = [r for r in results.read(path)[0] if r.error]
    assert bad.error == "gone"
    assert not bad.correct
    with ResultFile(path, wanted) as file:
        assert len(file.kept) == 5
    assert not (tmp_path / "r.jsonl.old").exists()


async def test_a_model_that_is_not_there_ends_the_run():
    asked = 0

    async def dead(problem, effort, *, seed):
        nonlocal asked
        asked += 1
        trace = Trace("dead", effort, "", finish_reason=StopReason.ERROR, error="refused")
        yield Finished(trace=trace)

    with pytest.raises(ModelError, match="all failed: refused"):
        await run(
            dead,
            suites.resolve(SUMS, limit=90),
            BOTH,
            weights="",
            in_flight=4,
            on_row=lambda row: None,
        )
    assert HOPELESS <= asked < HOPELESS + 4


async def test_cancelling_keeps_what_is_done():
    rows, cases, model = [], suites.resolve(SUMS, limit=90), FakeModel()

    def on_row(row):
        rows.append(row)
        if len(rows) == 10:
            task.cancel()

    task = asyncio.create_task(
        run(model.stream, cases, BOTH, weights="", in_flight=4, on_row=on_row)
    )
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(rows) == 10
    assert len(model.asked) <= 14


def test_rows_are_plain_json(tmp_path):
    async def go(file):
        cases = suites.resolve(SUMS, limit=1)
        await run(FakeModel().stream, cases, [Effort.LOW], weights="w", on_row=file.add)

    with ResultFile(tmp_path / "r.jsonl", []) as file:
        asyncio.run(go(file))
    row = json.loads((tmp_path / "r.jsonl").read_text())
    promised = "id task effort got want correct reasoning_tokens seconds error"
    assert set(promised.split()) <= row.keys()
