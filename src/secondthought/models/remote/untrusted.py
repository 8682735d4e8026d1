"""JSON of a server, read without trust: what is not of the expected kind counts as absent."""

from __future__ import annotations

from typing import Any, cast

Json = dict[str, Any]


def an_object(value: Any) -> Json:
    return cast(Json, value) if isinstance(value, dict) else {}


def objects(value: Any) -> list[Json]:
    """The objects in a list."""
    if not isinstance(value, list):
        return []
    return [cast(Json, item) for item in cast(list[Any], value) if isinstance(item, dict)]


def text(value: Any) -> str:
    """Text, or the text of content parts."""
    if isinstance(value, list):
        return "".join(text(part.get("text")) for part in objects(cast(Any, value)))
    return value if isinstance(value, str) else ""


def whole(value: Any) -> int | None:
    """A whole number that is not negative."""
    return value if type(value) is int and value >= 0 else None


def choices(event: Json) -> list[Json]:
    """The choices of a chat completion or of one event of it."""
    return objects(event.get("choices"))


def said(choice: Json) -> Json:
    """What a choice brings: the delta of an event, or the whole message."""
    return an_object(choice.get("delta")) or an_object(choice.get("message"))
