"""A real server on a real socket, in a thread of this process, with a scripted model."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("starlette")

import uvicorn

from secondthought.models.scripted import Scripted
from secondthought.oversight.disclosure import Visibility
from secondthought.reasoner import Reasoner
from secondthought.server import keys
from secondthought.server.app import create_app
from secondthought.server.service import Service
from secondthought.server.settings import Settings


class Live:
    """A running server. `service` belongs to its thread: read it, and change it through `do`."""

    def __init__(self, model: Scripted, settings: Settings) -> None:
        self.model = model
        self.app = create_app(Reasoner(model), settings)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        config = uvicorn.Config(
            self.app, log_level="error", access_log=False, timeout_graceful_shutdown=5
        )
        self.server = uvicorn.Server(config)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive(), "the server did not start"
            time.sleep(0.005)
        self.http = httpx.Client(base_url=self.url, timeout=60)

    def _run(self) -> None:
        async def serve() -> None:
            self.loop = asyncio.get_running_loop()
            await self.server.serve(sockets=[self.socket])

        asyncio.run(serve())

    @property
    def service(self) -> Service:
        return self.app.state.service

    def do(self, work: Any) -> Any:
        """Run a coroutine in the server's loop."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def key(self, scope: str = "user", reasoning: str | None = None) -> str:
        shown = Visibility(reasoning) if reasoning else None
        secret = self.do(keys.create(self.service.store, "test", scope, shown))  # pyright: ignore
        self.do(self.service.keyring.refresh())
        return secret

    def post(self, path: str, body: Any, key: str | None = None, **options: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return self.http.post(path, json=body, headers=headers, **options)

    def chat(self, question: str = "hi", key: str | None = None, **body: Any) -> httpx.Response:
        messages = [{"role": "user", "content": question}]
        return self.post(
            "/v1/chat/completions", {"model": "script", "messages": messages, **body}, key
        )

    def respond(self, input: Any = "hi", key: str | None = None, **body: Any) -> httpx.Response:
        return self.post("/v1/responses", {"model": "script", "input": input, **body}, key)

    def close(self) -> None:
        self.http.close()
        self.server.should_exit = True
        self.thread.join(60)
        assert not self.thread.is_alive(), "the server did not stop"


@contextmanager
def live(model: Scripted, folder: Path, **settings: Any) -> Iterator[Live]:
    settings.setdefault("db", str(folder / "server.db"))
    if "reasoning" in settings:
        settings["reasoning"] = Visibility(settings["reasoning"])
    server = Live(model, Settings(**{"grace": 2.0, "gather": 0.005, **settings}))
    try:
        yield server
    finally:
        server.close()


Serve = Callable[..., Live]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """serve(turn, ..., **settings): a server whose model follows these turns."""
    running: list[Any] = []

    def start(*turns: dict[str, Any], **settings: Any) -> Live:
        model = Scripted.of(*(turns or (PLAIN,)))
        context = live(model, tmp_path, **settings)
        running.append(context)
        return context.__enter__()

    yield start
    for context in reversed(running):
        context.__exit__(None, None, None)


class Process:
    """`secondthought serve` in a process of its own."""

    def __init__(
        self,
        folder: Path,
        *turns: dict[str, Any],
        db: str | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        script = folder / "script.json"
        script.write_text(json.dumps(turns), "utf-8")
        self.model = f"script:{script}"
        self.command = [sys.executable, "-m", "secondthought.cli.main", "serve", "-m", self.model]
        self.command += ["--port", "0", "--lease", "1"]
        self.command += ["--db", db or str(folder / "server.db"), *options]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.errors: list[str] = []
        assert self.process.stderr is not None
        reader = threading.Thread(target=lambda e=self.process.stderr: self.errors.extend(e))
        reader.start()
        assert self.process.stdout is not None
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "page" in line:
                self.url = line.split()[-1].rstrip("/")
            if "Python" in line:
                break
        self.http = httpx.Client(base_url=self.url, timeout=60)
        until(self.ready)

    def ready(self) -> bool:
        assert self.process.poll() is None, "".join(self.errors)
        try:
            return self.http.get("/ready").status_code == 200
        except httpx.TransportError:
            return False

    def respond(self, **body: Any) -> httpx.Response:
        return self.http.post("/v1/responses", json={"model": self.model, "input": "hi", **body})

    def get(self, id: str) -> dict[str, Any]:
        return self.http.get(f"/v1/responses/{id}").json()

    def end(self, id: str) -> dict[str, Any]:
        running = ("queued", "in_progress")
        return until(lambda: (body := self.get(id))["status"] not in running and body)

    def kill(self, how: int) -> int:
        self.http.close()
        self.process.send_signal(how)
        return self.process.wait(60)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Any]:
    running: list[Process] = []

    def start(*turns: dict[str, Any], **options: Any) -> Process:
        running.append(Process(tmp_path, *turns, **options))
        return running[-1]

    yield start
    for server in running:
        if server.process.poll() is None:
            server.kill(signal.SIGKILL)


PLAIN = {"thought": "one two three ", "answer": "hello there friend"}


def events(text: str) -> list[dict[str, Any]]:
    """The data of a stream's events; the last one must be [DONE]."""
    data = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
    assert data[-1] == "[DONE]"
    return [json.loads(line) for line in data[:-1]]


def until(true: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait for it; returns what it gave."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.01)
    return found


def words(count: int) -> str:
    """A thought of so many tokens that does not go in circles."""
    return "".join(f"{number} " for number in range(count))
