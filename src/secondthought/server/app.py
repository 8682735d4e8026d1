"""The server as an ASGI application: routes, and what happens around every request."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import lru_cache
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from secondthought.reasoner import Reasoner
from secondthought.server import chat, openapi, pages, traces
from secondthought.server.errors import ApiError, of_fault
from secondthought.server.ids import new_id
from secondthought.server.keys import Key
from secondthought.server.logs import log, log_failure
from secondthought.server.models import Models
from secondthought.server.responses.endpoints import Responses
from secondthought.server.service import Service, json_response
from secondthought.server.settings import Settings
from secondthought.server.sse import STRAIGHT

Endpoint = Callable[[Request, Key], Awaitable[Response]]
_SWEEP = 3600.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def create_app(reasoner: Reasoner, settings: Settings | None = None) -> Starlette:
    """The application. Its service is `app.state.service` once it has started; the reasoner is
    the caller's to close."""
    settings = settings or Settings()

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        service = await Service.open(reasoner, settings)
        responses = Responses(service)
        app.state.service, app.state.responses = service, responses
        responses.worker.start()
        sweeper = asyncio.ensure_future(_sweep(service))
        try:
            yield
        finally:
            service.draining = True
            sweeper.cancel()
            await responses.worker.stop(settings.grace)
            await service.close()

    def route(path: str, method: str, call: Callable[[Request, Key], Awaitable[Response]]) -> Route:
        async def endpoint(request: Request) -> Response:
            service: Service = request.app.state.service
            key = await service.keyring.who(request.headers.get("authorization"))
            if not service.keyring.configured:
                check_origin(request)
            request.scope["key"] = key.id
            return await call(request, key)

        return Route(path, endpoint, methods=[method])

    def of(request: Request) -> Responses:
        return request.app.state.responses

    def service(request: Request) -> Service:
        return request.app.state.service

    routes = [  # they are tried in this order: the busy ones first
        route("/v1/chat/completions", "POST", lambda r, k: chat.create(service(r), r, k)),
        route("/v1/responses", "POST", lambda r, k: of(r).create(r, k)),
        Route("/health", _health),
        Route("/ready", _ready),
        Route("/openapi.json", _openapi),
        route("/metrics", "GET", _metrics),
        route("/v1/models", "GET", _models),
        route("/v1/models/{id:path}", "GET", _model),
        *pages.routes(),
        route("/page/about", "GET", lambda r, k: pages.about(service(r), r, k)),
        route("/v1/traces/{id}", "GET", lambda r, k: traces.read(service(r), r, k)),
        route("/v1/traces/{id}/inspection", "GET", lambda r, k: traces.inspect(service(r), r, k)),
        route(
            "/v1/chat/completions/{id}/answer_now",
            "POST",
            lambda r, k: chat.answer_now(service(r), r, k),
        ),
        route("/v1/responses/input_tokens", "POST", lambda r, k: of(r).input_tokens(r, k)),
        route("/v1/responses/compact", "POST", lambda r, k: of(r).compact(r, k)),
        route("/v1/responses/{id}", "GET", lambda r, k: of(r).retrieve(r, k)),
        route("/v1/responses/{id}", "DELETE", lambda r, k: of(r).delete(r, k)),
        route("/v1/responses/{id}/cancel", "POST", lambda r, k: of(r).cancel(r, k)),
        route("/v1/responses/{id}/answer_now", "POST", lambda r, k: of(r).answer_now(r, k)),
        route("/v1/responses/{id}/input_items", "GET", lambda r, k: of(r).input_items(r, k)),
    ]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={ApiError: _handle, HTTPException: _handle},
    )
    app.router.redirect_slashes = False
    app.add_middleware(Around)
    return app


async def _sweep(service: Service) -> None:
    """Delete what is older than its retention, now and every hour."""
    days = service.settings.keep_days
    while days is not None:
        try:
            await service.store.forget(time.time() - 86400 * days)
        except (SQLAlchemyError, OSError) as error:
            log_failure("old responses could not be deleted", error)
        await asyncio.sleep(_SWEEP)


def check_origin(request: Request) -> None:
    """Without keys the server trusts its machine, but not every web page that is open on it: it
    answers to its own name only, and to no page from elsewhere. Raises ApiError 403."""
    headers, server = request.headers, request.scope.get("server")
    asked = headers.get("host"), headers.get("origin")
    if not _from_here(*asked, None if server is None else tuple(server)):
        raise ApiError(403, "Without API keys only this machine's own pages may ask.")


