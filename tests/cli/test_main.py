from __future__ import annotations

import json
import re
from typing import Any

import pytest
import typer.main

from secondthought.cli import main

LONG = " ".join(f"step{n}" for n in range(400))
GCD = {"thought": "gcd 12 18\n=6\n6 yes", "answer": "6"}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["ask", ""], "the question is empty"),
        (["ask", "  \n"], "the question is empty"),
        (["ask"], "the question is empty"),
        (["ask", "a\x1bb"], "U+001B"),
        (["ask", "x", "-m", "gpt-17"], "no model named 'gpt-17'"),
        (["ask", "x", "-m", "ftp://localhost/v1"], "no http or https URL"),
        (["ask", "x", "-m", "script:none.json"], "there is no script"),
        (["ask", "x", "-m", "MODEL", "-e", "huge"], "there is no effort 'huge'"),
        (["ask", "x", "-m", "MODEL", "--seed", "-1"], "--seed"),
        (["ask", "x", "-m", "MODEL", "--seed", "pi"], "--seed"),
        (["ask", "x", "-m", "MODEL", "--max-tokens", "0"], "--max-tokens"),
        (["ask", "x", "-m", "MODEL", "--thinking", "aloud"], "--thinking"),
        (["ask", "x", "y", "-m", "MODEL"], "y"),
        (["ask", "x", "--frob"], "--frob"),
        (["ask", "-5 + 7", "-m", "MODEL"], "write --"),
        (["frob"], "frob"),
        (["compare", ""], "the question is empty"),
        (["compare", "x", "-e", "none", "-m", "MODEL"], "open loop itself"),
        (["tasks", "show", "nonsense"], "there is no task 'nonsense'"),
        (["tasks", "show", "gcd", "--level", "77"], "no level 77"),
        (["tasks", "show", "gcd", "-n", "0"], "-n"),
        (["tasks", "check", "./none.py:Mine"], "none.py"),
    ],
)
def test_bad_input_is_one_line(run: Any, script: Any, arguments: list[str], why: str) -> None:
    model = script({"answer": "x"})
    done = run(*[model if argument == "MODEL" else argument for argument in arguments])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert why in done.stderr


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n\x00", b"a\x00b", b"x" * (5 << 20)]
)
def test_binary_and_endless_standard_input_is_refused(run: Any, script: Any, data: bytes) -> None:
    done = run("ask", "-", "-m", script({"answer": "x"}), stdin=data)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_marker_text_is_ordinary_text(run: Any, script: Any) -> None:
    model = script({"match": "^<think></think><.end.>$", "answer": "seen"})
    assert run("ask", "<think></think><|end|>", "-m", model).stdout == "seen\n"


def test_a_model_that_fails_is_one_line_too(run: Any, script: Any) -> None:
    done = run("ask", "x", "-m", script({"fail": {"status": 500}}))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: the script answers with status 500\n"


def test_a_script_that_is_wrong_names_the_turn(run: Any, script: Any) -> None:
    done = run("ask", "x", "-m", script({"answer": "x"}, {"anwser": "x"}))
    assert done.returncode == 2
    assert "turn 2, anwser" in done.stderr


@pytest.mark.parametrize("arguments", [["-"], []])
def test_the_question_comes_by_standard_input(run: Any, script: Any, arguments: list[str]) -> None:
    model = script({"match": r"^two\nlines$", "answer": "read"})
    assert run("ask", *arguments, "-m", model, stdin="two\r\nlines\n").stdout == "read\n"


@pytest.mark.parametrize(
    ("thought", "wanted"),
    [
        ("gcd 12 18\n12/6 no", "✗"),
        ("gcd 12 18\n12/6", ""),
        ("say yes", ""),
    ],
)
def test_only_a_check_that_was_made_is_shown(
    run: Any, script: Any, thought: str, wanted: str
) -> None:
    model = script({"thought": thought, "answer": "6"})
    done = run("ask", "What?", "--thinking", "line", "-m", model)
    assert ("✓" in done.stderr, "✗" in done.stderr) == (False, wanted == "✗")
    assert ("checked" in done.stderr) == bool(wanted)


