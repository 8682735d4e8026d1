"""Comparing mathematics by math-verify: for the killable child of `maths`, and for nobody else.

The library is imported when the child starts, and not within the first comparison: that takes a
second, on a busy machine ten, and each child that was killed would cost the next answer as much.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, Literal

from secondthought.verifiers.final import marked

try:
    _math_verify: Any = import_module("math_verify")
except ImportError:  # it is an extra; `maths` asks for it before there is a child
    _math_verify = None
_TEXT = re.compile(r"\\(?:text|mathrm|textbf|mathbf)\s*\{([^{}]*)\}")


def compare(want: str, answer: str) -> Literal["same", "different", "unreadable"]:
    """Raises ValueError when the reference itself cannot be read."""
    if _plain(marked(answer) or answer) == _plain(want):
        return "same"  # also of what is no mathematics: "June 20", "\text{(C)}"
    mathematics = re.search(r"(?<!\\)\$", want) or "\\boxed" in want
    golds = _parse(want if mathematics else rf"\boxed{{{want}}}") or _parse(want)
    if not golds:
        raise ValueError("cannot read the reference answer")
    # A bare line of LaTeX, without the dollars that say so, is tried as LaTeX too.
    bare = "$" not in answer and "\n" not in answer.strip() and "\\boxed" not in answer
    readings = [_parse(answer), _parse(f"${answer.strip()}$") if bare else []]
    for reading in readings:
        if reading and _math_verify.verify(
            golds, reading, timeout_seconds=None, raise_on_error=True
        ):
            return "same"
    return "different" if any(readings) else "unreadable"


def _plain(text: str) -> str:
    """Without the marks of LaTeX that say how a text is set."""
    text = _TEXT.sub(r"\1", text.strip()).removesuffix(".")
    return " ".join(text.replace("\\$", "").replace("\\ ", " ").strip("$* ").split())


def _parse(text: str) -> list[Any]:
    # Its own time limit works by signals; the child's limits stand instead.
    return _math_verify.parse(text, parsing_timeout=None, raise_on_error=True)
