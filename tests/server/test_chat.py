"""Chat Completions: what goes in, what comes out, byte for byte as the official types want it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from secondthought.verifiers.load import load
from tests.server.conftest import PLAIN, Serve, events

openai_chat = pytest.importorskip("openai.types.chat")


def strict(body: str) -> Any:
    return openai_chat.ChatCompletion.model_validate_json(body, strict=True)


def chunks(text: str) -> list[Any]:
    return [
        openai_chat.ChatCompletionChunk.model_validate_json(json.dumps(event), strict=True)
        for event in events(text)
    ]


def test_a_completion_has_the_official_form_and_its_counts_add_up(serve: Serve) -> None:
    reply = serve().chat(metadata={"a": "b"})
    got = strict(reply.text)
    assert got.id.startswith("chatcmpl-")
    assert got.object == "chat.completion"
    assert got.model == "script"
    assert got.metadata == {"a": "b"}
    choice = got.choices[0]
    assert (choice.index, choice.finish_reason) == (0, "stop")
    assert choice.message.content == "hello there friend"
    assert choice.message.tool_calls is None
    usage = got.usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (1, 6, 7)
    assert usage.completion_tokens_details.reasoning_tokens == 3
    assert reply.headers["x-request-id"].startswith("req_")


def test_n_answers_have_seeds_of_their_own_and_their_tokens_add_up(serve: Serve) -> None:
    server = serve({"thought": "a b ", "answers": ["one", "two", "three"]})
    got = strict(server.chat(n=3, seed=5).text)
    assert sorted(c.message.content for c in got.choices) == ["one", "three", "two"]
    assert [c.index for c in got.choices] == [0, 1, 2]
    assert got.usage.completion_tokens == 9
    assert got.usage.completion_tokens_details.reasoning_tokens == 6
    assert got.usage.prompt_tokens == 1
    assert sorted(r.seeds[0] for r in server.model.requests) == [5, 6, 7]
    assert {r.temperature for r in server.model.requests} == {0.7}


def test_seed_and_temperature_reach_the_model(serve: Serve) -> None:
    server = serve()
    server.chat(seed=11, temperature=0.3)
    server.chat(seed=-1)
    server.chat()
    first, second, third = server.model.requests
    assert (first.seeds, first.temperature) == ((11,), 0.3)
    assert second.seeds[0] >= 0
    assert third.temperature == 0.0


@pytest.mark.parametrize("stream", [False, True])
def test_stop_ends_the_answer_and_never_the_thought(serve: Serve, stream: bool) -> None:
    server = serve({"thought": "END is not the end ", "answer": "before and END after it"})
    reply = server.chat(stop=["nowhere", "END"], stream=stream)
    if stream:
        text = "".join(c.choices[0].delta.content or "" for c in chunks(reply.text) if c.choices)
        assert chunks(reply.text)[-1].choices[0].finish_reason == "stop"
    else:
        choice = strict(reply.text).choices[0]
        text = choice.message.content
        assert choice.finish_reason == "stop"
    assert text == "before and "


def test_a_stop_string_that_never_comes_holds_nothing_back(serve: Serve) -> None:
    got = strict(serve({"answer": "the EN"}).chat(stop="END").text)
    assert got.choices[0].message.content == "the EN"


def test_the_limit_counts_thought_and_answer_together(serve: Serve) -> None:
    server = serve({"thought": "t " * 50, "answer": "a " * 50})
    got = strict(server.chat(max_completion_tokens=300, reasoning_effort="minimal").text)
    assert got.usage.completion_tokens <= 300
    got = strict(server.chat(max_tokens=20).text)
    assert got.usage.completion_tokens <= 20
    assert got.choices[0].finish_reason == "length"


def test_both_limits_must_agree(serve: Serve) -> None:
    server = serve()
    assert server.chat(max_tokens=5, max_completion_tokens=5).status_code == 200
    reply = server.chat(max_tokens=5, max_completion_tokens=6)
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == "max_tokens"


def test_an_answer_without_room_is_empty_text_and_length(serve: Serve) -> None:
    """o1's form: status 200, an empty string (not null), finish_reason length."""
    turn = {"thought": "t " * 50, "answer": "a", "fail": {"how": "empty"}}
    choice = json.loads(serve(turn).chat().text)["choices"][0]
    assert choice["message"]["content"] == ""
    assert choice["finish_reason"] == "length"


def test_effort_decides_whether_it_thinks(serve: Serve) -> None:
    server = serve()
    assert not server.chat(reasoning_effort="none").json()["usage"]["completion_tokens_details"][
        "reasoning_tokens"
    ]
    body = server.chat(reasoning_effort="auto").json()
    assert body["secondthought"]["effort"] == "auto"
    reply = server.chat(reasoning_effort="enormous")
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == "reasoning_effort"
    assert reply.json()["error"]["code"] == "unsupported_value"


