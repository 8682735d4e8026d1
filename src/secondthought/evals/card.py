"""The figures of a model card, from result files: `python -m secondthought.evals.card FILE...`.

Each file is the outcome of one `secondthought eval SUITE --effort none,medium --json FILE`; its
summary names the suite. Writes Markdown to stdout: the main table, how much can be answered at a
confidence, the stress table, hints and out-of-scope questions, whichever the files hold. All files
must be of the same weights.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from secondthought.evals import folder
from secondthought.evals.format import counted, estimate, interval, markdown, percent, points
from secondthought.evals.report import ALL, Summary
from secondthought.messages import BadInput

STRESS = {
    "held_out": "wordings held out",
    "gym": "reasoning-gym's wordings",
    "korean": "Korean",
    "longer": "levels above default",
    "symbols": "unseen symbols",
}


def load(paths: Sequence[Path]) -> dict[str, Summary]:
    """suite -> its figures, made anew from the rows. Raises BadInput for an unfinished file, a
    suite given twice, and files of several models or of different weights."""
    summaries: dict[str, Summary] = {}
    for path in paths:
        whole = folder.read(path)
        if whole.get("unfinished"):
            raise BadInput(f"{path} has no summary; run that evaluation to its end first")
        if len(whole["models"]) > 1:
            raise BadInput(f"{path} holds several models; a card shows one")
        summary: Summary = {"suite": whole["suite"], **next(iter(whole["models"].values()))}
        if summary["suite"] in summaries:
            raise BadInput(f"{path} is a second result of {summary['suite']}; give one a suite")
        summaries[summary["suite"]] = summary
    if len({summary["weights"] for summary in summaries.values()}) > 1:
        raise BadInput("the files are of different weights; a card shows one model")
    return summaries


def card(summaries: dict[str, Summary]) -> str:
    """The tables as Markdown, in the order of the card."""
    parts: list[str] = []
    if "default" in summaries:
        parts += ["### Main figures", main_table(summaries["default"])]
        if table := confidence_table(summaries["default"]):
            parts += ["### Confidence", table]
    stress = {suite: summaries[suite] for suite in STRESS if suite in summaries}
    if stress:
        parts += ["### Stress", stress_table(summaries.get("default"), stress)]
    if "hints" in summaries:
        parts += ["### Hints and false complaints", hint_table(summaries["hints"])]
    if "out_of_scope" in summaries:
        parts += ["### Out of scope", scope_table(summaries["out_of_scope"])]
    return "\n\n".join(parts) + "\n"


def main_table(summary: Summary) -> str:
    """Each task at each effort: share right, interval and n, tokens; and what thinking gains."""
    efforts: dict[str, Any] = summary["efforts"]
    gains: dict[str, Any] = summary.get("differences", {})
    head = ["task", "n"]
    for effort in efforts:
        head += [_loop(effort), "tokens"]
    lines = [[*head, *(f"{pair}, points" for pair in gains)]]
    for group in next(iter(efforts.values()))["tasks"]:
        cells = [effort["tasks"][group] for effort in efforts.values()]
        line = [group, str(cells[0]["n"])]
        for cell in cells:
            line += [estimate(cell["accuracy"]), f"{cell['reasoning_tokens'] or 0:.0f}"]
        lines.append([*line, *(_gain(pair.get(group)) for pair in gains.values())])
    mean = ["**mean**", ""]
    for effort in efforts.values():
        mean += [estimate(effort["mean"]), f"{effort['all']['reasoning_tokens'] or 0:.0f}"]
    lines.append([*mean, *(_gain(pair.get(ALL)) for pair in gains.values())])
    return markdown(lines)


def confidence_table(summary: Summary) -> str:
    """Each effort whose answers have a confidence: how many of the questions can be answered so
    that the target's share of the answers is right, see `coverage`. "" where none has one."""
    head = ["effort", "n", "right of those answered", "answered", "right, 95 %", "confidence from"]
    lines = [head]
    for effort, part in summary["efforts"].items():
        if (found := part.get("coverage")) is not None:
            at = found["at"]
            shown = ["none", "", ""]
            if at is not None:
                shown = [percent(at["coverage"]), interval(at), f"{at['confidence']:.4f}"]
            target = f"{percent(found['target'])} or more"
            lines.append([_loop(effort), str(part["all"]["n"]), target, *shown])
    return markdown(lines) if len(lines) > 1 else ""


def stress_table(main: Summary | None, stress: dict[str, Summary]) -> str:
    """Tasks by suites at the last effort of each (the thinking one); `longer` takes the mean of
    a task's levels. Empty where a suite does not have a task."""
    suites = ({"default": main} if main else {}) | stress
    columns = {suite: _by_task(summary) for suite, summary in suites.items()}
    tasks = dict.fromkeys(task for column in columns.values() for task in column)
    lines = [["task", *(STRESS.get(suite, suite) for suite in suites)]]
    for task in tasks:
        lines.append([task, *(_levels(column.get(task, [])) for column in columns.values())])
    means = [_last(summary)["mean"] for summary in suites.values()]
    lines.append(["**mean**", *(estimate(mean) for mean in means)])
    return markdown(lines)


def hint_table(summary: Summary) -> str:
    lines = [
        ["task", "effort", "wrong, right after a true hint", "right, kept when told it is not"]
    ]
    for effort, groups in summary["hints"].items():
        for group, cell in groups.items():
            lines.append([group, effort, counted(cell["repaired"]), counted(cell["kept"])])
    return markdown(lines)


def scope_table(summary: Summary) -> str:
    lines = [["effort", "kinds", "n", "refused or right", "kinds below 95 %"]]
    for effort, part in summary["efforts"].items():
        cell = part["all"]
        weak = [
            f"{kind} {percent(c['accuracy']['value'])}"
            for kind, c in part["tasks"].items()
            if c["accuracy"]["value"] < 0.95
        ]
        line = [effort, str(len(part["tasks"])), str(cell["n"]), estimate(cell["accuracy"])]
        lines.append([*line, ", ".join(weak) or "none"])
    return markdown(lines)


def _last(summary: Summary) -> dict[str, Any]:
    return list(summary["efforts"].values())[-1]


def _by_task(summary: Summary) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """task -> (level mark, cell) of each of its groups, as "gcd@5 held_out" names them."""
    tasks: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for group, cell in _last(summary)["tasks"].items():
        task, _, level = group.split(" ")[0].partition("@")
        tasks.setdefault(task, []).append((level, cell))
    return tasks


def _levels(cells: Sequence[tuple[str, dict[str, Any]]]) -> str:
    return "; ".join(
        (f"@{level}: " if level else "") + estimate(cell["accuracy"]) for level, cell in cells
    )


def _loop(effort: str) -> str:
    return "open loop (none)" if effort == "none" else f"closed loop ({effort})"


def _gain(difference: dict[str, Any] | None) -> str:
    if difference is None:
        return ""
    value, span = points(difference)
    return f"{value} ({span})"


if __name__ == "__main__":
    try:
        sys.stdout.write(card(load([Path(name) for name in sys.argv[1:]])))
    except BadInput as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
