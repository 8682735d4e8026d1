"""A run's report: one HTML file with everything in it, for people and for attaching.

Accuracy over training compute (log axis), the curriculum, the step metrics, and the same
questions answered before and after. Plots are drawn as SVG; nothing is loaded from elsewhere.
Whatever a model wrote is escaped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import pairwise
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from secondthought.messages import BadInput
from secondthought.stats import wilson

WIDTH, HEIGHT = 660, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 170, 16, 40
COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c6bb1",
    "#41ab5d", "#a65628", "#636363", "#f768a1", "#1b9e77", "#b8860b",
)  # fmt: skip
Points = list[tuple[float, float]]

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:1020px;margin:2em auto;padding:0 1em;
  color:#222;background:#fff}
h1{font-size:1.6em} h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #ddd}
table{border-collapse:collapse}
td,th{padding:.2em .8em;text-align:right;border-bottom:1px solid #eee}
td:first-child,th:first-child{text-align:left}
pre{white-space:pre-wrap;background:#f6f6f6;padding:.6em;overflow-wrap:anywhere;font-size:13px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1em} .right{color:#00703c}.wrong{color:#b00020}
.plots{display:flex;flex-wrap:wrap;gap:.5em} figure{margin:0} figcaption{font-size:13px;color:#555}
svg{max-width:100%;height:auto;font:11px system-ui,sans-serif}
@media(max-width:700px){.pair{grid-template-columns:1fr}}
"""

SMALL = (
    ("reward", "mean return, length penalty included"),
    ("length", "tokens of all attempts"),
    (
        "pass@1",
        "pass@1 of new questions at the levels drawn: the curriculum keeps it in the middle",
    ),
    ("pass@k", "share of questions with at least one right attempt"),
    ("anchor_pass@1", "pass@1 of questions of the other tasks: what the model is to keep"),
    ("repaired", "share of wrong answers that were right after a complaint"),
    ("again", "share of the tasks' questions that had been asked before"),
    ("length_right", "tokens of right attempts"),
    ("length_wrong", "tokens of wrong attempts"),
    ("entropy", "entropy of the policy, nats a token"),
    ("zero_variance", "share of groups all right or all wrong"),
    ("truncated", "share of attempts cut off, in thought or answer"),
    ("unfinished", "share of attempts cut off in an answer, which carry no loss"),
    ("circles", "share of thoughts closed because they went in circles"),
    ("unverified", "share of answers without a verdict (TRL)"),
    ("logprob_gap", "|log-prob by trainer - by sampler|, nats"),
    ("logprob_gap_max", "the same at the token where it is largest"),
    ("truncated_weights", "share of tokens whose importance weight was cut to 2"),
    ("clipped", "share of tokens at the clip"),
    ("loss", "loss"),
    ("gradient_norm", "gradient norm before clipping"),
    ("learning_rate", "learning rate"),
    ("tokens_per_second", "tokens sampled and trained a second"),
)


def report(run: Path) -> Path:
    """Write RUN/report.html, also of a run by TRL, which has no probes and no curriculum.

    Raises BadInput for a folder without metrics of reinforcement learning, or a full disk.
    """
    records = _lines(run / "metrics.jsonl")
    steps = [r for r in records if "reward" in r]
    probes = [r for r in records if "sampled_accuracy" in r]
    if not steps and not probes:
        raise BadInput(
            f"no reinforcement learning in {run}; name the --out folder of `train rl` (of a cold "
            "start, `train plot` draws the curve)"
        )
    samples, recipes = (
        _lines(run / name) if (run / name).is_file() else []
        for name in ("samples.jsonl", "recipe.jsonl")
    )
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width,initial-scale=1'>",
        f"<title>{escape(run.name)}</title><style>{STYLE}</style>",
        f"<h1>Reinforcement learning: {escape(run.name)}</h1>",
        _summary(steps, probes),
        _recipe(recipes),
        _accuracy(probes),
        _curriculum(steps),
        _steps(steps),
        _samples(samples),
        "</html>",
    ]
    path = run / "report.html"
    part = path.with_suffix(".part")
    try:
        part.write_text("\n".join(parts), "utf-8")
        os.replace(part, path)
    except OSError as error:
        raise BadInput(f"cannot write {path}: {error.strerror or error}") from error
    return path


def _lines(path: Path) -> list[dict[str, Any]]:
    """JSON lines; a torn last one is left out."""
    if not path.is_file():
        raise BadInput(f"there is no {path}; name the --out folder of a training run")
    rows: list[dict[str, Any]] = []
    for line in path.read_text("utf-8").splitlines():
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return rows


# --- the parts ----------------------------------------------------------------------------------


