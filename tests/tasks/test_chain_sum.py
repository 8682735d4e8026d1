from random import Random

import pytest

from secondthought.messages import Problem
from secondthought.tasks import chain_sum
from secondthought.tasks.base import Item
from secondthought.tasks.chain_sum import ChainSum
from tests.tasks.properties import TaskProperties


class TestChainSum(TaskProperties):
    task = ChainSum()

    def needed(self, item: Item) -> list[str]:
        return [term.lstrip("-") for term in item.data["terms"]]


def test_the_gym_level_has_the_gyms_questions() -> None:
    reasoning_gym = pytest.importorskip("reasoning_gym")
    task = ChainSum()
    data = reasoning_gym.create_dataset("chain_sum", size=40, seed=0)
    for entry in data:
        expression = entry["metadata"]["expression"]
        terms = expression.replace("- ", "-").replace("+ ", "").split(" ")
        assert chain_sum.written(terms, " ") == expression
        assert entry["question"] == chain_sum.GYM[0].format(sum=expression)
        item = Item("chain_sum", 3, Problem(()), entry["answer"], {"terms": terms})
        for answer in (entry["answer"], *task.near_misses(item, Random(0))):
            assert task.verify(item, answer).passed == (data.score_answer(answer, entry) == 1.0)
    ours = [task.generate(Random(s), 3).data["terms"] for s in range(1000)]
    assert {len(t) for t in ours} == {2, 3, 4, 5, 6}
    assert {len(n.lstrip("-")) for t in ours for n in t} == {1, 2, 3, 4}


def test_negative_results_are_shown() -> None:
    task = ChainSum()
    item = Item("chain_sum", 1, Problem(()), "-7", {"terms": ["5", "-12"]})
    assert "=-7" in task.demonstrate(item, Random(0)).thought
