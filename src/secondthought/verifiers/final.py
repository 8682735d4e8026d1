"""Finding the final answer in a reply that also explains."""

from __future__ import annotations

import re

_BRACE = re.compile(r"(\\boxed\s*)?\{|\}")
_CALLED = r"(?:(?:the )?(?:final )?answer|(?:최종 )?(?:정답|답))[ \t*#:]*"
_HASHES = re.compile(rf"####[ \t]*(?!{_CALLED}$)(?!#)(\S.*)", re.IGNORECASE | re.MULTILINE)
_SAID = re.compile(
    r"(?:\banswer\b\**[ \t]*(?:(?:is|(?:must|should|would) be)\b[ \t]*:?|:)"
    r"|답\**[ \t]*(?:은|:))[\s*]*(\S.*)",
    re.IGNORECASE,
)
_HEADED = re.compile(rf"^[ \t]*[*#][ \t*#]*{_CALLED}\n[\s*]*(\S.*)", re.IGNORECASE | re.MULTILINE)


def marked(text: str) -> str | None:
    r"""What the reply marks as its final answer: the last `\boxed{...}`, else the rest of the
    line after the last `####`, else after the last "answer is", "answer:", "답은" or "답:", else
    the line below a heading "Answer". None without."""
    if (inside := boxed(text)) is not None:
        return inside
    for mark in (_HASHES, _SAID, _HEADED):
        if found := mark.findall(text):
            return str(found[-1]).strip()
    return None


def boxed(text: str) -> str | None:
    r"""The content of the last `\boxed{...}` that closes and holds something, or None.

    One pass: a model that goes in circles writes thousands of them, none of which closes.
    """
    opened: list[tuple[int, bool]] = []  # where what stands in the braces begins; of a box?
    last, found = -1, None
    for brace in _BRACE.finditer(text):
        if brace[0] != "}":
            opened.append((brace.end(), brace[1] is not None))
        elif opened:
            start, box = opened.pop()
            if box and start > last and (inside := text[start : brace.start()].strip()):
                last, found = start, inside
    return found
