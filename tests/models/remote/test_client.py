"""Faults of a server, as recorded from real ones: retried, or a typed error, in time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from gateway_speed import Fixed
from upstreams import Fault, Upstream, on_port

from secondthought.models.base import ModelError
from secondthought.models.remote import client as clients
from secondthought.models.remote import sse
from secondthought.models.remote.client import Client

BODY = {"model": "m", "messages": [{"role": "user", "content": "What?"}], "stream": True}


def upstream(*faults: Fault, first: float = 1, **options: Any) -> tuple[Upstream, Client]:
    server = Upstream("vllm", lambda _: ("one two three, ", "four five"), faults=faults, **options)
    client = Client(server.url, "key", first=first, stall=0.1, transport=server.transport())
    return server, client


async def read(client: Client, body: dict[str, Any] = BODY) -> str:
    text = ""
    async with aclosing(client.stream("chat/completions", body)) as events:
        async for event in events:
            for choice in event["choices"]:
                text += choice["delta"].get("reasoning") or choice["delta"].get("content") or ""
    return text


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
async def test_these_are_asked_again_twice(status: int, no_waiting: list[float]) -> None:
    server, client = upstream(Fault(status=status), Fault(status=status))
    assert await read(client) == "one two three, four five"
    assert len(no_waiting) == 2
    assert 0.375 <= no_waiting[0] <= 0.5 < 0.75 <= no_waiting[1] <= 1
    server.faults = [Fault(status=status)] * 3
    with pytest.raises(ModelError, match=f"answers {status}: scripted"):
        await read(client)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "bad_request"), (401, "auth"), (403, "auth"), (404, "not_found"), (422, "bad_request")],
)
async def test_these_are_not(status: int, kind: str, no_waiting: list[float]) -> None:
    _, client = upstream(Fault(status=status))
    with pytest.raises(ModelError) as error:
        await read(client)
    assert error.value.kind == kind
    assert not no_waiting


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after": "120"}, 120),
    ],
)
async def test_the_server_s_own_wait_is_kept(
    headers: dict[str, str], waits: float, no_waiting: list[float]
) -> None:
    _, client = upstream(Fault(status=429, headers=headers))
    await read(client)
    assert no_waiting == [waits]


async def test_a_date_is_a_wait_too(no_waiting: list[float]) -> None:
    headers = {"retry-after": formatdate(time.time() + 90, usegmt=True)}
    _, client = upstream(Fault(status=429, headers=headers))
    await read(client)
    assert 60 < no_waiting[0] <= 90


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3600"}, 3600),
        ({"retry-after": "120.5"}, 120.5),
        ({"retry-after-ms": "600000"}, 600),
        ({"retry-after": "3600", "x-should-retry": "true"}, 3600),
        ({"retry-after": "9" * 400}, 31_536_000),
        ({"retry-after": "DATE"}, 7200),
    ],
)
async def test_nobody_is_kept_waiting_for_more_than_two_minutes(
    headers: dict[str, str], seconds: float, no_waiting: list[float]
) -> None:
    # Made now: between collection and this line minutes may lie.
    date = formatdate(time.time() + 7200, usegmt=True)
    sent = {name: value.replace("DATE", date) for name, value in headers.items()}
    server, client = upstream(*[Fault(status=429, headers=sent)] * 3)
    with pytest.raises(ModelError) as error:
        await read(client)
    assert error.value.kind == "rate_limit"
    assert error.value.retry_after == pytest.approx(seconds, abs=60)
    assert (len(server.faults), no_waiting) == (2, [])


@pytest.mark.parametrize("value", ["soon", "-1", "0", "nan", formatdate(0, usegmt=True)])
async def test_a_wait_that_is_none_is_ours(value: str, no_waiting: list[float]) -> None:
    _, client = upstream(Fault(status=429, headers={"retry-after": value}))
    await read(client)
    assert no_waiting[0] <= 0.5


@pytest.mark.parametrize(
    ("says", "status", "tries"), [("true", 400, 2), ("false", 500, 1), ("perhaps", 500, 2)]
)
async def test_the_server_may_overrule(says: str, status: int, tries: int) -> None:
    server, client = upstream(Fault(status=status, headers={"x-should-retry": says}))
    if tries == 1:
        with pytest.raises(ModelError):
            await read(client)
    else:
        await read(client)
    assert len(server.requests) == tries - 1


@pytest.mark.parametrize("how", ["drop", "malformed", "error"])
async def test_what_breaks_before_it_spoke_is_asked_again(how: str) -> None:
    server, client = upstream(Fault(how))
    assert await read(client) == "one two three, four five"
    assert len(server.requests) == 2
    assert server.running == 0


@pytest.mark.parametrize(
    ("how", "kind"),
    [("drop", "connection"), ("malformed", "malformed"), ("stall", "timeout"), ("error", "server")],
)
async def test_what_breaks_after_it_spoke_is_a_typed_error_in_time(how: str, kind: str) -> None:
    server, client = upstream(Fault(how, after=2))
    started, events = time.perf_counter(), client.stream("chat/completions", BODY)
    said = [(await anext(events))["choices"][0]["delta"] for _ in range(3)]
    with pytest.raises(ModelError) as error:
        await anext(events)
    assert error.value.kind == kind
    assert [d.get("reasoning") for d in said] == [None, "one ", "two "]
    assert time.perf_counter() - started < 1
    assert (len(server.requests), server.running) == (1, 0)


async def test_a_server_that_says_nothing_at_all() -> None:
    server, client = upstream(*[Fault("stall")] * 3, first=0.05)
    with pytest.raises(ModelError, match=r"sent nothing for 0\.05 s") as error:
        await read(client)
    assert error.value.kind == "timeout"
    assert (server.running, len(server.faults)) == (0, 2)  # it would take as long once more


async def test_a_server_that_sends_not_even_headers_is_not_asked_again() -> None:
    asked = 0

    async def hang(_: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        raise httpx.ReadTimeout("")

    client = Client("http://h/v1", transport=httpx.MockTransport(hang))
    with pytest.raises(ModelError, match="did not answer in time"):
        await read(client)
    assert asked == 1


async def test_a_stream_that_ends_too_early_is_no_answer() -> None:
    def cut(_: httpx.Request) -> httpx.Response:
        text = 'data: {"choices": [{"delta": {"content": "fo"}}]}\n\n'
        return httpx.Response(200, text=text, headers={"content-type": "text/event-stream"})

    client = Client("http://h/v1", transport=httpx.MockTransport(cut))
    with pytest.raises(ModelError, match="before the reply's end") as error:
        await read(client)
    assert error.value.kind == "connection"


async def test_a_reply_that_is_not_streamed_is_one_event() -> None:
    _, client = upstream()
    body = {k: v for k, v in BODY.items() if k != "stream"}
    async with aclosing(client.stream("chat/completions", body)) as events:
        (event,) = [event async for event in events]
    assert event["choices"][0]["message"]["content"] == "four five"


@pytest.mark.parametrize("text", ["<html>It works!</html>", "[]", "null", '"yes"', ""])
async def test_what_is_no_model_server_is_called_so(text: str) -> None:
    client = Client(
        "http://h/v1", transport=httpx.MockTransport(lambda _: httpx.Response(200, text=text))
    )
    with pytest.raises(ModelError, match="is the URL right") as error:
        await read(client)
    assert error.value.kind == "malformed"


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "This model's maximum context length is 4096 tokens."}},
        {"object": "error", "message": "prompt is too long"},
        {"detail": "the request exceeds the available context size"},
    ],
)
async def test_a_prompt_that_is_too_long_is_told_apart(body: dict[str, Any]) -> None:
    answer = httpx.Response(400, json=body)
    client = Client("http://h/v1", transport=httpx.MockTransport(lambda _: answer))
    with pytest.raises(ModelError) as error:
        await read(client)
    assert error.value.kind == "context"


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("http://127.0.0.1:8000/v1", "SECONDTHOUGHT_REMOTE_KEY or OPENAI_API_KEY"),
        ("http://h/v1", "SECONDTHOUGHT_REMOTE_KEY"),
        ("https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    ],
)
async def test_a_refused_key_names_where_it_comes_from(url: str, names: str) -> None:
    answer = httpx.Response(401, json={"error": {"message": "Bad key."}})
    client = Client(url, "k", transport=httpx.MockTransport(lambda _: answer))
    with pytest.raises(ModelError) as error:
        await read(client)
    assert str(error.value) == (
        f"the server at {url} answers 401: Bad key. (its key comes from the environment: {names})"
    )


async def test_a_web_page_is_not_read_out() -> None:
    page = httpx.Response(404, text="\n<!DOCTYPE html><title>Not found</title>")
    client = Client("http://h/v1", transport=httpx.MockTransport(lambda _: page))
    with pytest.raises(ModelError, match=r"h/v1 answers 404: a web page, no API$"):
        await read(client)


async def test_an_error_is_one_short_line_without_the_key() -> None:
    answer = httpx.Response(401, text="no\n\x1b[31m" + "x" * 5000)
    seen: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return answer

    client = Client("http://h/v1", "sk-secret", transport=httpx.MockTransport(refuse))
    with pytest.raises(ModelError) as error:
        await read(client)
    said = str(error.value)
    assert seen == ["Bearer sk-secret"]
    assert "secret" not in said
    assert len(said) < 500
    assert said.isprintable()


async def test_nobody_is_there() -> None:
    async with on_port(Upstream("vllm", lambda _: ("", ""))) as port:
        pass
    client = Client(f"http://127.0.0.1:{port}/v1")
    with pytest.raises(ModelError, match=f"no server answers at http://127.0.0.1:{port}/v1"):
        await read(client)


async def test_closing_ends_the_server_s_work_at_once() -> None:
    server = Upstream("vllm", lambda _: ("word " * 100_000, "never"))
    async with on_port(server) as port:
        client = Client(f"http://127.0.0.1:{port}/v1")
        async with aclosing(client.stream("chat/completions", BODY)) as events:
            for _ in range(5):
                await anext(events)
        for _ in range(200):
            if not server.running:
                break
            await asyncio.sleep(0.01)
        assert (server.running, server.cancelled) == (0, 1)
        assert server.made["What?"] < 50_000
        await client.close()


async def test_a_connection_serves_the_next_request_too() -> None:
    made: list[Fixed] = []

    def connection() -> Fixed:
        made.append(Fixed())
        return made[-1]

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        client = Client(f"http://127.0.0.1:{port}/v1")
        assert [await read(client) for _ in range(3)] == ["four"] * 3
        await client.close()
    assert len(made) == 1


async def test_a_server_that_says_done_and_hangs_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Hangs(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b'data: {"choices": [{"delta": {"content": "four"}}]}\n\ndata: [DONE]\n\n'
            await asyncio.Event().wait()

    def reply(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Hangs())

    monkeypatch.setattr(clients, "_REST_SECONDS", 0.02)
    client = Client("http://h/v1", transport=httpx.MockTransport(reply))
    assert await asyncio.wait_for(read(client), 5) == "four"


async def test_only_so_many_at_a_time() -> None:
    server = Upstream("vllm", lambda _: ("word " * 50, "end"))
    client = Client(server.url, concurrency=3, transport=server.transport())
    most = 0

    async def one() -> None:
        nonlocal most
        async with aclosing(client.stream("chat/completions", BODY)) as events:
            async for _ in events:
                most = max(most, server.running)

    await asyncio.gather(*(one() for _ in range(12)))
    assert most == 3


def test_one_client_in_two_event_loops() -> None:
    _, client = upstream()
    for _ in range(2):
        assert asyncio.run(read(client)) == "one two three, four five"


async def test_this_machine_is_reached_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with on_port(Upstream("vllm", lambda _: ("", "four"))) as port:
        client = Client(f"http://127.0.0.1:{port}/v1")
        assert await read(client) == "four"
        await client.close()


def answering(reply: httpx.Response) -> Client:
    return Client("http://x/v1", transport=httpx.MockTransport(lambda _: reply))


@pytest.mark.parametrize(
    ("code", "kind", "tries"),
    [
        (400, "bad_request", 1),
        (401, "auth", 1),
        (429, "rate_limit", 3),
        (503, "server", 3),
        ("rate_limit_exceeded", "server", 3),
        (20012, "server", 3),
        (None, "server", 3),
    ],
)
async def test_an_error_within_a_stream_is_what_its_code_says(
    code: object, kind: str, tries: int
) -> None:
    asked: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        error = json.dumps({"error": {"message": "no", "code": code}})
        return httpx.Response(
            200, headers={"content-type": "text/event-stream"}, text=f"data: {error}\n\n"
        )

    with pytest.raises(ModelError) as error:
        await read(Client("http://x/v1", transport=httpx.MockTransport(reply)))
    assert (error.value.kind, len(asked)) == (kind, tries)


async def test_a_server_that_has_moved_says_where() -> None:
    headers = {"location": "https://x/v1/chat/completions"}
    with pytest.raises(ModelError, match="moved: write https://x/v1/chat/comp") as error:
        await read(answering(httpx.Response(308, headers=headers)))
    assert error.value.kind == "not_found"


@pytest.mark.parametrize("status", [200, 400])
async def test_json_without_bottom_is_nonsense(status: int) -> None:
    deep = httpx.Response(status, text="[" * 100_000)
    with pytest.raises(ModelError):
        await read(answering(deep))
    with pytest.raises(ModelError):
        await answering(deep).get("models")


@pytest.mark.parametrize("status", [200, 500])
async def test_a_body_without_end_does_not_fill_the_memory(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "MAX_EVENT", 10_000)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1000
            yield b" " * 1000

    def reply(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=endless())

    client = Client("http://x/v1", transport=httpx.MockTransport(reply))
    with pytest.raises(ModelError, match="without end"):
        await client.get("models")
    with pytest.raises(ModelError, match="without end"):
        await read(client)
    assert sent < 100_000


async def test_a_content_type_is_the_same_in_capitals() -> None:
    event = {"choices": [{"index": 0, "delta": {"content": "hi"}, "finish_reason": "stop"}]}
    reply = httpx.Response(
        200,
        headers={"content-type": "Text/Event-Stream; charset=UTF-8"},
        text=f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n",
    )
    assert await read(answering(reply)) == "hi"
