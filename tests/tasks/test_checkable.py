"""The sound verifier reads the question right, or says that it cannot tell."""

from __future__ import annotations

import asyncio
import time
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought import Policy, Problem, Reasoner
from secondthought.messages import Message
from secondthought.models.scripted import Scripted
from secondthought.tasks import catalogue
from secondthought.tasks.base import Wording
from secondthought.tasks.checkable import Checkable, understood
from secondthought.trace import Outcome
from secondthought.verifiers.base import Verifier

NAMES = ("countdown", "puzzle24", "simple_equations", "mini_sudoku")


def judge(question: str, *answers: str) -> list[Outcome]:
    verdicts = asyncio.run(Checkable().judge(Problem.ask(question), answers, None))
    return [verdict.outcome for verdict in verdicts]


def test_it_is_a_verifier() -> None:
    assert isinstance(Checkable(), Verifier)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wording", ["own", "held_out", "gym"])
def test_what_it_reads_is_what_the_item_holds(name: str, wording: Wording) -> None:
    """And its verdicts are the scorer's, on right answers and on near misses."""
    task, read = catalogue.task(name), 0
    for seed in range(120):
        rng = Random(seed)
        language = rng.choice(("en", "ko"))
        item = task.generate(rng, rng.choice(task.levels), wording=wording, language=language)
        if (found := understood(item.question)) is None:
            assert judge(item.question, item.answer) == [Outcome.CANNOT_TELL]
            continue
        read += 1
        data: dict[str, Any] = {"target": 24, **item.data}  # "make 24 of ..." is Countdown too
        assert all(data[key] == value for key, value in found[1].items())
        between = "between" in item.question or "사이에" in item.question  # perhaps in order
        (outcome,) = judge(item.question, item.answer)
        assert outcome is Outcome.PASSED or (between and outcome is Outcome.CANNOT_TELL)
        for miss in task.near_misses(item, rng):
            right = task.verify(item, miss).passed
            (outcome,) = judge(item.question, miss)
            assert outcome is not (Outcome.FAILED if right else Outcome.PASSED)
    # Typing slips and words it does not know are left alone.
    assert read == 120 if wording == "gym" else read > 70


def test_no_other_task_is_taken_for_one_of_these() -> None:
    for name in catalogue.names():
        if name in NAMES:
            continue
        task = catalogue.task(name)
        for seed in range(60):
            wording: Wording = ("own", "held_out", "gym")[seed % 3]
            item = task.generate(
                Random(seed), task.levels[seed % len(task.levels)], wording=wording
            )
            assert understood(item.question) is None, item.question


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("Make 24 from 4, 7, 8 and 8.", "(7-8/8)*4", "4+7+8+8"),
        ("hi, please make 449 from 89 6 44 41", "89*6-44-41", "89*6-44+41"),
        ("Solve 3x + 5 = 26 for x.", "x = 7", "8"),
        ("5-2y=1", "2", "-2"),
        ("SOLVE THIS MINI SUDOKU:\n1__4\n__12\n2_4_\n_32_", "1234\n3412\n2143\n4321", "1"),
    ],
)
def test_people_write_as_they_like(question: str, right: str, wrong: str) -> None:
    assert judge(question, right, wrong) == [Outcome.PASSED, Outcome.FAILED]


@pytest.mark.parametrize(
    "question",
    [
        "Make 24 from 4, 7, 8 and 8 without brackets.",
        "Don't make 24 from 4, 7, 8 and 8.",
        "Make 24 from 4, 7, 8 and 8, each as often as you like.",
        "Make 24 from pens.",
        "Make a table of 3, 4 and 5.",
        "x + y = 3",
        "2x = 3",  # no whole solution
        "0x = 0",
        "x^2 = 9",
        "2 + 3 = 5",
        "Why is 3x + 5 = 26?",
        "Solve 3x + 5 = 26 for y.",
        "1234\n3412\n2143\n4321",
        "a" * 10**5,
        "1 " * 10**5,
        "",
    ],
)
def test_what_it_does_not_understand_it_leaves(question: str) -> None:
    assert understood(question) is None
    assert judge(question, "24", "x") == [Outcome.CANNOT_TELL] * 2


def test_a_sentence_around_an_expression_is_no_proof() -> None:
    question = "Make 24 from 4, 7, 8 and 8."
    assert judge(question, "You can take (7-8/8)*4.") == [Outcome.CANNOT_TELL]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_only_text(question: str, answer: str) -> None:
    assert judge(question, answer)[0] in Outcome


