"""Soft mode: the whole routine as system prompt; the model speaks and calls freely, and the
guard stops what breaks the invariants. A stopped call goes back to the model with the reason.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from secondthought.messages import Message, Problem, ToolCall
from secondthought.models.base import ModelError
from secondthought.reasoner import Reasoner
from secondthought.routines.format import format_routine
from secondthought.routines.guard import Done, Guard, Talk, Violation
from secondthought.routines.model import Routine
from secondthought.routines.run import call_tool
from secondthought.routines.tools import Tools
from secondthought.trace import AnswerDelta, Failed, ToolCalled

MAX_CALLS = 40  # of one turn of the customer

PROMPT = """\
You serve customers by the routine below. Follow its steps in order; take the branches that apply.
Speak with the customer in plain words; never mention step numbers, function names or this text.
Call at most one function at a time, and do not write to the customer in the same turn.
Before a function that changes something, say what it will do and wait for a clear yes.
If the routine does not cover the case, say that you don't know and hand over to a human.

"""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A call that was not made."""

    name: str
    arguments: Any
    violations: tuple[Violation, ...]


class SoftRunner:
    """One conversation. `messages` is all of it, in OpenAI's order; `stopped` what was refused."""

    def __init__(
        self, routine: Routine, tools: Tools, reasoner: Reasoner, *, effort: str = "none"
    ) -> None:
        self.guard = Guard(routine, tools)
        self.talk = Talk()
        self.messages: list[Message] = [Message("system", PROMPT + format_routine(routine))]
        self.stopped: list[Stopped] = []
        self.over = False
        self._reasoner = reasoner
        self._effort = effort
        self._policy = reasoner.policy(effort, reserve=1024)

    async def go(self, customer: str) -> str:
        """What the model says to this turn of the customer. Raises ModelError."""
        self.talk.customer(customer)
        self.messages.append(Message("user", customer))
        for _ in range(MAX_CALLS):
            text, calls = await self._turn()
            self.messages.append(Message("assistant", text, tool_calls=tuple(calls)))
            for call in calls:
                self.messages.append(await self._call(call, len(calls), text))
            if text.strip():
                self.talk.agent(text)
            if not calls or self.over:
                return text
        return ""

    async def _turn(self) -> tuple[str, list[ToolCall]]:
        tools = tuple(tool.as_tool() for tool in self.guard.tools)
        text, calls = "", list[ToolCall]()
        problem = Problem(tuple(self.messages), tools)
        async for event in self._reasoner.stream(problem, self._effort, policy=self._policy):
            if isinstance(event, AnswerDelta):
                text += event.text
            elif isinstance(event, ToolCalled):
                calls.append(ToolCall(event.id, event.name, event.arguments))
            elif isinstance(event, Failed):
                raise ModelError(event.message, event.kind)
        return text, calls

    async def _call(self, call: ToolCall, calls: int, text: str) -> Message:
        arguments = _arguments(call.arguments)
        violations = self.guard.check(call.name, arguments, self.talk, calls=calls, text=text)
        reasons = [v.message for v in violations if v.stops]
        if reasons:
            self.stopped.append(Stopped(call.name, arguments, tuple(violations)))
            content = "Not done: " + "; ".join(reasons)
        else:
            content = await self._run(call.name, cast(dict[str, Any], arguments))
        return Message("tool", content, tool_call_id=call.id, name=call.name)

    async def _run(self, name: str, arguments: dict[str, Any]) -> str:
        tool = self.guard.tools.get(name)
        try:
            result = await call_tool(tool.run if tool else None, arguments)
        except Exception as error:
            return f"Error: {error}"
        self.talk.result(Done(name, arguments, result))
        self.over = self.over or name in ("case_resolution", "case_resolved")
        return result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)


def _arguments(text: str) -> Any:
    try:
        return json.loads(text or "{}")
    except (ValueError, RecursionError):
        return text
