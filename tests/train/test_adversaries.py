from typing import ClassVar

import pytest

from secondthought.tasks import catalogue
from secondthought.trace import Verdict
from secondthought.train.adversaries import TOLERATED, earned
from tests.train.parity import Even


@pytest.mark.parametrize("name", catalogue.names())
def test_nothing_is_earned_without_solving(name: str) -> None:
    found = earned(catalogue.task(name), n=25)
    assert found.worst[1] <= TOLERATED, found.worst
    assert found.declined == 0
    assert found.constant <= 0.5


class Lenient(Even):
    """Takes any text that holds the answer."""

    name: ClassVar[str] = "lenient"

    def verify(self, item, text):
        return Verdict.of(item.answer in text)


def test_a_hole_is_found() -> None:
    found = earned(Lenient(), n=5)
    assert not found.ok
    assert found.tricks["the right answer with a tail"] == 1.0
