from __future__ import annotations

import json
from typing import Any

TURNS = ({"answer": "Five."}, {"thought": "a b c", "answer": "four"})


def test_both_loops_and_the_verdict(run: Any, script: Any) -> None:
    done = run("compare", "What?", "--json", "-m", script(*TURNS))
    shown = json.loads(done.stdout)
    assert (shown["open"]["answer"], shown["open"]["effort"]) == ("Five.", "none")
    assert (shown["closed"]["answer"], shown["closed"]["effort"]) == ("four", "medium")
    assert shown["closed"]["usage"]["reasoning_tokens"] == 3
    assert shown["agree"] is False


def test_answers_agree_whatever_their_case_and_full_stop(run: Any, script: Any) -> None:
    model = script({"answer": "Four."}, {"thought": "a", "answer": "four"})
    assert json.loads(run("compare", "What?", "--json", "-m", model).stdout)["agree"] is True


def test_two_columns_on_a_wide_screen_and_stacked_on_a_narrow_one(run: Any, script: Any) -> None:
    wide = run("compare", "What?", "-m", script(*TURNS), COLUMNS="120").stdout
    assert any("Five." in line and "four" in line for line in wide.splitlines())
    assert "The answers differ." in wide
    narrow = run("compare", "What?", "-m", script(*TURNS), COLUMNS="60").stdout
    assert not any("Five." in line and "four" in line for line in narrow.splitlines())
    assert narrow.index("Five.") < narrow.index("four") < narrow.index("differ")


def test_one_side_that_fails_is_told(run: Any, script: Any) -> None:
    done = run("compare", "What?", "-m", script({"answer": "x"}, {"fail": {"how": "drop"}}))
    assert done.returncode == 1
    assert done.stderr == "error: the script dropped the connection\n"


def test_ctrl_c_shows_what_is_there(terminal: Any, script: Any) -> None:
    slow = {"thought": "hm " * 500, "answer": "x", "tokens_per_second": 50}
    process = terminal("compare", "What?", "--json", "-m", script({"answer": "Five."}, slow))
    process.read_until("hm hm")
    process.press_ctrl_c()
    assert process.finish() == 130
    shown = json.loads(process.stdout)
    assert shown["open"]["answer"] == "Five."
    assert shown["closed"]["finish_reason"] == "cancelled"
