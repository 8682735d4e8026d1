"""Where code that a model wrote runs: a box made by bubblewrap, thrown away afterwards.

Inside there is a read-only root with the system's programs and this Python, a private /tmp, an
own /proc, and user 65534. There is no network, no home, no environment of ours, no other
process, and no way to gain rights. CPU time, memory, processes, files, output and wall clock
are limited, and when the program ends, so does everything that it started.

Root ignores the limit on processes, also inside a user namespace. So when we are root, a first
bubblewrap hands over to user 65534, who then makes the box as any other user does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO

from secondthought import seccomp
from secondthought.messages import BadInput
from secondthought.verifiers.running import Command, Limits, Ran, run

NOBODY = 65534
PYTHON = (sys.executable, "-E", "-s", "-B")
"""The start of a command that runs this Python, with the packages of its environment."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
_SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives")
_PATH = "/usr/local/bin:/usr/bin:/bin"
_ENVIRONMENT = {
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "PATH": _PATH,
    # Numeric libraries start a thread a core; each counts as a process.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
_checked: set[tuple[str, Limits]] = set()  # boxes that were made here once
_AT_ONCE = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="sandbox")

__all__ = ["PYTHON", "Limits", "Ran", "Sandbox", "SandboxError"]


class SandboxError(Exception):
    """The box itself could not be made; it says nothing about the program."""


