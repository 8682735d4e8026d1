"""`secondthought keys`: API keys of the server."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Annotated, Any, Literal

import typer

from secondthought.cli.serve import DatabaseOption
from secondthought.messages import BadInput
from secondthought.oversight.disclosure import Visibility

app = typer.Typer(add_completion=False, no_args_is_help=True, help="API keys of the server.")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is, for you to read.")],
    scope: Annotated[
        Literal["user", "operator"],
        typer.Option(help="Operators see thoughts, traces and metrics."),
    ] = "user",
    reasoning: Annotated[
        Visibility | None, typer.Option(help="What this key sees of the thought.")
    ] = None,
    db: DatabaseOption = "",
) -> None:
    """Make a key. It is shown once; only its hash is kept."""
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise BadInput("a key's name is 1 to 100 printable characters")

    async def make(keys: Any, store: Any) -> str:
        return await keys.create(store, name, scope, reasoning)

    print(asyncio.run(_with_store(db, make)))


@app.command("list")
def list_(
    db: DatabaseOption = "",
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """List the keys; the keys themselves are not kept."""

    async def read(keys: Any, store: Any) -> list[Any]:
        return list((await keys.all_keys(store)).values())

    found = asyncio.run(_with_store(db, read))
    if json_:
        fields = ("id", "name", "scope", "reasoning", "revoked")
        print(json.dumps([{field: getattr(key, field) for field in fields} for key in found]))
        return
    for key in found:
        made = time.strftime("%Y-%m-%d", time.localtime(key.created_at))
        state = "revoked" if key.revoked else key.scope
        print(f"{key.id}  {state:8}  {made}  {key.reasoning or '-':7}  {key.name}")


@app.command()
def revoke(
    id: Annotated[str, typer.Argument(help="The key's id, as `keys list` shows it.")],
    db: DatabaseOption = "",
) -> None:
    """Revoke a key. Running servers refuse it within two seconds."""

    async def end(keys: Any, store: Any) -> bool:
        return await store.revoke_key(id)

    if not asyncio.run(_with_store(db, end)):
        raise BadInput(f"there is no key {id!r} to revoke; see secondthought keys list")


async def _with_store(db: str, work: Any) -> Any:
    try:
        from secondthought.server import keys
        from secondthought.server.settings import Settings
        from secondthought.server.store import Store
    except ImportError as error:
        raise BadInput(
            f"keys need {error.name}; install it with: pip install 'secondthought[server]'"
        ) from None
    store = await Store.open(Settings(db=db).url)
    try:
        return await work(keys, store)
    finally:
        await store.close()