def test_roles_and_parts_reach_the_model(serve: Serve) -> None:
    server = serve()
    messages = [
        {"role": "developer", "content": "be brief"},
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        {"role": "assistant", "content": None, "refusal": "no"},
        {"role": "user", "content": "hi", "name": "x"},
    ]
    assert server.post("/v1/chat/completions", {"model": "script", "messages": messages}).is_success
    sent = server.model.requests[0].messages
    assert [(m.role, m.content) for m in sent] == [
        ("developer", "be brief"),
        ("user", "ab"),
        ("assistant", "no"),
        ("user", "hi"),
    ]


def test_images_are_refused_where_the_model_has_no_eyes(serve: Serve) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    messages = [{"role": "user", "content": [image]}]
    reply = serve().post("/v1/chat/completions", {"model": "script", "messages": messages})
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == "messages[0].content[0]"


# --- streams -----------------------------------------------------------------------------------


def test_a_stream_has_the_official_order(serve: Serve) -> None:
    reply = serve().chat(stream=True, stream_options={"include_usage": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    got = chunks(reply.text)
    assert len({(c.id, c.created, c.model, c.object) for c in got}) == 1
    first = got[0].choices[0].delta
    assert (first.role, first.content) == ("assistant", "")
    assert "".join(c.choices[0].delta.content or "" for c in got[:-1]) == "hello there friend"
    assert [c.choices[0].finish_reason for c in got[:-1]] == [None] * (len(got) - 2) + ["stop"]
    assert got[-2].choices[0].delta.model_dump(exclude_none=True) == {}
    assert all(c.usage is None for c in got[:-1])
    assert all("usage" in event for event in events(reply.text))
    assert got[-1].choices == []
    assert got[-1].usage.total_tokens == 7


def test_without_include_usage_no_chunk_has_any(serve: Serve) -> None:
    assert all("usage" not in event for event in events(serve().chat(stream=True).text))


def test_a_stream_of_several_answers_keeps_them_apart(serve: Serve) -> None:
    server = serve({"answers": ["a b c", "d e f"], "tokens_per_second": 200})
    texts = {0: "", 1: ""}
    for chunk in chunks(server.chat(stream=True, n=2).text):
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    assert sorted(texts.values()) == ["a b c", "d e f"]


def test_shown_thoughts_of_several_branches_are_not_mixed(serve: Serve) -> None:
    """A vote thinks several times at once: one thought is shown at a time, each as a whole."""
    server = serve({"thought": "a b c d e f ", "answers": ["1", "2", "1"]})
    thought = server.chat(reasoning_effort="high").json()["choices"][0]["message"]
    parts = thought["reasoning_content"].split("\n\n")
    assert set(parts) == {"a b c d e f "}


# --- tools -------------------------------------------------------------------------------------

TOOL = {
    "type": "function",
    "function": {"name": "add", "parameters": {"type": "object", "properties": {}}},
}
CALLS = {
    "thought": "I must add. ",
    "tool_calls": [
        {"name": "add", "arguments": {"a": 1}},
        {"name": "add", "arguments": {"a": 2}},
    ],
}


def test_tool_calls_pass_through(serve: Serve) -> None:
    server = serve(CALLS)
    choice = strict(server.chat(tools=[TOOL]).text).choices[0]
    assert choice.finish_reason == "tool_calls"
    assert choice.message.content is None
    assert [c.function.name for c in choice.message.tool_calls] == ["add", "add"]
    assert json.loads(choice.message.tool_calls[1].function.arguments) == {"a": 2}
    assert len({c.id for c in choice.message.tool_calls}) == 2
    assert server.model.requests[0].tools[0].name == "add"


def test_tool_calls_stream_with_their_index(serve: Serve) -> None:
    got = chunks(serve(CALLS).chat(tools=[TOOL], stream=True).text)
    calls = [call for c in got for call in c.choices[0].delta.tool_calls or ()]
    assert [call.index for call in calls] == [0, 1]
    assert all(call.id and call.type == "function" for call in calls)
    assert got[-1].choices[0].finish_reason == "tool_calls"


def test_without_parallel_calls_only_the_first_leaves(serve: Serve) -> None:
    choice = strict(serve(CALLS).chat(tools=[TOOL], parallel_tool_calls=False).text).choices[0]
    assert len(choice.message.tool_calls) == 1
    assert choice.finish_reason == "tool_calls"


def test_tool_choice_narrows_what_the_model_sees(serve: Serve) -> None:
    other = {"type": "function", "function": {"name": "other"}}
    server = serve(PLAIN)
    server.chat(tools=[TOOL, other], tool_choice="none")
    assert server.model.requests[-1].tools == ()
    allowed = {
        "type": "allowed_tools",
        "allowed_tools": {
            "mode": "auto",
            "tools": [{"type": "function", "function": {"name": "other"}}],
        },
    }
    assert server.chat(tools=[TOOL, other], tool_choice=allowed).is_success
    assert [t.name for t in server.model.requests[-1].tools] == ["other"]


def test_a_required_call_that_does_not_come_is_an_error_and_no_answer(serve: Serve) -> None:
    named = {"type": "function", "function": {"name": "add"}}
    reply = serve(PLAIN).chat(tools=[TOOL], tool_choice=named)
    assert reply.status_code == 502
    assert reply.json()["error"]["code"] == "tool_call_missing"


def test_custom_tools_take_free_text(serve: Serve) -> None:
    server = serve({"tool_calls": [{"name": "sql", "arguments": {"input": "SELECT 1"}}]})
    tools = [{"type": "custom", "custom": {"name": "sql", "description": "a query"}}]
    call = strict(server.chat(tools=tools).text).choices[0].message.tool_calls[0]
    assert (call.type, call.custom.name, call.custom.input) == ("custom", "sql", "SELECT 1")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"tools": [{"type": "web_search"}]}, "tools[0]"),
        ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "tools[0].name"),
        ({"tools": [TOOL, TOOL]}, "tools[1]"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tools": [TOOL], "tool_choice": {"type": "function", "name": "x"}}, "tool_choice"),
        ({"messages": [{"role": "tool", "tool_call_id": "x", "content": "1"}]}, None),
    ],
)
def test_wrong_tools_are_refused_by_name(
    serve: Serve, change: dict[str, Any], param: str | None
) -> None:
    reply = serve().chat(**change)
    assert reply.status_code == 400
    assert param is None or reply.json()["error"]["param"] == param


