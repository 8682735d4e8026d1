"""`secondthought models`: what can be named after -m, and which servers answer here; names for
models of one's own."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from secondthought.messages import BadInput
from secondthought.models.local_servers import Server
from secondthought.models.local_servers import find as find_servers


class _ListUnlessSaid(typer.core.TyperGroup):
    """`models`, `models runs` and `models --json` list; `add` and `remove` are commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, "--help"):
            args = ["list", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_ListUnlessSaid,
    add_completion=False,
    help="List the models on this machine; name models of your own.",
)


@dataclass(frozen=True, slots=True)
class Found:
    """A checkpoint. size: bytes of its weights; hash: first 12 hex digits of their SHA-256.
    aliases: other names of it."""

    name: str
    kind: str
    folder: str
    size: int
    hash: str
    aliases: tuple[str, ...] = ()


@app.command("list")
def list_command(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Where to look for your checkpoints; default: runs."),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the shipped models, checkpoints of your own, and model servers on this machine."""
    if folder is not None and not folder.is_dir():
        raise BadInput(
            f"there is no folder {str(folder)!r}; name one that holds checkpoints, "
            "or a command: list, add or remove"
        )
    found = [*_shipped(), *_added(), *_own(folder or Path("runs"))]
    servers = asyncio.run(find_servers())
    if json_:
        shown = {"models": [asdict(m) for m in found], "servers": [asdict(s) for s in servers]}
        print(json.dumps(shown, ensure_ascii=False))
    else:
        _show(found, servers)


@app.command("add")
def add_command(
    folder: Annotated[Path, typer.Argument(help="A checkpoint folder, as RUN/best.")],
    name: Annotated[
        str | None, typer.Option(help="Default: the folder's name, or its run's.")
    ] = None,
) -> None:
    """Give a trained model a name for -m, in every command and the server. It stays where it is."""
    from secondthought.models import added, embedded
    from secondthought.models.engine.engine import Engine

    chosen = name or added.name_for(folder)
    if chosen in (*embedded.names(), *embedded.ALIASES):
        raise BadInput(f"{chosen} is a shipped model; choose another --name")
    Engine.load(folder, threads=1).close()  # a folder that does not load is no model
    added.add(folder, chosen)
    print(chosen)


@app.command("remove")
def remove_command(name: Annotated[str, typer.Argument(help="A name that was added.")]) -> None:
    """Take a name away. The model's folder stays."""
    from secondthought.models import added

    print(f"{name} no more names {added.remove(name)}, which stays")


def _shipped() -> Iterator[Found]:
    from secondthought.models import embedded

    for name in embedded.names():
        aliases = tuple(alias for alias, full in embedded.ALIASES.items() if full == name)
        yield replace(_found(name, "shipped", embedded.SHIPPED / name), aliases=aliases)


def _added() -> Iterator[Found]:
    from secondthought.models import added

    for name, folder in added.names().items():
        yield _found(name, "added", folder)


def _own(folder: Path) -> Iterator[Found]:
    for weights in sorted(folder.glob("**/model.safetensors")):
        if (weights.parent / "config.json").is_file():
            yield _found(str(weights.parent), "own", weights.parent)


def _found(name: str, kind: str, folder: Path) -> Found:
    weights = folder / "model.safetensors"
    if not weights.is_file():
        return Found(name, kind, str(folder), 0, "")
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Found(name, kind, str(folder), weights.stat().st_size, digest[:12])


def _show(found: list[Found], servers: list[Server]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if found:
        if not console.is_terminal:
            console.width = 10_000  # a reader of a pipe wants each model in one line
        table = Table(box=None, pad_edge=False)
        for head in ("model", ""):
            table.add_column(head, overflow="fold")  # folders are there to be copied whole
        for head in ("size", "weights hash"):
            table.add_column(head, no_wrap=True)
        for model in found:
            kind = f"added: {model.folder}" if model.kind == "added" else model.kind
            size = f"{model.size / 1e6:.1f} MB" if model.hash else "missing"
            also = f" ({', '.join(model.aliases)})" if model.aliases else ""
            table.add_row(model.name + also, kind, size, model.hash)
        console.print(table)
    else:
        console.print("No models: no weights are installed, and none were found here.")
    for server in servers:
        names = ", ".join(server.models) or "no model loaded"
        console.print(
            f"A server answers at {server.url} (usually {server.usual}): {names}", soft_wrap=True
        )
