"""Tools: what a routine's functions are in the real world. From a Python module, or JSON schemas.

    tools.py        every public function is a tool; its annotations are its schema
    tools.json      OpenAI's list: [{"type": "function", "function": {"name": ..., ...}}]

A JSON file has no code behind it: good for checks, and for runs with recorded results.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pydantic import TypeAdapter, create_model
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

from secondthought.messages import BadInput, Tool
from secondthought.routines import schema
from secondthought.routines.model import Effect, Function, looks_like_write

_TYPES = {
    "str": "string", "string": "string", "text": "string", "date": "string", "id": "string",
    "int": "integer", "integer": "integer", "number": "number", "float": "number",
    "amount": "number", "bool": "boolean", "boolean": "boolean", "list": "array",
    "array": "array", "object": "object", "dict": "object",
}  # fmt: skip


class ToolError(Exception):
    """A tool that could not do it: the message is for the routine, not for the customer."""


@dataclass(frozen=True, slots=True)
class ToolFunction:
    """parameters: a JSON schema. run: takes the arguments by name; None where there is no code."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    run: Callable[..., Any] | None = None
    effect: Effect | None = None

    @property
    def writes(self) -> bool:
        return self.effect == "write" if self.effect else looks_like_write(self.name)

    @property
    def required(self) -> list[str]:
        return list(self.parameters.get("required", ()))

    @property
    def names(self) -> list[str]:
        return list(self.parameters.get("properties", {}))

    def type_of(self, name: str) -> str:
        """The JSON type of a parameter; "" where the schema gives none or several."""
        schema: Any = self.parameters.get("properties", {}).get(name, {})
        kind: Any = cast(dict[str, Any], schema).get("type") if isinstance(schema, dict) else None
        return kind if isinstance(kind, str) else ""

    def problems(self, arguments: Any) -> list[str]:
        """What is wrong with the arguments; empty when the call may be made."""
        if not isinstance(arguments, dict):
            return ["the arguments must be a JSON object"]
        return schema.problems(arguments, {"type": "object", **self._closed, **self.parameters})

    @property
    def _closed(self) -> dict[str, Any]:
        """A schema that lists its properties and says nothing of others means just these."""
        composed = {"$ref", "allOf", "anyOf", "oneOf"} & self.parameters.keys()
        listed = self.names and not composed
        return {"additionalProperties": False} if listed else {}

    def as_tool(self) -> Tool:
        return Tool(self.name, self.description, self.parameters)


@dataclass(slots=True)
class Tools:
    """The tools by name."""

    functions: dict[str, ToolFunction] = field(default_factory=dict[str, ToolFunction])

    def get(self, name: str) -> ToolFunction | None:
        return self.functions.get(name)

    def __contains__(self, name: str) -> bool:
        return name in self.functions

    def __iter__(self) -> Iterator[ToolFunction]:
        return iter(self.functions.values())

    @classmethod
    def load(cls, path: str | Path) -> Tools:
        """From a .py or .json file. Raises BadInput."""
        path = Path(path)
        if not path.is_file():
            raise BadInput(f"there is no tools file {str(path)!r}; give a .py or .json file")
        return cls.module(path) if path.suffix == ".py" else cls.json(path)

    @classmethod
    def json(cls, path: Path) -> Tools:
        """From a list of OpenAI tools. Raises BadInput."""
        try:
            rows = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise BadInput(f"tools file {path} cannot be read as JSON: {error}") from None
        return cls.of(rows, where=f"tools file {path}")

    @classmethod
    def of(cls, rows: Any, *, where: str = "the tools") -> Tools:
        """From OpenAI's list, each with or without its "function" wrapper. Raises BadInput."""
        if not isinstance(rows, list):
            raise BadInput(f"{where} must be a JSON list of functions")
        found: dict[str, ToolFunction] = {}
        for number, raw in enumerate(cast(list[Any], rows), 1):
            row = cast(dict[str, Any], raw) if isinstance(raw, dict) else {}
            inner = row.get("function", row)
            row = cast(dict[str, Any], inner) if isinstance(inner, dict) else {}
            name: Any = row.get("name")
            parameters: Any = row.get("parameters") or {}
            if not isinstance(name, str) or not isinstance(parameters, dict):
                raise BadInput(f"{where}: entry {number} needs a name and parameters (JSON schema)")
            schema.check_schema(cast(dict[str, Any], parameters), f"{name} in {where}")
            effect = row.get("effect")
            found[name] = ToolFunction(
                name,
                str(row.get("description") or ""),
                cast(dict[str, Any], parameters),
                effect=effect if effect in ("read", "write", "generic") else None,
            )
        return cls(found)

    @classmethod
    def module(cls, path: Path) -> Tools:
        """From the public functions of a Python file; the file is executed. Raises BadInput."""
        spec = importlib.util.spec_from_file_location(f"_tools_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise BadInput(f"tools file {path}: {type(error).__name__}: {error}") from None
        found = {
            name: from_callable(value)
            for name, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == spec.name and name[0] != "_"
        }
        if not found:
            raise BadInput(f"tools file {path} has no public function; define one for each tool")
        return cls(found)

    @classmethod
    def declared(cls, functions: list[Function]) -> Tools:
        """From a routine's own definitions; types as far as they are written there."""
        return cls({f.name: _from_definition(f) for f in functions})


def from_callable(function: Callable[..., Any]) -> ToolFunction:
    """A Python function as a tool; `function.effect = "read"` may say what it does."""
    try:
        signature = inspect.signature(function, eval_str=True)
    except Exception as error:  # an annotation in quotes may hold anything
        raise BadInput(
            f"the annotations of tool {function.__name__} cannot be read: {error}"
        ) from None
    fields: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise BadInput(f"tool {function.__name__} takes *{name}; name its parameters")
        kind = Any if parameter.annotation is parameter.empty else parameter.annotation
        fields[name] = (kind, ... if parameter.default is parameter.empty else parameter.default)
    try:
        model = create_model(function.__name__, **fields)
        made = TypeAdapter(model).json_schema()
    except (PydanticSchemaGenerationError, PydanticUserError, NameError, TypeError) as error:
        first = str(error).partition("\n")[0]
        raise BadInput(f"tool {function.__name__} has no JSON schema: {first}") from None
    effect = getattr(function, "effect", None)
    about = (inspect.getdoc(function) or "").strip()
    return ToolFunction(
        function.__name__, about, {**made, "additionalProperties": False}, function, effect
    )


def json_type(written: str) -> str:
    """The JSON type that a definition means by its words; "" for words that are none."""
    return _TYPES.get(written.lower(), "")


def _from_definition(function: Function) -> ToolFunction:
    properties: dict[str, Any] = {}
    for parameter in function.parameters:
        kind = json_type(parameter.type)
        properties[parameter.name] = {"type": kind} if kind else {}
        if parameter.about:
            properties[parameter.name]["description"] = parameter.about
    parameters = {
        "type": "object",
        "properties": properties,
        "required": [p.name for p in function.parameters if not p.optional],
        "additionalProperties": False,
    }
    return ToolFunction(function.name, function.purpose, parameters, effect=function.effect)
