"""Text of a model or user on its way to a terminal, and from one."""

from __future__ import annotations

import re
import sys

from secondthought.messages import BadInput

MAX_BYTES = 4 << 20  # of standard input; no model here reads as much

# Everything that moves a cursor, changes a colour or reorders what is read: C0 but line end and
# tab, DEL, C1, and the bidirectional controls. Without its ESC the rest of a sequence is harmless.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """The text without characters that command a terminal."""
    return _UNSAFE.sub("", text)


def read_question(argument: str | None) -> str:
    """The question: the argument, or standard input for "-" and for a pipe. Raises BadInput."""
    if argument is not None and argument != "-":
        return argument
    if argument is None and sys.stdin.isatty():
        raise BadInput('there is no question; write one: secondthought ask "..."')
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadInput(f"standard input is longer than {MAX_BYTES >> 20} MiB; shorten the question")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").strip("\n")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"standard input is not UTF-8 text (byte {error.start}); give plain text"
        ) from None
