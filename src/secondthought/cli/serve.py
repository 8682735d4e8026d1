"""`secondthought serve`: the model behind OpenAI's API."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from secondthought.cli.options import EffortOption, ModelOption
from secondthought.cli.verifying import VerifierOption, given
from secondthought.effort import DEFAULT
from secondthought.messages import BadInput
from secondthought.oversight.disclosure import Visibility

if TYPE_CHECKING:
    from secondthought.models.base import Model
    from secondthought.server.settings import Settings

DatabaseOption = Annotated[
    str,
    typer.Option(
        "--db",
        help="A SQLite file, or postgresql://USER@HOST/NAME. "
        "Default: server.db in your data folder.",
    ),
]
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_BETWEEN_COLLECTIONS = 30.0
"""Seconds."""
_PATIENCE = 5
"""Seconds for which the start waits for the model's server."""


def serve_command(
    model: ModelOption = None,
    host: Annotated[
        str, typer.Option(help="Where to listen. Beyond this machine only with API keys.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="0: any that is free.")
    ] = 8080,
    db: DatabaseOption = "",
    name: Annotated[
        list[str] | None, typer.Option(help="What clients may call the model too; repeatable.")
    ] = None,
    effort: EffortOption = DEFAULT.value,
    reasoning: Annotated[
        Visibility | None,
        typer.Option(
            help="Who sees the thought. Default: you, as long as there are no keys; "
            "with keys only those of operators."
        ),
    ] = None,
    summaries: Annotated[
        Literal["template", "written"],
        typer.Option(
            help="Of hidden thoughts, for who sees summaries: template sentences, or written by "
            "the model in a call of its own."
        ),
    ] = "template",
    concurrent: Annotated[int, typer.Option(min=1, help="Answers made at once.")] = 64,
    waiting: Annotated[int, typer.Option(min=0, help="Requests that may wait beyond.")] = 1024,
    keep_days: Annotated[
        float | None,
        typer.Option(min=0, metavar="DAYS", help="How long stored responses and traces stay."),
    ] = 30.0,
    lease: Annotated[
        float,
        typer.Option(
            min=0.5,
            metavar="SECONDS",
            help="Seconds after which a killed server's background responses go on.",
        ),
    ] = 10.0,
    allow_python: Annotated[
        bool,
        typer.Option(
            "--allow-python", help="Run Python tests that operators send, in the sandbox."
        ),
    ] = False,
    verifier: VerifierOption = None,
) -> None:
    """Serve the model behind OpenAI's API. Change a client's base URL, and nothing else."""
    try:
        import uvicorn as _  # noqa: F401

        from secondthought.server.settings import Settings
    except ImportError as error:
        raise BadInput(
            f"the server needs {error.name}; install it with: pip install 'secondthought[server]'"
        ) from None
    settings = Settings(
        db=db,
        names=(*(name or ()), *_aliases(model)),
        reasoning=reasoning,
        concurrent=concurrent,
        waiting=waiting,
        waiting_per_key=max(1, waiting // 4),
        keep_days=keep_days,
        lease=lease,
        loopback=host in _LOOPBACK,
        allow_python=allow_python,
        written_summaries=summaries == "written",
        verifiers=given(None, verifier, sandbox=True),
    )
    try:
        from uvloop import new_event_loop
    except ImportError:  # not on Windows
        new_event_loop = None
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_serve(model, effort, host, port, settings))


def _aliases(model: str | None) -> list[str]:
    """Short names of the shipped model."""
    from secondthought.models import embedded, resolve

    full = embedded.ALIASES.get(model or "", model or resolve.DEFAULT)
    return [alias for alias, name in embedded.ALIASES.items() if name == full]


async def _serve(model: str | None, effort: str, host: str, port: int, settings: Settings) -> None:
    import uvicorn

    from secondthought.reasoner import Reasoner
    from secondthought.server.app import create_app

    keyed = await _check_keys(settings)
    listening = _listen(host, port)
    async with Reasoner(model, effort=effort) as reasoner:
        app = create_app(reasoner, settings)

        class Server(uvicorn.Server):
            def handle_exit(self, sig: int, frame: Any) -> None:
                app.state.service.draining = True
                super().handle_exit(sig, frame)

        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=round(settings.grace),
        )
        # A request makes thousands of objects and hardly a cycle: with the usual thresholds a tenth
        # of a short one's time, or more, went into looking for cycles.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        _say(reasoner.model.name, await _first_name(reasoner.model), listening, keyed)
        cycles = asyncio.create_task(_collect())
        try:
            await Server(config).serve(sockets=[listening])
        finally:
            cycles.cancel()


async def _collect() -> None:
    """Look for cycles once in a while: a request leaves none of ours behind, but SQLAlchemy leaves
    some, which the thresholds alone would let lie for hours, as as many objects go as come."""
    while True:
        await asyncio.sleep(_BETWEEN_COLLECTIONS)
        gc.collect()


async def _check_keys(settings: Settings) -> bool:
    """Whether requests need a key. Raises BadInput where strangers could ask without one."""
    from secondthought.server.keys import all_keys
    from secondthought.server.store import Store

    store = await Store.open(settings.url)
    try:
        keys = await all_keys(store)
    finally:
        await store.close()
    if not settings.loopback and not any(not key.revoked for key in keys.values()):
        raise BadInput(
            "without API keys the server listens on this machine only; "
            "make a key first: secondthought keys create NAME"
        )
    return bool(keys)


def _listen(host: str, port: int) -> socket.socket:
    try:
        address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With its protocol named, asyncio lets it send small packets at once.
        listening = socket.socket(address[0], address[1], socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address[4])
        listening.listen(2048)
        return listening
    except OSError as error:
        raise BadInput(f"cannot listen on {host}:{port}: {error.strerror}; see --port") from None


async def _first_name(model: Model) -> str:
    """A name by which clients can ask for the model, or for the first one of a server's. That a
    server is not there is a line on stderr: it may come later."""
    from secondthought.models.base import ModelError
    from secondthought.models.remote.model import Remote

    if not isinstance(model, Remote):
        return model.name
    try:
        async with asyncio.timeout(_PATIENCE):
            listed = await model.models()
    except (ModelError, TimeoutError) as error:
        why = str(error) or f"{model.name} has not answered for {_PATIENCE} seconds"
        print(f"warning: {why} It is asked again with each request.", file=sys.stderr, flush=True)
        return model.name
    named = "#" in model.name or "://" not in model.name  # else all of the server's are offered
    return model.name if named or not listed else listed[0]


def _say(model: str, name: str, listening: socket.socket, keyed: bool) -> None:
    """What to do with it: a page, a curl line and a Python line."""
    host, port = listening.getsockname()[:2]
    host = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    url = f"http://{host}:{port}"
    body = f'{{"model": "{name}", "messages": [{{"role": "user", "content": "12 * 34?"}}]}}'
    print(f"Serving {model}\n  page    {url}/", flush=True)
    header = ' -H "Authorization: Bearer $KEY"' if keyed else ""
    key = "KEY" if keyed else '"none"'
    print(f"  curl    curl {url}/v1/chat/completions{header} -d '{body}'", flush=True)
    print(f'  Python  OpenAI(base_url="{url}/v1", api_key={key})', flush=True)
    if keyed:
        print("  KEY is one that `secondthought keys create NAME` printed", flush=True)