def _summary(steps: Sequence[Mapping[str, Any]], probes: Sequence[Mapping[str, Any]]) -> str:
    last = (steps or probes)[-1]
    facts = [("steps", str(last["step"]))]
    if last.get("backend") == "trl":
        facts.append(("trained by", f"TRL, {last['processes']} processes"))
        facts.append(("time of the steps", f"{_sum(steps, 'step_seconds') / 60:.1f} minutes"))
    else:
        facts += [
            ("tokens sampled", f"{last['sampled']:,}"),
            ("tokens trained", f"{last['trained']:,}"),
            ("training compute", f"{last['flops']:.2e} operations (estimated)"),
            ("time", f"{last['seconds'] / 60:.1f} minutes"),
        ]
    if steps and "shares" in last:
        shares = {k: _mean([s["shares"][k] for s in steps]) for k in steps[0]["shares"]}
        facts.append(("time by part", ", ".join(f"{k} {v:.0%}" for k, v in shares.items())))
        facts.append(("updates left out as not finite", str(steps[-1]["skipped"])))
        facts.append(("answers that could not be verified", str(sum(s["broken"] for s in steps))))
    rows = "".join(f"<tr><td>{k}<td>{escape(v)}" for k, v in facts)
    return f"<table>{rows}</table>"


def _recipe(recipes: Sequence[Mapping[str, Any]]) -> str:
    """All options of the run; where a resume changed one, from which step on it has been what."""
    if not recipes:
        return ""
    plain = [
        {**r, **r["recipe"], **{f"source {k}": v for k, v in r["source"].items()}} for r in recipes
    ]
    rows: list[str] = []
    for name in plain[-1]:
        if name in ("step", "recipe", "source"):
            continue
        said = [(r["step"], r.get(name)) for r in plain]
        kept = [said[0], *(b for a, b in pairwise(said) if a[1] != b[1])]
        values = [str(v).strip("[]").replace("'", "") for _, v in kept]
        text = "; ".join(
            f"from step {step}: {value}" if i else value
            for i, ((step, _), value) in enumerate(zip(kept, values, strict=True))
        )
        rows.append(f"<tr><td>{escape(name)}<td>{escape(text)}")
    return f"<details><summary>Options</summary><table>{''.join(rows)}</table></details>"


