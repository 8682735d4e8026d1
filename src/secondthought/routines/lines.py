"""The lines of a routine's text: indentation, marker, label, bold marks taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Mark = Literal["heading", "main", "sub", "letter", "bullet", "prose"]

_HEADING = re.compile(r"(#{1,6})\s+(.*)$")
_SUB = re.compile(r"\(?(\d{1,4})[.\s]?([a-z])[.):]+(?:\s+|$)(.*)$")
_MAIN = re.compile(r"(?:step\s+)?(\d{1,4})\s?[.):]+(?:\s+|$)(.*)$", re.IGNORECASE)
_LETTER = re.compile(r"\(?([a-z]|[ivx]{2,4})[.)](?:\s+|$)(.*)$")
_BULLET = re.compile(r"[-*+•–▪◦](?:\s+|$)(.*)$")
_SECTION = re.compile(
    r"(?:(?:step\s+)(\d+(?:\.\d+)*[a-z]?)|(path\s+\d+(?:\.\d+)*))\s*[:.–-]?\s*(.*)$", re.IGNORECASE
)
_RULE = re.compile(r"([-*_=])(?:\s*\1){2,}\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """number: from 1. blank: whether an empty line stands before it. level: of a heading."""

    number: int
    indent: int
    mark: Mark
    label: str
    text: str
    blank: bool
    level: int = 0


def read_lines(text: str) -> Iterator[Line]:
    """Every line that says something; rules (`---`) and code fences are left out."""
    blank = True
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        flat = raw.rstrip().expandtabs(4)
        body = flat.lstrip()
        if not body:
            blank = True
            continue
        if _RULE.match(body) or body.startswith("```"):
            continue
        yield _line(number, len(flat) - len(body), body, blank)
        blank = False


def plain(text: str) -> str:
    """Without bold marks."""
    return text.replace("**", "").strip() if "**" in text else text.strip()


def _line(number: int, indent: int, body: str, blank: bool) -> Line:
    if match := _HEADING.match(body):
        title = plain(match[2].rstrip("#"))
        label = ""
        if section := _SECTION.match(title):
            label = section[1] or " ".join(section[2].split()).capitalize()
            title = section[3].strip()
        return Line(number, indent, "heading", label, title, blank, len(match[1]))
    # "**1. Verify**" and "- **Purpose:** x" have their bold marks around label or key.
    bare = plain(body) if not body.startswith("* ") else "* " + plain(body[2:])
    if match := _SUB.match(bare):
        return Line(number, indent, "sub", match[1] + match[2], match[3].strip(), blank)
    if match := _MAIN.match(bare):
        return Line(number, indent, "main", match[1], match[2].strip(), blank)
    if match := _LETTER.match(bare):
        return Line(number, indent, "letter", match[1], match[2].strip(), blank)
    if match := _BULLET.match(bare):
        return Line(number, indent, "bullet", "", match[1].strip(), blank)
    return Line(number, indent, "prose", "", bare, blank)
