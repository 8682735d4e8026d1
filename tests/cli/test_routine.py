from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.routines.conftest import EXAMPLES

ROUTINE, ARTICLE = EXAMPLES / "returns.routine.md", EXAMPLES / "returns.policy.md"
SCENARIOS = EXAMPLES / "returns.scenarios.toml"
TOOLS = '''
def verify_customer(order_id: str, email: str) -> dict:
    """Check."""
    return {"verified": True}

def get_order(order_id: str) -> dict:
    """Read."""
    return {"kind": "socks", "total": 8, "days_since_delivery": 2}

def refund_order(order_id: str) -> None:
    """Refund."""

def send_label(order_id: str, email: str) -> None:
    """Send."""

def case_resolution() -> None:
    """End."""
'''


@pytest.fixture
def broken(tmp_path: Path) -> str:
    path = tmp_path / "broken.md"
    path.write_text(ROUTINE.read_text("utf-8").replace("step 9", "step 99"), "utf-8")
    return str(path)


@pytest.fixture
def tools(tmp_path: Path) -> str:
    path = tmp_path / "tools.py"
    path.write_text(TOOLS, "utf-8")
    return str(path)


def test_check_says_where_what_and_what_to_do(run: Any, broken: str) -> None:
    assert run("routine", "check", str(ROUTINE), "--source", str(ARTICLE)).returncode == 0
    done = run("routine", "check", broken)
    assert done.returncode == 1
    assert f"{broken}:15: error E6 (step 4b): there is no step 99" in done.stdout
    rows = json.loads(run("routine", "check", broken, "--json").stdout)
    assert {row["code"] for row in rows if row["severity"] == "error"} == {"E6"}
    assert json.loads(run("routine", "check", broken, "--format", "sarif").stdout)["runs"]
    assert run("routine", "check", broken, "--format", "mermaid").stdout.startswith("flowchart")


def test_check_against_the_article_and_the_tools(run: Any, tools: str, tmp_path: Path) -> None:
    assert run("routine", "check", str(ROUTINE), "--tools", tools).returncode == 0
    other = tmp_path / "article.md"
    other.write_text("Return within 31 days.", "utf-8")
    done = run("routine", "check", str(ROUTINE), "--source", str(other))
    assert "W24" in done.stdout
    assert "the article says 31 days (its line 1), and no step does" in done.stdout


