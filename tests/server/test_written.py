"""Summaries in the model's own words: in place of the templates, in the ledger, within the limits,
and guarded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.conftest import Live, Serve, events, words

OWN = "The notes weigh two ways and take the second."
SECRET = "alpha bravo charlie delta echo foxtrot golf hotel india juliet"
THINKS = {"match": "^hi", "thought": f"{SECRET} ", "answer": "hello there friend"}
TEMPLATES = ["Thinking the question through.", "Thought for 10 tokens."]


def start(serve: Serve, *turns: dict[str, Any], summary: Any = None, **settings: Any) -> Live:
    turn = {"match": "# Notes", "answer": OWN} if summary is None else summary
    settings = {"reasoning": "summary", **settings} if not settings.pop("keys", 0) else settings
    settings["written_summaries"] = True
    return serve(turn, *(turns or (THINKS,)), **settings)


def in_chat(server: Live, stream: bool, **body: Any) -> tuple[list[str], str, Any]:
    """(summary, answer, usage)"""
    more = {"stream_options": {"include_usage": True}} if stream else {}
    reply = server.chat(stream=stream, **more, **body)
    if not stream:
        message = reply.json()["choices"][0]["message"]
        said = message.get("reasoning_content", "")
        return said.splitlines(), message["content"], reply.json()["usage"]
    found = events(reply.text)
    deltas = [e["choices"][0]["delta"] for e in found if e["choices"]]
    kinds = [kind for d in deltas for kind in ("reasoning_content", "content") if d.get(kind)]
    assert kinds == sorted(kinds, reverse=True)  # the summary comes first
    said, content = (
        "".join(d.get(k) or "" for d in deltas) for k in ("reasoning_content", "content")
    )
    return said.splitlines(), content, found[-1]["usage"]


@pytest.mark.parametrize("stream", [False, True])
def test_it_stands_in_place_of_the_templates(serve: Serve, stream: bool) -> None:
    server = start(serve)
    said, content, usage = in_chat(server, stream)
    assert (said, content) == ([OWN], "hello there friend")
    own = len(OWN.split())
    assert usage["completion_tokens"] == 10 + 3 + own
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 10 + own
    asked = server.model.requests[-1]
    assert not asked.think
    assert SECRET in asked.messages[0].text
    reply = server.respond(stream=stream, reasoning={"summary": "auto"})
    body = events(reply.text)[-1]["response"] if stream else reply.json()
    assert [item["type"] for item in body["output"]] == ["reasoning", "message"]
    assert [part["text"] for part in body["output"][0]["summary"]] == [OWN]
    assert body["usage"]["output_tokens"] == 10 + 3 + own
    headers = {"authorization": f"Bearer {server.key('operator')}"}
    trace = server.http.get(f"/v1/traces/{body['id']}", headers=headers).json()["trace"]
    phases = {entry["phase"]: entry["generated"] for entry in trace["ledger"]["entries"]}
    assert phases["summary"] == own


@pytest.mark.parametrize(
    "summary",
    [
        {"match": "# Notes", "answer": OWN, "fail": {"status": 500}},
        {"match": "# Notes", "answer": OWN, "fail": {"after_tokens": 3, "how": "drop"}},
        {"match": "# Notes", "answer": f"They say {SECRET}."},
        {"match": "# Notes", "answer": ""},
    ],
)
def test_what_fails_or_tells_too_much_gives_way_to_them(serve: Serve, summary: Any) -> None:
    said, content, usage = in_chat(start(serve, summary=summary), stream=True)
    assert (said, content) == (TEMPLATES, "hello there friend")
    assert usage["completion_tokens"] >= 13  # what was spent on it is counted all the same


def test_it_keeps_to_the_limits(serve: Serve) -> None:
    long = {"match": "# Notes", "answer": f"{OWN} {words(500)}"}
    more = {"match": "^more", "thought": f"{SECRET} ", "answer": words(250)}
    most = {"match": "^most", "thought": f"{SECRET} ", "answer": words(280)}
    server = start(serve, THINKS, more, most, summary=long)
    said, _, usage = in_chat(server, stream=False)
    assert said == [OWN]  # its whole sentences
    assert usage["completion_tokens"] == 13 + 120
    said, _, usage = in_chat(server, stream=False, question="more", max_completion_tokens=300)
    assert said == [OWN]
    assert usage["completion_tokens"] == 300
    asked = len(server.model.requests)
    said, _, usage = in_chat(server, stream=False, question="most", max_completion_tokens=300)
    assert said == TEMPLATES
    assert usage["completion_tokens"] == 290
    assert len(server.model.requests) == asked + 1


def test_nobody_is_asked_where_nobody_sees_it(serve: Serve) -> None:
    server = start(serve, keys=1)
    for key in (server.key(), server.key("operator")):
        server.chat("hi", key)
    server.respond("hi", server.key(reasoning="summary"))
    server.chat("hi", server.key(reasoning="summary"), reasoning_effort="none")
    assert not any("# Notes" in r.messages[-1].text for r in server.model.requests)


def test_the_command_line_decides(process: Any) -> None:
    turns = {"match": "# Notes", "answer": OWN}, THINKS
    server = process(*turns, options=("--reasoning", "summary", "--summaries", "written"))
    body = server.respond(reasoning={"summary": "auto"}).json()
    assert [part["text"] for part in body["output"][0]["summary"]] == [OWN]


@pytest.mark.parametrize("stream", [False, True])
def test_tool_calls_and_stop_strings_are_as_without_it(serve: Serve, stream: bool) -> None:
    call = {"name": "f", "arguments": {}}
    server = start(
        serve,
        {"match": "^hi", "thought": f"{SECRET} ", "answer": "I look. ", "tool_calls": [call, call]},
        {"match": "^stop", "thought": f"{SECRET} ", "answer": "before END after"},
        {"match": "^leak", "thought": f"{SECRET} ", "answer": f"so {SECRET} it is"},
    )
    tools = [{"type": "function", "name": "f"}]
    asked = {"tools": tools, "parallel_tool_calls": False, "reasoning": {"summary": "auto"}}
    reply = server.respond(stream=stream, **asked)
    body = events(reply.text)[-1]["response"] if stream else reply.json()
    assert [item["type"] for item in body["output"]] == ["reasoning", "message", "function_call"]
    assert body["output"][0]["summary"][0]["text"] == OWN
    assert in_chat(server, stream, question="stop", stop="END")[:2] == ([OWN], "before ")
    assert in_chat(server, stream, question="leak")[1] == ""
