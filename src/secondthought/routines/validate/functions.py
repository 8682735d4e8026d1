"""Functions: defined, called, with the right parameters; case_resolution at the end."""

from __future__ import annotations

from collections.abc import Iterator

from secondthought.routines.graph import Graph
from secondthought.routines.model import (
    RESOLUTION,
    Ask,
    Branch,
    Call,
    Function,
    Routine,
    Section,
    Step,
)
from secondthought.routines.predicate import FUNCTIONS
from secondthought.routines.tools import Tools
from secondthought.routines.validate.findings import Finding

_CLAUSES = ("say", "ask", "confirm", "call", "goto", "handoff", "escalate", "if", "else", "unknown")
BUILT_IN = frozenset((*_CLAUSES, *FUNCTIONS))


def check_functions(routine: Routine, graph: Graph, tools: Tools | None) -> Iterator[Finding]:
    called: set[str] = set()
    for node in graph.nodes.values():
        clause = node.step.clause
        if not isinstance(clause, Call):
            continue
        called.add(clause.function)
        function = routine.function(clause.function)
        if function is None and (tools is None or clause.function not in tools):
            message = f"{clause.function} is called but nowhere defined"
            yield Finding("E11", message, node.step.line, node.key)
        elif clause.args is not None and (message := _misfit(clause, function, tools)):
            yield Finding("E13", message, node.step.line, node.key)
    for function in routine.functions:
        if function.name not in called:
            yield Finding("W12", f"{function.name} is defined but not called", function.line)
        if not function.purpose:
            yield Finding("E14", f"{function.name} has no purpose", function.line)
        elif not function.signature:
            yield Finding("E14", f"{function.name} does not say its parameters", function.line)
        if function.name.lower() in BUILT_IN:
            yield Finding("W17", f"{function.name} is the name of a clause", function.line)
    if routine.steps and not any(isinstance(step.clause, Section) for step in routine.steps):
        yield from _ending(routine)


def _misfit(call: Call, function: Function | None, tools: Tools | None) -> str | None:
    args = call.args or []
    if function is not None:
        if not function.signature:
            return None
        names = [p.name for p in function.parameters]
        needed = {p.name for p in function.parameters if not p.optional}
    else:
        tool = tools.get(call.function) if tools else None
        if tool is None:
            return None
        names, needed = tool.names, set(tool.required)
    about = f"{call.function}({', '.join(names)})"
    if len(args) > len(names):
        return f"{about} is called with {len(args)} arguments"
    given = {a.name for a in args if a.name} | set(names[: sum(not a.name for a in args)])
    for name in sorted(given - set(names)):
        return f"{about} has no parameter {name}"
    for name in names:
        if name in needed - given:
            return f"{about} is called without {name}"
    return None


def _ending(routine: Routine) -> Iterator[Finding]:
    last = routine.steps[-1]
    at_end = [s for s in last.walk() if isinstance(s.clause, Call) and s.clause.resolves]
    if not at_end:
        message = "the last step does not call case_resolution"
        yield Finding("E15", message, last.line, last.label)
    elif isinstance(_end_of(last).clause, Call) and _end_of(last) is not at_end[-1]:
        message = "something is called after case_resolution"
        yield Finding("E15", message, _end_of(last).line, last.label)
    kept = {id(step) for step in at_end[-1:]}
    for step in routine.walk():
        if isinstance(step.clause, Call) and step.clause.resolves and id(step) not in kept:
            message = f"{step.clause.function} is called before the last step"
            yield Finding("E15", message, step.line, step.label)
    if not at_end:
        return
    asks = routine.steps[-2] if len(routine.steps) > 1 else None
    in_last = isinstance(last.clause, Branch) and last.clause.nothing_else
    if asks is None or not _anything_else(asks):
        # "If the customer has no further questions, call ..." implies the question.
        if in_last and asks is not None and any(f in RESOLUTION[1:] for f in _names(at_end)):
            return
        message = "no step asks for anything else before case_resolution"
        yield Finding("E16", message, last.line, last.label)


def _end_of(step: Step) -> Step:
    return _end_of(step.steps[-1]) if step.steps else step


def _anything_else(step: Step) -> bool:
    return any(isinstance(s.clause, Ask) and s.clause.anything_else for s in step.walk())


def _names(steps: list[Step]) -> list[str]:
    return [s.clause.function for s in steps if isinstance(s.clause, Call)]
