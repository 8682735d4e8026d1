"""What a request leaves in memory once it is over: nothing that stays, and nothing that waits for
the collector of cycles, as a server in steady load hardly ever calls it."""

from __future__ import annotations

import gc
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.server.conftest import Live, Serve, until

TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
TURNS: list[dict[str, Any]] = [
    {"match": "tool", "thought": "I look. ", "tool_calls": [{"name": "look", "arguments": {}}]},
    {"match": "repeat", "thought": "a b c d e f g h i ", "answer": "a b c d e f g h i"},
    {"match": "fail", "fail": {"after_tokens": 0, "status": 400}},
    {"match": "slow", "thought": "word " * 500, "tokens_per_second": 50},
    {"match": "now", "thought": "word " * 500, "answer": "so", "tokens_per_second": 50},
    {"thought": "one two\nthree four\n", "answer": "hello there friend"},
]


def left(server: Live) -> None:
    """A client that reads the beginning and goes."""
    asked = {"model": "script", "messages": [{"role": "user", "content": "slow"}], "stream": True}
    with server.http.stream("POST", "/v1/chat/completions", json=asked) as reply:
        next(reply.iter_lines())


def hurried(server: Live) -> None:
    asked = {"model": "script", "messages": [{"role": "user", "content": "now"}], "stream": True}
    with server.http.stream("POST", "/v1/chat/completions", json=asked) as reply:
        lines = reply.iter_lines()
        id = json.loads(next(lines)[6:])["id"]
        assert server.post(f"/v1/chat/completions/{id}/answer_now", {}).status_code == 200
        assert "[DONE]" in [*lines][-2]


def background(server: Live) -> None:
    id = server.respond(background=True).json()["id"]
    until(lambda: server.http.get(f"/v1/responses/{id}").json()["status"] == "completed")


ASKED: dict[str, Callable[[Live], object]] = {
    "whole": lambda s: s.chat(),
    "streamed": lambda s: s.chat(stream=True),
    "without a thought": lambda s: s.chat(stream=True, reasoning_effort="none"),
    "several": lambda s: s.chat(n=3),
    "a tool": lambda s: s.chat("tool", tools=[TOOL], stream=True),
    "a check": lambda s: s.chat(verifiers=[{"type": "regex", "pattern": ".*"}]),
    "a leak": lambda s: s.chat("repeat", stream=True),
    "a failure": lambda s: s.chat("fail", stream=True),
    "a bad request": lambda s: s.chat(n=-1),
    "no such page": lambda s: s.http.get("/nothing"),
    "a response": lambda s: s.respond(),
    "a streamed response": lambda s: s.respond(stream=True),
    "in the background": background,
    "answer now": hurried,
    "left": left,
}


@pytest.fixture
def collector() -> Iterator[None]:
    """Switched off, with nothing of before in its way."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()
    gc.unfreeze()


@pytest.mark.parametrize("reasoning", ["hidden", "raw"])
def test_a_request_leaves_nothing_behind(serve: Serve, reasoning: str, collector: None) -> None:
    server = serve(*TURNS, reasoning=reasoning)
    for asked in ASKED.values():  # what is made once
        asked(server)
    rest(server)
    gc.collect()
    found = {name: left_by(server, asked) for name, asked in ASKED.items()}
    assert found == {name: ({}, {}) for name in ASKED}


def left_by(server: Live, asked: Callable[[Live], object]) -> tuple[Counter[str], Counter[str]]:
    """What waits for the collector after some requests, and what stays."""
    before = ours(gc.get_objects())
    for _ in range(3):
        asked(server)
    rest(server)
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    cycles = ours(gc.garbage)
    gc.set_debug(0)
    gc.garbage.clear()
    gc.collect()
    return cycles, ours(gc.get_objects()) - before


def rest(server: Live) -> None:
    """Until nothing is on its way and nobody is connected."""
    server.http.close()
    server.http = httpx.Client(base_url=server.url, timeout=60)
    state = server.server.server_state
    until(lambda: not (server.service.running or state.tasks or state.connections))
    server.do(server.service.accounts.save())
    server.model.requests.clear()


def ours(objects: list[Any]) -> Counter[str]:
    """How many of each type of this package or of uvicorn."""
    names = [f"{type(o).__module__}.{type(o).__qualname__}" for o in objects]
    return Counter(name for name in names if re.match("secondthought|uvicorn", name))
