"""A stored trace as the thought inspector shows it: branches, their lines, the typed steps of each
line, what the thought took back itself, and where the tokens went.

Taken back is what the loop took back (branches of `backtrack`, shown at their place in the thought
that they are missing from), and what ends in the word "no", in thoughts of the built-in tasks'
dialect: a whole line, or in divisions and Sudokus the piece from the last guess or cell on. Other
thoughts say "no" for many reasons, so nothing of theirs is struck through; false arithmetic is
marked in all of them.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from secondthought.oversight import seal as seals
from secondthought.oversight.contradiction import check_of, task_of
from secondthought.tasks import catalogue

Json = dict[str, Any]

_WORD = re.compile(r"\S+")
_OPENS = re.compile(r"[0-9]:|r[1-4]c[1-4]")  # a guessed digit of a quotient, a cell of a Sudoku
# Lines of these tasks hold words of the question, and "no" is one too.
_WORDY = ("example_cipher", "caesar_cipher", "letter_counting", "spell_backward")
_TRIALS = re.compile(r"(check|reverse|shift) ")


def inspection(stored: Json) -> Json:
    """stored: what `Service.conclude` keeps of an answer. The result is JSON for the page; its
    `seal.holds` says whether the trace is, to the letter, the one that was sealed."""
    trace: Json = stored["trace"]
    branches: list[Json] = trace["branches"]
    by_name = {branch["name"]: branch for branch in branches}
    entries: list[Json] = trace["ledger"]["entries"]
    thought = _whole(by_name, trace["committed"])
    task = task_of(thought)
    lost = [branch for branch in branches if branch.get("at") is not None]
    return {
        "id": stored["id"],
        "choice": stored["choice"],
        **{name: trace[name] for name in _COPIED},
        "gave_up": trace.get("gave_up", False),  # older traces have no such field
        "task": task,
        "check": _check(task, thought),
        "seal": _seal(stored["disclosure"], trace),
        "ledger": {
            "prompt": trace["ledger"]["prompt_tokens"],
            "sent": sum(entry["sent"] for entry in entries),
            "estimated": any(entry["estimated"] for entry in entries),
            "phases": _sums(entries, "phase"),
        },
        "branches": [
            {
                "name": branch["name"],
                "parent": branch["parent"],
                "committed": branch["name"] == trace["committed"],
                "answer": branch["answer"],
                "stop": branch["stop"],
                "phases": _sums(_entries(entries, branch["name"], lost), "phase"),
                "verdicts": [_verdict(verdict) for verdict in branch["verdicts"]],
                "lines": _lines(
                    branch, task_of(_whole(by_name, branch["name"])), _of(branch["name"], lost)
                ),
            }
            for branch in branches
            if branch.get("at") is None
        ],
    }


_COPIED = (
    "model",
    "effort",
    "strategy",
    "policy",
    "seed",
    "answer",
    "finish_reason",
    "abstained",
    "seconds",
    "thought_seconds",
    "first_token_seconds",
    "error",
)


def _whole(by_name: dict[str, Json], name: str | None) -> str:
    """The thought of a branch with those that it goes on from."""
    parts: list[str] = []
    while name is not None:
        parts.append(by_name[name]["thought"])
        name = by_name[name]["parent"]
    return "".join(reversed(parts))


def _check(task: str | None, thought: str) -> Json | None:
    """How the thought checked itself, and what it found; None where it did not."""
    said = check_of(thought) if task else None
    if task is None or said is None:
        return None
    return {"how": catalogue.task(task).check, "holds": said}


def _seal(disclosure: Json, trace: Json) -> Json:
    digest: str = disclosure["seal"]
    shown = {
        "model": trace["model"],
        "answer": trace["answer"],
        "branches": [
            {name: branch[name] for name in ("name", "thought", "answer")}
            for branch in trace["branches"]
        ],
    }
    return {"digest": digest, "holds": seals.verify(shown, seals.Seal(digest, disclosure["salt"]))}


def _of(name: str, lost: list[Json]) -> list[Json]:
    """What was taken back from the thought of a branch."""
    return [branch for branch in lost if branch["parent"] == name]


def _entries(entries: list[Json], name: str, lost: list[Json]) -> list[Json]:
    """The ledger of a branch, with what was taken back from it."""
    names = {name, *(branch["name"] for branch in _of(name, lost))}
    return [entry for entry in entries if entry["branch"] in names]


def _sums(entries: list[Json], by: str) -> dict[str, int]:
    """Generated tokens by phase; phases without any are left out."""
    sums: dict[str, int] = {}
    for entry in entries:
        if entry["generated"]:
            sums[entry[by]] = sums.get(entry[by], 0) + entry["generated"]
    return sums


def _verdict(verdict: Json) -> Json:
    return {name: verdict[name] for name in ("verifier", "outcome", "score", "feedback", "error")}


def _lines(branch: Json, task: str | None, lost: list[Json]) -> list[Json]:
    """The thought line by line. The pieces of a line, joined, are the line. Before a line stands
    what was taken back from it."""
    lines: list[Json] = []
    thought: str = branch["thought"]
    steps: list[Json] = branch["steps"]
    at = first = 0
    for line in thought.split("\n") if thought else ():
        while first < len(steps) and steps[first]["start"] < at:
            first += 1
        last = first
        while last < len(steps) and steps[last]["start"] < at + len(line):
            last += 1
        lines += [_struck(one) for one in lost if at <= one["at"] <= at + len(line)]
        lines.append(_line(line, at, steps[first:last], taken_back(line, task)))
        at += len(line) + 1
        first = last
    return lines


def _struck(lost: Json) -> Json:
    text: str = lost["thought"].rstrip("\n")
    return _line(text, 0, lost["steps"], [(0, len(text))])


def _line(line: str, at: int, steps: list[Json], back: list[tuple[int, int]]) -> Json:
    cuts = {0, len(line)} | {i for span in back for i in span}
    cuts |= {min(i - at, len(line)) for step in steps for i in (step["start"], step["end"])}
    edges = sorted(cuts)
    pieces: list[Json] = []
    for start, end in pairwise(edges):
        step = next((s for s in steps if s["start"] - at <= start < s["end"] - at), None)
        piece: Json = {"text": line[start:end]}
        if any(a <= start < b for a, b in back):
            piece["back"] = True
        if step is not None:
            verdict: Json = step["verdict"] or {}
            piece["kind"] = step["kind"]
            piece["outcome"] = verdict.get("outcome", "cannot_tell")
            if verdict.get("feedback"):
                piece["feedback"] = verdict["feedback"]
        pieces.append(piece)
    return {"pieces": pieces}


def taken_back(line: str, task: str | None) -> list[tuple[int, int]]:
    """The spans of a line that the thought took back by its own "no". task: of the built-in ones;
    None = the thought is in no dialect that is known."""
    if task is None or (task in _WORDY and not _TRIALS.match(line)):
        return []
    spans: list[tuple[int, int]] = []
    start = 0
    for word in _WORD.finditer(line):
        if _OPENS.fullmatch(word[0]):
            start = word.start()
        elif word[0] == "no" and (start or not line[word.end() :].strip()):
            spans.append((start, word.end()))
            start = word.end()
    return spans
