"""The killable child: a function of ours, run in a process of its own, that can be stopped.

For work on text from a model or a user which may hang, eat the memory, or be talked into
evaluating the text (a backtracking pattern, a computer algebra system):

    same = Isolated(equal, seconds=5)      # a function at the top of a module
    await same("1/2", "0.5")               # IsolationError when it hangs, dies or raises

The child is started at the first call and kept for the next ones. It has no secrets in its
environment and, on Linux (x86-64, ARM64), no network, no right to write files, to start
programs or processes, and to send signals; it can read files. Foreign programs belong in
`verifiers.sandbox`. Arguments and results cross as JSON: nothing that a child sends can make
this process run code.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

Failure = Literal["time", "died", "output", "raised"]

_START_SECONDS = 60.0  # to start Python and import the function's module, on a busy machine
_CHILD = Path(__file__).with_name("_isolated.py")


class IsolationError(Exception):
    """The call gave no result. kind: what became of it; the message is one line."""

    def __init__(self, message: str, kind: Failure) -> None:
        super().__init__(message)
        self.kind: Failure = kind


class Isolated:
    """A function whose calls run in a child process, one after the other.

    function: a function at the top of a module, or "package.module:name" or "/a/file.py:name";
    it takes and returns JSON values. seconds: wall clock of one call, CPU time as well; memory:
    bytes of address space; output: characters of one result. confined=False: a child that can
    be killed but may do all that this process may, with its environment (for code of the user's
    own, which may want the network).

    Safe to call from several threads and event loops.
    """

    def __init__(
        self,
        function: Callable[..., Any] | str,
        *,
        seconds: float = 5.0,
        memory: int = 2 << 30,
        output: int = 1 << 20,
        confined: bool = True,
    ) -> None:
        self.target = function if isinstance(function, str) else _name_of(function)
        self.seconds = seconds
        self.output = output
        self._setup = {
            "target": self.target,
            "path": sys.path,
            "confined": confined,
            "memory": memory,
            "cpu": seconds,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self._finalizer: weakref.finalize[[subprocess.Popen[bytes]], Isolated] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="isolated")

    async def __call__(self, *args: Any) -> Any:
        """The function's result. Raises IsolationError. Cancelling the caller kills the child."""
        future = self._thread.submit(self._call, args)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            self._abandon(future)
            raise

    def call(self, *args: Any) -> Any:
        """The same for code without an event loop. Raises IsolationError."""
        return self._thread.submit(self._call, args).result()

    def close(self) -> None:
        """End the child; the next call starts a new one. Idempotent."""
        self._thread.submit(self._stop).result()

    def _abandon(self, future: Future[Any]) -> None:
        # A call that still waits for its turn never starts; a running one loses its child.
        if not future.cancel() and not future.done() and (process := self._process) is not None:
            _kill(process)

    def _call(self, args: tuple[Any, ...]) -> Any:
        request = json.dumps(args, allow_nan=False).encode() + b"\n"
        process = self._running()
        assert process.stdin is not None
        try:
            process.stdin.write(request)
            process.stdin.flush()
        except BrokenPipeError:
            self._stop()
            raise IsolationError("the child process is gone", "died") from None
        message = self._read(process, self.seconds)
        if "raised" in message:
            raise IsolationError(str(message["raised"]), "raised")
        return message.get("value")

    def _running(self) -> subprocess.Popen[bytes]:
        """The child, ready for a call."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        # -B: the child may not write. -I: no PYTHON* settings, no user site, no working folder.
        process = self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_bare_environment() if self._setup["confined"] else None,
            start_new_session=True,
        )
        self._finalizer = weakref.finalize(self, _end, process)
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(self._setup).encode() + b"\n")
            process.stdin.flush()
        message = self._read(process, _START_SECONDS)
        if "raised" in message:
            self._stop()
            raise IsolationError(str(message["raised"]), "raised")
        return process

    def _read(self, process: subprocess.Popen[bytes], seconds: float) -> dict[str, Any]:
        """One line of the child. Anything but a line in time ends the child."""
        try:
            line = self._line(process, seconds)
            message = json.loads(line)
            if not isinstance(message, dict):
                raise IsolationError("the child process spoke nonsense", "died")
        except (ValueError, RecursionError):
            self._stop()
            raise IsolationError("the child process spoke nonsense", "died") from None
        except IsolationError:
            self._stop()
            raise
        return message  # pyright: ignore[reportUnknownVariableType]

    def _line(self, process: subprocess.Popen[bytes], seconds: float) -> bytes:
        assert process.stdout is not None
        pipe = process.stdout.fileno()
        pieces, size = [self._unread], len(self._unread)
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while b"\n" not in pieces[-1]:
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise IsolationError(f"took more than {seconds:g} s", "time")
                piece = os.read(pipe, 1 << 16)
                if not piece:
                    raise IsolationError(_why(process), "died")
                pieces.append(piece)
                size += len(piece)
                if size > self.output:
                    raise IsolationError(
                        f"the result is longer than {self.output} characters", "output"
                    )
        line, _, self._unread = b"".join(pieces).partition(b"\n")
        return line

    def _stop(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._process, self._unread = None, b""


def _name_of(function: Callable[..., Any]) -> str:
    module, name = function.__module__, function.__qualname__
    if "<" in name or module == "__main__":
        raise ValueError(f"{name} does not stand at the top of a module that can be imported")
    return f"{module}:{name}"


def _bare_environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}


def _why(process: subprocess.Popen[bytes]) -> str:
    code = process.wait()
    if code == -signal.SIGXCPU:
        return "took too much CPU time"
    return f"the child process ended with {'signal' if code < 0 else 'status'} {abs(code)}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the child and what it has started: its session is its process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes]) -> None:
    _kill(process)
    with process:  # closes the pipes, and waits so that no zombie is left
        pass
