"""Is the operation named with which a thought begins?"""

from contextlib import nullcontext
from random import Random

import pytest

from secondthought.tasks import catalogue
from secondthought.tasks.asked import asked
from secondthought.tasks.wordings import rare

KEYS = {"gcd": "gcd", "spell_backward": "spell"}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("wording", ["own", "rare", "gym", "held_out"])
def test_what_we_are_asked_for_is_seldom_missed(name, wording):
    """Typing slips in the very word aside."""
    task = catalogue.task(name)
    missed: list[str] = []
    for seed in range(600):
        with rare.asked(name) if wording == "rare" else nullcontext():
            item = task.generate(
                Random(10**8 + seed),
                task.levels[0],
                split="train",
                wording="own" if wording == "rare" else wording,
                language="ko" if seed % 4 == 0 and wording in ("own", "held_out") else "en",
            )
        if not asked(KEYS[name], item.question):
            missed.append(item.question)
    assert len(missed) <= 4, missed


@pytest.mark.parametrize(
    ("key", "question"),
    [
        ("gcd", "Find the smallest number that 4 and 6 both build."),
        ("gcd", "Sum of 12 and 30?"),
        ("gcd", "12와 30의 평균은?"),
        ("spell", "Who wrote the word lamp?"),
        ("spell", "Encrypt lamp by 5 steps."),
        ("spell", "lamp는 무슨 뜻이야?"),
    ],
)
def test_other_questions_do_not_ask_for_it(key, question):
    assert not asked(key, question)


def test_a_slip_of_the_hand_is_no_other_question():
    assert asked("spell", "Write lamp in revrese")
    assert asked("gcd", "the largest common dvisor of 12, 30")


def test_an_earlier_turn_names_it_too():
    assert asked("spell", "Spell lamp backwards.\npmal\nand now chair")


def test_nothing_is_held_against_other_thoughts_and_without_a_question():
    assert asked("mul", "Who are you?")
    assert asked("gcd", "")
