"""The list of wrong answers: each question once, with every wrong answer and its reason."""

import pytest

from secondthought.evals import wrong
from secondthought.evals.results import ResultFile
from secondthought.messages import BadInput
from tests.evals.test_report import row


def test_each_question_once_with_its_wrong_answers_in_order():
    rows = [
        row(1, effort="medium", correct=False, got="b", sample=1, finish_reason="length"),
        row(1, effort="medium", correct=False, got="a", feedback="too small"),
        row(1, effort="none", correct=False, got=" ", question="why?\nhow?", want="2"),
        row(2, effort="none", correct=False, error="gone"),
        row(3, effort="none"),
    ]
    assert (
        wrong.listing(rows)
        == """\
gcd/1 (gcd)
  question why?
           how?
  wanted   2
  got, none: nothing
  got, medium:
           a
  because  too small
  got, medium, sample 2, length:
           b

gcd/2 (gcd)
  question
  wanted   1
  got, none: failed
           gone

3 of 5 answers are wrong and 1 failed, to 2 of 3 questions"""
    )


def test_questions_stand_in_the_order_of_their_ids():
    shown = wrong.listing([row(i, correct=False) for i in (10, 2, 9)])
    assert shown.index("gcd/2 ") < shown.index("gcd/9 ") < shown.index("gcd/10 ")


def test_models_are_named_where_there_are_several():
    rows = [row(1, model=m, correct=False, want="x" * 5000, got="y" * 5000) for m in "ab"]
    shown = wrong.listing(rows)
    assert [line for line in shown.split("\n") if line.startswith("  got")] == [
        "  got, medium, a:",
        "  got, medium, b:",
    ]
    assert len(shown) < 4000


def test_nothing_is_wrong_and_nothing_is_there(tmp_path):
    assert wrong.listing([row(1)]) == "0 of 1 answers are wrong, to 0 of 1 questions"
    with ResultFile(tmp_path / "r.jsonl", []):
        pass
    with pytest.raises(BadInput, match="holds no answers"):
        wrong.read(tmp_path / "r.jsonl")
