"""Requests that nobody sends by accident: an error of OpenAI's form, never a 500, and the others
do not wait. `benchmarks/fuzz.py` makes many more of them."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from secondthought.server import checks, openapi, params
from tests.server.conftest import PLAIN, Serve

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import fuzz


def test_broken_requests_on_one_connection(serve: Serve) -> None:
    assert fuzz.fuzz(serve(PLAIN).url, "script", requests=400, seed=11, patience=30) == 0


def test_the_fuzzer_notices_what_it_looks_for() -> None:
    assert fuzz.fault(500, "application/json", b"{}") is not None
    assert fuzz.fault(200, "application/json", b'{"x": Infinity}') is not None
    assert fuzz.fault(400, "application/json", b'{"error": "no"}') is not None
    error = {"error": {"message": "m", "type": "t", "param": None, "code": None}}
    assert fuzz.fault(400, "application/json", json.dumps(error).encode()) is None


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    "extra",
    [
        '"metadata": {"a": 1e999}',
        '"tools": [{"type": "function", "name": "f", "parameters": {"maximum": -1e999}}]',
        f'"tools": [{{"type": "function", "name": "f", "parameters": {{"a": {nested(130)}}}}}]',
        f'"max_output_tokens": {10**300}',
        '"max_output_tokens": 2147483648',
    ],
)
def test_what_could_be_read_but_not_written_again_is_refused(serve: Serve, extra: str) -> None:
    body = f'{{"model": "script", "input": "hi", {extra}}}'
    reply = serve().http.post("/v1/responses", content=body)
    assert reply.status_code == 400
    assert reply.json()["error"]["type"] == "invalid_request_error"


def test_a_deep_schema_that_is_not_too_deep_is_taken(serve: Serve) -> None:
    tool: dict[str, Any] = {"type": "function", "name": "f", "parameters": {}}
    node = tool["parameters"]
    for _ in range(100):
        node["properties"] = {}
        node = node["properties"]
    assert serve().respond(tools=[tool]).status_code == 200


def test_more_tool_calls_than_a_database_takes_parameters(serve: Serve) -> None:
    calls = [
        {"type": "function_call", "call_id": f"call_{i}", "name": "f", "arguments": "{}"}
        for i in range(40_000)
    ]
    calls.append({"type": "function_call", "call_id": "call_\x00", "name": "f", "arguments": ""})
    outputs = [{"type": "function_call_output", "call_id": "call_1", "output": "1"}]
    reply = serve().respond([{"role": "user", "content": "hi"}, *calls, *outputs])
    assert reply.status_code == 200


@pytest.mark.parametrize("origin", ["http://[::1", "http://[", "null", ""])
def test_origins_that_are_none_may_not_ask(serve: Serve, origin: str) -> None:
    server = serve()
    reply = httpx.get(f"{server.url}/v1/models", headers={"origin": origin})
    assert reply.status_code == 403
    for host in ("[", "[::1"):
        assert httpx.get(f"{server.url}/v1/models", headers={"host": host}).status_code < 500


def test_a_check_that_takes_its_time_holds_nobody(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern is tried, and a schema read, in a child process that is waited for."""
    server, began, release = serve(PLAIN), threading.Event(), threading.Event()

    def slow(*_: Any, **__: Any) -> tuple[()]:
        began.set()
        release.wait(20)
        return ()

    monkeypatch.setattr(checks, "verifiers", slow)
    check = {"type": "regex", "pattern": "x"}
    asker = threading.Thread(target=server.chat, kwargs={"verifiers": [check]})
    asker.start()
    try:
        assert began.wait(20)
        start = time.monotonic()
        assert httpx.get(f"{server.url}/health", timeout=15).is_success
        assert time.monotonic() - start < 10
    finally:
        release.set()
        asker.join()


def test_the_document_describes_every_endpoint_and_parameter(serve: Serve) -> None:
    server = serve()
    found = server.http.get("/openapi.json").json()
    described = {
        (path, method.upper()) for path, calls in found["paths"].items() for method in calls
    }
    routes = {
        (route.path.replace(":path", ""), method)
        for route in server.app.routes
        for method in route.methods - {"HEAD"}  # pyright: ignore
    }
    left_out = {"/v1/responses/compact", "/openapi.json"}
    ours = {
        (path, method)
        for path, method in routes
        if path not in left_out and not path.startswith(("/page", "/inspect")) and path != "/"
    }
    assert described == ours
    schemas = found["components"]["schemas"]
    for name, table in (
        ("ChatRequest", params.CHAT),
        ("ResponsesRequest", params.RESPONSES),
        ("InputTokensRequest", params.INPUT_TOKENS),
    ):
        assert set(schemas[name]["properties"]) == {param.name for param in table}
        assert schemas[name]["additionalProperties"] is False
    assert "#/$defs" not in json.dumps(openapi.document())
    assert openapi.document() == found
