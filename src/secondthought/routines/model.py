"""A routine as a typed tree: numbered steps, each with one clause; the functions they call.

    1. Ask the customer: "What is your order number, please?" -> order_id      <- Step, Ask
    2. `call get_order(order_id)` -> order                                     <- Step, Call
    3. If the order is older than 30 days {days_since(order.date) > 30}, then: <- Step, Branch
       3a. Say: "I am sorry, the 30 days have passed."                         <- Step, Say

A step runs its own clause, then its sub-steps; the sub-steps of a branch run where its condition
holds. Steps of one list run one after the other; Else and Else if belong to the If before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Effect = Literal["read", "write", "generic"]
Language = Literal["en", "ko"]

RESOLUTION = ("case_resolution", "case_resolved")  # the second stands in older published routines
_ESCALATION_CALL = re.compile(r"(escalate|transfer_to|hand_?off|handover)(_|$)")
_IDENTITY_CALL = re.compile(r"(verify|authenticate|identif|identity)")
_WRITE = re.compile(
    r"(?:cancel|delete|remove|add|set|update|change|modify|create|book|issue|send|refund|apply|open"
    r"|close|order|pay|transfer|enable|disable|activate|deactivate|reset|submit|process|initiate"
    r"|exchange|return|register|approve|deny|file|freeze|unfreeze)(?:_|$)"
)
_ANYTHING_ELSE = re.compile(
    r"anything else|anything more|something else|further assistance"
    r"|any (?:other|further|more) (?:question|help|assist)|더 (?:도와|필요|궁금)"
    r"|다른 (?:문의|도움|질문)",
    re.IGNORECASE,
)
_NOTHING_ELSE = re.compile(
    r"\b(?:no|not have|without) (?:any )?(?:further|other|more) "
    r"|nothing (?:else|more)|다른 (?:문의|질문)가 없",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"\b(?:agree[sd]?|confirm(?:s|ed)?|accept(?:s|ed)?|consents?|approves?|yes)\b"
    r"|동의|확인해 ?주|승낙|수락|예라고",
    re.IGNORECASE,
)
_DECLINES = re.compile(r"\b(?:declines?|refuses?|disagrees?|says? no)\b|거절|거부", re.IGNORECASE)
_DISAGREES = re.compile(
    r"\b(?:not|n't|cannot|never|declines?|refuses?|without)\b|않|거절|아니", re.IGNORECASE
)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Say(_Part):
    """Words for the customer. quoted: the words themselves; else what to tell, in own words."""

    kind: Literal["say"] = "say"
    text: str
    quoted: bool = False


class Ask(_Part):
    """A question to the customer; the reply fills `into`."""

    kind: Literal["ask"] = "ask"
    text: str
    quoted: bool = False
    into: list[str] = []

    @property
    def anything_else(self) -> bool:
        return bool(_ANYTHING_ELSE.search(self.text))


class Confirm(_Part):
    """A question that only an explicit yes passes."""

    kind: Literal["confirm"] = "confirm"
    text: str
    quoted: bool = False


class Argument(_Part):
    """`value` is a variable or a literal (quoted text, number, true, false) as written."""

    name: str | None = None
    value: str

    @property
    def literal(self) -> bool:
        value = self.value
        return value[:1] in "\"'[{-0123456789" or value.lower() in ("true", "false", "null", "none")


class Call(_Part):
    """A function call. args None: the text names no arguments; they go by the parameters' names."""

    kind: Literal["call"] = "call"
    function: str
    args: list[Argument] | None = None
    result: str | None = None
    note: str = ""

    @property
    def resolves(self) -> bool:
        return self.function in RESOLUTION

    @property
    def escalates(self) -> bool:
        return bool(_ESCALATION_CALL.match(self.function))

    @property
    def identifies(self) -> bool:
        return bool(_IDENTITY_CALL.search(self.function))


class Goto(_Part):
    """target: a step's label, "Path 2.1", or "next"."""

    kind: Literal["goto"] = "goto"
    target: str
    note: str = ""


class Handoff(_Part):
    kind: Literal["handoff"] = "handoff"
    routine: str


class Escalate(_Part):
    kind: Literal["escalate"] = "escalate"
    reason: str = ""


class Unknown(_Part):
    """To say that one does not know."""

    kind: Literal["unknown"] = "unknown"
    text: str


class Branch(_Part):
    """how "else" has no condition. predicate: a machine's form of it (see predicate.py)."""

    kind: Literal["branch"] = "branch"
    how: Literal["if", "elif", "else"]
    condition: str = ""
    predicate: str | None = None

    @property
    def agrees(self) -> bool:
        """Whether it holds when the customer said yes."""
        return bool(_AGREES.search(self.condition)) and not _DISAGREES.search(self.condition)

    @property
    def declines(self) -> bool:
        """Whether it holds when the customer said no."""
        text = self.condition
        return bool(_DECLINES.search(text)) or bool(
            _AGREES.search(text) and _DISAGREES.search(text)
        )

    @property
    def nothing_else(self) -> bool:
        return bool(_NOTHING_ELSE.search(self.condition))


class Note(_Part):
    """An instruction to the agent that no other clause covers; "" groups the steps below it."""

    kind: Literal["note"] = "note"
    text: str = ""


class Section(_Part):
    """A heading with what stands under it, as policies have them."""

    kind: Literal["section"] = "section"
    title: str


Clause = Annotated[
    Say | Ask | Confirm | Call | Goto | Handoff | Escalate | Unknown | Branch | Note | Section,
    Field(discriminator="kind"),
]


class Step(_Part):
    """label: "2", "2a", "1.2" or "Path 1", "" for a bullet. line: in the source, from 1."""

    label: str = ""
    line: int = 0
    clause: Clause
    steps: list[Step] = []

    def walk(self) -> Iterator[Step]:
        """The step and all below it, in the order of the text."""
        yield self
        for step in self.steps:
            yield from step.walk()


class Parameter(_Part):
    name: str
    type: str = ""
    optional: bool = False
    about: str = ""


class Function(_Part):
    """signature: whether the definition says which parameters there are, or that there are none."""

    name: str
    parameters: list[Parameter] = []
    signature: bool = True
    result: str | None = None
    purpose: str = ""
    effect: Effect | None = None
    line: int = 0

    @property
    def writes(self) -> bool:
        return self.effect == "write" if self.effect else looks_like_write(self.name)


class Unread(_Part):
    """A line that has no place in the tree, and why."""

    line: int
    text: str
    why: str


class Routine(_Part):
    """meta: name, source, version, context, tools, handoffs. rules: prose that holds throughout."""

    meta: dict[str, str] = {}
    language: Language = "en"
    intro: list[str] = []
    steps: list[Step] = []
    rules: list[str] = []
    functions: list[Function] = []
    unread: list[Unread] = []

    @property
    def name(self) -> str:
        return self.meta.get("name", "routine")

    @property
    def has_definitions(self) -> bool:
        return bool(self.functions)

    @property
    def context(self) -> dict[str, str]:
        """Variables that are there before the first step: `context: user_id, now = 2024-05-15`."""
        pairs = (part.partition("=") for part in self.meta.get("context", "").split(","))
        return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}

    def walk(self) -> Iterator[Step]:
        for step in self.steps:
            yield from step.walk()

    def function(self, name: str) -> Function | None:
        return next((f for f in self.functions if f.name == name), None)


def looks_like_write(function: str) -> bool:
    """A guess from the first word of a function's name, for definitions without an effect."""
    return bool(_WRITE.match(function)) and not _ESCALATION_CALL.match(function)
