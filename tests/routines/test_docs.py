"""The page's first example is what a newcomer types: it must work as the page says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from secondthought.routines.coverage import coverage
from secondthought.routines.graph import build
from secondthought.routines.parse import parse
from secondthought.routines.predicate import FUNCTIONS
from secondthought.routines.scenario import load_scenarios, play
from secondthought.routines.tools import Tools
from secondthought.routines.validate.check import check
from secondthought.routines.validate.findings import RULES
from tests.routines.conftest import HERE

PAGE = (HERE.parents[1] / "docs" / "routines.md").read_text("utf-8")


def block(begins: str) -> str:
    return next(
        text for text in re.findall(r"^```\w*\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
        if text.startswith(begins)
    )  # fmt: skip


async def test_the_example_of_the_page_is_checked_and_played_as_it_says(tmp_path: Path) -> None:
    routine = parse(block("name: Returning an order"))
    article, tools, scenarios = (tmp_path / n for n in ("article.md", "tools.py", "scenarios.toml"))
    article.write_text(block("Orders can be returned"), "utf-8")
    tools.write_text(block("def get_order"), "utf-8")
    scenarios.write_text(block("[[scenario]]"), "utf-8")
    registry = Tools.load(tools)
    found = check(routine, source=article.read_text("utf-8"), tools=registry)
    assert [f.code for f in found] == ["W22", "W23"]
    outcomes = [await play(routine, s, registry) for s in load_scenarios(scenarios)]
    assert [o.failures for o in outcomes] == [(), ()]
    assert not coverage(build(routine), [o.state for o in outcomes]).full


def test_the_code_of_the_page_talks_to_the_customer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("returns.md").write_text(block("name: Returning an order"), "utf-8")
    Path("tools.py").write_text(block("def get_order"), "utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", block("import asyncio")], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == [
        "['Could you please give me your order number?']",
        "['Shall I send a label for order A-1001?']",
    ]


def test_the_page_names_every_rule_and_every_function_of_predicates() -> None:
    table = PAGE[PAGE.index("## The rules") : PAGE.index("## Your routine in CI")]
    assert set(re.findall(r"\b[EW]\d+\b", table)) == set(RULES)
    grammar = PAGE[PAGE.index("## The format") : PAGE.index("## The rules")]
    assert [name for name in FUNCTIONS if f"`{name}(" not in grammar] == []