@lru_cache(64)  # most clients ask in the same words every time
def _from_here(host: str | None, origin: str | None, server: tuple[str, int] | None) -> bool:
    headers = [] if host is None else [(b"host", host.encode("latin-1"))]
    scope = {"scheme": "http", "server": server, "path": "/", "headers": headers}
    try:
        name = URL(scope=scope).hostname
        return name in _LOOPBACK and (origin is None or urlsplit(origin).netloc == host)
    except ValueError:  # a host that is none
        return False


# --- endpoints ---------------------------------------------------------------------------------


async def _health(request: Request) -> Response:
    return json_response({"status": "ok"})


async def _openapi(request: Request) -> Response:
    return json_response(openapi.document())


async def _ready(request: Request) -> Response:
    service: Service = request.app.state.service
    try:
        await service.store.ping()
    except (SQLAlchemyError, OSError):
        return json_response({"status": "no database"}, 503)
    if service.draining:
        return json_response({"status": "shutting down"}, 503)
    return json_response({"status": "ready"})


async def _metrics(request: Request, key: Key) -> Response:
    if key.scope != "operator":
        raise ApiError(403, "Metrics are for operators.", code="operators_only")
    service: Service = request.app.state.service
    return PlainTextResponse(service.metrics.text(), media_type="text/plain; version=0.0.4")


async def _models(request: Request, key: Key) -> Response:
    models: Models = request.app.state.service.models
    return json_response(
        {"object": "list", "data": [_card(models, name) for name in await models.names()]}
    )


async def _model(request: Request, key: Key) -> Response:
    models: Models = request.app.state.service.models
    name = request.path_params["id"]
    await models.find(name)
    return json_response(_card(models, name))


def _card(models: Models, name: str) -> dict[str, object]:
    card: dict[str, object] = {"id": name, "object": "model", "created": models.created}
    card["owned_by"] = "secondthought"
    root = models.root(name)
    return card if root is None else {**card, "root": root}


# --- around every request ----------------------------------------------------------------------


class Around:
    """Gives every request an id, turns what is raised into OpenAI's errors, and logs and counts
    what came of it. Plain ASGI: a stream passes through it untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, id = time.perf_counter(), new_id("req")
        status = 0
        scope[STRAIGHT] = send

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                ms = str(round(1000 * (time.perf_counter() - start))).encode()
                message["headers"] += [
                    (b"x-request-id", id.encode()),
                    (b"openai-processing-ms", ms),
                    (b"openai-version", b"2020-10-01"),
                ]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:
            status = 499
        except Exception as error:
            if status:
                log_failure("a reply broke off", error)
                raise
            log_failure("a request failed", error)
            await _as_response(of_fault(error))(scope, receive, send_with_id)
        finally:
            del scope[STRAIGHT]  # uvicorn holds the scope by this `send`: a cycle, if it stays
            seconds = time.perf_counter() - start
            route = scope.get("route")
            path: str = route.path if isinstance(route, Route) else "other"
            app: Starlette = scope["app"]
            service: Service = app.state.service
            service.metrics.count("requests_total", path=path, status=status)
            service.metrics.observe("request_seconds", seconds)
            if path not in ("/health", "/ready", "/metrics"):
                log(
                    "request",
                    request_id=id,
                    method=scope["method"],
                    path=path,
                    status=status,
                    key=scope.get("key"),
                    seconds=round(seconds, 4),
                )


async def _handle(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        text = {404: "There is no such endpoint.", 405: "This endpoint has no such method."}
        reply = _as_response(ApiError(error.status_code, text.get(error.status_code, error.detail)))
        if error.status_code == 405:
            reply.headers["allow"] = ", ".join(_methods(request))
        return reply
    assert isinstance(error, ApiError)
    return _as_response(error)


def _methods(request: Request) -> list[str]:
    """What may be done with this path; each method is a route of its own."""
    app: Starlette = request.app
    routes = [route for route in app.routes if isinstance(route, Route)]
    here = [r for r in routes if r.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in here for method in route.methods or ()})


def _as_response(error: ApiError) -> Response:
    return json_response(error.body, error.status, error.headers)
