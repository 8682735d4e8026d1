from random import Random

import pytest

from secondthought.messages import Problem
from secondthought.tasks import base_conversion
from secondthought.tasks.base import Item
from secondthought.tasks.base_conversion import BaseConversion, to_base
from secondthought.tasks.worksheet import Worksheet
from tests.tasks.properties import TaskProperties


class TestBaseConversion(TaskProperties):
    task = BaseConversion()

    def needed(self, item: Item) -> list[str]:
        return [item.data["number"]]


def test_the_gym_level_has_the_gyms_questions() -> None:
    reasoning_gym = pytest.importorskip("reasoning_gym")
    task = BaseConversion()
    for entry in reasoning_gym.create_dataset("base_conversion", size=40, seed=0):
        meta = entry["metadata"]
        source, target = meta["source_base"], meta["target_base"]
        assert entry["question"] == base_conversion.GYM[0].format(
            source=base_conversion._gym_name(source),
            target=base_conversion._gym_name(target),
            number=meta["source_repr"],
        )
        data = {"number": meta["source_repr"], "source": source, "target": target}
        item = Item("base_conversion", 3, Problem(()), entry["answer"], data)
        assert task.check_answer(data, entry["answer"]).passed
        assert task.demonstrate(item, Random(1)).answer == meta["target_repr"]


@pytest.mark.parametrize("value", [0, 1, 2, 15, 16, 35, 36, 1000, 46655])
@pytest.mark.parametrize(("source", "target"), [(2, 16), (16, 2), (10, 36), (36, 10), (3, 7)])
def test_written_out_digits_are_right(value: int, source: int, target: int) -> None:
    sheet = Worksheet()
    number = to_base(value, source)
    assert int(number, source) == value
    assert base_conversion.horner(sheet, number, source) == value
    assert base_conversion.divisions(sheet, value, target) == to_base(value, target)


def test_case_of_digits_does_not_matter() -> None:
    data = {"number": "13", "source": 10, "target": 16}
    assert BaseConversion().check_answer(data, "D").passed
    assert BaseConversion().check_answer(data, "d").passed
    assert not BaseConversion().check_answer({**data, "number": "20"}, "1\u0664").passed
