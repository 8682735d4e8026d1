"""Which questions were answered wrongly: what was asked, wanted, and said, to be read through."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from secondthought.effort import Effort
from secondthought.evals import results
from secondthought.evals.results import Row
from secondthought.messages import BadInput

_SHOWN = 1000  # characters of a text; of an answer the end, where it says what it says
_INDENT = " " * 11


def read(path: Path) -> str:
    """`listing` of a result file, also of one that was stopped. Raises BadInput for a file
    without answers."""
    rows, _ = results.read(path)
    if not rows:
        raise BadInput(f"{path} holds no answers; run that evaluation first")
    return listing(rows)


def listing(rows: Sequence[Row]) -> str:
    """Every question with a wrong answer, once, by group and id; under it all its
    wrong answers by model, effort and sample, with the reason where there is one. An answer that
    failed is told as such. The last line counts.

    Texts are as models and files gave them: whoever prints them takes out control characters.
    """
    by_question: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.group, _natural(row.id))):
        by_question.setdefault((row.group, row.id), []).append(row)
    several = len({row.model for row in rows}) > 1
    parts = [
        "\n".join(_question(wrong, several))
        for found in by_question.values()
        if (wrong := sorted((row for row in found if not row.correct), key=_place))
    ]
    failed = sum(row.error is not None for row in rows)
    wrong = sum(not row.correct for row in rows) - failed
    said = f"{wrong} of {len(rows)} answers are wrong" + (f" and {failed} failed" if failed else "")
    return "\n\n".join([*parts, f"{said}, to {len(parts)} of {len(by_question)} questions"])


def _natural(id: str) -> list[str | int]:
    """So that 10 comes after 9: texts and numbers by turns, a text first."""
    return [int(part) if i % 2 else part for i, part in enumerate(re.split(r"([0-9]{1,18})", id))]


def _place(row: Row) -> tuple[str, int, int]:
    return row.model, [str(e) for e in Effort].index(row.effort), row.sample


def _question(wrong: Sequence[Row], several: bool) -> Iterator[str]:
    first = wrong[0]
    yield f"{first.id} ({first.group})"
    yield _field("question", first.question)
    yield _field("wanted", first.want)
    if first.first is not None:
        yield "  the second answers, after the asker said whether the first ones were right:"
    for row in wrong:
        marks = [row.effort, *([row.model] if several else [])]
        marks += [f"sample {row.sample + 1}"] if row.sample else []
        marks += [row.finish_reason] if row.error is None and row.finish_reason != "stop" else []
        head = f"got, {', '.join(marks)}:"
        if row.error is not None:
            yield f"  {head} failed"
            yield _body(row.error)
            continue
        yield f"  {head}{'' if row.got.strip() else ' nothing'}"
        if row.got.strip():
            yield _body(row.got, end=True)
        if row.feedback:
            yield _field("because", row.feedback)


def _field(name: str, text: str) -> str:
    return f"  {name:<9}{_body(text).removeprefix(_INDENT)}".rstrip()


def _body(text: str, *, end: bool = False) -> str:
    text = text.strip()
    if len(text) > _SHOWN:
        text = f"... {text[-_SHOWN:]}" if end else f"{text[:_SHOWN]} ..."
    return textwrap.indent(text, _INDENT, lambda line: True)
