"""`secondthought train`: the commands that TRL carries out (`rl --backend trl`, `sft`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from secondthought.messages import BadInput

OURS = (
    "anchor", "feedback", "again", "length_penalty", "refills", "updates", "critic", "until_wrong",
    "probe_steps", "probe_items", "precision", "device", "threads",
)  # fmt: skip
"""Options of `train rl` that only our own trainer has."""

TrlOptions = Annotated[
    list[str] | None,
    typer.Argument(help="After --: TRL's own options, as --use_peft true or --config FILE.yaml."),
]
LevelOption = Annotated[
    int | None, typer.Option(help="Difficulty of the questions; default: each task's own.")
]


def need_trl() -> None:
    """Raises BadInput where TRL is missing."""
    try:
        import trl  # noqa: F401  # pyright: ignore
    except ImportError as error:
        raise BadInput(
            "this needs TRL; install it with: pip install 'secondthought[trl]'"
        ) from error


def refuse_ours(context: Any) -> None:
    """Raises BadInput for an option that was typed and would be passed over."""
    for name in OURS:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            option = "--" + name.replace("_", "-")
            raise BadInput(f"{option} is of our own trainer; leave it out with --backend trl")


def where(model: str) -> str:
    """A shipped or added model's folder; else what was typed, for transformers to find, offline
    where the hub is not reached. To be called before TRL is imported, see `hub`."""
    from secondthought import hub
    from secondthought.models import embedded

    try:
        return str(embedded.find(model))
    except BadInput:
        if not model:
            raise BadInput("name a model with -m: a folder, or a name on Hugging Face") from None
        hub.offline_unless_reached()
        return model


def sft_command(
    tasks: Annotated[str, typer.Option(help="Tasks to be shown, comma-separated.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; an earlier run there goes on.")],
    model: Annotated[
        str, typer.Option("--model", "-m", help="Folder, or a name on Hugging Face.")
    ] = "",
    steps: Annotated[int, typer.Option(help="Optimiser steps in all.", min=1)] = 1000,
    questions: Annotated[int, typer.Option(help="Worked traces to draw from.", min=1)] = 10_000,
    level: LevelOption = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="Default: TRL's, 2e-5.", min=0)
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=90, help="Of the traces and of TRL's trainer.")
    ] = 0,
    trl: TrlOptions = None,
) -> None:
    """Show any causal language model how our tasks are solved, by TRL's SFTTrainer (extra: trl)."""
    found = where(model)
    need_trl()
    from secondthought.cli.train_rl import task_names
    from secondthought.train.trl_backend import imitate

    folder = imitate(
        found,
        task_names(tasks),
        out,
        steps=steps,
        questions=questions,
        level=level,
        learning_rate=learning_rate,
        seed=seed,
        options=trl or (),
    )
    typer.echo(f"model: {folder}")
