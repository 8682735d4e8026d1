"""What a gateway costs: short requests straight to an upstream server, and through gateways.

    python benchmarks/gateway_speed.py --gateway secondthought \
        --gateway litellm=ENVIRONMENT --gateway optillm=ENVIRONMENT

The upstream is the fastest one that can be: it answers every request with the same few bytes.
Prints for each way the median and 99th percentile of the time of one request at one connection,
how much the median is above the upstream's own, requests a second at --connections connections,
the CPU time of the gateway for one of those, and its memory after it. All in one run; the ways
take turns, --rounds times, and the best round of each counts, so that what else this machine does
hits none of them alone.
How to make the environments: `gateways.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import time
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

from gateways import Gateway, running
from server_load import cpu_seconds, http, memory, run

REPLY = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "four"},
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 4, "completion_tokens": 1, "total_tokens": 5},
}
_HEAD = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
_CHUNKS: list[dict[str, Any]] = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "four"}}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {"choices": [], "usage": REPLY["usage"]},
]
MODELS = {"object": "list", "data": [{"id": "m", "object": "model", "owned_by": "somebody"}]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gateway", action="append", default=[], metavar="NAME=ENVIRONMENT")
    parser.add_argument("--requests", type=int, default=300, help="one after another, a round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0, help="of all connections, a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE")
    a = parser.parse_args()
    receiver, sender = multiprocessing.Pipe(duplex=False)
    upstream = multiprocessing.Process(target=serve, args=(sender,), daemon=True)
    upstream.start()
    url = f"http://127.0.0.1:{receiver.recv()}/v1"
    with ExitStack() as stack:
        ways = [Gateway("direct", url, "m", 0)]
        for text in a.gateway:
            name, _, environment = text.partition("=")
            ways.append(stack.enter_context(running(name, environment, url)))
        result = run(measure(ways, a))
    upstream.terminate()
    print(markdown(result))
    if a.json:
        a.json.write_text(json.dumps(result, indent=1))


# --- the upstream ---------------------------------------------------------------------------


def serve(port: Connection) -> None:
    """Until it is killed. Tells the port that it listens on."""
    run(_serve(port))


async def _serve(port: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(Fixed, "127.0.0.1", 0)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _response(body: bytes, kind: bytes = b"application/json", status: bytes = b"200 OK") -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
    return head % (status, kind, len(body)) + body


_WHOLE = _response(json.dumps(REPLY).encode())
_STREAMED = _response(
    b"".join(b"data: %b\n\n" % json.dumps(_HEAD | chunk).encode() for chunk in _CHUNKS)
    + b"data: [DONE]\n\n",
    b"text/event-stream",
)
_LISTED = _response(json.dumps(MODELS).encode())
_UNKNOWN = _response(b'{"error": {"message": "Not Found"}}', status=b"404 Not Found")


class Fixed(asyncio.Protocol):
    """One connection; a request may come in several pieces, none before the last is answered."""

    def __init__(self) -> None:
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, whole, body = self._got.partition(b"\r\n\r\n")
        if not whole or len(body) < _length(head):
            return
        self._got = b""
        if head.startswith(b"POST") and b"/chat/completions" in head:
            compact = body.replace(b" ", b"")
            self._transport.write(_STREAMED if b'"stream":true' in compact else _WHOLE)
        else:
            self._transport.write(_LISTED if b"/models " in head else _UNKNOWN)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


# --- the asker ------------------------------------------------------------------------------


class Asker:
    """One connection, made anew where the server closes it."""

    def __init__(self, way: Gateway) -> None:
        host = way.url.removeprefix("http://").removesuffix("/v1")
        self._request = http(
            host, {"model": way.model, "messages": [{"role": "user", "content": "2 + 2?"}]}
        )
        self._host, _, port = host.partition(":")
        self._port = int(port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self) -> float:
        """Seconds of one request. Raises RuntimeError for anything but the answer."""
        began = time.perf_counter()
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        writer.write(self._request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        took = time.perf_counter() - began
        if b" 200 " not in head[:20] or b'"four"' not in body:
            raise RuntimeError((head + body).decode()[:500])
        if b"connection: close" in head.lower():
            self.close()
        return took

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def measure(ways: list[Gateway], a: argparse.Namespace) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, float]]] = {way.name: [] for way in ways}
    for number in range(a.rounds + 1):
        for way in ways:
            once = await _round(way, a, warming=number == 0)
            if number:
                found[way.name].append(once)
    floor = min(once["p50_ms"] for once in found["direct"])
    return [
        {
            "way": way.name,
            "p50_ms": (p50 := _best(found[way.name], "p50_ms", min)),
            "p99_ms": _best(found[way.name], "p99_ms", min),
            "added_ms": round(p50 - floor, 3),
            "requests_per_second": _best(found[way.name], "requests_per_second", max),
            "cpu_ms": _best(found[way.name], "cpu_ms", min) if way.pid else None,
            "memory_mb": memory(way.pid) if way.pid else None,
        }
        for way in ways
    ]


def _best(rounds: list[dict[str, float]], name: str, of: Callable[..., float]) -> float:
    return round(of(once[name] for once in rounds), 3)


async def _round(way: Gateway, a: argparse.Namespace, *, warming: bool) -> dict[str, float]:
    asker = Asker(way)
    alone = sorted([await asker.ask() for _ in range(20 if warming else a.requests)])
    asker.close()
    askers, asked = [Asker(way) for _ in range(a.connections)], 0
    began, cpu = time.perf_counter(), cpu_seconds(way.pid) if way.pid else 0.0
    until = began + (0 if warming else a.seconds)

    async def keep_asking(asker: Asker) -> None:
        nonlocal asked
        while True:
            await asker.ask()
            asked += 1
            if time.perf_counter() >= until:
                return

    await asyncio.gather(*map(keep_asking, askers))
    took = time.perf_counter() - began
    for asker in askers:
        asker.close()
    return {
        "p50_ms": 1000 * alone[len(alone) // 2],
        "p99_ms": 1000 * alone[int(len(alone) * 0.99)],
        "requests_per_second": asked / took,
        "cpu_ms": 1000 * (cpu_seconds(way.pid) - cpu) / asked if way.pid else 0.0,
    }


def markdown(result: list[dict[str, Any]]) -> str:
    lines = [
        "| way | p50 ms | p99 ms | above the upstream, p50 ms | requests/s | CPU ms | memory MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in result:
        cells = [f"{row[name]:.2f}" for name in ("p50_ms", "p99_ms", "added_ms")]
        cells += [
            f"{row['requests_per_second']:.0f}",
            f"{row['cpu_ms']:.2f}" if row["cpu_ms"] else "",
        ]
        cells.append(str(row["memory_mb"] or ""))
        lines.append(f"| {row['way']} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
