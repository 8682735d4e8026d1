"""Tools and the choice of one as a response shows them: in the spelling of Responses, whichever of
the two they came in. Clients that were written for Chat Completions send its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

Json = dict[str, Any]
_DEFAULTS: Mapping[str, Json] = {
    "function": {"parameters": None, "strict": None, "description": None},
    "namespace": {"description": ""},
}


def tool(given: Mapping[str, Any]) -> Json:
    """A tool that `tools.toolbox` has taken, with the keys that have defaults."""
    own = _flat(given)
    if own["type"] == "namespace":
        own["tools"] = [tool(one) for one in own["tools"]]
        own["description"] = own.get("description") or ""
    format = own.get("format")
    if isinstance(format, dict) and "grammar" in format:
        own["format"] = {"type": "grammar", **cast(Json, format["grammar"])}
    return {**_DEFAULTS.get(own["type"], {}), **own}


def choice(given: str | Mapping[str, Any] | None) -> str | Json:
    """A choice that `tools.toolbox` has taken."""
    if given is None or isinstance(given, str):
        return given or "auto"
    own = _flat(given)
    if "tools" in own:
        given_tools = cast(list[Any], own["tools"])
        own["tools"] = [_flat(cast(Json, one)) for one in given_tools if isinstance(one, dict)]
    return own


def _flat(given: Mapping[str, Any]) -> Json:
    kind = given.get("type")
    inner = given.get(kind) if isinstance(kind, str) else None
    return {"type": kind, **cast(Json, inner)} if isinstance(inner, dict) else dict(given)
