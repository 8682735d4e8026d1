"""What the readers of all dialects share: a judged piece of a line, and laying it over steps.

A judge follows one task's thought line by line and says which pieces of a line are right. It is
chosen by the thought's first line (`steps.Reader`). Judges hold plain data, so that a reader can
be copied and a line that was thrown away read anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from secondthought.trace import Outcome, Step, Verdict

VERIFIER = "steps"
TRIED = "this was tried before"
"""Feedback to a step of a search that comes back to what the search has refused."""
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
WORD = re.compile(r"\S+")


def judged(ok: bool, feedback: str = "") -> Verdict:
    return Verdict.of(ok, "" if ok else feedback, verifier=VERIFIER)


def unknown() -> Verdict:
    return Verdict(Outcome.CANNOT_TELL, verifier=VERIFIER)


@dataclass(frozen=True, slots=True)
class Piece:
    """start, end: half-open span of characters in the line."""

    start: int
    end: int
    kind: str
    verdict: Verdict


class LineJudge(Protocol):
    """sheet: the lines are in the worksheet's dialect too, whose steps are judged besides."""

    sheet: bool

    def read(self, line: str, ended: bool) -> list[Piece]:
        """Judge the next line. ended: it is whole, so what it lacks counts against it."""
        ...


class Marks:
    """Collects the pieces of one line."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.pieces: list[Piece] = []

    def add(self, start: int, end: int, kind: str, ok: bool | None, why: str = "") -> None:
        """ok: None where it cannot be told. why: what is wrong, without what would be right."""
        if start < end:
            verdict = unknown() if ok is None else judged(ok, why or "this does not follow")
            self.pieces.append(Piece(start, end, kind, verdict))

    def word(self, match: re.Match[str], kind: str, ok: bool | None, why: str = "") -> None:
        self.add(match.start(), match.end(), kind, ok, why)

    def verdict(self, match: re.Match[str], yes: bool | None) -> None:
        """A "yes" or "no": right when it says `yes`; None where it cannot be told."""
        if match[0] not in ("yes", "no"):
            self.misshapen(match)
            return
        ok = None if yes is None else match[0] == ("yes" if yes else "no")
        self.word(match, "verdict", ok, "this is not what the comparison gives")

    def misshapen(self, match: re.Match[str]) -> None:
        """A word that has no place here; at the end of a cut line it may become one."""
        last = match.end() == len(self.line)
        begun = last and any(word.startswith(match[0]) for word in ("yes", "no"))
        self.word(match, "text", None if begun else False, "this word has no place here")

    def lacks(self, why: str) -> None:
        """The line ends too soon: its last piece fails."""
        if self.pieces:
            self.pieces[-1] = replace(self.pieces[-1], verdict=judged(False, why))
        elif self.line:
            self.add(0, len(self.line), "text", False, why)


def unpadded(text: str) -> str:
    """Without the zeros that stand before numbers: "08" is "8"."""
    return _ZEROS.sub("", text)


def words(line: str, start: int = 0) -> list[re.Match[str]]:
    return list(WORD.finditer(line, start))


def overlay(steps: Sequence[Step], pieces: Sequence[Piece], line: str, offset: int) -> list[Step]:
    """A line's steps with the judge's pieces laid over them.

    A piece on a step of the worksheet joins its verdict to it: either may fail the step, or be
    the one that knows. Text makes room for pieces.
    """
    if not pieces:
        return list(steps)
    found: list[Step] = []
    pieces = _in_order(pieces)
    left = list(pieces)
    for step in steps:
        start, end = step.start - offset, step.end - offset
        over = [p for p in pieces if p.start < end and start < p.end]
        if step.kind == "text":
            at = start
            for piece in [*over, None]:
                found += _text(line, at, piece.start if piece else end, offset)
                at = piece.end if piece else end
        else:
            for piece in over:
                step = replace(step, verdict=_both(step.verdict or unknown(), piece.verdict))
                if piece in left:
                    left.remove(piece)
            found.append(step)
    found += [
        Step(line[p.start : p.end], p.kind, p.verdict, p.start + offset, p.end + offset)
        for p in left
    ]
    return sorted(found, key=lambda step: step.start)


def _in_order(pieces: Sequence[Piece]) -> list[Piece]:
    """By place; of two on the same characters the first one that was found."""
    kept: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if not kept or kept[-1].end <= piece.start:
            kept.append(piece)
    return kept


def _text(line: str, start: int, end: int, offset: int) -> list[Step]:
    text = line[start:end].strip() if start < end else ""
    if not text.strip(" ,.;:|"):
        return []
    start = line.index(text, start)
    return [Step(text, "text", unknown(), offset + start, offset + start + len(text))]


def _both(a: Verdict, b: Verdict) -> Verdict:
    failed = next((v for v in (a, b) if v.outcome is Outcome.FAILED), None)
    return failed or (a if a.passed else b)
