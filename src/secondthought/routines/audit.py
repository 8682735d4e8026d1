"""Conformance of a real conversation: which calls broke the routine's rules, which steps were
followed, skipped, or done out of order.

Only what a transcript shows is judged: calls, questions for a yes, the escalation, the question
for anything else, and asked values that turn up in a call. What an agent says in own words is
"not observable".
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast

from secondthought.routines.graph import Edge, Graph, Node
from secondthought.routines.guard import Done, Guard, Talk, Violation
from secondthought.routines.model import Ask, Call, Confirm, Routine
from secondthought.routines.tools import Tools
from secondthought.routines.transcripts import ToolUse, Transcript, Turn

StepState = Literal["followed", "skipped", "out of order", "not reached", "not observable"]
_ANYTHING_ELSE = re.compile(
    r"anything else|anything more|further assist|any other (?:question|request)|else I can"
    r"|더 (?:도와|필요)|다른 (?:문의|도움)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CallReport:
    """turn: index of the message. step: the routine's step that makes such a call, if any."""

    turn: int
    name: str
    arguments: Any
    write: bool
    step: str | None
    violations: tuple[Violation, ...]

    @property
    def stopped(self) -> bool:
        return any(v.stops for v in self.violations)


@dataclass(frozen=True, slots=True)
class Audit:
    """calls: every call of the conversation. steps: by key, in the routine's order."""

    name: str
    calls: tuple[CallReport, ...]
    steps: dict[str, StepState] = field(default_factory=dict[str, StepState])

    @property
    def stopped(self) -> list[CallReport]:
        """The calls that the runner would not have made."""
        return [call for call in self.calls if call.stopped]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def audit(routine: Routine, transcript: Transcript, tools: Tools | None = None) -> Audit:
    guard, talk = Guard(routine, tools), Talk()
    before = _always_before(guard.graph)
    calls: list[CallReport] = []
    seen: dict[str, int] = {}  # step key -> when it was first seen
    clock = asked_at = 0
    for turn in transcript.turns:
        clock += 1
        if turn.role == "user":
            talk.customer(turn.text)
            asked_at = clock
        if turn.role != "assistant":
            continue
        for use in turn.calls:
            calls.append(
                _report(guard, talk, turn, use, _step_of(guard.graph, use.name, seen, before))
            )
            step = calls[-1].step
            clock += 2
            if step is not None:
                _see(seen, _asks_of(guard, step, use, before), clock - 1)
                if talk.yes:
                    _see(seen, _confirms(guard.graph, before.get(step, frozenset())), asked_at)
                _see(seen, [step], clock)
            talk.result(Done(use.name, _named(use), use.result))
        if turn.text.strip():
            talk.agent(turn.text)
            if _ANYTHING_ELSE.search(turn.text):
                _see(seen, _closing(guard.graph), clock)
    return Audit(transcript.name, tuple(calls), _states(guard.graph, seen, before))


def _report(guard: Guard, talk: Talk, turn: Turn, use: ToolUse, step: str | None) -> CallReport:
    violations = guard.check(use.name, use.arguments, talk, calls=len(turn.calls), text=turn.text)
    write = guard.writes(use.name)
    return CallReport(turn.number, use.name, use.arguments, write, step, tuple(violations))


def _see(seen: dict[str, int], keys: list[str], clock: int) -> None:
    for key in keys:
        seen.setdefault(key, clock)


def _step_of(
    graph: Graph, name: str, seen: dict[str, int], before: dict[str, frozenset[str]]
) -> str | None:
    """The step that a call belongs to. A repeated call moves on to a later step only where that
    one follows the earlier step on every path."""
    keys = [
        key
        for key, node in graph.nodes.items()
        if isinstance(node.step.clause, Call) and node.step.clause.function == name
    ]
    done = {key for key in keys if key in seen}
    later = [key for key in keys if key not in done and done <= before.get(key, frozenset())]
    return (later or sorted(done, key=seen.__getitem__) or keys or [None])[0]


def _confirms(graph: Graph, before: frozenset[str]) -> list[str]:
    return [key for key in before if isinstance(graph.nodes[key].step.clause, Confirm)]


def _closing(graph: Graph) -> list[str]:
    return [
        key
        for key, node in graph.nodes.items()
        if isinstance(node.step.clause, Ask) and node.step.clause.anything_else
    ]


def _asks_of(guard: Guard, step: str, use: ToolUse, before: dict[str, frozenset[str]]) -> list[str]:
    """The questions before a step whose answers are arguments of its call."""
    call = guard.graph.nodes[step].step.clause
    assert isinstance(call, Call)
    names = {argument.value for argument in call.args or ()} | set(_named(use))
    return [
        key
        for key in before.get(step, frozenset())
        if isinstance(clause := guard.graph.nodes[key].step.clause, Ask)
        and names & set(clause.into)
    ]


def _named(use: ToolUse) -> dict[str, Any]:
    arguments: Any = use.arguments
    return cast(dict[str, Any], arguments) if isinstance(arguments, dict) else {}


def _always_before(graph: Graph) -> dict[str, frozenset[str]]:
    """For each step the steps that every path to it goes through."""

    def gives(node: Node, edge: Edge, before: frozenset[str]) -> frozenset[str]:
        return frozenset() if edge.kind == "again" else before | {node.key}

    return graph.always(gives)


def _observable(node: Node, arguments: set[str]) -> bool:
    clause = node.step.clause
    if isinstance(clause, Ask):
        return clause.anything_else or bool(arguments & set(clause.into))
    return isinstance(clause, Call | Confirm)


def _states(
    graph: Graph, seen: dict[str, int], before: dict[str, frozenset[str]]
) -> dict[str, StepState]:
    """Skipped: not seen, though it stands on every path to a step that was."""
    clauses = [node.step.clause for node in graph.nodes.values()]
    arguments = {a.value for c in clauses if isinstance(c, Call) for a in c.args or ()}
    required = {key for done in seen for key in before.get(done, frozenset())}
    states: dict[str, StepState] = {}
    for key, node in graph.nodes.items():
        if not _observable(node, arguments):
            states[key] = "not observable"
        elif key not in seen:
            states[key] = "skipped" if key in required else "not reached"
        elif any(seen.get(other, 0) > seen[key] for other in before.get(key, frozenset())):
            states[key] = "out of order"
        else:
            states[key] = "followed"
    return states
