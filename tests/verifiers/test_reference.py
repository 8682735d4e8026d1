"""Verifiers that hold a reference: exact, numeric, choice, maths."""

from __future__ import annotations

import asyncio
import time
from fractions import Fraction
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.messages import BadInput, Problem
from secondthought.trace import Outcome, Verdict
from secondthought.verifiers.base import Verifier
from secondthought.verifiers.choice import Choice, read_choice
from secondthought.verifiers.exact import Exact
from secondthought.verifiers.final import boxed, marked
from secondthought.verifiers.maths import Maths
from secondthought.verifiers.numeric import Numeric, read_number


def judge(verifier: Verifier, *answers: str) -> list[Verdict]:
    return asyncio.run(verifier.judge(Problem.ask("?"), answers, None))


def passes(verifier: Verifier, answer: str) -> bool:
    return judge(verifier, answer)[0].passed


# --- the final answer of a reply -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "final"),
    [
        (r"so \boxed{1}, no, \boxed{\frac{1}{2}}.", r"\frac{1}{2}"),
        (r"\boxed{1} and then \boxed{2", "1"),
        (r"\boxed{\{1, 2\}}, as was asked for, in \boxed{}", r"\{1, 2\}"),
        ("steps\n#### 1,234\n", "1,234"),
        ("The answer is 3. Or rather:\nthe final answer is: **4**", "4**"),
        ("Answer: B", "B"),
        ("정답은 42입니다.", "42입니다."),
        ("**답:** 42", "42"),
        ("### Final Answer\n\n42 (in tens)\n", "42 (in tens)"),
        ("#### Answer\n42", "42"),
        ("**Answer**\n42", "42"),
        ("I have no answer to give", None),
        ("", None),
    ],
)
def test_the_marked_answer(text: str, final: str | None) -> None:
    assert marked(text) == final


@given(st.text(alphabet="\\boxed{}a ", max_size=60))
def test_reading_a_box_never_fails(text: str) -> None:
    inside = boxed(text)
    assert inside is None or inside.count("{") == inside.count("}")


# --- exact -----------------------------------------------------------------------------------


def test_exact() -> None:
    assert passes(Exact("New  York"), " New York\n")
    assert not passes(Exact("New York"), "new york")
    assert passes(Exact("New York", ignore_case=True), "new york")
    assert passes(Exact(["a", "b"]), "b")
    assert passes(Exact("\u00e9"), "e\u0301")
    assert not passes(Exact("42"), "42 or 43")
    verdict = judge(Exact("gold"), "lead")[0]
    assert verdict.outcome is Outcome.FAILED
    assert "gold" not in verdict.feedback


# --- numeric ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),
        ("-42.", -42),
        ("\u221242", -42),
        ("1,234,567.5", Fraction("1234567.5")),
        ("It costs $1,200 in all.", 1200),
        ("-$5", -5),
        ("1e3", 1000),
        (".5", Fraction(1, 2)),
        ("3/4", Fraction(3, 4)),
        (r"\boxed{\frac{3}{4}}", Fraction(3, 4)),
        ("7 apples and 8 pears, so 15 fruits\n#### 15", 15),
        ("The answer is 3 * 4 = 12.\nIt is not 13.", 12),
        ("First 3, then 4", 4),
        ("9-5", 5),
        ("x2", None),
        ("none", None),
        ("1/0", None),
        ("Answer: 18 dollars (9 eggs * 2)", 18),
        ("The answer is **42**, which is 6 times 7.", 42),
        ("The answer is 3 + 4, or 7", 7),
        ("Answer: x = 3, so 12 - 9 = 3", 3),
        (r"\boxed{1{,}000}", 1000),
        (r"\boxed{12\,345\,678}", 12345678),
        ("It is 12\u202f000 km", 12000),
        (r"\boxed{42 \text{ m}^2}", 42),
        ("It has 12 cm^2", 12),
        (r"-\tfrac{1}{2}", Fraction(-1, 2)),
        (r"\boxed{\frac{-1}{2}}", Fraction(-1, 2)),
        (r"it is \frac12", Fraction(1, 2)),
        ("2 1/2 cups", Fraction(5, 2)),
        (r"$-2\frac{1}{2}$", Fraction(-5, 2)),
        ("room 12 7/2", Fraction(7, 2)),
        (r"1.2 \times 10^{3}", 1200),
        ("3 x 10^-2", Fraction(3, 100)),
        ("\uff14\uff12", 42),
        ("답은 42개입니다. 6개씩 7묶음", 42),
        ("**Final Answer**\n42 (6 times 7)", 42),
        ("½", Fraction(1, 2)),
        ("1½ cups", Fraction(3, 2)),
        ("It is negative 3.", -3),
        ("9" * 10_000, None),
    ],
)
def test_the_number_of_a_reply(text: str, value: Fraction | int | None) -> None:
    assert read_number(text) == value


@given(
    st.fractions(), st.sampled_from(["{}", "answer: {}", r"\boxed{{{}}}", "#### {}", "it is {} m"])
)
def test_every_fraction_is_read_back(value: Fraction, form: str) -> None:
    assert read_number(form.format(value)) == value


@given(st.text(alphabet="0123456789.,-+eE/$ %\\frac{}", max_size=80))
def test_reading_a_number_never_fails(text: str) -> None:
    assert isinstance(read_number(text), Fraction | None)


def test_reading_a_number_is_quick_on_long_texts() -> None:
    started = time.process_time()
    for text in ("1," * 50_000, "1 " * 50_000, "9" * 100_000, "\\frac{1" * 20_000):
        read_number(text)
    for text in ("\\boxed{" * 20_000, "answer:\n" * 20_000, "A " * 50_000, "(" * 100_000):
        read_number(text)
        read_choice(text)
    assert time.process_time() - started < 5


