"""Figures as people read them, on the terminal and in Markdown alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def interval(estimate: dict[str, float]) -> str:
    return f"{100 * estimate['low']:.1f} to {100 * estimate['high']:.1f}"


def estimate(e: dict[str, float]) -> str:
    """ "61.5 % (35.5 to 82.3)"."""
    return f"{percent(e['value'])} ({interval(e)})"


def points(difference: dict[str, Any]) -> tuple[str, str]:
    """A difference of shares and its interval, in points."""
    low, high = 100 * difference["low"], 100 * difference["high"]
    return f"{100 * difference['value']:+.1f}", f"{low:+.1f} to {high:+.1f}"


def p_value(difference: dict[str, Any]) -> str:
    p = difference["mcnemar_p"]
    return "-" if p is None else f"{p:.2g}"


def counted(share: dict[str, Any]) -> str:
    """ "61.5 % (35.5 to 82.3, n 13)", or "none" for n = 0."""
    if not share["n"]:
        return "none"
    return f"{percent(share['value'])} ({interval(share)}, n {share['n']})"


def whole(number: float | None) -> str:
    return "-" if number is None else f"{number:,.0f}"


def markdown(lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first line is its head."""
    head, *body = [f"| {' | '.join(_cell(c) for c in line)} |" for line in lines]
    return "\n".join([head, "|" + " --- |" * len(lines[0]), *body])


def _cell(text: str) -> str:
    """Names may come from files: nothing of them may end the cell."""
    return " ".join(text.split()).replace("|", "\\|")
