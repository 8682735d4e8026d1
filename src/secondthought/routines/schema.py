"""Check a value against the part of JSON Schema that tool parameters use.

Understood: type, enum, const, properties, required, additionalProperties, items, minimum,
maximum, minLength, maxLength, minItems, maxItems, anyOf, oneOf, allOf and local $ref. Any other
key word that constrains is refused when the tools are loaded, so that none is silently ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from secondthought.messages import BadInput

_UNDERSTOOD = frozenset(
    (
        "type",
        "enum",
        "const",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "anyOf",
        "oneOf",
        "allOf",
        "$ref",
        "$defs",
        "definitions",
    )
)
_REMARKS = frozenset(
    (
        "title",
        "description",
        "default",
        "examples",
        "example",
        "format",
        "$schema",
        "$id",
        "$comment",
        "strict",
        "deprecated",
        "readOnly",
        "writeOnly",
        "nullable",
    )
)
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
_DEPTH = 40

Schema = Mapping[str, Any]


def refuse_unknown(schema: Any, where: str) -> None:
    """Raise BadInput for a key word that `problems` would not check."""
    if not isinstance(schema, Mapping):
        return
    schema = cast(Schema, schema)
    for key, value in schema.items():
        if key in ("properties", "$defs", "definitions") and isinstance(value, Mapping):
            for name, inner in cast(Schema, value).items():
                refuse_unknown(inner, f"{where}.{name}")
        elif key in ("items", "additionalProperties"):
            refuse_unknown(value, where)
        elif key in ("anyOf", "oneOf", "allOf") and isinstance(value, list):
            for inner in cast(list[Any], value):
                refuse_unknown(inner, where)
        elif key not in _UNDERSTOOD | _REMARKS:
            raise BadInput(
                f"the schema of {where} uses {key!r}, which is not checked here; leave it out or "
                "say it in the description"
            )


def problems(value: Any, schema: Schema, where: str = "") -> list[str]:
    """What is wrong with the value, one line each; empty when it fits."""
    return _problems(value, schema, schema, where or "the arguments", 0)


def _problems(value: Any, schema: Schema, root: Schema, where: str, depth: int) -> list[str]:
    if depth > _DEPTH:
        return [f"{where} is nested too deeply"]
    if "$ref" in schema:
        schema = _resolve(schema["$ref"], root)
    found: list[str] = []
    kinds = schema.get("type")
    names = [kinds] if isinstance(kinds, str) else cast(list[str], kinds or [])
    if schema.get("nullable"):
        names = [*names, "null"]
    if names and not any(_is(value, name) for name in names):
        return [f"{where} must be {' or '.join(names)}, not {_name(value)}"]
    if "enum" in schema and not any(_same(value, choice) for choice in schema["enum"]):
        choices = ", ".join(map(str, schema["enum"]))
        found.append(f"{where} is {value!r}; choose one of {choices}")
    if "const" in schema and not _same(value, schema["const"]):
        found.append(f"{where} must be {schema['const']!r}")
    found += _limits(value, schema, where)
    if isinstance(value, dict):
        found += _object(cast(dict[str, Any], value), schema, root, where, depth)
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        for i, item in enumerate(cast(list[Any], value)):
            found += _problems(item, schema["items"], root, f"{where}[{i}]", depth + 1)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            forms: list[Schema] = schema[key]
            fits = sum(not _problems(value, form, root, where, depth + 1) for form in forms)
            if not (
                fits == len(forms) if key == "allOf" else fits == 1 or (fits and key == "anyOf")
            ):
                found.append(f"{where} fits none of the allowed forms")
    return found


def _object(
    value: dict[str, Any], schema: Schema, root: Schema, where: str, depth: int
) -> list[str]:
    properties: Schema = schema.get("properties", {})
    found = [f"{name!r} is missing" for name in schema.get("required", ()) if name not in value]
    extra: Any = schema.get("additionalProperties", not properties)
    for name, inner in value.items():
        if name in properties:
            found += _problems(inner, properties[name], root, name, depth + 1)
        elif extra is False:
            known = ", ".join(properties) or "none"
            found.append(f"there is no parameter {name!r}; there are {known}")
        elif isinstance(extra, Mapping):
            found += _problems(inner, cast(Schema, extra), root, name, depth + 1)
    return found


def _limits(value: Any, schema: Schema, where: str) -> list[str]:
    found: list[str] = []
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "minimum" in schema and value < schema["minimum"]:
            found.append(f"{where} is {value}; the least is {schema['minimum']}")
        if "maximum" in schema and value > schema["maximum"]:
            found.append(f"{where} is {value}; the most is {schema['maximum']}")
    for kind, low, high in ((str, "minLength", "maxLength"), (list, "minItems", "maxItems")):
        if isinstance(value, kind):
            length = len(cast(str, value))
            if length < schema.get(low, 0) or length > schema.get(high, length):
                found.append(f"{where} has the length {length}, which is not allowed")
    return found


def _resolve(reference: str, root: Schema) -> Schema:
    node: Any = root
    for part in reference.removeprefix("#/").split("/"):
        node = node.get(part) if isinstance(node, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast(Schema, node) if isinstance(node, Mapping) else {}


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool) and name in ("integer", "number"):
        return False
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES.get(name, (object,)))


def _same(value: Any, other: Any) -> bool:
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def _name(value: Any) -> str:
    return next((name for name in _TYPES if _is(value, name)), type(value).__name__)
