"""What real clients send without being told to. `benchmarks/compat.py` runs the clients
themselves; what one of them stumbled over is here, byte for byte, with the official types."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.server.conftest import PLAIN, Serve, events

types = pytest.importorskip("openai.types.responses")

RUN = {"type": "function", "name": "exec_command", "parameters": {"type": "object"}}
CLOSE = {"type": "function", "name": "close_agent", "description": "Close.", "strict": False}
GROUP = {"type": "namespace", "name": "agents", "description": "Sub-agents.", "tools": [CLOSE]}
SEARCH = {"type": "web_search", "external_web_access": True}


def codex(**changes: Any) -> dict[str, Any]:
    """A request as the Codex CLI 0.169 makes it."""
    text = {"type": "input_text", "text": "Run a command"}
    return {
        "input": [
            {"type": "message", "id": "msg_1", "role": "developer", "content": [text]},
            {"type": "message", "id": "msg_2", "role": "user", "content": [text]},
        ],
        "tools": [RUN, GROUP, SEARCH],
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "reasoning": {"summary": "auto"},
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "prompt_cache_key": "01a209ee",
        "client_metadata": {"x-codex-installation-id": "29774747"},
        **changes,
    }


def strict(line: str) -> Any:
    return TypeAdapter(types.ResponseStreamEvent).validate_json(line, strict=True)


def test_what_codex_offers_is_taken_and_what_is_left_out_is_said(serve: Serve) -> None:
    server = serve(PLAIN)
    body = server.respond(**codex()).json()
    assert types.Response.model_validate_json(json.dumps(body), strict=True).output_text
    assert [tool.name for tool in server.model.requests[-1].tools] == [
        "exec_command",
        "agents__close_agent",
    ]
    assert server.model.requests[-1].tools[1].description == "Sub-agents.\n\nClose."
    assert body["secondthought"]["changed"] == {"tools[2]": None}
    assert [tool["type"] for tool in body["tools"]] == ["function", "namespace"]


def test_a_web_search_that_is_all_there_is_or_that_is_required_is_refused(serve: Serve) -> None:
    server = serve(PLAIN)
    alone = server.respond(tools=[SEARCH])
    assert (alone.status_code, alone.json()["error"]["param"]) == (400, "tools[0]")
    wanted = server.respond(tools=[RUN, SEARCH], tool_choice={"type": "web_search"})
    assert (wanted.status_code, wanted.json()["error"]["param"]) == (400, "tool_choice")


def test_a_tool_of_a_namespace_is_called_and_answered_by_its_own_name(serve: Serve) -> None:
    called = {"name": "agents__close_agent", "arguments": {"target": "a"}}
    server = serve(
        {"thought": "I close it. ", "tool_calls": [called]},
        {"thought": "Done. ", "answer": "It is closed."},
    )
    text = server.respond(**codex(stream=True)).text
    for line in text.splitlines():
        if line.startswith("data: {"):
            strict(line[6:])
    output = events(text)[-1]["response"]["output"]
    call = next(item for item in output if item["type"] == "function_call")
    assert (call["name"], call["namespace"]) == ("close_agent", "agents")
    result = {"type": "function_call_output", "call_id": call["call_id"], "output": "closed"}
    request = codex()
    reply = server.respond(**{**request, "input": [*request["input"], *output, result]})
    assert types.Response.model_validate_json(reply.text, strict=True).output_text
    (turn,) = [m for m in server.model.requests[-1].messages if m.tool_calls]
    assert turn.tool_calls[0].name == "agents__close_agent"
    assert turn.thought == "I close it. "


def test_namespaces_are_of_responses_alone_and_their_tools_are_checked(serve: Serve) -> None:
    server = serve(PLAIN)
    assert server.chat(tools=[GROUP]).json()["error"]["param"] == "tools[0]"
    for tools, param in (
        ([{**GROUP, "tools": [SEARCH]}], "tools[0].tools[0]"),
        ([{**GROUP, "name": "a b"}], "tools[0].name"),
        ([GROUP, GROUP], "tools[1].tools[0]"),
        ([{**GROUP, "tools": [{**CLOSE, "name": f"f{i}"} for i in range(129)]}], "tools"),
    ):
        reply = server.respond(tools=tools)
        assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)
