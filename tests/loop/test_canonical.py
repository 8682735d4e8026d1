"""When two answers are the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought import Answer, StopReason, ToolCall
from secondthought.loop.canonical import canonical
from secondthought.messages import AnswerFormat, AnswerKind

KINDS: tuple[AnswerKind, ...] = (
    "text",
    "integer",
    "number",
    "expression",
    "choice",
    "grid",
    "json",
)


def key(text: str, kind: AnswerKind = "text") -> str | None:
    return canonical(Answer(text, "main", StopReason.STOP), AnswerFormat(kind))


def calls(*pairs: tuple[str, str]) -> str | None:
    made = tuple(ToolCall(f"id{i}", name, text) for i, (name, text) in enumerate(pairs))
    return canonical(Answer("so:", "main", StopReason.TOOL_CALLS, made))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("integer", "1234", "1,234."),
        ("integer", "12", "The answer is 12."),
        ("integer", "-7", "−7"),
        ("integer", "12", "12.0"),
        ("integer", "42", "6*7 is what we need.\n**Answer:** 42"),
        ("integer", "42", "Answer: 41? No.\nFinal answer: $\\boxed{42}$"),
        ("number", "0.5", "1/2"),
        ("number", "50%", "0.50"),
        ("number", "1e3", "1000"),
        ("number", "$12.50", "12.5"),
        ("number", "12", "１２"),
        ("expression", "3*8+1", "1 + 8*3"),
        ("expression", "(8-4)*(7-1)", "(7-1) * (8-4) = 24"),
        ("expression", "6*4", "6×4"),
        ("choice", "B", "(b)"),
        ("choice", "B", "Answer: B) Paris"),
        ("choice", "C", "C. because it is"),
        ("grid", "1 2\n3 4", "12\n34\n"),
        ("grid", "1 2\n3 4", "| 1 | 2 |\n|---|---|\n| 3 | 4 |"),
        ("json", '{"a": 1, "b": [2.0]}', '```json\n{"b":[2],"a":1.0}\n```'),
        ("text", "Hello  World", "hello world."),
        ("text", "12", "12.0"),
        ("text", "Paris", "**Paris**"),
        ("text", "42", "정답: 42"),
        ("text", "42", "최종 답은 42입니다."),
        ("text", "**42**입니다.", "42"),
        ("text", "(42)", "42"),
        ("text", r"So it is \boxed{\frac{1}{2}}.", "0.5"),
        ("text", r"\boxed{-\frac{1}{2}}", "-1/2"),
        ("text", "**x = 7**", "$x=7.0$"),
        ("text", "17*23 = 391", "23*17"),
        ("choice", "The correct option is (B)", "B"),
        ("choice", r"\boxed{\text{B}}", "B"),
        ("choice", "I think B", "B"),
        ("choice", "정답은 B입니다", "B"),
    ],
)
def test_the_same(kind: AnswerKind, one: str, other: str) -> None:
    assert key(one, kind) == key(other, kind)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("integer", "12", "21"),
        ("integer", "12", "-12"),
        ("integer", "12 or 13", "12"),
        ("number", "1,23", "123"),
        ("expression", "5*5", "3*8+1"),
        ("expression", "4*6", "3*8"),
        ("choice", "A", "B"),
        ("choice", "a lot", "b"),
        ("choice", "Both", "B"),
        ("grid", "1 2\n3 4", "1 2\n4 3"),
        ("grid", "12\n34", "1234"),
        ("json", "[1, 2]", "[2, 1]"),
        ("json", '{"a": "1"}', '{"a": 1}'),
        ("json", '{"a": true}', '{"a": 1}'),
        ("text", "not Paris", "Paris"),
        ("text", "2³", "23"),
        ("text", "10₂", "102"),
        ("text", "1½", "11/2"),
        ("text", "17*23 = 391", "17*23 = 381"),
        ("expression", "4*6 = 25", "6*4"),
        ("text", "x = 7", "y = 7"),
        ("choice", "I think B", "I think C"),
        ("choice", "A good choice is B", "A good choice is C"),
        ("choice", "A or B", "A"),
        ("choice", "A, B", "A"),
    ],
)
def test_not_the_same(kind: AnswerKind, one: str, other: str) -> None:
    assert key(one, kind) != key(other, kind)


def test_an_empty_answer_has_no_vote() -> None:
    assert [key(" \n", kind) for kind in KINDS] == [None] * len(KINDS)


def test_tool_calls_are_compared_by_their_arguments() -> None:
    assert calls(("f", '{"x": 1, "y": 2}')) == calls(("f", '{"y":2.0,"x":1}'))
    assert calls(("f", "")) == calls(("f", "{}"))
    assert calls(("f", '{"x": 1}')) != calls(("f", '{"x": 2}'))
    assert calls(("f", '{"x": 1}')) != calls(("g", '{"x": 1}'))
    assert calls(("f", "{}"), ("g", "{}")) != calls(("g", "{}"), ("f", "{}"))
    assert calls(("f", "{broken")) == calls(("f", "{broken"))


@given(st.text(max_size=80), st.sampled_from(KINDS))
def test_any_text_has_a_key_or_is_empty(text: str, kind: AnswerKind) -> None:
    found = key(text, kind)
    assert found == key(f"  {text} \n", kind)
    assert (found is None) == (not text.strip()) or found is not None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text", ["[" * 10**5, "(" * 10**5, "9" * 10**5, "1e999", "1/0", "0/0", "\\boxed{" * 10**4]
)
def test_hostile_text_is_only_text(text: str, kind: AnswerKind) -> None:
    assert key(text, kind) is not None


def test_hostile_arguments_are_only_text() -> None:
    for depth in (400, 900, 2000):
        assert calls(("f", "[" * depth + "]" * depth)) != calls(("f", "[]"))


@given(st.integers(-(10**12), 10**12))
def test_a_number_however_written(n: int) -> None:
    assert key(str(n), "integer") == key(f"{n:,}", "integer") == key(f" {n}.0 ", "number")


json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values, st.sampled_from([None, 2]))
def test_json_however_laid_out(value: Any, indent: int | None) -> None:
    assert key(json.dumps(value, indent=indent), "json") == key(json.dumps(value), "json")
