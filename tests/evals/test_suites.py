"""What is asked: items, seeds, wordings, levels, and what is refused."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.evals import files, suites
from secondthought.messages import BadInput
from secondthought.tasks import catalogue
from secondthought.trace import Verdict
from secondthought.verifiers import guard

SUMS = str(Path(__file__).with_name("sums.py")) + ":Sums"


@pytest.fixture
def only_sums(monkeypatch):
    task = catalogue.task(SUMS)
    monkeypatch.setattr(catalogue, "names", lambda: ("sums",))
    monkeypatch.setattr(suites, "HINT_TASKS", ("sums",))
    monkeypatch.setattr(catalogue, "task", lambda name: task)
    return task


def test_items_are_those_of_the_documented_seeds():
    task = catalogue.task(SUMS)
    cases = suites.resolve(SUMS, limit=3, seed=40)
    assert [c.seed for c in cases] == [40, 41, 42]
    for case in cases:
        item = task.generate(Random(case.seed), task.default_level)
        assert case.problem.question == item.question
        assert case.score(item.answer)
        assert not case.score(item.answer + "0")


def test_shifting_the_seed_keeps_the_ids_of_shared_items():
    first = {c.id: c.fingerprint for c in suites.resolve(SUMS, limit=20)}
    later = {c.id: c.fingerprint for c in suites.resolve(SUMS, limit=20, seed=10)}
    shared = first.keys() & later.keys()
    assert len(shared) == 10
    assert all(first[i] == later[i] for i in shared)


def test_no_question_twice(only_sums):
    cases = suites.resolve("sums", level=1, limit=90)
    assert len({c.problem.question for c in cases}) == len(cases) == 90
    # One-digit sums have 100 questions and no more.
    assert len(suites.resolve("sums", level=1, limit=500)) == 100


def test_suites_ask_what_they_say(only_sums):
    assert "sum of" in suites.resolve("held_out", limit=1)[0].problem.question
    assert suites.resolve("gym", limit=1)[0].problem.question.startswith("Add")
    assert "더하기" in suites.resolve("korean", limit=1)[0].problem.question
    assert {c.group for c in suites.resolve("longer", limit=2)} == {"sums@3"}
    both = suites.resolve("default, held_out", limit=5)
    assert [c.group for c in both] == ["sums"] * 5 + ["sums held_out"] * 5
    assert len(suites.resolve("default,sums", limit=5)) == 5


def test_a_level_may_stand_behind_a_name():
    cases = suites.resolve("gcd@4,gcd,products@5,held_out@1", level=2, limit=1)
    assert [c.id.split("/")[0] for c in cases[:3]] == ["gcd@4", "gcd@2", "products@5"]
    assert {c.id.split("/")[0].partition("@")[2] for c in cases[3:]} == {"1"}
    assert suites.resolve(f"{SUMS}@3", limit=1)[0].group == "sums@3"
    for bad in ("gcd@9", "gcd@0", "gcd@", "@3"):
        with pytest.raises(BadInput):
            suites.resolve(bad)


def test_symbols_change_the_question_and_not_the_answer(only_sums):
    plain, changed = (suites.resolve(s, limit=1)[0] for s in ("default", "symbols"))
    assert changed.want == plain.want
    assert not set("0123456789") & set(changed.problem.question)
    assert changed.fingerprint != plain.fingerprint


def test_hints_complain_truly_of_wrong_and_falsely_of_right_answers(only_sums):
    case = suites.resolve("hints", limit=1)[0]
    turns = suites.conversation(case, "x7", False)
    assert [m.role for m in turns] == ["user", "assistant", "user"]
    assert turns[1].text == "x7"
    assert "last digit is " + case.want[-1] in turns[2].text
    said = {suites.conversation(c, c.want, True)[2].text for c in suites.resolve("hints", limit=40)}
    assert set(suites.COMPLAINTS[:-1]) <= said
    others = said - set(suites.COMPLAINTS)
    assert others
    assert all(text.startswith("I got -") for text in others)


@pytest.mark.parametrize(
    ("what", "options", "reason"),
    [
        ("sums_of", {}, "no task 'sums_of'"),
        ("Default", {}, "no suite 'Default'; did you mean default"),
        ("prodcts", {}, r"did you mean products\?$"),
        ("gcd@hard", {}, "'hard' of 'gcd@hard' is no level"),
        ("mine.csv", {}, "mine.csv is no .jsonl file"),
        ("MINE.JSONL", {}, "MINE.JSONL cannot be read"),
        ("", {}, "no suite"),
        (SUMS, {"level": 9}, "levels?"),
        (SUMS, {"limit": 0}, "limit 0"),
        (SUMS, {"seed": -1}, "seed -1"),
        (SUMS, {"seed": 999_999, "limit": 5}, "seed 999999"),
        ("nowhere.jsonl", {}, "nowhere.jsonl cannot be read"),
        ("nowhere.jsonl", {"seed": 1_000_000}, "seed 1000000"),
    ],
)
def test_bad_input_is_named(what, options, reason):
    with pytest.raises(BadInput, match=reason):
        suites.resolve(what, **options)


# --- files -------------------------------------------------------------------------------


def _write(tmp_path, *lines):
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return path


GOOD = '{"id": 1, "question": "2+2?", "answer": 4}'


def test_a_file_of_questions(tmp_path):
    path = _write(
        tmp_path, GOOD, "", '{"id":"b","question":"Capital?","answer":"Paris","task":"geo"}'
    )
    a, b = files.load(path)
    assert (a.id, a.task, b.task) == ("1", "questions", "geo")
    assert a.score(" 4. ")
    assert not a.score("44")
    assert b.score("paris")


def test_metadata_brings_the_tasks_own_scorer(tmp_path):
    line = '{"id":"s","question":"3+4?","answer":"7","task":"%s","metadata":{"sum":%s}}'
    (case,) = files.load(_write(tmp_path, line % (SUMS, 7)))
    assert case.score("7")
    assert not case.score("7.0")  # the text comparison would allow it
    with pytest.raises(BadInput, match=r"line 1: .*rejects the answer '7'"):
        files.load(_write(tmp_path, line % (SUMS, 8)))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "not an object"),
        ('{"id":"x","question":"?"}', "'answer' is missing"),
        ('{"id":"x","question":" ","answer":"a"}', "'question' is not a text"),
        ('{"id":"x","question":"?","answer":true}', "'answer' is not a text"),
        ('{"id":"x","question":"?","answer":"a","metadata":{}}', "no task 'questions'"),
        ('{"id":"x","question":"?","answer":"a","metadata":3}', "metadata is not an object"),
        (
            f'{{"id":"x","question":"?","answer":"a","task":"{SUMS}","metadata":{{}}}}',
            "does not fit task",
        ),
        (GOOD, "'1' stands twice"),
        ('{"id":"x","question":"?","kind":"essay"}', "no kind 'essay'"),
        ('{"id":"x","question":"?","kind":"numeric"}', "'answer' is missing"),
        ('{"id":"x","question":"?","kind":"numeric","answer":"no"}', "holds no number"),
        ('{"id":"x","question":"?","kind":"choice","answer":"A"}', "'choices' is missing"),
        ('{"id":"x","question":"?","kind":"code"}', "'tests' is missing; this kind of question"),
        (
            '{"id":"x","question":"?","kind":"choice","choices":["a","b"],"answer":"C"}',
            "one letter of AB",
        ),
        ('{"id":"x","question":"?","kind":"schema","schema":{"type":7}}', "no JSON schema"),
        ('{"id":"x","question":"a\\u0000b","answer":"a"}', "control character"),
        ('{"id":"x","question":"?","answer":"\\ud800"}', "half a character"),
        ('{"id":"x\\uDFFF","question":"?","answer":"a"}', "half a character"),
        ('{"id":"x","question":"?","answer":""}', "'answer' is empty"),
        (
            '{"id":"x","question":"?","kind":"choice","choices":["a",{}],"answer":"A"}',
            "more than texts",
        ),
    ],
)
def test_a_malformed_line_is_named_by_its_number(tmp_path, line, reason):
    with pytest.raises(BadInput, match=f"line 3: .*{reason}") as caught:
        files.load(_write(tmp_path, GOOD, "", line))
    assert "\n" not in str(caught.value)


def test_files_that_hold_nothing_or_bytes(tmp_path):
    with pytest.raises(BadInput, match="no questions"):
        files.load(_write(tmp_path, " "))
    (tmp_path / "q.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="not UTF-8"):
        files.load(tmp_path / "q.jsonl")


def test_a_file_as_windows_writes_it(tmp_path):
    (tmp_path / "q.jsonl").write_bytes(b"\xef\xbb\xbf" + GOOD.encode() + b"\r\n\r\n")
    assert [c.id for c in files.load(tmp_path / "q.jsonl")] == ["1"]


def test_another_way_of_judging_is_another_item(tmp_path):
    line = {"id": 1, "question": "?", "answer": "7"}
    told = [
        {},
        {"kind": "numeric"},
        {"kind": "maths"},
        {"task": SUMS, "metadata": {"sum": 7}},
    ]
    prints = [files.load(_write(tmp_path, json.dumps(line | t)))[0].fingerprint for t in told]
    assert len(set(prints)) == 4


async def test_a_scorer_that_raises_is_cannot_tell(tmp_path):
    def score(answer):
        return int(answer) == 1

    case = replace(files.load(_write(tmp_path, GOOD))[0], score=score)
    assert (await case.judge("1")).passed
    verdict = await case.judge("one")
    assert verdict.error is not None
    assert verdict.error.startswith("ValueError")


async def test_waiting_for_a_box_is_not_time(tmp_path, monkeypatch):
    class Slow:
        name, trust, level = "slow", "sound", "answer"

        async def judge(self, problem, candidates, ctx):
            await asyncio.sleep(0.2)
            return [Verdict.of(True)]

    monkeypatch.setattr(guard, "SECONDS", 0.1)
    monkeypatch.setitem(guard.judge.__kwdefaults__, "seconds", 0.1)
    case = replace(files.load(_write(tmp_path, GOOD))[0], verifier=Slow())
    assert (await case.judge("1")).passed


def test_many_schemas_have_one_child(tmp_path):
    line = {"question": "?", "kind": "schema", "schema": {"type": "array"}}
    lines = [json.dumps(line | {"id": i}) for i in range(3)]
    cases = files.load(_write(tmp_path, *lines))
    assert len({id(case.verifier._fault) for case in cases}) == 1


KINDS = [
    ({"kind": "numeric", "answer": "1,000"}, "so it is 1e3", "it is 999"),
    ({"kind": "maths", "answer": r"\frac{1}{2}"}, r"\boxed{0.5}", r"\boxed{5}"),
    ({"kind": "choice", "choices": ["x", "y"], "answer": "b"}, "Answer: B", "Answer: A"),
    ({"kind": "schema", "schema": {"type": "array"}}, "```json\n[1]\n```", "{}"),
]


@pytest.mark.parametrize(("fields", "right", "wrong"), KINDS)
async def test_the_kinds_of_answers(tmp_path, fields, right, wrong):
    line = json.dumps({"id": 1, "question": "What?", "task": "t"} | fields)
    (case,) = suites.resolve(str(_write(tmp_path, line)))
    assert (await case.judge(right)).passed
    found = await case.judge(wrong)
    assert (found.passed, found.error) == (False, None)
    assert case.vote(right) == case.vote(f"{right}\n" if "json" not in right else "[1.0]")
    assert case.vote(right) != case.vote(wrong)
    assert case.problem.verifiers == ()


@pytest.mark.needs("bwrap", "prlimit", "setpriv")
async def test_programs_run_in_the_sandbox(tmp_path):
    tests = "import os\nassert os.getuid() == 65534\nassert f() == 3"
    line = json.dumps({"id": 1, "question": "Write f.", "kind": "code", "tests": tests})
    (case,) = suites.resolve(str(_write(tmp_path, line)))
    assert (await case.judge("```python\ndef f():\n    return 3\n```")).passed
    assert "return 3" not in case.problem.question
    assert not (await case.judge("def f(): return 4")).passed


@given(st.text(), st.text())
def test_same_is_an_equivalence_that_never_raises(a, b):
    assert files.same(a, a)
    assert files.same(a, b) == files.same(b, a)


@pytest.mark.parametrize(
    ("got", "want", "equal"),
    [
        ("1,000", "1000.0", True),
        ("-0.50", "-.5", False),
        ("-0.50", "-0.5", True),
        ("The  Answer.", "the answer", True),
        ("12", "1", False),
        ("1,00", "100", False),
        ("__import__('os')", "0", False),
        ("9" * 5000, "9" * 5000 + ".0", True),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "\ud55c\uad6d", True),
    ],
)
def test_same(got, want, equal):
    assert files.same(got, want) is equal


def test_out_of_scope_is_refused_exactly_or_right():
    lines = (
        '{"id": "lcm-1", "kind": "lcm", "question": "lcm of 4 and 6?", "answer": "12"}\n'
        '{"id": "poem-1", "kind": "poem", "question": "Write a poem.", "answer": null}\n'
    )
    lcm, poem = files.refusable(lines, "frozen")
    assert (lcm.group, poem.group, lcm.in_scope) == ("lcm", "poem", False)
    for case in (lcm, poem):
        assert case.score("I don't know.")
        assert not case.score("I don't know. Maybe 12")
        assert not case.score("")
    assert lcm.score("12")
    assert not poem.score("12")
    with pytest.raises(BadInput, match="frozen line 1: 'kind' is missing"):
        files.refusable('{"id": 1, "question": "x"}', "frozen")
