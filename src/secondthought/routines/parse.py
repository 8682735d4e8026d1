"""Read a routine: every notation of the published ones and of real policies, into one tree.

The reader is tolerant and never raises: a line that has no place is kept in `Routine.unread` with
its number and the reason. What it understands is written down in docs/routines.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from secondthought.routines.clauses import is_branch, read_clause
from secondthought.routines.definitions import DefinitionReader, inline_definition, is_header
from secondthought.routines.lines import Line, read_lines
from secondthought.routines.model import Note, Routine, Section, Step, Unread

MAX_LINES = 20_000
MAX_DEPTH = 20

META = ("name", "source", "version", "context", "tools", "handoffs")
_META = re.compile(rf"({'|'.join(META)})\s*:\s+(.+)$", re.IGNORECASE)
_NORMATIVE = re.compile(
    r"\b(?:always|never|must|only|do not|don't|should|note|important|at any point|whenever|if"
    r"|when)\b|반드시|항상|절대|금지|하지 ?마|언제든",
    re.IGNORECASE,
)
_SENTENCE_END = (".", ":", "!", "?", '"', "”", "`", ")")
_HANGUL = re.compile("[가-힣]")


@dataclass(slots=True)
class _Raw:
    """A step before its text is read. indent: of its marker; rank orders kinds of one list."""

    label: str
    line: int
    indent: int
    mark: str
    text: str
    depth: int
    title: bool = False
    below: list[_Raw] = field(default_factory=list["_Raw"])


def parse(text: str) -> Routine:
    """The tree of a text. Never raises; takes under two seconds for a megabyte."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.routine = Routine(language="ko" if _mostly_korean(text) else "en")
        lines = read_lines(text.replace("\r\n", "\n").replace("\r", "\n"))
        self._lines = list(islice(lines, MAX_LINES + 1))
        self._top: list[_Raw] = []
        self._sections: list[_Raw] = []  # open headings, outermost first
        self._levels: list[int] = []
        self._path: list[_Raw] = []  # open steps below the innermost heading
        self._last: _Raw | None = None  # the step that a continuation line goes on with
        self._opener: _Raw | None = None  # a prose line with ":" that takes the bullets after it
        self._main = ""  # the label of the current numbered step
        self._definitions: DefinitionReader | None = None
        self._inline: tuple[DefinitionReader, int] | None = None

    def read(self) -> Routine:
        for position, line in enumerate(self._lines):
            if position == MAX_LINES:
                self._refuse(line, f"the text is longer than {MAX_LINES:,} lines; this is not read")
                break
            self._take(line)
        self.routine.steps = [_step(raw) for raw in self._top]
        return self.routine

    def _take(self, line: Line) -> None:
        if self._in_definitions(line):
            return
        if line.mark in ("heading", "prose", "bullet") and is_header(line.text):
            self._definitions = DefinitionReader(self.routine)
            return
        if line.mark == "heading":
            self._heading(line)
        elif line.mark == "prose":
            self._prose(line)
        elif (function := inline_definition(line.text)) is not None:
            self._define(line, function)
        else:
            self._listed(line)

    # --- definitions ----------------------------------------------------------------------

    def _in_definitions(self, line: Line) -> bool:
        if self._inline is not None:
            reader, indent = self._inline
            if line.indent > indent and line.mark not in ("heading", "main", "sub"):
                if not reader.take(line):
                    self._refuse(line, "this is no part of a function definition")
                return True
            self._inline = None
        if self._definitions is None:
            return False
        if line.mark == "heading" and not is_header(line.text):
            self._definitions = None
            return False
        if is_header(line.text):
            return True
        if not self._definitions.take(line):
            self._refuse(line, "this is no part of a function definition")
        return True

    def _define(self, line: Line, name: str) -> None:
        """A definition inside the steps; its own label, if any, stays as a note."""
        reader = DefinitionReader(self.routine)
        if not reader.take(line):
            self._listed(line)
            return
        self._inline = (reader, line.indent)
        if line.mark != "bullet":
            noted = Line(
                line.number,
                line.indent,
                line.mark,
                line.label,
                f"See the definition of {name}",
                False,
            )
            self._listed(noted)

    # --- headings and prose ---------------------------------------------------------------

    def _heading(self, line: Line) -> None:
        if line.level == 1 and not self._top and "name" not in self.routine.meta and not line.label:
            self.routine.meta["name"] = line.text
            return
        while self._levels and self._levels[-1] >= line.level:
            self._levels.pop()
            self._sections.pop()
        if len(self._sections) >= MAX_DEPTH:
            self._levels.pop()
            self._sections.pop()
        raw = _Raw(line.label, line.number, 0, "heading", line.text, len(self._sections), True)
        (self._sections[-1].below if self._sections else self._top).append(raw)
        self._sections.append(raw)
        self._levels.append(line.level)
        self._path, self._last, self._opener, self._main = [], None, None, ""

    def _prose(self, line: Line) -> None:
        if not self._top:
            self._introduce(line)
            return
        last = self._last
        if last is not None and not line.blank and not (is_branch(line.text) and _opens(line.text)):
            deeper = line.indent > last.indent
            open_end = not last.text.endswith(_SENTENCE_END) or line.text[:1].islower()
            if (
                deeper
                or (last.mark != "prose" and open_end)
                or (last.mark == "prose" and not _opens(last.text))
            ):
                last.text = f"{last.text} {line.text}".strip()
                return
        if self._sections:
            self._place(line, [])
            self._opener = self._last if _opens(line.text) else None
        elif line.indent > 0 and self._path:
            self._place(line, self._parents(line.indent))
        elif _NORMATIVE.search(line.text):
            self.routine.rules.append(line.text)
            self._last = None
        else:
            self._refuse(line, "a text between the steps; number it, or write it before step 1")

    def _introduce(self, line: Line) -> None:
        if (match := _META.match(line.text)) and match[1].lower() not in self.routine.meta:
            self.routine.meta[match[1].lower()] = match[2].strip()
        else:
            self.routine.intro.append(line.text)

    # --- lists ----------------------------------------------------------------------------

    def _listed(self, line: Line) -> None:
        if line.mark == "main":
            self._number(line)
        elif line.mark in ("sub", "letter"):
            self._letter(line)
        else:
            self._bullet(line)

    def _number(self, line: Line) -> None:
        inner = self._path and line.indent >= self._path[0].indent + 2 and self._main
        if inner or (self._path and not self._main and line.indent > self._path[0].indent):
            self._place(line, self._parents(line.indent), label="")
            return
        self._main = line.label
        self._opener = None
        self._place(line, [])

    def _letter(self, line: Line) -> None:
        if not self._main:
            self._refuse(line, "a lettered step without a numbered one before it")
            return
        main = self._path[0]
        if line.mark == "letter":
            parents = self._parents(line.indent)
            # "i." below "a." counts in Roman numerals; below a number it is the ninth letter.
            if len(line.label) > 1 or any(raw.mark in ("sub", "letter") for raw in parents):
                self._place(line, parents, label="")
                return
            self._place(line, [main], label=self._main + line.label)
        else:
            self._place(line, [main])

    def _bullet(self, line: Line) -> None:
        if self._opener is not None and line.indent >= self._opener.indent:
            deeper = [raw for raw in self._parents(line.indent) if raw is not self._opener]
            self._place(line, [self._opener, *deeper])
            return
        parents = self._parents(line.indent)
        last = self._labelled()
        if (
            not parents
            and last is not None
            and (not line.blank or (_opens(last.text) and not last.below))
        ):
            parents = self._path[: self._path.index(last) + 1]
        self._place(line, parents)

    def _parents(self, indent: int) -> list[_Raw]:
        """The open steps that a line with this indentation stands below."""
        found: list[_Raw] = []
        for raw in self._path:
            if raw.indent < indent or (raw.mark == "main" and indent > raw.indent):
                found.append(raw)
            elif raw.mark != "sub":
                break
        return found

    def _labelled(self) -> _Raw | None:
        return next((raw for raw in reversed(self._path) if raw.label), None)

    def _place(self, line: Line, parents: list[_Raw], *, label: str | None = None) -> None:
        parents = parents[:MAX_DEPTH]
        raw = _Raw(
            line.label if label is None else label,
            line.number,
            line.indent,
            line.mark,
            line.text,
            len(parents),
        )
        if parents:
            parents[-1].below.append(raw)
        else:
            (self._sections[-1].below if self._sections else self._top).append(raw)
        self._path = [*parents, raw]
        self._last = raw
        if line.mark == "prose":
            self._opener = None

    def _refuse(self, line: Line, why: str) -> None:
        self.routine.unread.append(Unread(line=line.number, text=line.text[:200], why=why))


def _step(raw: _Raw) -> Step:
    below = [_step(child) for child in raw.below]
    if raw.title:
        return Step(label=raw.label, line=raw.line, clause=Section(title=raw.text), steps=below)
    clause, hanging = read_clause(raw.text) if raw.text else (Note(), [])
    for step in hanging:
        for inner in step.walk():
            inner.line = raw.line
    return Step(label=raw.label, line=raw.line, clause=clause, steps=[*hanging, *below])


def _opens(text: str) -> bool:
    return text.rstrip().endswith(":")


def _mostly_korean(text: str) -> bool:
    sample = text[:20_000]
    letters = sum(c.isalpha() for c in sample)
    return len(_HANGUL.findall(sample)) * 4 > letters
