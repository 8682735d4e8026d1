"""Our vote beside OptiLLM's self-consistency: the same weights, questions, samples, temperature.

    python benchmarks/self_consistency.py --optillm path/to/environment --items 50

`secondthought serve` serves the shipped model twice: once behind OptiLLM's `self_consistency`,
which asks it five times at temperature 1 and returns the largest cluster of similar answers, and
once with a table of efforts in which `high` is a vote over five such thoughts (`xhigh` over
eight). The questions are of tasks for which no program can prove an answer, so that ours has no
verifier either. Tokens are counted by the two servers themselves: all that were generated.
OptiLLM's best of n (three samples, rated by the model itself) is asked the same for the record.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

import httpx
from gateways import running
from serving import serving_model

from secondthought.stats import mcnemar, paired_difference, wilson
from secondthought.tasks import catalogue
from secondthought.tasks.base import Item

SEED = 900_800_000
TASKS = "chain_sum@4,products@4,gcd@4,base_conversion@3,letter_counting@4,spell_backward@4"
THOUGHT = 512  # tokens of a thought, as at effort low
RESERVE = 256


def row(effort: str, samples: int) -> str:
    """A row of the table of efforts: so many thoughts at temperature 1, and a vote over them."""
    return f"""
[{effort}]
strategy = "{"think" if samples == 1 else "vote(think)"}"
samples = {samples}
temperature = 1.0
thought_tokens = {samples * THOUGHT + (samples - 1) * RESERVE}
reserve = {RESERVE}
"""


TABLE = row("low", 1) + row("high", 5) + row("xhigh", 8)


@dataclass(frozen=True)
class Side:
    """One way of asking. model, effort: as in the request. counted: URL of the server whose
    tokens are counted."""

    name: str
    url: str
    model: str
    effort: str | None
    counted: str


@contextmanager
def servers(folder: Path) -> Iterator[tuple[str, str]]:
    """URLs of two servers of the shipped model, with the table of efforts above."""
    table = folder / "efforts.toml"
    table.write_text(TABLE, "utf-8")
    os.environ["SECONDTHOUGHT_EFFORT"] = str(table)
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    shipped = "secondthought-5m"
    with (
        serving_model(folder / "a", shipped, "--effort", "low") as (behind, _),
        serving_model(folder / "b", shipped, "--effort", "high") as (ours, _),
    ):
        yield behind, ours


def questions(tasks: str, items: int) -> list[Item]:
    found: list[Item] = []
    for name in tasks.split(","):
        name, _, level = name.partition("@")
        task = catalogue.task(name)
        chosen = int(level or task.default_level)
        found += [task.generate(Random(SEED + i), chosen) for i in range(items)]
    return found


async def generated(client: httpx.AsyncClient, url: str) -> int:
    """All tokens that a server has generated so far, by its metrics."""
    text = (await client.get(f"{url}/metrics")).text
    counts = re.findall(
        r'^secondthought_tokens_total\{phase="(?:reasoning|answer)"\} (\S+)$', text, re.M
    )
    return round(sum(map(float, counts)))


async def ask(client: httpx.AsyncClient, side: Side, item: Item) -> bool:
    body = {"model": side.model, "messages": [{"role": "user", "content": item.question}]}
    if side.effort:
        body["reasoning_effort"] = side.effort
    reply = await client.post(f"{side.url}/v1/chat/completions", json=body)
    reply.raise_for_status()
    text = reply.json()["choices"][0]["message"]["content"] or ""
    return catalogue.task(item.task).verify(item, text).passed


async def measure(
    sides: list[Side], items: list[Item], askers: int
) -> dict[str, tuple[list[bool], int]]:
    """Per side, whether each question was answered rightly, and all tokens. One side after the
    other on the same questions, since the tokens are those of a server."""
    found: dict[str, tuple[list[bool], int]] = {}
    async with httpx.AsyncClient(
        timeout=600, limits=httpx.Limits(max_connections=askers)
    ) as client:
        for side in sides:
            places = asyncio.Semaphore(askers)

            async def one(
                item: Item, side: Side = side, places: asyncio.Semaphore = places
            ) -> bool:
                async with places:
                    return await ask(client, side, item)

            before = await generated(client, side.counted)
            right = await asyncio.gather(*map(one, items))
            found[side.name] = list(right), await generated(client, side.counted) - before
            share = sum(right) / len(right)
            print(f"{side.name}: {share:.1%}, {found[side.name][1]:,} tokens", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--optillm", required=True, help="folder of its virtual environment")
    parser.add_argument("--tasks", default=TASKS)
    parser.add_argument("--items", type=int, default=50, help="of each task")
    parser.add_argument("--askers", type=int, default=16)
    options = parser.parse_args()
    items = questions(options.tasks, options.items)
    with (
        tempfile.TemporaryDirectory() as folder,
        servers(Path(folder)) as (behind, ours),
        running("optillm", options.optillm, f"{behind}/v1") as gateway,
    ):
        name = "secondthought-5m"
        url = gateway.url.removesuffix("/v1")
        sides = [
            Side("one thought", behind, name, "low", behind),
            Side("OptiLLM, best of 3", url, f"bon-{name}", None, behind),
            Side("OptiLLM, self-consistency of 5", url, f"self_consistency-{name}", None, behind),
            Side("ours, vote of up to 5", ours, name, "high", ours),
            Side("ours, vote of up to 8", ours, name, "xhigh", ours),
        ]
        found = asyncio.run(measure(sides, items, options.askers))
    print(f"\n{len(items)} questions\n\n| | right | tokens a question |\n| --- | --- | --: |")
    for side, (right, tokens) in found.items():
        share = wilson(sum(right), len(right))
        text = f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})"
        print(f"| {side} | {text} | {tokens / len(right):,.0f} |")
    for (first, (x, _)), (second, (y, _)) in pairwise(found.items()):
        d = paired_difference([float(v) for v in x], [float(v) for v in y])
        print(
            f"{second} - {first}: {100 * d.value:+.1f} points ({100 * d.low:+.1f} to "
            f"{100 * d.high:+.1f}), McNemar p {mcnemar(x, y):.2g}"
        )


if __name__ == "__main__":
    main()
