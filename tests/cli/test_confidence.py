"""`--min-confidence`: "I don't know." instead of an answer that is not likely enough right."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from secondthought import reasoner
from secondthought.cli.main import main
from secondthought.models.scripted import CAPABILITIES, Scripted
from secondthought.tasks.base import DONT_KNOW
from tests.loop.voices import Sure

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command with a model that says 4 and is 62 % sure of it: exit code, stdout, stderr."""

    def open_model(name: str | None) -> Scripted:
        model = Sure.of(
            {"thought": "hm", "answer": "4"},
            capabilities=replace(CAPABILITIES, confidence=name != "mute"),
        )
        model.confidences = {"4": 0.62}
        return model

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, out, err

    monkeypatch.setattr(reasoner, "open_model", open_model)
    return run


def test_ask(run: Run) -> None:
    assert run("ask", "2+2?", "--min-confidence", 0.6)[:2] == (0, "4\n")
    code, out, err = run("ask", "2+2?", "--min-confidence", 0.9)
    assert (code, out) == (0, f"{DONT_KNOW}\n")
    assert err == (
        "There was an answer; it is 62% likely to be right, and --min-confidence asks for more.\n"
    )
    code, out, _ = run("ask", "2+2?", "--min-confidence", 0.9, "--json")
    shown = json.loads(out)
    assert (shown["answer"], shown["abstained"], shown["confidence"]) == (DONT_KNOW, True, 0.62)
    assert json.loads(run("ask", "2+2?", "--json")[1])["confidence"] == 0.62


def test_what_cannot_be_asked_for(run: Run) -> None:
    code, out, err = run("ask", "2+2?", "-m", "mute", "--min-confidence", 0.5)
    assert (code, out) == (2, "")
    assert "does not say how sure it is" in err
    assert run("ask", "2+2?", "--min-confidence", 1.5)[0] == 2
    code, _, err = run("chat", "-m", "mute", "--min-confidence", 0.5)
    assert code == 2
    assert "does not say how sure it is" in err


def test_chat(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("2+2?\n/quit\n"))
    code, out, err = run("chat", "--min-confidence", 0.9)
    assert (code, out) == (0, f"{DONT_KNOW}\n")
    assert "62% likely" in err
    monkeypatch.setattr(sys, "stdin", io.StringIO("2+2?\n/quit\n"))
    assert run("chat", "--min-confidence", 0.5)[1] == "4\n"


def test_eval(run: Run, tmp_path: Path) -> None:
    file, out = tmp_path / "q.jsonl", tmp_path / "r.jsonl"
    lines = [{"id": i, "question": f"{i}+2?", "answer": i + 2} for i in range(4)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, shown, _ = run("eval", file, "--json", out, "--target", 0.25)
    assert code == 0
    assert "25.0 % or more" in shown
    *rows, summary = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["confidence"] for row in rows] == [0.62] * 4
    (figures,) = summary["models"].values()
    assert figures["efforts"]["medium"]["coverage"]["at"]["coverage"] == 1.0
    # answers that may be withheld are others: nothing of the file is taken for them
    code, shown, _ = run("eval", file, "--json", out, "--min-confidence", 0.9)
    *rows, summary = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(row["got"], row["refused"]) for row in rows] == [(DONT_KNOW, True)] * 4
    assert summary["min_confidence"] == 0.9
    code, _, err = run("eval", file, "-m", "mute", "--min-confidence", 0.9)
    assert code == 2
    assert "does not say how sure it is" in err
