"""Verifiers that come with a request: its format's schema, and the extension `verifiers`.

    "verifiers": [{"type": "regex", "pattern": "[0-9]+"},
                  {"type": "numeric", "value": 42, "relative": 0.01},
                  {"type": "schema", "schema": {...}},
                  {"type": "python_tests", "tests": "assert add(1, 2) == 3"}]

The loop answers until all pass or its budget ends; their verdicts come back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from secondthought.messages import BadInput
from secondthought.server.errors import bad
from secondthought.server.wire.base import Wire, parse
from secondthought.server.wire.tools import Format
from secondthought.verifiers.base import Verifier
from secondthought.verifiers.numeric import Numeric
from secondthought.verifiers.regex import Regex
from secondthought.verifiers.schema import Schema

MOST = 8


class _Schema(Wire):
    type: Literal["schema"]
    schema_: dict[str, Any] = Field(alias="schema")


class _Regex(Wire):
    type: Literal["regex"]
    pattern: str
    feedback: str | None = Field(None, max_length=500)


class _Numeric(Wire):
    type: Literal["numeric"]
    value: float | str
    relative: float = Field(0.0, ge=0, le=1)


class _PythonTests(Wire):
    type: Literal["python_tests"]
    tests: str = Field(max_length=100_000)


_Check = _Schema | _Regex | _Numeric | _PythonTests
_KINDS: dict[str, type[_Check]] = {
    "schema": _Schema,
    "regex": _Regex,
    "numeric": _Numeric,
    "python_tests": _PythonTests,
}


def verifiers(
    given: Sequence[dict[str, Any]] | None, format: Format, where: str, *, python: bool
) -> tuple[Verifier, ...]:
    """What the answer must pass. where: the format's parameter. python: whether this asker may
    have tests run. Raises ApiError 400, or 403 for tests that may not run."""
    found: list[Verifier] = []
    if format.answer.schema is not None:
        try:
            found.append(_schema(json.dumps(format.answer.schema)))
        except BadInput as error:
            raise bad(str(error), where, "invalid_json_schema") from None
    if given is not None and len(given) > MOST:
        raise bad(f"At most {MOST} verifiers can be given.", "verifiers", "invalid_value")
    for i, raw in enumerate(given or ()):
        kind = _KINDS.get(str(raw.get("type")))
        if kind is None:
            text = f"A verifier's type must be one of {', '.join(_KINDS)}."
            raise bad(text, f"verifiers[{i}].type", "invalid_value")
        check = parse(kind, raw, f"verifiers[{i}]")
        try:
            found.append(_make(check, python=python))
        except BadInput as error:
            raise bad(str(error), f"verifiers[{i}]", "invalid_value") from None
    return tuple(found)


def _make(check: _Check, *, python: bool) -> Verifier:
    if isinstance(check, _Schema):
        return _schema(json.dumps(check.schema_))
    if isinstance(check, _Regex):
        return _regex(check.pattern, check.feedback)
    if isinstance(check, _Numeric):
        return Numeric(check.value, relative=check.relative)
    if not python:
        raise BadInput(
            "python_tests are not run here; the operator can allow them with --allow-python"
        )
    from secondthought.verifiers.code import PythonTests

    return PythonTests.of(check.tests)


# Kept, because each has a child process of its own.
@lru_cache(maxsize=4)
def _schema(text: str) -> Schema:
    return Schema(json.loads(text))


@lru_cache(maxsize=4)
def _regex(pattern: str, feedback: str | None) -> Regex:
    return Regex(pattern) if feedback is None else Regex(pattern, feedback=feedback)
