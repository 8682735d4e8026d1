"""Keys, and what a server without keys does."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")

from secondthought.server.errors import ApiError
from tests.server.conftest import Serve


def test_only_hashes_are_kept(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    secret = server.key()
    assert secret.startswith("sk-st-")
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("server.db*"))
    assert b"keys" in raw
    assert secret.encode() not in raw


def test_a_revoked_key_counts_no_more_and_does_not_open_the_server(serve: Serve) -> None:
    server = serve()
    secret = server.key()
    assert server.chat(key=secret).status_code == 200
    id = server.do(server.service.store.keys())[0].id
    assert server.do(server.service.store.revoke_key(id))
    assert not server.do(server.service.store.revoke_key(id))
    time.sleep(2.1)
    assert server.chat(key=secret).status_code == 401
    assert server.chat().status_code == 401


def test_a_key_that_was_made_beside_the_running_server_counts_at_once(serve: Serve) -> None:
    from secondthought.server import keys

    server = serve()
    server.key()
    secret = server.do(keys.create(server.service.store, "new", "user", None))
    assert server.chat(key=secret).status_code == 200
    reply = server.chat(key="sk-st-wrong")
    assert reply.status_code == 401
    assert reply.json()["error"]["type"] == "authentication_error"
    for scheme in ("bearer", "BEARER", "Bearer  "):
        headers = {"authorization": f"{scheme} {secret}"}
        assert server.http.get("/v1/models", headers=headers).status_code == 200


def test_many_wrong_keys_at_once_are_looked_up_together(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reading for each would take all connections to the database from those with right keys."""
    server = serve()
    server.key()
    read, running, most, readings = server.service.store.keys, 0, 0, 0

    async def counted() -> Any:
        nonlocal running, most, readings
        running, readings = running + 1, readings + 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        return await read()

    async def ask(i: int) -> int:
        try:
            await server.service.keyring.who(f"Bearer wrong{i}")
        except ApiError as error:
            return error.status
        return 200

    async def all_at_once() -> list[int]:
        return await asyncio.gather(*map(ask, range(100)))

    monkeypatch.setattr(server.service.store, "keys", counted)
    assert server.do(all_at_once()) == [401] * 100
    assert most <= 2  # one of them may be the reading that is due every two seconds
    assert readings <= 4


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"origin": "null"}],
)
def test_without_keys_no_page_from_elsewhere_can_ask(serve: Serve, headers: dict[str, str]) -> None:
    server = serve()
    body = json.dumps({"model": "script", "messages": [{"role": "user", "content": "hi"}]})
    reply = server.http.post("/v1/chat/completions", content=body, headers=headers)
    assert reply.status_code == 403
    own = {"origin": server.url, "content-type": "text/plain"}
    assert server.http.post("/v1/chat/completions", content=body, headers=own).status_code == 200


def test_a_server_that_others_can_reach_asks_for_keys_always(serve: Serve) -> None:
    assert serve(loopback=False).chat().status_code == 401
