"""Server-sent events: a response that notices when its reader leaves, and drops one that stalls."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

PING = b": ping\n\n"
DONE = b"data: [DONE]\n\n"
STRAIGHT = "secondthought.send"
"""In a scope: the way out past all that looks at the start of a reply only. A stream's tokens take
it."""


def data(text: str) -> bytes:
    return f"data: {text}\n\n".encode()


class Stream(Response):
    """chunks: the body, ready to send. left: called when the reader has gone before the end.
    stalled: seconds that one write may take, a quarter more at
    most."""

    media_type = "text/event-stream"

    def __init__(
        self,
        chunks: AsyncGenerator[bytes],
        *,
        left: Callable[[], object],
        stalled: float,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._chunks = chunks
        self._left = left
        self._stalled = stalled
        self._since: float | None = None  # when the write that is going on began
        self.status_code = 200
        self.background = None
        # Proxies must neither keep the stream back nor store it.
        self.init_headers(
            {"cache-control": "no-cache", "x-accel-buffering": "no", **(headers or {})}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sender = asyncio.ensure_future(self._send(scope, send))
        watcher = asyncio.ensure_future(gone(receive))
        stalled = asyncio.ensure_future(self._stall())
        others = {watcher, stalled}
        try:
            await asyncio.wait({sender, *others}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not sender.done():
                self._left()
            for task in (sender, *others):
                task.cancel()
            await asyncio.wait({sender, *others})
        if not sender.cancelled() and (error := sender.exception()) is not None:
            self._left()
            if not isinstance(error, OSError):  # a socket that broke
                raise error

    async def _send(self, scope: Scope, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        send = scope.get(STRAIGHT, send)
        clock = asyncio.get_running_loop().time
        async with contextlib.aclosing(self._chunks) as chunks:
            async for chunk in chunks:
                self._since = clock()
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                self._since = None
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _stall(self) -> None:
        """Returns when a write has taken too long. One look now and then is cheaper than a time
        limit on every write."""
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(self._stalled / 4)
            if self._since is not None and clock() - self._since >= self._stalled:
                return


async def gone(receive: Receive) -> None:
    """Returns when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
