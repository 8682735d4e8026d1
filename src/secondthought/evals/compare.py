"""Two ways of answering the same questions, compared question by question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from secondthought.evals.results import Row
from secondthought.stats import mcnemar, paired_difference

_FEWEST = 6  # questions that differ


def shares(rows: Sequence[Row]) -> dict[str, float]:
    """question -> the share of its answers that are right; a question that failed is wrong."""
    outcomes: defaultdict[str, list[bool]] = defaultdict(list)
    for row in rows:
        outcomes[row.id].append(row.correct)
    return {id: sum(found) / len(found) for id, found in outcomes.items()}


def difference(a: Sequence[Row], b: Sequence[Row]) -> dict[str, Any] | None:
    """b's share of right answers minus a's, over the questions that both were asked.

    {n, value, low, high: bootstrap over questions, 95 %; better, worse: questions on which b is;
    mcnemar_p: exact, None where questions were asked several times (answers to one question are
    not independent; the interval allows for that)}. None without common questions.
    """
    before, after = shares(a), shares(b)
    common = [id for id in before if id in after]
    if not common:
        return None
    x, y = [before[id] for id in common], [after[id] for id in common]
    once = all(share in (0.0, 1.0) for share in (*x, *y)) and max(_samples(a), _samples(b)) == 1
    return {
        "n": len(common),
        **asdict(paired_difference(x, y)),
        "better": sum(q > p for p, q in zip(x, y, strict=True)),
        "worse": sum(q < p for p, q in zip(x, y, strict=True)),
        "mcnemar_p": mcnemar([p == 1 for p in x], [q == 1 for q in y]) if once else None,
    }


def verdict(d: dict[str, Any]) -> str:
    """What an interval shows, in a word; of few questions, whose interval is too narrow, the exact
    test has to agree. Where that is not to be had (questions asked several times), as many have to
    differ as it takes for an exact test to say anything: 5 of 5 have a two-sided p of 0.0625."""
    p = d.get("mcnemar_p")
    if p is not None and p >= 0.05:
        return "not shown"
    if d["better"] + d["worse"] < _FEWEST:
        return "not shown"
    if d["low"] > 0:
        return "gain"
    return "loss" if d["high"] < 0 else "not shown"


def _samples(rows: Sequence[Row]) -> int:
    return 1 + max((row.sample for row in rows), default=0)
