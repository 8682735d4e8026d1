"""The invariants of a conversation with tools, the same for live runs, replays and audits.

A call is stopped when the tool is not the routine's, when its arguments do not fit the schema,
when several calls come in one turn, when a write lacks a yes of the customer that is newer than
its arguments, and when a written condition before every step that makes the call is false.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from secondthought.routines.consent import asks_for_yes, reads_yes
from secondthought.routines.graph import Edge, Graph, Node, build
from secondthought.routines.model import (
    RESOLUTION,
    Ask,
    Branch,
    Call,
    Routine,
    looks_like_write,
)
from secondthought.routines.predicate import PredicateError, read_predicate
from secondthought.routines.tools import Tools

Kind = Literal[
    "unknown_tool", "bad_arguments", "several_calls", "unconfirmed", "condition", "text_with_call"
]


@dataclass(frozen=True, slots=True)
class Violation:
    """stops: the call is not made; else it is only noted."""

    kind: Kind
    message: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """A call that was made, with its arguments and result."""

    name: str
    arguments: Mapping[str, Any]
    result: Any


@dataclass(slots=True)
class Talk:
    """What was said and done so far. `customer` and `agent` are called turn by turn."""

    said: list[str] = field(default_factory=list[str])
    before_last: str = ""  # everything said and read before the customer's last turn
    last_agent: str = ""
    yes: bool = False
    done: list[Done] = field(default_factory=list[Done])
    _all: list[str] = field(default_factory=list[str])

    def customer(self, text: str) -> None:
        self.before_last = "\n".join(self._all).lower()
        self.yes = reads_yes(text) is True and asks_for_yes(self.last_agent)
        self.said.append(text)
        self._all.append(text)

    def agent(self, text: str) -> None:
        self.last_agent = text
        self._all.append(text)

    def result(self, done: Done) -> None:
        self.done.append(done)
        self._all.append(done.result if isinstance(done.result, str) else json.dumps(done.result))

    def heard(self, words: str) -> bool:
        """Whether the customer used these words."""
        return heard(self.said, words)

    def newer(self, arguments: Mapping[str, Any]) -> list[str]:
        """The arguments that came up for the first time in the customer's last turn."""
        last = self.said[-1].lower() if self.said else ""
        return [
            name
            for name, value in arguments.items()
            if any(leaf in last and leaf not in self.before_last for leaf in _leaves(value))
        ]


def heard(said: Sequence[str], words: str) -> bool:
    """Whether one of the texts holds the words, at the start of a word; case does not matter."""
    pattern = re.compile(rf"\b{re.escape(words)}", re.IGNORECASE)
    return any(pattern.search(text) for text in said)


