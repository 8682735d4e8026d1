from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondthought.cli.main import main
from secondthought.messages import BadInput
from secondthought.oversight.audit import MAX_TEXT, AuditError, AuditLog, Head

ENTRIES = 6
# Appends until it is killed; says each entry only when `append` has returned.
WRITER = """
import sys
from pathlib import Path
from secondthought.oversight.audit import AuditLog
log, name = AuditLog(Path(sys.argv[1])), sys.argv[2]
for i in range(int(sys.argv[3])):
    log.append(name, "read", f"resp_{i}")
    print(i, flush=True)
"""


def filled(folder: Path, count: int = ENTRIES) -> AuditLog:
    log = AuditLog(folder / "audit.log")
    for i in range(count):
        log.append("key_1", "read", f"resp_{i}", "생각을 확인함")
    return log


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[AuditLog, bytes, bytes]:
    log = filled(tmp_path_factory.mktemp("audit"))
    return log, log.path.read_bytes(), log.head_path.read_bytes()


def test_an_untouched_log_is_intact(tmp_path: Path) -> None:
    log = filled(tmp_path)
    report = log.verify()
    assert report.intact
    assert report.head.count == ENTRIES
    assert [entry["what"] for entry in log.entries()] == [f"resp_{i}" for i in range(ENTRIES)]
    assert log.path.stat().st_mode & 0o077 == 0
    early = report.head
    log.append("key_2", "read", "resp_0")
    assert log.verify(early).intact


@settings(max_examples=500)
@given(st.data())
def test_any_edit_of_a_byte_is_found(
    written: tuple[AuditLog, bytes, bytes], data: st.DataObject
) -> None:
    log, good, _ = written
    at = data.draw(st.integers(0, len(good)))
    if data.draw(st.booleans()):
        bad = good[:at] + bytes([data.draw(st.integers(0, 255))]) + good[at:]
    else:
        bad = good[:at] + good[at + data.draw(st.integers(1, 40)) :]
    if bad == good:
        return
    log.path.write_bytes(bad)
    try:
        assert not log.verify().intact
    finally:
        log.path.write_bytes(good)


def _drop(lines: list[bytes]) -> None:
    del lines[2]


def _cut(lines: list[bytes]) -> None:
    del lines[-2:]


def _swap(lines: list[bytes]) -> None:
    lines[1], lines[2] = lines[2], lines[1]


def _double(lines: list[bytes]) -> None:
    lines.insert(3, lines[2])


def _all(lines: list[bytes]) -> None:
    lines.clear()


def _forge(lines: list[bytes]) -> None:
    entry = json.loads(lines[2])
    entry["what"] = "resp_innocent"
    lines[2] = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _respell(lines: list[bytes]) -> None:
    """The same JSON value, written in another way."""
    lines[2] = lines[2].replace(b'{"action"', b'{ "action"')


@pytest.mark.parametrize("change", [_drop, _cut, _swap, _double, _all, _forge, _respell])
def test_tampering_is_found(tmp_path: Path, change: Callable[[list[bytes]], None]) -> None:
    log = filled(tmp_path)
    lines = log.path.read_bytes().splitlines(keepends=True)
    change(lines)
    log.path.write_bytes(b"".join(lines))
    report = log.verify()
    assert not report.intact
    assert all("\n" not in problem for problem in report.problems)


def test_a_log_without_its_head_record_is_not_intact(tmp_path: Path) -> None:
    log = filled(tmp_path)
    log.head_path.unlink()
    assert not log.verify().intact
    with pytest.raises(AuditError):
        log.append("key_1", "read", "resp_9")


def test_a_log_that_was_removed_is_missed(tmp_path: Path) -> None:
    log = filled(tmp_path)
    log.path.unlink()
    assert not log.verify().intact
    with pytest.raises(AuditError):
        log.append("key_1", "read", "resp_9")
    for file in tmp_path.iterdir():
        file.unlink()
    with pytest.raises(BadInput):
        log.verify()


def test_a_rewritten_log_is_found_by_a_head_noted_elsewhere(tmp_path: Path) -> None:
    noted = filled(tmp_path).verify().head
    for file in tmp_path.iterdir():
        file.unlink()
    forged = filled(tmp_path)
    assert forged.verify().intact
    assert not forged.verify(noted).intact


def test_nothing_is_added_to_a_log_that_was_cut(tmp_path: Path) -> None:
    """Else the next read would make good for the entry that was taken away."""
    log = filled(tmp_path)
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(AuditError):
        log.append("key_1", "read", "resp_9")


