import math
from random import Random

import pytest

from secondthought.messages import Problem
from secondthought.tasks import gcd
from secondthought.tasks.base import Item
from secondthought.tasks.gcd import Gcd
from tests.tasks.properties import TaskProperties


class TestGcd(TaskProperties):
    task = Gcd()

    def needed(self, item: Item) -> list[str]:
        return [str(n) for n in item.data["numbers"]]


def test_the_gym_level_has_the_gyms_questions() -> None:
    reasoning_gym = pytest.importorskip("reasoning_gym")
    task = Gcd()
    for entry in reasoning_gym.create_dataset("gcd", size=40, seed=0):
        numbers = entry["metadata"]["numbers"]
        text = ", ".join(map(str, numbers))
        assert entry["question"] == gcd.GYM[0].format(numbers=text)
        item = Item("gcd", 3, Problem(()), entry["answer"], {"numbers": numbers})
        assert task.demonstrate(item, Random(0)).answer == entry["answer"]
        assert task.check_answer(item.data, entry["answer"]).passed


@pytest.mark.parametrize("numbers", [[1, 1], [1, 900], [7, 7], [700, 700], [999, 1000], [10, 3]])
def test_edges(numbers: list[int]) -> None:
    answer = str(math.gcd(*numbers))
    item = Item("gcd", 3, Problem(()), answer, {"numbers": numbers})
    thought = Gcd().demonstrate(item, Random(0)).thought
    assert f"\n={answer}" in thought
    assert thought.endswith("=1" if answer == "1" else f"\n{answer} yes")
