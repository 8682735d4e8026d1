"""The answer is JSON that a schema allows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from secondthought.isolation import Isolated, IsolationError
from secondthought.messages import BadInput, Problem
from secondthought.trace import Verdict
from secondthought.verifiers.base import Level, Trust
from secondthought.verifiers.guard import cannot_tell

_FENCED = re.compile(r"\s*```(?:json)?[ \t]*\n(.*)\n[ \t]*```\s*", re.DOTALL)


class Schema:
    """schema: a JSON schema (draft 2020-12 unless `$schema` says otherwise).

    The whole answer must be JSON, alone or in one fenced block. Schemas are not fetched from
    anywhere: a `$ref` must point into the schema. Validation runs in a child process, because
    a schema may hold patterns that backtrack without end (making one of these waits for its
    start, some 0.2 s). child: one of `fault` that many share. Raises BadInput for a broken schema.
    """

    name = "schema"
    trust: Trust = "sound"
    level: Level = "answer"

    def __init__(
        self, schema: Mapping[str, Any], *, seconds: float = 5.0, child: Isolated | None = None
    ) -> None:
        self._schema = dict(schema)
        self._fault = child or Isolated(fault, seconds=seconds)
        try:
            found = self._fault.call(self._schema)
        except (IsolationError, TypeError, ValueError, RecursionError) as error:
            raise BadInput(f"this is no JSON schema: {error}") from None
        if found is not None:
            raise BadInput(f"this is no JSON schema: {found}")

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        return [await self._judge(candidate) for candidate in candidates]

    async def _judge(self, candidate: str) -> Verdict:
        try:
            found = await self._fault(self._schema, candidate)
        except IsolationError as error:
            return cannot_tell(f"the validation {error}", self.name)
        return Verdict.of(found is None, str(found or ""), verifier=self.name)


def read_json(text: str) -> Any:
    """The JSON value that a reply is, alone or in one fenced block. Raises ValueError; NaN and
    infinities are no JSON."""
    fenced = _FENCED.fullmatch(text)

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no JSON")

    try:
        return json.loads(fenced[1] if fenced else text, parse_constant=refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def fault(schema: Mapping[str, Any], text: str | None = None) -> str | None:
    """For the child process: the first thing wrong with the text, or without a text with the
    schema; None where all is well."""
    from jsonschema import Draft202012Validator, SchemaError, exceptions
    from jsonschema.validators import validator_for
    from referencing import Registry

    dialect: Any = validator_for(schema, default=cast(Any, Draft202012Validator))
    if text is None:
        try:
            dialect.check_schema(schema)
        except SchemaError as error:
            return _told(error)
        return None
    try:
        value = read_json(text)
    except ValueError as error:
        return f"the answer is not JSON: {error}"
    # An own, empty registry: the library's default one fetches what a $ref names.
    validator = dialect(schema, registry=cast(Any, Registry)())
    found = cast(Any, exceptions).best_match(validator.iter_errors(value))
    return None if found is None else _told(found)


def _told(error: Any) -> str:
    where = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path)
    return f"at ${where}: {' '.join(str(error.message).split())[:300]}"
