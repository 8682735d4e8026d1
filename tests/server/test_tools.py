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


GRAMMAR = {"definition": "start: /[a-z]+/", "syntax": "lark"}


def test_a_response_shows_chat_s_spelling_of_tools_in_its_own(serve: Serve) -> None:
    """Clients that were written for chats send it, and readers of responses do not know it."""
    types = pytest.importorskip("openai.types.responses")
    grammar = {"type": "grammar", "grammar": GRAMMAR}
    own = {"type": "custom", "custom": {"name": "write", "format": grammar}}
    group = {"type": "namespace", "name": "crm", "tools": [tool("find")]}
    named = {"type": "function", "function": {"name": "add"}}
    allowed = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [named]}}
    server = serve(CALL)
    for choice, shown in (
        (named, {"type": "function", "name": "add"}),
        (
            allowed,
            {
                "type": "allowed_tools",
                "mode": "auto",
                "tools": [{"type": "function", "name": "add"}],
            },
        ),
    ):
        reply = server.respond(tools=[tool("add"), own, group], tool_choice=choice)
        got = types.Response.model_validate_json(reply.text, strict=True)
        assert [t.name for t in got.tools] == ["add", "write", "crm"]
        assert reply.json()["tools"][1]["format"] == {"type": "grammar", **GRAMMAR}
        assert reply.json()["tool_choice"] == shown


def test_a_grammar_reaches_the_model_in_both_spellings(serve: Serve) -> None:
    server = serve(PLAIN)
    nested = {"name": "write", "format": {"type": "grammar", "grammar": GRAMMAR}}
    server.chat(tools=[{"type": "custom", "custom": nested}])
    flat = {"type": "custom", "name": "write", "format": {"type": "grammar", **GRAMMAR}}
    server.respond(tools=[flat])
    for asked in server.model.requests:
        assert GRAMMAR["definition"] in asked.tools[0].description


@pytest.mark.parametrize(
    ("format", "param"),
    [
        ({}, "tools[0].format"),
        ({"type": "ebnf"}, "tools[0].format"),
        ({"type": "grammar"}, "tools[0].format.definition"),
        ({"type": "grammar", **GRAMMAR, "syntax": "yacc"}, "tools[0].format.syntax"),
    ],
)
def test_a_format_of_free_text_that_is_none_is_refused(
    serve: Serve, format: dict[str, Any], param: str
) -> None:
    reply = serve().respond(tools=[{"type": "custom", "name": "write", "format": format}])
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


def test_allowed_tools_need_a_mode_that_is_one(serve: Serve) -> None:
    server = serve(PLAIN)
    for mode in ({}, {"mode": None}, {"mode": "sometimes"}):
        allowed = {"type": "allowed_tools", "tools": [{"type": "function", "name": "add"}], **mode}
        error = server.respond(tools=[tool("add")], tool_choice=allowed).json()["error"]
        assert error["param"] == "tool_choice.mode"


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
