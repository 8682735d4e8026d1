"""Errors as OpenAI's clients expect them: `{"error": {message, type, param, code}}` and a status.

The official client retries 408, 409, 429 and all from 500 up, so a mistake of the client must
never come out as one of these.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from secondthought.models.base import ModelError


class ApiError(Exception):
    """What a client is told. retry_after: seconds."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.retry_after = retry_after

    @property
    def body(self) -> dict[str, Any]:
        kind = _TYPES.get(self.status, "server_error")
        return {
            "error": {
                "message": self.message,
                "type": kind,
                "param": self.param,
                "code": self.code,
            }
        }

    @property
    def headers(self) -> dict[str, str]:
        if self.retry_after is None:
            return {}
        return {"retry-after": str(max(1, round(self.retry_after)))}


_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    405: "invalid_request_error",
    409: "invalid_request_error",
    413: "invalid_request_error",
    415: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
}


def bad(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """A request that the client can mend: 400."""
    return ApiError(400, message, param=param, code=code)


# What a failed model means for the client. Its own words are passed on only where the client can
# mend the request by them: a broken upstream may quote anything, also the thought.
_MODEL_ERRORS: dict[str, tuple[int, str, str]] = {
    "context": (400, "context_length_exceeded", ""),
    "bad_request": (400, "model_refused", ""),
    "rate_limit": (429, "rate_limit_exceeded", "the model server is busy; try again later"),
    "auth": (502, "model_auth", "the model server refused this server's credentials"),
    "not_found": (502, "model_not_found", "the model server does not have this model"),
    "connection": (502, "model_connection", "the connection to the model server broke"),
    "malformed": (502, "model_malformed", "the model server sent what cannot be read"),
    "timeout": (504, "model_timeout", "the model server did not answer in time"),
}


def of_model(message: str, kind: str, retry_after: float | None = None) -> ApiError:
    """The error of an answer whose model failed with a `ModelError` of this kind."""
    status, code, text = _MODEL_ERRORS.get(kind, (502, "model_error", "the model failed"))
    return ApiError(
        status,
        text or message,
        param="messages" if kind == "context" else None,
        code=code,
        retry_after=(retry_after or 1) if status == 429 else None,
    )


def of_model_error(error: ModelError) -> ApiError:
    return of_model(str(error), error.kind, error.retry_after)


def of_validation(error: ValidationError, prefix: str = "") -> ApiError:
    """The first finding of pydantic, without the value that was sent."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = prefix
    for part in first["loc"]:
        where += f"[{part}]" if isinstance(part, int) else f".{part}" if where else str(part)
    code = {"missing": "missing_required_parameter", "extra_forbidden": "unknown_parameter"}.get(
        first["type"], "invalid_type" if first["type"].endswith("_type") else "invalid_value"
    )
    if code == "missing_required_parameter":
        return bad(f"Missing required parameter: '{where}'.", where, code)
    if code == "unknown_parameter":
        return bad(f"Unknown parameter: '{where}'.", where, code)
    return bad(f"Invalid value for '{where}': {first['msg']}.", where or None, code)
