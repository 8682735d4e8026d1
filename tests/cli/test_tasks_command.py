from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from secondthought.tasks import catalogue

OWN = """
from secondthought.messages import Problem
from secondthought.tasks.base import Demonstration, Item, Task
from secondthought.trace import Verdict


class Doubling(Task):
    name = "doubling"
    key = "dbl"
    title = "Twice a number"
    levels = range(1, 3)
    default_level = 1

    def generate(self, rng, level, *, split="eval", wording="own", language="en"):
        if level not in self.levels:
            raise ValueError(f"no level {level}")
        n = rng.randrange(10**level, 10 ** (level + 3))
        return Item(self.name, level, Problem.ask(f"Twice {n}?"), str(2 * n), {"n": n})

    def demonstrate(self, item, rng, *, hint=None):
        return Demonstration.of([f"dbl {item.data['n']}"], item.answer)

    def verify(self, item, text):
        return Verdict.of(VERIFY)
"""


def own(tmp_path: Path, verify: str) -> str:
    path = tmp_path / "mine.py"
    path.write_text(OWN.replace("VERIFY", verify), "utf-8")
    return f"{path}:Doubling"


def test_all_tasks_are_listed_with_an_example(run: Any) -> None:
    done = run("tasks", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["name"] for row in rows] == list(catalogue.names())
    assert all(row["question"] and row["answer"] for row in rows)
    shown = run("tasks").stdout
    assert all(name in shown for name in catalogue.names())


@pytest.mark.parametrize("width", [80, 100])
def test_the_list_fits_the_terminal_a_task_in_two_lines(
    run: Any, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    blocks = run("tasks").stdout.strip("\n").split("\n\n")
    assert [len(block.splitlines()) for block in blocks] == [2] * len(catalogue.names())
    assert max(len(line) for block in blocks for line in block.splitlines()) <= width
    assert "4 2 1 3 / 1 3 2 4 / 3 1 4 2 / 2 4 3 1" in "\n".join(blocks)


def test_items_are_shown_with_their_demonstrations(run: Any) -> None:
    done = run("tasks", "show", "gcd", "--level", "2", "-n", "2", "--seed", "5", "--json")
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["seed"], second["seed"], first["level"]) == (5, 6, 2)
    assert first["thought"].startswith("gcd ")
    assert first["thought"] in run("tasks", "show", "gcd", "--level", "2", "--seed", "5").stdout


def test_a_sound_task_of_ones_own_passes(run: Any, tmp_path: Path) -> None:
    done = run("tasks", "check", own(tmp_path, "text.strip() == item.answer"))
    assert done.returncode == 0, done.stdout
    assert "FAIL" not in done.stdout
    places = {line.rfind("  ") for line in done.stdout.splitlines() if line.endswith("40 answers")}
    assert len(places) == 1  # the second column is one


def test_a_scorer_with_a_hole_fails_and_the_hole_is_named(run: Any, tmp_path: Path) -> None:
    done = run("tasks", "check", own(tmp_path, "item.answer in text"), "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    failed = {row["property"] for row in rows if not row["ok"]}
    assert done.returncode == 1
    assert "the right answer or another fails" in failed
    assert "an empty answer fails" not in failed


def test_a_task_of_ones_own_is_shown_too(run: Any, tmp_path: Path) -> None:
    done = run("tasks", "show", own(tmp_path, "True"), "-n", "1")
    assert "Twice" in done.stdout
