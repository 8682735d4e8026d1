from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.models.base import ModelError
from secondthought.models.remote import sse

STREAM = (
    b': hi\r\n\r\nid: 1\nevent: x\ndata: {"a":\r\ndata:1}\r\n\r\n'
    b"data: one\xe2\x80\xa8line\n\ndata: \r\rdata: [DONE]"
)
EVENTS = [None, '{"a":\n1}', "one\u2028line", "", "[DONE]"]


async def read(blocks: list[bytes]) -> list[str | None]:
    async def feed() -> AsyncIterator[bytes]:
        for block in blocks:
            yield block

    return [event async for event in sse.events(feed())]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_events_do_not_depend_on_how_the_bytes_were_cut(cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(STREAM)]
    blocks = [STREAM[a:b] for a, b in pairwise(ends)]
    assert asyncio.run(read(blocks)) == EVENTS


@given(st.binary(max_size=200))
def test_no_bytes_break_it(noise: bytes) -> None:
    asyncio.run(read([noise]))


async def test_an_event_without_end_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sse, "MAX_EVENT", 1000)
    with pytest.raises(ModelError) as error:
        await read([b"data: " + b"x" * 400] * 5)
    assert error.value.kind == "malformed"


async def test_a_long_line_is_not_read_again_with_every_block() -> None:
    """Four megabytes in blocks of one kilobyte: quadratic, that is half a minute in which no other
    stream of the process goes on."""
    start = time.process_time()
    (event,) = await read([b"data: ", *[b"x" * 1024] * 4096, b"\n\n"])
    assert event == "x" * (4 << 20)
    assert time.process_time() - start < 2
