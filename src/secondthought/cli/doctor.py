"""`secondthought doctor`: what a model server can do, and where it breaks."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from secondthought.cli.errors import FAILED

if TYPE_CHECKING:
    from secondthought.doctor import Report

_MARKS = {"yes": "[green]yes[/]", "no": "[yellow]no[/]", "broken": "[red]broken[/]", "unknown": "?"}


def doctor_command(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL[#MODEL]", help="http://HOST:PORT/v1, with #NAME if it has several models."
        ),
    ],
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Ask a model server some ten short questions: does it think, and where; does it hold a
    budget; what happens when the thought eats the limit; tools, usage, stop strings. Leaves with
    1 where it breaks the contract of reasoning."""
    report = asyncio.run(_examine(url))
    if json_:
        print(json.dumps(asdict(report) | {"healthy": report.healthy}, ensure_ascii=False))
    else:
        _show(report)
    if not report.healthy:
        raise typer.Exit(FAILED)


async def _examine(url: str) -> Report:
    from secondthought.doctor import examine
    from secondthought.models.remote.model import Remote

    model = Remote(url)
    try:
        return await examine(model)
    finally:
        await model.close()


def _show(report: Report) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from secondthought.cli.text import safe

    console = Console(highlight=False)
    console.print(
        f"{report.model} at {report.url} ({report.dialect})", markup=False, soft_wrap=True
    )
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in report.findings:
        table.add_row(finding.name, _MARKS[finding.status], escape(safe(finding.said)))
    console.print(table)
    broken = sum(finding.status == "broken" for finding in report.findings)
    verdict = f"{broken} broken" if broken else "keeps the contract of reasoning"
    console.print(f"{verdict}; {report.requests} requests, {report.tokens} tokens")
