"""A thought that stands inline in the reply, between tags, with or without the opening one.

Templates of some models write the opening tag themselves, so that the reply begins in the middle
of a thought and holds the closing tag only.
"""

from __future__ import annotations

from typing import Literal

from secondthought.models.remote.tokens import Part

TAGS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<seed:think>", "</seed:think>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
)
_CLOSING = tuple(close for _, close in TAGS)


class Splitter:
    """Feed it a reply's text; it gives back (kind, text) pieces, tags and the line ends around
    them left out.

    inside: the reply begins within a thought. `opened`: an opening tag was seen. `closed`: the
    thought's closing tag was seen.
    Only a tag at the very beginning opens a thought; later ones are text about tags.
    """

    def __init__(self, *, inside: bool = False) -> None:
        self.opened = self.closed = False
        self._state: Literal["start", "inside", "outside"] = "start"
        self._assume = inside
        self._closing: tuple[str, ...] = _CLOSING
        self._held = ""  # what may yet turn out to be a tag
        self._trim = False  # line ends after a tag belong to neither side

    def push(self, text: str) -> list[tuple[Part, str]]:
        self._held += text
        pieces: list[tuple[Part, str]] = []
        if self._state == "start" and not self._begin():
            return pieces
        if self._state == "inside" and (thought := self._thought()):
            pieces.append(("thought", thought))
        if self._state == "outside" and (answer := self._answer()):
            pieces.append(("answer", answer))
        return pieces

    def end(self) -> list[tuple[Part, str]]:
        """What was held back when the reply ended."""
        held, self._held = self._held, ""
        if not held:
            return []
        inside = self._state == "inside" or (self._state == "start" and self._assume)
        return [("thought" if inside else "answer", held)]

    def _begin(self) -> bool:
        text = self._held.lstrip()
        if not text or any(open.startswith(text) and open != text for open, _ in TAGS):
            return False
        for open, close in TAGS:
            if text.startswith(open):
                self._state, self.opened, self._closing = "inside", True, (close,)
                self._held, self._trim = text[len(open) :], True
                return True
        self._state = "inside" if self._assume else "outside"
        return True

    def _thought(self) -> str:
        text = self._held.lstrip("\n") if self._trim else self._held
        if not text:
            return ""
        self._trim = False
        found = [(text.index(close), close) for close in self._closing if close in text]
        if found:
            at, close = min(found)
            self.closed = True
            self._state, self._held, self._trim = "outside", text[at + len(close) :], True
            return text[:at].rstrip("\n")
        keep = max(overlap(text, close) for close in self._closing)
        # Line ends before a closing tag are the tag's; until it is clear, they wait with it.
        keep += len(text) - keep - len(text[: len(text) - keep].rstrip("\n"))
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def _answer(self) -> str:
        text, self._held = self._held, ""
        if self._trim:
            text = text.lstrip("\n")
            self._trim = not text
        return text


def began_inside(text: str) -> bool:
    """Whether a text that no tag opens seems to have begun within a thought all the same: its
    first closing tag stands at an end of a line, as templates write it, and no opening tag stands
    before it."""
    found = [(text.index(close), open, close) for open, close in TAGS if close in text]
    if not found:
        return False
    at, open, close = min(found)
    before, after = text[:at], text[at + len(close) :]
    return open not in before and (before.endswith("\n") or after.startswith("\n"))


def overlap(text: str, tag: str) -> int:
    """Length of the longest end of text that begins tag, without being all of it."""
    for size in range(min(len(text), len(tag) - 1), 0, -1):
        if tag.startswith(text[-size:]):
            return size
    return 0
