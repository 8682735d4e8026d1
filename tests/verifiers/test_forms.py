"""Verifiers of form: regular expressions and JSON schemas, also those that never end."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from secondthought.messages import BadInput, Problem
from secondthought.trace import Outcome, Verdict
from secondthought.verifiers.base import Verifier
from secondthought.verifiers.regex import Regex
from secondthought.verifiers.schema import Schema, read_json


def judge(verifier: Verifier, *answers: str) -> list[Verdict]:
    return asyncio.run(verifier.judge(Problem.ask("?"), answers, None))


# --- regex -----------------------------------------------------------------------------------


def test_a_pattern_is_for_the_whole_answer() -> None:
    right, wrong = judge(
        Regex(r"\d{3}-\d{4}", feedback="like 555-1234"), " 555-1234\n", "x555-1234"
    )
    assert right.passed
    assert (wrong.outcome, wrong.feedback) == (Outcome.FAILED, "like 555-1234")


def test_a_catastrophic_pattern_ends_and_the_next_answer_is_judged() -> None:
    started = time.monotonic()
    slow, quick = judge(Regex(r"(a+)+b", seconds=0.5), "a" * 60 + "c", "aab")
    assert time.monotonic() - started < 10
    assert slow.outcome is Outcome.CANNOT_TELL
    assert "the pattern" in str(slow.error)
    assert quick.passed


@pytest.mark.parametrize(
    "pattern",
    ["(", "a{2,1}", "(?P<x>", "(" * 2000 + ")" * 2000, "(?i)" + "[\\0-\U0010fff0]" * 1000],
)
def test_a_broken_pattern_is_bad_input(pattern: str) -> None:
    with pytest.raises(BadInput, match="no regular expression"):
        Regex(pattern)


# --- schema ----------------------------------------------------------------------------------

PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "ages": {"items": {"type": "integer"}}},
    "required": ["name"],
}


@pytest.mark.parametrize(
    ("answer", "feedback"),
    [
        ('{"name": "x"}', ""),
        ('Sure:\n```json\n{"name": "x"}\n```', "not JSON"),
        ('```json\n{"name": "x", "ages": [1]}\n```\n', ""),
        ('{"name": 1}', "at $.name: 1 is not of type 'string'"),
        ('{"name": "x", "ages": [1, "2"]}', "at $.ages[1]: '2' is not of type 'integer'"),
        ("{}", "at $: 'name' is a required property"),
        ('{"name": "x"', "not JSON"),
        ('{"name": "x", "n": NaN}', "NaN is no JSON"),
        ("[" * 100_000, "not JSON"),
        ("", "not JSON"),
    ],
)
def test_schema(answer: str, feedback: str) -> None:
    verdict = judge(Schema(PERSON), answer)[0]
    assert verdict.outcome is (Outcome.FAILED if feedback else Outcome.PASSED), verdict
    assert feedback in verdict.feedback


def test_a_schema_with_a_catastrophic_pattern_ends() -> None:
    slow = judge(Schema({"pattern": "^(a+)+$"}, seconds=1), '"' + "a" * 60 + '!"')[0]
    assert slow.outcome is Outcome.CANNOT_TELL
    assert slow.error


def test_a_reference_is_never_fetched() -> None:
    schema = {"$ref": "http://127.0.0.1:9/schema.json"}
    verdict = judge(Schema(schema), "1")[0]
    assert verdict.outcome is Outcome.CANNOT_TELL
    assert "Unresolvable" in str(verdict.error) or "PointerToNowhere" in str(verdict.error)


@pytest.mark.parametrize("schema", [{"type": "strnig"}, {"required": "name"}, {"x": object()}])
def test_a_broken_schema_is_bad_input(schema: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="no JSON schema"):
        Schema(schema)


def test_json_is_read_strictly() -> None:
    assert read_json(' {"a": [1, null]} ') == {"a": [1, None]}
    for text in ("{'a': 1}", "1 2", "Infinity", "```json\n1\n```\n```json\n2\n```"):
        with pytest.raises(ValueError):  # noqa: PT011
            read_json(text)
