"""Models of one's own by name: `secondthought models add runs/rl/best --name mine`, then `-m mine`.

A name is a small file in the user's data folder that says where the model's folder is. The folder
stays where it is: what a run writes into it later is what the name means from then on.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from secondthought.messages import BadInput

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.IGNORECASE)
_GENERIC = ("model", "best", "last", "checkpoint")
"""Folder names that say nothing; the folder above them names the model."""


def data_folder() -> Path:
    """Where names are kept: $XDG_DATA_HOME/secondthought/models."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "secondthought" / "models"


def names() -> dict[str, Path]:
    """Added names and their folders; a file that cannot be read is passed over."""
    found: dict[str, Path] = {}
    for path in sorted(data_folder().glob("*.json")):
        try:
            found[path.stem] = Path(json.loads(path.read_text("utf-8"))["folder"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def find(name: str) -> Path | None:
    """The folder of an added name; None for a name that was not added."""
    return names().get(name) if _NAME.fullmatch(name) else None


def name_for(folder: Path) -> str:
    """What a folder is called when nobody says: its own name, or its run's."""
    folder = folder.resolve()
    return folder.parent.name if folder.name in _GENERIC and folder.parent.name else folder.name


def add(folder: Path, name: str) -> None:
    """Give a checkpoint folder a name; the whole file appears at once. The same again is no error.

    Raises BadInput for a name that is none or is taken, and when the file cannot be written.
    Whether the folder is a model is for the caller to find out.
    """
    if not _NAME.fullmatch(name) or name.endswith(".py"):
        raise BadInput(
            f"{name!r} cannot name a model; use up to 64 letters, digits and . _ - (--name NAME)"
        )
    folder = folder.resolve()
    earlier = find(name)
    if earlier is not None and earlier != folder:
        raise BadInput(
            f"{name} already names {earlier}; first: secondthought models remove {name}, "
            "or choose another --name"
        )
    path = data_folder() / f"{name}.json"
    part = path.with_name(f".{name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"folder": str(folder)}) + "\n", "utf-8")
        os.replace(part, path)
    except OSError as error:
        raise BadInput(f"cannot write {path}: {error.strerror or error}") from error


def remove(name: str) -> Path:
    """Take a name away; the model's folder, which stays. Raises BadInput for a name never added."""
    folder = find(name)
    if folder is None:
        known = ", ".join(names()) or "none"
        raise BadInput(f"no model was added as {name!r}; added are: {known}")
    try:
        (data_folder() / f"{name}.json").unlink()
    except OSError as error:
        raise BadInput(f"cannot remove {name}: {error.strerror or error}") from error
    return folder
