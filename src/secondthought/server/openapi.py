"""`GET /openapi.json`: the API as a document. The requests come from the models that validate
them and from the table of parameters, so what it says is what the server does.

Answers are described by their form only; their fields are OpenAI's.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel

from secondthought.server import params
from secondthought.server.params import Param
from secondthought.server.wire.chat import ChatRequest
from secondthought.server.wire.responses import InputTokensRequest, ResponsesRequest

Json = dict[str, Any]

_OBJECT: Json = {"type": "object"}
_ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}


def document() -> Json:
    """The document, OpenAPI 3.1."""
    schemas: Json = {"Error": _ERROR}
    chat = _body(ChatRequest, params.CHAT, schemas)
    response = _body(ResponsesRequest, params.RESPONSES, schemas)
    count = _body(InputTokensRequest, params.INPUT_TOKENS, schemas)
    id = _path("id", "resp_0123456789abcdef0123456789abcdef")
    chat_id = _path("id", "chatcmpl-0123456789abcdef0123456789abcdef")
    number: Json = {"type": "integer", "minimum": -1, "maximum": 999_999_999}
    limit: Json = {"type": "integer", "minimum": 1, "maximum": 100}
    order: Json = {"enum": ["asc", "desc"]}
    choice = _query("choice", {"type": "integer", "minimum": 0, "maximum": 99})
    stream: Json = {"enum": ["true", "false"]}
    paths: Json = {
        "/health": {"get": _call("The process lives")},
        "/ready": {"get": _call("It can answer", others={"503": "it cannot now"})},
        "/metrics": {"get": _call("Figures for Prometheus; operators", kind="text/plain")},
        "/v1/models": {"get": _call("The models")},
        "/v1/models/{id}": {"get": _call("One model", [_path("id", "secondthought-5m")])},
        "/v1/chat/completions": {"post": _call("Answer a chat", body=chat, streams=True)},
        "/v1/chat/completions/{id}/answer_now": {
            "post": _call("End the thinking of a running chat", [chat_id])
        },
        "/v1/responses": {"post": _call("Make a response", body=response, streams=True)},
        "/v1/responses/input_tokens": {"post": _call("Count a prompt's tokens", body=count)},
        "/v1/responses/{id}": {
            "get": _call(
                "A response as it is now, or its events",
                [id, _query("stream", stream), _query("starting_after", number)],
                streams=True,
            ),
            "delete": _call("Delete a response", [id]),
        },
        "/v1/responses/{id}/cancel": {"post": _call("End a background response", [id])},
        "/v1/responses/{id}/answer_now": {
            "post": _call("End the thinking of a running response", [id])
        },
        "/v1/responses/{id}/input_items": {
            "get": _call(
                "What a response was made from",
                [
                    id,
                    _query("limit", limit),
                    _query("order", order),
                    _query("after", {"type": "string"}),
                ],
            )
        },
        "/v1/traces/{id}": {"get": _call("The whole thought; operators", [id, choice])},
        "/v1/traces/{id}/inspection": {"get": _call("The same, for the inspector", [id, choice])},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "secondthought", "version": version("secondthought")},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"key": []}],
    }


def _call(
    summary: str,
    parameters: Sequence[Json] = (),
    *,
    body: Json | None = None,
    streams: bool = False,
    kind: str = "application/json",
    others: dict[str, str] | None = None,
) -> Json:
    schema = _OBJECT if kind == "application/json" else {"type": "string"}
    content: Json = {kind: {"schema": schema}}
    if streams:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    call: Json = {
        "summary": summary,
        "parameters": list(parameters),
        "responses": {
            "200": {"description": "ok", "content": content},
            **{status: {"description": text} for status, text in (others or {}).items()},
            "default": {
                "description": "an error",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
    }
    if body is not None:
        call["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": body}},
        }
    return call


def _path(name: str, example: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "example": example,
    }


def _query(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _body(kind: type[BaseModel], table: Sequence[Param], schemas: Json) -> Json:
    """The request's schema: the honoured parameters as they are validated, the others as the
    table says. Puts it, and the parts it needs, into `schemas`."""
    schema = kind.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    schema["properties"] = {param.name: _param(param, schema["properties"]) for param in table}
    schemas[kind.__name__] = schema
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _param(param: Param, validated: Json) -> Json:
    if param.rule == "honoured":
        found: Json = copy.deepcopy(validated[param.name])
    elif param.rule == "refused":
        found = {"enum": [None, *param.only]}
    else:
        found = {}
    note = param.note if param.rule == "honoured" else f"{param.rule} {param.note}".strip()
    return {**found, **({"description": note} if note else {})}
