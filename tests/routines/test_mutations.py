from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from secondthought.routines.model import Routine
from secondthought.routines.parse import parse
from secondthought.routines.tools import Tools
from secondthought.routines.validate.check import check
from secondthought.routines.validate.findings import RULES, Finding
from tests.routines.conftest import EXAMPLES, PUBLISHED, find_data
from tests.routines.mutations import KINDS

COUNT = 2_000
NAMES = ("returns", "membership")


def bases() -> list[tuple[str, str]]:
    """Sound routines with their articles; the published ones where the data is at hand."""
    found = [
        (
            (EXAMPLES / f"{n}.routine.md").read_text("utf-8"),
            (EXAMPLES / f"{n}.policy.md").read_text("utf-8"),
        )
        for n in NAMES
    ]
    data = find_data()
    if data is not None:
        import json

        rows = json.loads((data / "articles" / "helpcenter_articles.json").read_text("utf-8"))
        articles = {row["policy"]: row["content"] for row in rows}
        for name, title in PUBLISHED.items():
            if title:
                found.append(
                    ((data / "published" / f"{name}.md").read_text("utf-8"), articles[title])
                )
    return found


def findings(routine: Routine, article: str, tools: Tools, code: str) -> list[Finding]:
    """With the tools only for the rules about them: a tool needs no definition."""
    return check(routine, source=article, tools=tools if code in ("E26", "W27") else None)


def test_mutations_are_found_with_the_right_code() -> None:
    rng = Random(6)
    prepared = []
    for text, article in bases():
        routine = parse(text)
        tools = Tools.declared(routine.functions)
        before = {code: _count(routine, article, tools, code) for code in RULES}
        prepared.append((routine, article, tools, before))
    tried: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    kinds = list(KINDS.items())
    while tried.total() < COUNT:
        kind, (code, mutate) = rng.choice(kinds)
        routine, article, tools, before = rng.choice(prepared)
        mutated = mutate(routine, rng)
        if mutated is None:
            continue
        tried[kind] += 1
        if _count(parse(mutated), article, tools, code) <= before[code]:
            missed[kind] += 1
    assert set(tried) == set(KINDS)
    assert len(KINDS) >= 23
    found = 1 - missed.total() / tried.total()
    assert found >= 0.95, missed


def _count(routine: Routine, article: str, tools: Tools, code: str) -> int:
    return sum(f.code == code for f in findings(routine, article, tools, code))


def test_every_rule_has_a_mutation() -> None:
    assert {code for code, _ in KINDS.values()} == set(RULES)


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_routines_have_no_finding(name: str) -> None:
    article = (EXAMPLES / f"{name}.policy.md").read_text("utf-8")
    routine = parse((EXAMPLES / f"{name}.routine.md").read_text("utf-8"))
    assert check(routine, source=article) == []
