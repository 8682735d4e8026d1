"""A step of reinforcement learning: our trainer beside TRL's GRPOTrainer, as users start them.

    python benchmarks/rl_speed.py --rounds 5

Both are run by `secondthought train rl`, in turns, each time anew from the same weights: the same
task, the same number of questions and attempts a step, the same most tokens an attempt,
temperature 1, one optimiser step on each step's rollouts. TRL samples
with transformers' generate and is run twice, in float32 and in bfloat16. The first step of each
run is left out (compilers, caches).

Reported: seconds a step, generated tokens a step and a second, and TRL's seconds over ours, the
median over the rounds with the least and the most of them. What differs by design: ours leaves
groups without variance out of the update (their gradient is nothing), draws all levels of the
task and not its default one, and closes a thought at its cap and lets it answer, where TRL cuts
off: hence the tokens a step.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Any

from rich.progress import track

CLI = (sys.executable, "-m", "secondthought.cli.main", "train", "rl")
ANSWER = 48
"""Most tokens of an answer; of TRL's completions a part of the whole."""


@dataclass(frozen=True)
class Steps:
    """What steps took, the first one left out: seconds and generated tokens, one of each a step."""

    seconds: list[float]
    tokens: list[float]


@dataclass(frozen=True)
class Setting:
    model: str
    task: str
    groups: int
    size: int
    thought: int
    steps: int


def ours(setting: Setting, out: Path) -> Steps:
    options = ["--anchor", 0, "--feedback", 0, "--refills", 0, "--length-penalty", 0]
    options += ["--max-thought", setting.thought, "--max-answer", ANSWER]
    options += ["--probe-items", 1, "--probe-steps", 10**6]
    return read_ours(_run(setting, out, options))


def trl(setting: Setting, out: Path, *, bfloat16: bool) -> Steps:
    options = ["--backend", "trl", "--max-thought", setting.thought, "--max-answer", ANSWER]
    options += ["--", "--bf16", str(bfloat16).lower(), "--save_strategy", "no"]
    rows = _run(setting, out, options)
    return read_trl(rows, setting.groups * setting.size)


def read_ours(rows: Sequence[dict[str, Any]]) -> Steps:
    """From our metrics.jsonl: counters that add up, and probes between the steps."""
    steps = [row for row in rows if "reward" in row]
    pairs = [*pairwise(steps)]
    return Steps(
        [b["seconds"] - a["seconds"] for a, b in pairs],
        [b["sampled"] - a["sampled"] for a, b in pairs],
    )


def read_trl(rows: Sequence[dict[str, Any]], attempts: int) -> Steps:
    """From the metrics.jsonl of TRL's run: the mean length is over all attempts."""
    steps = [row for row in rows if "step_seconds" in row][1:]
    return Steps(
        [row["step_seconds"] for row in steps], [row["length"] * attempts for row in steps]
    )


def _run(setting: Setting, out: Path, options: Sequence[object]) -> list[dict[str, Any]]:
    command = [*CLI, "-m", setting.model, "--tasks", setting.task, "--out", out]
    command += ["--steps", setting.steps, "--groups", setting.groups, "--size", setting.size]
    done = subprocess.run(
        [str(part) for part in [*command, *options]], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"a run ended with {done.returncode}: {done.stderr.strip()[-600:]}")
    lines = (out / "metrics.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def table(found: dict[str, list[Steps]]) -> str:
    """Markdown. The first of `found` is what the others are compared with, round by round."""
    lines = [
        "| trainer | seconds a step | tokens a step | tokens/s | seconds, times ours |",
        "| --- | --: | --: | --: | --- |",
    ]
    first = [mean(s.seconds) for s in next(iter(found.values()))]
    for name, rounds in found.items():
        seconds = [mean(s.seconds) for s in rounds]
        speed = [sum(s.tokens) / sum(s.seconds) for s in rounds]
        times = [a / b for a, b in zip(seconds, first, strict=True)]
        lines.append(
            f"| {name} | {median(seconds):.2f} | {median(mean(s.tokens) for s in rounds):,.0f} "
            f"| {median(speed):,.0f} "
            f"| {median(times):.2f} ({min(times):.2f} to {max(times):.2f}) |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", "-m", default="secondthought-5m")
    parser.add_argument("--task", default="countdown")
    parser.add_argument("--groups", type=int, default=8, help="questions a step")
    parser.add_argument("--size", type=int, default=8, help="attempts at each")
    parser.add_argument("--thought", type=int, default=400, help="most tokens of a thought")
    parser.add_argument("--steps", type=int, default=4, help="steps a run, the first not counted")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    if args.steps < 2 or args.rounds < 1:
        parser.error("two steps and one round at least")
    setting = Setting(args.model, args.task, args.groups, args.size, args.thought, args.steps)
    names = ("secondthought", "TRL, float32", "TRL, bfloat16")
    found: dict[str, list[Steps]] = {name: [] for name in names}
    for _ in track(range(args.rounds), description="rounds"):
        with tempfile.TemporaryDirectory() as folder:
            found[names[0]].append(ours(setting, Path(folder, "ours")))
            found[names[1]].append(trl(setting, Path(folder, "trl32"), bfloat16=False))
            found[names[2]].append(trl(setting, Path(folder, "trl16"), bfloat16=True))
    print(
        f"{setting.groups} questions x {setting.size} attempts at {setting.task}, thoughts up to "
        f"{setting.thought} tokens, {setting.steps - 1} steps a run, {args.rounds} rounds\n"
    )
    print(table(found))


if __name__ == "__main__":
    main()