async def test_the_reasoner_has_it_by_default() -> None:
    model = Scripted.of({"answers": ["4+7+8+8", "(7-8/8)*4"]})
    policy = Policy("best_of_n", 900, 20, samples=4)
    trace = await Reasoner(model).answer("Make 24 from 4, 7, 8 and 8.", policy=policy)
    assert trace.answer == "(7-8/8)*4"
    assert len(model.requests) == 2


@pytest.mark.parametrize("text", ["5 r0", "3*3=9 ", "1 r0", "=3"])
async def test_what_holds_no_right_expression_and_no_words_is_no_answer(text: str) -> None:
    [verdict] = await Checkable().judge(Problem.ask("Make 24 from 3, 3, 8, 8."), [text], None)
    assert verdict.outcome is Outcome.FAILED


@pytest.mark.parametrize("text", ["It is 8/(3-8/3)", "8/(3-8/3) = 24", "four and twenty", ""])
async def test_a_sentence_may_hold_a_right_one(text: str) -> None:
    [verdict] = await Checkable().judge(Problem.ask("Make 24 from 3, 3, 8, 8."), [text], None)
    assert verdict.outcome is not Outcome.FAILED


# --- how other models answer ---------------------------------------------------------------------

FROM_4788 = "Make 24 from 4, 7, 8 and 8."
EQUATION = "Solve 3x + 5 = 26 for x."
SUDOKU = "Solve this mini sudoku:\n1__4\n__12\n2_4_\n_32_"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (FROM_4788, "(7 − 8/8) × 4"),
        (FROM_4788, "(7 - 8 ÷ 8) × 4 = 24"),
        (FROM_4788, "24 = 4*(7-8/8)"),
        (FROM_4788, "**(7-8/8)*4**"),
        (FROM_4788, "`(7-8/8)*4`"),
        (FROM_4788, r"\(4 \times \left(7 - \frac{8}{8}\right) = 24\)"),
        (EQUATION, "**x = 7**"),
        (EQUATION, "$x = 7$"),
        (EQUATION, r"\boxed{7}"),
        (EQUATION, "**Answer:** 7"),
        (EQUATION, "x = 7.0"),
        (EQUATION, "７"),
        ("5-2y=-2001", "y = 1{,}003"),
        (SUDOKU, "```\n1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 2 1\n```"),
        (SUDOKU, "1 2 | 3 4\n3 4 | 1 2\n----+----\n2 1 | 4 3\n4 3 | 2 1"),
        (SUDOKU, "[[1,2,3,4],[3,4,1,2],[2,1,4,3],[4,3,2,1]]"),
    ],
)
def test_what_wraps_a_right_answer_is_no_mistake(question: str, answer: str) -> None:
    assert judge(question, answer) == [Outcome.PASSED]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (FROM_4788, "4(7-8/8)"),
        (FROM_4788, "[7-8/8]*4"),
        (FROM_4788, "8/8=1, 7-1=6, 4*6=24"),
        (FROM_4788, "8/8=1\n7-1=6\n4*6=24"),
        (FROM_4788, "(7-8:8)x4"),
        ("Make 9 from 4 and 5.", "= 4+5"),
        (FROM_4788, "1) (7-8/8)*4"),
        (FROM_4788, "- (7-8/8)*4"),
        (FROM_4788, "(7-8/8)*4 = 25"),  # the expression is right, and what it comes to is not
        ("Make 8 from 2, 3 and 1.", "2**3*1"),
        (EQUATION, "The value of x is 7."),
        (EQUATION, "Subtract 5: 3x = 21, so x = 7."),
        (EQUATION, "x = 21/3 = 7"),
        (EQUATION, "x는 7입니다."),
        (EQUATION, "seven"),
        (EQUATION, '{"x": 7}'),
        (EQUATION, "21/3"),
        (EQUATION, "10-3"),
        ("5-2y=-2001", "1 003"),
        ("5-2y=-2001", "1.003"),
        (SUDOKU, "Here you are:\n1234\n3412\n2143\n4321"),
        (SUDOKU, "R1: 1 2 3 4\nR2: 3 4 1 2\nR3: 2 1 4 3\nR4: 4 3 2 1"),
        (SUDOKU, "2, 3, 3, 4, 1, 3, 4, 1"),  # what is missing, cell by cell
        ("Solve this mini sudoku:\n11__\n____\n____\n____", "It has no solution."),
    ],
)
def test_a_right_answer_in_other_words_is_not_refuted(question: str, answer: str) -> None:
    assert judge(question, answer) == [Outcome.CANNOT_TELL]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (FROM_4788, "4 + 7 + 8 + 8 = 24"),
        (FROM_4788, "**4 × 7 − 8 ÷ 8**"),
        (FROM_4788, "4*(7-8"),
        (EQUATION, "$x = 8$"),
        (EQUATION, "7.5"),
        (EQUATION, "6+2"),
        (EQUATION, "5 r0"),
        (EQUATION, "I don't know."),
        (SUDOKU, "```\n1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 1 2\n```"),
        (SUDOKU, "1 2 3 4\n3 4 1 2\n2 1 4 3"),
        (SUDOKU, "1__4\n__12\n2_4_\n_32_"),
    ],
)
def test_what_wraps_a_wrong_answer_does_not_hide_it(question: str, answer: str) -> None:
    assert judge(question, answer) == [Outcome.FAILED]


