"""`secondthought train demo`: five minutes of reinforcement learning, to be watched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from secondthought.cli.train_rl import errors, finished, need_torch, watch
from secondthought.messages import BadInput
from secondthought.stats import wilson

LOW, HIGH, MIDDLE = 0.2, 0.6, 0.4
"""Where there is both something to learn from and something to learn."""
STEPS = 40
"""At most, each time that it is called: fast machines are done before the time is."""
FEW = ("puzzle24",)
"""Tasks with so few different problems that a rise could be memory."""
LOOKED_AT = 16
"""Questions a task to find one."""


def demo_command(
    out: Annotated[Path, typer.Option(help="Folder of the run; an earlier one goes on.")] = Path(
        "runs/demo"
    ),
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Checkpoint folder or name to begin from.")
    ] = None,
    task: Annotated[
        str, typer.Option(help="Default: one that the model gets right 20 to 60 % of the time.")
    ] = "",
    minutes: Annotated[float, typer.Option(help="Of training.", min=0.1)] = 5.0,
    threads: Annotated[int, typer.Option(help="Of the CPU.", min=1)] = 2,
) -> None:
    """Let a model get better at one task for five minutes, and see how much better it got."""
    need_torch()
    from secondthought.models import embedded, resolve
    from secondthought.tasks import catalogue
    from secondthought.train import checkpoint
    from secondthought.train.probe import probe
    from secondthought.train.rl_run import Recipe, start

    folder = embedded.find(model or resolve.DEFAULT)
    done = 0
    if (earlier := checkpoint.latest(out)) is not None:
        state = checkpoint.load(earlier)
        done = state["step"]
        task = task or state["recipe"]["tasks"][0]
    if not task:
        with errors.status("looking for a task that it half knows"):
            names = [name for name in catalogue.names() if name not in FEW]
            task = half_known(probe(folder, names, n=LOOKED_AT))
    name = catalogue.task(task).name
    recipe = Recipe(
        tasks=(task,), steps=done + STEPS, groups=16, size=8, anchor=0.0, feedback=0.0, refills=1,
        max_thought=500, probe_steps=8,
    )  # fmt: skip
    run = start(out, recipe, source=folder, threads=threads)
    run.anchors.clear()  # five minutes of one task: the others are not measured either
    watch(run, seconds=60 * minutes)
    probes = [r for r in _records(out) if "accuracy" in r]
    typer.echo(summary(name, probes[0], probes[-1]))
    finished(run)


def half_known(accuracy: Mapping[str, float]) -> str:
    """The task nearest to the middle. Raises BadInput where none is between 20 and 60 %."""
    name = min(accuracy, key=lambda one: abs(accuracy[one] - MIDDLE))
    if not LOW <= accuracy[name] <= HIGH:
        raise BadInput(
            f"this model has no task between {LOW:.0%} and {HIGH:.0%} (the nearest is {name}, "
            f"{accuracy[name]:.0%}), so five minutes would show little; name a --task, or with -m "
            "a model that is less trained"
        )
    return name


def summary(task: str, first: Mapping[str, Any], last: Mapping[str, Any]) -> str:
    """Accuracy at the start and now, on the same unseen questions, with intervals."""
    lines = [
        f"{task}, {last['items']} other questions than the training's, after {last['step']} steps:"
    ]
    for key, how in (("accuracy", "greedy"), ("sampled_accuracy", "at temperature 1")):
        parts: list[str] = []
        for record in (first, last):
            n = record["items"]
            one = wilson(round(record[key][task] * n), n)
            parts.append(f"{one.value:.0%} ({one.low:.0%} to {one.high:.0%})")
        lines.append(f"  {how}: {' -> '.join(parts)}")
    return "\n".join(lines)


def _records(out: Path) -> list[dict[str, Any]]:
    lines = (out / "metrics.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]
