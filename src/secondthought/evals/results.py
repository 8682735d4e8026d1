"""Result files: JSON lines, one row per answer as it was given, the summary last."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import MISSING, asdict, dataclass, fields, replace
from itertools import count
from pathlib import Path
from typing import IO, Any, Self, cast

from pydantic import TypeAdapter, ValidationError

from secondthought.messages import BadInput


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of one model to one case at one effort.

    seconds: wall time of the answer, with the others that ran beside it. tokens and seconds of
    two-turn cases are those of the second turn; `first` and `first_correct` tell the first one.
    finish_reason: a `trace.StopReason`. error: why there is no answer; such a row counts as
    wrong and is asked again when the run is resumed. item: hash of the question and answer.
    sample: 0, 1, ... where each question is asked several times. vote: the answer as votes count
    it. score, scored_by: what the verifiers that need no answer key say of it, 0 to 1, and of
    which kind they are (sound, learned, steps). feedback: why the scorer says it is wrong.
    retries: requests that were made again. confidence: how likely it is right, by a proof or the
    model; None = not known. min_confidence: what was asked for; below it nothing is answered.
    refused: the model said "I don't know."; gave_up: that was said for it, because all its answers
    were refuted. policy: short hash of all limits that the answer was made under, "" in old files.
    """

    id: str
    task: str
    group: str
    effort: str
    got: str
    want: str
    correct: bool
    reasoning_tokens: int
    completion_tokens: int
    seconds: float
    finish_reason: str
    refused: bool
    in_scope: bool
    weights: str
    seed: int
    temperature: float | None
    item: str
    first: str | None = None
    first_correct: bool | None = None
    error: str | None = None
    model: str = ""
    sample: int = 0
    question: str = ""
    prompt_tokens: int = 0
    retries: int = 0
    vote: str | None = None
    score: float | None = None
    scored_by: str = ""
    feedback: str = ""
    confidence: float | None = None
    min_confidence: float | None = None
    gave_up: bool = False
    policy: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What must agree for a row to stand for an answer of a later run. Where the weights are
        known they are the model, whatever it was called."""
        model = self.weights or self.model
        return (
            *(self.id, self.effort, model, self.seed, self.temperature, self.item),
            self.sample,
            self.min_confidence,
        )


_ROW = TypeAdapter(Row)
_FIELDS = {field.name for field in fields(Row)}
_REQUIRED = {field.name for field in fields(Row) if field.default is MISSING}


def read(path: Path) -> tuple[list[Row], dict[str, Any] | None]:
    """The rows of a result file and its summary, None where the run was not finished.

    A torn last line, as a crash leaves it, is passed over. Raises BadInput for a file that is
    not a result file, so that nobody's questions are overwritten.
    """
    try:
        lines = path.read_text("utf-8", errors="replace").split("\n")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}; check the path") from error
    rows: list[Row] = []
    summary: dict[str, Any] | None = None
    last = max((n for n, line in enumerate(lines) if line.strip()), default=-1)
    for number, line in enumerate(lines[: last + 1]):
        record = _parse(line)
        if record is not None and record.get("summary") is True:
            summary = record
        elif record is not None and (row := _row(record)) is not None:
            rows.append(row)
        elif number < last or not _torn(line):
            raise BadInput(
                f"{path} line {number + 1} is not a result of an evaluation; name another file"
            )
    return rows, summary


def _row(record: dict[str, Any]) -> Row | None:
    """None where fields are missing, unknown, or of another type."""
    if not _REQUIRED <= record.keys() <= _FIELDS:
        return None
    try:
        return _ROW.validate_python(record)
    except ValidationError:
        return None


def _parse(line: str) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return cast(dict[str, Any], record) if isinstance(record, dict) else None


def _torn(line: str) -> bool:
    """Not JSON, but the beginning of one of our lines."""
    heads = ('{"id": ', '{"summary": ')
    return _parse(line) is None and any(line.startswith(h) or h.startswith(line) for h in heads)


class ResultFile:
    """A result file being written; every row is handed to the system as it comes.

    Opening keeps those rows of an earlier file that `wanted` (keys) names and have no error;
    if it holds any others, the earlier file is kept whole as PATH.old, PATH.old2, ... labels:
    fields of a key's row that may have another value now and are no other answer (names of the
    model and the group). policies: the hash of a key's policy; a row of another one is not kept,
    one that names none is. Raises BadInput for a path that cannot be written, and while another
    evaluation writes to it.
    """

    def __init__(
        self,
        path: Path,
        wanted: Iterable[tuple[object, ...]],
        labels: Mapping[tuple[object, ...], Mapping[str, str]] | None = None,
        policies: Mapping[tuple[object, ...], str] | None = None,
    ) -> None:
        self._lock = _lock(path)
        earlier = read(path)[0] if path.exists() else []
        keys = set(wanted)

        def stands(row: Row) -> bool:
            policy = (policies or {}).get(row.key)
            other = bool(policy and row.policy) and policy != row.policy
            return row.key in keys and row.error is None and not other

        kept = {
            row.key: replace(row, **dict[str, Any]((labels or {}).get(row.key, {})))
            for row in earlier
            if stands(row)
        }
        self.kept = list(kept.values())
        fresh = path.with_name(path.name + ".new")
        try:
            fresh.write_text("".join(_line(asdict(row)) for row in self.kept), "utf-8")
            if any(not stands(row) and row.error is None for row in earlier):
                shutil.copyfile(path, _aside(path))  # a copy: killed here, PATH still stands
            os.replace(fresh, path)
            self._file: IO[str] = path.open("a", encoding="utf-8")
        except OSError as error:
            raise BadInput(
                f"{path} cannot be written: {error.strerror}; choose another path"
            ) from error

    def add(self, row: Row) -> None:
        self._file.write(_line(asdict(row)))
        self._file.flush()

    def finish(self, summary: dict[str, Any]) -> None:
        self._file.write(_line(summary))
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        with suppress(OSError):
            os.unlink(self._lock.name)
        self._lock.close()


def _aside(path: Path) -> Path:
    """Where the earlier file is kept: no other one is there."""
    names = (path.with_name(f"{path.name}.old{n if n > 1 else ''}") for n in count(1))
    return next(name for name in names if not name.exists())


def _lock(path: Path) -> IO[str]:
    """A file beside `path` that only one process can hold; it is free again when that one is
    gone, however it went."""
    if not path.name:
        raise BadInput(f"{path} is a folder; name a file")
    try:
        file = path.with_name(f".{path.name}.lock").open("w")
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror}; choose another path"
        ) from error
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        pass  # Windows: two runs at once are the user's to avoid
    except OSError:
        file.close()
        raise BadInput(
            f"another evaluation is writing to {path}; wait for it or name another file"
        ) from None
    return file


def _line(record: dict[str, Any]) -> str:
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # half a character, from a server or a file; it is read back alike
        line = json.dumps(record)
    return line + "\n"
