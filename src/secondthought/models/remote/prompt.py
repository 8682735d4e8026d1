"""How many tokens a request's prompt may have, for servers that do not count them for us."""

from __future__ import annotations

import json
from typing import Any

from secondthought.messages import Message
from secondthought.models.base import Request
from secondthought.models.remote.tokens import estimate

_IMAGE = 1000  # tokens: what servers take for one differs from 85 to some thousands
_TURN = 4  # tokens of a chat template around a turn


def prompt_tokens(request: Request) -> int:
    """An estimate, of the turns with their images and tool calls, and of the tools offered."""
    tools = [(tool.name, tool.description, dict(tool.parameters)) for tool in request.tools]
    return (
        sum(map(_turn, request.messages))
        + estimate(request.thought_prefix or "")
        + (estimate(_json(tools)) if tools else 0)
    )


def _turn(turn: Message) -> int:
    parts = () if isinstance(turn.content, str) else turn.content
    images = sum(part.get("type") == "image_url" for part in parts)
    calls = "".join(call.name + call.arguments for call in turn.tool_calls)
    said = estimate(turn.text) + estimate(turn.thought or "") + estimate(calls)
    return _TURN + said + _IMAGE * images


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
