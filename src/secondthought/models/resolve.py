"""From what the asker typed after `-m` to a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secondthought.models.base import Model

DEFAULT = "secondthought-5m"


def open_model(name: str | None = None) -> Model:
    """Open a model: None = the shipped one; a shipped name or alias; the path of a checkpoint
    folder; a server, `http://HOST:PORT/v1#NAME` or `ollama/NAME`; or `script:FILE.json`. Nothing
    is asked of a server yet. Raises BadInput for anything else."""
    name = DEFAULT if name is None else name.strip()
    if name.startswith("script:"):
        from secondthought.models.scripted import Scripted

        return Scripted.load(Path(name.removeprefix("script:")))
    if "://" in name or name.startswith("ollama/"):
        from secondthought.models.remote.model import Remote

        return Remote(name)
    from secondthought.models import embedded

    folder = embedded.find(name)
    shipped = folder.parent == embedded.SHIPPED
    return embedded.Embedded.load(folder, name=folder.name if shipped else name)
