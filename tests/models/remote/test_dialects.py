"""What goes over the wire, dialect by dialect."""

from __future__ import annotations

from typing import Any

import pytest

from secondthought.messages import AnswerFormat, Message, Tool, ToolCall
from secondthought.models.base import Request
from secondthought.models.remote import dialects
from secondthought.models.remote.dialects import DIALECTS, Dialect, body

ASK = Request([Message("user", "What?")], max_thought=800, max_answer=100)
ANSWER = Request([Message("user", "What?")], think=False, max_thought=0, max_answer=100)


def sent(dialect: Dialect, request: Request, refused: set[str] | None = None) -> dict[str, Any]:
    return body(dialect, "m", request, seed=7, limit=900, refused=refused or set())


@pytest.mark.parametrize(
    ("dialect", "on", "off"),
    [
        (
            dialects.OPENAI,
            {"reasoning_effort": "medium", "max_completion_tokens": 900},
            {"reasoning_effort": "none"},
        ),
        (
            dialects.VLLM,
            {"thinking_token_budget": 768, "max_tokens": 900},
            {"thinking_token_budget": 0},
        ),
        (dialects.LLAMA_CPP, {"thinking_budget_tokens": 768}, {"thinking_budget_tokens": 0}),
        (dialects.OLLAMA, {}, {"reasoning_effort": "none"}),
        (
            dialects.DEEPSEEK,
            {"thinking": {"type": "enabled"}},
            {"thinking": {"type": "disabled"}},
        ),
        (dialects.SGLANG, {"custom_params": {"thinking_budget": 768}}, {}),
    ],
)
def test_thinking_is_switched_and_held(
    dialect: Dialect, on: dict[str, Any], off: dict[str, Any]
) -> None:
    for request, fields in ((ASK, on), (ANSWER, off)):
        wire = sent(dialect, request)
        assert wire == wire | fields
        assert wire["messages"] == [{"role": "user", "content": "What?"}]
        assert wire["stream_options"]["include_usage"] is True
    if dialect in (dialects.VLLM, dialects.LLAMA_CPP, dialects.SGLANG):
        assert sent(dialect, ASK)["chat_template_kwargs"]["enable_thinking"] is True
        assert sent(dialect, ANSWER)["chat_template_kwargs"]["enable_thinking"] is False


@pytest.mark.parametrize("dialect", [dialects.VLLM, dialects.SGLANG])
@pytest.mark.parametrize(
    ("max_thought", "content"),
    [(0, "<think>\na thought\n</think>\n\n"), (50, "<think>\na thought\n")],
)
def test_going_on_after_a_thought(dialect: Dialect, max_thought: int, content: str) -> None:
    request = Request(ASK.messages, thought_prefix="\na thought</think>\n", max_thought=max_thought)
    wire = sent(dialect, request)
    assert wire["messages"][-1] == {"role": "assistant", "content": content}
    assert wire["continue_final_message"] is True
    assert "chat_template_kwargs" not in wire


IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
CALL = ToolCall("call_1", "look_up", '{"x": 1}')
TURNS = [
    Message("system", "Be brief."),
    Message("user", "An old question"),
    Message("assistant", "", thought="old thought", tool_calls=(CALL,)),
    Message("tool", "old result", tool_call_id="call_1"),
    Message("assistant", "old answer", thought="never sent back"),
    Message("developer", "Be polite."),
    Message("user", [{"type": "text", "text": "What is it?"}, IMAGE], name="ann"),
    Message("assistant", "", thought="a thought", tool_calls=(CALL,)),
    Message("tool", '{"y": 2}', tool_call_id="call_1"),
]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: d.name)
def test_roles_images_tools_and_results_pass_untouched(dialect: Dialect) -> None:
    schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    wire = sent(dialect, Request(TURNS, tools=[Tool("look_up", "Looks up.", schema)]))
    assert [m["role"] for m in wire["messages"]] == [m.role for m in TURNS]
    assert wire["messages"][6]["content"] == TURNS[6].content
    assert wire["messages"][6]["name"] == "ann"
    assert wire["messages"][8]["tool_call_id"] == "call_1"
    (call,) = wire["messages"][7]["tool_calls"]
    assert call["function"] == {"name": "look_up", "arguments": '{"x": 1}'}
    assert wire["tools"][0]["function"]["parameters"] == schema
    assert "never sent back" not in str(wire)


@pytest.mark.parametrize(
    ("dialect", "fields", "old"),
    [
        (dialects.DEEPSEEK, ["reasoning_content"], True),
        (dialects.LLAMA_CPP, ["reasoning_content"], False),
        (dialects.SGLANG, ["reasoning_content"], False),
        (dialects.VLLM, ["reasoning", "reasoning_content"], False),
        (dialects.OLLAMA, ["reasoning"], False),
        (dialects.OPENAI, [], False),
    ],
)
def test_thoughts_are_kept_through_the_tool_calls_of_a_turn(
    dialect: Dialect, fields: list[str], old: bool
) -> None:
    messages = sent(dialect, Request(TURNS))["messages"]
    for field in ("reasoning", "reasoning_content"):
        assert (messages[7].get(field) == "a thought") is (field in fields)
    assert ("old thought" in str(messages)) is old


