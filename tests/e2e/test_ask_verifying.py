"""`ask --tests` and `ask --verifier`: code is written, run and mended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

bwrap = pytest.mark.needs("bwrap", "prlimit", "setpriv")

WRONG = "```python\ndef add(a, b):\n    return a - b\n```"
RIGHT = "```python\ndef add(a, b):\n    return a + b\n```"
MENDS = (
    {"match": "add.2, 3. is -1", "thought": "minus is plus", "answer": RIGHT},
    {"thought": "easy", "answer": WRONG},
)


@pytest.fixture
def tests(tmp_path: Path) -> str:
    (tmp_path / "t.py").write_text("assert add(2, 3) == 5\n")
    return "t.py"


@bwrap
def test_code_is_written_run_and_mended(run: Any, script: Any, tests: str) -> None:
    done = run("ask", "Write add", "-m", script(*MENDS), "--tests", tests)
    assert (done.returncode, done.stdout) == (0, RIGHT + "\n")
    assert done.stderr == "verified: answer 2 passes python tests\n"


@bwrap
def test_code_that_is_never_right_is_told_and_exits_with_1(
    run: Any, script: Any, tests: str
) -> None:
    done = run("ask", "Write add", "-m", script({"answer": WRONG}), "--tests", tests)
    assert (done.returncode, done.stdout) == (1, WRONG + "\n")
    assert "is not verified: python tests says no: tests.py, line 1" in done.stderr
    assert done.stderr.count("\n") == 1


@bwrap
def test_json_holds_the_verdicts(run: Any, script: Any, tests: str) -> None:
    done = run("ask", "Write add", "--json", "-m", script(*MENDS), "--tests", tests)
    shown = json.loads(done.stdout)
    assert shown["answer"] == RIGHT
    assert [v["outcome"] for v in shown["verdicts"]] == ["passed"]


def test_a_verifier_of_ones_own(run: Any, script: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def f(question, answer): return answer == 'b', 'say b'\n")
    model = script({"match": "say b", "answer": "b"}, {"answer": "a"})
    done = run("ask", "Say it", "-m", model, "--verifier", "./mine.py:f")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "b\n",
        "verified: answer 2 passes f\n",
    )


def test_auto_hears_a_verifier_that_guesses(run: Any, script: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "def f(question, answer): return answer == 'b', 'say b'\nf.trust = 'critic'\n"
    )
    model = script({"match": "say b", "answer": "b"}, {"answer": "a"})
    done = run("ask", "Say it", "-e", "auto", "-m", model, "--verifier", "./mine.py:f")
    assert (done.returncode, done.stdout) == (0, "b\n")
    assert done.stderr == "verified: answer 2 passes f\n"


def test_the_answer_that_is_told_of_is_the_one_on_stdout(
    run: Any, script: Any, tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text("def f(question, answer): return False, f'{answer} is bad'\n")
    model = script({"answer": "a"}, {"answer": "b"}, {"answer": "c"})
    done = run("ask", "Say it", "-m", model, "--verifier", "./mine.py:f")
    assert (done.returncode, done.stdout) == (1, "a\n")
    assert "answer 1 is not verified: f says no: a is bad" in done.stderr


def test_high_names_a_verifier_once_and_asks_it_once(run: Any, script: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "def f(question, answer):\n"
        "    with open('asked.txt', 'a') as file: file.write(answer + '\\n')\n"
        "    return True\n"
    )
    model = script({"answer": "a"})
    done = run("ask", "Say it", "-e", "high", "-m", model, "--verifier", "./mine.py:f")
    assert (done.returncode, done.stdout) == (0, "a\n")
    assert done.stderr.endswith(" passes f\n")
    assert (tmp_path / "asked.txt").read_text() == "a\n"


def test_a_verifier_that_breaks_has_not_verified(run: Any, script: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def f(question, answer): return 1 / 0\n")
    done = run("ask", "Say it", "-m", script({"answer": "a"}), "--verifier", "./mine.py:f")
    assert (done.returncode, done.stdout) == (1, "a\n")
    assert "f cannot tell: ZeroDivisionError" in done.stderr


def test_bad_tests_and_verifiers_are_bad_input(run: Any, script: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("assert (")
    for option, value in (
        ("--tests", "none.py"),
        ("--tests", "bad.py"),
        ("--verifier", "mine"),
        ("--verifier", "./none.py:f"),
    ):
        done = run("ask", "x", "-m", script({"answer": "a"}), option, value)
        assert (done.returncode, done.stdout) == (2, ""), (option, value)
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("\n") == 1