def test_an_unfinished_line_is_removed_and_a_whole_one_kept(tmp_path: Path) -> None:
    """What a killed writer can leave: a piece of a line, or a line without its head record."""
    log = filled(tmp_path, 2)
    head = log.head_path.read_bytes()
    log.append("key_1", "read", "resp_2")
    log.head_path.write_bytes(head)
    whole = log.path.read_bytes()
    log.path.write_bytes(whole + b'{"action":"re')
    assert len(log.verify().problems) == 2
    log.append("key_1", "read", "resp_3")
    assert log.verify().intact
    assert [entry["what"] for entry in log.entries()] == [f"resp_{i}" for i in range(4)]


@settings(max_examples=30, deadline=None)
@given(count=st.integers(0, 3), data=st.data())
def test_a_writer_killed_at_any_byte_leaves_a_log_that_goes_on(
    tmp_path_factory: pytest.TempPathFactory, count: int, data: st.DataObject
) -> None:
    """Of the very first entry too. Until then `verify` says what is unfinished."""
    log = filled(tmp_path_factory.mktemp("killed"), count)
    before = log.path.read_bytes() if count else b""
    log.append("key_1", "read", "resp_killed")
    entry = log.path.read_bytes()[len(before) :]
    # The state of both files in the middle of that append.
    written = data.draw(st.integers(0, len(entry)), "bytes of the entry")
    log.path.write_bytes(before + entry[:written])
    head = Head() if not count else Head(count, json.loads(before.splitlines()[-1])["hash"])
    log.head_path.write_text(f"{head} {len(before)}\n", "ascii")
    assert log.verify().intact is (written == 0)
    log.append("key_1", "read", "resp_after")
    assert log.verify().intact
    found = [entry["what"] for entry in log.entries()]
    whole = ["resp_killed"] * (written == len(entry))
    assert found == [*(f"resp_{i}" for i in range(count)), *whole, "resp_after"]


def test_the_head_record_is_there_before_the_first_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = AuditLog(tmp_path / "audit.log")
    monkeypatch.setattr("secondthought.oversight.audit.next_entry", _killed)
    with pytest.raises(KeyboardInterrupt):
        log.append("key_1", "read", "resp_0")
    monkeypatch.undo()
    log.path.write_bytes(b'{"action":"re')
    assert log.append("key_1", "read", "resp_1").count == 1
    assert log.verify().intact


def _killed(*_: str) -> None:
    raise KeyboardInterrupt


def test_an_entry_is_no_place_for_a_thought(tmp_path: Path) -> None:
    log = filled(tmp_path, 1)
    with pytest.raises(ValueError, match=str(MAX_TEXT)):
        log.append("key_1", "read", "resp_1", "x" * (MAX_TEXT + 1))
    assert log.verify().head.count == 1


def test_threads_do_not_disturb_each_other(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.log")
    with ThreadPoolExecutor(8) as pool:
        heads = list(pool.map(lambda i: log.append("key_1", "read", f"resp_{i}"), range(80)))
    assert len({head.hash for head in heads}) == 80
    assert log.verify().head.count == 80
    assert log.verify().intact


def test_killed_processes_lose_nothing_they_said(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.log")
    rng, said = random.Random(1), 0
    for round_ in range(6):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(log.path), f"{round_}.{i}", "100000"],
                stdout=subprocess.PIPE,
            )
            for i in range(2)
        ]
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()  # it is at work
        time.sleep(rng.random() * 0.1)
        for writer in writers:
            writer.kill()
        for writer in writers:
            said += 1 + len(writer.communicate()[0].splitlines())
    log.append("key_1", "read", "after")  # mends what the last one left
    report = log.verify()
    assert report.intact, report.problems
    assert said < report.head.count <= said + 1 + 12


# --- the command ---------------------------------------------------------------------------


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as leave:
        main(["audit", "verify", *words])
    return int(leave.value.code or 0)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = filled(tmp_path)
    assert run(str(log.path)) == 0
    said = capsys.readouterr().out
    head = said.split()[-1]
    assert Head.parse(head).count == ENTRIES
    assert run(str(log.path), "--head", head) == 0
    assert run(str(log.path), "--head", f"2:{'0' * 64}") == 1
    assert run(str(log.path), "--head", f"0:{'0' * 64}") == 0  # the beginning of every log
    assert run(str(log.path), "--head", f"0:{'1' * 64}") == 1
    capsys.readouterr()
    assert run(str(log.path), "--head", f"2:{'0' * 64}", "--json") == 1
    assert json.loads(capsys.readouterr().out)["intact"] is False
    for words in ([str(tmp_path / "none")], [str(tmp_path)], [str(log.path), "--head", "x"]):
        assert run(*words) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_its_folder_is_made(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "data" / "secondthought" / "server.db.audit")
    assert log.append("me", "read", "resp_1").count == 1
    assert log.verify().intact
