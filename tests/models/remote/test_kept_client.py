"""A client whose owner will close it uses aiohttp's connections: nothing else may be different."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("aiohttp")

from gateway_speed import Fixed
from upstreams import Fault, Upstream, on_port

from secondthought.models.base import ModelError
from secondthought.models.remote.client import Client
from tests.models.remote.test_client import BODY, read


@pytest.fixture(params=[False, True], ids=["httpx", "aiohttp"])
def kept(request: pytest.FixtureRequest) -> bool:
    return request.param


@asynccontextmanager
async def asking(port: int, kept: bool) -> AsyncIterator[Client]:
    client = Client(f"http://127.0.0.1:{port}/v1", "sk-secret", first=1, stall=0.2)
    if kept:
        client.keep()
    try:
        yield client
        assert client._session is not None  # pyright: ignore[reportPrivateUsage]
        assert (client._session.straight is not None) == kept  # pyright: ignore[reportPrivateUsage]
    finally:
        await client.close()


@pytest.mark.parametrize("fault", [Fault(status=429), Fault("drop"), Fault("malformed")])
async def test_what_may_be_asked_again_is(kept: bool, fault: Fault) -> None:
    server = Upstream("vllm", lambda _: ("one two three, ", "four five"), faults=[fault])
    async with on_port(server) as port, asking(port, kept) as client:
        assert await read(client) == "one two three, four five"
        assert server.running == 0


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(status=400), "bad_request"),
        (Fault(status=401), "auth"),
        (Fault("drop", after=2), "connection"),
        (Fault("stall", after=2), "timeout"),
    ],
)
async def test_what_may_not_is_a_typed_error(kept: bool, fault: Fault, kind: str) -> None:
    server = Upstream("vllm", lambda _: ("one two three, ", "four five"), faults=[fault])
    async with on_port(server) as port, asking(port, kept) as client:
        with pytest.raises(ModelError) as error:
            await read(client)
        assert error.value.kind == kind
        assert "sk-secret" not in str(error.value)


async def test_nobody_is_there(kept: bool) -> None:
    async with on_port(Upstream("vllm", lambda _: ("", ""))) as port:
        pass
    async with asking(port, kept) as client:
        with pytest.raises(ModelError, match="no server answers"):
            await read(client)


async def test_leaving_early_ends_the_server_s_work(kept: bool) -> None:
    server = Upstream("vllm", lambda _: ("word " * 100_000, "never"))
    async with on_port(server) as port, asking(port, kept) as client:
        stream = client.stream("chat/completions", BODY)
        for _ in range(5):
            await anext(stream)
        await stream.aclose()
        for _ in range(200):
            if not server.running:
                break
            await asyncio.sleep(0.01)
        assert (server.running, server.cancelled) == (0, 1)


async def test_cancelling_ends_the_server_s_work(kept: bool) -> None:
    server = Upstream("vllm", lambda _: ("word " * 1_000_000, "never"))
    async with on_port(server) as port, asking(port, kept) as client:
        task = asyncio.create_task(read(client))
        for _ in range(200):
            if server.running:
                break
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(200):
            if not server.running:
                break
            await asyncio.sleep(0.01)
        assert server.running == 0


async def test_one_connection_serves_many_requests(kept: bool) -> None:
    made: list[Fixed] = []

    def connection() -> Fixed:
        made.append(Fixed())
        return made[-1]

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
    async with server, asking(server.sockets[0].getsockname()[1], kept) as client:
        assert [await read(client) for _ in range(3)] == ["four"] * 3
    assert len(made) == 1


async def test_key_and_cookies_go_along(kept: bool) -> None:
    heads: list[str] = []
    reply = b'{"choices": [{"delta": {"content": "four"}}]}'

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        heads.append(head)
        await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
        writer.write(
            b"HTTP/1.1 200 OK\r\nconnection: close\r\nset-cookie: place=7; Path=/\r\n"
            b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(reply), reply)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, asking(server.sockets[0].getsockname()[1], kept) as client:
        for _ in range(2):
            assert await read(client) == "four"
    assert all("authorization: bearer sk-secret\r\n" in head for head in heads)
    assert all("content-type: application/json\r\n" in head for head in heads)
    assert ["cookie: place=7\r\n" in head for head in heads] == [False, True]
