"""Errors as a person at a terminal should see them: one line, and an exit code."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

BAD_INPUT = 2
FAILED = 1
INTERRUPTED = 130


def say(message: str) -> None:
    """`error: ...` on stderr, in one line, whatever the message holds."""
    print("error:", " ".join(message.split()), file=sys.stderr)


def fail(message: str, code: int = FAILED) -> NoReturn:
    """Say it and leave."""
    say(message)
    raise typer.Exit(code)


def code_of(kind: str) -> int:
    """The exit code of a `ModelError` of this kind: 2 where the asker can mend the question."""
    return BAD_INPUT if kind in ("context", "bad_request") else FAILED
