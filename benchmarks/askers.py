"""How much of the engine's speed reaches those who ask over HTTP, all at once.

    python benchmarks/askers.py [CHECKPOINT] [--askers 64] [--questions 192] [--runs 3]

The same questions, one thought and answer each (effort low), are put to the bare engine, at most
--askers at a time, and to `secondthought serve` by so many askers, each of which reads a stream
and asks its next question when it has ended. Both take turns, each in a process of its own that
the other one does not disturb. Reported: generated tokens (thought and answer) a second from the
first question to the last answer, the median of the runs, and the range of their ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import httpx
from serving import serving_model

from secondthought.messages import Message
from secondthought.models import embedded
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Engine
from secondthought.tasks import catalogue

CAP, RESERVE = 512, 256  # of effort low


def questions(count: int, run: int) -> list[str]:
    """Over all tasks in turn, others in every run."""
    tasks = [catalogue.task(name) for name in catalogue.names()]
    found: list[str] = []
    for i in range(run * count, (run + 1) * count):
        task = tasks[i % len(tasks)]
        item = task.generate(Random(900_500_000 + i), task.default_level)
        found.append(item.problem.question)
    return found


def bare(engine: Engine, asked: list[str]) -> float:
    """Tokens a second of the engine alone; as many rows at a time as there are askers."""
    prompts = [tokenizer.prompt((Message("user", text),), think=True) for text in asked]
    started = time.perf_counter()
    rows = engine.generate_ids(
        prompts,
        seeds=list(range(len(prompts))),
        temperature=0.0,
        max_thought=CAP,
        max_answer=RESERVE,
    )
    seconds = time.perf_counter() - started
    return sum(len(row.ids) for row in rows) / seconds


async def served(url: str, asked: list[str], at_once: int) -> float:
    """Tokens a second that arrive with the askers, as counted in the usage."""
    waiting, tokens = list(reversed(asked)), 0
    limits = httpx.Limits(max_connections=at_once)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=600) as http:

        async def ask() -> None:
            nonlocal tokens
            while waiting:
                body: dict[str, Any] = {
                    "model": "secondthought-5m",
                    "messages": [{"role": "user", "content": waiting.pop()}],
                    "reasoning_effort": "low",
                    "stream": True,
                    "stream_options": {"include_usage": True},
                }
                async with http.stream("POST", "/v1/chat/completions", json=body) as reply:
                    reply.raise_for_status()
                    async for line in reply.aiter_lines():
                        if '"completion_tokens"' in line:
                            event = json.loads(line.removeprefix("data: "))
                            tokens += event["usage"]["completion_tokens"]

        started = time.perf_counter()
        await asyncio.gather(*(ask() for _ in range(at_once)))
        return tokens / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", nargs="?", default="secondthought-5m")
    parser.add_argument("--askers", type=int, default=64)
    parser.add_argument("--questions", type=int, default=192)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    engine = Engine.load(embedded.find(options.checkpoint), max_rows=options.askers)
    alone: list[float] = []
    asked: list[float] = []
    most = ("--concurrent", str(options.askers))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving_model(Path(folder), options.checkpoint, *most) as (url, _),
    ):
        for run in range(-1, options.runs):  # run -1 warms up
            texts = questions(options.questions if run >= 0 else 2 * options.askers, run + 1)
            speeds = bare(engine, texts), asyncio.run(served(url, texts, options.askers))
            if run >= 0:
                alone.append(speeds[0])
                asked.append(speeds[1])
    ratios = [b / a for a, b in zip(alone, asked, strict=True)]
    print(f"weights {engine.weights_hash}, {options.askers} askers, {options.runs} runs")
    print(f"engine alone: {median(alone):,.0f} tokens/s; over HTTP: {median(asked):,.0f} tokens/s")
    print(f"ratio {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    if options.json:
        found = {"weights": engine.weights_hash, "alone": alone, "served": asked}
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
