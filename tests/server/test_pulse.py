"""What wakes the reader of a stream, and what does not."""

from __future__ import annotations

import asyncio

from secondthought.server.pulse import Pulse

LONG = 60.0
SOON = 5.0  # longer than any wait here, on any machine


async def woken(pulse: Pulse, seconds: float = SOON) -> bool | None:
    """What a wait gives within these seconds; None = it goes on."""
    try:
        return await asyncio.wait_for(pulse.wait(), seconds)
    except TimeoutError:
        return None


async def test_the_first_news_wakes_at_once_and_the_next_gathers() -> None:
    pulse = Pulse(LONG, LONG)
    pulse.beat()
    assert await woken(pulse) is True
    pulse.beat()
    assert await woken(pulse, 0.02) is None
    pulse.beat(last=True)  # nothing to wait for any more
    assert await woken(pulse) is True
    pulse.close()


async def test_what_is_gathered_wakes_once() -> None:
    clock, pulse = asyncio.get_running_loop().time, Pulse(LONG, 0.05)
    pulse.beat()
    assert await woken(pulse) is True
    before = clock()
    for _ in range(5):
        pulse.beat()
    assert await woken(pulse) is True
    assert clock() - before > 0.03
    assert await woken(pulse, 0.1) is None
    pulse.beat()  # long after the last
    assert await woken(pulse) is True
    pulse.close()


async def test_without_gathering_all_news_wakes_at_once() -> None:
    pulse = Pulse(LONG)
    for _ in range(3):
        pulse.beat()
        assert await woken(pulse) is True
    pulse.close()


async def test_silence_wakes_again_and_again_and_loses_no_news() -> None:
    pulse = Pulse(0.02, 0.02)
    assert [await woken(pulse) for _ in range(2)] == [False, False]
    for _ in range(5):  # some of them at the moment of a silence
        pulse.beat()
        await asyncio.sleep(0.03)
        while await woken(pulse) is not True:
            pass
    pulse.close()


async def test_news_once_in_the_time_to_gather_need_not_wait_for_the_rest_of_it() -> None:
    pulse = Pulse(LONG, 1.0)
    pulse.beat()
    assert await woken(pulse) is True
    loop = asyncio.get_running_loop()
    now, loop.time = loop.time, lambda: now() + 0.95  # type: ignore[method-assign]
    pulse.beat()
    assert pulse._event.is_set()
    loop.time = now  # type: ignore[method-assign]
    assert await woken(pulse) is True
    pulse.close()