def _accuracy(probes: Sequence[Mapping[str, Any]]) -> str:
    if not probes:
        return ""
    first, last = probes[0], probes[-1]
    targets = list(last["sampled_accuracy"])
    series: dict[str, Points] = {}
    for task in targets:
        series[f"{task}, greedy"] = [(p["flops"], p["accuracy"][task]) for p in probes]
        series[f"{task}, T=1"] = [(p["flops"], p["sampled_accuracy"][task]) for p in probes]
    # a run that began as a demo has probes without the other tasks
    others = [t for t in last["accuracy"] if t not in targets]
    others = [t for t in others if all(t in p["accuracy"] for p in probes)]
    if others:
        series["other tasks, mean"] = [
            (p["flops"], _mean([p["accuracy"][t] for t in others])) for p in probes
        ]
    rows: list[str] = []
    for kind, tasks, part in (
        ("accuracy", targets, 1),
        ("sampled_accuracy", targets, 1),
        ("accuracy", others, 4),
    ):
        how = "T=1" if kind == "sampled_accuracy" else "greedy"
        counts = [max(1, p["items"] // part) for p in (first, last)]
        shown = " and ".join(map(str, dict.fromkeys(counts)))
        for task in tasks:
            before, after = (
                wilson(round(p[kind][task] * n), n)
                for p, n in zip((first, last), counts, strict=True)
            )
            rows.append(
                f"<tr><td>{escape(task)}<td>{how}<td>{before.value:.2f}"
                f"<td>{before.low:.2f} to {before.high:.2f}<td>{after.value:.2f}"
                f"<td>{after.low:.2f} to {after.high:.2f}<td>{shown}"
            )
    plot = _plot(series, "training compute, operations (log; the left end is the start)", log=True)
    return (
        "<h2>Accuracy over training compute</h2>"
        f"<figure>{plot}<figcaption>Questions of other seeds than the training's, at each "
        "task's default level, the same ones at every point.</figcaption></figure>"
        "<table><tr><th>task<th>sampling<th>before<th>95 %<th>after<th>95 %<th>questions"
        f"{''.join(rows)}</table>"
    )


def _curriculum(steps: Sequence[Mapping[str, Any]]) -> str:
    steps = [s for s in steps if "drawn" in s]
    if not steps:
        return ""
    figures: list[str] = []
    drawn_tasks = {name.rpartition(" ")[0] for s in steps for name in s["drawn"]}
    for task in sorted(drawn_tasks):
        levels = sorted({k for s in steps for k in s["rates"].get(task, {})}, key=int)
        series = {
            f"level {level}": [
                (s["step"], s["rates"][task][level])
                for s in steps
                if level in s["rates"].get(task, {})
            ]
            for level in levels
        }
        counts = [sum(s["drawn"].get(f"{task} {level}", 0) for s in steps) for level in levels]
        caption = ", ".join(f"level {k}: {n}" for k, n in zip(levels, counts, strict=True))
        figures.append(
            f"<figure>{_plot(series, 'step', size=(430, 190))}<figcaption>{escape(task)}; groups "
            f"drawn: {caption or 'only with the answer at once'}</figcaption></figure>"
        )
    return (
        f"<h2>Curriculum: measured pass rate by level</h2><div class=plots>{''.join(figures)}</div>"
    )


def _steps(steps: Sequence[Mapping[str, Any]]) -> str:
    if not steps:
        return ""
    figures: list[str] = []
    for name, what in SMALL:
        points: Points = [(s["step"], s[name]) for s in steps if s.get(name) is not None]
        if points:
            figures.append(
                f"<figure>{_plot({name: points}, 'step', size=(430, 190))}"
                f"<figcaption>{escape(name)}: {escape(what)}</figcaption></figure>"
            )
    return f"<h2>Steps</h2><div class=plots>{''.join(figures)}</div>"


def _samples(samples: Sequence[Mapping[str, Any]]) -> str:
    if not samples:
        return ""
    first, last = samples[0]["step"], samples[-1]["step"]
    after = {(s["task"], s["question"]): s for s in samples if s["step"] == last}
    parts = [f"<h2>The same questions at step {first} and step {last}, greedy</h2>"]
    for before in samples:
        if before["step"] != first:
            continue
        pair = (before, after.get((before["task"], before["question"])))
        cells = "".join(f"<div>{_sample(s)}</div>" for s in pair if s is not None)
        head = f"{before['task']}, level {before['level']}: {before['question']}"
        parts.append(f"<h3>{escape(head)}</h3><div class=pair>{cells}</div>")
    return "".join(parts)


def _sample(sample: Mapping[str, Any]) -> str:
    mark = "right" if sample["right"] else "wrong"
    return (
        f"step {sample['step']}: <b class={mark}>{escape(sample['answer'])} ({mark})</b>"
        f"<pre>{escape(sample['thought'])}</pre>"
    )


# --- one plot -----------------------------------------------------------------------------------


def _plot(
    series: Mapping[str, Points],
    label: str,
    *,
    log: bool = False,
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> str:
    """Lines as SVG. log: a logarithmic x axis; points at 0 stand at its left end."""
    width, height = size
    right = RIGHT if len(series) > 1 else 12
    xs = [x for line in series.values() for x, _ in line]
    ys = [y for line in series.values() for _, y in line]
    if not xs:
        return ""
    positive = [x for x in xs if x > 0] or [1.0]
    start = 10 ** floor(log10(min(positive))) if log else min(xs)
    end = max(xs) if max(xs) > start else start + 1
    low, high = min(0.0, min(ys)), max(ys) * 1.05 or 1.0
    if all(0 <= y <= 1 for y in ys) and max(ys) > 0.2:
        high = 1.0

    def place(value: float, a: float, b: float) -> float:
        return (value - a) / (b - a)

    def x_of(x: float) -> float:
        share = (
            place(log10(max(x, start)), log10(start), log10(end)) if log else place(x, start, end)
        )
        return LEFT + share * (width - LEFT - right)

    def y_of(y: float) -> float:
        return height - BOTTOM - place(y, low, high) * (height - TOP - BOTTOM)

    parts = [f"<svg viewBox='0 0 {width} {height}' width={width} height={height} role=img>"]
    parts += _axes(width - right, height, start, end, low, high, x_of, y_of, log)
    parts.append(f"<text x={LEFT} y={height - 6}>{escape(label)}</text>")
    for i, (name, line) in enumerate(series.items()):
        colour = COLOURS[i % len(COLOURS)]
        points = [(x_of(x), y_of(y)) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f"<polyline fill=none stroke='{colour}' stroke-width=1.6 points='{path}' />")
        if len(points) <= 40:
            parts += [f"<circle cx={x:.1f} cy={y:.1f} r=2.2 fill='{colour}' />" for x, y in points]
        if len(series) > 1:
            y = TOP + 8 + 15 * i
            parts.append(
                f"<text x={width - right + 10} y={y} fill='{colour}'>{escape(name[:26])}</text>"
            )
    return "".join([*parts, "</svg>"])


def _axes(
    edge: float,
    height: float,
    start: float,
    end: float,
    low: float,
    high: float,
    x_of: Callable[[float], float],
    y_of: Callable[[float], float],
    log: bool,
) -> list[str]:
    parts: list[str] = []
    for i in range(5):
        value = low + i * (high - low) / 4
        y = y_of(value)
        parts.append(f"<path d='M{LEFT} {y:.1f}H{edge}' stroke='#e5e5e5' />")
        parts.append(f"<text x={LEFT - 6} y={y + 4:.1f} text-anchor=end>{value:.3g}</text>")
    if log:
        ticks = [10.0**e for e in range(ceil(log10(start) - 1e-9), floor(log10(end)) + 1)]
    else:
        ticks = [start + i * (end - start) / 4 for i in range(5)]
    for value in ticks:
        x = x_of(value)
        parts.append(f"<path d='M{x:.1f} {height - BOTTOM}v4' stroke='#888' />")
        shown = f"1e{round(log10(value))}" if log else f"{value:.4g}"
        y = height - BOTTOM + 16
        parts.append(f"<text x={x:.1f} y={y} text-anchor=middle>{shown}</text>")
    return parts


def _sum(steps: Sequence[Mapping[str, Any]], name: str) -> float:
    return sum(s.get(name) or 0.0 for s in steps)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
