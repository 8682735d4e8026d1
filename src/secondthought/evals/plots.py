"""Pictures of accuracy over tokens, by matplotlib (the `plot` extra): PNG and SVG.

The same results give the same bytes of SVG: no date, no random ids.
"""

# matplotlib types some functions only in part
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

from secondthought.evals import curves
from secondthought.evals.curves import Curve
from secondthought.evals.report import Summary

_COLUMNS = 3
_SALT, _FONT = "secondthought", 9
_STYLES = {"efforts": "-", "pass@k": ":", "vote@k": "--", "best@k": "-."}


def draw(summary: Summary, folder: Path) -> list[str]:
    """Write accuracy.{svg,png}, tasks.{svg,png} where there are several groups, and
    coverage.{svg,png} where answers have a confidence; the names of what was written. Raises
    ImportError without matplotlib."""
    import matplotlib
    from matplotlib import pyplot as plt

    written = together(curves.overall(summary), folder, "accuracy")
    with matplotlib.rc_context({"svg.hashsalt": _SALT, "font.size": _FONT}):
        groups = curves.by_group(summary)
        if len(groups) > 1:
            lines = ceil(len(groups) / _COLUMNS)
            figure, grid = plt.subplots(
                lines,
                _COLUMNS,
                figsize=(4 * _COLUMNS, 2.6 * lines),
                layout="constrained",
                squeeze=False,
            )
            for axes, (group, found) in zip(grid.flat, groups.items(), strict=False):
                _curves(axes, found, labels=len(summary["models"]) > 1)
                axes.set_title(_plain(group))
            for axes in list(grid.flat)[len(groups) :]:
                axes.set_visible(False)
            known = [axes.get_legend_handles_labels() for axes in grid.flat]
            named = {
                name: line
                for lines_, names in known
                for line, name in zip(lines_, names, strict=True)
            }
            if named:
                figure.legend(named.values(), named.keys(), loc="outside lower center", fontsize=8)
            written += _save(figure, folder, "tasks")
        if covered := curves.coverage(summary):
            figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
            _coverage(axes, covered)
            written += _save(figure, folder, "coverage")
        plt.close("all")
    return written


def together(found: Sequence[Curve], folder: Path, name: str) -> list[str]:
    """Write all these curves as one picture, NAME.{svg,png}; the names of what was written. Raises
    ImportError without matplotlib."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    with matplotlib.rc_context({"svg.hashsalt": _SALT, "font.size": _FONT}):
        figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
        _curves(axes, found, labels=True)
        axes.set_title("Accuracy over generated tokens, mean over tasks")
        axes.legend(fontsize=8, loc="best")
        written = _save(figure, folder, name)
        plt.close(figure)
    return written


def _curves(axes: Any, found: Sequence[Curve], *, labels: bool) -> None:
    models = list(dict.fromkeys(curve.model for curve in found))
    for curve in found:
        x = [p.tokens for p in curve.points]
        y = [100 * p.share for p in curve.points]
        errors = [
            [100 * (p.share - p.low) for p in curve.points],
            [100 * (p.high - p.share) for p in curve.points],
        ]
        kind = curve.kind.split(",")[0]
        name = curve.model if kind == "efforts" else f"{curve.model}: {curve.kind}"
        axes.errorbar(
            x,
            y,
            yerr=errors,
            fmt="o" + _STYLES[kind],
            color=f"C{models.index(curve.model) % 10}",
            alpha=1 if kind == "efforts" else 0.6,
            markersize=4,
            capsize=2,
            linewidth=1.2,
            label=_plain(name) if labels else None,
        )
        for p in curve.points if kind == "efforts" else ():
            axes.annotate(
                p.name, (p.tokens, 100 * p.share), xytext=(4, 4), textcoords="offset points"
            )
    axes.set(xscale="log", xlabel="tokens a question", ylabel="right, %", ylim=(-3, 103))
    axes.grid(alpha=0.3, which="both")


def _coverage(axes: Any, found: dict[str, Summary]) -> None:
    for i, (name, figures) in enumerate(found.items()):
        x, y, low, high = (
            [100 * point[part] for point in figures["points"]]
            for part in ("coverage", "accuracy", "low", "high")
        )
        axes.plot(x, y, color=f"C{i % 10}", linewidth=1.2, label=_plain(name))
        axes.fill_between(x, low, high, color=f"C{i % 10}", alpha=0.15, linewidth=0)
        if (at := figures["at"]) is not None:
            axes.plot(100 * at["coverage"], 100 * at["accuracy"], "o", color=f"C{i % 10}")
        axes.axhline(100 * figures["target"], color="grey", linewidth=0.8, linestyle=":")
    axes.set(xlabel="questions answered, %", ylabel="right of those answered, %", xlim=(0, 101))
    axes.set_title("Answering only when sure enough")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, loc="best")


def _plain(text: str) -> str:
    """Without the signs by which matplotlib takes a text for mathematics."""
    return text.replace("$", "\\$")


def _save(figure: Any, folder: Path, name: str) -> list[str]:
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
    figure.savefig(folder / f"{name}.png", dpi=140)
    return [f"{name}.svg", f"{name}.png"]
