"""The whole thought behind an answer, for operators: as it is stored (`GET /v1/traces/{id}`) and
read line by line (`GET /v1/traces/{id}/inspection`). Every read is logged before it happens."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from secondthought.oversight.audit import AuditError
from secondthought.server import queries
from secondthought.server.errors import ApiError
from secondthought.server.ids import is_id
from secondthought.server.inspection import inspection
from secondthought.server.keys import Key
from secondthought.server.logs import log_failure
from secondthought.server.service import Service, json_response


async def read(service: Service, request: Request, key: Key) -> Response:
    """The trace, and its disclosure as `secondthought verify-seal` takes it. Query and errors:
    see `_find`."""
    return json_response(await _find(service, request, key))


async def inspect(service: Service, request: Request, key: Key) -> Response:
    """The trace as the thought inspector shows it. Query and errors: see `_find`."""
    found = await _find(service, request, key)
    return json_response(await asyncio.to_thread(inspection, found))


async def _find(service: Service, request: Request, key: Key) -> dict[str, Any]:
    """What is stored of the answer, once the read is in the audit log.

    Query: choice, the index among n answers (0). Raises ApiError 403 for users, 503 when the
    audit log cannot be continued: then nothing may be read.
    """
    if key.scope != "operator":
        raise ApiError(403, "Traces are for operators.", code="operators_only")
    id = request.path_params["id"]
    choice = queries.number(queries.read(request, "choice"), "choice", 0, 0, 99)
    await service.accounts.save()
    found = await service.store.trace(f"{id}.{choice}") if is_id(id) else None
    if found is None:
        raise ApiError(404, f"There is no trace of {id[:80]!r}.", param="id", code="not_found")
    try:
        await asyncio.to_thread(service.audit.append, key.id or "operator", "read", found.id)
    except (AuditError, OSError) as error:
        log_failure("the audit log cannot be written", error)
        text = "The audit log cannot be continued, so no trace may be read."
        raise ApiError(503, text, code="audit_log_broken") from None
    service.metrics.count("traces_read_total")
    return json.loads(found.trace)
