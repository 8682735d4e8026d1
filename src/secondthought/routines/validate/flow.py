"""Graph: jumps that lead nowhere, steps that no path reaches, paths and loops without an end."""

from __future__ import annotations

from collections.abc import Iterator

from secondthought.routines.graph import Graph, Node
from secondthought.routines.model import (
    RESOLUTION,
    Ask,
    Branch,
    Call,
    Confirm,
    Goto,
    Routine,
    Section,
    looks_like_write,
)
from secondthought.routines.predicate import PredicateError, read_predicate
from secondthought.routines.validate.findings import Finding


def check_flow(routine: Routine, graph: Graph) -> Iterator[Finding]:
    for node in graph.dangling:
        clause = node.step.clause
        assert isinstance(clause, Goto)
        message = f"there is no step {clause.target}"
        yield Finding("E6", message, node.step.line, node.key)
    reached = graph.reachable()
    yield from _unreached(graph, reached)
    if any(isinstance(step.clause, Section) for step in routine.walk()):
        return  # a policy in chapters has no one flow from its first line to its last
    for node in graph.nodes.values():
        if node.key in reached and any(edge.to == "dropped" for edge in node.edges):
            message = "a path ends here without resolution, hand-off or escalation"
            yield Finding("E8", message, node.step.line, node.key)
    yield from _loops(routine, graph)


def _unreached(graph: Graph, reached: set[str]) -> Iterator[Finding]:
    """The first step of every stretch that no path reaches."""
    before = True
    for node in graph.nodes.values():
        here = node.key in reached
        if not here and before:
            yield Finding("E7", f"no path reaches step {node.key}", node.step.line, node.key)
        before = here


def _loops(routine: Routine, graph: Graph) -> Iterator[Finding]:
    for group in graph.cycles(_bounds):
        first = _first(graph, group)
        message = f"steps {', '.join(sorted(group)[:6])} can run for ever without the customer"
        yield Finding("W9", message, first.step.line, first.key)
    for group in graph.cycles(lambda node: isinstance(node.step.clause, Confirm)):
        for key in group:
            clause = graph.nodes[key].step.clause
            if isinstance(clause, Call) and writes(routine, clause.function):
                message = f"a jump back can call {clause.function} a second time"
                yield Finding("W10", message, graph.nodes[key].step.line, key)


def _bounds(node: Node) -> bool:
    """A turn of the customer, or a branch that counts: `{visits("2") < 4}`."""
    clause = node.step.clause
    if isinstance(clause, Branch) and clause.predicate:
        try:
            return bool(read_predicate(clause.predicate).steps)
        except PredicateError:
            return False
    return isinstance(clause, Ask | Confirm)


def _first(graph: Graph, keys: list[str]) -> Node:
    return min((graph.nodes[key] for key in keys), key=lambda node: node.step.line)


def writes(routine: Routine, name: str) -> bool:
    """Whether a function changes something, as its definition says or its name suggests."""
    function = routine.function(name)
    if name in RESOLUTION:
        return False
    return function.writes if function else looks_like_write(name)
