"""How an answer ends that the server has a word in: stop strings, formats, tools that nobody
offered, summaries."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from secondthought.models.scripted import CAPABILITIES, Scripted
from secondthought.tasks import catalogue
from tests.server.conftest import Live, Serve, events, live

SCHEMA = {
    "type": "json_schema",
    "json_schema": {
        "name": "x",
        "schema": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
    },
}


def choice(server: Live, *, stream: bool = False, **body: Any) -> dict[str, Any]:
    """content, refusal, calls and finish of the one answer, however it came."""
    reply = server.chat(stream=stream, **body)
    assert reply.status_code == 200, reply.text
    if not stream:
        found = reply.json()["choices"][0]
        message, account = found["message"], found["secondthought"]
        calls = message.get("tool_calls", [])
        said = message["content"] or "", message["refusal"]
    else:
        chunks = [e["choices"][0] for e in events(reply.text)]
        found, account = chunks[-1], chunks[-1]["secondthought"]
        deltas = [chunk["delta"] for chunk in chunks]
        calls = [call for delta in deltas for call in delta.get("tool_calls", ())]
        said = "".join(d.get("content") or "" for d in deltas), None
        said = said[0], "".join(d.get("refusal") or "" for d in deltas) or None
    return {
        "content": said[0],
        "refusal": said[1],
        "calls": [call["function"]["name"] for call in calls],
        "finish": found["finish_reason"],
        "account": account,
    }


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("mode", ["hidden", "raw"])
def test_what_a_stop_string_leaves_of_a_format_is_judged(
    serve: Serve, stream: bool, mode: str
) -> None:
    server = serve({"thought": "hm ", "answer": '{"a": "x"} and more'}, reasoning=mode)
    for stop in ('"x', "and", "{"):
        got = choice(server, stream=stream, response_format=SCHEMA, stop=[stop])
        assert got["content"] == ""
        assert "format" in got["refusal"]
        assert got["account"]["verdicts"][0]["outcome"] == "failed"


@pytest.mark.parametrize("stream", [False, True])
def test_what_a_stop_string_leaves_may_be_in_form(serve: Serve, stream: bool) -> None:
    server = serve({"thought": "hm ", "answer": '{"a": 1} and more'})
    got = choice(server, stream=stream, response_format=SCHEMA, stop=["and"])
    assert (got["content"], got["refusal"], got["finish"]) == ('{"a": 1} ', None, "stop")
    assert got["account"]["verdicts"][0]["outcome"] == "passed"


def test_checks_see_what_a_stop_string_has_left(serve: Serve) -> None:
    server = serve({"thought": "hm ", "answer": "42 is it"})
    check = {"type": "regex", "pattern": "[0-9]+"}
    account = choice(server, stop=["is"], verifiers=[check])["account"]
    assert account["verdicts"] == [{"verifier": "regex", "outcome": "passed", "feedback": ""}]


def test_the_account_says_why_it_ended(serve: Serve) -> None:
    secret = "one two three four five six seven eight nine ten"
    call = {"name": "f", "arguments": {}}
    server = serve(
        {"match": "stops", "thought": "hm ", "answer": "a END b c d e f"},
        {"match": "leaks", "thought": f"{secret} ", "answer": f"so {secret} and more of it"},
        {"match": "calls", "thought": "hm ", "tool_calls": [call, call]},
        {"match": "plain", "thought": "hm ", "answer": "a"},
        reasoning="hidden",
    )
    tools = [{"type": "function", "function": {"name": "f"}}]
    assert choice(server, question="stops", stop="END")["account"]["stop"] == "stop"
    assert choice(server, question="leaks")["account"]["stop"] == "leak"
    more: dict[str, Any] = {"tools": tools, "parallel_tool_calls": False}
    assert choice(server, question="calls", **more)["account"]["stop"] == "tool_calls"
    assert choice(server, question="plain")["account"]["stop"] == "stop"


# --- tools that were not offered ---------------------------------------------------------------

EVIL = {"name": "a name that tells the whole hidden thought", "arguments": {"x": 1}}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("tools", [None, [{"type": "function", "function": {"name": "g"}}]])
def test_a_tool_that_was_not_offered_is_not_called(serve: Serve, stream: bool, tools: Any) -> None:
    server = serve({"thought": "hm ", "tool_calls": [EVIL]})
    more = {} if tools is None else {"tools": tools}
    reply = server.chat(stream=stream, **more)
    error = events(reply.text)[-1]["error"] if stream else reply.json()["error"]
    assert error["code"] == "unknown_tool_called"
    assert "tells" not in reply.text
    reply = server.respond()
    assert reply.status_code == 502
    assert "tells" not in reply.text


@pytest.mark.parametrize("stream", [False, True])
def test_what_else_there_is_of_such_an_answer_leaves(serve: Serve, stream: bool) -> None:
    calls = [EVIL, {"name": "g", "arguments": {}}]
    server = serve(
        {"match": "calls", "thought": "hm ", "tool_calls": calls},
        {"match": "text", "thought": "hm ", "answer": "I look.", "tool_calls": [EVIL]},
    )
    tools = [{"type": "function", "function": {"name": "g"}}]
    got = choice(server, question="calls", stream=stream, tools=tools)
    assert (got["calls"], got["finish"]) == (["g"], "tool_calls")
    got = choice(server, question="text", stream=stream, tools=tools)
    assert (got["content"], got["calls"], got["finish"]) == ("I look.", [], "stop")


def test_a_tool_that_the_choice_leaves_out_is_not_called(serve: Serve) -> None:
    server = serve({"thought": "hm ", "tool_calls": [{"name": "g", "arguments": {}}]})
    tools = [{"type": "function", "function": {"name": name}} for name in ("f", "g")]
    reply = server.chat(tools=tools, tool_choice="none")
    assert reply.json()["error"]["code"] == "unknown_tool_called"


# --- summaries ---------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, True])
def test_the_summary_ends_before_the_answer_begins(serve: Serve, stream: bool) -> None:
    task = catalogue.task("gcd")
    item = task.generate(Random(3), task.default_level)
    shown = task.demonstrate(item, Random(3))
    turn = {"thought": shown.thought, "answer": shown.answer}
    server = serve(turn, reasoning="summary")
    reply = server.chat(item.problem.question, stream=stream, reasoning_effort="low")
    if not stream:
        said = reply.json()["choices"][0]["message"]["reasoning_content"].splitlines()
    else:
        deltas = [e["choices"][0]["delta"] for e in events(reply.text)]
        kinds = [kind for d in deltas for kind in ("reasoning_content", "content") if d.get(kind)]
        assert kinds == sorted(kinds, reverse=True)
        said = "".join(d.get("reasoning_content") or "" for d in deltas).splitlines()
    assert said[0] == "The greatest common divisor is wanted."
    assert said[-2:] == [
        "The result was checked, and the check holds.",
        f"Thought for {len(shown.thought.split())} tokens.",
    ]
    asked = {"effort": "low", "summary": "auto"}
    reply = server.respond(item.problem.question, stream=stream, reasoning=asked)
    body = events(reply.text)[-1]["response"] if stream else reply.json()
    assert [part["text"] for part in body["output"][0]["summary"]] == said


def test_a_call_ends_the_thought_as_well(serve: Serve) -> None:
    turn = {"thought": "hm " * 5, "tool_calls": [{"name": "f", "arguments": {}}]}
    server = serve(turn, reasoning="summary")
    tools = [{"type": "function", "name": "f"}]
    body = server.respond(tools=tools, reasoning={"summary": "auto"}).json()
    assert [item["type"] for item in body["output"]] == ["reasoning", "function_call"]
    assert body["output"][0]["summary"][-1]["text"] == "Thought for 5 tokens."


# --- what does not fit -------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Any:
    model = Scripted.of({"answer": "a"}, capabilities=replace(CAPABILITIES, context=2000))
    with live(model, tmp_path) as server:
        yield server


def test_a_background_response_that_cannot_fit_is_not_queued(small: Live) -> None:
    for effort in ("none", "medium"):
        reply = small.respond("word " * 3000, background=True, reasoning={"effort": effort})
        assert reply.status_code == 400
        error = reply.json()["error"]
        assert (error["code"], error["param"]) == ("context_length_exceeded", "input")
    assert small.model.requests == []
    assert small.service.gate.running == 0
    assert small.respond("hi", background=True).json()["status"] == "queued"


@pytest.mark.parametrize(("path", "param"), [("chat", "messages"), ("respond", "input")])
def test_the_error_names_the_parameter_of_the_conversation(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, path: str, param: str
) -> None:
    from secondthought.models.base import ModelError

    async def too_long(self: Scripted, request: Any) -> Any:
        raise ModelError("it does not fit", "context")
        yield

    monkeypatch.setattr(Scripted, "generate", too_long)
    error = getattr(serve(), path)().json()["error"]
    assert (error["code"], error["param"]) == ("context_length_exceeded", param)


def test_answer_now_finds_a_chat_by_its_id_alone(serve: Serve) -> None:
    server = serve({"thought": "a b c " * 2000, "answer": "now", "tokens_per_second": 50})
    body = {"model": "script", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    with server.http.stream("POST", "/v1/chat/completions", json=body) as reply:
        lines = reply.iter_lines()
        id = json.loads(next(line for line in lines if line)[6:])["id"]
        assert server.post(f"/v1/responses/{id}/answer_now", {}).json()["id"] == id
        assert '"content":"now"' in "\n".join(lines)
    assert server.post(f"/v1/responses/{id}/answer_now", {}).status_code == 404
