"""Every answer that was begun has its trace, whatever ended it, and none that is to be kept is
acknowledged before it is."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from secondthought.oversight import seal
from tests.server.conftest import PLAIN, Live, Serve, events, until, words

sqlalchemy = pytest.importorskip("sqlalchemy")

SLOW = {"thought": words(5000), "answer": "done", "tokens_per_second": 100}
BROKEN = {"thought": "hm hm ", "answer": "a b c d", "fail": {"after_tokens": 4, "how": "drop"}}


def trace(server: Live, id: str) -> dict[str, Any]:
    found = server.http.get(f"/v1/traces/{id}")
    assert found.status_code == 200, id
    disclosed = seal.read_disclosure(json.dumps(found.json()["disclosure"]))
    assert disclosed.holds
    assert seal.read_disclosure(found.text) == disclosed  # the trace as a whole does as well
    return found.json()["trace"]


def left(server: Live, path: str, body: dict[str, Any]) -> str:
    """Ask for a stream, and go once the model thinks."""
    with server.http.stream("POST", path, json={"model": "script", "stream": True, **body}) as got:
        lines = got.iter_lines()  # kept, because the stream is closed with it
        line = next(line for line in lines if line.startswith("data"))
        until(lambda: server.service.running)
        until(lambda: all(a.runs[0].thought for _, a in server.service.running.values()))
    until(lambda: not server.service.running)
    found = json.loads(line[6:])
    return found.get("id") or found["response"]["id"]


def chat_left(server: Live) -> str:
    messages = [{"role": "user", "content": "hi"}]
    return left(server, "/v1/chat/completions", {"messages": messages})


def response_left(server: Live) -> str:
    return left(server, "/v1/responses", {"input": "hi"})


def cancelled(server: Live) -> str:
    id = server.respond(background=True).json()["id"]
    until(lambda: server.service.running)
    until(lambda: all(a.runs[0].thought for _, a in server.service.running.values()))
    assert server.http.post(f"/v1/responses/{id}/cancel").json()["status"] == "cancelled"
    until(lambda: not server.service.running)
    return id


@pytest.mark.parametrize("end", [chat_left, response_left, cancelled])
def test_an_answer_that_nobody_waits_for_to_its_end(
    serve: Serve, end: Callable[[Live], str]
) -> None:
    server = serve(SLOW)
    found = trace(server, end(server))
    assert found["finish_reason"] == "cancelled"
    assert found["branches"][0]["thought"].startswith("0 ")
    thought = sum(e["generated"] for e in found["ledger"]["entries"] if e["phase"] == "thought")
    assert thought > 0
    text = server.service.metrics.text()
    assert f'secondthought_tokens_total{{phase="reasoning"}} {thought}' in text


def test_an_answer_that_fails(serve: Serve, capfd: pytest.CaptureFixture[str]) -> None:
    server = serve(BROKEN)
    assert server.chat().status_code == 502
    found = events(server.chat(stream=True).text)
    assert "error" in found[-1]
    assert server.chat(n=2).status_code == 502
    server.do(server.service.accounts.save())
    ids = [
        line["id"]
        for line in map(json.loads, capfd.readouterr().err.splitlines())
        if line["event"] == "answer"
    ]
    assert len(ids) == 4
    assert found[0]["id"] in ids
    for id in ids:
        assert trace(server, id)["error"]


def test_each_is_counted_once(serve: Serve) -> None:
    server = serve(PLAIN)
    for _ in range(3):
        server.chat(stream=True)
        server.respond()
    assert 'secondthought_tokens_total{phase="reasoning"} 18' in server.service.metrics.text()


# --- a database that does not answer -----------------------------------------------------------


@contextmanager
def failing(server: Live, name: str) -> Iterator[list[str]]:
    """The database takes none of these. Gives the tries."""
    store, tries = server.service.store, list[str]()

    async def fail(*_: Any, **__: Any) -> None:
        tries.append(name)
        raise sqlalchemy.exc.OperationalError("INSERT", {}, Exception("database is locked"))

    setattr(store, name, fail)
    try:
        yield tries
    finally:
        delattr(store, name)


def test_a_response_that_cannot_be_stored_is_not_acknowledged(serve: Serve) -> None:
    server = serve(PLAIN)
    with failing(server, "add_response"):
        reply = server.respond()
        assert reply.status_code == 503
        assert reply.json()["error"]["code"] == "database_unavailable"
        assert int(reply.headers["retry-after"]) >= 1
        found = events(server.respond(stream=True).text)
        assert server.respond(store=False).json()["status"] == "completed"
    assert [e["sequence_number"] for e in found] == list(range(len(found)))
    assert found[-1]["type"] == "response.failed"
    assert found[-1]["response"]["status"] == "failed"
    assert found[-1]["response"]["error"]["code"] == "server_error"
    assert "response.completed" not in {e["type"] for e in found}
    id = found[-1]["response"]["id"]
    assert server.http.get(f"/v1/responses/{id}").status_code == 404


def test_a_lock_that_is_held_for_too_long(serve: Serve) -> None:
    """The same with the database itself, whose patience is shortened."""
    server = serve(PLAIN)
    server.respond()

    async def impatient() -> None:
        async with server.service.store._engine.connect() as connection:  # pyright: ignore
            await connection.execute(sqlalchemy.text("PRAGMA busy_timeout=50"))

    server.do(impatient())
    other = sqlite3.connect(server.service.settings.db, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert server.respond().status_code == 503
        other.execute("ROLLBACK")
        assert server.respond().status_code == 200
    finally:
        other.close()


def test_a_background_response_waits_for_the_database(serve: Serve) -> None:
    """Its events, and its end, are written when the database takes them again."""
    server = serve({"thought": words(120), "answer": "done", "tokens_per_second": 100})
    path = f"/v1/responses/{server.respond(background=True).json()['id']}"
    with failing(server, "change_response"):
        until(lambda: not server.service.running)
        assert server.http.get(path).json()["status"] != "completed"
    body = until(lambda: (b := server.http.get(path).json())["status"] == "completed" and b)
    found = events(server.http.get(f"{path}?stream=true").text)
    assert [e["sequence_number"] for e in found] == list(range(len(found)))
    assert found[-1]["response"] == body
    assert trace(server, body["id"])["answer"] == "done"


def test_one_that_was_lost_is_taken_over(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although its process lives, and prolongs the leases of others."""
    from secondthought.server.responses import jobs

    monkeypatch.setattr(jobs, "_TRIES", 0)
    server = serve({"match": "slow", **SLOW}, PLAIN, lease=0.6)
    other = server.respond("slow", background=True).json()["id"]
    with failing(server, "change_response"):
        id = server.respond("hi", background=True).json()["id"]
        until(lambda: id not in server.service.running)
        until(lambda: id not in server.app.state.responses.worker.jobs)
    path = f"/v1/responses/{id}"
    until(lambda: server.http.get(path).json()["status"] == "completed", seconds=8)
    assert other in server.service.running
    server.http.post(f"/v1/responses/{other}/cancel")


