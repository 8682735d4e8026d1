"""The connections of aiohttp, seen through httpx: errors as httpx's, and closing that is heard."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

pytest.importorskip("aiohttp")

from secondthought.models.remote.transport import Transport

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(answer: Handler) -> AsyncGenerator[str]:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await answer(reader, writer)
        writer.close()

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_nobody_there() -> None:
    async with serving(lambda r, w: asyncio.sleep(0)) as url:
        pass
    async with httpx.AsyncClient(transport=Transport()) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(url)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (b"", httpx.ReadError),
        (b"nonsense\r\n\r\n", httpx.RemoteProtocolError),
        (HEAD + b"half", httpx.RemoteProtocolError),
    ],
)
async def test_a_reply_that_breaks(said: bytes, kind: type[Exception]) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)

    async with serving(answer) as url, httpx.AsyncClient(transport=Transport()) as http:
        with pytest.raises(kind):
            await http.post(url, json={})


async def test_a_silent_server() -> None:
    async with (
        serving(lambda reader, _: asyncio.sleep(1)) as url,
        httpx.AsyncClient(transport=Transport(), timeout=0.05) as http,
    ):
        with pytest.raises(httpx.ReadTimeout):
            await http.get(url)


async def test_a_connection_that_is_closed_while_we_ask_is_no_failure() -> None:
    asked: list[int] = []  # the number of the connection, for each request
    connections = 0

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        mine = connections
        while await reader.read(4096):
            asked.append(mine)
            if asked == [1, 1]:  # it hangs up as on an idle one
                break
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour")
        writer.close()

    async with (
        await asyncio.start_server(connected, "127.0.0.1", 0) as server,
        httpx.AsyncClient(transport=Transport()) as http,
    ):
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        for _ in range(2):
            assert (await http.post(url, json={})).content == b"four"
    assert asked == [1, 1, 2]


async def test_closing_a_reply_before_its_end_closes_the_connection() -> None:
    left = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"some")
        await writer.drain()
        await reader.read()
        left.set()

    async with serving(answer) as url, httpx.AsyncClient(transport=Transport()) as http:
        async with http.stream("GET", url) as response:
            assert await anext(response.aiter_bytes()) == b"some"
        await asyncio.wait_for(left.wait(), 10)


ASK = """
import asyncio, contextlib, gc, sys
from secondthought.reasoner import Reasoner
reasoner = Reasoner(sys.argv[1])
async def ask(kept):
    async with reasoner if kept else contextlib.nullcontext():
        await reasoner.model.client.get("models")
        return type(reasoner.model.client._session.http._transport).__module__
for kept in (False, False, True, False):
    print(asyncio.run(ask(kept)))
del reasoner
gc.collect()
"""


async def test_a_client_that_nobody_closes_leaves_no_word_on_stderr() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        await reader.read()  # the connection stays open

    async with serving(answer) as url:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", ASK, f"{url}/v1#m", stdout=PIPE, stderr=PIPE
        )
        said, complaints = await process.communicate()
    assert complaints == b""
    own, kept = "httpx", "secondthought.models.remote.transport"
    assert said.decode().split() == [own, own, kept, own]
