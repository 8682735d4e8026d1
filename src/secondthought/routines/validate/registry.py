"""Registry: the routine's functions against the tools that really exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secondthought.routines.clauses import LONG
from secondthought.routines.format import format_clause
from secondthought.routines.model import RESOLUTION, Ask, Call, Routine
from secondthought.routines.tools import Tools, json_type
from secondthought.routines.validate.findings import Finding

_NAME = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
_VERBS = re.compile(
    r"(?:get|check|find|list|search|call|look|fetch|read|calculate|view|show|log|downgrade|upgrade"
    r"|initial|request|verify|file|activate|deactivate|unlock|give|think|downgrade|send|escalate)_"
)


def check_registry(routine: Routine, tools: Tools) -> Iterator[Finding]:
    for function in routine.functions:
        if function.name in RESOLUTION:
            continue
        tool = tools.get(function.name)
        if tool is None:
            yield Finding("E26", f"there is no tool {function.name}", function.line)
            continue
        mine = {p.name for p in function.parameters}
        for name in sorted(mine - set(tool.names)):
            message = f"the tool {tool.name} has no parameter {name}"
            yield Finding("E26", message, function.line)
        needed = {p.name for p in function.parameters if not p.optional}
        for name in sorted(set(tool.required) - needed):
            message = f"the tool {tool.name} requires {name}, which the definition does not"
            yield Finding("E26", message, function.line)
        for parameter in function.parameters:
            type_, theirs = json_type(parameter.type), tool.type_of(parameter.name)
            numbers = {type_, theirs} == {"integer", "number"}  # the schema decides at the call
            if type_ and theirs and type_ != theirs and not numbers:
                message = f"{parameter.name} of the tool {tool.name} is {theirs}, not {type_}"
                yield Finding("E26", message, function.line)
        if tool.effect and function.effect and tool.effect != function.effect:
            message = (
                f"the tool {tool.name} is {tool.effect}, the definition says {function.effect}"
            )
            yield Finding("E26", message, function.line)
    yield from _mentioned(routine, tools)


def _mentioned(routine: Routine, tools: Tools) -> Iterator[Finding]:
    known = {f.name for f in routine.functions} | {
        p.name for f in routine.functions for p in f.parameters
    }
    known |= {name for tool in tools for name in (tool.name, *tool.names)} | set(RESOLUTION)
    known |= set(routine.context)
    for step in routine.walk():
        if isinstance(step.clause, Ask):
            known |= set(step.clause.into)
        if isinstance(step.clause, Call):
            known |= {step.clause.result or ""} | {a.value for a in step.clause.args or []}
    for line, text in _texts(routine):
        for name in dict.fromkeys(_NAME.findall(text[:LONG])):
            if name not in known and _like_a_tool(name, tools):
                known.add(name)
                yield Finding("W27", f"there is no tool {name}", line)


def _like_a_tool(name: str, tools: Tools) -> bool:
    """A verb first, or the numbered ending that the tools of this registry have."""
    if _VERBS.match(name):
        return True
    ending = re.search(r"_\d{3,}$", name)
    first = name.split("_")[0]
    return bool(ending) or any(tool.name.split("_")[0] == first for tool in tools)


def _texts(routine: Routine) -> Iterator[tuple[int, str]]:
    for step in routine.walk():
        yield step.line, format_clause(step.clause)
    for text in (*routine.intro, *routine.rules):
        yield 0, text
