"""The sandbox against programs that try to get out, to stay, or to take everything.

Every attack is bounded, so that a sandbox that fails does not take the machine with it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from secondthought.messages import BadInput
from secondthought.verifiers import sandbox as module
from secondthought.verifiers.sandbox import PYTHON, Limits, Ran, Sandbox, SandboxError

pytestmark = pytest.mark.needs("bwrap", "prlimit", "setpriv")

SMALL = Limits(seconds=20, cpu=5, memory=300 << 20, processes=12, output=16 << 10, disk=8 << 20)


def run(code: str, limits: Limits = SMALL, **options: str) -> Ran:
    return asyncio.run(Sandbox(limits).run((*PYTHON, "-c", code), **options))  # pyright: ignore


def processes_with(mark: str) -> list[int]:
    """Processes outside whose command line holds the mark (seen from outside, as all are)."""
    found: list[int] = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if mark in (folder / "cmdline").read_text(errors="replace"):
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def gone(mark: str, within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while processes_with(mark):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


# --- what a program has ----------------------------------------------------------------------


def test_a_program_runs_with_its_files_and_input() -> None:
    box = Sandbox(SMALL)
    files = {"main.py": "import sys, other; print(other.x + sys.stdin.read())", "other.py": "x='é'"}
    ran = asyncio.run(box.run((*PYTHON, "main.py"), files=files, stdin="ü\n"))
    assert (ran.code, ran.stdout, ran.stderr, ran.stopped) == (0, "éü\n\n", "", "")
    assert run("import sys; print('no', file=sys.stderr); sys.exit(7)").code == 7
    assert run("print('x' * 10)").stdout == "x" * 10 + "\n"
    assert run("pass", stdin="x" * (1 << 20)).code == 0  # input that nobody reads


def test_it_may_write_in_its_own_tmp_and_the_next_run_sees_nothing_of_it() -> None:
    assert run("open('/tmp/mark', 'w').write('x'); print(open('mark').read())").stdout == "x\n"
    assert not Path("/tmp/mark").exists()
    assert run("import os; print(os.path.exists('/tmp/mark'))").stdout == "False\n"


def test_it_has_the_packages_of_this_python() -> None:
    assert run("import numpy, sys; print(sys.prefix)").stdout.strip() == sys.prefix


def test_runs_side_by_side_do_not_share_their_limits() -> None:
    """The limit on processes counts a user's processes: each box must have its own count."""
    code = "import os, time\nfor _ in range(6):\n  os.fork() or (time.sleep(1), os._exit(0))"
    box = Sandbox(SMALL)

    async def both() -> list[Ran]:
        return await asyncio.gather(*(box.run((*PYTHON, "-c", code)) for _ in range(4)))

    assert [ran.code for ran in asyncio.run(both())] == [0] * 4


# --- what it may not take --------------------------------------------------------------------


def test_the_user_is_nobody_without_any_right() -> None:
    ran = run(
        "import os; print(os.getuid(), os.geteuid(), os.getgid(), {*os.getgroups()} <= {65534})\n"
        "print([l.split()[1] for l in open('/proc/self/status') if l.startswith('Cap')])\n"
        "print([l.split()[1] for l in open('/proc/self/status') if l.startswith('NoNewPrivs')])"
    )
    ids, capabilities, no_new = ran.stdout.splitlines()
    assert ids == "65534 65534 65534 True"
    assert set(eval_list(capabilities)) == {"0" * 16}
    assert eval_list(no_new) == ["1"]


def eval_list(text: str) -> list[str]:
    return text.strip("[]").replace("'", "").split(", ")


def test_forks_are_limited() -> None:
    """A bounded fork bomb: 9 rounds would make 512 processes; 12 are allowed."""
    mark = uuid.uuid4().hex
    code = f"""
import os, time  # {mark}
for _ in range(9):
    try: os.fork()
    except BlockingIOError: pass
open('/tmp/pids', 'a').write(f'{{os.getpid()}}\\n')
time.sleep(1)
if os.getpid() == 2: print(len(set(open('/tmp/pids'))))
"""
    ran = run(code)
    made = int(ran.stdout)
    assert 4 <= made <= SMALL.processes
    assert gone(mark)


