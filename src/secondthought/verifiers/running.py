"""One foreign program: started, fed, read, watched, and ended at the first limit that it meets."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_TICK = 0.05  # seconds between two looks at the memory
_LEFT_OPEN = 1.0  # seconds to wait for the pipes of a program that has ended

Stopped = Literal["", "time", "cpu", "memory", "output"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use.

    seconds: wall clock. cpu: seconds of CPU time of each process. memory: bytes, of each
    process (address space) and of all together (resident). processes: threads count too.
    output: bytes of stdout and of stderr. disk: bytes of /tmp, and of /dev/shm.
    """

    seconds: float = 30.0
    cpu: int = 10
    memory: int = 512 << 20
    processes: int = 16
    output: int = 64 << 10
    disk: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that ended. code: exit status, 128 + n after signal n. stopped: the limit, if any."""

    code: int
    stdout: str
    stderr: str
    stopped: Stopped
    seconds: float


@dataclass(frozen=True, slots=True)
class Command:
    """What is to be started. files: open files that the program inherits."""

    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: str = "/"
    files: Sequence[int] = ()


def run(command: Command, stdin: str, limits: Limits, stop: threading.Event) -> Ran:
    """Run a command to its end, or to the limit on its time, output or memory; then nothing of
    it is left. Setting `stop` ends it. Raises OSError when it cannot be started."""
    started = time.monotonic()
    process = subprocess.Popen(
        command.argv,
        env=command.env,
        cwd=command.cwd,
        pass_fds=command.files,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    talk = _Talk(process, stdin.encode("utf-8", "surrogateescape"), limits, stop)
    try:
        stopped = talk.run()
    finally:
        _kill_tree(process)
        with process:  # closes the pipes, and waits so that no zombie is left
            pass
    code = process.returncode
    code = 128 - code if code < 0 else code
    if not stopped and code == 128 + signal.SIGXCPU:
        stopped = "cpu"
    return Ran(code, talk.text(1), talk.text(2), stopped, time.monotonic() - started)


class _Talk:
    """Feeds a program, reads it, and ends it at the first limit that it meets."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        stdin: bytes,
        limits: Limits,
        stop: threading.Event,
    ) -> None:
        self._process = process
        self._stdin = memoryview(stdin)
        self._limits = limits
        self._stop = stop
        self._read = {1: bytearray(), 2: bytearray()}

    def text(self, stream: Literal[1, 2]) -> str:
        return self._read[stream][: self._limits.output].decode("utf-8", "replace")

    def run(self) -> Stopped:
        """Until all pipes are closed and the program has ended. Returns the limit it met."""
        process, limits = self._process, self._limits
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        deadline = time.monotonic() + limits.seconds
        look = time.monotonic() + _TICK
        with selectors.DefaultSelector() as selector:
            for pipe, stream in ((process.stdout, 1), (process.stderr, 2)):
                selector.register(pipe, selectors.EVENT_READ, stream)
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE, 0)
            while selector.get_map() or process.poll() is None:
                now = time.monotonic()
                if now > deadline:
                    return "time" if process.poll() is None else ""
                if self._stop.is_set():
                    return "time"
                if now >= look:
                    look = now + _TICK
                    if process.poll() is not None:  # others may hold its pipes open
                        deadline = min(deadline, now + _LEFT_OPEN)
                    elif _resident(process.pid) > limits.memory:
                        return "memory"
                for key, _ in selector.select(look - now):
                    if key.data == 0:
                        self._write(selector)
                    elif not self._take(key.fd, key.data):
                        selector.unregister(key.fileobj)
                if any(len(read) > limits.output for read in self._read.values()):
                    return "output"
        return ""

    def _take(self, pipe: int, stream: int) -> bool:
        piece = os.read(pipe, 1 << 16)
        self._read[stream] += piece
        return bool(piece)

    def _write(self, selector: selectors.BaseSelector) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        try:
            self._stdin = self._stdin[os.write(pipe.fileno(), self._stdin[: 1 << 16]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:  # a program need not read its input
            self._stdin = self._stdin[:0]
        if not self._stdin:
            selector.unregister(pipe)
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _descendants(pid: int) -> list[int]:
    """The process and all below it; empty where there is no Linux /proc."""
    found, waiting = list[int](), [pid]
    while waiting:
        pid = waiting.pop()
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                children = Path(f"/proc/{pid}/task/{task}/children").read_text()
                waiting += map(int, children.split())
            found.append(pid)
    return found


_KILOBYTES = re.compile(rb"^(?:Pss|VmRSS):\s+(\d+) kB", re.MULTILINE)


def _resident(pid: int) -> int:
    """Bytes of memory that a process and all below it hold; what they share counts once."""
    total = 0
    for one in _descendants(pid):
        for file in ("smaps_rollup", "status"):  # the first may be closed to us
            with contextlib.suppress(OSError):
                if found := _KILOBYTES.search(Path(f"/proc/{one}/{file}").read_bytes()):
                    total += int(found[1]) << 10
                    break
    return total


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Killing bubblewrap ends its box; of a program without a box, whatever can be found."""
    below = _descendants(process.pid) if process.poll() is None else []
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pid in below:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
