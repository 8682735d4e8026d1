"""The flow of a routine: one node a step, an edge for every way on. The runner walks this graph,
the checks look at it, the drawing shows it.

Ends: "resolved", "escalated", "handed_off", and "dropped" for a path that stops without any of
them. A question whether anything else is needed has an edge back to the start of the routine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from secondthought.routines.model import (
    Ask,
    Branch,
    Call,
    Confirm,
    Escalate,
    Goto,
    Handoff,
    Routine,
    Section,
    Step,
)

EdgeKind = Literal["next", "yes", "no", "again", "jump"]
ENDS = ("resolved", "escalated", "handed_off", "dropped")
_CLOSE = "@close"


@dataclass(frozen=True, slots=True)
class Edge:
    kind: EdgeKind
    to: str


@dataclass(slots=True)
class Node:
    """key: the step's label, made unique; bullets are counted below the step they stand under."""

    key: str
    step: Step
    main: str  # key of the step on the outermost level that it stands under
    edges: list[Edge] = field(default_factory=list[Edge])

    def to(self, *kinds: EdgeKind) -> str | None:
        return next((edge.to for edge in self.edges if edge.kind in kinds), None)


@dataclass(slots=True)
class Graph:
    """dangling: the Goto nodes whose target does not exist. close: the anything-else question."""

    nodes: dict[str, Node]
    start: str
    dangling: list[Node]
    close: str | None

    def successors(self, key: str) -> list[str]:
        return [edge.to for edge in self.nodes[key].edges if edge.to in self.nodes]

    def within(self, key: str, outer: str) -> bool:
        """Whether a step stands below another one."""
        step = self.nodes[key].step
        return any(below is step for below in self.nodes[outer].step.walk())

    def reachable(self) -> set[str]:
        """Keys that some path from the start reaches."""
        seen: set[str] = set()
        waiting = [self.start] if self.start in self.nodes else []
        while waiting:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                waiting += self.successors(key)
        return seen

    def cycles(self, without: Callable[[Node], bool]) -> list[list[str]]:
        """The groups of nodes that can reach each other without the nodes that `without` names.

        The way back for a customer with a further question is no loop.
        """
        keep = [key for key in self.nodes if not without(self.nodes[key])]
        kept = set(keep)
        ahead = {
            key: [e.to for e in self.nodes[key].edges if e.to in kept and e.kind != "again"]
            for key in keep
        }
        behind: dict[str, list[str]] = {key: [] for key in keep}
        for key, targets in ahead.items():
            for target in targets:
                behind[target].append(key)
        groups = _groups(_finish_order(keep, ahead), behind)
        return [g for g in groups if len(g) > 1 or g[0] in ahead[g[0]]]

    def always(
        self, gives: Callable[[Node, Edge, frozenset[str]], frozenset[str]]
    ) -> dict[str, frozenset[str]]:
        """What holds before each node on every path to it; `gives` says what an edge passes on.

        Nodes that no path reaches are left out.
        """
        before: dict[str, frozenset[str]] = {}
        if self.start not in self.nodes:
            return before
        before[self.start] = frozenset()
        waiting = [self.start]
        while waiting:
            key = waiting.pop()
            node = self.nodes[key]
            for edge in node.edges:
                if edge.to not in self.nodes:
                    continue
                passed = gives(node, edge, before[key])
                known = before.get(edge.to)
                met = passed if known is None else known & passed
                if met != known:
                    before[edge.to] = met
                    waiting.append(edge.to)
        return before


def build(routine: Routine) -> Graph:
    return _Builder(routine).build()


