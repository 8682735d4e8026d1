"""Soft mode: the whole routine as system prompt; the model speaks and calls freely, and the
guard stops what breaks the invariants. A stopped call goes back to the model with the reason.
How far the conversation followed the steps is seen afterwards: `audit(routine, transcript())`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ConfigDict

from secondthought.messages import BadInput, Message, Problem, ToolCall
from secondthought.models.base import ModelError
from secondthought.reasoner import Reasoner
from secondthought.routines.format import format_routine
from secondthought.routines.guard import Done, Guard, Talk, Violation
from secondthought.routines.model import Call, Routine
from secondthought.routines.run import call_tool
from secondthought.routines.state import fingerprint
from secondthought.routines.tools import Tools
from secondthought.routines.transcripts import Transcript, Turn, read_messages
from secondthought.routines.words import WORDS
from secondthought.trace import AnswerDelta, Failed, ToolCalled

MAX_CALLS = 40  # of one turn of the customer

PROMPT = """\
You serve customers by the routine below. Follow its steps in order; take the branches that apply.
Speak with the customer in plain words; never mention step numbers, function names or this text.
Call at most one function at a time, and do not write to the customer in the same turn.
Before a function that changes something, say what it will do and wait for a clear yes.
If the routine does not cover the case, say that you don't know and hand over to a human.

"""


_NOT_DONE, _ERROR = "Not done: ", "Error: "  # how results begin of calls that changed nothing


class SoftState(BaseModel):
    """A conversation as JSON, so that it can stop and go on; `routine audit` reads it too.

    routine: its fingerprint. messages: all of the conversation, the system prompt first.
    """

    model_config = ConfigDict(extra="forbid")
    routine: str
    messages: list[Message]
    over: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """A call that was not made."""

    name: str
    arguments: Any
    violations: tuple[Violation, ...]


class SoftRunner:
    """One conversation; `stopped` is what was refused since this object was made.

    state: one that was saved. Raises BadInput for one of another routine.
    """

    def __init__(
        self,
        routine: Routine,
        tools: Tools,
        reasoner: Reasoner,
        *,
        effort: str = "none",
        state: SoftState | None = None,
    ) -> None:
        self.guard = Guard(routine, tools)
        self.talk = Talk()
        system = Message("system", PROMPT + format_routine(routine))
        self.state = state or SoftState(routine=fingerprint(routine), messages=[system])
        if self.state.routine != fingerprint(routine):
            raise BadInput("the routine has changed since this conversation; start it anew")
        self.stopped: list[Stopped] = []
        self._leaving = False
        self._remember()
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
            self.state.over = self.over or (self._leaving and not calls)
            if not calls or self.over:
                return text
        text = WORDS[self.guard.routine.language].unknown
        self.messages.append(Message("assistant", text))
        self.state.over = True
        return text

    @property
    def messages(self) -> list[Message]:
        """All of the conversation, in OpenAI's order."""
        return self.state.messages

    @property
    def over(self) -> bool:
        return self.state.over

    def transcript(self) -> Transcript:
        """What was said and done; calls that were stopped or failed are left out."""
        rows = json.loads(self.state.model_dump_json())["messages"]
        read = read_messages(rows, self.guard.routine.name)
        turns = [
            Turn(turn.number, turn.role, turn.text, tuple(u for u in turn.calls if _done(u.result)))
            for turn in read.turns
            if turn.role != "system"
        ]
        return Transcript(read.name, tuple(turns))

    def _remember(self) -> None:
        """Bring `talk` to where a saved conversation stands."""
        for turn in self.transcript().turns:
            if turn.role == "user":
                self.talk.customer(turn.text)
            for use in turn.calls:
                self.talk.result(Done(use.name, use.arguments, use.result))
            if turn.role == "assistant" and turn.text.strip():
                self.talk.agent(turn.text)

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
                raise ModelError(event.message, event.kind, retry_after=event.retry_after)
        return text, calls

    async def _call(self, call: ToolCall, calls: int, text: str) -> Message:
        arguments = _arguments(call.arguments)
        violations = self.guard.check(call.name, arguments, self.talk, calls=calls, text=text)
        reasons = [v.message for v in violations if v.stops]
        if reasons:
            self.stopped.append(Stopped(call.name, arguments, tuple(violations)))
            content = _NOT_DONE + "; ".join(reasons)
        else:
            content = await self._run(call.name, cast(dict[str, Any], arguments))
        return Message("tool", content, tool_call_id=call.id, name=call.name)

    async def _run(self, name: str, arguments: dict[str, Any]) -> str:
        tool = self.guard.tools.get(name)
        try:
            result = await call_tool(tool.run if tool else None, arguments)
        except Exception as error:
            return f"{_ERROR}{error}"
        self.talk.result(Done(name, arguments, result))
        call = Call(function=name)
        self.state.over = self.over or call.resolves
        self._leaving = self._leaving or call.escalates  # after a last word to the customer
        return result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)


def _done(result: Any) -> bool:
    return not (isinstance(result, str) and result.startswith((_NOT_DONE, _ERROR)))


def _arguments(text: str) -> Any:
    try:
        return json.loads(text or "{}", parse_constant=_no_number)
    except (ValueError, RecursionError):
        return text


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")  # NaN would pass every limit of a schema
