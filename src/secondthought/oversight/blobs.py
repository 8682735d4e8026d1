"""Texts inside of base64 and hexadecimal, found while they are written.

A blob is a run of at least 16 characters of base64, or of pairs of hexadecimal digits with or
without separators ("74 68 65", "0x74,0x68", "%74%68"). Runs that follow one another are one
blob, as wrapped lines are. It is decoded at every alignment and in both directions, because a
model or a person may have cut it anywhere; what does not look like text is no blob at all.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator
from typing import Final

LONGEST: Final = 1024
"""Characters of a blob that are looked at again with what follows: many times 8 words."""
_LONGEST_HEX: Final = 640  # digits: every pair may be a piece of its own, and is looked at again

PIECE: Final = re.compile(r"[!-~]+")
"""What codes are made of: ASCII without blanks."""
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_BASE64_END: Final = re.compile(r"[A-Za-z0-9+/_-]{1,15}={0,2}")
_HEX: Final = re.compile(r"(?:(?:0x|\\x|%|&#x)?[0-9A-Fa-f]{2}[,:;-]?)+")
_HEX_MARKS: Final = re.compile(r"0x|\\x|%|&#x|[,:;-]")
_SHORTEST_TEXT: Final = 12  # bytes; less decodes to letters by chance
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_CONTROLS: Final = bytes([*range(9), *range(14, 32), 127])
_NO_TEXT_SHARE: Final = 0.1


class Blobs:
    """Follows the pieces of a text; `open_from` is where a blob began that may still go on."""

    def __init__(self) -> None:
        self.open_from: int | None = None
        self._base64 = ""
        self._hex = ""
        self._start: int | None = None

    def piece(self, piece: str, start: int) -> Iterator[tuple[str, str]]:
        """The next piece and where it begins. Yields (encoding, text) of what the blob says."""
        texts: list[tuple[str, str]] = []
        runs: list[str] = _BASE64.findall(piece)
        if not runs and self._base64 and _BASE64_END.fullmatch(piece):
            runs = [piece]  # the last line of a wrapped blob is as short as it is
        elif not runs:
            self._base64 = ""
        for run in runs:
            self._base64 = self._base64[-LONGEST:] + run.rstrip("=")
            texts += [("base64", text) for text in from_base64(self._base64)]
            if run.endswith("="):
                self._base64 = ""  # padding: what follows has an alignment of its own
        pairs = _HEX_MARKS.sub("", piece) if _HEX.fullmatch(piece) else ""
        self._hex = self._hex[-_LONGEST_HEX:] + pairs if pairs else ""
        texts += [("hex", text) for text in from_hex(self._hex)]
        if not runs and not pairs:
            self._start = None
        elif self._start is None:
            self._start = start
        short = 0 < len(self._hex) < 2 * _SHORTEST_TEXT  # too little to tell yet
        self.open_from = self._start if texts or short else None
        yield from texts


def decoded(text: str) -> list[str]:
    """Every text that blobs in a text say; those that are repeated by neighbouring windows, twice.

    `Blobs` looks again at what went before with every piece, because the next may never come. Here
    all is there, and a long blob in short lines would be decoded a dozen times.
    """
    found: list[str] = []
    chars: list[str] = []
    pairs: list[str] = []
    for match in (*PIECE.finditer(text), None):
        piece = "" if match is None else match[0]
        runs: list[str] = _BASE64.findall(piece)
        if not runs and chars and _BASE64_END.fullmatch(piece):
            runs = [piece]
        if not runs:
            found += _windows(chars, from_base64)
        for run in runs:
            chars.append(run.rstrip("="))
            if run.endswith("="):
                found += _windows(chars, from_base64)
        if _HEX.fullmatch(piece):
            pairs.append(_HEX_MARKS.sub("", piece))
        else:
            found += _windows(pairs, from_hex)
    return found


def _windows(pieces: list[str], read: Callable[[str], list[str]]) -> Iterator[str]:
    """What a blob says, which is taken from its pieces. Half a window on each time, so that what is
    shorter than half a one stands whole in one."""
    blob = "".join(pieces)
    pieces.clear()
    for start in range(0, max(len(blob) - LONGEST // 2, bool(blob)), LONGEST // 2):
        yield from read(blob[start : start + LONGEST])


def from_base64(run: str) -> list[str]:
    found: list[str] = []
    for way in (run, run[::-1]):
        way = way.replace("-", "+").replace("_", "/")
        for phase in range(4):
            rest = way[phase:]
            if len(rest) % 4 == 1:
                rest = rest[:-1]
            data = binascii.a2b_base64(rest + "=" * (-len(rest) % 4))
            found += _texts(data)
    return found


def from_hex(digits: str) -> list[str]:
    found: list[str] = []
    for way in (digits, digits[::-1]):
        for phase in range(2):
            rest = way[phase:]
            found += _texts(bytes.fromhex(rest[: len(rest) // 2 * 2]))
    return found


def _texts(data: bytes) -> list[str]:
    """The bytes as text, or nothing when they are not mostly printable."""
    if len(data) < _SHORTEST_TEXT:
        return []
    allowed = _NO_TEXT_SHARE * len(data)
    if len(data) - len(data.translate(None, _CONTROLS)) > allowed:
        return []
    text = data.decode("utf-8", "replace")
    bad = len(_NO_TEXT.findall(text))
    return [text] if bad <= _NO_TEXT_SHARE * len(text) else []
