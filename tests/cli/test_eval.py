"""`secondthought eval` from the outside, with a model that a script plays."""

import asyncio
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from secondthought.cli.eval import app as eval_app
from secondthought.cli.eval import eval_command, parse_efforts
from secondthought.cli.main import main
from secondthought.effort import Effort
from secondthought.evals import results, suites
from secondthought.evals.session import evaluate
from secondthought.messages import BadInput

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


def test_without_a_terminal_stderr_stays_empty(script, questions, capsys):
    main_said = []
    for arguments in (["--limit", "2"], ["--wrong"]):
        with pytest.raises(SystemExit) as left:
            main(["eval", str(questions), "-m", script, *arguments])
        assert left.value.code == 0
        main_said.append(capsys.readouterr())
    assert [said.err for said in main_said] == ["", ""]
    assert all(said.out.startswith("task") for said in main_said)


def test_a_file_at_two_efforts(tmp_path, script, questions):
    out = tmp_path / "r.jsonl"
    result = call(questions, "-m", script, "--effort", "none,medium", "--json", out)
    assert result.exit_code == 0, result.output
    rows, summary = rows_of(out)
    assert len(rows) == 16
    assert [r["correct"] for r in rows if r["id"] == "3"] == [True, True]
    assert {r["reasoning_tokens"] for r in rows if r["effort"] == "medium"} == {2}
    (found,) = summary["models"].values()
    cell = found["efforts"]["medium"]["tasks"]["add"]
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


def test_answers_under_other_limits_are_not_reused(tmp_path, script, questions, monkeypatch):
    out, table = tmp_path / "r.jsonl", tmp_path / "own.toml"
    call(questions, "-m", script, "--json", out)
    first, _ = rows_of(out)
    table.write_text("medium = { thought_tokens = 1 }")
    monkeypatch.setenv("SECONDTHOUGHT_EFFORT", str(table))
    call(questions, "-m", script, "--json", out)
    second, _ = rows_of(out)
    assert [{row["reasoning_tokens"] for row in rows} for rows in (first, second)] == [{2}, {1}]
    assert {row["policy"] for row in first}.isdisjoint(row["policy"] for row in second)


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
        (["--samples", "0"], "0 samples of an answer"),
        (["--samples", "4", "--temperature", "0"], "4 samples at temperature 0"),
        (["--data", "x.csv"], "--data is the file of one benchmark"),
        (["--report", "/dev/null/x"], "/dev/null/x cannot be written"),
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


def test_several_models_efforts_and_samples_in_one_run(tmp_path, questions):
    for name, answer in (("a", "5"), ("b", "6")):
        turns = [{"thought": "hm", "answer": answer}]
        (tmp_path / f"{name}.json").write_text(json.dumps(turns))
    models = [f"script:{tmp_path / name}.json" for name in "ab"]
    out = tmp_path / "r.jsonl"
    options = [x for m in models for x in ("-m", m)]
    options += ["-e", "none,low", "-e", "high", "-n", "2", "--json", out]
    result = call(questions, *options)
    assert result.exit_code == 0, result.output
    rows, summary = rows_of(out)
    assert len(rows) == 2 * 3 * 2 * 8
    assert list(summary["models"]) == models
    assert {r["temperature"] for r in rows} == {0.7, None}  # a vote has its own
    assert list(summary["between"]) == ["none", "low", "high"]
    assert f"{models[1]} - {models[0]}" in summary["between"]["low"]
    again = call(questions, *options)
    assert again.stdout == result.stdout
    assert "vote@k" in result.stdout
    with pytest.raises(BadInput, match="named twice"):
        asyncio.run(evaluate(suites.resolve(str(questions)), [models[0]] * 2, [Effort.LOW]))


