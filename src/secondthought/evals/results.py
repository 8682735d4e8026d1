"""Result files: JSON lines, one row per case and effort as it was done, the summary last."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any, Self, cast

from secondthought.messages import BadInput


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one case at one effort.

    seconds: wall time of the answer, with the others that ran beside it. tokens and seconds of
    two-turn cases are those of the second turn; `first` and `first_correct` tell the first one.
    finish_reason: a `trace.StopReason`. error: why there is no answer; such a row counts as
    wrong and is asked again when the run is resumed. item: hash of the question and answer.
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

    @property
    def key(self) -> tuple[object, ...]:
        """What must agree for a row to stand for a case of a later run."""
        return (self.id, self.effort, self.weights, self.seed, self.temperature, self.item)


_FIELDS = {field.name for field in fields(Row)}


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
        elif record is not None and record.keys() == _FIELDS:
            rows.append(Row(**record))
        elif number < last or not _torn(line):
            raise BadInput(
                f"{path} line {number + 1} is not a result of an evaluation; name another file"
            )
    return rows, summary


def _parse(line: str) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return cast(dict[str, Any], record) if isinstance(record, dict) else None


def _torn(line: str) -> bool:
    """Not JSON, but the beginning of one of our lines."""
    heads = ('{"id": ', '{"summary": ')
    return _parse(line) is None and any(line.startswith(h) or h.startswith(line) for h in heads)


class ResultFile:
    """A result file being written; every row is handed to the system as it comes.

    Opening keeps those rows of an earlier file that `wanted` (keys) names and have no error;
    if it holds any others, the earlier file is kept whole as PATH.old.
    """

    def __init__(self, path: Path, wanted: Iterable[tuple[object, ...]]) -> None:
        earlier = read(path)[0] if path.exists() else []
        keys = set(wanted)
        kept = {row.key: row for row in earlier if row.key in keys and row.error is None}
        self.kept = list(kept.values())
        fresh = path.with_name(path.name + ".new")
        try:
            fresh.write_text("".join(_line(asdict(row)) for row in self.kept), "utf-8")
            if any(row.key not in kept and row.error is None for row in earlier):
                os.replace(path, path.with_name(path.name + ".old"))
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


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"