def test_a_fork_bomb_that_never_ends_is_ended() -> None:
    mark = uuid.uuid4().hex
    code = f"""
import os  # {mark}
for _ in range(100_000_000):
    try: os.fork()
    except BlockingIOError: pass
"""
    started = time.monotonic()
    ran = run(code, Limits(seconds=2, processes=8, memory=300 << 20))
    assert ran.stopped == "time"
    assert time.monotonic() - started < 15
    assert gone(mark)


def test_threads_count_as_processes() -> None:
    code = """
import threading, time
made = 0
for _ in range(100):
    try: threading.Thread(target=time.sleep, args=(1,)).start()
    except RuntimeError: break
    made += 1
print(made)
"""
    assert int(run(code).stdout) < SMALL.processes


def test_memory_of_one_process_is_limited() -> None:
    ran = run("x = bytearray(2 << 30); print('has it')")
    assert ran.code == 1
    assert "MemoryError" in ran.stderr


def test_memory_of_all_processes_together_is_limited() -> None:
    code = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        x = b'x' * (100 << 20)
        time.sleep(10)
        os._exit(0)
time.sleep(10)
"""
    ran = run(code)
    assert ran.stopped == "memory"
    assert ran.seconds < 10


def test_processes_that_share_memory_are_not_counted_twice() -> None:
    code = """
import os, time
x = b'x' * (100 << 20)
for _ in range(6):
    if os.fork() == 0: time.sleep(0.5); os._exit(0)
for _ in range(6): os.wait()
print('fine')
"""
    assert run(code).stdout == "fine\n"


@pytest.mark.parametrize(
    "call",
    [
        "os.memfd_create('x')",
        "libc_call(libc.shmget(0, 1 << 20, 0o1600))",
        "libc_call(libc.msgget(0, 0o1600))",
    ],
)
def test_memory_that_no_limit_counts_cannot_be_had(call: str) -> None:
    code = f"""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def libc_call(result):
    if result < 0: raise OSError(ctypes.get_errno(), 'refused')
try: {call}
except PermissionError: print('refused')
"""
    assert run(code).stdout == "refused\n"


def test_cpu_time_is_limited_even_for_a_program_that_ignores_the_signal() -> None:
    limits = Limits(seconds=60, cpu=1)
    assert run("while True: pass", limits).stopped == "cpu"
    code = "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    ran = run(code, limits)
    assert ran.code == 128 + 9
    assert ran.seconds < 30


def test_a_program_that_sleeps_for_ever_is_ended() -> None:
    ran = run("import time; time.sleep(600)", Limits(seconds=1))
    assert ran.stopped == "time"
    assert ran.seconds < 10


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_output_without_end_is_ended(stream: str) -> None:
    ran = run(f"import sys\nwhile True: sys.{stream}.write('x' * 1000)")
    assert ran.stopped == "output"
    assert len(getattr(ran, stream)) == SMALL.output
    assert ran.seconds < 10


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
def test_disk_is_limited(folder: str) -> None:
    code = f"""
total = 0
for n in range(64):
    try: total += open('{folder}/' + str(n), 'wb', buffering=0).write(b'x' * (1 << 20))
    except OSError: break
print(total >> 20)
"""
    assert int(run(code).stdout) <= 8


def test_file_handles_are_limited() -> None:
    code = "x = []\nwhile len(x) < 10_000:\n  x.append(open('/dev/null'))"
    assert "Too many open files" in run(code).stderr


# --- what it may not reach -------------------------------------------------------------------


def test_nothing_outside_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("as it was")
    paths = ["/x", "/etc/x", "/usr/x", "/dev/x", "/root/x", sys.prefix + "/x", str(file)]
    paths += [str(Path.home() / "x"), str(Path.cwd() / "x"), module.__file__]
    code = f"""
import os
for path in {paths!r}:
    try: open(path, 'w').write('changed'); print('wrote', path)
    except OSError: pass
