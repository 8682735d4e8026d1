"""Published formats, in tiny files of their column layout; what they ask and what is right."""

import csv
import gzip
import json
import os
from pathlib import Path

import pytest

from secondthought.evals import benchmarks, suites, tables
from secondthought.evals.kinds import program
from secondthought.messages import BadInput
from secondthought.trace import Outcome

ADD = {
    "task_id": "Test/0",
    "prompt": "from typing import List\n\n\ndef one():\n    return 1\n\n\n"
    'def total(xs: List[int]) -> int:\n    """Their sum."""\n',
    "canonical_solution": "    return sum(xs)\n",
    "test": "def check(candidate):\n    assert candidate([1, 2]) == 3\n    assert one() == 1\n",
    "entry_point": "total",
}
GPQA = {
    "Pre-Revision Question": "?",
    "Question": "Which one?",
    "Correct Answer": "this",
    "Incorrect Answer 1": "that",
    "Incorrect Answer 2": "those",
    "Incorrect Answer 3": "these",
    "Record ID": "rec1",
    "High-level domain": "Physics",
}


def write(path, records):
    """JSON lines or CSV with a header, as the suffix says."""
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, records[0].keys())
            writer.writeheader()
            writer.writerows(records)
    else:
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


async def passed(case, answer):
    verdict = await case.judge(answer)
    assert verdict.error is None
    return verdict.passed


async def test_mmlu_as_csv_files_by_subject(tmp_path):
    (tmp_path / "test").mkdir()
    line = '"What, is it?","a ""b""",b,c,d,C\n'
    (tmp_path / "test" / "college_physics_test.csv").write_text(line)
    (tmp_path / "test" / "anatomy_test.csv").write_text(line * 3)
    cases = suites.resolve("mmlu", data=tmp_path, limit=2)
    assert [case.group for case in cases] == ["mmlu anatomy"] * 2 + ["mmlu college_physics"]
    question = cases[0].problem.question
    assert question.startswith('What, is it?\n\nA) a "b"\nB) b\nC) c\nD) d\n')
    assert await passed(cases[0], "B is wrong, A too.\n\nAnswer: C")
    assert not await passed(cases[0], "Answer: B")


async def test_mmlu_as_on_the_hub(tmp_path):
    record = {"question": "Which?", "subject": "anatomy", "choices": ["w", "x", "y", "z"]}
    path = write(tmp_path / "mmlu.jsonl", [record | {"answer": 1}])
    (case,) = suites.resolve("mmlu", data=path)
    assert (case.want, case.group) == ("B", "mmlu anatomy")
    path = write(tmp_path / "mmlu.jsonl", [record | {"answer": 4}])
    with pytest.raises(BadInput, match="record 1 is none of mmlu: 'answer' is '4'"):
        suites.resolve("mmlu", data=path)


async def test_gpqa_shuffles_the_choices_by_the_seed(tmp_path):
    path = write(tmp_path / "gpqa_diamond.csv", [GPQA | {"Record ID": f"r{i}"} for i in range(40)])
    cases = suites.resolve("gpqa", data=path, seed=3)
    assert {case.want for case in cases} == set("ABCD")
    again = suites.resolve("gpqa", data=path, seed=3)
    assert [c.fingerprint for c in cases] == [c.fingerprint for c in again]
    other = suites.resolve("gpqa", data=path, seed=4)
    assert [c.want for c in cases] != [c.want for c in other]
    for case in cases[:5]:
        assert f"{case.want}) this\n" in case.problem.question
        assert await passed(case, f"The answer is ({case.want}).")


@pytest.mark.parametrize(
    "record",
    [
        {"id": 60, "problem": "6*34?", "solution": "", "answer": "204", "year": "2024"},
        {"ID": "2024-I-1", "Problem": "6*34?", "Solution": "", "Answer": 204},
        {"question": "6*34?", "answer": "204"},
    ],
)
async def test_aime_under_the_names_of_its_copies(tmp_path, record):
    (case,) = suites.resolve("aime", data=write(tmp_path / "aime.jsonl", [record]))
    assert await passed(case, r"So 6 * 34 is \boxed{204}.")
    assert not await passed(case, "204 minus 1. Answer: 203")
    assert case.vote("Answer: 0204") == case.vote("it is 204") == "204"


