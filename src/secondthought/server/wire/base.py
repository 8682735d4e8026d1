"""What all models of requests share, and how a body becomes one."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from secondthought.effort import Effort
from secondthought.server.errors import bad, of_validation


class Wire(BaseModel):
    """A part of a request: no name is unknown, no type is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Loose(BaseModel):
    """A part that clients send back to us: names that we do not use are left alone, because
    clients return whole objects with fields of their own."""

    model_config = ConfigDict(extra="ignore", strict=True)


Name = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_.-]{1,128}$")]
M = TypeVar("M", bound=BaseModel)
MOST_TOKENS = 2**31 - 1
"""Of a limit that is asked for; beyond it arithmetic and upstream servers break."""
_DEEPEST = 128
_encode = json.JSONEncoder(separators=(",", ":")).encode  # json.dumps would make one a call


def parse(kind: type[M], value: Any, where: str = "") -> M:
    """Validate. Raises ApiError 400 that names the first part that is wrong."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise of_validation(error, where) from None
    except RecursionError:
        raise bad("The request is nested too deeply.") from None


def load(body: bytes) -> dict[str, Any]:
    """A JSON object of whole UTF-8 text. Raises ApiError 400."""
    try:
        value: Any = json.loads(body.decode(), parse_constant=_no_constant, parse_float=_finite)
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise bad("The body is not valid JSON in UTF-8.", code="invalid_json") from None
    if not isinstance(value, dict):
        raise bad("The body must be a JSON object.", code="invalid_json")
    if body.count(b"{") + body.count(b"[") > _DEEPEST and _too_deep(value):
        raise bad(f"The body is nested more than {_DEEPEST} deep.", code="invalid_json")
    return value  # pyright: ignore[reportUnknownVariableType]


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    """1e999 is JSON, but it would leave as `Infinity`, which is not."""
    value = float(text)
    if math.isinf(value):
        raise ValueError("a number is too large")
    return value


def _too_deep(value: Any) -> bool:
    """What is deeper could be read, but not written or checked again."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)  # pyright: ignore
        ]
        if not level:
            return False
    return True


def unused(
    raw: Mapping[str, Any], kind: type[BaseModel], where: str, *also: str
) -> dict[str, None]:
    """What a `Loose` part of a request holds that is not looked at, for `changed`: its names with
    where they stand. also: names that are known beside the model's. A name without a value asks
    for nothing."""
    known = {*also, *kind.model_fields}
    return {
        f"{where}.{name[:60]}": None
        for name, value in raw.items()
        if name not in known and value not in (None, "", [], {})
    }


def effort(name: str | None, default: Effort, param: str) -> Effort:
    """The effort that is used for the one that was asked for. Raises ApiError 400."""
    if name is None:
        return default
    try:
        return Effort(name)
    except ValueError:
        known = ", ".join(Effort)
        raise bad(
            f"Unsupported value: {param!r} does not support {name[:40]!r}; "
            f"supported values are: {known}.",
            param,
            "unsupported_value",
        ) from None


def dumps(value: Any) -> str:
    """Compact JSON in ASCII: whatever a model writes can be sent and stored."""
    return _encode(value)


def metadata(value: dict[str, str] | None) -> dict[str, str]:
    """Raises ApiError 400 beyond OpenAI's limits: 16 pairs, keys of 64, values of 512."""
    pairs = value or {}
    if len(pairs) > 16 or any(len(k) > 64 or len(v) > 512 for k, v in pairs.items()):
        raise bad(
            "metadata holds at most 16 pairs, with keys of 64 and values of 512 characters.",
            "metadata",
            "invalid_value",
        )
    return pairs
