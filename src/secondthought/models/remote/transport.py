"""aiohttp under httpx: the same requests, answers and errors for a third of httpcore's time.

httpx takes its connections from a transport. Its own does in Python what aiohttp does in C, and
was most of what a short request through the server cost.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp
import httpx
from yarl import URL

_IDLE_SECONDS = 5  # for which a connection is kept, as httpx does
_OUR_HEADERS = ("user-agent", "accept", "accept-encoding", "content-type")  # httpx sets them


class Transport(httpx.AsyncBaseTransport):
    """Connections of one event loop; open it there. How many there are is the caller's to bound.

    Raises httpx's errors, so that no caller need know what is below.
    """

    def __init__(self) -> None:
        trace = aiohttp.TraceConfig()
        trace.on_connection_reuseconn.append(_reused)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, ssl=httpx.create_ssl_context(), keepalive_timeout=_IDLE_SECONDS
            ),
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # for IP addresses too, as httpx does
            auto_decompress=False,  # that is httpx's business
            skip_auto_headers=_OUR_HEADERS,
            trace_configs=[trace],
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with _errors(connecting=True):
            response = await self._answer(request)
        return httpx.Response(
            response.status, headers=response.raw_headers, stream=_Body(response), request=request
        )

    async def _answer(self, request: httpx.Request) -> aiohttp.ClientResponse:
        """Servers close what is idle when they like (llama.cpp after every stream), and may do so
        while we ask: nobody has heard it then, and it is asked anew at once."""
        limits = request.extensions.get("timeout", {})
        while True:
            used = _Connection()
            try:
                return await self._session.request(
                    request.method,
                    URL(str(request.url), encoded=True),
                    headers=request.headers.multi_items(),
                    data=await request.aread() or None,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(
                        sock_connect=limits.get("connect"), sock_read=limits.get("read")
                    ),
                    trace_request_ctx=used,
                )
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                if not used.kept:
                    raise

    async def aclose(self) -> None:
        await self._session.close()


@dataclass(slots=True)
class _Connection:
    """The one that a request went over. kept: an earlier request had it too."""

    kept: bool = False


async def _reused(
    _: aiohttp.ClientSession,
    context: SimpleNamespace,
    __: aiohttp.TraceConnectionReuseconnParams,
) -> None:
    context.trace_request_ctx.kept = True


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        with _errors():
            async for block in self._response.content.iter_any():
                yield block

    async def aclose(self) -> None:
        # Read to its end, its connection is back among the idle ones; else this closes it.
        self._response.close()


@contextmanager
def _errors(*, connecting: bool = False) -> Generator[None]:
    """aiohttp's errors as those of httpx."""
    try:
        yield
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error)) from None
    except aiohttp.SocketTimeoutError as error:
        raise httpx.ReadTimeout(str(error)) from None
    except TimeoutError as error:
        kind = httpx.ConnectTimeout if connecting else httpx.ReadTimeout
        raise kind(str(error)) from None
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise httpx.ReadError(str(error)) from None
    except aiohttp.ClientError as error:
        raise httpx.RemoteProtocolError(str(error)) from None
