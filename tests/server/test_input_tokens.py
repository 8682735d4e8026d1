"""`POST /v1/responses/input_tokens`: the count is what the usage will say, and nothing is
generated for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from secondthought.models.embedded import Embedded, find
from secondthought.models.remote.model import Remote
from tests.server.conftest import PLAIN, Live, Serve, live

openai = pytest.importorskip("openai")


def client(server: Live) -> Any:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Live]:
    model: Any = Embedded.load(find("mini"), threads=1)
    with live(model, tmp_path) as server:
        yield server
    asyncio.run(model.close())


def test_the_embedded_model_counts_exactly_at_every_effort(embedded: Live) -> None:
    official = client(embedded)
    body: dict[str, Any] = {"model": "secondthought-5m", "input": "What is 4 * 6?"}
    for effort in ("none", "low", "medium", "auto"):
        body["reasoning"] = {"effort": effort}
        for more in ({}, {"instructions": "Be brief. 간단히."}):
            counted = official.responses.input_tokens.count(**body, **more)
            used = official.responses.create(**body, **more).usage
            assert counted.input_tokens == used.input_tokens > 14
            assert counted.secondthought == {"estimated": False, "changed": {}}


def test_a_conversation_is_counted_whole_and_nothing_is_generated(serve: Serve) -> None:
    server = serve(PLAIN)
    official = client(server)
    first = official.responses.create(model="script", input="one two three")
    asked = len(server.model.requests)
    more = {"previous_response_id": first.id, "input": "four five"}
    counted = official.responses.input_tokens.count(**more)
    assert len(server.model.requests) == asked
    assert counted.object == "response.input_tokens"
    used = official.responses.create(model="script", **more).usage
    assert counted.input_tokens == used.input_tokens == 8
    assert server.http.get("/v1/responses/input_tokens").status_code == 404  # no id of ours


def test_another_servers_tokens_are_an_estimate_that_says_so(tmp_path: Path) -> None:
    class Upstream(Remote):
        async def ready(self) -> None:
            pass  # nobody is there

    model: Any = Upstream("http://127.0.0.1:9/v1#m")
    with live(model, tmp_path, names=("m",)) as server:
        body = {"model": "m", "input": "hello there, friend"}
        found = server.post("/v1/responses/input_tokens", body).json()
    assert found["secondthought"]["estimated"] is True
    assert found["input_tokens"] > 0


def test_a_model_that_cannot_be_asked_is_an_error_of_the_model(tmp_path: Path) -> None:
    model: Any = Remote("http://127.0.0.1:9/v1#m")
    with live(model, tmp_path, names=("m",)) as server:
        reply = server.post("/v1/responses/input_tokens", {"model": "m", "input": "hi"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (502, "model_connection")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"input": ""}, "input"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"max_output_tokens": 3}, "max_output_tokens"),
        ({"previous_response_id": "resp_nowhere"}, "previous_response_id"),
        ({"personality": "friendly"}, "personality"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    serve: Serve, change: dict[str, Any], param: str
) -> None:
    reply = serve().post("/v1/responses/input_tokens", {"input": "hi", **change})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


def test_conversations_are_not_compacted(serve: Serve) -> None:
    with pytest.raises(openai.NotFoundError, match="does not compact"):
        client(serve()).responses.compact(model="script", input="hi")
