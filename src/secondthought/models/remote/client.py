"""HTTP to one server: a streamed request, retried by the rules of OpenAI's Python client.

Retried, at most twice: connection faults, 408, 409, 429 and 5xx, after the time that `retry-after`
names, else after 0.5, 1, ... up to 8 s with a quarter of jitter; `x-should-retry` overrules. Where
the server names more than two minutes, nobody is kept waiting: that is an error. A reply that has
begun to speak is never asked for again: the reader has it already.

One rule is ours: a server that said nothing for all of `first` is not asked again. A model that
takes so long would take as long once more, and the reader would hear of it three times as late.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from secondthought import __version__
from secondthought.models.base import ModelError
from secondthought.models.remote import sse
from secondthought.models.remote.address import LOOPBACK, TIMEOUT, key_names
from secondthought.models.remote.untrusted import Json, an_object, choices, said, whole
from secondthought.trace import Retry

_KINDS = {
    400: "bad_request",
    401: "auth",
    403: "auth",
    404: "not_found",
    408: "timeout",
    413: "context",
    429: "rate_limit",
}
_CONTEXT = re.compile(
    r"context[ _](length|window|size)|exceeds? .*context|prompt is too long", re.I
)
_CONNECT_SECONDS = 5
_REST_SECONDS = 0.2
_MAX_WAIT = 120
_YEAR = 31_536_000  # more than that is no time to name
_SAID = 300  # characters of a server's words that we repeat


class _Failure(Exception):
    """A request that failed. again: another try may help."""

    def __init__(self, error: ModelError, *, again: bool) -> None:
        super().__init__(str(error))
        self.error = error
        self.again = again


@dataclass(slots=True)
class _Session:
    """What is bound to one event loop. straight: aiohttp's connections, to be used without what
    httpx does around a request: there is no redirect, login or hook here, and its cookies are
    kept below."""

    loop: asyncio.AbstractEventLoop
    http: httpx.AsyncClient
    straight: httpx.AsyncBaseTransport | None
    gate: asyncio.Semaphore


class Client:
    """One server. Usable from one event loop after another, as `asyncio.run` makes them.

    url: up to and with /v1. first: seconds until the first piece of a reply, in which a model may
    think unseen. stall: seconds without a piece after that. seconds: in place of both.
    concurrency: requests at one time; more wait their turn.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        first: float = 600,
        stall: float = 120,
        seconds: float | None = None,
        retries: int = 2,
        concurrency: int = 64,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._headers = {"user-agent": f"secondthought/{__version__}"}
        if key:
            self._headers["authorization"] = f"Bearer {key}"
        self._first, self._stall = seconds or first, seconds or stall
        self._retries, self._concurrency = retries, concurrency
        self._transport = transport
        self._urls: dict[str, httpx.URL] = {}
        self._session: _Session | None = None
        self._kept_in: asyncio.AbstractEventLoop | None = None

    def keep(self) -> None:
        """Promise to call `close` in the loop that is running: only then are its connections
        aiohttp's, which complains on stderr when they are left open."""
        self._kept_in = asyncio.get_running_loop()

    async def get(self, path: str, *, seconds: float = 10) -> Any:
        """JSON of GET `path`; a path that begins with "/" is the server's, not below /v1. One
        try. Raises ModelError."""
        return await self._json("GET", path, None, seconds)

    async def post(self, path: str, body: Json, *, seconds: float = 10) -> Any:
        """As `get`, with a body."""
        return await self._json("POST", path, body, seconds)

    async def stream(
        self, path: str, body: Json, *, on_retry: Callable[[Retry], object] | None = None
    ) -> AsyncGenerator[Json]:
        """The JSON of each event of a streamed reply; a reply that is not streamed is one event.

        on_retry: told of every try that failed and is followed by another one.
        Closing the generator closes the connection, which ends the server's work. Raises
        ModelError, also when the stream ends before the reply has.
        """
        session = self._open()
        async with session.gate:
            tries = 0
            while True:
                spoke = False
                try:
                    async with aclosing(self._once(session, path, body)) as events:
                        async for event in events:
                            spoke = spoke or speaks(event)
                            yield event
                    return
                except _Failure as failure:
                    if spoke or not failure.again or tries >= self._retries:
                        raise failure.error from None
                    tries += 1
                    wait = _wait(tries, failure.error.retry_after)
                    if on_retry is not None:
                        on_retry(Retry(failure.error.kind, str(failure), wait))
                await asyncio.sleep(wait)

    async def close(self) -> None:
        """Close the connections. Idempotent."""
        session, self._session = self._session, None
        self._kept_in = None
        if session is not None and session.loop is asyncio.get_running_loop():
            await session.http.aclose()

    def _open(self) -> _Session:
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.loop is not loop:
            # A proxy that the environment names cannot reach this machine's own ports.
            trusting = urlsplit(self.url).hostname not in LOOPBACK
            straight = None if self._transport else self._faster(trusting)
            # Connections of a loop that is gone cannot even be closed; they went with it.
            http = httpx.AsyncClient(
                headers=self._headers,
                timeout=httpx.Timeout(self._first, connect=_CONNECT_SECONDS, pool=None),
                limits=httpx.Limits(
                    max_connections=None, max_keepalive_connections=self._concurrency
                ),
                transport=self._transport or straight,
                trust_env=trusting,
            )
            gate = asyncio.Semaphore(self._concurrency)
            self._session = _Session(loop, http, straight, gate)
        return self._session

    def _faster(self, trusting: bool) -> httpx.AsyncBaseTransport | None:
        """What comes with the extra `server`; None for httpx's own, which is needed where the
        environment names proxies and they count."""
        if self._kept_in is not asyncio.get_running_loop() or (trusting and getproxies()):
            return None
        try:
            from secondthought.models.remote.transport import Transport
        except ImportError:
            return None
        return Transport()

    def _at(self, path: str) -> httpx.URL:
        if path not in self._urls:  # httpx reads an address anew with every request
            parts = urlsplit(self.url)
            own = f"{parts.scheme}://{parts.netloc}{path}"
            self._urls[path] = httpx.URL(own if path.startswith("/") else f"{self.url}/{path}")
        return self._urls[path]

    async def _json(self, method: str, path: str, body: Json | None, seconds: float) -> Any:
        http = self._open().http
        try:
            async with http.stream(method, self._at(path), json=body, timeout=seconds) as response:
                said = await _whole(response)
        except httpx.HTTPError as fault:
            raise self._fault(fault).error from None
        if response.status_code != 200:
            raise self._refusal(response, said).error
        try:
            return json.loads(said)
        except (ValueError, RecursionError):
            raise self._nonsense().error from None

    async def _once(self, session: _Session, path: str, body: Json) -> AsyncGenerator[Json]:
        try:
            async with self._posted(session, path, body) as response:
                if response.status_code != 200:
                    raise self._refusal(response, await _whole(response))
                if "text/event-stream" in response.headers.get("content-type", "").lower():
                    async with aclosing(self._events(response)) as events:
                        async for event in events:
                            yield event
                else:
                    yield self._object((await _whole(response)).decode("utf-8", "replace"))
        except httpx.HTTPError as fault:
            raise self._fault(fault) from None
        except ModelError as error:
            raise _Failure(error, again=error.kind != "timeout") from None

    @asynccontextmanager
    async def _posted(
        self, session: _Session, path: str, body: Json
    ) -> AsyncGenerator[httpx.Response]:
        http, url = session.http, self._at(path)
        if session.straight is None:
            async with http.stream("POST", url, json=body) as response:
                yield response
            return
        limits = {"timeout": http.timeout.as_dict()}
        request = httpx.Request("POST", url, headers=http.headers, json=body, extensions=limits)
        response = await session.straight.handle_async_request(request)
        try:
            yield response
        finally:
            await response.aclose()

    async def _events(self, response: httpx.Response) -> AsyncGenerator[Json]:
        data: AsyncIterator[str | None] = sse.events(response.aiter_bytes())
        limit, over = self._first, False
        while True:
            try:
                async with asyncio.timeout(limit):
                    text = await anext(data)
            except TimeoutError:
                raise ModelError(
                    f"the server at {self.url} sent nothing for {limit:g} s; "
                    f"{TIMEOUT} sets how long that may be",
                    "timeout",
                ) from None
            except StopAsyncIteration:
                break
            if text is None or not text.strip():
                continue
            if text.strip() == "[DONE]":
                await _rest(data)
                return
            event = self._object(text)
            if speaks(event):
                limit = self._stall
            over = over or any(c.get("finish_reason") for c in choices(event))
            yield event
        if not over:
            raise ModelError(
                f"the server at {self.url} closed the connection before the reply's end",
                "connection",
            )

    def _object(self, text: str) -> Json:
        try:
            event = an_object(json.loads(text))
        except (ValueError, RecursionError):
            event = {}
        if not event:
            raise self._nonsense()
        if error := event.get("error"):
            words = _words(error)
            # Where the status is 200 already, servers give the one that they meant as the code.
            code = whole(an_object(error).get("code")) or 500
            status = code if 400 <= code < 600 else 500
            kind = "context" if _CONTEXT.search(words) else _kind(status, words)
            raise _Failure(
                ModelError(f"the server at {self.url} says: {words}", kind), again=_passes(status)
            )
        return event

    def _nonsense(self) -> _Failure:
        message = (
            f"what the server at {self.url} sent is no answer of a model; "
            "is the URL right, up to and with /v1?"
        )
        return _Failure(ModelError(message, "malformed"), again=True)

    def _refusal(self, response: httpx.Response, said: bytes) -> _Failure:
        status, headers = response.status_code, response.headers
        try:
            words = _words(json.loads(said))
        except (ValueError, RecursionError):
            text = said.decode("utf-8", "replace")
            words = "a web page, no API" if text.lstrip().startswith("<") else _line(text)
        kind = _kind(status, words)
        message = f"the server at {self.url} answers {status}" + (f": {words}" if words else "")
        if 300 <= status < 400 and "location" in headers:
            message += f"; it has moved: write {_line(headers['location'])} for its URL"
        if kind == "auth":
            names = " or ".join(key_names(urlsplit(self.url).hostname or ""))
            message += f" (its key comes from the environment: {names})"
        wait = _retry_after(headers)
        again = {"true": True, "false": False}.get(
            headers.get("x-should-retry", ""), _passes(status)
        )
        return _Failure(
            ModelError(message, kind, retry_after=wait), again=again and (wait or 0) <= _MAX_WAIT
        )

    def _fault(self, fault: httpx.HTTPError) -> _Failure:
        slow = isinstance(fault, httpx.TimeoutException) and not isinstance(
            fault, httpx.ConnectTimeout
        )
        if slow:
            message = f"the server at {self.url} did not answer in time; {TIMEOUT} sets the seconds"
        elif isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout):
            message = f"no server answers at {self.url}; is it started, and is this its port?"
        else:
            message = f"the connection to {self.url} broke: {_line(str(fault))}"
        return _Failure(ModelError(message, "timeout" if slow else "connection"), again=not slow)


