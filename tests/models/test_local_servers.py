from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from secondthought.models import local_servers

OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
BODY = b'{"data": [{"id": "qwen3"}, {"id": "gemma"}]}'


@asynccontextmanager
async def server(reply: bytes, *, hang: bool = False) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        assert request.startswith(b"GET /v1/models ")
        writer.write(reply)
        await writer.drain()
        if hang:
            await asyncio.sleep(5)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield listening.sockets[0].getsockname()[1]
    listening.close()


async def found(
    monkeypatch: pytest.MonkeyPatch, reply: bytes, *, hang: bool = False
) -> list[local_servers.Server]:
    async with server(reply, hang=hang) as port:
        monkeypatch.setattr(local_servers, "PORTS", {port: "vLLM", 1: "nobody"})
        started = time.perf_counter()
        servers = await local_servers.find()
        assert time.perf_counter() - started < 0.5
        assert all(s.url == f"http://127.0.0.1:{port}/v1" for s in servers)
        return servers


@pytest.mark.parametrize("hang", [False, True])
async def test_a_server_is_named_with_its_models(
    monkeypatch: pytest.MonkeyPatch, hang: bool
) -> None:
    (one,) = await found(monkeypatch, OK % len(BODY) + BODY, hang=hang)
    assert (one.usual, one.models) == ("vLLM", ("qwen3", "gemma"))


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 404 Not Found\r\n\r\n",
        OK % 2 + b"{}",
        OK % 5 + b"<html",
        OK % 12 + b'{"data": 17}',
    ],
)
async def test_what_is_no_model_server_is_not_named(
    monkeypatch: pytest.MonkeyPatch, reply: bytes
) -> None:
    assert await found(monkeypatch, reply) == []


async def test_one_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await found(monkeypatch, b"", hang=True) == []