class Sandbox:
    """Runs programs, each in a fresh box.

    isolated=False runs them as ordinary processes of yours, with an empty environment, a
    throw-away folder and limits on time, output and memory: only for code that you trust.
    Raises BadInput when no box can be made on this machine.
    """

    def __init__(self, limits: Limits | None = None, *, isolated: bool = True) -> None:
        self.limits = limits or Limits()
        self.isolated = isolated
        if isolated and (_PATH, self.limits) not in _checked:
            self._check()
            _checked.add((_PATH, self.limits))

    async def run(
        self, command: Sequence[str], *, files: Mapping[str, str] | None = None, stdin: str = ""
    ) -> Ran:
        """Run a command to its end or to a limit. files: name to text, in its working folder.

        At most as many boxes as cores run at once; waiting does not count as time. Cancelling
        kills the program. Raises SandboxError.
        """
        stop = threading.Event()
        future = _AT_ONCE.submit(self._run, tuple(command), dict(files or {}), stdin, stop)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            stop.set()
            raise

    def _run(
        self, command: Sequence[str], files: Mapping[str, str], stdin: str, stop: threading.Event
    ) -> Ran:
        if not self.isolated:
            with self._bare(command, files) as bare:
                return run(bare, stdin, self.limits, stop)
        with self._boxed(command, files) as (boxed, status):
            try:
                ran = run(boxed, stdin, self.limits, stop)
            except OSError as error:
                raise SandboxError(f"bubblewrap cannot be started: {error}") from None
            if not ran.stopped and not _was_started(status):
                raise SandboxError(_first_line(ran.stderr) or f"bubblewrap ended with {ran.code}")
        return ran

    # --- with bubblewrap ------------------------------------------------------------------

    def _check(self) -> None:
        """Make a box once and run Python in it. Raises BadInput."""
        missing = [
            p for p in ("bwrap", "prlimit", "setpriv") if shutil.which(p, path=_PATH) is None
        ]
        if missing:
            raise BadInput(
                f"code runs only in a sandbox, and {missing[0]} is not installed; install "
                "bubblewrap and util-linux, or allow running code without isolation"
            )
        try:
            ran = self._run((*PYTHON, "-c", "print('ready')"), {}, "", threading.Event())
            problem = "" if ran.stdout == "ready\n" else ran.stopped or _first_line(ran.stderr)
        except SandboxError as error:
            problem = str(error)
        if problem:
            raise BadInput(
                f"code runs only in a sandbox, and bubblewrap cannot make one here ({problem}); "
                "allow user namespaces on this machine, or allow running code without isolation"
            )

    @contextmanager
    def _boxed(
        self, command: Sequence[str], files: Mapping[str, str]
    ) -> Generator[tuple[Command, IO[bytes]]]:
        """The command in its box, and the file where bubblewrap says what became of it."""
        limits = self.limits
        with contextlib.ExitStack() as stack:

            def memory_file(data: bytes) -> IO[bytes]:
                file = stack.enter_context(os.fdopen(os.memfd_create("sandbox"), "w+b"))
                file.write(data)
                file.seek(0)
                return file

            status = memory_file(b"")
            passed = [status]
            inner = [
                *("bwrap", "--unshare-all", "--uid", str(NOBODY), "--gid", str(NOBODY)),
                *("--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"),
                *("--json-status-fd", str(status.fileno())),
            ]
            if (code := seccomp.program(seccomp.SANDBOX)) is not None:
                passed.append(memory_file(code))
                inner += ["--seccomp", str(passed[-1].fileno())]
            for path in _SYSTEM:
                if os.path.islink(path):
                    inner += ["--symlink", os.readlink(path), path]
                else:
                    inner += ["--ro-bind-try", path, path]
            for path in _SETTINGS:
                inner += ["--ro-bind-try", path, path]
            outer, sources = self._as_nobody if os.geteuid() == 0 else ([], {})
            inner += ["--proc", "/proc", "--dev", "/dev"]
            for folder in ("/dev/shm", "/tmp"):
                inner += ["--size", str(limits.disk), "--tmpfs", folder]
            for folder in self._folders:  # after /tmp, where a virtual environment may stand
                inner += ["--ro-bind", sources.get(folder, folder), folder]
            for name, text in files.items():
                passed.append(memory_file(text.encode("utf-8", "surrogateescape")))
                inner += ["--perms", "0444", "--file", str(passed[-1].fileno()), f"/tmp/{name}"]
            inner += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
            for name, value in _ENVIRONMENT.items():
                inner += ["--setenv", name, value]
            limited = [*self._prlimit(), f"--nproc={limits.processes}"]
            # The environment is emptied here too: inside, /proc/1/environ is bubblewrap's own.
            argv = [*outer, *inner, "--", *limited, "--", *command]
            yield Command(argv, {"PATH": _PATH}, files=[f.fileno() for f in passed]), status

    @cached_property
    def _folders(self) -> list[str]:
        """What of this Python does not stand among the system's programs. Raises BadInput."""
        python = os.path.dirname(os.path.dirname(os.path.realpath(sys.executable)))
        folders: list[str] = []
        for prefix in (sys.base_prefix, sys.prefix, python):
            for folder in (os.path.abspath(prefix), os.path.realpath(prefix)):
                if Path.home().resolve().is_relative_to(folder):
                    raise BadInput(
                        f"the sandbox would show all of {folder}, where Python is installed; "
                        "use a Python in a folder of its own"
                    )
                if not any(Path(folder).is_relative_to(known) for known in (*_SYSTEM, *folders)):
                    folders.append(folder)
        return folders

    @cached_property
    def _as_nobody(self) -> tuple[list[str], dict[str, str]]:
        """For root: a command before the box that gives up root, and where it shows folders.

        User 65534 may not look into /root, so what stands there is shown under /tmp.
        """
        sources = {folder: f"/tmp/{n}" for n, folder in enumerate(self._folders)}
        # An own process namespace, so that all of it ends with this first bubblewrap: the kernel
        # would not let it, which has given up its rights, kill a process of another user.
        command = ["bwrap", "--die-with-parent", "--unshare-pid"]
        command += ["--dev-bind", "/", "/", "--tmpfs", "/tmp"]
        for folder, shown in sources.items():
            command += ["--ro-bind", folder, shown]
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--", "setpriv"]
        command += [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
        return command, sources

    # --- without ------------------------------------------------------------------------

    @contextmanager
    def _bare(self, command: Sequence[str], files: Mapping[str, str]) -> Generator[Command]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            for name, text in files.items():
                Path(folder, name).write_bytes(text.encode("utf-8", "surrogateescape"))
            limited = [*self._prlimit(), "--"] if shutil.which("prlimit", path=_PATH) else []
            env = {**_ENVIRONMENT, "HOME": folder, "TMPDIR": folder}
            yield Command([*limited, *command], env, folder)

    def _prlimit(self) -> list[str]:
        cpu, memory, disk = self.limits.cpu, self.limits.memory, self.limits.disk
        # The soft limit sends SIGXCPU, which a program can ignore; the hard one kills.
        return [
            "prlimit",
            f"--cpu={cpu}:{cpu + 1}",
            f"--as={memory}",
            f"--fsize={disk}",
            "--nofile=256",
            "--core=0",
        ]


def _was_started(status: IO[bytes]) -> bool:
    """Bubblewrap writes an exit code only for a command that it could start."""
    status.seek(0)
    for line in status.read().splitlines():
        with contextlib.suppress(ValueError):
            if "exit-code" in json.loads(line):
                return True
    return False


def _first_line(text: str) -> str:
    return next((line.strip()[:200] for line in text.splitlines() if line.strip()), "")
