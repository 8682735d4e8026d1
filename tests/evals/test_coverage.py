"""Risk and coverage: what can be answered so that enough of the answers are right."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.evals import coverage, folder, results
from secondthought.evals.coverage import curve, figures, furthest
from secondthought.evals.report import summarise
from secondthought.evals.results import ResultFile
from secondthought.stats import wilson
from tests.evals.test_report import row

outcomes = st.lists(
    st.tuples(st.one_of(st.none(), st.floats(0, 1)), st.booleans(), st.booleans()), min_size=1
)


def rows(found):
    return [
        row(i, confidence=c, correct=ok, refused=refused, got="x")
        for i, (c, ok, refused) in enumerate(found)
    ]


@given(outcomes, st.floats(0, 1))
def test_each_point_is_what_answering_from_there_on_gives(found, target):
    answered = [(c, ok) for c, ok, refused in found if c is not None and not refused]
    points = curve(rows(found))
    assert len(points) == len({c for c, _ in answered})
    for point in points:
        said = [ok for c, ok in answered if c >= point.confidence]
        assert point.coverage == len(said) / len(found)
        assert (point.accuracy, point.low) == (
            wilson(sum(said), len(said)).value,
            wilson(sum(said), len(said)).low,
        )
    best, sure = (furthest(points, target, sure=s) for s in (False, True))
    good = [p for p in points if p.accuracy >= target]
    assert best == max(good, key=lambda p: p.coverage, default=None)
    assert sure is None or (best is not None and sure.coverage <= best.coverage)


def test_an_answer_that_was_given_up_is_none():
    given_up = row(1, confidence=1.0, correct=False, gave_up=True)
    (point,) = curve([row(0, confidence=0.9), given_up])
    assert (point.coverage, point.accuracy) == (0.5, 1.0)


def test_the_bar():
    """900 sure and right, 90 less sure with 9 wrong, 10 refused."""
    found = [(0.9, True, False)] * 900 + [(0.5, True, False)] * 81 + [(0.5, False, False)] * 9
    found += [(0.99, False, True)] * 10
    at = figures(rows(found), 0.99)
    assert at["at"]["coverage"] == 0.99
    assert at["at"]["confidence"] == 0.5
    assert at["sure"]["coverage"] == 0.9  # 981 of 990 may be less than 99 % by chance
    assert figures(rows(found), 0.999)["at"]["coverage"] == 0.9
    wrong = [(0.5, False, False)] * 3
    assert figures(rows(wrong))["at"] is None
    assert figures([row(0)]) is None


def test_failed_and_empty_answers_are_not_answered():
    some = [row(0, confidence=0.9), row(1, confidence=0.9, error="gone", correct=False)]
    some += [row(2, confidence=0.9, got=" ", correct=False)]
    (point,) = curve(some)
    assert (point.coverage, point.accuracy) == (1 / 3, 1.0)


def test_a_long_curve_is_thinned_and_keeps_its_end():
    found = [(i / 1000, i > 300, False) for i in range(1000)]
    points = figures(rows(found))["points"]
    assert len(points) <= 110
    assert points[-1]["coverage"] == 1.0
    assert points[0]["confidence"] > points[-1]["confidence"]


def saved(path, found):
    with ResultFile(path, []) as file:
        for one in found:
            file.add(one)
        file.finish(summarise(found, suite="mine", target=0.9))
    return path


def test_it_stands_in_the_summary_the_report_and_a_picture(tmp_path):
    found = rows([(i / 100, i > 20, False) for i in range(100)])
    path = saved(tmp_path / "r.jsonl", found)
    *lines, summary = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[3]["confidence"] == 0.03
    part = summary["models"]["m"]["efforts"]["medium"]["coverage"]
    assert part["target"] == 0.9
    assert part["at"]["coverage"] == 0.87
    assert results.read(path)[0][3].confidence == 0.03
    names = [p.name for p in folder.write(path, tmp_path / "out", target=0.9)]
    assert {"coverage.svg", "coverage.png"} <= set(names)
    report = (tmp_path / "out" / "report.md").read_text()
    table = report.split("## Answering only when sure\n")[1].split("\n## ")[0]
    assert "| m, medium | 90.0 % or more | 87.0 % | 90.8 % (" in table
    assert "0.1300" in table
    assert "](coverage.svg)" in table
    assert "99.0 % or more | 79.0 %" in folder.text(folder.read(path), [])


def test_without_confidences_nothing_is_said_of_it(tmp_path):
    names = [p.name for p in folder.write(saved(tmp_path / "r", [row(0)]), tmp_path / "out")]
    assert "coverage.svg" not in names
    assert "only when sure" not in (tmp_path / "out" / "report.md").read_text()


def test_answers_with_and_without_a_threshold_are_different_answers():
    assert row(0).key != row(0, min_confidence=0.9).key
    assert pytest.approx(0.99) == coverage.TARGET
