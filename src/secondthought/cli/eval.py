"""`secondthought eval`: how often a model is right, with intervals, and what it cost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from secondthought.cli.options import ModelOption
from secondthought.effort import DEFAULT, Effort
from secondthought.evals import report, suites
from secondthought.evals.case import Case
from secondthought.evals.results import ResultFile, Row
from secondthought.evals.run import Stream, keys, run
from secondthought.messages import BadInput, Problem
from secondthought.reasoner import Reasoner
from secondthought.trace import Event


def eval_command(
    what: Annotated[
        str,
        typer.Argument(
            metavar="SUITE_OR_FILE",
            help="Tasks by name (gcd,products), a suite (default, held_out, gym, korean, longer, "
            "symbols, hints, out_of_scope), or FILE.jsonl of lines "
            '{"id", "question", "answer"[, "task", "metadata"]}.',
        ),
    ],
    effort: Annotated[
        str, typer.Option("--effort", "-e", help="One or more, as none,medium.")
    ] = DEFAULT.value,
    level: Annotated[int | None, typer.Option(help="Difficulty; default: the task's own.")] = None,
    limit: Annotated[
        int | None, typer.Option(help="Questions a task; default 100, of a file all.")
    ] = None,
    seed: Annotated[int, typer.Option(help="First item and sampling seed, 0 to 999999.")] = 0,
    json: Annotated[
        Path | None,
        typer.Option(help="Write a row per answer here, and the summary last; resumes the file."),
    ] = None,
    model: ModelOption = None,
    temperature: Annotated[
        float | None, typer.Option(help="Sampling temperature; default: the effort's.")
    ] = None,
    in_flight: Annotated[
        int, typer.Option(help="Questions at a time; 1 measures the seconds of one asker.")
    ] = 64,
) -> None:
    """Ask a model many questions and report accuracy with 95 % intervals, tokens and seconds."""
    if temperature is not None and not 0 <= temperature <= 2:
        raise BadInput(f"temperature {temperature} is out of range; give 0 to 2")
    if in_flight < 1:
        raise BadInput(f"{in_flight} questions at a time get nowhere; give 1 or more")
    efforts = parse_efforts(effort)
    cases = suites.resolve(what, level=level, limit=limit, seed=seed)
    settings = {"seed": seed, "level": level, "limit": limit, "temperature": temperature}
    try:
        summary = asyncio.run(_evaluate(what, model, cases, efforts, json, in_flight, settings))
    except KeyboardInterrupt:
        kept = f"; what is done stands in {json}, the same command goes on" if json else ""
        Console(stderr=True).print(f"Stopped{kept}.", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(130) from None
    out = Console()
    out.width = max(out.width, 110)  # a figure cut off by a narrow terminal is worse than a wrap
    out.print(report.render(summary))
    if any(part["all"]["errors"] for part in summary["efforts"].values()):
        raise typer.Exit(1)


def parse_efforts(text: str) -> list[Effort]:
    """ "none,medium" as efforts, each once. Raises BadInput."""
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in set(Effort)]
    if unknown or not names:
        what = f"there is no effort {unknown[0]!r}" if unknown else "no effort is named"
        raise BadInput(f"{what}; choose from {', '.join(Effort)}")
    return [Effort(name) for name in names]


async def _evaluate(
    what: str,
    model_name: str | None,
    cases: Sequence[Case],
    efforts: Sequence[Effort],
    path: Path | None,
    in_flight: int,
    settings: dict[str, Any],
) -> dict[str, Any]:
    """Ask everything that `path` does not hold yet; the summary of all."""
    reasoner = Reasoner(model_name)
    try:
        weights: str = getattr(reasoner.model, "weights_hash", "")
        temperature: float | None = settings["temperature"]
        wanted = keys(cases, efforts, weights=weights, temperature=temperature)
        with ExitStack() as stack:
            file = stack.enter_context(ResultFile(path, wanted)) if path else None
            rows = {row.key: row for row in file.kept} if file else {}
            progress = stack.enter_context(_progress())
            bar = progress.add_task(what, total=len(wanted), completed=len(rows))

            def on_row(row: Row) -> None:
                rows[row.key] = row
                if file:
                    file.add(row)
                progress.advance(bar)

            await run(
                _stream(reasoner, temperature),
                cases,
                efforts,
                weights=weights,
                temperature=temperature,
                done=list(rows.values()),
                in_flight=in_flight,
                on_row=on_row,
            )
            summary = report.summarise(
                [rows[key] for key in wanted],
                suite=what,
                model=reasoner.model.name,
                weights=weights,
                in_flight=in_flight,
                **settings,
            )
            if file:
                file.finish(summary)
        return summary
    finally:
        await reasoner.close()


def _stream(reasoner: Reasoner, temperature: float | None) -> Stream:
    """The reasoner's stream, at this temperature if one is given."""

    def stream(problem: Problem, effort: Effort, *, seed: int) -> AsyncIterator[Event]:
        row = None if temperature is None else reasoner.policy(effort, temperature=temperature)
        return reasoner.stream(problem, effort, seed=seed, policy=row)

    return stream


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
