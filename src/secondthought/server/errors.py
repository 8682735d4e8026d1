"""Errors as OpenAI's clients expect them: `{"error": {message, type, param, code}}` and a status.

The official client retries 408, 409, 429 and all from 500 up, so a mistake of the client must
never come out as one of these.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from secondthought.models.base import ModelError
from secondthought.oversight.disclosure import Visibility, error_message


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


# (status, code) of what a failed model means for the client.
_MODEL_ERRORS: dict[str, tuple[int, str]] = {
    "context": (400, "context_length_exceeded"),
    "bad_request": (400, "model_refused"),
    "rate_limit": (429, "rate_limit_exceeded"),
    "auth": (502, "model_auth"),
    "not_found": (502, "model_not_found"),
    "connection": (502, "model_connection"),
    "malformed": (502, "model_malformed"),
    "timeout": (504, "model_timeout"),
}


def of_model(error: ModelError, mode: Visibility, param: str) -> ApiError:
    """The error of an answer whose model failed, in words that this asker may read. param: the
    parameter that holds the conversation."""
    status, code = _MODEL_ERRORS.get(error.kind, (502, "model_error"))
    return ApiError(
        status,
        error_message(error, mode),
        param=param if error.kind == "context" else None,
        code=code,
        retry_after=(error.retry_after or 1) if status == 429 else None,
    )


def of_fault(error: Exception) -> ApiError:
    """The error of a request that failed on our side: 503 when it was the database."""
    if isinstance(error, SQLAlchemyError | OSError):
        text = "The database does not answer."
        return ApiError(503, text, code="database_unavailable", retry_after=2)
    return ApiError(500, "The server failed.", code="server_error")


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
