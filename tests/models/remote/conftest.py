"""Scripted servers in this process; the same ones that the benchmark of empty answers asks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from upstreams import Upstream

from secondthought.models.remote import client as clients
from secondthought.models.remote.client import Client
from secondthought.models.remote.model import Remote


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Retries come at once; gives the seconds that would have been waited."""
    waits: list[float] = []
    real = clients._wait  # pyright: ignore[reportPrivateUsage]

    def wait(*facts: Any) -> float:
        waits.append(real(*facts))
        return 0

    monkeypatch.setattr(clients, "_wait", wait)
    return waits


@pytest.fixture
def remote() -> Callable[..., tuple[Remote, Upstream]]:
    """A model on a scripted server that always thinks `thought` and answers `answer`."""

    def make(
        dialect: str = "vllm",
        thought: str = "one two three",
        answer: str = "four five",
        *,
        first: float = 5,
        stall: float = 5,
        concurrency: int = 64,
        **options: Any,
    ) -> tuple[Remote, Upstream]:
        def script(question: str) -> tuple[str, str]:
            # The probe's question is answered briefly, as by any model.
            return ("hm", "ok") if question.startswith("Reply with") else (thought, answer)

        upstream = Upstream(dialect, script, **options)
        client = Client(
            upstream.url,
            first=first,
            stall=stall,
            concurrency=concurrency,
            transport=upstream.transport(),
        )
        return Remote(f"{upstream.url}#m", client=client), upstream

    return make
