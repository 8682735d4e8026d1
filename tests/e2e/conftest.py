"""The command as a user starts it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "secondthought.cli.main"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., str]:
    """Write turns to a file; gives what to say after -m."""

    def write(*turns: dict[str, Any]) -> str:
        path = tmp_path / "script.json"
        path.write_text(json.dumps(turns), "utf-8")
        return f"script:{path}"

    return write


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command off a terminal; `stdin` is text or bytes, "" by default."""

    def start(
        *arguments: str, stdin: str | bytes = "", **env: str
    ) -> subprocess.CompletedProcess[str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=data,
            capture_output=True,
            timeout=60,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "100", **env},
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return start


class Terminal:
    """A process on a pseudo-terminal of its own: what it writes to stdout and to stderr."""

    def __init__(self, arguments: list[str], cwd: Path, **env: str) -> None:
        import pty

        self._out, out = pty.openpty()
        self._err, err = pty.openpty()
        clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")}
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=out,
            stdout=out,
            stderr=err,
            cwd=cwd,
            start_new_session=True,
            env={**clean, "TERM": "xterm", **env},
        )
        os.close(out)
        os.close(err)
        self.stdout = self.stderr = ""

    def type(self, text: str) -> None:
        os.write(self._out, text.encode())

    def press_ctrl_c(self) -> None:
        import signal

        os.kill(self.process.pid, signal.SIGINT)

    def read_until(self, wanted: str, *, seconds: float = 20) -> None:
        """Read until stdout or stderr holds `wanted`, or fail."""
        assert self.has(wanted, seconds=seconds), (self.stdout, self.stderr)

    def has(self, wanted: str, *, seconds: float) -> bool:
        """Whether stdout or stderr comes to hold `wanted` within these seconds."""
        self._read(lambda: wanted in self.stdout + self.stderr, seconds)
        return wanted in self.stdout + self.stderr

    def finish(self, *, seconds: float = 20) -> int:
        """Read to the end; the exit code."""
        self._read(lambda: False, seconds)
        code = self.process.wait(seconds)
        assert "Traceback" not in self.stderr
        return code

    def _read(self, enough: Callable[[], bool], seconds: float) -> None:
        import select
        import time

        streams, end = [self._out, self._err], time.monotonic() + seconds
        while streams and not enough() and (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select(streams, [], [], left)
            for stream in ready:
                try:
                    data = os.read(stream, 65536)
                except OSError:  # Linux says so when the other side is closed
                    data = b""
                if not data:
                    streams.remove(stream)
                text = data.decode("utf-8", "replace").replace("\r\n", "\n")
                if stream == self._out:
                    self.stdout += text
                else:
                    self.stderr += text

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._out)
        os.close(self._err)


@pytest.fixture
def terminal(tmp_path: Path) -> Any:
    """Start the command on a terminal."""
    if sys.platform == "win32":
        pytest.skip("pseudo-terminals are Unix")
    started: list[Terminal] = []

    def start(*arguments: str, **env: str) -> Terminal:
        started.append(Terminal(list(arguments), tmp_path, **env))
        return started[-1]

    yield start
    for process in started:
        process.close()