def test_the_whole_thought_and_none_of_it(run: Any, script: Any) -> None:
    model = script(GCD)
    full = run("ask", "gcd of 12 and 18?", "--thinking", "full", "-m", model).stderr
    assert full.startswith(GCD["thought"] + "\nThought 6 tokens")
    assert "\x1b" not in full
    assert run("ask", "gcd of 12 and 18?", "--thinking", "none", "-m", model).stderr == ""


def test_a_model_that_calls_a_tool_is_not_asked_for_more_tokens(run: Any, script: Any) -> None:
    done = run("ask", "What?", "-m", script({"tool_calls": [{"name": "f", "arguments": {}}]}))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: the model called a tool, and ask has none; reword the question\n"


def test_effort_none_does_not_think(run: Any, script: Any) -> None:
    shown = json.loads(run("ask", "What?", "--json", "-e", "none", "-m", script(GCD)).stdout)
    assert (shown["answer"], shown["thinking"], shown["usage"]["reasoning_tokens"]) == ("6", "", 0)


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("1", "The limit left no room for a thought, and the answer is cut: up to 256"),
        ("256", "The limit left no room for a thought: up to 256 tokens are kept"),
        ("258", ""),
    ],
)
def test_a_small_limit_says_what_it_takes(run: Any, script: Any, limit: str, said: str) -> None:
    """And the answer is never empty. On stderr also where that is no terminal."""
    done = run("ask", "q", "--max-tokens", limit, "-m", script({"thought": "a b", "answer": "c d"}))
    assert done.returncode == 0
    assert done.stdout.split() == (["c"] if limit == "1" else ["c", "d"])
    assert done.stderr.startswith(said)
    assert bool(done.stderr) == bool(said)


def test_an_answer_that_is_cut_is_called_so(run: Any, script: Any) -> None:
    model = script({"thought": LONG, "answer": LONG})
    done = run("ask", "What?", "--max-tokens", "300", "-m", model)
    assert done.stderr == (
        "The answer is cut at the limit of tokens; allow more with --max-tokens.\n"
    )


def test_the_line_and_the_object_name_the_same_tokens(run: Any, script: Any) -> None:
    """Also where the thought is cut, and the answer is made in a second call."""
    for turn in ({"thought": "a b c", "answer": "d"}, {"thought": LONG, "answer": LONG}):
        done = run("ask", "q", "--json", "--thinking", "line", "-e", "low", "-m", script(turn))
        tokens = json.loads(done.stdout)["usage"]["reasoning_tokens"]
        assert done.stderr.startswith(f"Thought {tokens:,} tokens, ")


def test_max_tokens_limits_thought_and_answer_together(run: Any, script: Any) -> None:
    model = script({"thought": LONG, "answer": LONG})
    shown = json.loads(run("ask", "What?", "--json", "--max-tokens", "300", "-m", model).stdout)
    assert shown["usage"] == {
        "prompt_tokens": 1,
        "completion_tokens": 300,
        "reasoning_tokens": 44,
    }
    assert shown["finish_reason"] == "length"


def _commands(command: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    names = command.list_commands(None) if hasattr(command, "list_commands") else ()
    below = [_commands(command.get_command(None, name), (*path, name)) for name in names]
    return [(path, command), *(one for part in below for one in part)]


COMMANDS = _commands(typer.main.get_command(main.app))


@pytest.mark.parametrize("path", [path for path, _ in COMMANDS], ids=" ".join)
def test_the_help_fits_a_terminal_of_80_columns(
    path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 80)
    with pytest.raises(SystemExit) as left:
        main.main([*path, "--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown


def test_every_option_and_argument_says_what_it_is() -> None:
    silent = [
        f"{' '.join(path)} {parameter.name}"
        for path, command in COMMANDS
        for parameter in command.params
        if not parameter.help and parameter.name != "help"
    ]
    assert silent == []


def test_no_line_end_of_the_source_breaks_the_help() -> None:
    folded = [path for path, c in COMMANDS if re.search(r"[^\n]\n[^\n]", c.help or "")]
    assert folded == []
