"""Run a routine: a state machine over its graph.

    runner = Runner(routine, tools)
    state = runner.start()
    for text in await runner.go(state):
        print(text)
    for text in await runner.go(state, "my order is 1234"):
        ...

The runner keeps the counter. It makes one call at a time, only calls of the routine, with
arguments that fit the schema; a write only with a yes of the customer that is newer than every
argument that the customer gave; and it visits no step more than `max_visits` times. Where it
cannot do or decide something it says that it doesn't know, and a human takes over: it never jumps
to a step that no path of the routine has led to.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from typing import Any, cast

from secondthought.messages import BadInput
from secondthought.routines.consent import reads_yes
from secondthought.routines.graph import ENDS, Node
from secondthought.routines.guard import Guard, Violation, heard
from secondthought.routines.mind import Mind, Plain, fill
from secondthought.routines.model import (
    Ask,
    Branch,
    Call,
    Confirm,
    Escalate,
    Handoff,
    Routine,
    Say,
    Step,
    Unknown,
)
from secondthought.routines.predicate import PredicateError, look_up, read_number, read_predicate
from secondthought.routines.state import State, Status, fingerprint
from secondthought.routines.tools import Tools
from secondthought.routines.words import WORDS

MAX_VISITS = 25
MAX_TRIES = 2
MAX_CALLS = 100


class Runner:
    """tools: what the calls do; mind: how to speak and judge. Raises BadInput for no steps."""

    def __init__(
        self,
        routine: Routine,
        tools: Tools | None = None,
        mind: Mind | None = None,
        *,
        max_visits: int = MAX_VISITS,
        max_tries: int = MAX_TRIES,
    ) -> None:
        if not routine.steps:
            raise BadInput("the routine has no steps; write at least `1.`")
        self.routine = routine
        self.guard = Guard(routine, tools)
        self.graph = self.guard.graph
        self.mind: Mind = mind or Plain()
        self._max_visits = max_visits
        self._max_tries = max_tries

    def start(self, values: Mapping[str, Any] | None = None) -> State:
        """A new conversation. values: what is known before it, as `context:` of the routine."""
        known = {"error": "", **self.routine.context, **(values or {})}
        return State(routine=fingerprint(self.routine), at=self.graph.start, values=known)

    async def go(self, state: State, customer: str | None = None) -> list[str]:
        """Go on until the customer is needed, or the end; what the agent says meanwhile.

        Raises BadInput for a reply that nobody waits for, or a state of another routine.
        """
        if state.routine != fingerprint(self.routine):
            raise BadInput("the routine has changed since this conversation; start it anew")
        if state.over:
            raise BadInput("this conversation is over; start a new one")
        if not self._fits(state):
            raise BadInput("this is no saved conversation: it stands at no step of the routine")
        first = len(state.log)
        if state.status == "waiting":
            if customer is None:
                raise BadInput("the routine waits for the customer; give the reply")
            await self._reply(state, customer)
        elif customer is not None:
            state.note("customer", text=customer)
        while state.status == "running":
            await self._visit(state)
        return [entry.text for entry in state.log[first:] if entry.kind == "agent"]

    def _fits(self, state: State) -> bool:
        """Whether a state, which a file may have held, can have come from this routine."""
        nodes = self.graph.nodes
        if state.yes_inside and state.yes_inside not in nodes:
            return False
        if state.status == "waiting":
            node = nodes.get(state.at)
            return node is not None and isinstance(node.step.clause, Ask | Confirm)
        return state.at in nodes or state.at in ENDS

    # --- steps ----------------------------------------------------------------------------

    async def _visit(self, state: State) -> None:
        if state.at in ENDS:
            self._end(state, cast(Status, state.at))
            return
        node = self.graph.nodes[state.at]
        state.visits[node.key] = state.visits.get(node.key, 0) + 1
        if state.visits[node.key] > self._max_visits:
            self._give_up(state, f"step {node.key} came up {self._max_visits} times")
            return
        state.note("step", step=node.key)
        clause = node.step.clause
        match clause:
            case Ask() | Confirm():
                await self._ask(state, node, clause)
            case Say() | Unknown():
                if not _is_heading(node.step):
                    await self._say(state, node, clause)
                self._move(state, node, "next")
            case Branch():
                await self._branch(state, node, clause)
            case Call():
                await self._call(state, node, clause)
            case Escalate():
                state.reason = fill(clause.reason, state.values)
                self._move(state, node, "next")
            case Handoff():
                state.reason = clause.routine
                self._move(state, node, "next")
            case _:
                self._move(state, node, "next", "jump")

    async def _say(self, state: State, node: Node, clause: Say | Ask | Confirm | Unknown) -> None:
        text = await self.mind.phrase(clause, state)
        state.note("agent", step=node.key, text=text)

    async def _ask(self, state: State, node: Node, clause: Ask | Confirm) -> None:
        if isinstance(clause, Ask) and _is_heading(node.step):
            self._move(state, node, "next")
            return
        await self._say(state, node, clause)
        state.pending = "ask" if isinstance(clause, Ask) else "confirm"
        state.status = "waiting"

    async def _branch(self, state: State, node: Node, clause: Branch) -> None:
        if clause.how == "else":
            self._move(state, node, "next")
            return
        holds = await self._holds(state, node, clause)
        if holds is None:
            state.note("decision", step=node.key, text="cannot tell")
            self._give_up(state, f"it cannot be told whether {clause.condition}")
            return
        state.note("decision", step=node.key, text="yes" if holds else "no")
        if (
            state.last_yes
            and holds
            and clause.agrees
            and (state.yes_at is None or state.yes_inside)
        ):
            # A yes to a plain question counts for what stands in this branch, nowhere else.
            state.yes_at, state.yes_inside = len(state.log), node.key
        self._move(state, node, *(("yes",) if holds else ("no", "again")))

    async def _holds(self, state: State, node: Node, clause: Branch) -> bool | None:
        """The predicate, else the customer's last yes or no, else the mind."""
        if clause.predicate:
            said = [entry.text for entry in state.log if entry.kind == "customer"]
            try:
                predicate = read_predicate(clause.predicate)
                holds = predicate.holds(
                    state.values, said=lambda words: heard(said, words), visits=state.visits
                )
            except PredicateError:
                holds = None
            if holds is not None:
                return holds
        elif clause.nothing_else and state.more is not None:
            return not state.more
        elif state.last_yes is not None and (clause.agrees or clause.declines):
            return state.last_yes == clause.agrees
        return await self.mind.holds(node.key, clause, state)

    def _give_up(self, state: State, reason: str) -> None:
        """To a human, with a word to the customer."""
        state.note("agent", text=WORDS[self.routine.language].unknown)
        self._end(state, "escalated", reason)

    # --- the customer ---------------------------------------------------------------------

    async def _reply(self, state: State, text: str) -> None:
        node = self.graph.nodes[state.at]
        clause = node.step.clause
        entry = state.note("customer", text=text, step=node.key)
        state.status, state.pending, state.more = "running", None, None
        plain = isinstance(clause, Ask) and (clause.into or clause.anything_else)
        state.last_yes = reads_yes(text) if plain else await self.mind.agrees(text, state)
        if isinstance(clause, Confirm):
            await self._confirmed(state, node, clause)
            return
        assert isinstance(clause, Ask)
        if clause.anything_else:
            state.more = await self.mind.wants_more(text, state)
            if state.more:
                state.yes_at = None  # it was no yes to what comes now
            self._move(state, node, "again" if state.more and node.to("again") else "next")
            return
        found = await self.mind.extract(clause, text, state) if clause.into else {}
        for name, value in found.items():
            state.values[name] = value
            state.filled[name] = entry.number
        if any(name not in found for name in clause.into):
            await self._again(state, node, clause, "the reply does not say what is asked for")
            return
        state.tries = 0
        self._move(state, node, "next")

    async def _confirmed(self, state: State, node: Node, clause: Confirm) -> None:
        if state.last_yes is None:
            await self._again(state, node, clause, "the customer says neither yes nor no")
            return
        state.tries = 0
        state.values["confirmed"] = state.last_yes
        state.yes_at, state.yes_inside = len(state.log) if state.last_yes else None, ""
        self._move(state, node, "yes" if state.last_yes else "no")

    async def _again(self, state: State, node: Node, clause: Ask | Confirm, why: str) -> None:
        """Ask once more; after `max_tries` a human takes over."""
        state.tries += 1
        if state.tries > self._max_tries:
            self._give_up(state, why)
            return
        await self._ask(state, node, clause)

    # --- calls ----------------------------------------------------------------------------

    async def _call(self, state: State, node: Node, call: Call) -> None:
        tool = self.guard.tools.get(call.function)
        if (call.resolves or call.escalates) and tool is None:
            self._move(state, node, "next")
            return
        arguments, missing = self._arguments(state, call)
        stopped = self._stops(state, node, call, arguments, missing)
        if stopped:
            state.note(
                "stopped", step=node.key, name=call.function, text=stopped, arguments=arguments
            )
            self._give_up(state, stopped)
            return
        if len(state.calls) >= MAX_CALLS:
            self._give_up(state, f"more than {MAX_CALLS} calls")
            return
        state.note("call", step=node.key, name=call.function, arguments=arguments)
        state.values["error"] = ""
        try:
            result = await call_tool(tool.run if tool else None, arguments)
        except Exception as error:
            await self._failed(state, node, call, f"{type(error).__name__}: {error}")
            return
        state.note("result", step=node.key, name=call.function, result=result)
        if call.result:
            state.values[call.result] = result
            # What was looked up by a customer's word is as new as that word.
            state.filled[call.result] = self._newest(state, call, arguments)
        self._move(state, node, "next")

    def _newest(self, state: State, call: Call, arguments: Mapping[str, Any]) -> int:
        """When the customer gave the last of what a call takes; 0 where nothing is theirs."""
        return max((state.filled.get(name, 0) for name in _used(call, arguments)), default=0)

    def _arguments(self, state: State, call: Call) -> tuple[dict[str, Any], list[str]]:
        tool = self.guard.tools.get(call.function)
        names = tool.names if tool else []
        properties: Mapping[str, Any] = tool.parameters.get("properties", {}) if tool else {}
        given: list[tuple[str, str, bool]] = []
        if call.args is None:
            given = [(name, name, False) for name in (tool.required if tool else names)]
        else:
            for position, argument in enumerate(call.args):
                name = argument.name or (
                    names[position] if position < len(names) else argument.value
                )
                given.append((name, argument.value, argument.literal))
        arguments: dict[str, Any] = {}
        missing: list[str] = []
        for name, text, literal in given:
            value = _literal(text) if literal else look_up(state.values, text)
            if value is None and not literal:
                missing.append(text)
            else:
                arguments[name] = _coerce(value, properties.get(name, {}))
        return arguments, missing

    def _stops(
        self, state: State, node: Node, call: Call, arguments: dict[str, Any], missing: list[str]
    ) -> str:
        """Why the call may not be made; "" when it may."""
        if missing:
            return f"{call.function}: there is no value for {', '.join(missing)}"
        found: list[Violation] = self.guard.fits(call.function, arguments)
        yes_at = state.yes_at
        used = sorted(_used(call, arguments))
        newer = [n for n in used if yes_at is not None and state.filled.get(n, 0) > yes_at]
        inside = not state.yes_inside or self.graph.within(node.key, state.yes_inside)
        found += self.guard.consent(call.function, yes_at is not None and inside, newer)
        return "; ".join(violation.message for violation in found)

    async def _failed(self, state: State, node: Node, call: Call, error: str) -> None:
        """A tool that fails: the routine's own branch for errors, else a human."""
        state.note("result", step=node.key, name=call.function, text=error)
        state.values["error"] = error
        if call.result:
            state.values[call.result] = None
        following = self.graph.nodes.get(node.to("next") or "")
        clause = following.step.clause if following else None
        if isinstance(clause, Branch) and clause.predicate and "error" in clause.predicate:
            self._move(state, node, "next")
            return
        self._give_up(state, f"{call.function} failed: {error}")

    # --- moves ----------------------------------------------------------------------------

    def _move(self, state: State, node: Node, *kinds: str) -> None:
        edge = next((edge for edge in node.edges if edge.kind in kinds), node.edges[0])
        key = f"{node.key}:{edge.kind}"
        state.edges[key] = state.edges.get(key, 0) + 1
        state.at = edge.to

    def _end(self, state: State, status: Status, reason: str = "") -> None:
        state.status = status
        state.reason = reason or state.reason
        state.note("end", text=f"{status}: {state.reason}" if state.reason else status)


