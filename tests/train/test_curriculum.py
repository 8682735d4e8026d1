from random import Random

from hypothesis import given
from hypothesis import strategies as st

from secondthought.train.curriculum import FLOOR, Curriculum
from tests.train.parity import Parity


class Five(Parity):
    levels = range(1, 6)


def test_levels_of_middling_rate_are_drawn_most() -> None:
    curriculum = Curriculum([Five()])
    for level, right in ((1, 64), (2, 62), (3, 32), (4, 2), (5, 0)):
        curriculum.record("parity", level, 64, right)
    rng = Random(0)
    drawn = [curriculum.draw(rng, Five()) for _ in range(2000)]
    assert drawn.count(3) > 1000
    assert all(drawn.count(level) > 20 for level in (1, 2, 4, 5))  # none is ever given up


def test_old_evidence_fades() -> None:
    curriculum = Curriculum([Five()])
    for _ in range(20):
        curriculum.record("parity", 1, 16, 0)
    assert curriculum.weight("parity", 1) < 0.2
    for _ in range(20):
        curriculum.record("parity", 1, 16, 8)
    assert curriculum.weight("parity", 1) == 1.0


def test_an_unknown_level_is_tried() -> None:
    assert Curriculum([Five()]).weight("parity", 5) == 1.0


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 64), st.floats(0, 1)), max_size=30))
def test_rates_stay_rates_and_state_restores(records: list[tuple[int, int, float]]) -> None:
    curriculum = Curriculum([Five()])
    for level, tried, share in records:
        curriculum.record("parity", level, tried, int(tried * share))
    again = Curriculum([Five()])
    again.restore(curriculum.state())
    for level in Five.levels:
        assert 0 <= curriculum.rate("parity", level) <= 1
        assert FLOOR <= curriculum.weight("parity", level) <= 1
        assert again.rate("parity", level) == curriculum.rate("parity", level)
