"""A run's picture: loss, and accuracy per task, over tokens."""

# matplotlib types some functions only in part
# pyright: reportUnknownMemberType=false
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from secondthought.messages import BadInput


def metrics(run: Path) -> list[dict[str, Any]]:
    """The lines of metrics.jsonl; a torn last line is left out."""
    path = run / "metrics.jsonl"
    if not path.is_file():
        raise BadInput(f"no metrics in {run}; name the --out folder of a training run")
    records: list[dict[str, Any]] = []
    for line in path.read_text("utf-8").splitlines():
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return records


def plot(run: Path) -> Path:
    """Write DIR/training.png. Raises BadInput for a run that is no cold start."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    records = metrics(run)
    if not any("loss" in r and "tokens" in r for r in records):
        raise BadInput(
            f"no losses over tokens in {run}; name the --out folder of `train cold-start` (of "
            "reinforcement learning, `train report` makes the page)"
        )
    losses = [(r["tokens"] / 1e6, r["loss"]) for r in records if "loss" in r]
    probes = [(r["tokens"] / 1e6, r["accuracy"]) for r in records if "accuracy" in r]
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 5), layout="constrained")
    left.plot(*zip(*losses, strict=True), color="black", linewidth=1)
    left.set(xlabel="million tokens", ylabel="loss, nats a target", yscale="log")
    left.grid(alpha=0.3)
    for name in sorted(probes[-1][1]) if probes else ():
        right.plot([t for t, _ in probes], [a.get(name) for _, a in probes], "o-", label=name, ms=3)
    right.set(
        xlabel="million tokens", ylabel="accuracy (greedy, 16 unseen items)", ylim=(-0.02, 1.02)
    )
    right.grid(alpha=0.3)
    if probes:
        right.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    path = run / "training.png"
    figure.savefig(path, dpi=130)
    plt.close(figure)
    return path
