import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.tasks import expression
from secondthought.tasks.chains import Chain, random_chain


@pytest.mark.parametrize(
    ("chain", "text", "worked"),
    [
        (Chain.of(7), "7", "7"),
        (Chain.of(89, ("*", 6), ("-", 44)), "89*6-44", "89*6=534 -44=490"),
        (Chain.of(62, ("-", 47), ("*", 17)), "(62-47)*17", "(62-47)=15 *17=255"),
        (
            Chain.of(3, ("-", 1), ("*", 9), ("+", 6), ("/", 8)),
            "((3-1)*9+6)/8",
            "((3-1)=2 *9=18 +6)=24 /8=3",
        ),
        (Chain.of(5, ("-", 9), ("+", 6), ("*", 4)), "(5-9+6)*4", "(5-9=-4 +6)=2 *4=8"),
    ],
)
def test_written_and_worked(chain: Chain, text: str, worked: str) -> None:
    assert chain.expression == text
    assert "".join(chain.worked()) == worked


@pytest.mark.parametrize(
    ("chain", "worked"),
    [
        (Chain.of(34, ("*", 27)), "34*27=238+680=918"),
        (Chain.of(89, ("*", 6)), "89*6=534"),
        (Chain.of(40, ("*", 17)), "40*17=680"),
        (Chain.of(158, ("*", 3)), "158*3=300+174=474"),
    ],
)
def test_long_products_in_halves(chain: Chain, worked: str) -> None:
    assert "".join(chain.worked(halves=True)) == worked


@given(st.integers(0, 10**6), st.integers(2, 7), st.integers(1, 100))
def test_random_chains_have_the_value_of_their_expression(seed: int, count: int, top: int) -> None:
    chain = random_chain(Random(seed), count, top)
    found = expression.parse(chain.expression)
    assert found.value == chain.value
    assert found.numbers == chain.numbers
    assert len(chain.numbers) == count
    assert all(1 <= n <= top for n in chain.numbers)
    assert re.sub(r"=-?\d+ ?", "", "".join(chain.worked()) + " ") == chain.expression
