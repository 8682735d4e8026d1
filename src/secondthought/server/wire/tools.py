"""Tools, the choice of a tool and the format of the answer, in both APIs' spellings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import Field

from secondthought.messages import TEXT, AnswerFormat, Tool
from secondthought.server.errors import bad
from secondthought.server.wire.base import Loose, Name, Wire, parse

MOST_TOOLS = 128


class Function(Loose):
    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Custom(Loose):
    """A tool that takes free text."""

    name: Name
    description: str | None = None
    format: dict[str, Any] | None = None


class Grammar(Loose):
    """What the free text must follow."""

    definition: str
    syntax: Literal["lark", "regex"]


class Namespace(Loose):
    """A group of tools, as agents send them to Responses."""

    name: Name
    description: str | None = None
    tools: list[dict[str, Any]]


class JsonSchema(Wire):
    name: Name
    description: str | None = None
    schema_: dict[str, Any] | None = Field(None, alias="schema")
    strict: bool | None = None


class PlainFormat(Wire):
    type: str


class NestedFormat(PlainFormat):
    """A schema as Chat Completions has it."""

    json_schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Toolbox:
    """tools: those the model is shown. custom: names of the ones that take free text; the model
    sees them as functions of one string, `input`. must: names of which one has to be called.
    parallel: whether several calls may come, if the asker said; where they may not, only the first
    one leaves. grouped: (namespace, name) of those that came in a group, by the name that the
    model sees."""

    tools: tuple[Tool, ...] = ()
    custom: frozenset[str] = frozenset()
    must: tuple[str, ...] = ()
    parallel: bool | None = None
    grouped: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])

    @property
    def one(self) -> bool:
        """Only the first call leaves."""
        return self.parallel is False

    def asked(self, name: str) -> dict[str, str]:
        """The fields by which the asker knows the tool that the model calls so."""
        if name not in self.grouped:
            return {"name": name}
        namespace, own = self.grouped[name]
        return {"name": own, "namespace": namespace}

    def custom_input(self, arguments: str) -> str:
        """The free text that a call of a custom tool carries."""
        try:
            value = json.loads(arguments)["input"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return arguments
        return value if isinstance(value, str) else arguments


_INPUT = {
    "type": "object",
    "properties": {"input": {"type": "string"}},
    "required": ["input"],
    "additionalProperties": False,
}


def grouped_name(namespace: str, name: str) -> str:
    """What the model sees as the name of a tool in a group."""
    return f"{namespace}__{name}"


_HOSTED = ("web_search", "web_search_preview")


def without_hosted(
    given: list[dict[str, Any]] | None, changed: dict[str, Any]
) -> list[dict[str, Any]] | None:
    """Agents offer OpenAI's web search beside their own tools without being told to, for a model
    to use or not. There is none here: it is left out, and `changed` says so. A request that has
    nothing else to offer keeps it, and is refused."""
    kept = [tool for tool in given or () if tool.get("type") not in _HOSTED]
    if not kept or given is None:
        return given
    for i, tool in enumerate(given):
        if tool.get("type") in _HOSTED:
            changed[f"tools[{i}]"] = None
    return kept


def toolbox(
    given: Sequence[dict[str, Any]] | None,
    choice: Any,
    parallel: bool | None,
    *,
    changed: dict[str, Any],
    groups: bool = False,
) -> Toolbox:
    """changed: takes note of what is not held to here: that a function is strict is passed on to
    the model's server, but nobody checks it. groups: whether this API knows namespaces. Raises
    ApiError 400 for tools that are none of ours to offer and choices that name none."""
    tools: dict[str, Tool] = {}
    custom: set[str] = set()
    grouped: dict[str, tuple[str, str]] = {}
    for raw, where, group in _flat(given or (), groups=groups):
        tool, free = _tool(raw, where)
        if group is not None:
            own, text = tool.name, "\n\n".join(filter(None, (group.description, tool.description)))
            tool = replace(tool, name=grouped_name(group.name, own), description=text)
            grouped[tool.name] = (group.name, own)
        if tool.name in tools:
            raise bad(f"Two tools are named {tool.name!r}.", where, "invalid_value")
        tools[tool.name] = tool
        if tool.strict:
            changed[f"{where}.strict"] = False
        if free:
            custom.add(tool.name)
    if len(tools) > MOST_TOOLS:
        raise bad(f"At most {MOST_TOOLS} tools can be given.", "tools", "invalid_value")
    allowed, required = _choice(choice, list(tools))
    shown = tuple(tools[name] for name in allowed)
    must = tuple(allowed) if required else ()
    return Toolbox(shown, frozenset(custom), must, parallel, grouped)


def _flat(
    given: Sequence[dict[str, Any]], *, groups: bool
) -> Iterator[tuple[dict[str, Any], str, Namespace | None]]:
    """The tools one by one: (as given, where that stands, its group)."""
    for i, raw in enumerate(given):
        where = f"tools[{i}]"
        if groups and raw.get("type") == "namespace":
            group = parse(Namespace, raw, where)
            for j, tool in enumerate(group.tools):
                yield tool, f"{where}.tools[{j}]", group
        else:
            yield raw, where, None


def _tool(raw: dict[str, Any], where: str) -> tuple[Tool, bool]:
    kind = raw.get("type")
    if kind == "function":
        nested = "function" in raw
        found = parse(Function, raw["function"] if nested else raw, where)
        text, schema = found.description or "", found.parameters or {}
        return Tool(found.name, text, schema, strict=found.strict or False), False
    if kind == "custom":
        nested = "custom" in raw
        free = parse(Custom, raw["custom"] if nested else raw, where)
        text = free.description or ""
        if (grammar := _grammar(free.format, f"{where}.format")) is not None:
            text += f"\nThe input follows this grammar:\n{grammar.definition}"
        return Tool(free.name, text.strip(), _INPUT), True
    raise bad(
        f"Unsupported tool type {str(kind)[:40]!r}: this server offers no tools of its own; "
        "give tools of type function or custom.",
        where,
        "unsupported_value",
    )


def _grammar(format: dict[str, Any] | None, where: str) -> Grammar | None:
    """Chat Completions has its fields below `grammar`, Responses beside the type."""
    kind = "text" if format is None else format.get("type")
    if format is None or kind == "text":
        return None
    if kind != "grammar":
        raise bad("A tool's format must be of type text or grammar.", where, "invalid_value")
    return parse(Grammar, format.get("grammar", format), where)


def _choice(choice: Any, names: list[str]) -> tuple[list[str], bool]:
    """(names of the tools that may be called, whether one of them must be)"""
    if choice is None or choice == "auto":
        return names, False
    if choice == "none":
        return [], False
    if not names:
        raise bad("tool_choice is only allowed with tools.", "tool_choice", "invalid_value")
    if choice == "required":
        return names, True
    if isinstance(choice, dict):
        wanted, required = _chosen(choice)  # pyright: ignore[reportUnknownArgumentType]
        if wanted and set(wanted) <= set(names):
            return [name for name in names if name in wanted], required
    raise bad("tool_choice names no tool of this request.", "tool_choice", "invalid_value")


def _chosen(choice: dict[str, Any]) -> tuple[list[str], bool]:
    kind = choice.get("type")
    if kind in ("function", "custom"):
        inner = choice.get(kind)
        name = inner.get("name") if isinstance(inner, dict) else choice.get("name")  # pyright: ignore
        return ([name], True) if isinstance(name, str) else ([], True)
    if kind == "allowed_tools":
        inner = choice.get("allowed_tools", choice)
        if isinstance(inner, dict) and isinstance(inner.get("tools"), list):  # pyright: ignore
            if inner.get("mode") not in ("auto", "required"):  # pyright: ignore
                text = "The mode of allowed tools must be auto or required."
                raise bad(text, "tool_choice.mode", "invalid_value")
            names = [n for tool in inner["tools"] if isinstance(tool, dict) for n in _names(tool)]  # pyright: ignore
            return names, inner.get("mode") == "required"  # pyright: ignore
    return [], True


def _names(tool: dict[str, Any]) -> list[str]:
    return _chosen(tool)[0] if tool.get("type") in ("function", "custom") else []


FormatType = Literal["text", "json_object", "json_schema"]


@dataclass(frozen=True, slots=True)
class Format:
    """The answer's format: as the loop takes it, and as Responses echoes it."""

    answer: AnswerFormat = TEXT
    echo: dict[str, Any] | None = None

    @property
    def checked(self) -> bool:
        """Whether an answer can be wrong in form; it leaves only when it is known not to be."""
        return self.answer.kind == "json"


def answer_format(raw: dict[str, Any] | None, where: str) -> Format:
    """`response_format` of Chat Completions or `text.format` of Responses. Raises ApiError."""
    kind = "text" if raw is None else raw.get("type")
    if raw is not None and kind in ("text", "json_object"):
        parse(PlainFormat, raw, where)
    if raw is None or kind == "text":
        return Format(TEXT, {"type": "text"})
    if kind == "json_object":
        return Format(AnswerFormat("json", {"type": "object"}), {"type": "json_object"})
    if kind == "json_schema":
        flat = {key: value for key, value in raw.items() if key != "type"}
        if "json_schema" in raw:
            flat = parse(NestedFormat, raw, where).json_schema
            where += ".json_schema"
        given = parse(JsonSchema, flat, where)
        if given.schema_ is None:
            raise bad(f"Missing required parameter: '{where}.schema'.", f"{where}.schema")
        strict = given.strict or False
        echo = {
            "type": "json_schema",
            "name": given.name,
            "description": given.description,
            "schema": given.schema_,
            "strict": strict,
        }
        return Format(AnswerFormat("json", given.schema_, strict=strict), echo)
    raise bad("The format's type must be text, json_object or json_schema.", where, "invalid_value")
