"""The benchmark of empty answers, in small: it finds what it looks for, and we pass it."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import never_empty
from upstreams import URLS


@pytest.mark.parametrize(("cap", "reserve"), [(300, 32), (40, 64)])
def test_no_answer_is_lost(cap: int, reserve: int) -> None:
    options = Namespace(
        requests=90, cap=cap, reserve=reserve, at_once=8, seed=1, through=[], listen=0, show=True
    )
    result = asyncio.run(never_empty.measure(options))
    ours, direct = (result["rows"][way] for way in ("secondthought", "direct"))
    assert set(ours) == set(direct) == URLS.keys() - {"other"}
    assert sum(found["right"] for found in ours.values()) == 90
    assert not any(found.get(bad) for found in ours.values() for bad in ("over", "miscount"))
    assert sum(found.get("empty", 0) for found in direct.values()) > 20
    assert never_empty.markdown(result).count("| all | 90 | 0 | 0 | 0 | 0 | 0 | 0 | 90 |") == 1


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [(" ", "empty"), ("one two", "right"), ("one", "truncated"), ("two", "wrong")],
)
def test_verdicts(answer: str, verdict: str) -> None:
    assert never_empty.judge(answer, "one two") == verdict