def _kind(status: int, words: str) -> str:
    """What kind of error a status is."""
    if 300 <= status < 400:  # we are not sent on: a key is for the host that it was given for
        return "not_found"
    kind = _KINDS.get(status, "server" if status >= 500 else "bad_request")
    return "context" if kind == "bad_request" and _CONTEXT.search(words) else kind


def _passes(status: int) -> bool:
    """Whether another try may help."""
    return status in (408, 409, 429) or status >= 500


async def _whole(response: httpx.Response) -> bytes:
    """The body. Raises ModelError for one that is too large: it may have no end."""
    blocks, size = list[bytes](), 0
    async for block in response.aiter_bytes():
        blocks.append(block)
        size += len(block)
        if size > sse.MAX_EVENT:
            raise ModelError("the server sent an answer without end", "malformed")
    return b"".join(blocks)


async def _rest(data: AsyncIterator[str | None]) -> None:
    """Read what a server sends after the end, which is mostly the end of the body itself: only a
    connection that was read to there can serve the next request."""
    with suppress(TimeoutError, httpx.HTTPError, ModelError):
        async with asyncio.timeout(_REST_SECONDS):
            async for _ in data:
                pass


def speaks(event: Json) -> bool:
    """Whether an event brings anything of a reply; the first one often names a role only."""
    return any(
        choice.get("finish_reason") or any(v for k, v in said(choice).items() if k != "role")
        for choice in choices(event)
    )


def _wait(tries: int, retry_after: float | None) -> float:
    """Seconds before the next try. retry_after: as the server named them, at most `_MAX_WAIT`."""
    if retry_after is not None:
        return retry_after
    return min(0.5 * 2 ** (tries - 1), 8) * (1 - 0.25 * random.random())


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds from now, more than 0; None where the server names none. Also of a date."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return _ahead(min(float(headers[name]) / unit, _YEAR))
        except (KeyError, ValueError):
            pass
    try:
        return _ahead(parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time())
    except (KeyError, ValueError, OverflowError):
        return None


def _ahead(seconds: float) -> float | None:
    return seconds if seconds > 0 else None


def _words(error: Any) -> str:
    """What a server says of an error, in whichever of the usual forms."""
    while isinstance(error, dict):
        fields = cast(Json, error)
        error = next((fields[k] for k in ("error", "message", "detail") if fields.get(k)), "")
    return _line(error if isinstance(error, str) else json.dumps(error))


def _line(text: str) -> str:
    """One line without control characters, not too long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= _SAID else text[: _SAID - 1] + "…"
