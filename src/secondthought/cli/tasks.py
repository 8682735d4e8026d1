"""`secondthought tasks`: the kinds of problems, with examples; and a check of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from shutil import get_terminal_size
from typing import Annotated, Any, Literal

import typer

from secondthought.cli.errors import FAILED
from secondthought.cli.text import safe
from secondthought.messages import BadInput
from secondthought.tasks import catalogue
from secondthought.tasks.base import EVAL_SEEDS, Item, Task

app = typer.Typer(
    help="List the kinds of problems, show some, check one of your own.", add_completion=False
)

TaskArgument = Annotated[str, typer.Argument(help="A task's name, or ./mine.py:MyTask.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]


@app.callback(invoke_without_command=True)
def list_tasks(context: typer.Context, json_: JsonOption = False) -> None:
    """List the tasks with an example each."""
    if context.invoked_subcommand is not None:
        return
    width = min(get_terminal_size((160, 24)).columns, 160)
    for name in catalogue.names():
        task = catalogue.task(name)
        item = _item(task, task.default_level, 0)
        if json_:
            print(json.dumps(_about(task, item), ensure_ascii=False))
        else:
            print(f"{name:16} levels {task.levels[0]} to {task.levels[-1]}   {task.title}")
            print(f"  {_example(item, width - 2)}\n")


@app.command("show")
def show_command(
    name: TaskArgument,
    level: Annotated[int | None, typer.Option(help="Difficulty; default: the task's own.")] = None,
    count: Annotated[int, typer.Option("-n", min=1, help="How many.")] = 3,
    seed: Annotated[
        int, typer.Option(min=0, max=EVAL_SEEDS[0].stop - 1, help="Seed of the first.")
    ] = 0,
    json_: JsonOption = False,
) -> None:
    """Print problems of a task, each with a worked trace and its answer."""
    task = catalogue.task(name)
    chosen = task.default_level if level is None else level
    if chosen not in task.levels:
        raise BadInput(
            f"{task.name} has no level {chosen}; choose {task.levels[0]} to {task.levels[-1]}"
        )
    for number in range(seed, seed + count):
        item = _item(task, chosen, number)
        shown = task.demonstrate(item, Random(number))
        if json_:
            row = {"seed": number, "level": chosen, "question": item.question}
            row |= {"thought": shown.thought, "answer": item.answer}
            print(json.dumps(row, ensure_ascii=False))
        else:
            print(f"--- {task.name}, level {chosen}, seed {number}")
            print(safe(f"{item.question}\n\n{shown.thought}\n\n{shown.answer}\n"))


@app.command("check")
def check_command(
    name: TaskArgument,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the first problem.")] = 0,
    json_: JsonOption = False,
) -> None:
    """Test a task: its properties, and answers that must not pass. Exit code 1 on a failure."""
    from secondthought.tasks.check import check

    results = check(catalogue.task(name), seed=seed)
    width = max(len(result.name) for result in results)
    for result in results:
        if json_:
            row = {"property": result.name, "ok": result.ok, "detail": result.detail}
            print(json.dumps(row, ensure_ascii=False))
        else:
            mark = "ok  " if result.ok else "FAIL"
            line = f"{mark} {result.name:{width}}  {safe(' '.join(result.detail.split()))}"
            print(line.rstrip())
    if not all(result.ok for result in results):
        raise typer.Exit(FAILED)


@app.command("export")
def export_command(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write.")],
    format: Annotated[Literal["verl", "verifiers"], typer.Option(help="For which trainer.")],
    tasks: Annotated[str, typer.Option(help="Task names; all 13 by default.")] = "",
    n: Annotated[int, typer.Option("-n", min=1, help="Questions to train on.")] = 10_000,
    validation: Annotated[int, typer.Option(min=1, help="Others, to watch it.")] = 500,
    level: Annotated[int | None, typer.Option(help="Default: each task's own.")] = None,
    first: Annotated[int, typer.Option(min=0, help="Training seeds to leave out.")] = 0,
) -> None:
    """Write questions and their reward for another trainer. No evaluation seed is used."""
    from secondthought.train.tasks_export import export

    names = [name.strip() for name in tasks.split(",") if name.strip()] or catalogue.names()
    for path in export(format, names, out, n=n, n_validation=validation, level=level, first=first):
        print(path)


def _item(task: Task, level: int, seed: int) -> Item:
    return task.generate(Random(seed), level)


def _about(task: Task, item: Item) -> dict[str, Any]:
    return {
        "name": task.name,
        "title": task.title,
        "levels": [task.levels[0], task.levels[-1]],
        "default_level": task.default_level,
        "check": task.check,
        "question": item.question,
        "answer": item.answer,
    }


def _example(item: Item, width: int) -> str:
    """Question and answer in one line of at most so many columns; lines of a grid become parts."""
    answer = _shortened(" / ".join(item.answer.splitlines()), 40)
    question = " ".join(item.question.split())
    return f"{_shortened(question, max(20, width - len(answer) - 4))} -> {answer}"


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
