"""`secondthought train`: cold-start, inspect, plot; the rest stands in `train_rl`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from secondthought.cli import train_demo, train_intervene, train_rl, train_score, train_trl
from secondthought.cli.interrupt import ends_after_step
from secondthought.messages import BadInput

app = typer.Typer(help="Teach models to reason.", no_args_is_help=True, add_completion=False)
console = Console()
errors = Console(stderr=True)


def _need_extra() -> None:
    try:
        import torch  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError as error:
        raise BadInput(
            "training needs PyTorch; install it with: pip install 'secondthought[train]'"
        ) from error


@app.command("cold-start")
def cold_start(
    out: Annotated[Path, typer.Option(help="Folder of the run; an earlier run there goes on.")],
    size: Annotated[str, typer.Option(help="1m, 5m or 12m parameters.")] = "5m",
    tasks: Annotated[
        str, typer.Option(help="Task names, comma-separated; all 13 by default.")
    ] = "",
    tokens: Annotated[int, typer.Option(help="Length of the constant phase.", min=1)] = 160_000_000,
    decay: Annotated[
        int, typer.Option(help="Tokens of a decay branch; needs --source.", min=0)
    ] = 0,
    source: Annotated[
        Path | None, typer.Option(help="Checkpoint step-N.pt, run folder or model to begin from.")
    ] = None,
    answer_only: Annotated[
        bool, typer.Option("--answer-only", help="The twin without thoughts.")
    ] = False,
    traces: Annotated[
        Path | None,
        typer.Option(
            help="traces.jsonl of train rejection, mixed in.", exists=True, dir_okay=False
        ),
    ] = None,
    wrong_answers: Annotated[
        Path | None,
        typer.Option(help="wrong.jsonl of train rejection.", exists=True, dir_okay=False),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    seed: Annotated[int, typer.Option(min=0, help="Of the first weights.")] = 0,
    compile: Annotated[bool, typer.Option(help="Compile the step: a quarter faster.")] = True,
    probe_minutes: Annotated[float, typer.Option(help="Minutes between accuracy probes.")] = 10.0,
) -> None:
    """Train a reasoning model from nothing on worked traces. Ctrl-C ends it after the step under
    way and saves; the same command goes on."""
    _need_extra()
    from secondthought.tasks import catalogue
    from secondthought.train import checkpoint
    from secondthought.train.cold_start import Recipe, start

    names = tuple(t.strip() for t in tasks.split(",") if t.strip()) or catalogue.names()
    for name in names:
        catalogue.task(name)
    if answer_only and traces:
        raise BadInput("--traces are thoughts, and the twin has none; leave one of the two out")
    if decay and source is None:
        raise BadInput("--decay branches from a run; name it with --source RUN_FOLDER")
    if source is not None and source.is_dir() and not (source / "config.json").is_file():
        newest = checkpoint.latest(source)
        if newest is None:
            raise BadInput(f"no checkpoint in {source}; name a run's --out folder or a step-N.pt")
        source = newest
    recipe = replace(
        Recipe(size=size, tasks=names, tokens=tokens, seed=seed, answer_only=answer_only),
        decay_tokens=decay,
        traces=str(traces) if traces else None,
        wrong_answers=str(wrong_answers) if wrong_answers else None,
        probe_seconds=60 * probe_minutes,
    )
    run = start(out, recipe, source=source, device=device, compile=compile)
    ends_after_step(run)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.1f} %"),
        TimeElapsedColumn(),
        console=errors,
    ) as progress:
        bar = progress.add_task("starting (the first steps compile)", total=run.end)
        for record in run.events():
            if "loss" in record:
                minutes = record["eta_seconds"] / 60
                progress.update(
                    bar,
                    total=run.end,
                    completed=record["tokens"],
                    description=f"step {record['step']}  loss {record['loss']:.3f}  "
                    f"{record['tokens_per_second']:,.0f} tokens/s  {minutes:.0f} min left",
                )
            elif "accuracy" in record:
                shares = "  ".join(f"{k} {v:.2f}" for k, v in record["accuracy"].items())
                errors.print(f"step {record['step']}: {shares}")
    if run.stop:
        errors.print(f"saved at step {run.step}; the same command goes on from there")
        raise typer.Exit(130)
    run.probe()
    folder = run.export()
    typer.echo(f"model: {folder}")


@app.command("inspect")
def inspect(
    task: Annotated[str, typer.Argument(help="Task name or ./mine.py:MyTask")],
    level: Annotated[int | None, typer.Option(help="Default: the task's default level.")] = None,
    n: Annotated[int, typer.Option("-n", help="Samples to print.", min=0)] = 2,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="A shipped or added model, or its folder: its errors."),
    ] = None,
) -> None:
    """Sample traces, their lengths by level, and a model's errors by kind of step."""
    from secondthought.tasks import catalogue
    from secondthought.train.inspect import demonstrations, lengths, step_errors

    chosen = catalogue.task(task)
    shown = chosen.default_level if level is None else level
    if shown not in chosen.levels:
        raise BadInput(f"{task} has levels {chosen.levels[0]} to {chosen.levels[-1]}, not {shown}")
    for item, demonstration in demonstrations(chosen, shown, n):
        console.print(item.question, style="bold", highlight=False, markup=False)
        console.print(demonstration.thought, style="dim", highlight=False, markup=False)
        console.print(f"{demonstration.answer}\n", highlight=False, markup=False)
    table = Table("level", "median", "p95", "longest", title="characters of a thought")
    for one in chosen.levels:
        row = lengths(chosen, one)
        mark = " (default)" if one == chosen.default_level else ""
        table.add_row(f"{one}{mark}", f"{row.median:.0f}", str(row.p95), str(row.longest))
    console.print(table)
    if model is not None:
        _need_extra()
        from secondthought.models import embedded

        with errors.status("200 problems are being answered", spinner="line"):
            found = step_errors(embedded.find(model), task, level=shown)
        table = Table("kind of step", "written", "wrong", "first wrong step of a failure")
        for kind in found:
            table.add_row(kind.kind, str(kind.written), str(kind.wrong), str(kind.fatal))
        console.print(table)


@app.command("plot")
def plot_run(run: Annotated[Path, typer.Argument(help="The --out folder of a run.")]) -> None:
    """Draw loss and accuracy per task to RUN/training.png."""
    from secondthought.train.plot import plot

    typer.echo(str(plot(run)))


for _name, _command in (
    ("rl", train_rl.rl_command),
    ("rejection", train_rl.rejection_command),
    ("report", train_rl.report_command),
    ("export", train_rl.export_command),
    ("adversaries", train_rl.adversaries_command),
    ("sft", train_trl.sft_command),
    ("demo", train_demo.demo_command),
    ("intervene", train_intervene.intervene_command),
    ("score", train_score.score_command),
):
    app.command(_name)(_command)
