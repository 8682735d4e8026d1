"""The audit log: who looked at which hidden thought, when and why; nobody can quietly unwrite it.

Each entry holds the hash of the one before it, so a change anywhere breaks the chain from there
on. A chain alone cannot see that its end was cut off; the head record (count and hash of the
last entry, in a file beside the log) can. Someone who rewrites log and head record together is
found by a head that was noted elsewhere before: `verify(head=...)`.

The chain (`Head`, `next_entry`, `check_chain`) knows no storage; `AuditLog` keeps it in a file
of JSON lines that any number of threads and processes may append to.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedRandom
from pathlib import Path
from typing import Any, Final, cast

from secondthought.messages import BadInput

MAX_TEXT: Final = 1000
"""Characters of one field. An entry says who read what; it is no place for what was read."""
_DOMAIN: Final = b"secondthought audit v1\0"
_FIELDS: Final = ("seq", "time", "who", "action", "what", "note", "previous")
_MOST_PROBLEMS: Final = 20
_HEAD: Final = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


class AuditError(Exception):
    """The log cannot be continued: it was damaged or tampered with. Nothing may be read then."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: the number of entries and the hash of the last. Written "120:9f…"."""

    count: int = 0
    hash: str = "0" * 64

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Raises BadInput."""
        match = _HEAD.fullmatch(text.strip())
        if match is None:
            raise BadInput("a head is COUNT:HASH, as `secondthought audit verify` prints it")
        return cls(int(match[1]), match[2])


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify` found. head: the end of the chain as it stands. problems: at most 20, in
    the order of the log; empty when nothing was touched."""

    head: Head
    problems: tuple[str, ...]

    @property
    def intact(self) -> bool:
        return not self.problems


# --- the chain ----------------------------------------------------------------------------


def next_entry(
    head: Head, who: str, action: str, what: str, note: str = ""
) -> tuple[dict[str, Any], Head]:
    """The entry that follows on `head`, and the head after it.

    who: the id of the key or person; action: "read", "export", ...; what: the id of a response.
    Never the thought itself. Raises ValueError for a field over `MAX_TEXT` characters.
    """
    if any(len(text) > MAX_TEXT for text in (who, action, what, note)):
        raise ValueError(f"a field of an audit entry has at most {MAX_TEXT} characters")
    entry: dict[str, Any] = {
        "seq": head.count,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "who": who,
        "action": action,
        "what": what,
        "note": note,
        "previous": head.hash,
    }
    entry["hash"] = _hash(entry)
    return entry, Head(head.count + 1, entry["hash"])


def check_chain(
    entries: Iterable[dict[str, Any] | None], heads: Iterable[tuple[str, Head]] = ()
) -> Report:
    """Follow a chain from its beginning. `None` stands for an entry that cannot be read.

    heads: (name, head) that the chain must contain. After a break the chain is followed on from
    what stands there, so that a single edit is one problem and not a thousand.
    """
    problems: list[str] = []
    wanted: dict[int, list[tuple[str, Head]]] = {}
    for name, noted in heads:
        wanted.setdefault(noted.count, []).append((name, noted))
    head, number = Head(), 0
    for place, entry in enumerate(entries, 1):
        if entry is None:
            problems.append(f"entry {place} is no entry of this log")
            head, number = Head(head.count + 1, ""), number + 1
        else:
            if entry["hash"] != _hash(entry):
                problems.append(f"entry {place} was changed")
            if entry["previous"] != head.hash and head.hash:
                problems.append(f"entry {place} does not follow on the one before it")
            elif entry["seq"] != number:
                problems.append(f"entry {place} has the wrong number")
            head, number = Head(head.count + 1, entry["hash"]), entry["seq"] + 1
        problems += [
            f"entry {place} is not the one that the {name} names"
            for name, noted in wanted.pop(place, ())
            if noted.hash != head.hash
        ]
    problems += [
        f"the {name} names no entry, and not the beginning of a log"
        for name, noted in wanted.pop(0, ())
        if noted != Head()
    ]
    for count, missing in sorted(wanted.items()):
        problems += [
            f"the log has {head.count} entries; the {name} names {count}" for name, _ in missing
        ]
    return Report(head, tuple(problems[:_MOST_PROBLEMS]))


def _hash(entry: dict[str, Any]) -> str:
    fields = {name: entry[name] for name in _FIELDS}
    return hashlib.sha256(_DOMAIN + _json(fields)).hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


# --- the file -----------------------------------------------------------------------------


