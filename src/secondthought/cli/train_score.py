"""`secondthought train score`: teach a finished model how sure it may be."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from secondthought.cli.eval import parse_efforts
from secondthought.cli.train_rl import need_torch, task_names
from secondthought.messages import BadInput


def score_command(
    model: Annotated[
        str, typer.Argument(metavar="MODEL_OR_FOLDER", help="A checkpoint; it is changed in place.")
    ],
    tasks: Annotated[
        str, typer.Option(help="Task names, comma-separated; all 13 by default.")
    ] = "",
    limit: Annotated[int, typer.Option(help="Questions to ask.", min=1)] = 800,
    effort: Annotated[
        str, typer.Option("--effort", "-e", help="How they are answered.")
    ] = "medium",
    seed: Annotated[int, typer.Option(help="First of the training questions.", min=0)] = 0,
    threads: Annotated[int, typer.Option(help="Of the CPU.", min=1)] = 2,
) -> None:
    """Fit the model's confidence on its own answers to training questions, and write it into its
    folder. Only the row of one marker changes; what the model says stays as it is."""
    need_torch()
    import torch

    from secondthought.models import embedded
    from secondthought.tasks import catalogue
    from secondthought.train import score

    folder = embedded.find(model)
    names = task_names(tasks) if tasks else catalogue.names()
    efforts = parse_efforts(effort)
    if len(efforts) > 1:
        raise BadInput(f"a score is fitted at one effort, not at {effort}")
    torch.set_num_threads(threads)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        bar = progress.add_task("questions", total=limit)
        answers = score.collect(
            folder,
            [catalogue.task(name) for name in names],
            limit,
            effort=efforts[0],
            threads=threads,
            seed=seed,
            on_answer=lambda done: progress.update(bar, completed=done),
        )
        progress.update(bar, description="fitting")
        fitted = score.fit(answers, score.states(folder, answers), seed=seed)
    written = score.install(folder, fitted)
    console = Console()
    thinks = fitted.figures["with_thought"]
    table = Table("what tells right from wrong", "AUC", "95 %", box=None)
    for name, (value, low, high) in thinks["auc"].items():
        table.add_row(name, f"{value:.3f}", f"{low:.3f} to {high:.3f}")
    if thinks["answers"]:
        table.caption = f"{thinks['answers']} answers after a thought, {thinks['right']:.1%} right"
    console.print(table)
    console.print(f"The weights are {written.weights} now: {folder}", soft_wrap=True)
