"""What stands behind the `?` of an address, and what becomes of it: as with the parameters of a
body, nothing is silently dropped where a query is read."""

from __future__ import annotations

from starlette.requests import Request

from secondthought.server.errors import bad

_TRUE, _FALSE = ("true", "True", "1"), ("false", "False", "0")


def read(request: Request, *names: str, refused: tuple[str, ...] = ()) -> dict[str, str]:
    """The query by name. refused: names of OpenAI's that have no counterpart here; they may be
    there without a value, or say no. Raises ApiError 400 for these, for a name that is not
    expected and for one that is given twice."""
    found: dict[str, str] = {}
    for given, value in request.query_params.multi_items():
        name = given.removesuffix("[]")
        if name in refused and value not in ("", *_FALSE):
            text = f"Unsupported parameter: {name!r} is not supported here."
            raise bad(text, name, "unsupported_parameter")
        if name not in (*names, *refused):
            raise bad(f"Unknown parameter: {name[:60]!r}.", name[:60], "unknown_parameter")
        if name in found:
            raise bad(f"{name!r} is given twice.", name, "invalid_value")
        found[name] = value
    return found


def flag(query: dict[str, str], name: str) -> bool:
    """Raises ApiError 400 for what is neither true nor false."""
    value = query.get(name, "false")
    if value not in (*_TRUE, *_FALSE):
        raise bad(f"{name} must be true or false.", name, "invalid_value")
    return value in _TRUE


def number(query: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    """Raises ApiError 400 for what is no number in these bounds."""
    value = query.get(name, str(default))
    digits = value.removeprefix("-")
    if not (digits.isdecimal() and len(digits) <= len(str(most)) and least <= int(value) <= most):
        raise bad(f"{name} must be {least} to {most}.", name, "invalid_value")
    return int(value)


def choice(query: dict[str, str], name: str, *values: str) -> str:
    """One of these, by default the first. Raises ApiError 400."""
    value = query.get(name, values[0])
    if value not in values:
        raise bad(f"{name} must be {' or '.join(values)}.", name, "invalid_value")
    return value