class AuditLog:
    """An audit log in a file of JSON lines, its head record in `<file>.head` beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.head_path = path.with_name(path.name + ".head")

    def append(self, who: str, action: str, what: str, note: str = "") -> Head:
        """Add an entry and put it on the disk; returns the new head. Do it before the read that
        it records. Blocks for some milliseconds: in a coroutine, use `asyncio.to_thread`.

        An unfinished line that a killed writer left is removed: its read never took place.
        Raises AuditError where the log does not fit its head record, OSError as files do.
        """
        with self._locked() as file:
            head = self._end(file)
            entry, new = next_entry(head, who, action, what, note)
            file.seek(0, os.SEEK_END)
            file.write(_json(entry) + b"\n")
            file.flush()
            os.fsync(file.fileno())
            self._write_head(new, file.tell())
            return new

    def verify(self, head: Head | None = None) -> Report:
        """Check every byte of the log. head: one that was noted before, anywhere else.

        Raises BadInput when there is neither a log nor a head record.
        """
        if not self.path.exists() and not self.head_path.exists():
            raise BadInput(f"there is no audit log {str(self.path)!r}; give the path of its file")
        heads = [("given head", head)] if head is not None else []
        recorded, data = self._read()
        if recorded is not None:
            heads.append(("head record", recorded))
        lines = data.split(b"\n")
        unfinished = lines.pop()
        report = check_chain(map(_read_entry, lines), heads)
        problems = list(report.problems)
        if recorded is None:
            problems.append("the head record is missing or cannot be read")
        elif (extra := report.head.count - recorded.count) > 0:
            problems.append(f"{_count(extra)} after the last one that the head record names")
        if unfinished:
            problems.append("after the last entry stands an unfinished line")
        return Report(report.head, tuple(problems[:_MOST_PROBLEMS]))

    def entries(self) -> list[dict[str, Any]]:
        """All entries that can be read, oldest first; whether they are true, `verify` says."""
        if not self.path.exists():
            return []
        lines = self.path.read_bytes().split(b"\n")[:-1]
        return [entry for entry in map(_read_entry, lines) if entry is not None]

    def _end(self, file: BufferedRandom) -> Head:
        """The head to go on from. The log may be ahead of its record by what a writer wrote
        before it was killed: one whole entry, which counts, and a piece of one, which does not."""
        size = file.seek(0, os.SEEK_END)
        if size == 0 and not self.head_path.exists():
            # Before the first entry too: without it a writer that is killed in the middle of that
            # entry would leave a log that nobody can continue.
            self._write_head(Head(), 0)
        head, end = self._read_head()
        if size < end:
            raise AuditError(f"the audit log {self.path} is shorter than its head record says")
        file.seek(end)
        whole, newline, rest = file.read().rpartition(b"\n")
        if newline:
            entry = _read_entry(whole)
            if entry is None or (entry["seq"], entry["previous"]) != (head.count, head.hash):
                raise AuditError(f"the audit log {self.path} goes on after its head record")
            if entry["hash"] != _hash(entry):
                raise AuditError(f"the last entry of the audit log {self.path} was changed")
            head = Head(head.count + 1, entry["hash"])
        if rest:
            file.truncate(end + len(whole + newline))
        return head

    def _read(self) -> tuple[Head | None, bytes]:
        """The head record (None = it cannot be read) and the log, of one moment. Needs no right
        to write."""
        import fcntl

        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            file = None
        try:
            if file is not None:
                fcntl.flock(file, fcntl.LOCK_SH)
            try:
                head, _ = self._read_head()
            except AuditError:
                head = None
            return head, file.read() if file is not None else b""
        finally:
            if file is not None:
                file.close()

    def _read_head(self) -> tuple[Head, int]:
        """The recorded head and the size of the log in bytes at that time."""
        try:
            text, _, size = self.head_path.read_text("ascii").rstrip("\n").partition(" ")
            if not re.fullmatch(r"[0-9]{1,18}", size):
                raise ValueError
            return Head.parse(text), int(size)
        except (OSError, ValueError):
            raise AuditError(
                f"the head record {self.head_path} is missing or cannot be read; "
                "put log and record back from a copy, or move the log away"
            ) from None

    def _write_head(self, head: Head, size: int) -> None:
        new = self.head_path.with_name(self.head_path.name + ".new")
        with new.open("w", encoding="ascii") as file:
            file.write(f"{head} {size}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.head_path)
        folder = os.open(self.head_path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the new name, too, must outlive a power cut
        finally:
            os.close(folder)

    @contextmanager
    def _locked(self) -> Generator[BufferedRandom]:
        """The open log, this writer's alone. One open file a call, so that the lock holds
        between threads as well as between processes."""
        import fcntl  # not on Windows, where only this log cannot be used

        # Beside a SQLite file its folder exists; the data folder may be new.
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Not "a+": a torn line has to be cut. Only the owner may read who read what.
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _read_entry(line: bytes) -> dict[str, Any] | None:
    """The entry of a line; None when it is not exactly as we would write it."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    entry = cast(dict[str, Any], value)
    if set(entry) != {*_FIELDS, "hash"} or type(entry["seq"]) is not int:
        return None
    if not all(isinstance(entry[name], str) for name in entry if name != "seq"):
        return None
    return entry if _json(entry) == line else None


def _count(entries: int) -> str:
    return "1 entry stands" if entries == 1 else f"{entries} entries stand"
