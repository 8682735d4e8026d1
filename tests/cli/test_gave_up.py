"""A model whose answers were all refuted: what the asker is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from secondthought import reasoner
from secondthought.models.scripted import CAPABILITIES, Scripted
from secondthought.tasks.base import DONT_KNOW

QUESTION = "What is 7*8?"


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every model abstains, and makes a wrong step in each thought about 7*8."""
    (tmp_path / "own.toml").write_text("medium = { strategy = 'again(think)', rounds = 3 }")
    monkeypatch.setenv("SECONDTHOUGHT_EFFORT", str(tmp_path / "own.toml"))

    def open_model(name: str | None) -> Scripted:
        return Scripted.of(
            {"match": "7", "thought": "7*8=57", "answer": "57"},
            {"thought": "hm", "answer": "4"},
            capabilities=replace(CAPABILITIES, abstains=True),
        )

    monkeypatch.setattr(reasoner, "open_model", open_model)


@pytest.mark.usefixtures("wrong")
def test_ask(run: Any) -> None:
    done = run("ask", QUESTION)
    assert (done.returncode, done.stdout) == (0, f"{DONT_KNOW}\n")
    assert done.stderr.startswith("No answer held")
    assert "-e high" in done.stderr
    assert done.stderr.count("\n") == 1
    shown = json.loads(run("ask", QUESTION, "--json").stdout)
    assert (shown["answer"], shown["abstained"], shown["gave_up"]) == (DONT_KNOW, True, True)
    assert shown["confidence"] is None


@pytest.mark.usefixtures("wrong")
def test_with_a_verifier_it_has_failed(run: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def f(question, answer): return answer == '56'\n")
    done = run("ask", QUESTION, "--verifier", f"{tmp_path}/mine.py:f")
    assert (done.returncode, done.stdout) == (1, f"{DONT_KNOW}\n")
    assert done.stderr.startswith("No answer held")


@pytest.mark.usefixtures("wrong")
def test_chat_goes_on(run: Any) -> None:
    done = run("chat", stdin=f"{QUESTION}\nWhat else?\n/quit\n")
    assert (done.returncode, done.stdout) == (0, f"{DONT_KNOW}\n4\n")
    assert done.stderr.count("No answer held") == 1
