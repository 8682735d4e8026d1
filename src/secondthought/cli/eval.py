"""`secondthought eval`: how often models are right, with intervals, and what it cost.

`eval SUITE_OR_FILE` asks; `eval report`, `eval wrong` and `eval inspect` make something of a
result file.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from secondthought.cli.options import MinConfidenceOption
from secondthought.cli.text import safe
from secondthought.effort import DEFAULT, Effort
from secondthought.evals import folder, inspect_log, suites, terminal, wrong
from secondthought.evals.coverage import TARGET
from secondthought.evals.results import Row
from secondthought.evals.session import evaluate
from secondthought.messages import BadInput
from secondthought.verifiers.sandbox import Sandbox


class _Eval(typer.core.TyperGroup):
    """What is not one of the other subcommands is a suite to ask."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands:
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_Eval, add_completion=False)

ResultsArgument = Annotated[
    Path, typer.Argument(metavar="RESULTS", help="A file that --json or --report wrote.")
]
TargetOption = Annotated[
    float,
    typer.Option(
        min=0,
        max=1,
        metavar="SHARE",
        help="Right so often of the times it answers: how many can be answered?",
    ),
]


@app.command("run")
def eval_command(
    what: Annotated[
        str,
        typer.Argument(
            metavar="SUITE_OR_FILE",
            help="Tasks by name and level (gcd,products@4), a suite (default, held_out, gym, "
            "korean, longer, symbols, hints, out_of_scope), a benchmark (humaneval, mmlu, gpqa, "
            'aime, math500, gsm8k), or FILE.jsonl of lines {"id", "question", "answer"[, "kind", '
            "...]}. "
            "Or: report RESULTS, wrong RESULTS, inspect RESULTS (see eval report --help).",
        ),
    ],
    effort: Annotated[
        list[str], typer.Option("--effort", "-e", help="As none,medium; may be repeated.")
    ] = [DEFAULT.value],  # noqa: B006, typer copies it
    level: Annotated[
        int | None, typer.Option(help="Of names without @; default: the task's own.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(help="Questions a task; default 100, of a file all.")
    ] = None,
    seed: Annotated[int, typer.Option(help="First item and sampling seed, 0 to 999999.")] = 0,
    samples: Annotated[
        int, typer.Option("--samples", "-n", help="Answers a question, for pass@k and vote@k.")
    ] = 1,
    data: Annotated[
        Path | None,
        typer.Option(help="File or folder of a benchmark; default: from the hub, by datasets."),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(help="Write a row per answer here, and the summary last; resumes the file."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            help="Folder for report.md, pictures and results.jsonl; resumes these without --json."
        ),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            "-m",
            help="A shipped model, the folder of a checkpoint, a server "
            "(http://HOST:PORT/v1#NAME, ollama/NAME), or script:FILE.json; may be repeated. "
            "Default: secondthought-5m.",
        ),
    ] = None,
    temperature: Annotated[
        float | None, typer.Option(help="Sampling temperature; default: the effort's.")
    ] = None,
    min_confidence: MinConfidenceOption = None,
    target: TargetOption = TARGET,
    in_flight: Annotated[
        int, typer.Option(help="Questions at a time; 1 measures the seconds of one asker.")
    ] = 64,
    show_wrong: Annotated[
        bool, typer.Option("--wrong", help="List the wrong answers too: asked, wanted, got.")
    ] = False,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run programs that models wrote unprotected.")
    ] = False,
) -> None:
    """Ask models many questions and report accuracy with 95 % intervals, tokens and seconds."""
    if temperature is not None and not 0 <= temperature <= 2:
        raise BadInput(f"temperature {temperature} is out of range; give 0 to 2")
    if in_flight < 1:
        raise BadInput(f"{in_flight} questions at a time get nowhere; give 1 or more")
    if samples < 1:
        raise BadInput(f"{samples} samples of an answer say nothing; give 1 or more")
    if samples > 1 and temperature == 0:
        raise BadInput(f"{samples} samples at temperature 0 are all the same; give 1, or sample")
    efforts = parse_efforts(",".join(effort))
    box = Sandbox(isolated=False) if no_sandbox else None
    cases = suites.resolve(what, level=level, limit=limit, seed=seed, data=data, sandbox=box)
    path = json or _within(report)
    answered: list[Row] = []
    try:
        with ExitStack() as shown:
            progress = _progress()
            bar = progress.add_task(what, total=None)

            def on_start(total: int, done: int) -> None:
                progress.update(bar, total=total, completed=done)
                shown.enter_context(progress)

            def on_row(row: Row) -> None:
                answered.append(row)
                progress.update(bar, advance=1, description=f"{row.model} · {row.effort}")

            summary = asyncio.run(
                evaluate(
                    cases,
                    list(dict.fromkeys(model or [])) or [None],
                    efforts,
                    samples=samples,
                    temperature=temperature,
                    min_confidence=min_confidence,
                    in_flight=in_flight,
                    path=path,
                    settings={
                        "suite": what,
                        "seed": seed,
                        "level": level,
                        "limit": limit,
                        "target": target,
                    },
                    on_start=on_start,
                    on_row=on_row,
                )
            )
    except KeyboardInterrupt:
        kept = f"; what is done stands in {path}, the same command goes on" if path else ""
        Console(stderr=True).print(f"Stopped{kept}.", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(130) from None
    out = Console()
    # A file takes lines of any length; what no table can do without is some 72 columns.
    out.width = max(out.width, 72 if out.is_terminal else 120)
    out.print(terminal.render(summary))
    if show_wrong:
        print(f"\n{safe(wrong.read(path) if path else wrong.listing(answered))}")
    if report is not None and path is not None:
        out.print(
            f"\n{folder.write(path, report, target=target)[0]}", highlight=False, markup=False
        )
    if any(
        part["all"]["errors"] for m in summary["models"].values() for part in m["efforts"].values()
    ):
        raise typer.Exit(1)


@app.command("report")
def report_command(
    results: ResultsArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder.")] = Path("report"),
    target: TargetOption = TARGET,
) -> None:
    """Make report.md and pictures of a result file, also of one that was stopped."""
    for path in folder.write(results, out, target=target):
        print(path)


@app.command("wrong")
def wrong_command(results: ResultsArgument) -> None:
    """List the wrong answers of a result file: the question, what was wanted, what came."""
    print(safe(wrong.read(results)))


@app.command("inspect")
def inspect_command(
    results: ResultsArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder.")] = Path("logs"),
) -> None:
    """Write a result file as logs for Inspect: `inspect view --log-dir FOLDER`."""
    for path in inspect_log.write(results, out):
        print(path)


def parse_efforts(text: str) -> list[Effort]:
    """ "none,medium" as efforts, each once. Raises BadInput."""
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in set(Effort)]
    if unknown or not names:
        what = f"there is no effort {unknown[0]!r}" if unknown else "no effort is named"
        raise BadInput(f"{what}; choose from {', '.join(Effort)}")
    return [Effort(name) for name in names]


def _within(report: Path | None) -> Path | None:
    """Where the results of a report folder stand while they are made."""
    if report is None:
        return None
    try:
        report.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"{report} cannot be written: {error.strerror}; choose another folder"
        ) from error
    return report / folder.RESULTS


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,  # else it leaves an empty line in a script's log
    )