def test_where_nobody_says_that_all_must_be_used_leaving_some_out_is_no_mistake() -> None:
    assert judge("Make 100 with 25, 4 and 7.", "25*4", "25*4+7") == [
        Outcome.CANNOT_TELL,
        Outcome.FAILED,
    ]
    assert judge("Countdown: 2 12 3, target 24", "2*12") == [Outcome.CANNOT_TELL]
    assert judge("Make 100 with 25, 4 and 7, each number exactly once.", "25*4") == [Outcome.FAILED]
    assert judge(FROM_4788, "8+8+8", "4+4*7-8") == [Outcome.FAILED] * 2


def test_signs_between_numbers_may_leave_these_in_order() -> None:
    question = "Which signs go between 4, 2 and 3{} to make 24?"
    told = [Outcome.PASSED, Outcome.CANNOT_TELL, Outcome.FAILED, Outcome.CANNOT_TELL]
    assert judge(question.format(""), "4*2*3", "2*4*3", "4*2+3", "* *") == told
    assert judge(question.format(" in any order"), "2*4*3") == [Outcome.PASSED]


@pytest.mark.parametrize(
    "question",
    [
        "Make 5000 from 1,000 and 5",
        "Make 1500 from 1,000, 500",
        "Make 75 from 1,075,250",
        "Make 7 from 007, 0",
        "x = 5",
        "a=5",
        "2 3x = 46",
        "- 3x = 6",
        "x + 3 = 5!",
    ],
)
def test_what_can_be_read_in_two_ways_is_left(question: str) -> None:
    assert understood(question) is None


def test_numbers_that_only_commas_part_are_still_numbers() -> None:
    assert understood("Make 10 from 1,2,3,100") == (
        "countdown",
        {"numbers": [1, 2, 3, 100], "target": 10},
    )


@pytest.mark.parametrize(
    ("before", "outcome"),
    [
        ([("system", "Numbers may be used more than once.")], Outcome.CANNOT_TELL),
        ([("user", "In our game you may also join digits: 1 and 2 make 12.")], Outcome.CANNOT_TELL),
        ([("user", "숫자를 이어 붙여도 됩니다.")], Outcome.CANNOT_TELL),
        ([("system", "You are a helpful assistant. Always be polite.")], Outcome.FAILED),
        ([("user", "Make 24 from 3, 3, 8, 8, each number exactly once.")], Outcome.FAILED),
        ([("user", "gcd of 854 and 119?"), ("assistant", "You may say 7.")], Outcome.FAILED),
    ],
)
def test_what_was_said_before_may_have_set_other_rules(
    before: list[tuple[Any, str]], outcome: Outcome
) -> None:
    messages = (*(Message(role, text) for role, text in before), Message("user", FROM_4788))
    verdicts = asyncio.run(Checkable().judge(Problem(messages), ["8+8+8"], None))
    assert [verdict.outcome for verdict in verdicts] == [outcome]


@pytest.mark.parametrize("text", ["1 " * 2000, "(" * 4000, "=" * 4000, "$" * 4000, "1=" * 2000])
def test_a_long_answer_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    for question in (FROM_4788, EQUATION, SUDOKU):
        judge(question, text, text * 20)
    assert time.perf_counter() - started < 5
