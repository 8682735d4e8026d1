"""Training checkpoints: atomic on disk, the last few kept, all state that a resume needs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import Any, cast

import torch

from secondthought.messages import BadInput
from secondthought.train.export import CannotWrite


class Diverged(BadInput):
    """Several updates in a row gave numbers that are not finite."""


_NAME = re.compile(r"^step-(\d+)\.pt$")
_OF_TRL = re.compile(r"^checkpoint-\d+$")


def save(folder: Path, step: int, state: dict[str, Any], keep: int = 2) -> Path:
    """Write `step-N.pt` so that a kill at any moment leaves the old or the new one whole.

    Raises CannotWrite when the disk is full. Only the last `keep` files stay.
    """
    path = folder / f"step-{step:07d}.pt"
    part = path.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except (OSError, RuntimeError) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise CannotWrite(
            f"cannot write the checkpoint {path}: {error}; free some space and run it again"
        ) from error
    for old in found(folder)[:-keep]:
        old.unlink(missing_ok=True)
    return path


def finite(record: Mapping[str, Any]) -> dict[str, Any]:
    """A log's record as JSON can hold it, which has no word for what is not finite: None there."""
    return {k: None if isinstance(v, float) and not isfinite(v) else v for k, v in record.items()}


def forget(path: Path, step: int) -> None:
    """Leave out the lines of a log that come after this step, and a torn last one. Raises
    CannotWrite."""
    if not path.is_file():
        return
    kept: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        try:
            if json.loads(line)["step"] <= step:
                kept.append(line + "\n")
        except (ValueError, KeyError):
            continue
    part = path.with_name(path.name + ".part")
    try:
        part.write_text("".join(kept), "utf-8")
        part.replace(path)
    except OSError as error:
        raise CannotWrite(f"cannot write {path}: {error.strerror or error}") from error


def put_aside(path: Path) -> None:
    """Move away the log of a run that left no checkpoint: what begins now begins its own. Raises
    CannotWrite."""
    try:
        if path.is_file():
            path.replace(path.with_name(path.name + ".old"))
    except OSError as error:
        raise CannotWrite(f"cannot move {path} away: {error.strerror or error}") from error


def refuse_trls(folder: Path) -> None:
    """Raises BadInput for the folder of a run by TRL, which our own trainers cannot go on with."""
    if folder.is_dir() and any(_OF_TRL.match(p.name) for p in folder.iterdir()):
        raise BadInput(f"{folder} holds a run by TRL; name another --out")


def found(folder: Path) -> list[Path]:
    """The checkpoints of a run, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if _NAME.match(p.name))


def latest(folder: Path) -> Path | None:
    files = found(folder)
    return files[-1] if files else None


def load(path: Path) -> dict[str, Any]:
    """Raises BadInput for a file that is no checkpoint of ours."""
    try:
        state: Any = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        first = str(error).strip().split("\n")[0] or type(error).__name__
        older = [p.name for p in found(path.parent) if p.name < path.name]
        way = f"; remove it to go on from {older[-1]}" if older else ""
        raise BadInput(f"{path} is not a readable checkpoint: {first}{way}") from error
    if not isinstance(state, dict) or "recipe" not in state:
        raise BadInput(f"{path} is of another program; name a step-N.pt of a run of ours")
    return cast(dict[str, Any], state)
