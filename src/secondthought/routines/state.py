"""Where a conversation with a routine stands. Plain JSON, so that a chat can stop and go on."""

from __future__ import annotations

import hashlib
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from secondthought.messages import BadInput
from secondthought.routines.format import format_routine
from secondthought.routines.model import Routine

_S = TypeVar("_S", bound=BaseModel)
Status = Literal["running", "waiting", "resolved", "escalated", "handed_off", "dropped", "failed"]
EntryKind = Literal["step", "agent", "customer", "call", "result", "decision", "stopped", "end"]


class Entry(BaseModel):
    """One line of the log. number: its place in time, from 1."""

    model_config = ConfigDict(extra="forbid")
    number: int
    kind: EntryKind
    step: str = ""
    text: str = ""
    name: str = ""
    arguments: dict[str, Any] | None = None
    result: Any = None


class State(BaseModel):
    """routine: its fingerprint. at: key of the current step. filled: when a variable got its
    value (number of the log entry), to compare with `yes_at`. yes_inside: the branch to which a
    yes to a plain question is limited. last_yes: of the last reply. more: whether the last
    reply was a further wish; None when it was to another question."""

    model_config = ConfigDict(extra="forbid")
    routine: str
    at: str
    status: Status = "running"
    pending: Literal["ask", "confirm"] | None = None
    values: dict[str, Any] = {}
    filled: dict[str, int] = {}
    yes_at: int | None = None
    yes_inside: str = ""
    last_yes: bool | None = None
    more: bool | None = None
    tries: int = 0
    visits: dict[str, int] = {}
    edges: dict[str, int] = {}
    log: list[Entry] = []
    reason: str = ""

    def note(self, kind: EntryKind, **fields: Any) -> Entry:
        entry = Entry(number=len(self.log) + 1, kind=kind, **fields)
        self.log.append(entry)
        return entry

    @property
    def calls(self) -> list[Entry]:
        return [entry for entry in self.log if entry.kind == "call"]

    @property
    def over(self) -> bool:
        return self.status not in ("running", "waiting")


def fingerprint(routine: Routine) -> str:
    """Changes with every change of the routine; a state belongs to one text."""
    return hashlib.sha256(format_routine(routine).encode()).hexdigest()[:16]


def read_state(kind: type[_S], text: str) -> _S:
    """Raises BadInput when the text is no such state."""
    try:
        return kind.model_validate_json(text)
    except ValueError as error:
        raise BadInput(f"this is no saved conversation: {str(error).splitlines()[0]}") from None


def load_state(text: str, routine: Routine) -> State:
    """A saved state. Raises BadInput when it is none, or of another routine."""
    state = read_state(State, text)
    if state.routine != fingerprint(routine):
        raise BadInput("the routine has changed since this conversation; start it anew")
    return state
