"""What a request says of its tools and its format reaches the model as it was said, and what a
model says of waiting reaches the client."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.conftest import PLAIN, Serve

CALL = {"tool_calls": [{"name": "add", "arguments": {}}]}


def tool(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": {}, **fields}}


@pytest.mark.parametrize("effort", ["none", "medium"])
def test_a_choice_goes_to_the_model_as_one(serve: Serve, effort: str) -> None:
    server = serve(CALL)
    named = {"type": "function", "function": {"name": "add"}}
    tools = [tool("add"), tool("other")]
    for choice, shown in ((named, ["add"]), ("required", ["add", "other"])):
        reply = server.chat(
            tools=tools, tool_choice=choice, parallel_tool_calls=False, reasoning_effort=effort
        )
        assert reply.is_success
        asked = server.model.requests[-1]
        assert [t.name for t in asked.tools] == shown
        assert (asked.tool_choice, asked.parallel_tool_calls) == ("required", False)
        assert [(m.role, m.text) for m in asked.messages] == [("user", "hi")]


def test_without_a_choice_nothing_is_said_of_one(serve: Serve) -> None:
    server = serve(CALL)
    server.chat(tools=[tool("add")])
    asked = server.model.requests[-1]
    assert (asked.tool_choice, asked.parallel_tool_calls) == ("auto", None)
    flat = {"type": "function", "name": "add", "parameters": {}}
    server.respond(tools=[flat], tool_choice="required", parallel_tool_calls=True)
    asked = server.model.requests[-1]
    assert (asked.tool_choice, asked.parallel_tool_calls) == ("required", True)


def test_strict_functions_are_passed_on_and_echoed_as_not_checked(serve: Serve) -> None:
    server = serve(PLAIN)
    body = server.chat(tools=[tool("add"), tool("other", strict=True)]).json()
    assert [t.strict for t in server.model.requests[-1].tools] == [False, True]
    assert body["secondthought"]["changed"] == {"tools[1].strict": False}
    flat = {"type": "function", "name": "add", "parameters": {}, "strict": True}
    body = server.respond(tools=[flat]).json()
    assert server.model.requests[-1].tools[0].strict
    assert body["secondthought"]["changed"] == {"tools[0].strict": False}


def test_a_format_is_as_strict_as_it_was_asked_for(serve: Serve) -> None:
    server = serve({"answer": '{"x": 1}'})
    schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    for given, strict in ((None, False), (False, False), (True, True)):
        named = {"name": "x", "schema": schema, "strict": given}
        wanted = {"type": "json_schema", "json_schema": named}
        assert server.chat(response_format=wanted).is_success
        assert server.model.requests[-1].format.strict is strict


@pytest.mark.parametrize("stream", [False, True])
def test_the_wait_that_a_model_names_reaches_the_client(serve: Serve, stream: bool) -> None:
    server = serve({"fail": {"status": 429, "retry_after": 7}})
    for reply in (server.chat(stream=stream), server.respond(stream=stream)):
        assert (reply.status_code, reply.headers["retry-after"]) == (429, "7")
