"""Running: every case once, many at a time, resumable, and nothing lost but what is in flight."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from secondthought.effort import Effort
from secondthought.evals import folder, results, suites
from secondthought.evals.case import Case
from secondthought.evals.results import ResultFile
from secondthought.evals.run import HOPELESS, jobs, run
from secondthought.evals.session import evaluate
from secondthought.messages import BadInput, Problem
from secondthought.models.base import ModelError
from secondthought.tasks.base import DONT_KNOW
from secondthought.trace import (
    Branch,
    Finished,
    Outcome,
    Retry,
    Step,
    StopReason,
    Trace,
    Verdict,
)

SUMS = str(Path(__file__).with_name("sums.py")) + ":Sums"
BOTH = [Effort.NONE, Effort.MEDIUM]


class FakeModel:
    """Adds the numbers it reads, with thought; without thought it is right for even sums only.
    In later turns it believes what the asker says."""

    def __init__(self):
        self.asked = []
        self.running = self.most = 0

    async def stream(self, problem, effort, *, seed, temperature=None):
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


def work(cases, efforts=BOTH, weights="w1", **options):
    return jobs(cases, dict.fromkeys(efforts), weights=weights, **options)


def keys(*arguments, **options):
    return [job.key for job in work(*arguments, **options)]


async def _rows(model, cases, efforts=BOTH, **options):
    rows = []
    await run(model.stream, work(cases, efforts), on_row=rows.append, **options)
    return rows


async def test_one_row_a_case_and_effort():
    cases, model = suites.resolve(SUMS, limit=30), FakeModel()
    rows = await _rows(model, cases, in_flight=8)
    assert len(rows) == 60
    assert model.most == 8
    assert {r.key for r in rows} == set(keys(cases))
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
    wanted = keys(cases)
    with ResultFile(path, wanted) as file:
        await run(FakeModel().stream, work(cases[:4]), on_row=file.add)
    path.write_text(path.read_text()[:-20])  # a crash in the middle of the last row
    model = FakeModel()
    with ResultFile(path, wanted) as file:
        assert len(file.kept) == 7
        have = {row.key for row in file.kept}
        left = [job for job in work(cases) if job.key not in have]
        await run(model.stream, left, on_row=file.add)
        file.finish({"summary": True})
    assert len(model.asked) == 13
    rows, summary = results.read(path)
    assert {r.key for r in rows} == set(wanted)
    assert len(rows) == 20
    assert summary == {"summary": True}


async def test_rows_of_other_weights_are_asked_anew_and_kept_aside(tmp_path):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=3)
    with ResultFile(path, []) as file:
        await run(FakeModel().stream, work(cases), on_row=file.add)
    with ResultFile(path, keys(cases, weights="w2")) as file:
        assert file.kept == []
    assert len(results.read(tmp_path / "r.jsonl.old")[0]) == 6


async def test_rows_of_another_policy_are_asked_anew(tmp_path):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=3)
    made = work(cases, [Effort.LOW], policies={Effort.LOW: "one"})
    with ResultFile(path, []) as file:
        await run(FakeModel().stream, made, on_row=file.add)
    for policy, kept in (("one", 3), ("", 3), ("two", 0)):
        copy = tmp_path / f"copy{policy}.jsonl"
        copy.write_text(path.read_text())
        policies = {job.key: policy for job in made}
        with ResultFile(copy, policies, policies=policies) as file:
            assert len(file.kept) == kept
        assert (tmp_path / f"copy{policy}.jsonl.old").exists() == (not kept)


async def test_rows_that_name_no_policy_stand(tmp_path):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=3)
    with ResultFile(path, []) as file:
        await run(FakeModel().stream, work(cases, [Effort.LOW]), on_row=file.add)
    old = [json.loads(line) for line in path.read_text().splitlines()]
    for one in old:
        del one["policy"], one["gave_up"]
    path.write_text("".join(json.dumps(one) + "\n" for one in old))
    policies = dict.fromkeys(keys(cases, [Effort.LOW]), "two")
    with ResultFile(path, policies, policies=policies) as file:
        assert len(file.kept) == 3


async def test_a_model_that_gave_up_has_not_refused():
    async def stream(problem, effort, *, seed, temperature):
        yield Finished(trace=Trace("m", effort, "", answer=DONT_KNOW, gave_up=seed % 2 == 0))

    rows = []
    await run(stream, work(suites.resolve(SUMS, limit=4), [Effort.LOW]), on_row=rows.append)
    assert {(row.seed % 2 == 0, row.refused, row.gave_up) for row in rows} == {
        (True, False, True),
        (False, True, False),
    }


async def test_no_earlier_file_is_lost(tmp_path):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=3)
    for weights in ("w1", "w2", "w3"):
        with ResultFile(path, keys(cases, weights=weights)) as file:
            assert file.kept == []
            await run(FakeModel().stream, work(cases, weights=weights), on_row=file.add)
    found = [tmp_path / f"r.jsonl{end}" for end in (".old", ".old2", "")]
    assert [results.read(one)[0][0].weights for one in found] == ["w1", "w2", "w3"]


async def test_killed_while_the_earlier_file_is_put_aside_nothing_is_lost(tmp_path, monkeypatch):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=3)
    with ResultFile(path, []) as file:
        await run(FakeModel().stream, work(cases), on_row=file.add)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(results.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        ResultFile(path, keys(cases[:1]))
    assert len(results.read(path)[0]) == 6


async def test_a_kept_row_counts_in_the_group_of_now(tmp_path):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=3)
    with ResultFile(path, []) as file:
        await run(FakeModel().stream, work(cases), on_row=file.add)
    labels = {key: {"group": "new"} for key in keys(cases)}
    with ResultFile(path, labels, labels):
        assert {row.group for row in results.read(path)[0]} == {"new"}


async def test_half_a_character_is_kept_as_it_came(tmp_path):
    async def odd(problem, effort, *, seed, temperature):
        yield Finished(trace=Trace("m", effort, "", answer="a\ud800é"))

    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=1)
    with ResultFile(path, []) as file:
        await run(odd, work(cases, [Effort.LOW]), on_row=file.add)
    assert [row.got for row in results.read(path)[0]] == ["a\ud800é"]


@pytest.mark.parametrize(("field", "value"), [("seconds", "x"), ("id", 5), ("correct", None)])
async def test_a_row_with_a_field_of_another_type_is_no_result(tmp_path, field, value):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=2)
    with ResultFile(path, []) as file:
        await run(FakeModel().stream, work(cases, [Effort.LOW]), on_row=file.add)
    first, *others = path.read_text().splitlines(keepends=True)
    path.write_text(json.dumps(json.loads(first) | {field: value}) + "\n" + "".join(others))
    with pytest.raises(BadInput, match="line 1 is not a result"):
        results.read(path)


async def test_a_scorer_that_breaks_at_the_first_turn_is_an_error(monkeypatch):
    def score(answer):
        raise ValueError("odd")

    case = replace(
        suites.resolve(SUMS, limit=1)[0], score=score, reply=lambda answer, right: "Sure?"
    )
    rows = []
    model = FakeModel()
    await run(model.stream, work([case], [Effort.LOW]), on_row=rows.append)
    assert rows[0].error == "the scorer broke: ValueError: odd"
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000 + "\n1",
        "# notes",
        '{"id": "1", "question": "?", "answer": "2"}',
        "a\nb\n",
        "{}",
    ],
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
    with pytest.raises(BadInput, match="is a folder"):
        ResultFile(Path("."), [])


async def test_a_failing_question_is_a_row_and_is_asked_again(tmp_path):
    path, cases = tmp_path / "r.jsonl", suites.resolve(SUMS, limit=6)
    model = FakeModel()

    async def flaky(problem, effort, *, seed, temperature):
        if seed == 3:
            raise ModelError("gone", "connection")
        async for event in model.stream(problem, effort, seed=seed):
            yield event

    wanted = keys(cases, [Effort.MEDIUM])
    with ResultFile(path, wanted) as file:
        await run(flaky, work(cases, [Effort.MEDIUM]), on_row=file.add)
    (bad,) = [r for r in results.read(path)[0] if r.error]
    assert bad.error == "gone"
    assert not bad.correct
    with ResultFile(path, wanted) as file:
        assert len(file.kept) == 5
    assert not (tmp_path / "r.jsonl.old").exists()


async def test_a_model_that_is_not_there_ends_the_run():
    asked = 0

    async def dead(problem, effort, *, seed, temperature):
        nonlocal asked
        asked += 1
        trace = Trace("dead", effort, "", finish_reason=StopReason.ERROR, error="refused")
        yield Finished(trace=trace)

    cases = suites.resolve(SUMS, limit=90)
    with pytest.raises(ModelError, match="all failed: refused"):
        await run(dead, work(cases), in_flight=4, on_row=lambda row: None)
    assert HOPELESS <= asked < HOPELESS + 4


async def test_cancelling_keeps_what_is_done():
    rows, cases, model = [], suites.resolve(SUMS, limit=90), FakeModel()

    def on_row(row):
        rows.append(row)
        if len(rows) == 10:
            task.cancel()

    task = asyncio.create_task(run(model.stream, work(cases), in_flight=4, on_row=on_row))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(rows) == 10
    assert len(model.asked) <= 14


def test_rows_are_plain_json(tmp_path):
    async def go(file):
        cases = suites.resolve(SUMS, limit=1)
        await run(FakeModel().stream, work(cases, [Effort.LOW]), on_row=file.add)

    with ResultFile(tmp_path / "r.jsonl", []) as file:
        asyncio.run(go(file))
    row = json.loads((tmp_path / "r.jsonl").read_text())
    promised = "id task effort got want correct reasoning_tokens seconds error"
    assert set(promised.split()) <= row.keys()


async def test_samples_have_seeds_of_their_own_and_count_apart():
    cases, seeds = suites.resolve(SUMS, limit=5), []
    model = FakeModel()

    async def stream(problem, effort, *, seed, temperature):
        seeds.append(seed)
        async for event in model.stream(problem, effort, seed=seed):
            yield event

    asked = work(cases, [Effort.MEDIUM], samples=3)
    assert [job.sample for job in asked] == [0] * 5 + [1] * 5 + [2] * 5
    assert [job.seed for job in asked[:5]] == [case.seed for case in cases]
    await run(stream, asked, on_row=lambda row: None)
    assert len(set(seeds)) == 15
    assert len({job.key for job in asked}) == 15


def test_one_file_is_written_by_one_run(tmp_path):
    path = tmp_path / "r.jsonl"
    with ResultFile(path, []), pytest.raises(BadInput, match="another evaluation is writing"):
        ResultFile(path, [])
    with ResultFile(path, []):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["r.jsonl"]


class Says:
    """A verifier without a key that knows numbers above 50."""

    name, trust, level = "says", "sound", "answer"

    async def judge(self, problem, candidates, ctx):
        return [
            Verdict(Outcome.CANNOT_TELL) if int(c) <= 50 else Verdict.of(int(c) < 100)
            for c in candidates
        ]


async def test_what_verifiers_without_the_key_say_stands_in_the_row():
    rows = []
    cases = suites.resolve(SUMS, limit=30)

    async def stream(problem, effort, *, seed, temperature):
        branch = Branch("main", thought="2+2=5", steps=[Step("2+2=5", "sum", Verdict.of(False))])
        trace = Trace("m", effort, "think", answer="10", branches=[branch])
        trace.answer = ["10", "60", "120", " "][seed % 4]
        trace.branches[0].retries.append(Retry("server", "busy"))
        yield Finished(trace=trace)

    await run(stream, work(cases, [Effort.LOW]), sensors=[Says()], on_row=rows.append)
    found = {(row.got, row.score, row.scored_by, row.vote is None) for row in rows}
    assert found == {
        ("10", 0.01, "steps", False),
        ("60", 1.0, "sound", False),
        ("120", 0.0, "sound", False),
        (" ", 0.0, "sound", True),
    }
    assert {row.retries for row in rows} == {1}


async def test_a_scorer_that_broke_is_no_wrong_answer():
    class Broken:
        name, trust, level = "broken", "sound", "answer"

        async def judge(self, problem, candidates, ctx):
            raise OSError("no box")

    rows = []
    case = Case("1", "t", "t", Problem.ask("3 + 4"), "7", verifier=Broken())
    await run(FakeModel().stream, work([case]), on_row=rows.append)
    assert {row.error for row in rows} == {"the scorer broke: OSError: no box"}


async def test_the_settings_say_which_verifiers_there_were(tmp_path):
    script = tmp_path / "script.json"
    script.write_text('[{"answer": "7"}]')
    questions = {
        "Make 24 from 4, 7, 8 and 8.": "puzzle",
        "What is a puzzle?": "puzzle",
        "What is 3 + 4?": "sum",
    }
    cases = [
        Case(question, task, task, Problem.ask(question), "7", score="7".__eq__)
        for question, task in questions.items()
    ]

    async def asked(*efforts):
        found = await evaluate(cases, [f"script:{script}"], efforts)
        return found, [policy["verifiers"] for policy in found["policies"].values()]

    found, policies = await asked(Effort.NONE, Effort.LOW)
    assert found["verifiers"] == {"none": ["puzzle", "sum"]}
    assert policies == ["none", "none"]
    found, policies = await asked(Effort.LOW, Effort.MEDIUM)
    assert found["verifiers"] == {"judge of steps": ["puzzle", "sum"]}
    assert policies == ["none", "steps"]
    found, policies = await asked(Effort.HIGH)
    kinds = {"sound by question": ["puzzle (1 of 2)"], "judge of steps": ["sum"]}
    assert found["verifiers"] == kinds
    assert policies == ["sound and steps"]
    report = folder.text(found, [])
    assert "| verifier: sound by question | puzzle (1 of 2) |" in report
    assert "| verifier: judge of steps | sum |" in report