async def test_math500(tmp_path):
    record = {
        "problem": "Half?",
        "solution": "...",
        "answer": r"\frac{1}{2}",
        "subject": "Algebra",
        "level": 5,
        "unique_id": "test/algebra/1.json",
    }
    (case,) = suites.resolve("math500", data=write(tmp_path / "test.jsonl", [record]))
    assert (case.id, case.group) == ("test/algebra/1.json", "math500 level 5")
    assert await passed(case, r"It is \boxed{0.5}")
    assert not await passed(case, r"It is \boxed{2}")
    assert case.vote(r"so \boxed{1/2}") == case.vote(r"It is \boxed{0.5}")


async def test_gsm8k(tmp_path):
    record = {"question": "How much?", "answer": "3 * 400 = <<3*400=1200>>1200\n#### 1,200"}
    path = write(tmp_path / "test.jsonl", [record])
    (case,) = suites.resolve("gsm8k", data=path)
    assert await passed(case, "She pays $1200.00")
    assert "1,200" not in case.problem.question
    with pytest.raises(BadInput, match="no line '#### NUMBER'"):
        suites.resolve("gsm8k", data=write(path, [record | {"answer": "12"}]))


@pytest.mark.needs("bwrap", "prlimit", "setpriv")
async def test_humaneval(tmp_path):
    path = tmp_path / "HumanEval.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ADD).encode()))
    (case,) = suites.resolve("humaneval", data=path)
    whole = "Sure:\n```python\ndef total(xs: List[int]) -> int:\n    return sum(xs)\n```\nDone."
    assert await passed(case, whole)
    assert await passed(case, "```python\n    return sum(xs)\n```")
    assert not await passed(case, whole.replace("sum", "len"))
    assert not await passed(case, "I do not know.")
    assert case.vote(whole) is None
    assert "assert" not in case.problem.question
    assert case.problem.verifiers == ()


def test_a_program_is_what_the_answer_wrote_after_what_stood_before():
    begun, function = ADD["prompt"], "total"
    head = begun[: begun.index("def total")]
    assert program("def total(xs):\n    return 0\n", begun, function) == (
        f"{head}\ndef total(xs):\n    return 0\n"
    )
    assert program("    return 0\n", begun, function) == begun + "    return 0\n"


@pytest.fixture
def published():
    beside = Path(__file__).parents[2].parent / "shared/data/HumanEval.jsonl.gz"
    path = Path(os.environ.get("SECONDTHOUGHT_HUMANEVAL", beside))
    if not path.is_file():
        pytest.skip("needs HumanEval.jsonl.gz; name it in SECONDTHOUGHT_HUMANEVAL")
    return path


@pytest.mark.needs("bwrap", "prlimit", "setpriv")
async def test_the_published_humaneval(published):
    cases = suites.resolve("humaneval", data=published)
    assert len(cases) == 164
    records = tables.read(published)
    # Those whose tests use a helper that the prompt defines before the function.
    for number in (0, 32, 38, 50):
        record, case = records[number], cases[number]
        begun = record["prompt"]
        at = begun.rindex(f"def {record['entry_point']}")
        reply = f"```python\n{begun[at:]}{record['canonical_solution']}\n```"
        assert (await case.judge(reply)).passed, record["task_id"]
        wrong = await case.judge(f"```python\n{begun[at:]}    return None\n```")
        assert wrong.outcome is Outcome.FAILED


# --- files -------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv", ".jsonl.gz", ".csv.gz"])
def test_the_same_records_from_every_kind_of_file(tmp_path, suffix):
    records = [{"a": "1", "b": 'x, "y"\nz'}, {"a": "2", "b": "é"}]
    plain = write(tmp_path / f"x{suffix.removesuffix('.gz')}", records)
    if suffix == ".json":
        plain.write_text(json.dumps(records))
    if suffix.endswith(".gz"):
        (tmp_path / f"x{suffix}").write_bytes(gzip.compress(plain.read_bytes()))
    read = tables.read(tmp_path / f"x{suffix}")
    assert read == [record | {"file": "x"} for record in records]


