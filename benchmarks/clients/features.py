"""What the scripts of this folder share: where the server is, what its script says, and how a
feature is tried. `compat.py` sets the environment and reads the last line of the output."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable

from pydantic import BaseModel

BASE = os.environ["COMPAT_URL"] + "/v1"
MODEL = os.environ["COMPAT_MODEL"]
NAME = os.environ["COMPAT_CLIENT"]
KEY = os.environ["COMPAT_KEY"]  # of a user: thoughts are hidden
OPERATOR = os.environ["COMPAT_OPERATOR"]

HELLO = "hello there friend"
CANARY = "pelican"  # stands in the thought of the greeting, and nowhere else
SUM = "It is 5."  # the answer to `add`, once the tool has been called


def add(api: str) -> str:
    """A question at which the model calls add(a=2, b=3) first. It can be asked once."""
    return f"add {NAME} {api}"


APIS = ("chat", "responses")
PARAMETERS = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
    "required": ["a", "b"],
    "additionalProperties": False,
}
"""Of the tool `add`, for clients that make no schema of a function."""
CITY = "structured: which city?"  # answered by a `City`, Seoul


class City(BaseModel):
    """A city."""

    city: str


def user(text: str) -> list[dict[str, str]]:
    """A conversation of one turn."""
    return [{"role": "user", "content": text}]


def equal(found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"{found!r} is not {wanted!r}")


def hidden(raw: str, reasoning_tokens: int | None) -> None:
    """The thought is counted, and nowhere in what came."""
    if CANARY in raw:
        raise AssertionError("the thought is not hidden")
    if not reasoning_tokens:
        raise AssertionError("no reasoning tokens are counted")


def shown(text: object) -> None:
    if CANARY not in str(text):
        raise AssertionError("the thought is not shown")


def efforts(reasoning_tokens: Callable[[str], int | None]) -> None:
    """reasoning_tokens(effort): of one answer."""
    equal(reasoning_tokens("none") or 0, 0)
    if not reasoning_tokens("high"):
        raise AssertionError("effort high did not think")


def run(**features: Callable[[], object]) -> None:
    """Try each one; the last line says what came of it."""
    found: dict[str, str] = {}
    for name, feature in features.items():
        try:
            feature()
            found[name] = "ok"
        except Exception as error:
            text = re.sub(r"\s+", " ", str(error))
            found[name] = f"fails: {type(error).__name__}: {text}"[:300]
    print(json.dumps(found))
