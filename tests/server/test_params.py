"""No parameter is silently dropped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secondthought.server import params
from secondthought.server.wire.chat import ChatRequest
from secondthought.server.wire.responses import ResponsesRequest
from tests.server.conftest import Live, Serve

TABLES = [("/v1/chat/completions", params.CHAT), ("/v1/responses", params.RESPONSES)]
BASE: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"model": "script", "messages": [{"role": "user", "content": "hi"}]},
    "/v1/responses": {"model": "script", "input": "hi"},
}


@pytest.mark.parametrize(
    ("table", "model"), [(params.CHAT, ChatRequest), (params.RESPONSES, ResponsesRequest)]
)
def test_what_the_table_calls_honoured_is_what_the_request_has(table: Any, model: Any) -> None:
    honoured = {param.name for param in table if param.rule == "honoured"}
    assert honoured == set(model.model_fields)
    assert len({param.name for param in table}) == len(table)


def test_the_table_knows_all_official_parameters() -> None:
    chat = pytest.importorskip("openai.types.chat.completion_create_params")
    responses = pytest.importorskip("openai.types.responses.response_create_params")
    official = set(chat.CompletionCreateParamsBase.__annotations__) | {"stream"}
    assert official - {param.name for param in params.CHAT} == set()
    official = set(responses.ResponseCreateParamsBase.__annotations__) | {"stream"}
    assert official - {param.name for param in params.RESPONSES} == set()


def test_each_parameter_does_what_the_table_says(serve: Serve) -> None:
    server = serve()
    for path, table in TABLES:
        for param in table:
            value: Any = ["anything"]
            if param.rule == "hint":
                value = 3 if param.name == "max_tool_calls" else "anything"
            reply = server.post(path, {**BASE[path], param.name: value})
            error = reply.json().get("error") or {}
            if param.rule == "refused":
                assert (reply.status_code, error["param"]) == (400, param.name)
                for harmless in (None, *param.only):
                    assert server.post(path, {**BASE[path], param.name: harmless}).is_success
            elif param.rule == "changed":
                body = reply.json()
                assert body["secondthought"]["changed"] == {param.name: param.to}
            elif param.rule == "hint":
                assert reply.json()["secondthought"]["changed"] == {}
            else:
                assert reply.status_code in (200, 400, 404)


def test_an_unknown_parameter_is_named(serve: Serve) -> None:
    server = serve()
    for path, _ in TABLES:
        reply = server.post(path, {**BASE[path], "thinking_budget": 3})
        assert reply.status_code == 400
        assert reply.json()["error"]["param"] == "thinking_budget"
        assert reply.json()["error"]["code"] == "unknown_parameter"


def test_names_inside_messages_and_items_that_are_not_looked_at_are_said(serve: Serve) -> None:
    server = serve()
    ours = server.chat().json()["choices"][0]["message"]
    messages = [
        {"role": "user", "content": "hi", "bogus": 1},
        {**ours, "audio": None, "provider_specific_fields": {}},
        {"role": "user", "content": "hi", "name": "me"},
    ]
    reply = server.post("/v1/chat/completions", {"model": "script", "messages": messages})
    assert reply.json()["secondthought"]["changed"] == {"messages[0].bogus": None}
    output = server.respond().json()["output"]
    given = [
        {"role": "user", "content": "hi", "bogus": 1},
        *output,
        {"role": "user", "content": "x"},
    ]
    changed = server.respond(given).json()["secondthought"]["changed"]
    assert changed == {"input[0].bogus": None}


@pytest.mark.parametrize(
    ("format", "param"),
    [
        ({"type": "text", "foo": 1}, "response_format.foo"),
        ({"type": "json_object", "schema": {}}, "response_format.schema"),
        (
            {"type": "json_schema", "json_schema": {"name": "a b", "schema": {}}},
            "response_format.json_schema.name",
        ),
        (
            {"type": "json_schema", "json_schema": {"name": "a"}},
            "response_format.json_schema.schema",
        ),
        (
            {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}, "foo": 1},
            "response_format.foo",
        ),
    ],
)
def test_of_a_format_nothing_is_dropped_either(serve: Serve, format: Any, param: str) -> None:
    reply = serve().chat(response_format=format)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    ("check", "param"),
    [
        ({"type": "regex"}, "verifiers[0].pattern"),
        ({"type": "regex", "pattern": "x", "foo": 1}, "verifiers[0].foo"),
        ({"type": "nope"}, "verifiers[0].type"),
        ({}, "verifiers[0].type"),
    ],
)
def test_a_wrong_verifier_is_named_as_it_was_sent(serve: Serve, check: Any, param: str) -> None:
    reply = serve().chat(verifiers=[check])
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


def test_the_documented_tables_are_these() -> None:
    text = (Path(__file__).parents[2] / "docs" / "server.md").read_text("utf-8")
    for _, table in TABLES:
        assert params.markdown(table) in text


# --- fuzzing -----------------------------------------------------------------------------------

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["auto", "none", "user", "assistant", "function", "custom", "json_schema"]),
)
names = st.one_of(
    st.sampled_from(
        [
            *("type", "role", "content", "text", "name", "id", "call_id", "arguments", "output"),
            *("function", "schema", "json_schema", "format", "effort", "summary", "tools", "mode"),
            *("tool_calls", "tool_call_id", "input", "strict"),
        ]
    ),
    st.text(max_size=8),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=5)),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from secondthought.models.scripted import Scripted
    from tests.server.conftest import PLAIN, live

    with live(Scripted.of(PLAIN), tmp_path_factory.mktemp("fuzz")) as server:
        yield server


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_body_makes_the_server_fail(fuzzed: Live, data: st.DataObject) -> None:
    """Whatever the body: an answer or an error with a name, never a 5xx."""
    path, table = data.draw(st.sampled_from(TABLES))
    keys = st.sampled_from([param.name for param in table])
    body = {**BASE[path], **data.draw(st.dictionaries(keys, values, max_size=3))}
    if isinstance(body.get("background"), bool):
        body["background"] = False
    reply = fuzzed.http.post(path, content=json.dumps(body))
    assert reply.status_code in (200, 400, 404, 502)
    if reply.status_code == 502:  # a required tool call that a model without calls cannot make
        assert reply.json()["error"]["code"] == "tool_call_missing"
    elif reply.status_code != 200:
        error = reply.json()["error"]
        assert error["message"]
        assert set(error) == {"message", "type", "param", "code"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    raw=st.one_of(
        st.binary(max_size=200),
        st.sampled_from(
            [
                b"[" * 100_000,
                b'{"model": NaN}',
                b'{"model": "\\ud800"}',
                b'{"model": ' + b"1" * 5000 + b"}",
                b'{"a":' * 5000,
                b"null",
                b'"x"',
                b"\xff\xfe",
            ]
        ),
    )
)
def test_no_bytes_make_the_server_fail(fuzzed: Live, raw: bytes) -> None:
    for path in ("/v1/chat/completions", "/v1/responses"):
        assert fuzzed.http.post(path, content=raw).status_code == 400


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(id=st.text(max_size=30), query=st.dictionaries(names, st.text(max_size=10), max_size=3))
def test_no_address_makes_the_server_fail(fuzzed: Live, id: str, query: dict[str, str]) -> None:
    from urllib.parse import quote

    for path in (
        "/v1/responses/{}",
        "/v1/responses/{}/input_items",
        "/v1/models/{}",
        "/v1/traces/{}",
    ):
        address = path.format(quote(id, safe=""))
        status = fuzzed.http.get(address, params=query).status_code
        assert status in (200, 400, 404, 405)  # 405: "." is taken out of the path
