from __future__ import annotations

from dataclasses import replace

from secondthought.messages import Message, Tool, ToolCall
from secondthought.models.base import Request
from secondthought.models.remote.prompt import prompt_tokens

ASK = Request([Message("user", "What is it?")])
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 90_000}}


def more(**changes: object) -> int:
    return prompt_tokens(replace(ASK, **changes)) - prompt_tokens(ASK)


def test_everything_that_is_sent_counts() -> None:
    assert prompt_tokens(ASK) == 4 + 3
    assert more(thought_prefix="x" * 400) == 100
    schema = {"type": "object", "properties": {"x": {"type": "string", "description": "y" * 400}}}
    assert 100 < more(tools=[Tool("look_up", "Looks up.", schema)]) < 200
    call = ToolCall("c", "look_up", '{"x": "' + "z" * 400 + '"}')
    turn = Message("assistant", "", tool_calls=(call,))
    assert 100 < more(messages=[*ASK.messages, turn]) < 120


def test_an_image_is_not_counted_by_its_bytes() -> None:
    text = {"type": "text", "text": "What is it?"}
    assert more(messages=[Message("user", [text, IMAGE, IMAGE])]) == 2000