def test_numeric() -> None:
    assert passes(Numeric("1/2"), "0.5")
    assert passes(Numeric(1000), "1,000")
    assert not passes(Numeric("0.333"), "1/3")
    assert passes(Numeric("0.333", relative=0.01), "1/3")
    assert not passes(Numeric(-5), "5")
    assert "number" in judge(Numeric(5), "five")[0].feedback
    with pytest.raises(BadInput, match="holds no number"):
        Numeric("many")


# --- choice ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("B", "B"),
        ("(b)", "B"),
        ("**B**", "B"),
        ("B) because A is wrong", "B"),
        ("The answer is (C).", "C"),
        ("The answer is A, not B", "A"),
        (r"Thus \boxed{\text{D}}", "D"),
        (r"\boxed{C}", "C"),
        ("A is wrong and so is B.\nAnswer: D", "D"),
        ("A cat would choose C", "C"),
        ("Weighing all, it must be (A).", "A"),
        ("A or B", None),
        ("Not A but C", None),
        ("A is right", "A"),
        ("It is a matter of taste", None),
        ("Because", None),
        ("E", None),
        ("", None),
        ("A fails. C fails.\n\nB", "B"),
        ("A fails and C too.\nThe correct answer is option B.", "B"),
        ("A fails. So the correct choice is (C).", "C"),
        ("Not A. The answer must be 'B'", "B"),
        ("Answer: __D__", "D"),
        ("\uc815\ub2f5\uc740 B\uc785\ub2c8\ub2e4", "B"),
        ("Answer: \uff22", "B"),
        ("The answer is a bit hidden; it is B", "B"),
        ("My choice: (C)\n\nThat answer is a good one.", "C"),
        ("Answer: A and B", None),
        ("A, B", None),
        ("A, B and C are wrong", None),
        ("A, since B is wrong", "A"),
        ("It is not B", None),
        ("Neither A nor B", None),
        ("**정답은 B**입니다. A는 틀렸어요", "B"),
        ("B가 아닙니다", None),
        ("Answer: (A) or (B)", None),
        ("Answer: A/B", None),
        ("Answer: B, A is wrong", "B"),
        ("Answer: B because A and C are wrong", "B"),
    ],
)
def test_the_letter_of_a_reply(text: str, letter: str | None) -> None:
    assert read_choice(text) == letter


def test_choice() -> None:
    assert passes(Choice("b"), "B")
    assert passes(Choice("J", "ABCDEFGHIJ"), "The answer is J")
    assert passes(Choice("B", "ABCDEFGHIJ"), "I think it is B.")
    assert passes(Choice("I", "ABCDEFGHIJ"), "Answer: I")
    unreadable = judge(Choice("B"), "A or B, all are right")[0]
    assert unreadable.outcome is Outcome.FAILED
    assert unreadable.feedback == "the answer must be one letter from A to D"
    with pytest.raises(BadInput, match="not one of the letters"):
        Choice("E")


# --- maths -----------------------------------------------------------------------------------

maths = pytest.mark.skipif(find_spec("math_verify") is None, reason="needs the extra `maths`")


@maths
@pytest.mark.parametrize(
    ("want", "answer", "same"),
    [
        ("1/2", "0.5", True),
        (r"\frac{1}{2}", r"The answer is $\frac{2}{4}$.", True),
        (r"\frac12", r"\frac{3}{4}", False),
        ("x^2+2x+1", "$(x+1)^2$", True),
        (r"\sqrt{8}", r"\boxed{2\sqrt{2}}", True),
        (r"\sqrt{8}", r"2\sqrt{2}", True),
        ("(1,2)", r"\boxed{(1, 2)}", True),
        ("(1,2)", r"\boxed{(2, 1)}", False),
        (r"\{1,2\}", r"$\{2, 1\}$", True),
        ("42", "43", False),
        (r"\frac{\pi}{2}", r"$\pi/2$", True),
        (r"\$18.90", r"It is $\boxed{18.90}$.", True),
        (r"\text{June 20}", r"\boxed{\text{June }20}", True),
        (r"\text{June 20}", r"\boxed{\text{June 21}}", False),
    ],
)
def test_maths(want: str, answer: str, same: bool) -> None:
    verdict = judge(Maths(want), answer)[0]
    assert verdict.error is None
    assert verdict.outcome is (Outcome.PASSED if same else Outcome.FAILED)


@maths
def test_an_expression_that_takes_for_ever_is_cannot_tell_and_the_next_is_judged() -> None:
    verifier = Maths("1", seconds=3)
    first, second = judge(verifier, "$9^{9^{9^{9}}} - 9^{9^{9^{9}}} + 7^{8^{9^{8}}}$", r"\boxed{1}")
    assert first.outcome is Outcome.CANNOT_TELL
    assert first.error
    assert second.passed


@maths
def test_text_that_would_be_evaluated_changes_nothing(tmp_path: object) -> None:
    answer = f"__import__('os').system('touch {tmp_path}/mark')"
    assert not judge(Maths("1"), answer, f"$\\text{{{answer}}}$", f"\\boxed{{{answer}}}")[0].passed
    assert not list(__import__("pathlib").Path(str(tmp_path)).iterdir())


@maths
def test_a_reference_that_cannot_be_read_is_no_failure_of_the_answer() -> None:
    verdict = judge(Maths(""), "3")[0]
    assert verdict.outcome is Outcome.CANNOT_TELL
    assert "reference" in str(verdict.error)


def test_maths_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secondthought.verifiers.maths.find_spec", lambda _: None)
    with pytest.raises(BadInput, match=r"pip install 'secondthought\[maths\]'"):
        Maths("1")