for path in ({sys.prefix!r} + '/pyvenv.cfg', os.__file__, '/usr/bin/env'):
    for deed in (os.remove, lambda p: os.rename(p, p + '2'), lambda p: os.chmod(p, 0o777)):
        try: deed(path); print('changed', path)
        except OSError: pass
for path in ('/', '/dev', '/usr'):
    os.system(f'mount -o remount,rw {{path}} 2>/dev/null') or print('remounted', path)
"""
    ran = run(code)
    assert (ran.code, ran.stdout) == (0, "")
    assert file.read_text() == "as it was"
    assert not any(Path(path).exists() for path in paths if path.endswith("/x"))


def test_secrets_of_the_environment_do_not_get_in(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = uuid.uuid4().hex
    monkeypatch.setenv("SOME_API_KEY", secret)
    code = """
import glob, os
print(dict(os.environ))
for path in glob.glob('/proc/*/environ') + glob.glob('/proc/*/cmdline'):
    try: print(open(path).read())
    except OSError: pass
"""
    ran = run(code)
    assert "HOME" in ran.stdout
    assert secret not in ran.stdout
    assert "SOME_API_KEY" not in ran.stdout


def test_secrets_of_the_home_do_not_get_in(tmp_path: Path) -> None:
    secret = uuid.uuid4().hex
    (tmp_path / "key").write_text(secret)
    (tmp_path / "key").chmod(0o666)
    here = [str(tmp_path / "key"), str(Path.cwd() / "pyproject.toml"), "/etc/passwd", "/etc/shadow"]
    code = f"""
import os
for path in {here!r}:
    try: print(open(path).read())
    except OSError: pass
for path in ('/home', '/root', {str(Path.home())!r}, '/run', '/var', '/mnt', '/srv', '/sys'):
    for folder, _, names in os.walk(path):
        if not folder.startswith(tuple({module_folders()!r})): print(folder, names) if names else 0
print(os.listdir(os.path.expanduser('~')))
"""
    assert run(code).stdout == "[]\n"


def module_folders() -> list[str]:
    return Sandbox(SMALL)._folders


def test_there_is_no_network(tmp_path: Path) -> None:
    with listening(tmp_path) as (port, path):
        code = f"""
import socket
for family, address in ((socket.AF_INET, ('127.0.0.1', {port})), (socket.AF_INET, ('1.1.1.1', 53)),
        (socket.AF_UNIX, {path!r}), (socket.AF_UNIX, '\\0' + {path!r})):
    try: socket.socket(family).connect(address); print('reached', address)
    except OSError as error: print(type(error).__name__)
print([name for _, name in socket.if_nameindex()])
"""
        ran = run(code)
    assert "reached" not in ran.stdout
    assert ran.stdout.endswith("['lo']\n")
    assert len(ran.stdout.splitlines()) == 5


@contextmanager
def listening(folder: Path) -> Generator[tuple[int, str]]:
    path = str(folder / "socket")
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as named,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        named.bind(path)
        abstract.bind("\0" + path)
        named.listen()
        abstract.listen()
        os.chmod(path, 0o777)
        yield server.getsockname()[1], path


def test_signals_reach_nobody_outside() -> None:
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    with subprocess.Popen(["/bin/sleep", "60"], **nobody) as other:  # of the same user as inside
        code = f"""
import os, signal
seen = [int(n) for n in os.listdir('/proc') if n.isdigit()]
for pid in {[other.pid, os.getpid(), os.getppid()]!r}:
    try: os.kill(pid, signal.SIGKILL); print('sent to', pid)
    except ProcessLookupError: pass
print(len(seen))
try: os.kill(1, signal.SIGKILL)  # the init of its own box at most
finally: os.kill(-1, signal.SIGKILL)
"""
        ran = run(code)
        assert other.poll() is None
        other.kill()
    assert "sent" not in ran.stdout
    assert int(ran.stdout) <= 3


def test_orphans_are_killed_with_the_program() -> None:
    """Two forks and a session of its own: how a daemon leaves its parent."""
    mark = uuid.uuid4().hex
    code = f"""
