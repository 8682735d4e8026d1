"""What to say when the model does not know: what it is for, and where else to turn."""

from __future__ import annotations

from secondthought.models import local_servers
from secondthought.tasks import catalogue


async def hint() -> str:
    """One line. Looks for a model server on this machine and names it; never asks it."""
    tasks = ", ".join(name.replace("_", " ") for name in catalogue.names())
    line = (
        f"The built-in model knows {len(catalogue.names())} kinds of puzzles ({tasks}; examples: "
        "secondthought tasks). To ask a model of your own: -m FOLDER for a checkpoint, "
        "-m http://HOST:PORT/v1#NAME for a server."
    )
    for server in await local_servers.find():
        if server.models:
            return f"{line} One is here: -m {server.url}#{server.models[0]}"
        return f"{line} One is here, at {server.url}, with no model loaded."
    return line
