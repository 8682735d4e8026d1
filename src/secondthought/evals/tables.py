"""Records of a data set, from the kinds of files in which data sets are published."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from secondthought import hub
from secondthought.messages import BadInput

Record = dict[str, Any]
SUFFIXES = (".jsonl", ".json", ".csv", ".parquet")

csv.field_size_limit(1 << 24)


def read(path: Path, columns: list[str] | None = None) -> list[Record]:
    """The records of a file, or of all files of a folder, by name: JSON lines, a JSON list, CSV,
    Parquet; each also as .gz but the last.

    columns: of CSV files that have no header line. Each record has its file's name, without the
    suffix, under "file". Raises BadInput naming the file, and the line where there is one.
    """
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if _suffix(p) in SUFFIXES)
        if not found:
            raise BadInput(f"{path} holds no .jsonl, .json, .csv or .parquet file")
        return [record for file in found for record in read(file, columns)]
    suffix = _suffix(path)
    if suffix == ".parquet":
        return _named(_parquet(path), path)
    if suffix not in SUFFIXES:
        raise BadInput(f"{path} is no .jsonl, .json, .csv or .parquet file")
    text = _text(path)
    if suffix == ".csv":
        # Lines end where CSV says so: `splitlines` also breaks at form feeds and U+2028.
        rows = csv.DictReader(io.StringIO(text, newline=""), fieldnames=columns, strict=True)
        try:
            return _named([cast(Record, row) for row in rows], path)
        except csv.Error as error:
            raise BadInput(f"{path} line {rows.line_num}: not CSV ({error})") from None
    return _named(list(_json(text, path)), path)


def from_hub(name: str, config: str | None, split: str) -> list[Record]:
    """The records of a data set of the Hugging Face hub, by the `datasets` library. Raises
    BadInput where that is not installed or cannot load it."""
    if find_spec("datasets") is None:
        raise BadInput(
            f"give the file with --data FILE, or pip install datasets to load {name} from the hub"
        )
    hub.offline_unless_reached()
    library: Any = import_module("datasets")
    try:
        return [dict(record) for record in library.load_dataset(name, config, split=split)]
    except Exception as error:  # the library's own kinds are many, and all are about the data
        raise BadInput(f"{name} cannot be loaded: {_line(error)}; or give --data FILE") from None


def _named(records: list[Record], path: Path) -> list[Record]:
    name = path.name.partition(".")[0]
    return [{**record, "file": name} for record in records]


def _suffix(path: Path) -> str:
    suffixes = [s for s in path.suffixes if s != ".gz"]
    return suffixes[-1].lower() if suffixes else ""


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (OSError, EOFError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{path} cannot be read: {why}; check the path") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text; save it as UTF-8") from None


def _json(text: str, path: Path) -> Iterator[Record]:
    """A list of objects, or one object a line."""
    if text.lstrip().startswith("["):
        parts: list[tuple[str, Any]] = [
            (f"{path} item {n}", item) for n, item in enumerate(_load(text, str(path)), 1)
        ]
    else:
        parts = [
            (where := f"{path} line {n}", _load(line, where))
            for n, line in enumerate(text.split("\n"), 1)
            if line.strip()
        ]
    for where, record in parts:
        if not isinstance(record, Mapping):
            raise BadInput(f"{where}: not an object")
        yield dict(cast(Mapping[str, Any], record))


def _load(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{where}: not JSON ({error})") from None


def _parquet(path: Path) -> list[Record]:
    if not path.is_file():
        raise BadInput(f"{path} cannot be read: no such file; check the path")
    if find_spec("pyarrow") is None:
        raise BadInput(f"{path} needs pyarrow: pip install pyarrow, or save it as .jsonl or .csv")
    parquet: Any = import_module("pyarrow.parquet")
    try:
        return parquet.read_table(path).to_pylist()
    except Exception as error:  # pyarrow's own kinds
        raise BadInput(f"{path} is no Parquet file: {_line(error)}") from None


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
