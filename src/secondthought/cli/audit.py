"""`secondthought audit`: the log of who read hidden thoughts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from secondthought.cli.errors import FAILED
from secondthought.messages import BadInput

app = typer.Typer(help="Verify the log of who read hidden thoughts.", add_completion=False)


@app.callback()
def _root() -> None: ...  # pyright: ignore[reportUnusedFunction]


@app.command("verify")
def verify_command(
    log: Annotated[Path, typer.Argument(help="The log file; its head record stands beside it.")],
    head: Annotated[
        str | None,
        typer.Option(help="COUNT:HASH that an earlier verify printed, kept somewhere else."),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check that no entry was changed, removed, added, moved or cut off.

    Note the head that is printed in another place: with --head, a log that was rewritten as a
    whole, head record and all, is found too. Exit code 1 when something was touched.
    """
    from secondthought.oversight.audit import AuditLog, Head

    noted = Head.parse(head) if head is not None else None
    try:
        report = AuditLog(log).verify(noted)
    except OSError as error:
        raise BadInput(f"{log} cannot be read: {error.strerror or error}") from None
    if json_:
        row = {"intact": report.intact, "entries": report.head.count, "head": str(report.head)}
        print(json.dumps(row | {"problems": report.problems}))
    elif report.intact:
        print(f"intact: {report.head.count:,} entries; head {report.head}")
    else:
        for problem in report.problems:
            print(problem)
    if not report.intact:
        raise typer.Exit(FAILED)