# --- formats and verifiers ---------------------------------------------------------------------

SCHEMA = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
FORMAT = {"type": "json_schema", "json_schema": {"name": "n", "strict": True, "schema": SCHEMA}}


def test_an_answer_out_of_form_is_told_what_is_wrong_and_tried_again(serve: Serve) -> None:
    server = serve(
        {"match": "hi", "thought": "t ", "answer": '{"x": "no"}'},
        {"match": "wrong", "thought": "t ", "answer": '{"x": 1}'},
    )
    body = server.chat(response_format=FORMAT).json()
    assert body["choices"][0]["message"]["content"] == '{"x": 1}'
    assert body["choices"][0]["secondthought"]["verdicts"][0]["outcome"] == "passed"


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_stays_out_of_form_never_leaves(serve: Serve, stream: bool) -> None:
    server = serve({"thought": "t ", "answer": "no json at all"})
    reply = server.chat(response_format={"type": "json_object"}, stream=stream)
    assert "no json at all" not in reply.text
    if stream:
        deltas = [c.choices[0].delta for c in chunks(reply.text)]
        assert any(d.refusal for d in deltas)
    else:
        message = strict(reply.text).choices[0].message
        assert message.refusal
        assert message.content == ""


def test_verifiers_in_the_request_make_the_loop_go_on(serve: Serve) -> None:
    server = serve(
        {"match": "hi", "thought": "t ", "answer": "five"},
        {"match": "wrong", "thought": "t ", "answer": "42"},
    )
    body = server.chat(verifiers=[{"type": "regex", "pattern": "[0-9]+"}]).json()
    assert body["choices"][0]["message"]["content"] == "42"
    verdicts = body["choices"][0]["secondthought"]["verdicts"]
    assert [(v["verifier"], v["outcome"]) for v in verdicts] == [("regex", "passed")]


def test_the_operators_verifiers_look_at_every_answer(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def f(question, answer): return answer == '42', 'say 42'\n")
    server = serve(
        {"match": "hi", "thought": "t ", "answer": "5"},
        {"match": "say 42", "thought": "t ", "answer": "42"},
        {"answer": "no json"},
        verifiers=(load(f"{tmp_path}/mine.py:f"),),
    )
    for reply in (server.chat(), server.chat(verifiers=[{"type": "regex", "pattern": "[0-9]+"}])):
        choice = reply.json()["choices"][0]
        assert choice["message"]["content"] == "42"
        verdicts = choice["secondthought"]["verdicts"]
        assert ("f", "passed") in [(v["verifier"], v["outcome"]) for v in verdicts]
    # The format decides what leaves, whatever else there is to pass.
    choice = server.chat("form", response_format={"type": "json_object"}).json()["choices"][0]
    assert choice["message"]["refusal"]


def test_a_verifier_that_nothing_passes_comes_back_as_failed(serve: Serve) -> None:
    body = serve(PLAIN).chat(verifiers=[{"type": "numeric", "value": 42}]).json()
    choice = body["choices"][0]
    assert choice["message"]["content"] == "hello there friend"
    assert choice["secondthought"]["verdicts"][0]["outcome"] == "failed"


@pytest.mark.parametrize(
    "check",
    [
        {"type": "regex", "pattern": "("},
        {"type": "regex"},
        {"type": "what"},
        {"type": "schema", "schema": {"type": 5}},
        {"type": "numeric", "value": "many"},
        {"type": "python_tests", "tests": "assert True"},
    ],
)
def test_wrong_verifiers_are_refused(serve: Serve, check: dict[str, Any]) -> None:
    reply = serve().chat(verifiers=[check])
    assert reply.status_code == 400
    assert reply.json()["error"]["param"].startswith("verifiers[0]")
