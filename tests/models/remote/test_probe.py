"""What is found out of a server before its first answer, and when it is looked for again."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from upstreams import Fault, Upstream

from secondthought import Reasoner
from secondthought.models.base import ModelError
from secondthought.models.remote.address import parse
from secondthought.models.remote.client import Client
from secondthought.models.remote.model import Remote
from secondthought.models.remote.probe import identify

Make = Callable[..., tuple[Remote, Upstream]]
LOADING = "Loading model"


@pytest.mark.parametrize("status", [503, 500, 429, 408])
@pytest.mark.parametrize("dialect", ["vllm", "llama.cpp", "sglang", "other"])
async def test_a_server_that_is_busy_is_looked_at_again(
    remote: Make, dialect: str, status: int
) -> None:
    model, upstream = remote(dialect)
    busy = Fault(status=status, message=LOADING)
    upstream.faults = [Fault(status=status, paths="/models"), busy, busy, busy]
    assert (await Reasoner(model).answer("What?", "low")).answer == "four five"
    upstream.faults = []
    trace = await Reasoner(model).answer("What?", "low")
    assert (trace.strategy, trace.thought) == ("think", "one two three")
    assert model.found is not None
    assert model.found.dialect.name == {"other": "openai-compatible"}.get(dialect, dialect)
    looks = len(upstream.requests)
    await Reasoner(model).answer("What?", "low")
    assert len(upstream.requests) == looks + 1


@pytest.mark.parametrize(
    ("url", "dialect"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://api.deepseek.com", "deepseek"),
        ("https://api.moonshot.ai/v1", "deepseek"),
        ("https://api.moonshot.cn/v1", "deepseek"),
        ("https://api.z.ai/api/paas/v4", "deepseek"),
        ("https://api.z.ai/api/coding/paas/v4", "deepseek"),
        ("https://open.bigmodel.cn/api/paas/v4", "deepseek"),
        ("https://notz.ai/v1", "openai-compatible"),
        ("https://api.z.ai.evil.test/v1", "openai-compatible"),
    ],
)
async def test_clouds_are_known_by_their_hosts(url: str, dialect: str) -> None:
    """Kimi and GLM speak as DeepSeek does."""

    def answer(request: httpx.Request) -> httpx.Response:
        listed = request.url.path.endswith("/models")
        return httpx.Response(200 if listed else 404, json={"data": [{"id": "m"}]})

    client = Client(parse(f"{url}#m", {}).url, transport=httpx.MockTransport(answer))
    found = await identify(client, "m")
    assert (found.dialect.name, found.models, found.settled) == (dialect, ("m",), True)
    await client.close()


async def test_a_list_of_models_that_comes_late_is_asked_for_again(remote: Make) -> None:
    model, upstream = remote("vllm")
    upstream.faults = [Fault(status=503, paths="/models", message=LOADING)]
    names: list[str] = []
    for _ in range(2):
        await model.ready()
        assert model.found is not None
        names.append(model.found.dialect.name)
    assert names == ["openai-compatible", "vllm"]


async def test_a_server_that_does_not_answer_the_look_is_looked_at_again(remote: Make) -> None:
    model, upstream = remote("vllm", first=0.5)
    upstream.faults = [Fault("stall")]
    await model.ready()
    assert not model.capabilities.thinks
    await model.ready()
    assert (model.capabilities.thinks, model.shape) == (True, "field")


@pytest.mark.parametrize("status", [404, 400])
async def test_a_server_without_a_list_of_models_is_not_looked_at_again(
    remote: Make, status: int
) -> None:
    model, upstream = remote("vllm")
    upstream.faults = [Fault(status=status, paths="/models")]
    await model.ready()
    assert model.found is not None
    assert model.found.dialect.name == "openai-compatible"
    asked = len(upstream.requests)
    await model.ready()
    assert len(upstream.requests) == asked


async def test_a_look_that_is_refused_is_an_answer(remote: Make) -> None:
    model, upstream = remote("vllm")
    upstream.faults = [Fault(status=400, message="no")]
    for _ in range(2):
        await model.ready()
    assert not model.capabilities.thinks
    assert len(upstream.requests) == 0


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (httpx.Response(404, text="Not Found"), "not_found"),
        (httpx.Response(200, text="<html>It works!</html>"), "malformed"),
        (httpx.Response(503, text=LOADING), "server"),
    ],
)
async def test_without_a_list_a_model_has_to_be_named(reply: httpx.Response, kind: str) -> None:
    client = Client("http://h/v1", transport=httpx.MockTransport(lambda _: reply))
    with pytest.raises(ModelError, match="wants one named, as in http://h/v1#NAME") as error:
        await Remote("http://h/v1", client=client).ready()
    assert error.value.kind == kind


async def test_an_empty_list_is_no_fault_of_the_asker() -> None:
    empty = httpx.Response(200, json={"data": []})
    client = Client("http://h/v1", transport=httpx.MockTransport(lambda _: empty))
    with pytest.raises(ModelError, match="offers no model; name one") as error:
        await Remote("http://h/v1", client=client).ready()
    assert error.value.kind == "not_found"
