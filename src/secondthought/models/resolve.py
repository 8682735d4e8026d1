"""From what the asker typed after `-m` to a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from secondthought.messages import BadInput

if TYPE_CHECKING:
    from secondthought.models.base import Model

DEFAULT = "secondthought-5m"


def open_model(name: str | None = None) -> Model:
    """Open a model: None = the shipped one; a shipped name or alias; the path of a checkpoint
    folder; or `script:FILE.json`. Raises BadInput for anything else."""
    name = DEFAULT if name is None else name.strip()
    if name.startswith("script:"):
        from secondthought.models.scripted import Scripted

        return Scripted.load(Path(name.removeprefix("script:")))
    if "://" in name:
        raise BadInput(
            f"model {name!r}: this version cannot ask servers; name a shipped model, a checkpoint "
            "folder, or script:FILE.json"
        )
    from secondthought.models import embedded

    folder = embedded.find(name)
    shipped = folder.parent == embedded.SHIPPED
    return embedded.Embedded.load(folder, name=folder.name if shipped else name)
