from random import Random

import pytest

from secondthought.tasks import products, steps
from secondthought.tasks.base import Item
from secondthought.tasks.products import Products
from secondthought.trace import Outcome, steps_failed
from tests.tasks.properties import TaskProperties


class TestProducts(TaskProperties):
    task = Products()

    def needed(self, item: Item) -> list[str]:
        return [str(item.data["a"]), str(item.data["b"])]


def test_each_step_of_a_clean_demonstration_passes() -> None:
    task = Products()
    for seed in range(200):
        item = task.generate(Random(seed), 1 + seed % 5)
        shown = task.demonstrate(item, Random(seed))
        if all(span.loss for span in shown.spans):
            assert steps_failed(steps.parse(shown.thought)) is None, shown.thought


def test_a_slip_is_the_one_failed_step() -> None:
    task = Products()
    found = 0
    for seed in range(300):
        item = task.generate(Random(seed), 3)
        shown = task.demonstrate(item, Random(seed))
        slips = [s.text.strip() for s in shown.spans if not s.loss]
        if slips:
            found += 1
            failed = [
                s.text
                for s in steps.parse(shown.thought)
                if s.verdict and s.verdict.outcome is Outcome.FAILED
            ]
            assert failed == slips
    assert found


def test_the_gym_level_is_the_gyms_distribution() -> None:
    reasoning_gym = pytest.importorskip("reasoning_gym")
    data = reasoning_gym.create_dataset("products", size=40, seed=0)
    ours = [Products().generate(Random(s), 3, wording="gym") for s in range(2000)]
    for entry in data:
        a, b = (int(n) for n in entry["metadata"]["expression"].split(" * "))
        assert entry["question"] == products.GYM[0].format(a=a, b=b)
        assert len(str(a)) == len(str(b)) <= 5
        item = Item("products", 3, ours[0].problem, entry["answer"], {"a": a, "b": b})
        for answer in (entry["answer"], *Products().near_misses(item, Random(0))):
            passed = Products().verify(item, answer).passed
            assert passed == (data.score_answer(answer, entry) == 1.0)
    lengths = [len(str(i.data["a"])) for i in ours]
    assert all(320 < lengths.count(n) < 480 for n in range(1, 6))
