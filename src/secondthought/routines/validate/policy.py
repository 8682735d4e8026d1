"""Policy: writes confirmed and after the identity check, the tools in scope, the ways out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secondthought.routines.graph import Edge, Graph, Node
from secondthought.routines.model import (
    Ask,
    Branch,
    Call,
    Confirm,
    Escalate,
    Handoff,
    Note,
    Routine,
    Section,
    Step,
    Unknown,
)
from secondthought.routines.validate.data import consumed
from secondthought.routines.validate.findings import Finding
from secondthought.routines.validate.flow import writes

_POLITE = re.compile(
    r"\b(?:please|could|may|would|can|kindly|might|thank|glad|happy|is there|do you|are you|which"
    r"|what)\b|주세요|주시|까요|십니까|습니까|시겠|신가요|나요|부탁",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"\b(?:verif|authenticat|identif)\w*[^.]{0,60}\b(?:identity|account|customer|user)"
    r"|\b(?:identity|user)\b[^.]{0,30}\b(?:verif|authenticat)|본인 ?(?:확인|인증)",
    re.IGNORECASE,
)


def check_policy(routine: Routine, graph: Graph, source: str | None) -> Iterator[Finding]:
    yield from _unconfirmed(routine, graph)
    yield from _unidentified(routine, graph, source)
    yield from _scope(routine, graph)
    if routine.steps and not _only_sections(routine.steps):
        yield from _ways_out(routine, graph)
    for node in graph.nodes.values():
        clause = node.step.clause
        if isinstance(clause, Ask | Confirm):
            bare = re.sub(r"\W", "", clause.text)
            polite = _POLITE.search(clause.text) or clause.text.endswith("?")
            if not bare or (clause.quoted and not polite):
                message = f"the question is {'not polite' if bare else 'empty'}"
                mend = "" if bare else "write what to ask"
                yield Finding("W25", message, node.step.line, node.key, mend=mend)


def confirmed_before(graph: Graph) -> dict[str, frozenset[str]]:
    """What holds before each step: "confirmed", "fresh:x" for a variable that the customer gave
    before the yes, and "inside:4b" for a yes to a plain question that only counts inside the
    branch 4b (a yes to "is it unused?" is no yes to a refund elsewhere).

    The result of a call is never stale: it follows from what was agreed to or was read.
    """
    fresh = frozenset(f"fresh:{name}" for name in _asked(graph))

    def gives(node: Node, edge: Edge, before: frozenset[str]) -> frozenset[str]:
        clause = node.step.clause
        if edge.kind == "again":
            return frozenset()
        if isinstance(clause, Confirm):
            asked = before - {"asked"} | {"proposed"}
            return asked | fresh | {"confirmed"} if edge.kind == "yes" else asked
        if isinstance(clause, Ask):
            given = {f"fresh:{name}" for name in clause.into}
            return before - {"proposed", *given} | {"asked"}
        if isinstance(clause, Branch) and clause.agrees and edge.kind == "yes":
            if "proposed" in before:
                return before - {"proposed"} | fresh | {"confirmed"}
            if "asked" in before:
                return before - {"asked"} | fresh | {f"inside:{node.key}"}
            return before
        if isinstance(clause, Branch) and (clause.agrees or clause.declines):
            # What comes after the branches on an answer no longer speaks of it.
            after = graph.nodes.get(edge.to)
            if edge.kind == "no" and after and isinstance(after.step.clause, Branch):
                return before
        if isinstance(clause, Branch | Call):
            return before - {"asked", "proposed"}
        return before

    return graph.always(gives)


def _asked(graph: Graph) -> set[str]:
    clauses = [node.step.clause for node in graph.nodes.values()]
    return {name for clause in clauses if isinstance(clause, Ask) for name in clause.into}


def _unconfirmed(routine: Routine, graph: Graph) -> Iterator[Finding]:
    before = confirmed_before(graph)
    asked = _asked(graph)
    for node in graph.nodes.values():
        clause = node.step.clause
        if not isinstance(clause, Call) or node.key not in before or clause.escalates:
            continue
        if not writes(routine, clause.function):
            continue
        function = routine.function(clause.function)
        declared = function is not None and function.effect == "write"
        held = before[node.key]
        inside = [fact.removeprefix("inside:") for fact in held if fact.startswith("inside:")]
        if "confirmed" not in held and not any(graph.within(node.key, key) for key in inside):
            message = f"{clause.function} changes something without a yes of the customer"
            yield Finding("E20", message, node.step.line, node.key, weaker=not declared)
            continue
        for name in consumed(routine, clause):
            if name in asked and f"fresh:{name}" not in held:
                message = f"{name} of {clause.function} is asked for after the customer's yes"
                mend = "ask for it before the customer confirms, or confirm once more"
                yield Finding("E20", message, node.step.line, node.key, not declared, mend)


def _unidentified(routine: Routine, graph: Graph, source: str | None) -> Iterator[Finding]:
    """Only where identity matters: the routine checks it somewhere, or the article asks for it."""
    checks = [node for node in graph.nodes.values() if _identifies(node)]
    if not checks and not (source and _IDENTITY.search(source)):
        return

    def gives(node: Node, edge: Edge, before: frozenset[str]) -> frozenset[str]:
        return before | {"identified"} if _identifies(node) else before

    before = graph.always(gives)
    for node in graph.nodes.values():
        clause = node.step.clause
        if not isinstance(clause, Call) or clause.escalates or node.key not in before:
            continue
        function = routine.function(clause.function)
        if function and function.effect == "write" and "identified" not in before[node.key]:
            message = f"{clause.function} can run before the customer's identity is verified"
            mend = "verify the identity in a step before it, on every path"
            yield Finding("E20", message, node.step.line, node.key, mend=mend)


def _identifies(node: Node) -> bool:
    clause = node.step.clause
    if isinstance(clause, Call):
        return clause.identifies
    return isinstance(clause, Note) and not node.step.steps and bool(_IDENTITY.search(clause.text))


def _scope(routine: Routine, graph: Graph) -> Iterator[Finding]:
    allowed = {
        name.strip(" `") for name in routine.meta.get("tools", "").split(",") if name.strip()
    }
    if not allowed:
        return
    for node in graph.nodes.values():
        clause = node.step.clause
        if isinstance(clause, Call) and not clause.resolves and clause.function not in allowed:
            message = f"{clause.function} is not among the routine's tools"
            yield Finding("E21", message, node.step.line, node.key)


def _ways_out(routine: Routine, graph: Graph) -> Iterator[Finding]:
    clauses = [graph.nodes[key].step.clause for key in graph.reachable()]
    if not any(
        isinstance(c, Escalate | Handoff) or (isinstance(c, Call) and c.escalates) for c in clauses
    ):
        yield Finding("W22", "no path leads to a human")
    if not any(isinstance(c, Unknown) for c in clauses):
        yield Finding("W23", "no path says I don't know")


def _only_sections(steps: list[Step]) -> bool:
    return any(isinstance(step.clause, Section) for step in steps)
