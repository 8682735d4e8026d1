"""Logs: one JSON object a line on stderr, without a word of any prompt, thought or answer."""

from __future__ import annotations

import json
import sys
import time
import traceback
from typing import Any


def log(event: str, **fields: Any) -> None:
    line = {"time": round(time.time(), 3), "event": event, **fields}
    sys.stderr.write(f"{json.dumps(line)}\n")  # in one piece, and at once: it is line-buffered


def log_failure(event: str, error: BaseException) -> None:
    """A fault of ours: where it happened, but not its message, which may quote anything."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{f.filename.rpartition('secondthought/')[2]}:{f.lineno}" for f in frames]
    log("error", what=event, kind=type(error).__name__, where=where[-8:])
