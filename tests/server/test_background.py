"""Background responses, and what becomes of them when the server stops or is killed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

pytest.importorskip("starlette")

from sqlalchemy.exc import OperationalError

from tests.server.conftest import PLAIN, Live, Serve, events, until, words

KILLS = int(os.environ.get("SECONDTHOUGHT_KILLS", "4"))
SLOW = {"thought": words(100), "answer": "done", "tokens_per_second": 100}


def test_it_is_stored_before_it_is_acknowledged_and_can_be_polled(serve: Serve) -> None:
    server = serve(SLOW)
    body = server.respond(background=True).json()
    assert (body["status"], body["background"], body["output"]) == ("queued", True, [])
    stored = server.do(server.service.store.response(body["id"]))
    assert stored.status in ("queued", "in_progress")
    path = f"/v1/responses/{body['id']}"
    done = until(lambda: (b := server.http.get(path).json())["status"] == "completed" and b)
    assert done["output"][-1]["content"][0]["text"] == "done"
    assert done["usage"]["output_tokens_details"]["reasoning_tokens"] == 100
    found = events(server.http.get(f"{path}?stream=true").text)
    assert [e["type"] for e in found[:3]] == [
        "response.created",
        "response.queued",
        "response.in_progress",
    ]
    assert [e["sequence_number"] for e in found] == list(range(len(found)))
    assert found[-1]["response"] == done


def test_a_cancelled_one_stops_its_tokens_and_stays_cancelled(serve: Serve) -> None:
    server = serve({**SLOW, "thought": words(5000)})
    id = server.respond(background=True).json()["id"]
    path = f"/v1/responses/{id}"
    until(lambda: server.http.get(path).json()["status"] == "in_progress")
    body = server.http.post(f"{path}/cancel").json()
    assert body["status"] == "cancelled"
    until(lambda: not server.service.running)
    time.sleep(0.3)
    assert server.http.get(path).json() == body
    assert server.http.post(f"{path}/cancel").json() == body
    found = events(server.http.get(f"{path}?stream=true").text)
    assert found[-1]["type"] == "response.output_item.done"


def test_only_background_ones_can_be_cancelled(serve: Serve) -> None:
    server = serve(PLAIN)
    id = server.respond().json()["id"]
    assert server.http.post(f"/v1/responses/{id}/cancel").status_code == 400


def test_a_deleted_one_stops_and_is_gone(serve: Serve) -> None:
    server = serve({**SLOW, "thought": words(5000)})
    id = server.respond(background=True).json()["id"]
    until(lambda: server.service.running)
    assert server.http.delete(f"/v1/responses/{id}").json()["deleted"] is True
    until(lambda: not server.service.running)
    assert server.http.get(f"/v1/responses/{id}").status_code == 404


def test_one_that_fails_says_why(serve: Serve) -> None:
    server = serve({"answer": "a", "fail": {"status": 400}})
    id = server.respond(background=True).json()["id"]
    path = f"/v1/responses/{id}"
    body = until(lambda: (b := server.http.get(path).json())["status"] == "failed" and b)
    assert body["error"]["code"] == "invalid_prompt"


def test_two_servers_share_a_database(serve: Serve) -> None:
    """One makes the response, the other shows its events as they come, and cancels it."""
    first = serve({**SLOW, "thought": words(5000)}, lease=0.8)
    second = serve(PLAIN, lease=0.8)
    id = first.respond(background=True, stream=False).json()["id"]
    path = f"/v1/responses/{id}"
    until(lambda: second.http.get(path).json()["status"] == "in_progress")
    time.sleep(1.5)  # its lease is prolonged: the other does not take it
    assert len(first.model.requests) == 1
    assert second.model.requests == []
    assert second.http.post(f"{path}/cancel").json()["status"] == "cancelled"
    until(lambda: not first.service.running)
    assert first.http.get(path).json()["status"] == "cancelled"


def lose(server: Live, like: dict[str, Any]) -> None:
    """Put `resp_lost` into the database: a background response like this one that no process
    works on."""
    request = {"model": "script", "input": "hi", "background": True}
    server.do(
        server.service.store.add_response(
            id="resp_lost",
            key_id="",
            status="queued",
            created_at=time.time(),
            background=True,
            streamed=False,
            attempts=0,
            request=json.dumps(request),
            items="[]",
            body=json.dumps({**like, "id": "resp_lost", "status": "queued"}),
        )
    )


def test_one_that_cannot_be_taken_over_now_does_not_run_unseen(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(PLAIN, {**SLOW, "thought": words(5000)}, lease=4)
    like = server.respond(background=True).json()
    until(lambda: not server.service.running)
    broken: list[str] = []

    async def restart(id: str, _: Any) -> None:
        broken.append(id)
        raise OperationalError("", {}, Exception("no room on the disk"))

    monkeypatch.setattr(server.service.store, "restart_events", restart)
    lose(server, like)
    until(lambda: broken)
    until(lambda: not server.service.running, 1)


def test_one_that_is_deleted_while_it_ends_is_not_stored_after_all(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(PLAIN)
    conclude = server.service.accounts.conclude

    async def slow(*given: Any) -> Any:
        await asyncio.sleep(0.5)
        return await conclude(*given)

    monkeypatch.setattr(server.service.accounts, "conclude", slow)
    jobs = server.app.state.responses.worker.jobs
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(server.respond)
        (id,) = until(lambda: list(jobs))
        assert server.http.delete(f"/v1/responses/{id}").json()["deleted"]
        reply.result()
    assert server.http.get(f"/v1/responses/{id}").status_code == 404


def test_one_that_is_taken_over_waits_while_the_queue_is_full(serve: Serve) -> None:
    """A full server gives it back to the database instead of holding it for ever."""
    server = serve({**SLOW, "thought": words(1000)}, PLAIN, concurrent=1, waiting=0, lease=0.4)
    blocking = server.respond(background=True).json()["id"]
    until(lambda: server.service.gate.running == 1)
    lose(server, server.http.get(f"/v1/responses/{blocking}").json())
    time.sleep(0.6)
    assert server.http.get("/v1/responses/resp_lost").json()["status"] == "queued"
    server.http.post(f"/v1/responses/{blocking}/cancel")
    until(lambda: server.http.get("/v1/responses/resp_lost").json()["status"] == "completed")


# --- killed ------------------------------------------------------------------------------------


def test_after_kill_9_it_begins_again_or_has_failed_with_a_reason(process: Any) -> None:
    server = process(SLOW)
    polled = server.respond(background=True).json()["id"]
    body = {"model": server.model, "input": "hi", "background": True, "stream": True}
    with server.http.stream("POST", "/v1/responses", json=body) as reply:
        line = next(line for line in reply.iter_lines() if line.startswith("data"))
    streamed = json.loads(line[6:])["response"]["id"]
    done = server.respond(reasoning={"effort": "none"}).json()
    until(lambda: server.get(polled)["status"] == "in_progress")
    until(lambda: server.get(streamed)["status"] == "in_progress")
    time.sleep(0.7)  # its first events are written
    server.kill(signal.SIGKILL)
    server.start()
    assert server.get(done["id"]) == done
    assert server.end(polled)["status"] == "completed"
    failed = server.end(streamed)
    assert failed["status"] == "failed"
    assert "stopped" in failed["error"]["message"]
    found = events(server.http.get(f"/v1/responses/{streamed}?stream=true").text)
    assert [e["sequence_number"] for e in found] == list(range(len(found)))
    assert found[-1]["type"] == "response.failed"


def test_kill_9_at_random_moments_loses_nothing_and_leaves_nothing_stuck(process: Any) -> None:
    rng = random.Random(7)
    turn = {"thought": words(20), "answer": "done", "tokens_per_second": 60}
    server = process(turn)
    known: dict[str, str] = {}
    lock = threading.Lock()

    def traffic(stop: threading.Event) -> None:
        while not stop.is_set():
            background = rng.random() < 0.7
            try:
                reply = server.respond(background=background)
            except (httpx.TransportError, RuntimeError):
                return
            if reply.status_code == 200:
                with lock:
                    known[reply.json()["id"]] = reply.json()["status"]

    for _ in range(KILLS):
        stop, before = threading.Event(), len(known)
        threads = [threading.Thread(target=traffic, args=(stop,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        until(lambda before=before: len(known) > before + 2)
        time.sleep(rng.uniform(0.0, 0.8))
        server.process.send_signal(signal.SIGKILL)
        stop.set()
        for thread in threads:
            thread.join()
        server.kill(signal.SIGKILL)
        server.start()
    assert len(known) > 2 * KILLS
    for id, status in known.items():
        body = server.end(id)
        assert body["status"] in ("completed", "failed")
        if status == "completed":  # it was acknowledged as whole
            assert body["status"] == "completed"
        if body["status"] == "failed":
            assert body["error"]["message"]


def test_sigterm_lets_running_answers_end(process: Any) -> None:
    server = process({"thought": words(50), "answer": "in time", "tokens_per_second": 50})
    got: list[Any] = []
    thread = threading.Thread(target=lambda: got.append(server.respond()))
    thread.start()
    background = server.respond(background=True).json()["id"]
    until(lambda: server.get(background)["status"] == "in_progress")
    server.process.send_signal(signal.SIGTERM)
    thread.join()
    assert got[0].status_code == 200
    assert got[0].json()["output"][-1]["content"][0]["text"] == "in time"
    server.process.wait(60)
    assert not any("Traceback" in line for line in server.errors)
    server.start()
    assert server.end(background)["status"] == "completed"


def test_the_first_lines_say_what_to_do(process: Any) -> None:
    server = process(PLAIN)
    assert f"curl {server.url}/v1/chat/completions" in server.said
    command = server.said.split("curl    ")[1].splitlines()[0]
    done = subprocess.run(command + " -sS", shell=True, capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout)["choices"][0]["message"]["content"] == "hello there friend"
    assert server.http.get("/health").json() == {"status": "ok"}


def test_nobody_hears_of_an_end_before_it_is_stored(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(PLAIN)
    store = server.service.store
    write = store.change_response

    async def slow(id: str, **changes: Any) -> bool:
        if changes.get("status") == "completed":
            await asyncio.sleep(0.5)
        return await write(id, **changes)

    monkeypatch.setattr(store, "change_response", slow)
    path = f"/v1/responses/{server.respond(background=True).json()['id']}"
    until(lambda: server.http.get(path).json()["status"] == "completed")
    assert server.do(store.response(path.rpartition("/")[2])).status == "completed"
    assert server.http.post(f"{path}/answer_now").status_code == 400
