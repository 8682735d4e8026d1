"""The report folder: report.md, pictures and results.jsonl, all made of the results alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from secondthought import __version__
from secondthought.effort import Effort
from secondthought.evals import curves, results
from secondthought.evals.compare import verdict
from secondthought.evals.curves import POOLED
from secondthought.evals.format import (
    counted,
    estimate,
    markdown,
    p_value,
    percent,
    points,
    whole,
)
from secondthought.evals.report import DECLINED, Summary, summarise
from secondthought.evals.results import Row
from secondthought.messages import BadInput

RESULTS = "results.jsonl"
_OURS = {"summary", "models", "between"}
_EARLIER = {"model", "weights", "efforts", "differences", "hints"}  # one model's, once


def read(path: Path, **changes: Any) -> Summary:
    """The summary of a result file, made anew from its rows; also of an unfinished one, which
    it says ("unfinished": True). changes: settings that differ. Raises BadInput for a file
    without rows."""
    rows, kept = results.read(path)
    if not rows:
        raise BadInput(f"{path} holds no answers; run that evaluation first")
    settings = {k: v for k, v in (kept or {"unfinished": True}).items() if k not in _OURS}
    settings = {k: v for k, v in settings.items() if k not in _EARLIER}
    return summarise(_in_order(rows, kept or {}), **settings | changes)


def _in_order(rows: Sequence[Row], summary: Summary) -> list[Row]:
    """Rows stand in a file as they were done; what is compared with what goes by the order in
    which models and efforts were named, which the summary kept."""
    models = dict.fromkeys((*summary.get("models", {}), *(row.model for row in rows)))
    asked = [e for m in summary.get("models", {}).values() for e in m["efforts"]]
    places = [list(models), list(dict.fromkeys((*asked, *Effort)))]
    groups = [g for m in summary.get("models", {}).values() for g in _groups(m)]
    places.append(list(dict.fromkeys((*groups, *sorted({row.group for row in rows})))))
    return sorted(
        rows,
        key=lambda row: tuple(
            place.index(name)
            for place, name in zip(places, (row.model, row.effort, row.group), strict=True)
        ),
    )


def _groups(figures: Summary) -> list[str]:
    return [group for part in figures["efforts"].values() for group in part["tasks"]]


def write(path: Path, folder: Path, **changes: Any) -> list[Path]:
    """Make the report of the result file `path` in `folder`; what was written, the report first.
    changes: settings of the summary that differ.

    Without matplotlib there are no pictures, and the report says so. Raises BadInput for a file
    that cannot be read or a folder that cannot be written.
    """
    summary = read(path, **changes)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / RESULTS
        if not (kept.exists() and kept.samefile(path)):
            shutil.copyfile(path, kept)
        pictures = _pictures(summary, folder)
        report = folder / "report.md"
        report.write_text(text(summary, pictures), "utf-8")
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be written: {error.strerror}; choose another folder"
        ) from error
    return [report, *(folder / name for name in pictures), kept]


def _pictures(summary: Summary, folder: Path) -> list[str]:
    try:
        from secondthought.evals import plots

        return plots.draw(summary, folder)
    except ImportError:
        return []


def text(summary: Summary, pictures: list[str]) -> str:
    """The report as Markdown."""
    return "\n\n".join(_parts(summary, pictures)) + "\n"


def _parts(summary: Summary, pictures: list[str]) -> Iterator[str]:
    models: dict[str, Summary] = summary["models"]
    yield f"# Evaluation: {_plain(summary.get('suite', 'questions'))}"
    if summary.get("unfinished"):
        yield "**Unfinished:** these are the answers that were there when it was stopped."
    yield markdown([["setting", ""], *_settings(summary)])
    yield "## Accuracy"
    yield _accuracy(models)
    if "accuracy.svg" in pictures:
        yield (
            "![accuracy over tokens](accuracy.svg)\n\nTokens are all that was generated for an "
            "answer, thrown-away samples included; bars are 95 % intervals."
        )
    else:
        yield "Pictures need matplotlib: `pip install 'secondthought[plot]'`, then make it again."
    if any("differences" in figures for figures in models.values()):
        yield "## What effort gains"
        yield (
            "The same questions at two efforts. Interval: bootstrap over questions, 95 %. "
            "p: McNemar's exact test."
        )
        for name, figures in models.items():
            if "differences" in figures:
                yield from ([f"### {_plain(name)}"] if len(models) > 1 else [])
                yield _differences(figures["differences"])
        yield "## Where it is not worth it"
        yield _not_worth(models)
    for effort, pairs in summary.get("between", {}).items():
        if pairs:
            yield f"## Models compared, effort {effort}"
            yield _differences(pairs)
    for name, figures in models.items():
        pools = {e: part["pool"] for e, part in figures["efforts"].items() if "pool" in part}
        if pools:
            yield f"## From k samples: {_plain(name)}"
            yield _pools(pools)
    if covered := curves.coverage(summary):
        yield "## Answering only when sure"
        yield _coverage(covered)
        if "coverage.svg" in pictures:
            yield "![accuracy over coverage](coverage.svg)"
    for name, figures in models.items():
        yield f"## By task: {_plain(name)}"
        yield _tasks(figures["efforts"])
        if "hints" in figures:
            yield _hints(figures["hints"])
    if "tasks.svg" in pictures:
        yield "![accuracy over tokens, by task](tasks.svg)"
    yield (
        f"Made by secondthought {__version__} from `{RESULTS}` alone: "
        f"`secondthought eval report {RESULTS} -o DIR` makes it again."
    )


def _settings(summary: Summary) -> Iterator[list[str]]:
    for name, figures in summary["models"].items():
        yield ["model", f"{name or '?'}, weights {figures['weights'] or 'unknown'}"]
    for key, value in summary.items():
        if key not in _OURS and value is not None and not isinstance(value, dict):
            yield [key.replace("_", " "), str(value)]
    for effort, policy in summary.get("policies", {}).items():
        yield [f"policy of {effort}", ", ".join(f"{k} {v}" for k, v in policy.items())]
    for kind, tasks in summary.get("verifiers", {}).items():
        yield [f"verifier: {kind}", ", ".join(tasks)]


def _accuracy(models: dict[str, Summary]) -> str:
    lines = [["model", "effort", "questions", "right, mean over tasks (95 %)", "tokens", "p50 s"]]
    lines[0] += ["errors", "requests made again"]
    for name, figures in models.items():
        for effort, part in figures["efforts"].items():
            cell = part["all"]
            lines.append([name, effort, str(cell["n"]), estimate(part["mean"])])
            lines[-1] += [whole(cell["completion_tokens"]), f"{cell['seconds']['p50']:.2f}"]
            lines[-1] += [str(cell["errors"]), str(cell["retries"])]
    return markdown(lines)


def _differences(pairs: dict[str, Any]) -> str:
    lines = [["", "task", "n", "points", "95 %", "better", "worse", "p", "shown"]]
    for pair, groups in pairs.items():
        for group, d in groups.items():
            if d is not None:
                counts = [str(d["better"]), str(d["worse"]), p_value(d)]
                lines.append([pair, group, str(d["n"]), *points(d), *counts, verdict(d)])
    return markdown(lines)


def _not_worth(models: dict[str, Summary]) -> str:
    """Where the second of two efforts has shown no gain, with what it cost."""
    lines = [["model", "", "task", "points", "95 %", "tokens", "instead of"]]
    for name, figures in models.items():
        efforts = figures["efforts"]
        for pair, groups in figures.get("differences", {}).items():
            later, first = pair.split(" - ")
            for group, d in groups.items():
                if d is not None and verdict(d) != "gain":
                    costs = [_tokens(efforts[e], group) for e in (later, first)]
                    lines.append([name, pair, group, *points(d), *costs])
    if len(lines) == 1:
        return "Nowhere: every comparison shows a gain."
    return f"Comparisons that show no gain, and what was paid for it:\n\n{markdown(lines)}"


def _tokens(effort: Summary, group: str) -> str:
    return whole(effort["tasks"].get(group, effort["all"])["completion_tokens"])


def _pools(pools: dict[str, Summary]) -> str:
    by = sorted({kind for pool in pools.values() for kind in pool["scored_by"]})
    lines = [["effort", "k", *POOLED.values()]]
    for effort, pool in pools.items():
        for k, cell in pool["k"].items():
            shown = ["-" if cell[kind] is None else estimate(cell[kind]) for kind in POOLED]
            lines.append([effort, k, *shown])
    best = f"best@k goes by: {', '.join(by)} (no answer key). " if by else ""
    exact = "Exact over all subsets of k of one pool; 95 % intervals over questions."
    return f"{best}{exact}\n\n{markdown(lines)}"


def _coverage(covered: dict[str, Summary]) -> str:
    lines = [["model, effort", "right of those answered", "answered", "right (95 %)"]]
    lines[0] += ["confidence from", "answered, interval above it"]
    for name, figures in covered.items():
        at, sure = figures["at"], figures["sure"]
        cells, surely = ["none", "-", "-"], "none"
        if at is not None:
            right = estimate({**at, "value": at["accuracy"]})
            cells = [percent(at["coverage"]), right, f"{at['confidence']:.4f}"]
        if sure is not None:
            surely = f"{percent(sure['coverage'])}, from {sure['confidence']:.4f}"
        lines.append([name, f"{percent(figures['target'])} or more", *cells, surely])
    return (
        "The largest share of the questions that can be answered so that so many of the answers "
        'are right; all others are "I don\'t know.". The last column asks it of the lower end '
        f"of the 95 % interval. Thresholds are chosen on these very answers.\n\n{markdown(lines)}"
    )


def _tasks(efforts: dict[str, Any]) -> str:
    head = ["task", "effort", "n", "right (95 %)", "tokens", "cut", "looped", *DECLINED.values()]
    lines = [head]
    for effort, part in efforts.items():
        for group, cell in part["tasks"].items():
            shares = [cell[share] for share in ("truncated", "looped", *DECLINED)]
            lines.append([group, effort, str(cell["n"]), estimate(cell["accuracy"])])
            lines[-1] += [whole(cell["completion_tokens"])]
            lines[-1] += ["-" if s is None else f"{100 * s:.1f} %" for s in shares]
    return markdown(lines)


def _hints(hints: dict[str, Any]) -> str:
    lines = [["task", "effort", "wrong, right after a true hint", "right, kept when told not"]]
    for effort, groups in hints.items():
        for group, cell in groups.items():
            lines.append([group, effort, counted(cell["repaired"]), counted(cell["kept"])])
    return markdown(lines)


def _plain(text: str) -> str:
    """A name in one line."""
    return " ".join(text.split())
