"""Responses: events in full order, items, storage, chains, encrypted thoughts."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from pydantic import TypeAdapter

pytest.importorskip("starlette")

from secondthought.server.responses import requests
from tests.server.conftest import PLAIN, Live, Serve, events, until, words

types = pytest.importorskip("openai.types.responses")

ORDER = [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.output_item.done",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
]


def strict(body: str) -> Any:
    return types.Response.model_validate_json(body, strict=True)


def strict_events(text: str) -> list[dict[str, Any]]:
    """The events; each must be one of the official union, to the letter of its types."""
    adapter = TypeAdapter(types.ResponseStreamEvent)
    for line in text.splitlines():
        if line.startswith("data: {"):
            event = adapter.validate_json(line[6:], strict=True)
            assert event.type == json.loads(line[6:])["type"]
    names = [line[7:] for line in text.splitlines() if line.startswith("event: ")]
    found = events(text)
    assert names == [event["type"] for event in found]
    return found


def kinds(found: list[dict[str, Any]]) -> list[str]:
    """Their types, runs of deltas as one."""
    out: list[str] = []
    for event in found:
        if not (out and out[-1] == event["type"] and event["type"].endswith(".delta")):
            out.append(event["type"])
    return out


def test_a_response_has_the_official_form_and_its_counts_add_up(serve: Serve) -> None:
    got = strict(serve().respond(instructions="be brief", metadata={"a": "b"}).text)
    assert got.status == "completed"
    assert [item.type for item in got.output] == ["reasoning", "message"]
    assert got.output_text == "hello there friend"
    usage = got.usage
    assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == (3, 6, 9)
    assert usage.output_tokens_details.reasoning_tokens == 3
    assert (got.instructions, got.metadata, got.store) == ("be brief", {"a": "b"}, True)
    assert got.reasoning.effort == "medium"


def test_hidden_events_have_the_official_order(serve: Serve) -> None:
    server = serve(reasoning="hidden")
    found = strict_events(server.respond(stream=True).text)
    assert kinds(found) == ORDER
    final = found[-1]["response"]
    assert final["output"][0]["summary"] == []
    assert "content" not in final["output"][0]


def test_shown_thoughts_come_as_reasoning_text(serve: Serve) -> None:
    found = strict_events(serve().respond(stream=True).text)
    raw = ["content_part.added", "reasoning_text.delta", "reasoning_text.done", "content_part.done"]
    assert kinds(found) == ORDER[:3] + [f"response.{kind}" for kind in raw] + ORDER[3:]


def test_what_the_deltas_say_is_what_the_items_hold(serve: Serve) -> None:
    server = serve({"thought": "a b c ", "answer": "d e f", "tokens_per_second": 200})
    found = strict_events(server.respond(stream=True).text)
    said = {"response.reasoning_text.delta": "", "response.output_text.delta": ""}
    for event in found:
        if event["type"] in said:
            said[event["type"]] += event["delta"]
    thought, message = found[-1]["response"]["output"]
    assert said["response.reasoning_text.delta"] == thought["content"][0]["text"] == "a b c "
    assert said["response.output_text.delta"] == message["content"][0]["text"] == "d e f"


def test_effort_none_has_no_reasoning_item(serve: Serve) -> None:
    body = serve().respond(reasoning={"effort": "none"}).json()
    assert [item["type"] for item in body["output"]] == ["message"]
    assert body["usage"]["output_tokens_details"]["reasoning_tokens"] == 0


def test_function_calls_stream_in_order(serve: Serve) -> None:
    tool = {"type": "function", "name": "add", "parameters": {}, "strict": True}
    server = serve({"tool_calls": [{"name": "add", "arguments": {"a": 1}}]}, reasoning="hidden")
    found = strict_events(server.respond(stream=True, tools=[tool]).text)
    assert kinds(found)[4:-1] == [
        "response.output_item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.output_item.done",
    ]
    done = next(e for e in found if e["type"].endswith("arguments.done"))
    assert (done["name"], json.loads(done["arguments"])) == ("add", {"a": 1})
    assert found[-1]["response"]["status"] == "completed"


def test_a_budget_spent_on_thought_is_incomplete_without_a_message(serve: Serve) -> None:
    turn = {"thought": "t " * 50, "answer": "a", "fail": {"how": "empty"}}
    got = strict(serve(turn).respond().text)
    assert got.status == "incomplete"
    assert got.incomplete_details.reason == "max_output_tokens"
    assert [item.type for item in got.output] == ["reasoning"]
    assert got.output[0].status == "incomplete"


def test_what_is_changed_is_echoed_as_what_was_used(serve: Serve) -> None:
    body = (
        serve()
        .respond(
            truncation="auto",
            service_tier="flex",
            text={"verbosity": "low"},
            reasoning={"effort": "low", "context": "all_turns", "mode": "pro"},
        )
        .json()
    )
    assert (body["truncation"], body["service_tier"]) == ("disabled", "default")
    assert body["text"]["verbosity"] == "medium"
    assert body["reasoning"]["context"] == "current_turn"
    assert body["reasoning"]["mode"] == "standard"
    assert set(body["secondthought"]["changed"]) == {
        "truncation",
        "service_tier",
        "text.verbosity",
        "reasoning.context",
        "reasoning.mode",
    }


# --- storage and chains ------------------------------------------------------------------------


def test_a_stored_response_comes_back_as_it_was_and_can_be_deleted(serve: Serve) -> None:
    server = serve()
    body = server.respond().json()
    path = f"/v1/responses/{body['id']}"
    assert server.http.get(path).json() == body
    assert server.http.delete(path).json() == {
        "id": body["id"],
        "object": "response",
        "deleted": True,
    }
    assert server.http.get(path).status_code == 404
    assert server.http.delete(path).status_code == 404


def test_store_false_is_not_stored(serve: Serve) -> None:
    server = serve()
    body = server.respond(store=False).json()
    assert server.http.get(f"/v1/responses/{body['id']}").status_code == 404


def test_a_conversation_goes_on_from_the_previous_response(serve: Serve) -> None:
    server = serve({"thought": "secret plan ", "answer": "hello there"})
    first = server.respond("one", instructions="only now").json()
    second = server.respond("two", previous_response_id=first["id"]).json()
    third = server.respond("three", previous_response_id=second["id"]).json()
    sent = server.model.requests[-1].messages
    assert [(m.role, m.text) for m in sent] == [
        ("user", "one"),
        ("assistant", "hello there"),
        ("user", "two"),
        ("assistant", "hello there"),
        ("user", "three"),
    ]
    assert all(m.thought is None for m in sent)  # thoughts leave at the next user turn
    listed = server.http.get(f"/v1/responses/{third['id']}/input_items?order=asc&limit=4").json()
    assert [i["type"] for i in listed["data"]] == ["message", "reasoning", "message", "message"]
    assert listed["has_more"] is True
    rest = server.http.get(
        f"/v1/responses/{third['id']}/input_items?order=asc&after={listed['last_id']}"
    ).json()
    assert [i["type"] for i in rest["data"]] == ["reasoning", "message", "message"]
    assert rest["has_more"] is False
    newest = server.http.get(f"/v1/responses/{third['id']}/input_items").json()["data"][0]
    assert newest["content"] == [{"type": "input_text", "text": "three"}]


def test_a_conversation_that_is_too_long_is_refused_and_not_cut(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "_LONGEST_CHAIN", 2)
    server, id = serve(PLAIN), None
    for _ in range(3):
        id = server.respond(previous_response_id=id).json()["id"]
    reply = server.respond(previous_response_id=id)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "previous_response_id")


def test_listed_items_have_the_official_form(serve: Serve) -> None:
    server = serve({"tool_calls": [{"name": "add", "arguments": {"a": 1}}]}, PLAIN)
    tool = {"type": "function", "name": "add"}
    first = server.respond(tools=[tool]).json()
    call = next(i for i in first["output"] if i["type"] == "function_call")
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "3"}
    second = server.respond([output], previous_response_id=first["id"], tools=[tool]).json()
    text = server.http.get(f"/v1/responses/{second['id']}/input_items").text
    got = types.ResponseItemList.model_validate_json(text, strict=True)
    assert [i.type for i in got.data] == [
        "function_call_output",
        "function_call",
        "reasoning",
        "message",
    ]


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"previous_response_id": "resp_none"}, "previous_response_id"),
        ({"include": ["message.output_text.logprobs"]}, "include"),
        ({"background": True, "store": False}, "background"),
        ({"input": [{"type": "computer_call"}]}, "input[0]"),
        ({"input": [{"role": "user"}]}, "input[0].content"),
        ({"input": []}, "input"),
        ({"input": [{"type": "function_call_output", "call_id": "x", "output": "1"}]}, "input[0]"),
        ({"reasoning": {"effort": "huge"}}, "reasoning.effort"),
        ({"text": {"format": {"type": "xml"}}}, "text.format"),
        ({"conversation": "c"}, "conversation"),
        ({"model": "other"}, "model"),
        ({"metadata": {"k" * 65: "v"}}, "metadata"),
        ({"user": 1}, "user"),
        ({"safety_identifier": {}}, "safety_identifier"),
        ({"prompt_cache_key": ["x"]}, "prompt_cache_key"),
        ({"max_tool_calls": "3"}, "max_tool_calls"),
    ],
)
def test_wrong_requests_are_refused_by_name(
    serve: Serve, change: dict[str, Any], param: str
) -> None:
    body = {"model": "script", "input": "hi", **change}
    reply = serve().post("/v1/responses", body)
    assert reply.status_code in (400, 404)
    assert reply.json()["error"]["param"] == param


# --- encrypted thoughts ------------------------------------------------------------------------


def _loop(server: Live, key: str, *, by: str) -> Any:
    """A tool loop in Responses whose thought the client carries (or the server keeps)."""
    tool = {"type": "function", "name": "add"}
    more: dict[str, Any] = {"tools": [tool], "store": by == "server"}
    if by == "client":
        more["include"] = ["reasoning.encrypted_content"]
    first = server.respond("hi", key, **more).json()
    call = next(item for item in first["output"] if item["type"] == "function_call")
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "3"}
    given = [{"role": "user", "content": "hi"}, *first["output"], output]
    return first, given, more


TOOL_TURN = {
    "match": "hi",
    "thought": "the plan is secret ",
    "tool_calls": [{"name": "add", "arguments": {"a": 1}}],
}


@pytest.mark.parametrize("by", ["client", "server"])
def test_the_thought_comes_back_inside_a_tool_loop(serve: Serve, by: str) -> None:
    server = serve(TOOL_TURN)
    key = server.key()
    first, given, more = _loop(server, key, by=by)
    assert "secret" not in json.dumps(first)
    if by == "server":
        given = [item for item in given if item.get("type") != "reasoning"]
    server.respond(given, key, **more)
    sent = server.model.requests[-1].messages
    assert [m.role for m in sent] == ["user", "assistant", "tool"]
    assert sent[1].thought == "the plan is secret "
    assert [c.name for c in sent[1].tool_calls] == ["add"]


def test_encrypted_content_is_bound_to_its_key_and_cannot_be_changed(serve: Serve) -> None:
    server = serve(TOOL_TURN)
    key, other = server.key(), server.key()
    _, given, more = _loop(server, key, by="client")
    assert server.respond(given, other, **more).status_code == 400
    item = next(item for item in given if item.get("type") == "reasoning")
    blob = item["encrypted_content"]
    for changed in (blob[:-2] + ("AA" if blob[-2:] != "AA" else "BB"), "st1.", "nonsense", ""):
        item["encrypted_content"] = changed
        reply = server.respond(given, key, **more)
        assert reply.status_code == 400
        assert reply.json()["error"]["code"] == "invalid_encrypted_content"
        assert reply.json()["error"]["param"] == "input[1].encrypted_content"


def test_stored_responses_belong_to_their_key(serve: Serve) -> None:
    server = serve()
    key, other = server.key(), server.key()
    id = server.respond("hi", key).json()["id"]
    for method, path in (
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/cancel"),
        ("POST", "/answer_now"),
        ("GET", "/input_items"),
    ):
        headers = {"authorization": f"Bearer {other}"}
        reply = server.http.request(method, f"/v1/responses/{id}{path}", headers=headers)
        assert reply.status_code == 404, (method, path)
    assert server.respond("hi", other, previous_response_id=id).status_code == 400


# --- answer now --------------------------------------------------------------------------------

SLOW = {"thought": words(3000), "answer": "now", "tokens_per_second": 50}


def test_answer_now_ends_the_thinking_of_a_response(serve: Serve) -> None:
    server = serve(SLOW)
    id = server.respond(background=True).json()["id"]
    path = f"/v1/responses/{id}"
    until(lambda: server.http.get(path).json()["status"] == "in_progress")
    assert server.http.post(f"{path}/answer_now").status_code == 200
    done = until(lambda: (b := server.http.get(path).json())["status"] == "completed" and b)
    assert done["output"][-1]["content"][0]["text"] == "now"
    assert done["secondthought"]["stop"] == "answer_now"
    assert server.http.post(f"{path}/answer_now").status_code == 400


def test_answer_now_ends_the_thinking_of_a_chat(serve: Serve) -> None:
    server = serve(SLOW)
    body = {"model": "script", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    began = time.monotonic()
    with server.http.stream("POST", "/v1/chat/completions", json=body) as reply:
        lines = reply.iter_lines()
        id = json.loads(next(line for line in lines if line)[6:])["id"]
        assert server.http.post(f"/v1/chat/completions/{id}/answer_now").status_code == 200
        rest = "\n".join(lines)
    assert '"content":"now"' in rest
    assert time.monotonic() - began < 10
    assert server.http.post(f"/v1/chat/completions/{id}/answer_now").status_code == 404