class _Builder:
    def __init__(self, routine: Routine) -> None:
        self._routine = routine
        self._nodes: dict[str, Node] = {}
        self._copies: dict[str, int] = {}  # of labels that stand more than once
        self._key_of: dict[int, str] = {}
        self._scopes: dict[
            int, list[dict[str, str]]
        ] = {}  # labels in sight of a Goto, innermost first
        self._sections: dict[str, str] = {}
        self._dangling: list[Node] = []
        self._next_main: list[str] = []

    def build(self) -> Graph:
        self._name(self._routine.steps, "", "", [])
        start = self._list(self._routine.steps, "dropped", outer=True)
        close = self._close()
        for node in self._nodes.values():
            node.edges = [
                Edge(
                    e.kind,
                    (close or "dropped") if e.to == _CLOSE else start if e.to == "@start" else e.to,
                )
                for e in node.edges
            ]
        return Graph(self._nodes, start, self._dangling, close)

    def _name(
        self, steps: list[Step], parent: str, main: str, scopes: list[dict[str, str]]
    ) -> None:
        labels: dict[str, str] = {}
        # A letter belongs to its number wherever it stands, so the whole list is one scope.
        inner = scopes if parent and not _is_section(self._nodes.get(parent)) else [labels, *scopes]
        labels = inner[0] if inner else labels
        for number, step in enumerate(steps, 1):
            key = name = step.label or f"{parent}.{number}"
            while key in self._nodes or key in ENDS:
                self._copies[name] = self._copies.get(name, 1) + 1
                key = f"{name}~{self._copies[name]}"
            node = Node(key, step, main or key)
            self._nodes[key] = node
            self._key_of[id(step)] = key
            self._scopes[id(step)] = inner
            if step.label:
                if isinstance(step.clause, Section):
                    self._sections.setdefault(step.label.lower(), key)
                else:
                    labels.setdefault(step.label.lower(), key)
            below_main = "" if isinstance(step.clause, Section) else main or key
            self._name(step.steps, key, below_main, inner)

    def _list(self, steps: list[Step], after: str, *, outer: bool = False) -> str:
        """Link the steps of one list; the key at which it is entered."""
        entry = after
        for unit in reversed(_units(steps)):
            if outer:
                self._next_main.append(entry)
            if isinstance(unit[0].clause, Branch):
                following = entry
                for step in reversed(unit):
                    entry = self._branch(step, other=entry, after=following)
            else:
                entry = self._step(unit[0], entry)
            if outer:
                self._next_main.pop()
        return entry

    def _branch(self, step: Step, *, other: str, after: str) -> str:
        node = self._nodes[self._key_of[id(step)]]
        assert isinstance(step.clause, Branch)
        inside = self._list(step.steps, after)
        if step.clause.how == "else":
            node.edges = [Edge("next", inside)]
        elif step.clause.nothing_else:
            back = Edge("again", "@start") if other == after else Edge("no", other)
            node.edges = [Edge("yes", inside), back]
        else:
            node.edges = [Edge("yes", inside), Edge("no", other)]
        return node.key

    def _step(self, step: Step, after: str) -> str:
        node = self._nodes[self._key_of[id(step)]]
        clause = step.clause
        inside = self._list(step.steps, after, outer=isinstance(clause, Section))
        node.edges = [Edge("next", inside)]
        if isinstance(clause, Call) and clause.resolves:
            node.edges = [Edge("next", "resolved")]
        elif isinstance(clause, Escalate) or (isinstance(clause, Call) and clause.escalates):
            node.edges = [Edge("next", "escalated")]
        elif isinstance(clause, Handoff):
            node.edges = [Edge("next", "handed_off")]
        elif isinstance(clause, Goto):
            target = self._target(step, clause.target)
            if target is None:
                self._dangling.append(node)
            else:
                node.edges = [Edge("jump", target)]
        elif isinstance(clause, Confirm):
            node.edges = [
                Edge("yes", inside),
                Edge("no", inside if self._answers(inside) else _CLOSE),
            ]
        elif isinstance(clause, Ask) and clause.anything_else and not self._is_branch(inside):
            node.edges.append(Edge("again", "@start"))
        return node.key

    def _target(self, step: Step, target: str) -> str | None:
        if target == "next":
            return self._next_main[-1] if self._next_main else None
        wanted = target.lower().rstrip(".)")
        for labels in self._scopes[id(step)]:
            if wanted in labels:
                return labels[wanted]
        return self._sections.get(wanted)

    def _is_branch(self, key: str) -> bool:
        node = self._nodes.get(key)
        return node is not None and isinstance(node.step.clause, Branch)

    def _answers(self, key: str) -> bool:
        """Whether the branch at this key takes up a yes or a no."""
        node = self._nodes.get(key)
        if node is None or not isinstance(node.step.clause, Branch):
            return False
        clause = node.step.clause
        return (
            clause.agrees
            or "confirmed" in (clause.predicate or "")
            or bool(
                re.search(
                    r"\b(?:not|no|declines?|refuses?|disagrees?)\b|않|거절",
                    clause.condition,
                    re.IGNORECASE,
                )
            )
        )

    def _close(self) -> str | None:
        for key, node in reversed(self._nodes.items()):
            clause = node.step.clause
            if isinstance(clause, Ask) and clause.anything_else:
                outer = self._nodes.get(node.main)
                # "7. Ask whether ...:" with the question itself below it is entered from above.
                if outer and isinstance(outer.step.clause, Ask) and outer.step.clause.anything_else:
                    return outer.key
                return key
        return None


def _is_section(node: Node | None) -> bool:
    return node is not None and isinstance(node.step.clause, Section)


def _units(steps: Iterable[Step]) -> list[list[Step]]:
    """If with its Else if and Else as one unit; every other step alone."""
    units: list[list[Step]] = []
    for step in steps:
        clause = step.clause
        if isinstance(clause, Branch) and clause.how != "if" and units:
            head = units[-1][-1].clause
            if isinstance(head, Branch) and head.how != "else":
                units[-1].append(step)
                continue
        units.append([step])
    return units


def _finish_order(keys: list[str], ahead: dict[str, list[str]]) -> list[str]:
    seen: set[str] = set()
    order: list[str] = []
    for root in keys:
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(ahead[root]))]
        while stack:
            key, targets = stack[-1]
            for target in targets:
                if target not in seen:
                    seen.add(target)
                    stack.append((target, iter(ahead[target])))
                    break
            else:
                order.append(key)
                stack.pop()
    return order


def _groups(order: list[str], behind: dict[str, list[str]]) -> list[list[str]]:
    seen: set[str] = set()
    groups: list[list[str]] = []
    for root in reversed(order):
        if root in seen:
            continue
        group: list[str] = []
        waiting = [root]
        seen.add(root)
        while waiting:
            key = waiting.pop()
            group.append(key)
            for source in behind[key]:
                if source not in seen:
                    seen.add(source)
                    waiting.append(source)
        groups.append(group)
    return groups
