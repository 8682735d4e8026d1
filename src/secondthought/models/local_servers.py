"""Model servers on this machine's usual ports. Looked for, named, never used unasked."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

PORTS = {11434: "Ollama", 8000: "vLLM", 8080: "llama.cpp", 1234: "LM Studio"}
"""The port and the server that usually listens there; which one does is not checked."""

_MAX_REPLY = 1 << 20


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    usual: str
    models: tuple[str, ...]


async def find(within: float = 0.15) -> list[Server]:
    """The servers that answer GET /v1/models, all ports asked at once, in `within`
    seconds. Never raises for a server that is not there or speaks nonsense."""
    asked = [asyncio.create_task(_ask(port, usual)) for port, usual in PORTS.items()]
    done, late = await asyncio.wait(asked, timeout=within)
    for task in late:
        task.cancel()
    found = [task.result() for task in asked if task in done and task.exception() is None]
    return [server for server in found if server is not None]


async def _ask(port: int, usual: str) -> Server | None:
    # Plain sockets: importing an HTTP client takes longer than the whole question may.
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET /v1/models HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        await writer.drain()
        reply = b""
        while len(reply) < _MAX_REPLY and (block := await reader.read(65536)):
            reply += block
            if _complete(reply):
                break
    finally:
        writer.close()
    head, _, body = reply.partition(b"\r\n\r\n")
    if b" 200" not in head.partition(b"\r\n")[0]:
        return None
    data: Any = json.loads(body)["data"]
    return Server(f"http://127.0.0.1:{port}/v1", usual, tuple(str(m["id"]) for m in data))


def _complete(reply: bytes) -> bool:
    """Some servers keep the connection open although they were asked to close it."""
    head, _, body = reply.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        key, _, value = line.partition(b":")
        if key.lower() == b"content-length" and value.strip().isdigit():
            return len(body) >= int(value)
    return False
