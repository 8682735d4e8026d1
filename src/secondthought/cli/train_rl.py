"""`secondthought train`: rl, rejection, report, export, adversaries."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from secondthought.cli import train_trl
from secondthought.cli.interrupt import ends_after_step
from secondthought.messages import BadInput

if TYPE_CHECKING:
    from secondthought.train.adversaries import Earned
    from secondthought.train.rl_run import Run

console = Console()
errors = Console(stderr=True)


def need_torch() -> None:
    """Raises BadInput where PyTorch is missing."""
    try:
        import torch  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError as error:
        raise BadInput(
            "training needs PyTorch; install it with: pip install 'secondthought[train]'"
        ) from error


def task_names(tasks: str) -> tuple[str, ...]:
    """The names in a comma-separated list, checked. Raises BadInput."""
    from secondthought.tasks import catalogue

    names = tuple(t.strip() for t in tasks.split(",") if t.strip())
    if not names:
        raise BadInput("--tasks names no task; write for example --tasks countdown,gcd")
    for name in names:
        catalogue.task(name)
    return names


def rl_command(
    context: typer.Context,
    tasks: Annotated[str, typer.Option(help="Tasks to get better at, comma-separated.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; an earlier run there goes on.")],
    model: Annotated[
        str, typer.Option("--model", "-m", help="Checkpoint folder or shipped name to begin from.")
    ] = "",
    steps: Annotated[int, typer.Option(help="Steps in all.", min=1)] = 100,
    groups: Annotated[int, typer.Option(help="Questions a step.", min=1)] = 32,
    size: Annotated[int, typer.Option(help="Attempts at each question.", min=2, max=4096)] = 16,
    anchor: Annotated[
        float, typer.Option(help="Share of questions from all other tasks.", min=0, max=0.9)
    ] = 0.2,
    feedback: Annotated[
        float, typer.Option(help="Share of questions with a second try.", min=0, max=1)
    ] = 0.1,
    again: Annotated[
        float,
        typer.Option(help="Most of the tasks' questions that were asked before.", min=0, max=1),
    ] = 0.5,
    length_penalty: Annotated[
        float, typer.Option(help="What the longest right answer loses.", min=0, max=0.5)
    ] = 0.05,
    refills: Annotated[
        int, typer.Option(help="Rounds that replace groups without variance.", min=0)
    ] = 2,
    learning_rate: Annotated[
        float | None, typer.Option(help="Default 1e-4; of TRL 1e-6.", min=0)
    ] = None,
    updates: Annotated[int, typer.Option(help="Optimiser steps on a step's rollouts.", min=1)] = 1,
    critic: Annotated[
        bool, typer.Option("--critic", help="Advantages token by token, by a critic.")
    ] = False,
    until_wrong: Annotated[
        bool,
        typer.Option("--until-wrong", help="End attempts at their first wrong step: searches."),
    ] = False,
    max_thought: Annotated[int, typer.Option(help="Tokens of a thought.", min=2)] = 1000,
    max_answer: Annotated[int, typer.Option(help="Tokens of an answer.", min=1)] = 200,
    probe_steps: Annotated[int, typer.Option(help="Steps between measurements.", min=1)] = 10,
    probe_items: Annotated[int, typer.Option(help="Questions a task in them.", min=1)] = 64,
    precision: Annotated[
        str, typer.Option(help="bfloat16, float32, or auto: what is fast here.")
    ] = "auto",
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Annotated[int, typer.Option(help="Of the CPU.", min=1)] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Of questions and sampling, 0 to 29.")] = 0,
    backend: Annotated[
        str, typer.Option(help="own, or trl: any causal language model, many GPUs (extra: trl).")
    ] = "own",
    level: train_trl.LevelOption = None,
    trl: train_trl.TrlOptions = None,
) -> None:
    """Reinforcement learning on verified answers. Ctrl-C ends it after the step under way; the
    same command goes on."""
    if backend == "trl":
        train_trl.refuse_ours(context)
        found = train_trl.where(model)
        train_trl.need_trl()
        from secondthought.train.trl_backend import reinforce

        folder = reinforce(
            found,
            task_names(tasks),
            out,
            steps=steps,
            groups=groups,
            size=size,
            level=level,
            max_tokens=max_thought + max_answer,
            learning_rate=learning_rate,
            seed=seed,
            options=trl or (),
        )
        typer.echo(f"model: {folder}")
        return
    if backend != "own":
        raise BadInput(f"there is no backend {backend!r}; use own or trl")
    if trl or level is not None:
        raise BadInput("--level and options after -- are for --backend trl; leave them out")
    need_torch()
    from secondthought.models import embedded
    from secondthought.train.rl_run import Recipe, start

    if precision not in ("auto", "bfloat16", "float32"):
        raise BadInput(f"--precision {precision!r} is unknown; use auto, bfloat16 or float32")
    recipe = replace(
        Recipe(tasks=task_names(tasks), steps=steps, seed=seed, precision=precision),
        groups=groups,
        size=size,
        anchor=anchor,
        feedback=feedback,
        again=again,
        length_penalty=length_penalty,
        refills=refills,
        learning_rate=1e-4 if learning_rate is None else learning_rate,
        updates=updates,
        critic=critic,
        until_wrong=until_wrong,
        max_thought=max_thought,
        max_answer=max_answer,
        probe_steps=probe_steps,
        probe_items=probe_items,
    )
    source = embedded.find(model) if model else None
    run = start(out, recipe, source=source, device=device, threads=threads)
    watch(run)
    if run.step < steps:
        errors.print(f"saved at step {run.step}; the same command goes on from there")
        raise typer.Exit(130)
    finished(run)


def watch(run: Run, *, seconds: float = math.inf) -> None:
    """Train with the live view, to the end, to Ctrl-C, or until `seconds` are over; then the
    last weights are measured too."""
    from secondthought.train.plot import metrics

    ends_after_step(run)
    view, started, measured = _View(run.recipe.steps, run.step), time.monotonic(), -1
    if (
        run.step and (run.out / "metrics.jsonl").is_file()
    ):  # what has been measured so far, from the start on
        for record in metrics(run.out):
            view.take(record)
    try:
        with Live(view.show(), console=errors, refresh_per_second=2) as live:
            for record in run.events():
                measured = measured if "reward" in record else run.step
                view.take(record)
                live.update(view.show(ending=run.stop))
                if time.monotonic() - started > seconds:
                    run.stop = True
            if seconds < math.inf and measured != run.step:
                view.take(run.probe())
                live.update(view.show())
    finally:
        run.close()


def finished(run: Run) -> None:
    """Say where the weights and the report are."""
    from secondthought.train.report import report

    typer.echo(f"model:  {run.out / 'best'} (best), {run.out / 'model'} (last)")
    typer.echo(f"report: {report(run.out)}")


class _View:
    """What a run looks like while it runs: the last step, and the accuracies so far."""

    _ROWS = (
        ("reward", "reward", "{:.3f}"),
        ("pass@1", "pass@1, levels drawn", "{:.3f}"),
        ("pass@k", "pass@k", "{:.3f}"),
        ("anchor_pass@1", "pass@1, other tasks", "{:.3f}"),
        ("length_right", "tokens when right", "{:.0f}"),
        ("length_wrong", "tokens when wrong", "{:.0f}"),
        ("entropy", "entropy, nats", "{:.3f}"),
        ("zero_variance", "groups without variance", "{:.0%}"),
        ("truncated", "cut off", "{:.1%}"),
        ("logprob_gap", "log-prob gap, nats", "{:.4f}"),
        ("tokens_per_second", "tokens/s", "{:,.0f}"),
    )

    def __init__(self, steps: int, done: int = 0) -> None:
        self._steps, self._done = steps, done
        self._record: Mapping[str, Any] = {}
        self._probes: list[Mapping[str, Any]] = []

    def take(self, record: Mapping[str, Any]) -> None:
        if "reward" in record:
            self._record = record
        else:
            self._probes.append(record)

    def show(self, *, ending: bool = False) -> Group:
        record = self._record
        step = record.get("step", self._done)
        left = "measuring the model first"
        if record:  # not its own estimate: a resume may have raised --steps since
            minutes = (self._steps - step) * record["seconds"] / step / 60
            left = f"{minutes:.0f} min left"
        if step >= self._steps:
            left = "all done; more with a higher --steps"
        title = f"step {step} of {self._steps}   {left}"
        table = Table("", "", box=None, show_header=False, title=title, title_justify="left")
        for key, label, form in self._ROWS:
            if record and record.get(key) is not None:
                table.add_row(label, form.format(record[key]))
        if record:
            broken, skipped = record["broken"], record["skipped"]
            shares = record["shares"]
            table.add_row("time", "  ".join(f"{k} {v:.0%}" for k, v in shares.items()))
            if broken or skipped:
                table.add_row("unverified, updates left out", f"{broken}, {skipped}")
        parts: list[Any] = [table]
        if self._probes:
            parts.append(self._accuracy())
        if ending:
            parts.append("ending after this step; Ctrl-C again leaves at once")
        return Group(*parts)

    def _accuracy(self) -> Table:
        first, last = self._probes[0], self._probes[-1]
        table = Table("unseen questions", "start", f"step {last['step']}", box=None)
        for task in last["sampled_accuracy"]:
            for key, how in (("accuracy", "greedy"), ("sampled_accuracy", "T=1")):
                table.add_row(f"{task}, {how}", f"{first[key][task]:.2f}", f"{last[key][task]:.2f}")
        both = first["accuracy"].keys() & last["accuracy"].keys()
        others = sorted(both - last["sampled_accuracy"].keys())
        if others:
            means = [sum(p["accuracy"][t] for t in others) / len(others) for p in (first, last)]
            table.add_row("other tasks, greedy", *(f"{m:.2f}" for m in means))
        return table


def rejection_command(
    tasks: Annotated[str, typer.Option(help="Task names, comma-separated.")],
    out: Annotated[Path, typer.Option(help="Folder for traces.jsonl and wrong.jsonl.")],
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Checkpoint folder or shipped name.")
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="How many in all.")] = 1000,
    size: Annotated[int, typer.Option(help="Attempts at each question.", min=2, max=4096)] = 16,
    max_thought: Annotated[int, typer.Option(help="Tokens of a thought.", min=2)] = 1000,
    max_answer: Annotated[int, typer.Option(help="Tokens of an answer.", min=1)] = 200,
    threads: Annotated[int, typer.Option(help="Of the CPU.", min=1)] = 2,
    seed: Annotated[int, typer.Option(min=0, max=99, help="Of questions and sampling.")] = 0,
) -> None:
    """Keep a model's own right thoughts (the shortest, and repaired ones) as training documents,
    and its wrong answers for feedback turns."""
    from secondthought.models import embedded, resolve
    from secondthought.models.engine.checkpoint import Checkpoint
    from secondthought.tasks import catalogue
    from secondthought.train.episodes import Limits
    from secondthought.train.rejection import Harvest, harvest
    from secondthought.train.rollouts import EngineSampler

    folder = embedded.find(model or resolve.DEFAULT)
    read = Checkpoint.read(folder)
    limits = Limits(max_thought, max_answer, read.config.context)
    chosen = [catalogue.task(name) for name in task_names(tasks)]
    sampler = EngineSampler(folder, threads=threads)
    counts = Harvest()
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    try:
        with Progress(*columns, console=errors) as progress:
            bar = progress.add_task("sampling", total=questions)
            for counts in harvest(
                sampler,
                chosen,
                out,
                questions=questions,
                size=size,
                limits=limits,
                seed=seed,
                source=read.weights_hash,
            ):
                said = (
                    f"{counts.questions} of {questions} questions, "
                    f"{counts.right / counts.attempts:.0%} right, kept {counts.kept.total()}"
                )
                progress.update(bar, completed=counts.questions, description=said)
    except KeyboardInterrupt:
        errors.print(f"stopped after {counts.questions} questions; the same command goes on")
        raise typer.Exit(130) from None
    finally:
        sampler.close()
    console.print(
        f"{counts.solved} of {counts.questions} questions solved; kept "
        f"{counts.kept['shortest']} shortest and {counts.kept['repaired']} repaired thoughts and "
        f"{counts.wrong} wrong answers in {out}; all done, more with a higher --questions",
        highlight=False,
    )


def report_command(
    run: Annotated[Path, typer.Argument(help="The --out folder of a run of `train rl`.")],
) -> None:
    """Write RUN/report.html: accuracy over compute, curriculum, samples before and after."""
    from secondthought.train.report import report

    typer.echo(str(report(run)))


def export_command(
    source: Annotated[
        str, typer.Argument(help="A shipped or added model, or a folder, also of Hugging Face.")
    ],
    out: Annotated[Path, typer.Option(help="A folder, or a file that ends in .gguf.")],
) -> None:
    """Make a trained folder servable (`-m OUT`), or one GGUF file for llama.cpp."""
    from secondthought.models import embedded

    folder = embedded.find(source)
    if out.suffix == ".gguf":
        from secondthought.train.gguf import write_gguf

        written = write_gguf(folder, out)
    else:
        from secondthought.train.export import export_folder

        written = export_folder(folder, out)
    typer.echo(str(written))


def adversaries_command(
    tasks: Annotated[str, typer.Option(help="Task names; all 13 by default.")] = "",
    n: Annotated[int, typer.Option("-n", help="Questions a task.", min=1)] = 100,
    as_json: Annotated[
        bool, typer.Option("--json", help="What each policy earns on each task.")
    ] = False,
) -> None:
    """What policies that solve nothing would earn on each task; exit code 1 where it is too
    much."""
    from secondthought.tasks import catalogue
    from secondthought.train.adversaries import earned

    table = Table("task", "commonest answer", "earns", "I don't know.", "best trick", "earns")
    every: list[Earned] = []
    for name in task_names(tasks) if tasks else catalogue.names():
        try:
            found = earned(catalogue.task(name), n)
        except Exception as error:  # the task may be anybody's code
            raise BadInput(
                f"the verifier of {name} broke: {type(error).__name__}: {error}; mend it "
                "(secondthought tasks check)"
            ) from error
        trick, share = found.worst
        shares = f"{found.constant:.2f}", f"{found.declined:.2f}", f"{share:.2f}"
        shown = found.answer if len(found.answer) <= 20 else f"{found.answer[:17]}..."
        trick = trick if share else "none"
        table.add_row(found.task, repr(shown), shares[0], shares[1], trick, shares[2])
        every.append(found)
    if as_json:
        typer.echo(json.dumps([{**asdict(found), "ok": found.ok} for found in every], indent=2))
    else:
        console.print(table)
        console.print(_tricks(every))
    if not all(found.ok for found in every):
        raise typer.Exit(1)


def _tricks(every: Sequence[Earned]) -> Table:
    """Each trick's mean over the tasks, and where it earns most."""
    table = Table("trick", "earns, mean", "at most", "there")
    for name in every[0].tricks:
        best = max(every, key=lambda found: found.tricks[name])
        most = best.tricks[name]
        mean = sum(found.tricks[name] for found in every) / len(every)
        table.add_row(name, f"{mean:.3f}", f"{most:.2f}", best.task if most else "")
    return table
