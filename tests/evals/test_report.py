"""Figures: what is counted, and that the tables and the card say it."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from secondthought.evals import card, report, terminal
from secondthought.evals.compare import verdict
from secondthought.evals.results import ResultFile, Row
from secondthought.messages import BadInput
from secondthought.stats import wilson


def row(i, *, task="gcd", effort="medium", correct=True, **changes):
    fields = {
        "id": f"{task}/{i}",
        "task": task,
        "group": task,
        "effort": effort,
        "got": "1",
        "want": "1",
        "correct": correct,
        "reasoning_tokens": 100,
        "completion_tokens": 102,
        "seconds": float(i),
        "finish_reason": "stop",
        "refused": False,
        "in_scope": True,
        "weights": "abc",
        "seed": i,
        "temperature": None,
        "item": "f",
        "model": "m",
    }
    return Row(**fields | changes)


def summarise(rows, suite="default"):
    return report.summarise(rows, suite=suite, seed=0)


def figures(rows):
    """Those of the only model."""
    return summarise(rows)["models"]["m"]


def text(summary, width=120):
    out = Console(file=StringIO(), width=width)
    out.print(terminal.render(summary))
    return out.file.getvalue()


def test_accuracy_interval_and_mean_over_tasks():
    rows = [row(i, correct=i < 9) for i in range(10)]
    rows += [row(i, task="products", correct=i < 50) for i in range(100)]
    part = figures(rows)["efforts"]["medium"]
    assert part["tasks"]["gcd"]["n"] == 10
    assert part["tasks"]["gcd"]["correct"] == 9
    assert part["tasks"]["gcd"]["accuracy"]["low"] == wilson(9, 10).low
    assert part["mean"]["value"] == pytest.approx(0.7)  # tasks weigh the same, however many items
    assert part["all"]["accuracy"]["value"] == pytest.approx(59 / 110)
    assert part["tasks"]["gcd"]["seconds"]["p50"] == 4.5


def test_shares():
    rows = [
        row(0, finish_reason="thought_cap", reasoning_tokens=0),
        row(1, finish_reason="repetition"),
        row(2, refused=True, correct=False),
        row(3),
    ]
    cell = figures(rows)["efforts"]["medium"]["all"]
    assert (cell["truncated"], cell["looped"], cell["refused"]) == (0.25, 0.25, 0.25)
    assert cell["reasoning_tokens"] == 75


def test_refusals_count_only_in_scope():
    rows = [row(0, in_scope=False, refused=True), row(1), row(2)]
    assert figures(rows)["efforts"]["medium"]["all"]["refused"] == 0
    only = summarise(rows[:1])
    assert only["models"]["m"]["efforts"]["medium"]["all"]["refused"] is None
    assert "-" in text(only)


def test_errors_count_as_wrong_but_not_as_fast():
    rows = [row(0, seconds=9.0), row(1, correct=False, error="gone", seconds=0.0)]
    summary = summarise(rows)
    cell = summary["models"]["m"]["efforts"]["medium"]["all"]
    assert (cell["n"], cell["correct"], cell["errors"]) == (2, 1, 1)
    assert cell["seconds"]["p50"] == 9.0
    assert "1 questions failed" in text(summary)


def test_efforts_are_compared_on_the_same_items():
    rows = [row(i, effort="none", correct=i < 2) for i in range(20)]
    rows += [row(i, effort="medium", correct=i != 0) for i in reversed(range(20))]
    gain = figures(rows)["differences"]["medium - none"]["gcd"]
    assert gain["value"] == pytest.approx(17 / 20)
    assert gain["low"] > 0.5
    assert gain["mcnemar_p"] == pytest.approx(2 * 20 / 2**19)
    assert (gain["better"], gain["worse"]) == (18, 1)


def test_several_groups_are_compared_together_too():
    rows = [row(i, task=t, effort="none", correct=False) for t in "ab" for i in range(5)]
    rows += [row(i, task=t, correct=t == "a") for t in "ab" for i in range(5)]
    gains = figures(rows)["differences"]["medium - none"]
    assert {group: d["value"] for group, d in gains.items()} == {"a": 1, "b": 0, report.ALL: 0.5}
    assert "all questions" in text(summarise(rows))


def test_models_are_compared_on_the_same_items_at_each_effort():
    rows = [
        row(i, effort=e, model=m, weights=m, correct=m == "B" or i < 3)
        for m in "AB"
        for e in ("none", "medium")
        for i in range(10)
    ]
    summary = summarise(rows)
    assert {e: p["B - A"]["gcd"]["value"] for e, p in summary["between"].items()} == {
        "none": 0.7,
        "medium": 0.7,
    }
    shown = text(summary)
    assert "models, effort none" in shown
    assert "B - A" in shown


def test_a_question_asked_several_times_is_one_question():
    rows = [row(i, sample=s, correct=s == 0) for i in range(10) for s in range(4)]
    rows += [row(i, sample=s, effort="high", vote="1") for i in range(10) for s in range(4)]
    found = figures(rows)
    cell = found["efforts"]["medium"]["all"]
    assert (cell["n"], cell["correct"], cell["accuracy"]["value"]) == (10, 10, 0.25)
    low = wilson(2.5, 10).low
    assert cell["accuracy"]["low"] == low  # of 10 questions, not of 40 answers
    gain = found["differences"]["high - medium"]["gcd"]
    assert (gain["value"], gain["mcnemar_p"]) == (0.75, None)


def test_pools():
    rows = [
        row(i, sample=s, correct=s < 2, vote="1" if s < 2 else f"w{s}", score=float(s < 1))
        for i in range(6)
        for s in range(4)
    ]
    rows = [replace(r, scored_by="sound") for r in rows]
    pool = figures(rows)["efforts"]["medium"]["pool"]
    assert (pool["n"], pool["scored_by"], list(pool["k"])) == (4, ["sound"], ["1", "2", "4"])
    assert {kind: e["value"] for kind, e in pool["k"]["4"].items()} == {
        "pass": 1.0,
        "vote": 1.0,
        "best": 1.0,
    }
    two = {kind: e["value"] for kind, e in pool["k"]["2"].items()}
    # One of six pairs is both right; four are mixed, half of them with the proved one.
    assert two == pytest.approx({"pass": 5 / 6, "vote": 1 / 6 + 4 / 6 / 2, "best": 3 / 6 + 1 / 6})
    assert pool["k"]["2"]["pass"]["low"] == wilson(5, 6).low
    assert "sound" in text(summarise(rows))
    plain = [replace(r, vote=None, score=None, scored_by="") for r in rows]
    cell = figures(plain)["efforts"]["medium"]["pool"]["k"]["2"]
    assert (cell["vote"], cell["best"]) == (None, None)


@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from(["a", "b", None]), st.booleans()), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=5,
    )
)
def test_one_vote_is_one_answer(questions):
    """pass@1 is vote@1, also where some questions are of programs, which have no votes."""
    rows = []
    for i, samples in enumerate(questions):
        program = all(vote is None for vote, _ in samples)
        for s, (vote, ok) in enumerate(samples):
            correct = ok and (program or vote is not None)
            rows.append(row(i, sample=s, vote=vote, correct=correct))
    one = report.pool(rows)["k"]["1"]
    if one["vote"] is not None:
        assert one["vote"]["value"] == pytest.approx(one["pass"]["value"])


def test_refuted_answers_are_counted_apart_from_refusals():
    rows = [row(0, gave_up=True, correct=False), row(1, refused=True), row(2), row(3)]
    rows += [row(4, gave_up=True, in_scope=False)]
    summary = summarise(rows)
    cell = summary["models"]["m"]["efforts"]["medium"]["all"]
    assert (cell["refused"], cell["gave_up"]) == (0.25, 0.25)
    assert "gave up" in text(summary)


def test_hints_split_by_the_first_answer():
    rows = [row(i, first="x", first_correct=False, correct=i < 3) for i in range(4)]
    rows += [row(i, first="1", first_correct=True, correct=i > 4) for i in range(4, 14)]
    hints = figures(rows)["hints"]["medium"]["gcd"]
    assert (hints["repaired"]["n"], hints["repaired"]["value"]) == (4, 0.75)
    assert (hints["kept"]["n"], hints["kept"]["value"]) == (10, 0.9)


def test_several_answers_to_a_question_do_not_narrow_its_interval():
    once = [row(i, first="x", first_correct=False, correct=i < 3, confidence=0.9) for i in range(4)]
    rows = [replace(one, sample=s) for one in once for s in range(8)]
    for cell in (
        lambda of: figures(of)["hints"]["medium"]["gcd"]["repaired"],
        lambda of: figures(of)["efforts"]["medium"]["coverage"]["points"][0],
    ):
        assert cell(rows) == cell(once)


def test_five_questions_show_nothing_however_often_they_were_asked():
    def asked(n):
        rows = [row(i, effort="none", correct=False, sample=s) for i in range(n) for s in range(4)]
        rows += [row(i, effort="medium", sample=s) for i in range(n) for s in range(4)]
        return verdict(figures(rows)["differences"]["medium - none"]["gcd"])

    assert (asked(5), asked(6)) == ("not shown", "gain")


def test_pools_on_the_terminal_have_intervals():
    rows = [row(i, sample=s, correct=i < 3) for i in range(4) for s in range(2)]
    assert text(summarise(rows)).count("75.0 % (30.1 to 95.4)") == 2  # pass@1 and pass@2


def test_the_table_holds_every_task_and_no_figure_is_cut():
    rows = [row(i, task=t) for t in ("gcd", "knights_knaves@3 held_out") for i in range(3)]
    shown = text(summarise(rows))
    assert "knights_knaves@3 held_out" in shown
    assert "mean of 2" in shown
    assert "…" not in shown


@pytest.mark.parametrize("width", [72, 80, 100, 120])
def test_no_figure_is_cut_off_at_the_width_of_a_usual_terminal(width):
    rows = [
        row(i, task=t, effort=e, model=m, sample=s, scored_by="sound", score=1.0, vote="1",
            correct=t == "gcd" or i > 1, confidence=0.9, finish_reason="thought_cap",
            reasoning_tokens=12_345, seconds=1234.5 + i)
        for m in ("http://127.0.0.1:8000/v1#a-model-of-some-length", "b")
        for e in ("minimal", "medium")
        for t in ("gcd", "simple_equations@5 held_out")
        for i in range(120)
        for s in range(2)
    ]  # fmt: skip
    lines = text(summarise(rows), width).splitlines()
    assert max(map(len, lines)) <= width
    shown = "\n".join(lines)
    assert "…" not in shown
    words = {word for line in lines for word in line.split()}
    assert {"12,345", "1294.00", "100.0", "p50", "p95", "looped", "refused"} <= words
    assert "gave up" in shown


def test_a_narrow_terminal_has_a_second_table_only_of_what_ended_otherwise():
    narrow = text(summarise([row(i) for i in range(3)]), 80)
    assert "cut, looped, refused, gave up: none" in narrow
    rows = [row(i, task=t, refused=t == "gcd") for t in ("gcd", "products") for i in range(3)]
    second = text(summarise(rows), 80).partition("refused")[2]
    assert "gcd" in second
    assert "products" not in second
    assert "100.0 %" in second


def _save(path, rows, suite):
    with ResultFile(path, []) as file:
        for one in rows:
            file.add(one)
        file.finish(json.loads(json.dumps(summarise(rows, suite))))
    return path


def test_card(tmp_path):
    def both(group, right):
        return [
            row(i, group=group, effort=e, correct=i < (5 if e == "none" else right))
            for e in ("none", "medium")
            for i in range(10)
        ]

    files = [
        _save(tmp_path / "a.jsonl", both("gcd", 9), "default"),
        _save(tmp_path / "b.jsonl", both("gcd held_out", 8), "held_out"),
        _save(tmp_path / "c.jsonl", both("gcd@4", 6) + both("gcd@5", 3), "longer"),
        _save(
            tmp_path / "d.jsonl",
            [row(i, task="out_of_scope", group=k, correct=k == "lcm") for i, k in enumerate("ab")]
            + [row(3, group="lcm", in_scope=False)],
            "out_of_scope",
        ),
    ]
    made = card.card(card.load(files))
    assert "| gcd | 10 | 50.0 % (23.7 to 76.3) | 100 | 90.0 % (59.6 to 98.2) | 100 | +40.0" in made
    assert "@4: 60.0 %" in made
    assert "@5: 30.0 %" in made
    assert "80.0 %" in made
    assert "a 0.0 %, b 0.0 %" in made
    tables = [part for part in made.split("\n\n") if part.startswith("|")]
    assert len(tables) == 3
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_card_says_how_much_can_be_answered_surely(tmp_path):
    rows = [row(i, correct=i < 8, confidence=1 - i / 10) for i in range(10)]
    rows += [row(i, effort="low", correct=False, confidence=0.5) for i in range(10)]
    rows += [row(i, effort="none") for i in range(10)]
    made = card.card(card.load([_save(tmp_path / "a.jsonl", rows, "default")]))
    table = made.partition("### Confidence\n\n")[2].splitlines()
    assert sorted(table[2:]) == [
        "| closed loop (low) | 10 | 99.0 % or more | none |  |  |",
        "| closed loop (medium) | 10 | 99.0 % or more | 80.0 % | 67.6 to 100.0 | 0.3000 |",
    ]
    without = card.load([_save(tmp_path / "b.jsonl", [row(0)], "default")])
    assert "Confidence" not in card.card(without)


def test_card_refuses_unfinished_and_mixed_files(tmp_path):
    whole = _save(tmp_path / "a.jsonl", [row(0)], "default")
    with ResultFile(tmp_path / "torn.jsonl", []) as file:
        file.add(row(0))
    with pytest.raises(BadInput, match="no summary"):
        card.load([tmp_path / "torn.jsonl"])
    with pytest.raises(BadInput, match="second result of default"):
        card.load([whole, whole])
    other = _save(tmp_path / "b.jsonl", [row(0, weights="zzz")], "gym")
    with pytest.raises(BadInput, match="different weights"):
        card.load([whole, other])
    two = _save(tmp_path / "c.jsonl", [row(0), row(0, model="n", weights="n")], "gym")
    with pytest.raises(BadInput, match="several models"):
        card.load([two])
