"""The queue, its fairness and its bounds; clients that leave, readers that stall."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from typing import Any

import pytest

from secondthought.server.errors import ApiError
from secondthought.server.limits import Gate
from tests.server.conftest import Live, Serve, until, words

SLOW = {"thought": words(4000), "answer": "late", "tokens_per_second": 100}


async def test_the_lines_of_the_keys_are_served_in_turn() -> None:
    gate = Gate(concurrent=1, waiting=100, per_key=50)
    order: list[str] = []

    async def ask(key: str) -> None:
        async with gate.enter(key):
            await asyncio.sleep(0)
            order.append(key)

    async with asyncio.TaskGroup() as group:
        for key in ("a",) * 6 + ("b",) * 2 + ("c",):
            group.create_task(ask(key))
    assert order == ["a", "a", "b", "c", "a", "b", "a", "a", "a"]
    assert (gate.running, gate.waiting) == (0, 0)


async def test_the_queue_is_bounded_in_all_and_for_each_key() -> None:
    gate = Gate(concurrent=1, waiting=3, per_key=2)
    tickets = [gate.enter("a"), gate.enter("a"), gate.enter("a")]
    with pytest.raises(ApiError) as full:
        gate.enter("a")
    assert full.value.status == 429
    assert full.value.retry_after is not None
    tickets.append(gate.enter("b"))
    with pytest.raises(ApiError):
        gate.enter("c")
    for ticket in tickets:
        ticket.leave()
        ticket.leave()
    assert (gate.running, gate.waiting) == (0, 0)


async def test_who_gives_up_waiting_blocks_nobody() -> None:
    gate = Gate(concurrent=1, waiting=10, per_key=10)
    first = gate.enter("a")
    waiting = [asyncio.ensure_future(gate.enter("a").__aenter__()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    first.leave()
    await waiting[1]
    assert gate.running == 1
    waiting[2].cancel()
    (await waiting[1]).leave()
    await asyncio.sleep(0)
    assert (gate.running, gate.waiting) == (0, 0)


def _background(server: Live, count: int) -> list[Any]:
    return [server.respond(background=True) for _ in range(count)]


def test_beyond_the_queue_is_429_with_retry_after(serve: Serve) -> None:
    server = serve(SLOW, concurrent=1, waiting=2, waiting_per_key=2)
    replies = _background(server, 4)
    assert [r.status_code for r in replies] == [200, 200, 200, 429]
    assert int(replies[-1].headers["retry-after"]) >= 1
    error = replies[-1].json()["error"]
    assert (error["type"], error["code"]) == ("rate_limit_error", "rate_limit_exceeded")
    assert server.chat().status_code == 429
    for reply in replies[:3]:
        server.http.post(f"/v1/responses/{reply.json()['id']}/cancel")
    until(lambda: server.service.gate.running == 0)
    assert server.service.gate.waiting == 0


def test_many_at_once_all_get_their_own_answer(serve: Serve) -> None:
    turns = [{"match": f"q{i}$", "thought": "t ", "answer": f"answer {i}"} for i in range(40)]
    server = serve(*turns, concurrent=4)
    got: dict[int, str] = {}

    def ask(i: int) -> None:
        body = server.chat(f"q{i}").json()
        got[i] = body["choices"][0]["message"]["content"]

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {i: f"answer {i}" for i in range(40)}
    assert server.service.gate.running == 0


# --- clients that leave --------------------------------------------------------------------------


def _request(server: Live, path: str, body: dict[str, Any]) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    connection.sendall(_raw(server, path, body))
    return connection


def _raw(server: Live, path: str, body: dict[str, Any]) -> bytes:
    data = json.dumps(body).encode()
    host = server.url.removeprefix("http://")
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses"])
@pytest.mark.parametrize("mode", ["hidden", "raw"])
def test_a_client_that_leaves_stops_its_tokens(
    serve: Serve, path: str, stream: bool, mode: str
) -> None:
    server = serve(SLOW, reasoning=mode)
    body: dict[str, Any] = {"model": "script", "stream": stream}
    body |= (
        {"input": "hi"}
        if "responses" in path
        else {"messages": [{"role": "user", "content": "hi"}]}
    )
    connection = _request(server, path, body)
    until(lambda: server.service.running)
    until(lambda: all(a.started for _, a in server.service.running.values()))
    time.sleep(0.2)
    connection.close()
    began = time.monotonic()
    until(lambda: not server.service.running)
    assert time.monotonic() - began < 2
    assert server.service.gate.running == 0
    assert "clients_left_total 1" in server.service.metrics.text()


def test_a_client_that_leaves_while_it_waits_gives_its_place_back(serve: Serve) -> None:
    server = serve(SLOW, concurrent=1)
    first = server.respond(background=True).json()["id"]
    body = {"model": "script", "messages": [{"role": "user", "content": "hi"}]}
    connection = _request(server, "/v1/chat/completions", body)
    until(lambda: server.service.gate.waiting == 1)
    connection.close()
    until(lambda: server.service.gate.waiting == 0)
    assert len(server.model.requests) == 1
    server.http.post(f"/v1/responses/{first}/cancel")


def test_a_background_response_goes_on_when_its_reader_leaves(serve: Serve) -> None:
    server = serve({"thought": words(60), "answer": "done", "tokens_per_second": 100})
    body = {"model": "script", "input": "hi", "background": True, "stream": True}
    with server.http.stream("POST", "/v1/responses", json=body) as reply:
        lines = reply.iter_lines()
        seen = [
            json.loads(line[6:]) for line, _ in zip(lines, range(8), strict=False) if "data" in line
        ]
    id = seen[0]["response"]["id"]
    after = seen[-1]["sequence_number"]
    rest = server.http.get(f"/v1/responses/{id}?stream=true&starting_after={after}").text
    numbers = [
        json.loads(line[6:])["sequence_number"]
        for line in rest.splitlines()
        if line.startswith("data: {")
    ]
    assert numbers == list(range(after + 1, after + 1 + len(numbers)))
    assert '"response.completed"' in rest
    assert server.http.get(f"/v1/responses/{id}").json()["status"] == "completed"


def test_a_reader_that_stalls_holds_nobody_and_is_dropped(serve: Serve) -> None:
    """Its answer is made all the same, its place is free, and after a while it is cut off."""
    turn = {"answer": " ".join("w" * 8000 for _ in range(250)) + " "}
    server = serve(turn, concurrent=1, stalled=0.5)
    host, port = server.url.removeprefix("http://").split(":")
    stalled = socket.socket()
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stalled.connect((host, int(port)))
    body = {
        "model": "script",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "n": 16,
        "max_tokens": 100_000,
    }
    stalled.sendall(_raw(server, "/v1/chat/completions", body))
    until(lambda: len(server.model.requests) >= 16)
    assert server.chat(max_tokens=10).status_code == 200
    with contextlib.closing(stalled):
        until(lambda: "clients_left_total 1" in server.service.metrics.text())


def test_too_large_a_body_is_413(serve: Serve) -> None:
    server = serve(body_bytes=2000)
    assert server.chat("x" * 3000).status_code == 413
    assert server.chat("x" * 100).status_code == 200
