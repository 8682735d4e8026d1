"""What more effort is worth, several series in one picture: trained and unseen levels, say.

    secondthought eval products@4,chain_sum@4 -e none,low,medium,high --json trained.jsonl
    secondthought eval gcd@5,letter_counting@5 -e none,low,medium,high --json unseen.jsonl
    python benchmarks/ladder.py "trained levels=trained.jsonl" unseen=unseen.jsonl --out runs/ladder

Each LABEL=FILE names a result file of `secondthought eval` with one model and several efforts. One
curve a label: the share that is right, the mean over its tasks with its 95 % interval, over all
tokens that were generated for a question, on a logarithmic axis (ladder.svg, ladder.png). The
table says how many questions each effort won and lost against the one before, with McNemar's
exact p over the same questions.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from secondthought.evals import curves, folder, plots, results
from secondthought.evals.compare import difference
from secondthought.evals.curves import Curve
from secondthought.evals.format import estimate, markdown, p_value, points, whole
from secondthought.messages import BadInput

HEAD = ["series", "effort", "questions", "right, mean over tasks (95 %)", "tokens"]
HEAD += ["points to the one before (95 %)", "won", "lost", "p"]


def series(text: str) -> tuple[str, Path]:
    """LABEL=FILE. Raises BadInput."""
    label, equals, path = text.partition("=")
    if not (label.strip() and equals and path):
        raise BadInput(f"{text!r} names no series; write LABEL=FILE.jsonl")
    return label.strip(), Path(path)


def read(label: str, path: Path) -> tuple[Curve, list[list[str]]]:
    """The curve of a result file, and its lines of the table. Raises BadInput."""
    summary = folder.read(path)
    if summary.get("unfinished"):
        raise BadInput(f"{path} is not finished; run its evaluation to the end")
    if len(summary["models"]) > 1:
        raise BadInput(f"{path} is of several models; give a file for each")
    (figures,) = summary["models"].values()
    drawn = [curve for curve in curves.overall(summary) if curve.kind == "efforts"]
    if not drawn:
        raise BadInput(f"{path} counts no tokens, so there is no curve")
    return replace(drawn[0], model=label), lines(label, path, figures["efforts"])


def lines(label: str, path: Path, efforts: dict[str, Any]) -> list[list[str]]:
    """A line of the table for each effort, from the fewest tokens to the most."""
    rows, _ = results.read(path)
    table: list[list[str]] = []
    before: str | None = None
    for effort, part in sorted(efforts.items(), key=tokens):
        cell = part["all"]
        line = [label, effort, str(cell["n"]), estimate(part["mean"])]
        line.append(whole(cell["completion_tokens"]))
        gain = before and difference(
            [row for row in rows if row.effort == before],
            [row for row in rows if row.effort == effort],
        )
        if gain:
            value, interval = points(gain)
            won = [str(gain["better"]), str(gain["worse"]), p_value(gain)]
            table.append([*line, f"{value} ({interval})", *won])
        else:
            table.append([*line, "", "", "", ""])
        before = effort
    return table


def tokens(effort: tuple[str, dict[str, Any]]) -> float:
    """The mean of all that were generated for a question."""
    return effort[1]["all"]["completion_tokens"]


def main(arguments: list[str]) -> None:
    """Raises BadInput."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("series", nargs="+", metavar="LABEL=FILE")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder of the pictures")
    options = parser.parse_args(arguments)
    named = [series(text) for text in options.series]
    if len({label for label, _ in named}) < len(named):
        raise BadInput("two series have the same label; each needs its own")
    found = [read(label, path) for label, path in named]
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        written = plots.together([curve for curve, _ in found], options.out, "ladder")
    except ImportError:
        raise BadInput("pictures need matplotlib; pip install 'secondthought[plot]'") from None
    print(markdown([HEAD, *(line for _, table in found for line in table)]))
    print(", ".join(str(options.out / name) for name in written), file=sys.stderr)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BadInput as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
