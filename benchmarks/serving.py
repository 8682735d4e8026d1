"""`secondthought serve` in a process of its own, for benchmarks that ask it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def serving(
    folder: Path, turns: Sequence[dict[str, Any]], *options: str
) -> Iterator[tuple[str, int]]:
    """A server whose model says these turns: its URL, without a slash at the end, and its process
    id. folder: where the script and `server.db` are. options: more words of the command."""
    script = folder / "script.json"
    script.write_text(json.dumps(turns), "utf-8")
    with serving_model(folder, f"script:{script}", *options) as found:
        yield found


@contextmanager
def serving_model(folder: Path, model: str, *options: str) -> Iterator[tuple[str, int]]:
    """The same with a model by name."""
    command = [sys.executable, "-m", "secondthought.cli.main", "serve", "-m", model]
    command += ["--port", "0", "--db", str(folder / "server.db"), *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        page = next(line for line in process.stdout if "page" in line)
        yield page.split()[-1].rstrip("/"), process.pid
    finally:
        process.terminate()
        process.wait()