def test_files_that_cannot_be_read(run: Any, tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xfa")
    for path in (tmp_path / "none.md", tmp_path, tmp_path / "bytes"):
        done = run("routine", "check", str(path))
        assert done.returncode == 2
        assert done.stderr.startswith("error: ")
        assert len(done.stderr.splitlines()) == 1


def test_format_prints_the_canonical_text(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "r.md"
    path.write_text("1) **Check**:\n   a) call the `f` function\n\nlost\n", "utf-8")
    done = run("routine", "format", str(path))
    assert done.stdout == "1. Check:\n   1a. `call f function`\n"
    assert "line 4 is left out" in done.stderr


def test_a_conversation_with_tools_and_a_log(run: Any, tools: str) -> None:
    talk = "A-1, a@example.com\nyes\nyes\nno\n"
    done = run("routine", "run", str(ROUTINE), "--tools", tools, "--log", stdin=talk)
    assert done.returncode == 0, done.stderr
    assert "refund $8 now" in done.stdout
    assert "[call 7b.1 refund_order" in done.stderr
    assert "[resolved]" in done.stderr


def test_a_conversation_stops_and_goes_on(run: Any, tools: str, tmp_path: Path) -> None:
    state = str(tmp_path / "talk.json")
    command = ["routine", "run", str(ROUTINE), "--tools", tools, "--state", state]
    first = run(*command, stdin="A-1, a@example.com\n")
    assert first.returncode == 0
    second = run(*command, stdin="yes\nyes\nno\n")
    assert second.stdout.startswith("Is the item still unused, please?")
    assert "[resolved]" in second.stderr


def test_a_guided_conversation_asks_the_model(
    run: Any, script: Any, tools: str, tmp_path: Path
) -> None:
    path = tmp_path / "r.md"
    path.write_text("1. Greet the customer.\n2. Escalate: done\n", "utf-8")
    model = script({"answer": "Good morning!"})
    done = run("routine", "run", str(path), "-m", model, "--tools", tools)
    assert done.stdout == "Good morning!\n"


def test_a_soft_conversation_shows_what_was_stopped(run: Any, script: Any, tools: str) -> None:
    model = script(
        {"tool_calls": [{"name": "refund_order", "arguments": {"order_id": "A-1"}}]},
        {"answer": "May I refund it?"},
    )
    command = ["routine", "run", str(ROUTINE), "--mode", "soft", "--tools", tools, "-m", model]
    done = run(*command, stdin="refund A-1\n")
    assert done.stdout == "May I refund it?\n"
    assert "stopped refund_order: refund_order without a yes" in done.stderr


def test_scenarios_are_played_with_coverage(run: Any, tmp_path: Path) -> None:
    done = run("routine", "test", str(ROUTINE), str(SCENARIOS), "--need", "100")
    assert done.returncode == 0, done.stdout
    assert "branches 24/24 (100 %)" in done.stdout
    few = tmp_path / "few.toml"
    few.write_text('[[scenario]]\nname = "x"\nexpect.status = "resolved"\n', "utf-8")
    done = run("routine", "test", str(ROUTINE), str(few), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["branch_percent"] == 0


def test_convert_saves_and_reports(run: Any, script: Any, tmp_path: Path) -> None:
    sound = ROUTINE.read_text("utf-8")
    out = tmp_path / "out.md"
    model = script({"answer": sound.replace("step 9", "step 99")}, {"answer": sound})
    done = run("routine", "convert", str(ARTICLE), "-m", model, "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert out.read_text("utf-8") == sound
    assert "round 1: 3 errors" in done.stderr
    assert "2 rounds; fixed: E6 x3" in done.stderr


def test_convert_of_what_is_no_policy(run: Any, script: Any, tmp_path: Path) -> None:
    poem = tmp_path / "poem.txt"
    poem.write_text("Roses are red.", "utf-8")
    done = run("routine", "convert", str(poem), "-m", script({"answer": "I don't know"}))
    assert (done.returncode, done.stdout) == (2, "")
    assert "I don't know" in done.stderr


def test_places_that_cannot_be_written_are_told_in_one_line(
    run: Any, script: Any, tmp_path: Path
) -> None:
    nowhere = str(tmp_path / "none" / "x")
    talk = run("routine", "run", str(ROUTINE), "--state", nowhere, stdin="hi\n")
    convert = run("routine", "convert", str(ARTICLE), "-m", script({"answer": "x"}), "-o", nowhere)
    for done in (talk, convert):
        assert done.returncode == 2
        assert done.stderr.startswith("error: ")
        assert len(done.stderr.splitlines()) == 1


def test_a_drawing_shows_one_routine(run: Any) -> None:
    done = run("routine", "check", str(ROUTINE), str(ROUTINE), "--format", "mermaid")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_soft_conversation_goes_on_and_ends_with_its_conformance(
    run: Any, script: Any, tools: str, tmp_path: Path
) -> None:
    state = str(tmp_path / "talk.json")
    command = ["routine", "run", str(ROUTINE), "--mode", "soft", "--tools", tools, "--state", state]
    model = script({"answer": "Your order number, please?"})
    assert run(*command, "-m", model, stdin="hello\n").returncode == 0
    call = {"name": "verify_customer", "arguments": {"order_id": "A-1", "email": "a@example.com"}}
    model = script({"tool_calls": [call]}, {"answer": "Thank you."})
    done = run(*command, "-m", model, "--log", stdin="A-1, a@example.com\n")
    assert done.stdout == "Your order number, please?\nThank you.\n"
    assert "followed: 1, 2" in done.stderr
    audited = run("routine", "audit", str(ROUTINE), state, "--tools", tools)
    assert "followed: 1, 2" in audited.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_one_ctrl_c_ends_a_conversation_at_the_terminal(tools: str, tmp_path: Path) -> None:
    import pty

    state = tmp_path / "talk.json"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "secondthought.cli.main", "routine", "run", str(ROUTINE)]
    process = subprocess.Popen(
        [*command, "--tools", tools, "--state", str(state)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    os.read(process.stdout.fileno(), 20)  # the first question
    while not state.exists():
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    os.close(ours)
    os.close(theirs)
    assert (process.returncode, errors) == (130, b"")
    assert json.loads(state.read_text("utf-8"))["status"] == "waiting"


def test_audit_names_the_calls(run: Any, tools: str, tmp_path: Path) -> None:
    call = {"function": {"name": "refund_order", "arguments": '{"order_id": "A-1"}'}}
    messages = [{"role": "user", "content": "Hi"}, {"role": "assistant", "tool_calls": [call]}]
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(messages), "utf-8")
    done = run("routine", "audit", str(ROUTINE), str(path), "--tools", tools)
    assert done.returncode == 1
    assert "STOP message 1: refund_order without a yes" in done.stdout
    rows = json.loads(run("routine", "audit", str(ROUTINE), str(path), "--json").stdout)
    assert rows[0]["calls"][0]["name"] == "refund_order"
