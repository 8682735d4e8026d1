"""All models of a server behind this one: its list is asked for now and then."""

from __future__ import annotations

import asyncio

import httpx
import pytest

pytest.importorskip("starlette")

from secondthought.models.remote.client import Client
from secondthought.models.remote.model import Remote
from secondthought.reasoner import Reasoner
from secondthought.server import models as served
from secondthought.server.errors import ApiError
from secondthought.server.models import Models


class Upstream:
    """A server with a list of models. status: of its answers. asked: how often it was."""

    def __init__(self, *names: str) -> None:
        self.names, self.status, self.asked = names, 200, 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/models"):
            return httpx.Response(404)
        self.asked += 1
        await asyncio.sleep(0.01)
        cards = [{"id": name, "owned_by": "vllm"} for name in self.names]
        return httpx.Response(self.status, json={"data": cards})

    def models(self) -> Models:
        client = Client("http://up/v1", transport=httpx.MockTransport(self))
        return Models(Reasoner(Remote("http://up/v1", client=client)))


async def test_a_list_that_does_not_come_now_is_the_last_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upstream = Upstream("a", "b")
    models = upstream.models()
    known = await models.find("b")
    monkeypatch.setattr(served, "_FRESH", 0.0)
    upstream.status = 500
    assert await models.find("b") is known
    assert upstream.asked == 2
    await models.find("a")
    assert upstream.asked == 2  # a server that fails is not asked with every request
    monkeypatch.setattr(served, "_AGAIN", -1.0)
    models._listed = -1.0  # pyright: ignore[reportPrivateUsage]
    upstream.status, upstream.names = 200, ("b", "c")
    assert await models.names() == ["b", "c"]
    assert await models.find("b") is known


async def test_while_one_request_asks_for_the_list_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upstream = Upstream("a", "b")
    models = upstream.models()
    await models.names()
    monkeypatch.setattr(served, "_FRESH", 30.0)
    models._listed = -1000.0  # pyright: ignore[reportPrivateUsage]
    await asyncio.gather(*(models.find("a") for _ in range(10)))
    assert upstream.asked == 2


async def test_without_any_list_it_is_an_error() -> None:
    upstream = Upstream("a", "b")
    upstream.status = 503
    with pytest.raises(ApiError) as error:
        await upstream.models().find("a")
    assert error.value.status == 502
