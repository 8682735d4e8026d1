from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.tasks.expression import MAX_DEPTH, ExpressionError, bare, parse


@pytest.mark.parametrize(
    ("text", "value", "numbers"),
    [
        ("6*89-44-41", 449, (6, 89, 44, 41)),
        ("8/3/2", Fraction(4, 3), (8, 3, 2)),
        ("10-4-3", 3, (10, 4, 3)),
        ("2+3*4", 14, (2, 3, 4)),
        ("(2+3)*4", 20, (2, 3, 4)),
        ("-1 + 72*(89 - 77)/1", 863, (1, 72, 89, 77, 1)),
        ("27*(-2 + (5 - 55 + 62)/2)", 108, (27, 2, 5, 55, 62, 2)),
        ("8/(3-8/3)", 24, (8, 3, 8, 3)),
        ("- -3", 3, (3,)),
        (" ( 7 ) ", 7, (7,)),
        ("0*5", 0, (0, 5)),
    ],
)
def test_values_and_numbers(text: str, value: Fraction, numbers: tuple[int, ...]) -> None:
    found = parse(text)
    assert found.value == value
    assert found.numbers == numbers


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "(",
        ")",
        "()",
        "1+",
        "*2",
        "1 2",
        "(1)(2)",
        "2(3)",
        "2**3",
        "2//3",
        "2^3",
        "1=1",
        "1.5",
        "1e3",
        "0x1",
        "007",
        "1,000",
        "x",
        "1/0",
        "1/(2-2)",
        "\u0663+1",
        "\u00b2",
        "1\n+2",
        "9" * 10,
        "1+" * 200 + "1",
        "(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1),
        "-" * (MAX_DEPTH + 2) + "1",
        "__import__('os')",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


_leaf = st.integers(0, 99).map(lambda n: (str(n), Fraction(n), (n,)))


def _join(parts):
    (a, x, m), op, (b, y, n) = parts
    if op == "/" and y == 0:
        op = "+"
    value = {"+": x + y, "-": x - y, "*": x * y, "/": x / y if y else x}[op]
    return f"({a} {op} {b})", value, m + n


_trees = st.recursive(
    _leaf, lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(_join), max_leaves=8
)


@given(_trees)
def test_agrees_with_exact_fractions(tree) -> None:
    text, value, numbers = tree
    found = parse(text)
    assert (found.value, found.numbers) == (value, numbers)


@given(st.text(alphabet="0123456789+-*/() .", max_size=40) | st.text(max_size=300))
def test_never_raises_anything_else(text: str) -> None:
    with suppress(ExpressionError):
        assert len(parse(text).numbers) <= len(text)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        (" 1+2\n", "1+2"),
        ("1+2.", "1+2"),
        ("Answer: 1+2", "1+2"),
        ("answer:1+2", "1+2"),
        ("The answer is 1+2.", "1+2"),
        ("The answer is: 1+2", "1+2"),
        ("Final answer: 1+2", "1+2"),
        ("The answer to all is 1+2", "The answer to all is 1+2"),
    ],
)
def test_bare(text: str, inner: str) -> None:
    assert bare(text) == inner
