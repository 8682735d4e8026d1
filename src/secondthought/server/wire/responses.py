"""A Responses request and its items, and the conversation that they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from secondthought.messages import Message, ToolCall
from secondthought.server.errors import ApiError, bad
from secondthought.server.ids import new_id
from secondthought.server.wire.base import MOST_TOKENS, Loose, Wire, parse, unused
from secondthought.server.wire.chat import StreamOptions, content
from secondthought.server.wire.tools import grouped_name

ENCRYPTED = "reasoning.encrypted_content"


class ReasoningOptions(Wire):
    effort: str | None = None
    summary: Literal["auto", "concise", "detailed", "none"] | None = None
    generate_summary: Literal["auto", "concise", "detailed"] | None = None
    mode: str | None = None
    context: Literal["auto", "current_turn", "all_turns"] | None = None


class TextOptions(Wire):
    format: dict[str, Any] | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


class ResponsesRequest(Wire):
    """The honoured parameters. Which others exist stands in params.py."""

    model: str
    input: str | list[dict[str, Any]] = Field(min_length=1)
    instructions: str | None = None
    reasoning: ReasoningOptions | None = None
    max_output_tokens: int | None = Field(None, ge=1, le=MOST_TOKENS)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    include: list[str] | None = None
    store: bool | None = None
    previous_response_id: str | None = None
    background: bool | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    text: TextOptions | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    metadata: dict[str, str] | None = None
    seed: int | None = Field(None, ge=-(2**63), lt=2**63)
    verifiers: list[dict[str, Any]] | None = None
    min_confidence: float | None = Field(None, ge=0, le=1)


class Hints(Wire):
    """What is echoed, and changes no answer."""

    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    max_tool_calls: int | None = None


class InputTokensRequest(ResponsesRequest):
    """What may be left out where nothing is to be generated."""

    model: str = ""
    input: str | list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])


class _Message(Loose):
    id: str | None = None
    role: Literal["user", "assistant", "system", "developer"]
    content: str | list[dict[str, Any]]
    phase: Literal["commentary", "final_answer"] | None = None


class _Call(Loose):
    id: str | None = None
    call_id: str
    name: str
    namespace: str | None = None
    arguments: str


class _CustomCall(Loose):
    id: str | None = None
    call_id: str
    name: str
    namespace: str | None = None
    input: str


class _Output(Loose):
    id: str | None = None
    call_id: str
    output: str | list[dict[str, Any]]


class _Summary(Loose):
    text: str


class _Reasoning(Loose):
    id: str | None = None
    summary: list[_Summary] = Field(default_factory=list[_Summary])
    content: list[_Summary] | None = None
    encrypted_content: str | None = None


_KINDS: dict[str, type[Loose]] = {
    "message": _Message,
    "function_call": _Call,
    "custom_tool_call": _CustomCall,
    "function_call_output": _Output,
    "custom_tool_call_output": _Output,
    "reasoning": _Reasoning,
}


def items(
    given: str | Sequence[Mapping[str, Any]], changed: dict[str, Any]
) -> list[dict[str, Any]]:
    """The input as full items with ids, as they are stored and listed. changed: takes note of
    what is not looked at. Raises ApiError 400."""
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    return [_item(dict(raw), f"input[{i}]", changed) for i, raw in enumerate(given)]


def _item(raw: dict[str, Any], where: str, changed: dict[str, Any]) -> dict[str, Any]:
    kind = raw.get("type", "message")
    if isinstance(kind, str) and kind in _KINDS:
        changed |= unused(raw, _KINDS[kind], where, "type", "status")
    if kind == "message":
        return _message(parse(_Message, raw, where))
    if kind == "function_call":
        call = parse(_Call, raw, where)
        return {"id": call.id or new_id("fc"), "type": kind, "status": "completed"} | {
            "call_id": call.call_id,
            **_named(call),
            "arguments": call.arguments,
        }
    if kind == "custom_tool_call":
        custom = parse(_CustomCall, raw, where)
        return {"id": custom.id or new_id("ctc"), "type": kind, "status": "completed"} | {
            "call_id": custom.call_id,
            **_named(custom),
            "input": custom.input,
        }
    if kind in ("function_call_output", "custom_tool_call_output"):
        output = parse(_Output, raw, where)
        prefix = "fco" if kind == "function_call_output" else "ctco"
        return {"id": output.id or new_id(prefix), "type": kind, "status": "completed"} | {
            "call_id": output.call_id,
            "output": output.output,
        }
    if kind == "reasoning":
        thought = parse(_Reasoning, raw, where)
        item: dict[str, Any] = {
            "id": thought.id or new_id("rs"),
            "type": kind,
            "summary": [{"type": "summary_text", "text": part.text} for part in thought.summary],
        }
        if thought.content:
            item["content"] = [
                {"type": "reasoning_text", "text": part.text} for part in thought.content
            ]
        if thought.encrypted_content is not None:
            item["encrypted_content"] = thought.encrypted_content
        return item
    raise bad(f"Unsupported item type {str(kind)[:40]!r}.", where, "unsupported_value")


def _named(call: _Call | _CustomCall) -> dict[str, str]:
    return {"name": call.name, **({"namespace": call.namespace} if call.namespace else {})}


def _message(message: _Message) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": message.id or new_id("msg"),
        "type": "message",
        "role": message.role,
        "status": "completed",
    }
    ours = message.role == "assistant"
    parts: list[dict[str, Any]]
    if isinstance(message.content, str):
        parts = [{"type": "input_text", "text": message.content}]
    else:
        parts = [dict(part) for part in message.content]
    if ours:
        parts = [
            {"type": "output_text", "text": part.get("text"), "annotations": [], "logprobs": []}
            if part.get("type") in ("input_text", "text", "output_text")
            else part
            for part in parts
        ]
        if message.phase is not None:
            item["phase"] = message.phase
    item["content"] = parts
    return item


def conversation(
    given: Sequence[dict[str, Any]],
    *,
    images: bool,
    decrypt: Callable[[str], str],
    thought_of: Callable[[str], str | None],
) -> list[Message]:
    """The items as messages; see `wire.chat.messages` for which thoughts stay.

    decrypt raises ApiError for encrypted content that is not ours, and every one is opened, also
    of thoughts that are left out. thought_of(call id): a thought that was kept by us.
    """
    last_user = max((i for i, item in enumerate(given) if item.get("role") == "user"), default=-1)
    turn = _Turn()
    called: set[str] = set()
    for i, item in enumerate(given):
        where, kind = f"input[{i}]", item["type"]
        if kind == "reasoning":
            thought = _thought(item, where, decrypt)
            if i > last_user:
                turn.think(thought)
        elif kind in ("function_call", "custom_tool_call"):
            called.add(item["call_id"])
            kept = thought_of(item["call_id"]) if i > last_user else None
            turn.call(item, kept)
        elif kind in ("function_call_output", "custom_tool_call_output"):
            if item["call_id"] not in called:
                text = f"No tool call found for output with call_id {item['call_id'][:60]!r}."
                raise bad(text, where, "invalid_value")
            text = content(item["output"], f"{where}.output", images=images)
            turn.other(Message("tool", text, tool_call_id=item["call_id"]))
        else:
            text = content(item["content"], f"{where}.content", images=images)
            if item["role"] == "assistant":
                turn.say(text)
            else:
                turn.other(Message(item["role"], text))
    turn.close()
    return turn.messages


def _thought(item: dict[str, Any], where: str, decrypt: Callable[[str], str]) -> str:
    if item.get("encrypted_content") is not None:
        try:
            return decrypt(item["encrypted_content"])
        except ApiError as error:
            error.param = f"{where}.encrypted_content"
            raise
    return "".join(part["text"] for part in item.get("content", ()))


class _Turn:
    """Puts an assistant's reasoning, text and calls, which are items of their own, into one
    message, as chat models expect them."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._thought = ""
        self._text: str | list[dict[str, Any]] = ""
        self._calls: list[ToolCall] = []
        self._open = False

    def think(self, thought: str) -> None:
        if self._open:
            self.close()
        self._thought += thought

    def say(self, text: str | list[dict[str, Any]]) -> None:
        if self._open:
            self.close()
        self._text, self._open = text, True

    def call(self, item: dict[str, Any], kept: str | None) -> None:
        arguments = item["arguments"] if "arguments" in item else item["input"]
        name: str = item["name"]
        if "namespace" in item:
            name = grouped_name(item["namespace"], name)
        self._calls.append(ToolCall(item["call_id"], name, arguments))
        self._thought = self._thought or kept or ""
        self._open = True

    def other(self, message: Message) -> None:
        self.close()
        self.messages.append(message)

    def close(self) -> None:
        if self._open:
            thought = self._thought or None
            self.messages.append(Message("assistant", self._text, thought, tuple(self._calls)))
        self._thought, self._text, self._calls, self._open = "", "", [], False
