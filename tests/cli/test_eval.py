"""`secondthought eval` from the outside, with a model that a script plays."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from secondthought.cli.eval import eval_command, parse_efforts
from secondthought.cli.main import main
from secondthought.effort import Effort

SUMS = str(Path(__file__).parents[1] / "evals" / "sums.py") + ":Sums"
app = typer.Typer()
app.command()(eval_command)


@pytest.fixture
def script(tmp_path):
    """A model that thinks two tokens and says 5 to everything."""
    path = tmp_path / "model.json"
    path.write_text(json.dumps([{"thought": "well now", "answer": "5"}]))
    return f"script:{path}"


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "q.jsonl"
    lines = [{"id": i, "question": f"2+{i}?", "answer": 2 + i, "task": "add"} for i in range(8)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def call(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def rows_of(path):
    *rows, summary = [json.loads(line) for line in path.read_text().splitlines()]
    return rows, summary


def test_a_file_at_two_efforts(tmp_path, script, questions):
    out = tmp_path / "r.jsonl"
    result = call(questions, "-m", script, "--effort", "none,medium", "--json", out)
    assert result.exit_code == 0, result.output
    rows, summary = rows_of(out)
    assert len(rows) == 16
    assert [r["correct"] for r in rows if r["id"] == "3"] == [True, True]
    assert {r["reasoning_tokens"] for r in rows if r["effort"] == "medium"} == {2}
    cell = summary["efforts"]["medium"]["tasks"]["add"]
    assert (cell["n"], cell["correct"]) == (8, 1)
    assert "12.5 %" in result.stdout
    assert "McNemar" in result.stdout


def test_a_second_call_asks_nothing_and_says_the_same(tmp_path, script, questions):
    out = tmp_path / "r.jsonl"
    first = call(questions, "-m", script, "--json", out)
    before = out.read_text()
    second = call(questions, "-m", script, "--json", out)
    assert second.stdout == first.stdout
    assert out.read_text() == before


def test_level_limit_and_seed(tmp_path, script):
    out = tmp_path / "r.jsonl"
    options = ("--level", 1, "--limit", 4, "--seed", 7, "--temperature", 0.5, "--json", out)
    result = call(SUMS, "-m", script, *options)
    assert result.exit_code == 0, result.output
    rows, summary = rows_of(out)
    assert sorted(r["id"] for r in rows)[0] == "sums@1/10"
    assert {r["temperature"] for r in rows} == {0.5}
    assert (summary["seed"], summary["suite"], summary["level"]) == (7, SUMS, 1)


def test_questions_that_fail_are_told(tmp_path, questions):
    path = tmp_path / "model.json"
    path.write_text(json.dumps([{"match": "3", "fail": {"status": 429}}, {"answer": "5"}]))
    result = call(questions, "-m", f"script:{path}", "--json", tmp_path / "r.jsonl")
    assert result.exit_code == 1
    assert "1 questions failed" in result.stdout


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--effort", "medium,hard"], "no effort 'hard'"),
        (["--effort", ","], "no effort is named"),
        (["--temperature", "-1"], "temperature -1"),
        (["--in-flight", "0"], "0 questions"),
        (["--limit", "0"], "limit 0"),
        (["--json", "no/such/folder/r.jsonl"], "cannot be written"),
    ],
)
def test_bad_options_are_one_line_and_code_2(script, questions, options, reason, capsys):
    with pytest.raises(SystemExit) as left:
        main(["eval", str(questions), "-m", script, *options])
    assert left.value.code == 2
    errors = capsys.readouterr().err
    assert reason in errors
    assert errors.count("\n") == 1


def test_a_malformed_line_is_named(tmp_path, script, capsys):
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": 1, "question": "1+1?", "answer": 2}\n{"id": 2,\n')
    with pytest.raises(SystemExit) as left:
        main(["eval", str(path), "-m", script])
    assert left.value.code == 2
    assert "q.jsonl line 2: not JSON" in capsys.readouterr().err


def test_efforts_each_once():
    assert parse_efforts("none, medium,none") == [Effort.NONE, Effort.MEDIUM]


def test_ctrl_c_keeps_what_is_done(tmp_path, questions):
    path, out = tmp_path / "model.json", tmp_path / "r.jsonl"
    slow = {"match": "7", "answer": "9", "first_token_delay": 60}
    path.write_text(json.dumps([slow, {"answer": "5"}]))
    command = [sys.executable, "-m", "secondthought.cli.main", "eval", str(questions)]
    options = ["-m", f"script:{path}", "--json", str(out)]
    process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (not out.exists() or out.read_text().count("\n") < 7):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on" in errors
    assert "Traceback" not in errors
    assert len(out.read_text().splitlines()) == 7
