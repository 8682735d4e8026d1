"""The killable child: what it returns, what ends it, and what it may not do."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from secondthought.isolation import Isolated, IsolationError

linux = pytest.mark.skipif(sys.platform != "linux", reason="confinement is Linux's seccomp")


# --- what runs in the child ------------------------------------------------------------------


def echo(*values: Any) -> Any:
    print("printed by the function")
    return list(values)


def pid() -> int:
    return os.getpid()


def spin(seconds: float = 60.0) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return "done"


def fail(text: str) -> None:
    raise ValueError(text)


def leave(code: int) -> None:
    os._exit(code)


def not_json() -> object:
    return {1, 2}


def long(length: int) -> str:
    return "x" * length


def hog(bytes_: int) -> int:
    return len(bytearray(bytes_))


def environment() -> dict[str, str]:
    return dict(os.environ)


def attempt(what: str, path: str = "", victim: int = 0) -> str:
    """ "done", or the name of the error with which the kernel refused."""
    deeds: dict[str, Callable[[], Any]] = {
        "connect": lambda: socket.create_connection(("127.0.0.1", victim), 1),
        "unix socket": lambda: socket.socket(socket.AF_UNIX),
        "fork": os.fork,
        "program": lambda: subprocess.run(["true"], check=True),
        "kill": lambda: os.kill(victim, 9),
        "write": lambda: Path(path).write_text("changed"),
        "append": lambda: os.close(os.open(path, os.O_WRONLY | os.O_APPEND)),
        "remove": lambda: os.remove(path),
        "rename": lambda: os.rename(path, path + "2"),
        "mode": lambda: os.chmod(path, 0o777),
        "folder": lambda: os.mkdir(path + ".d"),
        "hidden memory": lambda: os.memfd_create("x"),
        "thread": lambda: (thread := threading.Thread(target=print)).start() or thread.join(),
        "read": lambda: Path(path).read_text(),
    }
    try:
        deeds[what]()
    except OSError as error:
        return type(error).__name__
    return "done"


# --- calls -----------------------------------------------------------------------------------


async def test_json_values_go_in_and_out_and_the_child_is_kept() -> None:
    child = Isolated(echo)
    value = [1, 2.5, "é\n", None, {"a": [True]}]
    assert await child(*value) == value
    assert await child() == []
    same = Isolated(pid)
    assert await same() == await same() != os.getpid()


def test_a_child_serves_one_event_loop_after_the_other_and_none() -> None:
    child = Isolated(pid)
    assert asyncio.run(child()) == asyncio.run(child()) == child.call()


async def test_what_the_function_raises_comes_as_one_line() -> None:
    with pytest.raises(
        IsolationError, match=r"ValueError: two lines \(test_isolation.py"
    ) as caught:
        await Isolated(fail)("two\nlines")
    assert caught.value.kind == "raised"
    with pytest.raises(IsolationError, match="not JSON serializable"):
        await Isolated(not_json)()
    with pytest.raises(IsolationError, match="cannot be loaded: ModuleNotFoundError"):
        await Isolated("no_such_module:f")()


async def test_a_function_that_hangs_is_killed_and_the_next_call_works() -> None:
    child = Isolated(spin, seconds=0.5)
    first = await child(0)
    started = time.monotonic()
    with pytest.raises(IsolationError, match=r"more than 0\.5 s|CPU time") as caught:
        await child(60)
    assert caught.value.kind in ("time", "died")
    assert time.monotonic() - started < 5
    assert await child(0) == first == "done"


async def test_a_child_that_dies_is_told_and_replaced() -> None:
    child = Isolated(leave)
    for code in (0, 3):
        with pytest.raises(IsolationError, match=f"ended with status {code}") as caught:
            await child(code)
        assert caught.value.kind == "died"


async def test_memory_and_the_result_are_limited() -> None:
    with pytest.raises(IsolationError, match="MemoryError"):
        await Isolated(hog, memory=300 << 20)(1 << 30)
    assert await Isolated(long, output=2000)(1000) == "x" * 1000
    with pytest.raises(IsolationError, match="longer than 2000") as caught:
        await Isolated(long, output=2000)(1 << 20)
    assert caught.value.kind == "output"


async def test_cancelling_a_call_kills_its_child_and_no_other_call() -> None:
    child = Isolated(spin, seconds=60)
    await child(0)
    assert child._process is not None
    before = child._process
    running = asyncio.create_task(child(60))
    waiting = asyncio.create_task(child(0))
    await asyncio.sleep(0.2)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert before.wait(5) == -9
    assert await waiting == "done"


async def test_a_waiting_call_that_is_cancelled_leaves_the_running_one_alone() -> None:
    child = Isolated(spin, seconds=60)
    running = asyncio.create_task(child(0.5))
    await asyncio.sleep(0.1)
    waiting = asyncio.create_task(child(60))
    await asyncio.sleep(0.1)
    waiting.cancel()
    assert await running == "done"


def test_the_child_ends_with_its_owner() -> None:
    child = Isolated(pid)
    child.call()
    process = child._process
    assert process is not None
    del child
    assert process.wait(10) == -9


def test_only_a_function_of_a_module_can_be_isolated() -> None:
    with pytest.raises(ValueError, match="top of a module"):
        Isolated(lambda: 1)


# --- what a confined child may not do --------------------------------------------------------


@linux
@pytest.mark.parametrize(
    "what",
    ["write", "append", "remove", "rename", "mode", "folder"],
)
def test_files_cannot_be_changed(what: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("as it was")
    assert Isolated(attempt).call(what, str(file)) == "PermissionError"
    assert file.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [file]


@linux
def test_there_is_no_network_no_process_and_no_signal() -> None:
    child = Isolated(attempt)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert child.call("connect", "", port) == "PermissionError"
        free = Isolated(attempt, confined=False)
        assert free.call("connect", "", port) == "done"  # so the test can fail
    for what in ("unix socket", "fork", "program", "hidden memory"):
        assert child.call(what) == "PermissionError", what
    with subprocess.Popen(["sleep", "60"]) as other:
        assert child.call("kill", "", other.pid) == "PermissionError"
        assert other.poll() is None
        other.kill()


@linux
async def test_reading_and_threads_are_allowed() -> None:
    child = Isolated(attempt)
    assert await child("read", __file__) == "done"
    assert await child("thread") == "done"


async def test_a_confined_child_has_an_empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    assert "secret" not in str(await Isolated(environment)())
    assert (await Isolated(environment, confined=False)())["SOME_API_KEY"] == "secret"


@linux
def test_a_child_does_not_outlive_a_parent_that_is_killed() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from secondthought.isolation import Isolated\n"
        "child = Isolated('test_isolation:pid'); print(child.call(), flush=True); input()"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        parent.kill()
    deadline = time.monotonic() + 10
    while _lives(child):
        assert time.monotonic() < deadline, "the child is still there"
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