def _is_heading(step: Step) -> bool:
    """An instruction in own words with the words themselves below it is said only once."""
    clause = step.clause
    return not getattr(clause, "quoted", True) and any(
        isinstance(below.clause, Say | Ask | Confirm) and below.clause.quoted
        for below in step.steps
    )


async def call_tool(function: Any, arguments: dict[str, Any]) -> Any:
    """The result of a tool's code as JSON; None where a tool has none. Raises what it raises."""
    if function is None:
        return None
    result = function(**arguments)
    if inspect.isawaitable(result):
        result = await result
    # What a state holds must be JSON; a tool that gives more is a fault of the tool.
    return json.loads(json.dumps(result, ensure_ascii=False))


def _used(call: Call, arguments: Mapping[str, Any]) -> set[str]:
    """The variables that a call takes: `order` of `order.id`; by the parameters' names where it
    names none."""
    if call.args is None:
        return set(arguments)
    return {re.split(r"[.\[]", argument.value)[0] for argument in call.args}


def _literal(text: str) -> Any:
    if text[:1] == "'" and text[-1:] == "'":
        return text[1:-1]
    try:
        return json.loads(text)
    except ValueError:
        return {"True": True, "False": False, "None": None}.get(text, text)


def _coerce(value: Any, schema: Mapping[str, Any]) -> Any:
    """What a customer typed, as the number or truth value that the schema wants."""
    kind = schema.get("type")
    if not isinstance(value, str) or kind not in ("integer", "number", "boolean"):
        return value
    if kind == "boolean":
        return {"yes": True, "true": True, "no": False, "false": False}.get(value.lower(), value)
    number = read_number(value)
    if number is None:
        return value
    return int(number) if kind == "integer" and number.is_integer() else number
