"""Check the arguments of a call against the JSON schema of its tool.

The checking is the jsonschema library's (draft 2020-12 unless `$schema` says otherwise); here its
errors get the words of a log. Nothing is fetched: a `$ref` must point into the schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from secondthought.messages import BadInput

Schema = Mapping[str, Any]
_JSON_TYPES: dict[type[Any], str] = {
    bool: "boolean", int: "integer", float: "number", str: "string", list: "array",
    dict: "object", type(None): "null",
}  # fmt: skip


def check_schema(schema: Schema, where: str) -> None:
    """Raise BadInput for a schema that is none."""
    from jsonschema import SchemaError

    try:
        _dialect(schema).check_schema(schema)
    except SchemaError as error:
        raise BadInput(f"the schema of {where} is broken: {_line(error.message)}") from None
    except RecursionError:
        raise BadInput(f"the schema of {where} is nested too deeply") from None


def problems(value: Any, schema: Schema) -> list[str]:
    """What is wrong with the value, one line each; empty when it fits."""
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    # An own, empty registry: the library's default one fetches what a $ref names.
    validator = _dialect(schema)(schema, registry=cast(Any, Registry)())
    try:
        told = [line for error in validator.iter_errors(value) for line in _told(error)]
    except Unresolvable as error:
        return [f"the tool's schema has no {error.ref}"]
    except RecursionError:
        return ["the arguments are nested too deeply"]
    return list(dict.fromkeys(told))


def _dialect(schema: Schema) -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import validator_for

    return validator_for(schema, default=cast(Any, Draft202012Validator))


def _told(error: Any) -> Iterator[str]:
    where = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path)
    where = where.lstrip(".") or "the arguments"
    kinds = [e.validator_value for e in error.context or () if e.validator == "type"]
    match error.validator:
        case "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            yield from (f"{name!r} is missing" for name in missing)
        case "additionalProperties":
            known = error.schema.get("properties", {})
            for name in (name for name in error.instance if name not in known):
                yield f"there is no parameter {name!r}; there are {', '.join(known) or 'none'}"
        case "type":
            yield f"{where} must be {_either(error.validator_value)}, not {_type(error.instance)}"
        case "anyOf" | "oneOf" if kinds and len(kinds) == len(error.context):
            yield f"{where} must be {_either(kinds)}, not {_type(error.instance)}"
        case "enum":
            choices = ", ".join(map(str, error.validator_value))
            yield f"{where} is {error.instance!r:.80}; choose one of {choices}"
        case _:
            yield f"{where}: {_line(error.message)}"


def _either(kinds: Any) -> str:
    return kinds if isinstance(kinds, str) else " or ".join(_either(kind) for kind in kinds)


def _type(value: Any) -> str:
    return next(name for kind, name in _JSON_TYPES.items() if isinstance(value, kind))


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