def test_traces_wait_for_the_database(serve: Serve) -> None:
    server = serve(PLAIN)
    with failing(server, "add_traces") as tries:
        ids = [server.chat().json()["id"] for _ in range(3)]
        until(lambda: len(tries) > 1)  # it tries again, and not only when there is more
    for id in ids:
        assert trace(server, id)["answer"] == PLAIN["answer"]


def test_what_cannot_be_accounted_for_is_not_answered(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    from secondthought.server import accounts

    monkeypatch.setattr(accounts, "_MOST_WAITING", 2)
    server = serve(PLAIN)
    with failing(server, "add_traces"):
        codes = [server.chat().status_code for _ in range(4)]
    assert codes == [200, 200, 503, 503]
    until(lambda: server.chat().status_code == 200)


@pytest.mark.parametrize("stream", [False, True])
def test_a_thought_that_cannot_be_kept_is_an_error(serve: Serve, stream: bool) -> None:
    server = serve({"thought": "hm ", "tool_calls": [{"name": "f", "arguments": {}}]})
    tools = [{"type": "function", "function": {"name": "f"}}]
    with failing(server, "keep_thought"):
        reply = server.chat(tools=tools, stream=stream)
    error = events(reply.text)[-1]["error"] if stream else reply.json()["error"]
    assert error["code"] == "database_unavailable"
    assert reply.status_code == (200 if stream else 503)


def test_a_killed_server_has_the_traces_of_what_it_stored(process: Any) -> None:
    server = process({"thought": "hm hm ", "answer": "so"})
    ids = [server.respond().json()["id"] for _ in range(5)]
    server.kill(signal.SIGKILL)
    server.start()
    for id in ids:
        assert server.http.get(f"/v1/traces/{id}").status_code == 200
