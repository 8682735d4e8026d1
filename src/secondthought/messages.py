"""The vocabulary of a conversation: messages, tools, the problem. Imports nothing of ours.

A `Problem` is what a strategy may see. It never holds the gold answer; that stands
in `tasks.base.Item`, which evals and training hold and the loop never receives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from secondthought.verifiers.base import Verifier

Role = Literal["system", "developer", "user", "assistant", "tool"]
ToolChoice = Literal["auto", "required"]
AnswerKind = Literal["text", "integer", "number", "expression", "choice", "grid", "json"]


class BadInput(ValueError):
    """Input that a person can correct: one line that says what, why and what to do.

    The CLI prints the message and exits with code 2; the server answers 400.
    """


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call that a model asks for. `arguments` is the JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may call; `parameters` is a JSON schema. strict: the model's
    server is asked to hold the arguments to it."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One turn.

    content: text, or OpenAI content parts passed through untouched (images and such).
    thought: an assistant turn's reasoning; kept only inside one user turn's tool loop.
    """

    role: Role
    content: str | Sequence[Mapping[str, Any]] = ""
    thought: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    name: str | None = None

    @property
    def text(self) -> str:
        """The content as plain text; parts that are not text are left out."""
        if isinstance(self.content, str):
            return self.content
        return "".join(str(part.get("text", "")) for part in self.content)


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """What shape the answer has; `schema` only for kind "json". strict: the model's server is
    asked to let no other token through, which it does for a part of JSON schema only."""

    kind: AnswerKind = "text"
    schema: Mapping[str, Any] | None = None
    strict: bool = False


TEXT = AnswerFormat()


@dataclass(frozen=True, slots=True)
class Problem:
    """What the loop may see: the conversation and the verifiers that need no answer key.

    tool_choice, parallel_tool_calls: as in a `Request`.
    """

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    format: AnswerFormat = TEXT
    verifiers: tuple[Verifier, ...] = ()
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool | None = None

    @classmethod
    def ask(cls, question: str, *, system: str | None = None) -> Problem:
        """A problem of one user message, with an optional system message before it."""
        head = (Message("system", system),) if system else ()
        return cls((*head, Message("user", question)))

    @property
    def question(self) -> str:
        """The text of the last user message, or "" when there is none."""
        for message in reversed(self.messages):
            if message.role == "user":
                return message.text
        return ""