def test_a_report_folder_and_the_same_report_from_its_results(tmp_path, script, questions):
    folder = tmp_path / "deep" / "report"
    result = call(questions, "-m", script, "-e", "none,low", "-n", "2", "--report", folder)
    assert result.exit_code == 0, result.output
    names = {"report.md", "results.jsonl", "accuracy.svg", "accuracy.png"}
    assert {path.name for path in folder.iterdir()} == names
    report = (folder / "report.md").read_text()
    for part in ("12.5 %", "low - none", "vote@k", "![accuracy over tokens](accuracy.svg)"):
        assert part in report
    again = tmp_path / "again"
    result = CliRunner().invoke(
        eval_app, ["report", str(folder / "results.jsonl"), "-o", str(again)]
    )
    assert result.exit_code == 0, result.output
    for name in ("report.md", "accuracy.svg", "results.jsonl"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_the_group_asks_whatever_is_no_subcommand(tmp_path, script, questions):
    out = tmp_path / "r.jsonl"
    arguments = [str(questions), "-m", script, "--limit", "2", "--json", str(out)]
    result = CliRunner().invoke(eval_app, arguments)
    assert result.exit_code == 0, result.output
    assert len(rows_of(out)[0]) == 2
    for arguments, said in ((["--help"], "--samples"), (["report", "--help"], "--out")):
        shown = CliRunner().invoke(eval_app, arguments, env={"COLUMNS": "120", "NO_COLOR": "1"})
        assert (shown.exit_code, said in shown.output) == (0, True)


def test_the_wrong_answers_are_listed(tmp_path, questions):
    model = tmp_path / "m.json"
    model.write_text(json.dumps([{"match": r"2\+4", "answer": "\x1b[31m7"}, {"answer": "5"}]))
    out = tmp_path / "r.jsonl"
    arguments = (questions, "-m", f"script:{model}", "--limit", 5, "-e", "none")
    shown = call(*arguments, "--wrong")
    listed = shown.output[shown.output.index("0 (add)") :]
    assert listed.count("(add)") == 4
    assert "3 (add)" not in listed
    assert "4 (add)\n  question 2+4?\n  wanted   6\n  got, none:\n           [31m7\n" in listed
    assert listed.endswith("\n4 of 5 answers are wrong, to 4 of 5 questions\n")
    for _ in range(2):  # the second time, all of it comes from the file
        assert call(*arguments, "--wrong", "--json", out).output.endswith(listed)
    assert CliRunner().invoke(eval_app, ["wrong", str(out)]).output == listed


def test_the_documented_options_exist():
    """The options of the group's default command, which its group does not parse."""
    command = typer.main.get_command(app)
    text = (Path(__file__).parents[2] / "docs" / "evals.md").read_text()
    uses = re.findall(r"^secondthought eval (?!report |wrong |inspect )(.*)$", text, re.MULTILINE)
    assert len(uses) >= 5
    for use in uses:
        command.make_context("eval", shlex.split(use, comments=True))


def test_killed_at_any_time_it_loses_what_was_in_flight_and_doubles_nothing(tmp_path):
    questions, out, model = (tmp_path / n for n in ("q.jsonl", "r.jsonl", "m.json"))
    lines = [{"id": i, "question": f"2+{i}?", "answer": 2 + i} for i in range(60)]
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines))
    model.write_text(json.dumps([{"answer": "5", "first_token_delay": 0.02}]))
    arguments = ["-m", f"script:{model}", "-e", "none,low", "--in-flight", "4", "--json", str(out)]
    command = [sys.executable, "-m", "secondthought.cli.main", "eval", str(questions), *arguments]
    seen = {}
    for least in (5, 40):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and (
            not out.exists() or out.read_bytes().count(b"\n") < least
        ):
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        rows = {row.key: row for row in results.read(out)[0]}
        assert least <= len(rows) < 120
        assert {key: rows.get(key) for key in seen} == seen  # nothing that was there is lost
        seen = rows
    assert subprocess.run(command, stdout=subprocess.DEVNULL, timeout=120).returncode == 0
    rows, summary = rows_of(out)
    assert len(rows) == 120
    assert len({(r["id"], r["effort"]) for r in rows}) == 120
    assert {key: row for row in results.read(out)[0] if (key := row.key) in seen} == seen
    assert summary["models"]
    assert not list(tmp_path.glob("*.old"))
