import re
from random import Random

import pytest

from secondthought.messages import Problem
from secondthought.tasks import english
from secondthought.tasks.base import Item
from secondthought.tasks.letter_counting import LetterCounting
from tests.tasks.properties import TaskProperties

TASK = LetterCounting()


class TestLetterCounting(TaskProperties):
    task = TASK

    def needed(self, item):
        return [item.data["text"], item.data["letter"]]


def strawberry() -> Item:
    data = {"text": "There are three Rs in strawberry", "letter": "r"}
    return Item(TASK.name, 2, Problem.ask("?"), "7", data)


def test_the_thought_line_by_line():
    thoughts = {TASK.demonstrate(strawberry(), Random(seed)).thought for seed in range(40)}
    assert min(thoughts, key=len).split("\n") == [
        "letter r",
        "ther=1e ar=2e thr=3ee r=4s in str=5awber=6r=7y",
        "check there+1=1 are+1=2 three+1=3 rs+1=4 strawberry+3=7 yes",
        "7",
    ]
    assert len(thoughts) > 1


def test_a_letter_that_is_absent():
    item = Item(TASK.name, 2, Problem.ask("?"), "0", {"text": "up and down", "letter": "z"})
    shown = TASK.demonstrate(item, Random(1))
    assert shown.thought == "letter z\nup and down\ncheck none yes\n0"
    assert TASK.verify(item, "0").passed
    assert not TASK.verify(item, "").passed


def test_hints_point_the_right_way():
    assert "more" in TASK.hint(strawberry(), "6", Random(0))
    assert "fewer" in TASK.hint(strawberry(), "8", Random(0))
    assert TASK.hint(strawberry(), "7", Random(0)) == ""


def test_five_words_of_an_evaluation_text_are_never_in_training():
    train = "\n".join(" ".join(re.findall(r"\w+", s.lower())) for s in english.sentences("train"))
    for seed in range(200):
        text = TASK.generate(Random(seed), 3, wording="gym").data["text"].lower()
        assert text not in train


def test_same_answers_as_reasoning_gym():
    gym = pytest.importorskip("reasoning_gym")
    data = gym.create_dataset("letter_counting", seed=5, size=60)
    for entry in data:
        letter = entry["metadata"]["target_letter"]
        text = " ".join(entry["metadata"]["span"])
        item = Item(
            TASK.name,
            3,
            Problem.ask(entry["question"]),
            entry["answer"],
            {"text": text, "letter": letter},
        )
        shown = TASK.demonstrate(item, Random(1))
        assert data.score_answer(shown.answer, entry) == 1.0
        assert TASK.verify(item, entry["answer"]).passed
        for wrong in TASK.near_misses(item, Random(1)):
            assert data.score_answer(wrong, entry) < 1.0
    item = TASK.generate(Random(1), 3, wording="gym")
    assert re.fullmatch(
        r'How many times does the letter ".+" appear in the text: ".+"\?', item.question
    )
