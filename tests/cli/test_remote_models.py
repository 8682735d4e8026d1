"""The commands over a model server on a port of this machine."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from upstreams import Upstream, on_port

THOUGHT = " ".join(f"t{i}" for i in range(3000))


@pytest.fixture
def url() -> Iterator[str]:
    """A server in a thread of its own, because each command has its own event loop."""
    upstream = Upstream("vllm", lambda q: ("hm", "ok") if "Reply" in q else (THOUGHT, "[5]"))
    ready, done = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()
    port = 0

    async def serve() -> None:
        nonlocal port
        async with on_port(upstream) as port:
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    ready.wait()
    yield f"http://127.0.0.1:{port}/v1"
    loop.call_soon_threadsafe(done.set)
    thread.join()
    loop.close()


def test_ask(run: Any, url: str) -> None:
    done = run("ask", "-m", url, "--json", "-e", "low", "How many?")
    shown = json.loads(done.stdout)
    assert (done.returncode, shown["answer"], shown["model"]) == (0, "[5]", url)
    assert 1000 < shown["usage"]["reasoning_tokens"] <= 2048


def test_doctor(run: Any, url: str) -> None:
    done = run("doctor", url)
    assert done.returncode == 0
    assert f"m at {url} (vllm)" in done.stdout
    assert "'[5]'" in done.stdout
    shown = json.loads(run("doctor", url, "--json").stdout)
    assert shown["healthy"] is True
    assert shown["findings"][0] == {
        "name": "thinks",
        "status": "yes",
        "said": "in a field of its own",
    }


def test_nobody_there_and_no_url(run: Any) -> None:
    done = run("doctor", "http://127.0.0.1:9/v1")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "no server answers at http://127.0.0.1:9/v1" in done.stderr
    assert run("doctor", "vllm").returncode == 2
