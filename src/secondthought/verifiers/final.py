"""Finding the final answer in a reply that also explains."""

from __future__ import annotations

import re

_BOXED = re.compile(r"\\boxed\s*\{")
_HASHES = re.compile(r"####[ \t]*(\S.*)")
_SAID = re.compile(r"\banswer\b\**[ \t]*(?:is\b[ \t]*:?|:)[\s*]*(\S.*)", re.IGNORECASE)


def marked(text: str) -> str | None:
    r"""What the reply marks as its final answer: the last `\boxed{...}`, else the rest of the
    line after the last `####`, else after the last "answer is" or "answer:". None without."""
    if (inside := boxed(text)) is not None:
        return inside
    for mark in (_HASHES, _SAID):
        if found := mark.findall(text):
            return str(found[-1]).strip()
    return None


def boxed(text: str) -> str | None:
    r"""The content of the last `\boxed{...}` whose braces close, or None."""
    for start in reversed(list(_BOXED.finditer(text))):
        depth = 1
        for i in range(start.end(), len(text)):
            depth += (text[i] == "{") - (text[i] == "}")
            if depth == 0:
                return text[start.end() : i].strip()
    return None
