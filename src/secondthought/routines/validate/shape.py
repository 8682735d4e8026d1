"""Format: numbers, letters, lines without a place, Else without If, If without Else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secondthought.routines.graph import ENDS, Graph
from secondthought.routines.model import Branch, Call, Routine, Section, Step
from secondthought.routines.validate.findings import Finding

_SUB = re.compile(r"(\d+)([a-z])$")


def check_shape(routine: Routine, graph: Graph) -> Iterator[Finding]:
    for unread in routine.unread:
        yield Finding("E3", f"{unread.text[:60]!r}: {unread.why}", unread.line)
    yield from _mains(routine.steps)
    yield from _branches(routine.steps)
    yield from _one_way(graph)


def _mains(steps: list[Step]) -> Iterator[Finding]:
    expected = 1
    for step in steps:
        if isinstance(step.clause, Section):
            yield from _mains(step.steps)
        elif step.label.isdigit():
            if int(step.label) != expected:
                message = f"step {step.label} stands where step {expected} is due"
                yield Finding("E1", message, step.line, step.label)
            expected = int(step.label) + 1
            yield from _subs(step)


def _subs(main: Step) -> Iterator[Finding]:
    expected = "a"
    for step in list(main.walk())[1:]:
        match = _SUB.match(step.label)
        if match is None:
            continue
        if match[1] != main.label:
            message = f"step {step.label} stands under step {main.label}"
            yield Finding("E2", message, step.line, step.label)
        elif match[2] != expected:
            message = f"step {step.label} stands where {main.label}{expected} is due"
            yield Finding("E2", message, step.line, step.label)
        expected = chr(ord(match[2]) + 1)


def _branches(steps: list[Step]) -> Iterator[Finding]:
    before: Step | None = None
    for step in steps:
        clause = step.clause
        if isinstance(clause, Branch) and clause.how != "if":
            head = before.clause if before else None
            if not (isinstance(head, Branch) and head.how != "else"):
                word = "Else" if clause.how == "else" else "Else if"
                yield Finding("E4", f"{word} without an If before it", step.line, step.label)
        before = step
        yield from _branches(step.steps)


def _one_way(graph: Graph) -> Iterator[Finding]:
    """An If without Else whose steps run on into what follows: was nothing to be done otherwise?"""
    last_of_list = {id(steps[-1]) for steps in _lists(graph) if steps}
    for node in graph.nodes.values():
        clause = node.step.clause
        if not isinstance(clause, Branch) or clause.how == "else" or clause.nothing_else:
            continue
        other = node.to("no")
        sibling = graph.nodes.get(other or "")
        if sibling is not None and isinstance(sibling.step.clause, Branch):
            continue  # its own Else, or the next If
        does = any(isinstance(s.clause, Call) for s in node.step.walk())
        if (does or id(node.step) in last_of_list) and _runs_on(graph, node.key):
            message = f"nothing says what to do where this does not hold: {clause.condition[:60]}"
            yield Finding("W5", message, node.step.line, node.key)


def _lists(graph: Graph) -> Iterator[list[Step]]:
    for node in graph.nodes.values():
        yield node.step.steps


def _runs_on(graph: Graph, key: str) -> bool:
    """Whether a path through the branch comes out at its end, not by a jump or an end."""
    inside = {id(step) for step in graph.nodes[key].step.walk()}
    waiting, seen = [graph.nodes[key].to("yes") or ""], set[str]()
    while waiting:
        at = waiting.pop()
        if at in seen or at in ENDS:
            continue
        seen.add(at)
        if id(graph.nodes[at].step) not in inside:
            return True
        waiting += [e.to for e in graph.nodes[at].edges if e.kind not in ("jump", "again")]
    return False
