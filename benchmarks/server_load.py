"""How the server holds up under many slow streams at once.

    python benchmarks/server_load.py --streams 500 --rate 20 --seconds 60
    python benchmarks/server_load.py --streams 500 --rate 20 --seconds 60 --minutes 10

Starts `secondthought serve` with a scripted model that says `rate` tokens a second on a schedule,
and reads so many streams of it, begun evenly over the first second. Prints: tokens, errors, how
much later than scheduled each token came to the client (token k of a stream is due (k + 1) / rate
after it was asked for, so all that the server waits or queues is in it), CPU seconds of the
server for each 1,000 tokens, and its memory. With --minutes each stream is followed by another
one until so many minutes are over, and the memory at minute 2 and at the end is compared; the
first ones begin evenly over the length of a stream, so that from then on they end and begin
evenly: else every reading would depend on how far all of them have come.
--json FILE keeps the figures. What a single short request costs: gateway_speed.py.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from array import array
from pathlib import Path
from typing import Any, cast

from serving import serving

MODEL = "scripted"
WORD = b"word"  # a token of the script, in no other part of a reply


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--rate", type=float, default=20.0, help="tokens a second and stream")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of a stream")
    parser.add_argument("--minutes", type=float, default=0.0, help="of streams one after another")
    parser.add_argument("--reasoning", default="hidden")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    turn = {
        "answer": "".join(f"{WORD.decode()}{i} " for i in range(expected(options))),
        "tokens_per_second": options.rate,
    }
    words = ("--name", MODEL, "--reasoning", options.reasoning, "--concurrent", "10000")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), [turn], *words) as (url, pid),
    ):
        result = run(load(pid, url.removeprefix("http://"), options))
    print(text(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1))


def expected(options: argparse.Namespace) -> int:
    """Tokens of one stream."""
    return round(options.seconds * options.rate)


def run(work: Any) -> Any:
    """In the fast event loop, where there is one: the reader must not be what is late."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        new_event_loop = None
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


class Stream(asyncio.Protocol):
    """Reads one streamed reply. late: how much later than scheduled each token came, seconds."""

    def __init__(self, request: bytes, rate: float, late: array[float]) -> None:
        self.over: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.tokens = 0
        self._request, self._rate, self._late = request, rate, late
        self._asked = 0.0
        self._begun = self._done = False
        self._tail = b""  # what may be half a word

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._asked = time.perf_counter()
        cast(asyncio.Transport, transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if not self._begun:
            self._begun = True
            if b" 200 " not in data[:20]:
                self._end(False)
                return
        data = self._tail + data
        for _ in range(data.count(WORD)):
            self.tokens += 1
            self._late.append(now - self._asked - self.tokens / self._rate)
        if b'"error"' in data:
            self._end(False)
        elif b"[DONE]" in data:
            self._end(True)
        self._tail = data[1 - len(WORD) :]

    def connection_lost(self, error: Exception | None) -> None:
        self._end(False)

    def _end(self, well: bool) -> None:
        if not self.over.done():
            self.over.set_result(well)


async def load(pid: int, url: str, options: argparse.Namespace) -> dict[str, Any]:
    late, tokens, failed, asked = array("d"), 0, 0, 0
    whole = expected(options)
    request = http(
        url,
        {
            "model": MODEL,
            "stream": True,
            "reasoning_effort": "none",
            "max_completion_tokens": 1_000_000,
            "messages": [{"role": "user", "content": "Go"}],
        },
    )
    host, port = url.split(":")
    loop = asyncio.get_running_loop()
    began, cpu = time.perf_counter(), cpu_seconds(pid)
    last = began + 60 * options.minutes - options.seconds

    async def streams(delay: float) -> None:
        nonlocal tokens, failed, asked
        await asyncio.sleep(delay)
        while True:
            asked += 1
            try:
                transport, stream = await loop.create_connection(
                    lambda: Stream(request, options.rate, late), host, int(port)
                )
            except OSError:
                failed += 1
                return
            well = await stream.over
            transport.close()
            tokens += stream.tokens
            failed += not well or stream.tokens != whole
            if time.perf_counter() > last:
                return

    memories: dict[str, int] = {}

    async def watch() -> None:
        await asyncio.sleep(120)
        memories["at minute 2"] = memory(pid)

    watcher = asyncio.create_task(watch())
    spread = options.seconds if options.minutes else 1.0
    await asyncio.gather(*(streams(spread * i / options.streams) for i in range(options.streams)))
    watcher.cancel()
    took = time.perf_counter() - began
    memories["at the end"] = memory(pid)
    cpu = cpu_seconds(pid) - cpu
    ordered = sorted(late)
    shares = {f"p{p:g}": min(len(ordered) - 1, int(p / 100 * len(ordered))) for p in (50, 99, 99.9)}
    return {
        "streams": asked,
        "at_once": options.streams,
        "rate": options.rate,
        "seconds": round(took, 1),
        "tokens": tokens,
        "expected": asked * whole,
        "errors": failed,
        "late_ms": {name: round(1000 * ordered[at], 1) for name, at in shares.items()}
        if tokens
        else {},
        "cpu_per_1000_tokens": round(1000 * cpu / max(1, tokens), 4),
        "cores": round(cpu / took, 2),
        "memory_mb": memories,
    }


def text(result: dict[str, Any]) -> str:
    late = "  ".join(f"{name} {value:g}" for name, value in result["late_ms"].items())
    mb = result["memory_mb"]
    grown = f" ({mb['at the end'] / mb['at minute 2']:.3f} of minute 2)" if len(mb) > 1 else ""
    return "\n".join(
        (
            f"streams {result['streams']} ({result['at_once']} at once)  "
            f"tokens {result['tokens']:,} of {result['expected']:,}  errors {result['errors']}",
            f"late, ms: {late}",
            f"server: {result['cpu_per_1000_tokens']:.3f} CPU s / 1,000 tokens, "
            f"{result['cores']:.2f} cores",
            f"memory: {'  '.join(f'{value} MB {when}' for when, value in mb.items())}"
            f"{grown}, after {result['seconds']:.0f} s",
        )
    )


def http(url: str, body: object) -> bytes:
    """A whole request for a chat completion."""
    data = json.dumps(body).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {url}\r\nContent-Length: {len(data)}\r\n"
    return f"{head}Content-Type: application/json\r\n\r\n".encode() + data


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Resident memory, MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
