"""The benchmark of empty answers, in small: it finds what it looks for, and we pass it."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import never_empty
from upstreams import URLS


@pytest.mark.parametrize(("cap", "reserve"), [(300, 32), (40, 64)])
def test_no_answer_is_lost(cap: int, reserve: int, tmp_path: Path) -> None:
    options = Namespace(requests=90, cap=cap, reserve=reserve, at_once=8, seed=1, jobs=1, show=True)
    options.gateway, options.json = [], tmp_path / "result.json"
    result = never_empty.measure(options)
    direct = result["rows"]["direct"]
    for way in ("secondthought", "secondthought, direct"):
        ours = result["rows"][way]
        assert set(ours) == set(direct) == URLS.keys() - {"other"}
        assert sum(found["right"] for found in ours.values()) == 90
        assert not any(found.get(bad) for found in ours.values() for bad in ("over", "miscount"))
    assert sum(found.get("empty", 0) for found in direct.values()) > 20
    shown = never_empty.markdown(result)
    assert shown.count("| all | 90 | 0 | 0 | 0 | 0 | 0 | 0 | 90 |") == 2
    assert "secondthought: empty 0.00 % (0.000 to 4.094)" in shown
    assert json.loads(options.json.read_text())["rows"] == result["rows"]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [(" ", "empty"), ("one two", "right"), ("one", "truncated"), ("two", "wrong")],
)
def test_verdicts(answer: str, verdict: str) -> None:
    assert never_empty.judge(answer, "one two") == verdict


def test_questions_are_spread_over_all_variants() -> None:
    places = {never_empty.place(number) for number in range(90)}
    assert len(places) == sum(map(len, never_empty.VARIANTS.values()))
    say = never_empty.script(300, 0)
    assert say("Question 7") == say("User: Question 7") != say("Question 8")


@pytest.mark.parametrize(
    ("said", "shape", "taken"),
    [
        ("<think>w1 w2\n</think>\n\none", "tags", "one"),
        ("w1 w2", "open", ""),  # all thought
        ("one", "tags", "one"),  # a gateway took the thought out
        ("w1", "field", "w1"),
    ],
)
def test_a_reader_knows_where_the_thought_stands(said: str, shape: str, taken: str) -> None:
    assert never_empty.read(said, "one two", shape).strip() == taken


async def test_the_same_questions_over_http(capsys: pytest.CaptureFixture[str]) -> None:
    a = Namespace(cap=40, reserve=32, seed=1, at_once=4, gateway=[], gateway_requests=30, show=True)
    (found,) = (await never_empty.by_gateway(a)).values()
    assert sum(found[k] for k in never_empty.ASKED) == 30
    assert found["empty"] > 5
    assert found["error"] == found["wrong"] == found["over"] == 0