import os, time  # {mark}
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: time.sleep(1)
    os._exit(0)
os.wait()
print('done', flush=True)
"""
    ran = run(code)
    assert (ran.code, ran.stdout, ran.stopped) == (0, "done\n", "")
    assert ran.seconds < 10
    assert gone(mark)


def test_cancelling_ends_the_program() -> None:
    mark = uuid.uuid4().hex

    async def cancel() -> None:
        code = f"import time; time.sleep(600)  # {mark}"
        task = asyncio.create_task(Sandbox().run((*PYTHON, "-c", code)))
        for _ in range(200):
            await asyncio.sleep(0.05)
            if processes_with(mark):
                break
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert gone(mark)


def test_the_program_dies_with_us() -> None:
    mark = uuid.uuid4().hex
    code = f"""
import asyncio
from secondthought.verifiers.sandbox import PYTHON, Sandbox
asyncio.run(Sandbox().run((*PYTHON, '-c', 'import time; time.sleep(600)  # {mark}')))
"""
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        while len(processes_with(mark)) < 3:  # the parent, bubblewrap, the program
            assert parent.poll() is None
            time.sleep(0.05)
        parent.kill()
    assert gone(mark)


@pytest.mark.parametrize(
    "call",
    [
        "libc.unshare(0x10000000)",  # a user namespace, the door to most holes of the kernel
        "libc.syscall(425, 8, 0)",  # io_uring, which passes by the filter
        "libc.mount(b'none', b'/tmp', b'tmpfs', 0, 0)",
        "libc.syscall(435, 0, 0)",  # clone3
    ],
)
def test_doors_of_the_kernel_are_shut(call: str) -> None:
    code = f"import ctypes; libc = ctypes.CDLL(None, use_errno=True); print({call})\n"
    code += "print(ctypes.get_errno())"
    result, error = run(code).stdout.split()
    assert result == "-1"
    assert int(error) in (1, 38)


def test_descriptors_of_ours_do_not_get_in() -> None:
    assert run("import os; print(os.listdir('/proc/self/fd'))").stdout == "['0', '1', '2', '3']\n"


# --- when there is no sandbox ----------------------------------------------------------------


def test_a_sandbox_that_breaks_is_no_finding_about_the_program() -> None:
    box = Sandbox(SMALL)
    box._folders = ["/no/such/folder"]
    box.__dict__.pop("_as_nobody", None)
    with pytest.raises(SandboxError, match="bwrap: Can't find source path /no/such/folder"):
        asyncio.run(box.run((*PYTHON, "-c", "pass")))


def test_without_bubblewrap_nothing_is_run_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "_PATH", str(tmp_path))
    with pytest.raises(BadInput, match="bwrap is not installed; install bubblewrap"):
        Sandbox()
    mark = tmp_path / "mark"
    ran = asyncio.run(
        Sandbox(isolated=False).run((*PYTHON, "-c", f"open({str(mark)!r}, 'w'); print(1)"))
    )
    assert (ran.stdout, ran.stderr) == ("1\n", "")
    assert mark.exists()  # no isolation, as its name says


def test_where_bubblewrap_may_not_work_nothing_is_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("prlimit", "setpriv"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho 'bwrap: No permissions' >&2; exit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setattr(module, "_PATH", str(tmp_path))
    with pytest.raises(BadInput, match=r"cannot make one here \(bwrap: No permissions\)"):
        Sandbox()


def test_without_isolation_time_output_and_memory_are_still_limited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    mark = uuid.uuid4().hex
    bare = Sandbox(Limits(seconds=1, memory=300 << 20, output=1000), isolated=False)

    def go(code: str) -> Ran:
        return asyncio.run(bare.run((*PYTHON, "-c", code)))

    assert "secret" not in go("import os; print(os.environ)").stdout
    fork = f"import os, time; os.fork() or os.setsid(); time.sleep(60)  # {mark}"
    assert go(fork).stopped == "time"
    assert gone(mark)
    assert go("while True: print('x' * 100)").stopped == "output"
    assert "MemoryError" in go("bytearray(2 << 30)").stderr
