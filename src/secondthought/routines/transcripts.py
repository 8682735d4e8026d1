"""Transcripts: OpenAI messages, and tau-bench trajectories, which hold them under `traj`.

[{"role": "user", "content": "..."}, {"role": "assistant", "tool_calls": [...]}, ...]
{"task_id": 0, "traj": [...]}
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from secondthought.messages import BadInput


@dataclass(frozen=True, slots=True)
class ToolUse:
    """arguments: parsed; the text itself where it is no JSON. result: parsed where it is JSON."""

    name: str
    arguments: Any
    result: Any = None


@dataclass(frozen=True, slots=True)
class Turn:
    """number: index of the message in the file."""

    number: int
    role: str
    text: str
    calls: tuple[ToolUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    name: str
    turns: tuple[Turn, ...]


def load_transcripts(path: str | Path) -> list[Transcript]:
    """From a .json or .jsonl file, also gzipped; one conversation or a list. Raises BadInput."""
    path = Path(path)
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except FileNotFoundError:
        raise BadInput(f"there is no transcript {str(path)!r}; give a JSON file") from None
    except (OSError, ValueError, EOFError) as error:
        raise BadInput(f"transcript {path} cannot be read: {error}") from None
    try:
        if ".jsonl" in path.name:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"transcript {path} is not JSON: {error}") from None
    return list(_transcripts(rows, path.name))


def _transcripts(rows: Any, name: str) -> Iterator[Transcript]:
    if isinstance(rows, dict):
        rows = [rows]
    if not isinstance(rows, list):
        raise BadInput(f"transcript {name} must be a list of messages, or of conversations")
    listed = cast(list[Any], rows)
    if listed and isinstance(listed[0], dict) and "role" in listed[0]:
        yield read_messages(listed, name)
        return
    for number, raw in enumerate(listed):
        row = cast(dict[str, Any], raw) if isinstance(raw, dict) else {}
        messages: Any = row.get("traj", row.get("messages", raw))
        if not isinstance(messages, list):
            raise BadInput(f"transcript {name}, entry {number}: there is no list of messages")
        label = (
            f"{row['task_id']}/{row.get('trial', 0)}" if "task_id" in row else f"{name}:{number}"
        )
        yield read_messages(cast(list[Any], messages), label)


def read_messages(messages: list[Any], name: str) -> Transcript:
    """OpenAI messages as turns; results stand with their calls. Raises BadInput."""
    rows: list[Mapping[str, Any]] = []
    for number, message in enumerate(messages):
        if not isinstance(message, dict) or not isinstance(cast(Any, message).get("role"), str):
            raise BadInput(f"transcript {name}, message {number}: there is no role")
        rows.append(cast(dict[str, Any], message))
    turns: list[Turn] = []
    for number, row in enumerate(rows):
        if row["role"] == "tool":
            continue
        calls = tuple(_calls(rows, number, name))
        turns.append(Turn(number, row["role"], _text(row.get("content")), calls))
    return Transcript(name, tuple(turns))


def _calls(rows: list[Mapping[str, Any]], number: int, name: str) -> Iterator[ToolUse]:
    results = _results(rows, number)
    raws: Any = rows[number].get("tool_calls") or []
    if not isinstance(raws, list):
        raise BadInput(f"transcript {name}, message {number}: tool_calls is no list")
    for position, raw in enumerate(cast(list[Any], raws)):
        call = cast(dict[str, Any], raw) if isinstance(raw, dict) else {}
        inner: Any = call.get("function", call)
        function = cast(dict[str, Any], inner) if isinstance(inner, dict) else {}
        if not isinstance(function.get("name"), str):
            raise BadInput(f"transcript {name}, message {number}: a tool call without a name")
        arguments: Any = function.get("arguments", {})
        if isinstance(arguments, str):
            arguments = _json(arguments or "{}")
        # An id may come twice in real files; then the order decides.
        result = results[position][1] if position < len(results) else None
        by_id = [text for id_, text in results if id_ == call.get("id")]
        yield ToolUse(function["name"], arguments, _json(by_id[0] if len(by_id) == 1 else result))


def _results(rows: list[Mapping[str, Any]], number: int) -> list[tuple[Any, str]]:
    found: list[tuple[Any, str]] = []
    for row in rows[number + 1 :]:
        if row["role"] != "tool":
            break
        found.append((row.get("tool_call_id"), _text(row.get("content"))))
    return found


def _text(content: Any) -> str:
    if isinstance(content, list):
        parts = cast(list[Any], content)
        return "".join(str(cast(Any, p).get("text", "")) for p in parts if isinstance(p, dict))
    return content if isinstance(content, str) else ""


def _json(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
