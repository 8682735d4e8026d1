"""From rows to figures: the summary that ends a result file, and its tables on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from secondthought.evals.results import Row
from secondthought.stats import mcnemar, mean_of, paired_difference, quantile, wilson

_TRUNCATED = ("thought_cap", "length", "deadline")


def summarise(
    rows: Sequence[Row], *, suite: str, model: str, weights: str, **settings: Any
) -> dict[str, Any]:
    """The summary as JSON values.

    efforts[e].tasks[t]: n, correct, accuracy {value, low, high: Wilson 95 %}, reasoning_tokens
    (mean), seconds {p50, p95}, shares truncated, looped, refused (of questions in scope, None
    where there are none), errors (count). efforts[e].mean: over tasks, each weighing the same.
    differences: each later effort against the first, on the same questions. hints: shares of
    wrong first answers repaired and of right ones kept. settings: seed and such, as given.
    """
    efforts = _unique(row.effort for row in rows)
    groups = _unique(row.group for row in rows)
    table = {
        (e, g): [r for r in rows if (r.effort, r.group) == (e, g)] for e in efforts for g in groups
    }
    summary: dict[str, Any] = {
        "summary": True,
        "suite": suite,
        "model": model,
        "weights": weights,
        **settings,
        "efforts": {e: _effort({g: table[e, g] for g in groups if table[e, g]}) for e in efforts},
    }
    if len(efforts) > 1:
        first = efforts[0]
        summary["differences"] = {
            f"{e} - {first}": {g: _difference(table[first, g], table[e, g]) for g in groups}
            for e in efforts[1:]
        }
    if any(row.first is not None for row in rows):
        summary["hints"] = {e: {g: _hints(table[e, g]) for g in groups} for e in efforts}
    return summary


def _effort(tasks: dict[str, list[Row]]) -> dict[str, Any]:
    cells = {group: _cell(rows) for group, rows in tasks.items()}
    everything = [row for rows in tasks.values() for row in rows]
    mean = mean_of([wilson(sum(r.correct for r in rows), len(rows)) for rows in tasks.values()])
    return {"mean": asdict(mean), "tasks": cells, "all": _cell(everything)}


def _cell(rows: Sequence[Row]) -> dict[str, Any]:
    correct = sum(row.correct for row in rows)
    answered = [row for row in rows if row.error is None]
    in_scope = [row for row in answered if row.in_scope]
    return {
        "n": len(rows),
        "correct": correct,
        "accuracy": asdict(wilson(correct, len(rows))),
        "reasoning_tokens": _share(answered, lambda r: r.reasoning_tokens),
        "seconds": {
            "p50": quantile([row.seconds for row in answered], 0.5),
            "p95": quantile([row.seconds for row in answered], 0.95),
        },
        "truncated": _share(answered, lambda r: r.finish_reason in _TRUNCATED),
        "looped": _share(answered, lambda r: r.finish_reason == "repetition"),
        "refused": _share(in_scope, lambda r: r.refused),
        "errors": len(rows) - len(answered),
    }


def _share(rows: Sequence[Row], of: Callable[[Row], float]) -> float | None:
    return sum(of(row) for row in rows) / len(rows) if rows else None


def _difference(a: Sequence[Row], b: Sequence[Row]) -> dict[str, Any] | None:
    first = {row.id: row.correct for row in a}
    pairs = [(first[row.id], row.correct) for row in b if row.id in first]
    if not pairs:
        return None
    before, after = [x for x, _ in pairs], [y for _, y in pairs]
    estimate = paired_difference(before, after)
    return {"n": len(pairs), **asdict(estimate), "mcnemar_p": mcnemar(before, after)}


def _hints(rows: Sequence[Row]) -> dict[str, Any]:
    answered = [row for row in rows if row.error is None]
    wrong = [row for row in answered if row.first_correct is False]
    right = [row for row in answered if row.first_correct is True]
    return {
        kind: {"n": len(part), **asdict(wilson(sum(r.correct for r in part), len(part)))}
        for kind, part in (("repaired", wrong), ("kept", right))
    }


def render(summary: dict[str, Any]) -> RenderableType:
    """The summary as tables for a terminal."""
    efforts: dict[str, Any] = summary["efforts"]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("task", no_wrap=True)
    table.add_column("effort", no_wrap=True)
    for head in ("n", "right", "95 %", "tokens", "p50 s", "p95 s", "cut", "looped", "refused"):
        table.add_column(head, justify="right", no_wrap=True)
    for effort, part in efforts.items():
        for group, cell in part["tasks"].items():
            table.add_row(group, effort, *_columns(cell, cell["accuracy"]))
        if len(part["tasks"]) > 1:
            label = Text(f"mean of {len(part['tasks'])}", style="bold")
            table.add_row(label, effort, *_columns(part["all"], part["mean"]), end_section=True)
    parts: list[RenderableType] = [table]
    if "differences" in summary:
        parts += ["", _difference_table(summary["differences"])]
    if "hints" in summary:
        parts += ["", _hint_table(summary["hints"])]
    errors = sum(part["all"]["errors"] for part in efforts.values())
    if errors:
        parts += ["", f"{errors} questions failed and count as wrong; run again to ask them anew"]
    name = f"{summary['model']} · weights {summary['weights'] or 'unknown'}"
    parts += ["", Text(f"{name} · seed {summary.get('seed', 0)}", style="dim")]
    return Group(*parts)


def _columns(cell: dict[str, Any], accuracy: dict[str, float]) -> list[str]:
    tokens = cell["reasoning_tokens"]
    return [
        str(cell["n"]),
        percent(accuracy["value"]),
        interval(accuracy),
        "-" if tokens is None else f"{tokens:.0f}",
        f"{cell['seconds']['p50']:.2f}",
        f"{cell['seconds']['p95']:.2f}",
        *(percent(cell[share]) for share in ("truncated", "looped", "refused")),
    ]


def _difference_table(differences: dict[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("task", no_wrap=True)
    table.add_column("efforts", no_wrap=True)
    for head in ("points", "95 %", "McNemar p"):
        table.add_column(head, justify="right", no_wrap=True)
    for pair, groups in differences.items():
        for group, d in groups.items():
            if d is not None:
                span = f"{100 * d['low']:+.1f} to {100 * d['high']:+.1f}"
                table.add_row(
                    group, pair, f"{100 * d['value']:+.1f}", span, f"{d['mcnemar_p']:.2g}"
                )
    return table


def _hint_table(hints: dict[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("task", no_wrap=True)
    table.add_column("effort", no_wrap=True)
    table.add_column("wrong, then right after a true hint", justify="right")
    table.add_column("right, and kept after a false complaint", justify="right")
    for effort, groups in hints.items():
        for group, cell in groups.items():
            table.add_row(group, effort, *(counted(cell[kind]) for kind in ("repaired", "kept")))
    return table


def counted(share: dict[str, Any]) -> str:
    """ "61.5 % (35.5 to 82.3, n 13)", or "none" for n = 0."""
    if not share["n"]:
        return "none"
    return f"{percent(share['value'])} ({interval(share)}, n {share['n']})"


def percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def interval(estimate: dict[str, float]) -> str:
    return f"{100 * estimate['low']:.1f} to {100 * estimate['high']:.1f}"


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
