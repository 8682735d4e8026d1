"""`secondthought train intervene`: is the thought load-bearing?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from secondthought.messages import BadInput


def intervene_command(
    what: Annotated[
        str, typer.Argument(metavar="TASKS_OR_SUITE", help="As of eval: gcd,products or default.")
    ] = "default",
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Checkpoint folder or name.")
    ] = None,
    limit: Annotated[int, typer.Option(help="Questions a task.", min=1)] = 100,
    level: Annotated[int | None, typer.Option(help="Default: each task's own.")] = None,
    seed: Annotated[int, typer.Option(help="First item, 0 to 999999.", min=0)] = 0,
    max_thought: Annotated[int, typer.Option(help="Tokens of a thought.", min=2)] = 1000,
    threads: Annotated[int, typer.Option(help="Of the CPU.", min=1)] = 2,
    rows: Annotated[
        Path | None, typer.Option("--json", help="A row a thought; the same command goes on.")
    ] = None,
) -> None:
    """Change one step of a model's own thoughts and see whether its answers follow."""
    from secondthought.evals import intervention, suites
    from secondthought.models import embedded, resolve
    from secondthought.models.engine.engine import Engine

    cases = suites.resolve(what, level=level, limit=limit, seed=seed)
    engine = Engine.load(embedded.find(model or resolve.DEFAULT), threads=threads)
    errors, found, done = Console(stderr=True), list[Any](), 0
    try:
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=errors,
        ) as progress:
            bar = progress.add_task("thinking", total=len(cases))
            for found, done in intervention.run(engine, cases, rows, max_thought=max_thought):
                progress.update(
                    bar, completed=done, description=f"{len(found)} thoughts changed, questions"
                )
    except KeyboardInterrupt:
        errors.print("Stopped; with --json the same command goes on.", highlight=False)
        raise typer.Exit(130) from None
    finally:
        engine.close()
    if not found:
        raise BadInput("no thought ended by itself with a step to change; ask more (--limit)")
    summary = intervention.summarise(found)
    if rows is not None:
        figures = rows.with_name(rows.name + ".summary.json")
        head = {"suite": what, "weights": engine.weights_hash, "asked": done, "seed": seed}
        figures.write_text(json.dumps({**head, **summary}, indent=1) + "\n", "utf-8")
    console = Console()
    console.width = max(console.width, 130)
    for part in ("kind", "task"):
        console.print(_table(part, {**summary[part], **summary["all"]}))
    unchanged = done - len(found)
    console.print(f"{unchanged} of {done} thoughts had no end or no step to change.")


def _table(part: str, figures: dict[str, dict[str, Any]]) -> Table:
    from secondthought.evals.intervention import OUTCOMES

    table = Table(part, "n", *OUTCOMES, "consistent*", "right before", "after", box=None)
    for name, row in figures.items():
        shares = [row[outcome] for outcome in OUTCOMES]
        table.add_row(
            name,
            str(row["n"]),
            *(f"{v:.0%} ({a:.0%}-{b:.0%})" for v, a, b in shares),
            f"{row['consistent, of followed'][0]:.0%}",
            f"{row['right before'][0]:.0%}",
            f"{row['right after'][0]:.0%}",
        )
    table.caption = "95 % intervals. * of those that followed: no further false step"
    return table
