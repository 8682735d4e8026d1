from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from secondthought.tasks.base import DONT_KNOW, UNKNOWN_THOUGHT

COMMAND = [sys.executable, "-m", "secondthought.cli.main"]
LONG = " ".join(f"step{n}" for n in range(400))
GCD = {"thought": "gcd 12 18\n=6\n6 yes", "answer": "6"}


def test_the_answer_alone_stands_on_stdout(run: Any, script: Any) -> None:
    done = run("ask", "What?", "-m", script({"thought": "a b c", "answer": "four five"}))
    assert (done.returncode, done.stdout, done.stderr) == (0, "four five\n", "")


def test_the_line_that_sums_up(run: Any, script: Any) -> None:
    from secondthought.tasks import catalogue

    done = run("ask", "gcd of 12 and 18?", "--thinking", "line", "-m", script(GCD))
    check = re.escape(catalogue.task("gcd").check)
    assert re.fullmatch(rf"Thought 6 tokens, \d+\.\d s · checked {check} ✓\n", done.stderr)


def test_json_has_the_promised_fields(run: Any, script: Any) -> None:
    done = run("ask", "What now?", "--json", "-e", "low", "-m", script(GCD))
    shown = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert list(shown) == [
        "model",
        "effort",
        "answer",
        "abstained",
        "gave_up",
        "confidence",
        "finish_reason",
        "usage",
        "seconds",
        "thinking",
    ]
    assert shown["usage"] == {
        "prompt_tokens": 2,
        "completion_tokens": 7,
        "reasoning_tokens": 6,
    }
    assert (shown["answer"], shown["effort"], shown["finish_reason"]) == ("6", "low", "stop")
    assert shown["thinking"] == GCD["thought"]
    assert 0 < shown["seconds"] < 5


def test_one_who_does_not_know_says_so_and_where_else_to_ask(run: Any, script: Any) -> None:
    model = script({"thought": UNKNOWN_THOUGHT, "answer": DONT_KNOW})
    done = run("ask", "Who wrote Hamlet?", "-m", model)
    assert (done.returncode, done.stdout) == (0, "I don't know.\n")
    assert done.stderr.count("\n") == 1
    assert "mini sudoku" in done.stderr
    assert "-m FOLDER" in done.stderr
    assert json.loads(run("ask", "Who?", "--json", "-m", model).stdout)["abstained"] is True


def test_bad_input_is_one_line(run: Any) -> None:
    done = run("ask", "x", "-m", "gpt-17")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: no model named 'gpt-17'")
    assert done.stderr.count("\n") == 1


def test_binary_standard_input_is_refused(run: Any) -> None:
    done = run("ask", "-", stdin=b"\x89PNG\r\n\x1a\n\xff")
    assert (done.returncode, done.stdout) == (2, "")
    assert "not UTF-8" in done.stderr


def interrupted(terminal: Any, *arguments: str, after: str) -> Any:
    process = terminal(*arguments)
    process.read_until(after)
    process.press_ctrl_c()
    started = time.monotonic()
    assert process.finish() == 130
    assert time.monotonic() - started < 2
    return process


def test_ctrl_c_keeps_the_partial_answer(terminal: Any, script: Any) -> None:
    model = script({"thought": "hm", "answer": LONG, "tokens_per_second": 100})
    process = interrupted(terminal, "ask", "What?", "-m", model, after="step9")
    assert process.stdout.startswith("step0 step1 ")
    assert "step399" not in process.stdout
    assert "cancelled" in process.stderr


def test_ctrl_c_keeps_the_partial_thought(terminal: Any, script: Any) -> None:
    model = script({"thought": LONG, "answer": "x", "tokens_per_second": 100})
    process = interrupted(terminal, "ask", "What?", "-m", model, after="step9")
    assert "step0 step1 step2" in process.stderr.split("\x1b[2K")[-1].replace("\n", " ")
    assert process.stdout == ""


def test_ctrl_c_still_prints_the_json_object(terminal: Any, script: Any) -> None:
    model = script({"thought": LONG, "answer": "x", "tokens_per_second": 100})
    process = interrupted(
        terminal, "ask", "What?", "--json", "--thinking", "full", "-m", model, after="step9"
    )
    shown = json.loads(process.stdout)
    assert (shown["finish_reason"], shown["answer"]) == ("cancelled", "")
    assert shown["thinking"].startswith("step0 step1")
    assert shown["usage"]["reasoning_tokens"] == len(shown["thinking"].split())


def test_ctrl_c_reaches_a_model_that_stalls(terminal: Any, script: Any) -> None:
    model = script({"thought": LONG, "fail": {"after_tokens": 3, "how": "stall"}})
    interrupted(terminal, "ask", "What?", "--thinking", "full", "-m", model, after="step2")


@pytest.mark.parametrize("checked", [True, False])
def test_ctrl_c_reaches_a_server_that_says_nothing(
    terminal: Any, tmp_path: Path, checked: bool
) -> None:
    (tmp_path / "mine.py").write_text("def f(question, answer): return True\n")
    verifier = ("--verifier", "./mine.py:f") if checked else ()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        model = f"http://127.0.0.1:{server.getsockname()[1]}/v1#m"
        process = terminal("ask", "What?", "-m", model, *verifier)
        server.accept()  # it asks what the server can do
        process.press_ctrl_c()
        started = time.monotonic()
        assert process.finish() == 130
        assert time.monotonic() - started < 2


def test_the_thought_is_live_and_gone_before_the_answer(terminal: Any, script: Any) -> None:
    model = script({"thought": LONG, "answer": "four", "tokens_per_second": 1000})
    process = terminal("ask", "What?", "-m", model)
    assert process.finish() == 0
    assert process.stdout == "four\n"
    assert "\x1b[2m" in process.stderr
    assert re.search(r"Thought 400 tokens, \d\.\d s", process.stderr.splitlines()[-1])


def test_no_color_and_no_commands_to_the_terminal(terminal: Any, script: Any) -> None:
    evil = "\x1b]0;title\x07\x1b[31mred\x9b1m\u202ebackwards"
    model = script({"thought": evil + " x", "answer": evil})
    process = terminal("ask", "What?", "--thinking", "full", "-m", model, NO_COLOR="1")
    assert process.finish() == 0
    assert process.stdout == "]0;title[31mred1mbackwards\n"
    assert not re.search(r"[\x1b\x9b\u202e]", process.stderr)


def test_help_is_quick(run: Any) -> None:
    def once() -> float:
        started = time.perf_counter()
        assert "compare" in run("--help").stdout
        return time.perf_counter() - started

    assert min(once() for _ in range(3)) < 0.8  # 0.2 s on a quiet machine


def test_a_reader_that_leaves_is_no_error(script: Any) -> None:
    model = script({"thought": "a b", "answer": "word " * 20_000})
    asked = subprocess.Popen(
        [*COMMAND, "ask", "What?", "-m", model], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert asked.stdout is not None
    assert asked.stdout.read(4) == b"word"
    asked.stdout.close()
    assert asked.stderr is not None
    assert asked.stderr.read() == b""
    assert asked.wait(20) == 1
