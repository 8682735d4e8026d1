"""What a client costs: streamed requests a second, of ours and of OpenAI's own, in one process.

    python benchmarks/client_speed.py

The upstream answers every request with the same few bytes (`gateway_speed.py`). Each client reads
whole replies over --connections connections for --seconds; they take turns, --rounds times, and
the median of each is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

from gateway_speed import serve
from openai import AsyncOpenAI

from secondthought.models.remote.client import Client

MESSAGES: list[Any] = [{"role": "user", "content": "What?"}]
BODY = {"model": "m", "messages": MESSAGES, "stream": True}


async def rate(ask: Callable[[], Awaitable[str]], a: argparse.Namespace) -> float:
    """Requests a second."""
    started, done = time.perf_counter(), 0

    async def work() -> None:
        nonlocal done
        while time.perf_counter() - started < a.seconds:
            assert await ask() == "four"
            done += 1

    await asyncio.gather(*(work() for _ in range(a.connections)))
    return done / (time.perf_counter() - started)


def by_ours(client: Client) -> Callable[[], Awaitable[str]]:
    async def ask() -> str:
        said = ""
        async with aclosing(client.stream("chat/completions", BODY)) as events:
            async for event in events:
                for choice in event["choices"]:
                    said += choice["delta"].get("content") or ""
        return said

    return ask


def by_openai(client: AsyncOpenAI) -> Callable[[], Awaitable[str]]:
    async def ask() -> str:
        said = ""
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
        async for chunk in stream:
            for choice in chunk.choices:
                said += choice.delta.content or ""
        return said

    return ask


async def measure(url: str, a: argparse.Namespace) -> dict[str, float]:
    kept, plain = Client(url), Client(url)
    official = AsyncOpenAI(base_url=url, api_key="none")
    kept.keep()
    ways = {
        "httpx over aiohttp": by_ours(kept),
        "httpx alone": by_ours(plain),
        "OpenAI's client": by_openai(official),
    }
    found: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(a.rounds):
        for way, ask in ways.items():
            found[way].append(await rate(ask, a))
    await asyncio.gather(kept.close(), plain.close(), official.close())
    return {way: statistics.median(rates) for way, rates in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    a = parser.parse_args()
    receiver, sender = multiprocessing.Pipe(duplex=False)
    upstream = multiprocessing.Process(target=serve, args=(sender,), daemon=True)
    upstream.start()
    try:
        found = asyncio.run(measure(f"http://127.0.0.1:{receiver.recv()}/v1", a))
    finally:
        upstream.terminate()
    for way, requests in found.items():
        print(f"{way}: {requests:.0f} requests/s")


if __name__ == "__main__":
    main()
