"""A summary as tables for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
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

_COST = ("n", "right", "95 %", "thought", "p50 s", "p95 s")
_ENDS = {"truncated": "cut", "looped": "looped", **DECLINED}
_ALL_COLUMNS = 10_000  # of a console as wide as any table


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


class _ByWidth:
    """The table as a whole where it fits, else the same figures one part below the other: a
    figure that is cut off is worse than a second table."""

    def __init__(self, whole: Table, *parts: RenderableType) -> None:
        self._whole = whole
        self._parts = parts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        needed = Measurement.get(console, options.update(width=_ALL_COLUMNS), self._whole).maximum
        if needed <= options.max_width:
            yield self._whole
        else:
            yield from self._parts


def _model(figures: Summary) -> list[RenderableType]:
    efforts: dict[str, Any] = figures["efforts"]
    parts: list[RenderableType] = [_accuracy(efforts), ""]
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
    parts += [f"seed {summary.get('seed', 0)}", "thought: tokens an answer"]
    return " · ".join(parts + ([f"{retries} requests made again"] if retries else []))


def _accuracy(efforts: dict[str, Any]) -> _ByWidth:
    """Of each task and effort: how often right, what it took, and how else answers ended."""
    table, cost, ends = (_table("task", "effort") for _ in range(3))
    for part, heads in ((table, (*_COST, *_ENDS.values())), (cost, _COST), (ends, _ENDS.values())):
        for head in heads:
            part.add_column(head, justify="right", no_wrap=True)
    for effort, part in efforts.items():
        rows = [(Text(group), cell, cell["accuracy"]) for group, cell in part["tasks"].items()]
        if len(rows) > 1:
            label = Text(f"mean of {len(rows)}", style="bold")
            rows.append((label, part["all"], part["mean"]))
        for label, cell, accuracy in rows:
            last = label is rows[-1][0] and len(rows) > 1
            took, ended = _took(cell, accuracy), [percent(cell[share]) for share in _ENDS]
            table.add_row(label, effort, *took, *ended, end_section=last)
            cost.add_row(label, effort, *took, end_section=last)
            if any(cell[share] for share in _ENDS):
                ends.add_row(label, effort, *ended)
    none = Text(f"{', '.join(_ENDS.values())}: none")
    return _ByWidth(table, cost, Text(), ends if ends.rows else none)


def _took(cell: Summary, accuracy: dict[str, float]) -> list[str]:
    return [
        str(cell["n"]),
        percent(accuracy["value"]),
        interval(accuracy),
        whole(cell["reasoning_tokens"]),
        f"{cell['seconds']['p50']:.2f}",
        f"{cell['seconds']['p95']:.2f}",
    ]


def _differences(pairs: dict[str, Any], what: str) -> Table:
    table = _table("task", what, wrapped=2)
    for head in ("points", "95 %", "McNemar p", ""):
        table.add_column(head, justify="right", no_wrap=True)
    for pair, groups in pairs.items():
        for group, d in groups.items():
            if d is not None:
                table.add_row(Text(group), Text(pair), *points(d), p_value(d), verdict(d))
    return table


def _pools(efforts: dict[str, Any]) -> _ByWidth:
    table, narrow = _table("effort", "k"), _table("effort", "k")
    for part in (table, narrow):
        for head in ("pass@k", "vote@k", "best@k"):
            part.add_column(head, justify="right", no_wrap=True)
        part.add_column("best by", justify="right")
    for effort, part in efforts.items():
        pool = part.get("pool", {"k": {}})
        by = ", ".join(pool.get("scored_by", ())) or "-"
        for k, cell in pool["k"].items():
            found = list(cell.values())
            table.add_row(effort, k, *("-" if e is None else estimate(e) for e in found), by)
            below = ("-" if e is None else f"{percent(e['value'])}\n{interval(e)}" for e in found)
            narrow.add_row(effort, k, *below, by)
    return _ByWidth(table, narrow)


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


def _table(*columns: str, wrapped: int = 1) -> Table:
    """wrapped: so many of the columns hold names, and give way where a terminal is narrow."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        table.add_column(name, no_wrap=number >= wrapped, overflow="fold")
    return table