def test_lines_of_csv_end_at_line_ends_only(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\r\nx\u2028y,\x0cz\x85\r\n1,2\r\n", "utf-8", newline="")
    read = tables.read(tmp_path / "x.csv")
    assert [(r["a"], r["b"]) for r in read] == [("x\u2028y", "\x0cz\x85"), ("1", "2")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("none.jsonl", None, "cannot be read"),
        ("a.txt", b"x", "is no .jsonl"),
        ("a.jsonl", b'{"a": 1}\n{', "line 2: not JSON"),
        ("a.jsonl", b"[1]", "item 1: not an object"),
        ("a.jsonl", b"\xff\xfe", "not UTF-8"),
        ("a.jsonl.gz", b"no gzip", "cannot be read"),
        ("a.csv", b'a,b\n1,"2', "not CSV"),
        ("none.parquet", None, "no such file"),
    ],
)
def test_files_that_cannot_be_read_are_named(tmp_path, name, content, reason):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=f"{name}.*{reason}") as error:
        tables.read(tmp_path / name)
    assert "\n" not in str(error.value)


def test_parquet_by_pyarrow(tmp_path, monkeypatch):
    """What pyarrow gives is taken; it is no part of the tests' environment, so it is played."""
    (tmp_path / "test-00000.parquet").write_bytes(b"PAR1")
    monkeypatch.setattr(tables, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match="pip install pyarrow"):
        tables.read(tmp_path)

    class Parquet:
        @staticmethod
        def read_table(path):
            assert path == tmp_path / "test-00000.parquet"
            return type("Table", (), {"to_pylist": lambda self: [{"a": 1}]})()

    monkeypatch.setattr(tables, "find_spec", lambda name: object())
    monkeypatch.setattr(tables, "import_module", lambda name: Parquet)
    assert tables.read(tmp_path) == [{"a": 1, "file": "test-00000"}]


def test_the_hub_by_datasets(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # it is not asked here whether it is there
    monkeypatch.setattr(tables, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match="--data FILE, or pip install datasets"):
        benchmarks.load("gsm8k")

    class Datasets:
        @staticmethod
        def load_dataset(name, config, split):
            if name != "openai/gsm8k":
                raise RuntimeError("gated\nask for access")
            assert (config, split) == ("main", "test")
            return [{"question": "1+1?", "answer": "#### 2"}]

    monkeypatch.setattr(tables, "find_spec", lambda name: object())
    monkeypatch.setattr(tables, "import_module", lambda name: Datasets)
    (case,) = benchmarks.load("gsm8k")
    assert case.want == "2"
    with pytest.raises(BadInput, match="gpqa cannot be loaded: gated ask for access"):
        benchmarks.load("gpqa")


@pytest.mark.parametrize(
    ("name", "record", "reason"),
    [
        ("aime", {"problem": "x"}, "column 'answer' is missing or empty; it has problem"),
        ("aime", {"problem": "x", "answer": "none"}, "holds no number"),
        ("aime", {"problem": "x", "answer": float("nan")}, "holds no number"),
        ("aime", {"problem": "x", "answer": float("inf")}, "holds no number"),
        ("gpqa", GPQA | {"Correct Answer": ""}, "column 'Correct Answer'"),
        ("mmlu", {"question": "x", "choices": ["a"], "answer": 0}, "give 2 to 26"),
        ("aime", {"problem": "a\u0000b", "answer": "2"}, "control character"),
    ],
)
def test_records_of_another_format_are_named(tmp_path, name, record, reason):
    with pytest.raises(BadInput, match=f"record 1 is none of {name}: .*{reason}"):
        suites.resolve(name, data=write(tmp_path / "x.jsonl", [record]))


def test_data_is_for_one_benchmark(tmp_path):
    with pytest.raises(BadInput, match="--data is the file of one benchmark"):
        suites.resolve("gcd", data=tmp_path)