@pytest.mark.parametrize("strict", [False, True])
def test_json_answers(strict: bool) -> None:
    schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    request = Request(ASK.messages, format=AnswerFormat("json", schema, strict=strict))
    for dialect in (dialects.OPENAI, dialects.VLLM):
        told = sent(dialect, request)["response_format"]["json_schema"]
        assert (told["schema"], told["strict"]) == (schema, strict)
    assert sent(dialects.DEEPSEEK, request)["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize("schema", [None, {"type": "object"}])
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: d.name)
def test_any_json_object(dialect: Dialect, schema: dict[str, Any] | None) -> None:
    request = Request(ASK.messages, format=AnswerFormat("json", schema))
    assert sent(dialect, request)["response_format"] == {"type": "json_object"}


ADD, SUBTRACT = Tool("add", strict=True), Tool("subtract")
NAMED = {"type": "function", "function": {"name": "add"}}


def test_tools_pass_with_all_that_was_said_of_them() -> None:
    request = Request(ASK.messages, tools=[ADD, SUBTRACT], parallel_tool_calls=False)
    for dialect in DIALECTS:
        wire = sent(dialect, request)
        assert wire["parallel_tool_calls"] is False
        assert [tool["function"].get("strict") for tool in wire["tools"]] == [True, None]
        assert "tool_choice" not in wire
    wire = sent(dialects.VLLM, Request(ASK.messages, tools=[ADD]))
    assert "parallel_tool_calls" not in wire
    assert "parallel_tool_calls" not in sent(dialects.VLLM, ASK)


@pytest.mark.parametrize(
    ("dialect", "one"),
    [
        (dialects.OPENAI, NAMED),
        (dialects.VLLM, NAMED),
        (dialects.SGLANG, NAMED),
        (dialects.DEEPSEEK, NAMED),
        (dialects.LLAMA_CPP, "required"),
        (dialects.OTHER, "required"),
    ],
)
def test_a_call_that_has_to_come(dialect: Dialect, one: Any) -> None:
    must = Request(TURNS, tools=[ADD, SUBTRACT], tool_choice="required")
    wire = sent(dialect, must)
    assert wire["tool_choice"] == "required"
    assert wire["messages"][0]["content"] == "Be brief."
    assert sent(dialect, Request(TURNS, tools=[ADD], tool_choice="required"))["tool_choice"] == one


def test_a_model_that_takes_no_choice_is_told_in_words() -> None:
    must = Request(TURNS, tools=[ADD, SUBTRACT], tool_choice="required")
    refusing = sent(dialects.VLLM, must, {"tool_choice"})
    for wire in (sent(dialects.OLLAMA, must), refusing):
        assert "tool_choice" not in wire
        said = wire["messages"][0]["content"]
        assert said == "Be brief.\n\nAnswer by calling one of: add, subtract."
        assert len(wire["messages"]) == len(TURNS)
    alone = Request(ASK.messages, tools=[ADD], tool_choice="required")
    roles = [m["role"] for m in sent(dialects.OLLAMA, alone)["messages"]]
    assert roles == ["system", "user"]
    part = {"type": "text", "text": "Be brief."}
    parts = Request([Message("system", [part]), *TURNS[1:]], tools=[ADD], tool_choice="required")
    first = sent(dialects.OLLAMA, parts)["messages"][0]["content"]
    assert first == [part, {"type": "text", "text": "Answer by calling one of: add."}]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("thinking_token_budget is set but not configured", ["thinking_token_budget"]),
        ("Unrecognized request argument supplied: seed", ["seed"]),
        ("['body', 'chat_template_kwargs']: Extra inputs", ["chat_template_kwargs"]),
        ("Unsupported value: 'temperature' does not support 0 with this model.", ["temperature"]),
        ("seed the field with grass; room temperature", []),
        ("The messages must alternate", []),
    ],
)
def test_what_a_server_refuses_by_name(said: str, fields: list[str]) -> None:
    assert dialects.refused(sent(dialects.VLLM, ASK), said) == set(fields)


def test_a_complaint_in_plain_words_is_no_name() -> None:
    wire = sent(dialects.DEEPSEEK, ASK)
    assert not dialects.refused(wire, "The reasoning_content in the thinking mode must be passed")
    assert dialects.refused(wire, "unknown field: thinking") == {"thinking"}


def test_the_lowest_effort_that_a_model_takes() -> None:
    refused: set[str] = set()
    efforts: list[str] = []
    while (wire := sent(dialects.OPENAI, ANSWER, refused)).get("reasoning_effort"):
        efforts.append(wire["reasoning_effort"])
        refused |= dialects.refused(wire, "Unsupported value: 'reasoning_effort'")
    assert efforts == ["none", "minimal", "low"]


@pytest.mark.parametrize("dialect", [dialects.OTHER, dialects.OLLAMA])
def test_an_effort_that_is_refused_is_not_sent_again(dialect: Dialect) -> None:
    wire = sent(dialect, ANSWER)
    refused = dialects.refused(wire, "Unsupported parameter: 'reasoning_effort'")
    assert refused
    assert "reasoning_effort" not in sent(dialect, ANSWER, refused)
