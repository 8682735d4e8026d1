"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from secondthought.effort import Effort

EffortOption = Annotated[
    str, typer.Option("--effort", "-e", help=f"How hard to think: {', '.join(Effort)}.")
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        help="A shipped model, the folder of a checkpoint, a server (http://HOST:PORT/v1#NAME, "
        "ollama/NAME), or script:FILE.json. Default: secondthought-5m.",
    ),
]
MaxTokensOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Limit on thought and answer together, in tokens. Some are kept for the answer first: "
        "256 of a small limit, so the thought begins beyond.",
    ),
]
MinConfidenceOption = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        metavar="SHARE",
        help='Say "I don\'t know." where the answer is less likely right than this, 0 to 1.',
    ),
]
SeedOption = Annotated[int, typer.Option(min=0, help="Seed of the sampling.")]
