from random import Random

import pytest

from secondthought.tasks import english
from secondthought.tasks.spell_backward import SpellBackward
from tests.tasks.properties import TaskProperties

TASK = SpellBackward()


class TestSpellBackward(TaskProperties):
    task = TASK

    def needed(self, item):
        return [item.data["word"]]


def test_the_thought_line_by_line():
    item = TASK.generate(Random(0), 3)
    word = item.data["word"]
    thoughts = {TASK.demonstrate(item, Random(seed)).thought for seed in range(40)}
    lines = min(thoughts, key=len).split("\n")
    assert lines[0] == f"spell {word}"
    assert [c for c in lines[1] if not c.isdigit()] == [*word, "|", *word[::-1]]
    assert lines[2] == word[::-1]
    assert len(thoughts) > 1


def test_training_and_evaluation_words_are_disjoint():
    evaluation = {word.lower() for word in english.words("eval")}
    for level in (1, 2, 3):
        for seed in range(300):
            word = TASK.generate(Random(seed), level, split="train").data["word"]
            assert word.lower() not in evaluation
            assert TASK.generate(Random(seed), level).data["word"].lower() in evaluation


def test_same_verdicts_as_reasoning_gym():
    gym = pytest.importorskip("reasoning_gym")
    data = gym.create_dataset("spell_backward", seed=3, size=1)
    for seed in range(30):
        item = TASK.generate(Random(seed), 3, wording="gym")
        entry = {"answer": item.answer}
        assert item.question.startswith(data[0]["question"].split(": ")[0])
        for text in (item.answer, item.answer.upper(), *TASK.near_misses(item, Random(1))):
            assert TASK.verify(item, text).passed == (data.score_answer(text, entry) == 1.0)
