"""A summary as tables for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from secondthought.evals.compare import verdict
from secondthought.evals.format import (
    counted,
    estimate,
    interval,
    p_value,
    percent,
    points,
    whole,
)
from secondthought.evals.report import DECLINED, Summary


def render(summary: Summary) -> RenderableType:
    """Of each model: accuracy and cost, what effort gains, pools, hints; then models compared."""
    models: dict[str, Summary] = summary["models"]
    parts: list[RenderableType] = []
    for name, figures in models.items():
        if len(models) > 1:
            parts += [Text(name, style="bold underline")]
        parts += [*_model(figures), Text(_named(name, figures, summary), style="dim"), ""]
    for effort, pairs in summary.get("between", {}).items():
        if pairs:
            parts += [_differences(pairs, f"models, effort {effort}"), ""]
    cells = [part["all"] for m in models.values() for part in m["efforts"].values()]
    if errors := sum(cell["errors"] for cell in cells):
        why = next(cell["error"] for cell in cells if cell.get("error"))
        parts.append(f"{errors} questions failed and count as wrong; run again to ask them anew")
        parts.append(Text(f"The commonest reason: {why}"))
    return Group(*(parts[:-1] if parts[-1] == "" else parts))


def _model(figures: Summary) -> list[RenderableType]:
    efforts: dict[str, Any] = figures["efforts"]
    table = _table("task", "effort")
    heads = ("n", "right", "95 %", "thought", "p50 s", "p95 s", "cut", "looped", *DECLINED.values())
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for effort, part in efforts.items():
        for group, cell in part["tasks"].items():
            table.add_row(Text(group), effort, *_columns(cell, cell["accuracy"]))
        if len(part["tasks"]) > 1:
            label = Text(f"mean of {len(part['tasks'])}", style="bold")
            table.add_row(label, effort, *_columns(part["all"], part["mean"]), end_section=True)
    parts: list[RenderableType] = [table, ""]
    if "differences" in figures:
        parts += [_differences(figures["differences"], "efforts"), ""]
    if any("pool" in part for part in efforts.values()):
        parts += [_pools(efforts), ""]
    if any("coverage" in part for part in efforts.values()):
        parts += [_coverage(efforts), ""]
    if "hints" in figures:
        parts += [_hints(figures["hints"]), ""]
    return parts


def _named(name: str, figures: Summary, summary: Summary) -> str:
    retries = sum(part["all"]["retries"] for part in figures["efforts"].values())
    parts = [name or "a model", f"weights {figures['weights'] or 'unknown'}"]
    parts += [f"seed {summary.get('seed', 0)}"]
    return " · ".join(parts + ([f"{retries} requests made again"] if retries else []))


def _columns(cell: Summary, accuracy: dict[str, float]) -> list[str]:
    return [
        str(cell["n"]),
        percent(accuracy["value"]),
        interval(accuracy),
        whole(cell["reasoning_tokens"]),
        f"{cell['seconds']['p50']:.2f}",
        f"{cell['seconds']['p95']:.2f}",
        *(percent(cell[share]) for share in ("truncated", "looped", *DECLINED)),
    ]


def _differences(pairs: dict[str, Any], what: str) -> Table:
    table = _table("task", what)
    for head in ("points", "95 %", "McNemar p", ""):
        table.add_column(head, justify="right", no_wrap=True)
    for pair, groups in pairs.items():
        for group, d in groups.items():
            if d is not None:
                table.add_row(Text(group), Text(pair), *points(d), p_value(d), verdict(d))
    return table


def _pools(efforts: dict[str, Any]) -> Table:
    table = _table("effort", "k")
    for head in ("pass@k", "vote@k", "best@k", "best by"):
        table.add_column(head, justify="right", no_wrap=True)
    for effort, part in efforts.items():
        pool = part.get("pool", {"k": {}})
        for k, cell in pool["k"].items():
            values = ["-" if cell[kind] is None else estimate(cell[kind]) for kind in cell]
            table.add_row(effort, k, *values, ", ".join(pool["scored_by"]) or "-")
    return table


def _coverage(efforts: dict[str, Any]) -> Table:
    table = _table("effort")
    for head in ("right of those answered", "answered", "right, 95 %", "confidence from"):
        table.add_column(head, justify="right", no_wrap=True)
    for effort, part in efforts.items():
        if (found := part.get("coverage")) is not None:
            at = found["at"]
            shown = ["none", "-", "-"]
            if at is not None:
                shown = [percent(at["coverage"]), interval(at), f"{at['confidence']:.4f}"]
            table.add_row(effort, f"{percent(found['target'])} or more", *shown)
    return table


def _hints(hints: dict[str, Any]) -> Table:
    table = _table("task", "effort")
    table.add_column("wrong, then right after a true hint", justify="right")
    table.add_column("right, and kept after a false complaint", justify="right")
    for effort, groups in hints.items():
        for group, cell in groups.items():
            shown = (counted(cell[kind]) for kind in ("repaired", "kept"))
            table.add_row(Text(group), effort, *shown)
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, no_wrap=True)
    return table
