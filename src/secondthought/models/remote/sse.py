"""Server-sent events, as far as model servers use them: the `data` of each event."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from secondthought.models.base import ModelError

MAX_EVENT = 16 << 20
"""Bytes of one event; more is nonsense, and must not fill the memory."""

# Bytes, not str.splitlines: JSON may hold U+2028 and others, which are no line ends here. A "\r"
# at the end of a block may be the first half of "\r\n", so it waits for the next block.
_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")
_MAY_END = re.compile(rb"[\r\n]")


async def events(blocks: AsyncIterator[bytes]) -> AsyncIterator[str | None]:
    """The data of each event, in order; None for a comment, by which a server shows that it is
    alive. An event that the stream's end cuts off is given too. Raises ModelError "malformed".
    """
    begun, waits = list[bytes](), 0  # a line whose end has not come, in the blocks that it came in
    data, size = list[bytes](), 0
    async for block in blocks:
        # Looked at anew with every block, a long line would take the square of its length.
        if begun and not (_MAY_END.search(block) or begun[-1].endswith(b"\r")):
            begun.append(block)
            waits += len(block)
        else:
            *lines, rest = _LINE_END.split(b"".join([*begun, block]))
            begun, waits = [rest] if rest else [], len(rest)
            for line in lines:
                if not line and data:
                    yield _text(data)
                    data, size = [], 0
                elif line.startswith(b":"):
                    yield None
                elif line.startswith(b"data:"):
                    data.append(line[5:].removeprefix(b" "))
                    size += len(line)
        if size + waits > MAX_EVENT:
            raise ModelError("the server sent an event without end", "malformed")
    if (rest := b"".join(begun).rstrip(b"\r")).startswith(b"data:"):
        data.append(rest[5:].removeprefix(b" "))
    if data:
        yield _text(data)


def _text(data: list[bytes]) -> str:
    return b"\n".join(data).decode("utf-8", "replace")