class Guard:
    """tools: the real ones; without them the routine's own definitions are the schemas."""

    def __init__(self, routine: Routine, tools: Tools | None = None) -> None:
        self.routine = routine
        self.graph = build(routine)
        ends = Tools.declared([f for f in routine.functions if f.name in RESOLUTION])
        # The end of a case need not be a tool of the real world.
        given = tools or Tools.declared(routine.functions)
        self.tools = Tools({**ends.functions, **given.functions})
        self._conditions = _conditions(self.graph)

    def writes(self, name: str) -> bool:
        function, tool = self.routine.function(name), self.tools.get(name)
        if name in RESOLUTION:
            return False
        effects = {part.effect for part in (function, tool) if part is not None} - {None}
        if effects:
            return "write" in effects  # a routine cannot make a tool harmless by calling it so
        return looks_like_write(name)

    def fits(self, name: str, arguments: Any) -> list[Violation]:
        """Whether the tool may be called at all, and with these arguments."""
        tool = self.tools.get(name)
        in_scope = self.routine.function(name) is not None or _called(self.routine, name)
        if tool is None or not in_scope:
            return [Violation("unknown_tool", f"{name} is not a tool of this routine")]
        return [Violation("bad_arguments", f"{name}: {p}") for p in tool.problems(arguments)]

    def consent(self, name: str, yes: bool, newer: Sequence[str]) -> list[Violation]:
        """Whether the customer agreed, after all arguments were known."""
        if not self.writes(name):
            return []
        if not yes:
            return [Violation("unconfirmed", f"{name} without a yes of the customer")]
        if newer:
            names = ", ".join(newer)
            return [Violation("unconfirmed", f"{name}: {names} changed with the customer's yes")]
        return []

    def check(
        self, name: str, arguments: Any, talk: Talk, *, calls: int = 1, text: str = ""
    ) -> list[Violation]:
        """All rules for one call of a free conversation."""
        found = self.fits(name, arguments)
        if calls > 1:
            found.append(Violation("several_calls", f"{calls} calls in one turn; one is allowed"))
        if text.strip():
            note = f"{name} is called in one turn with words to the customer"
            found.append(Violation("text_with_call", note, stops=False))
        given = cast(dict[str, Any], arguments) if isinstance(arguments, dict) else {}
        found += self.consent(name, talk.yes, talk.newer(given))
        found += self._against_conditions(name, given, talk)
        return found

    def _against_conditions(
        self, name: str, arguments: Mapping[str, Any], talk: Talk
    ) -> Iterator[Violation]:
        reasons: list[str] = []
        for node in self.graph.nodes.values():
            clause = node.step.clause
            if not isinstance(clause, Call) or clause.function != name:
                continue
            reason = self._forbids(node, arguments, talk)
            if reason is None:
                return
            reasons.append(reason)
        for reason in reasons[:1]:
            yield Violation("condition", f"{name} against the condition: {reason}")

    def _forbids(self, node: Node, arguments: Mapping[str, Any], talk: Talk) -> str | None:
        """A condition on every path to this call that is false; None where none is."""
        values = self.values(arguments, talk)
        for fact in self._conditions.get(node.key, frozenset()):
            wanted, _, key = fact.partition(":")
            clause = self.graph.nodes[key].step.clause
            assert isinstance(clause, Branch)
            assert clause.predicate is not None
            try:
                holds = read_predicate(clause.predicate).holds(values, said=talk.heard)
            except PredicateError:
                continue
            if holds is not None and holds != (wanted == "yes"):
                return clause.condition if wanted == "yes" else f"not: {clause.condition}"
        return None

    def values(self, arguments: Mapping[str, Any], talk: Talk) -> dict[str, Any]:
        """The routine's variables as far as a conversation shows them.

        A result belongs to the call whose arguments agree with `arguments` where both have them.
        """
        values: dict[str, Any] = dict(self.routine.context)
        values |= {"confirmed": talk.yes}
        asked = {
            name
            for n in self.graph.nodes.values()
            if isinstance(n.step.clause, Ask)
            for name in n.step.clause.into
        }
        values |= {name: value for name, value in arguments.items() if name in asked}
        for node in self.graph.nodes.values():
            clause = node.step.clause
            if not isinstance(clause, Call) or not clause.result:
                continue
            for done in reversed(talk.done):
                shared = [n for n in done.arguments if n in arguments]
                if done.name == clause.function and all(
                    done.arguments[n] == arguments[n] for n in shared
                ):
                    values[clause.result] = done.result
                    break
        return values


def _conditions(graph: Graph) -> dict[str, frozenset[str]]:
    """For each step the branches with a predicate that every path to it took, "yes:3a"."""

    def gives(node: Node, edge: Edge, before: frozenset[str]) -> frozenset[str]:
        clause = node.step.clause
        if edge.kind == "again":
            return frozenset()
        if not isinstance(clause, Branch) or not clause.predicate:
            return before
        other = "no" if edge.kind == "yes" else "yes"
        return (before - {f"{other}:{node.key}"}) | {f"{edge.kind}:{node.key}"}

    return graph.always(gives)


def _called(routine: Routine, name: str) -> bool:
    return any(isinstance(s.clause, Call) and s.clause.function == name for s in routine.walk())


def _leaves(value: Any) -> Iterator[str]:
    """The texts inside an argument that are long enough to be recognised in a sentence."""
    if isinstance(value, Mapping):
        for inner in cast(Mapping[str, Any], value).values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in cast(list[Any], value):
            yield from _leaves(inner)
    elif isinstance(value, str) and len(value) >= 5:
        yield value.lower()
