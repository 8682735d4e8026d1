"""A Chat Completions request, and the problem that it poses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from pydantic import Field

from secondthought.messages import Message, ToolCall
from secondthought.server.errors import bad
from secondthought.server.wire.base import MOST_TOKENS, Loose, Wire


class CalledFunction(Loose):
    name: str
    arguments: str = ""


class CalledCustom(Loose):
    name: str
    input: str = ""


class Call(Loose):
    id: str
    type: Literal["function", "custom"] = "function"
    function: CalledFunction | None = None
    custom: CalledCustom | None = None

    @property
    def call(self) -> ToolCall | None:
        if self.function is not None:
            return ToolCall(self.id, self.function.name, self.function.arguments)
        if self.custom is not None:
            return ToolCall(self.id, self.custom.name, self.custom.input)
        return None


class ChatMessage(Loose):
    """reasoning_content, reasoning: a thought that the client kept, as open models want it back
    inside a tool loop."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[dict[str, Any]] | None = None
    refusal: str | None = None
    name: str | None = None
    tool_calls: list[Call] | None = None
    tool_call_id: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class StreamOptions(Wire):
    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class ChatRequest(Wire):
    """The honoured parameters. Which others exist stands in params.py."""

    model: str
    messages: list[ChatMessage] = Field(min_length=1)
    max_completion_tokens: int | None = Field(None, ge=1, le=MOST_TOKENS)
    max_tokens: int | None = Field(None, ge=1, le=MOST_TOKENS)
    reasoning_effort: str | None = None
    n: int | None = Field(None, ge=1, le=16)
    stop: str | list[str] | None = None
    seed: int | None = Field(None, ge=-(2**63), lt=2**63)
    temperature: float | None = Field(None, ge=0, le=2)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    response_format: dict[str, Any] | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    metadata: dict[str, str] | None = None
    verifiers: list[dict[str, Any]] | None = None
    min_confidence: float | None = Field(None, ge=0, le=1)

    @property
    def max_new(self) -> int | None:
        """The limit on thought and answer together. Raises ApiError for two different ones."""
        new, old = self.max_completion_tokens, self.max_tokens
        if new is not None and old is not None and new != old:
            raise bad(
                "max_tokens and max_completion_tokens differ; send max_completion_tokens alone.",
                "max_tokens",
                "invalid_value",
            )
        return new if new is not None else old

    @property
    def stops(self) -> tuple[str, ...]:
        """Raises ApiError for more than four, and for one that is too long."""
        given = [self.stop] if isinstance(self.stop, str) else self.stop or []
        if len(given) > 4 or any(not text or len(text) > 256 for text in given):
            raise bad("stop takes up to 4 strings of 1 to 256 characters.", "stop", "invalid_value")
        return tuple(given)


def messages(
    given: Sequence[ChatMessage], *, images: bool, thought_of: Callable[[str], str | None]
) -> tuple[Message, ...]:
    """The conversation as the loop takes it.

    Thoughts belong to the tool loop of the last user turn: there a turn that called tools gets
    the thought that came before them (kept by us: `thought_of(tool call id)`, else as the client
    sent it); older ones are left out. images: whether the model understands them. Raises ApiError.
    """
    last_user = max((i for i, m in enumerate(given) if m.role == "user"), default=-1)
    called: set[str] = set()
    out: list[Message] = []
    for i, message in enumerate(given):
        where = f"messages[{i}]"
        calls = tuple(c for call in message.tool_calls or () if (c := call.call) is not None)
        if calls and message.role != "assistant":
            raise bad("Only assistant messages call tools.", f"{where}.tool_calls")
        called |= {call.id for call in calls}
        if message.role == "tool" and message.tool_call_id not in called:
            raise bad(
                "A tool message must answer a tool call of an assistant message before it.",
                f"{where}.tool_call_id",
                "invalid_value",
            )
        text = content(message.content, f"{where}.content", images=images)
        if message.role == "assistant":
            text = text or message.refusal or ""
        elif message.content is None:
            raise bad(f"Missing required parameter: '{where}.content'.", f"{where}.content")
        thought = None
        if i > last_user and message.role == "assistant":
            kept = (thought_of(call.id) for call in calls)
            thought = next((t for t in kept if t is not None), None)
            thought = thought or message.reasoning_content or message.reasoning
        out.append(Message(message.role, text, thought, calls, message.tool_call_id, message.name))
    return tuple(out)


_TEXT = ("text", "input_text", "output_text")


def content(
    value: str | list[dict[str, Any]] | None, where: str, *, images: bool
) -> str | list[dict[str, Any]]:
    """Text as one string; with images, parts in the spelling of Chat Completions."""
    if value is None or isinstance(value, str):
        return value or ""
    parts = [_part(part, f"{where}[{i}]", images=images) for i, part in enumerate(value)]
    if all(part["type"] == "text" for part in parts):
        return "".join(part["text"] for part in parts)
    return parts


def _part(part: dict[str, Any], where: str, *, images: bool) -> dict[str, Any]:
    kind = part.get("type")
    if kind in (*_TEXT, "refusal"):
        text = part.get("refusal" if kind == "refusal" else "text")
        if not isinstance(text, str):
            raise bad(f"Invalid type for '{where}.text': give a string.", where, "invalid_type")
        return {"type": "text", "text": text}
    if kind in ("image_url", "input_image") and images:
        image = part.get("image_url")
        if isinstance(image, str):
            image = {"url": image, "detail": part.get("detail") or "auto"}
        if isinstance(image, dict) and isinstance(image.get("url"), str):  # pyright: ignore
            return {"type": "image_url", "image_url": image}
    raise bad(
        f"This model does not take content of type {str(kind)[:40]!r}; send text.",
        where,
        "unsupported_value",
    )
