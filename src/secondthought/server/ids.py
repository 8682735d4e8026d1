"""Ids that nobody can guess."""

from __future__ import annotations

import re
import secrets

_ID = re.compile(r"[a-z]+[-_][0-9a-zA-Z]{1,64}")


def new_id(prefix: str, joint: str = "_") -> str:
    return f"{prefix}{joint}{secrets.token_hex(16)}"


def is_id(text: str) -> bool:
    """Whether it has the form of one; anything else is not looked up."""
    return _ID.fullmatch(text) is not None
