"""Every fault in every dialect: a recovery that stands in the trace, or a typed error, in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from upstreams import URLS, Fault, Upstream, on_port

from secondthought import Policy, Reasoner, Stop, Trace
from secondthought.models.base import ModelError
from secondthought.models.remote.model import Remote
from secondthought.trace import Event, Failed, Finished, Retried

Make = Callable[..., tuple[Remote, Upstream]]
LONG = " ".join(f"s{n}" for n in range(900))
POLICY = Policy("think", 300, 32)
SIX = [name for name in URLS if name != "other"]
SECONDS = 5
"""Far more than any of this takes, far less than the limits of a client that nobody configured."""

FAULTS = {
    "stalls": (Fault("stall"), "timeout"),
    "drops": (Fault("drop"), "connection"),
    "malformed": (Fault("malformed"), "malformed"),
    "error_event": (Fault("error"), "server"),
    "429": (Fault(status=429, headers={"retry-after": "7"}), "rate_limit"),
    "500": (Fault(status=500), "server"),
    "503": (Fault(status=503), "server"),
    "hangs_up": (Fault("nothing"), "connection"),
    "blank_stream": (Fault("blank"), "connection"),
}
ASKED_AGAIN = {name: fault for name, fault in FAULTS.items() if name != "stalls"}
EMPTY = {"says_nothing": Fault("done"), "empty_reply": Fault("empty")}


def each(faults: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "fault", [pytest.param(f, id=name) for name, f in faults.items()]
    )


async def told(model: Remote) -> tuple[Trace, list[Event]]:
    """The trace and the events of one answer, in time."""
    started = time.perf_counter()
    events = [event async for event in Reasoner(model).stream("What?", policy=POLICY)]
    assert time.perf_counter() - started < SECONDS
    assert isinstance(events[-1], Finished)
    trace = events[-1].trace
    assert trace.retries == [event.retry for event in events if isinstance(event, Retried)]
    return trace, events


@pytest.mark.parametrize("dialect", SIX)
@each(ASKED_AGAIN)
async def test_before_the_first_token_it_is_asked_again(
    remote: Make, dialect: str, fault: tuple[Fault, str]
) -> None:
    model, upstream = remote(dialect)
    await model.ready()
    upstream.faults = [fault[0]]
    trace, _ = await told(model)
    assert (trace.answer, trace.error) == ("four five", None)
    assert [retry.kind for retry in trace.retries] == [fault[1]]
    assert upstream.running == 0


@pytest.mark.parametrize("dialect", SIX)
@each(EMPTY)
async def test_an_empty_reply_is_asked_for_again(remote: Make, dialect: str, fault: Fault) -> None:
    model, upstream = remote(dialect)
    await model.ready()
    upstream.faults = [fault]
    trace, _ = await told(model)
    assert (trace.answer, trace.error) == ("four five", None)
    assert [retry.kind for retry in trace.retries] == ["empty"]


@pytest.mark.parametrize("dialect", SIX)
@each(FAULTS)
async def test_a_fault_that_stays_is_a_typed_error(
    remote: Make, dialect: str, fault: tuple[Fault, str]
) -> None:
    stalls = fault[0].how == "stall"
    model, upstream = remote(dialect, first=0.3 if stalls else 5)
    await model.ready()
    asked = len(upstream.requests)
    upstream.faults = [fault[0]] * 9
    trace, events = await told(model)
    failed = next(event for event in events if isinstance(event, Failed))
    assert failed.kind == fault[1]
    assert trace.error == failed.message
    again = 0 if stalls else 2  # who said nothing for so long would do so once more
    assert [retry.kind for retry in trace.retries] == [fault[1]] * again
    assert len(upstream.faults) == 8 - again
    assert len(upstream.requests) - asked <= 3
    assert upstream.running == 0


@pytest.mark.parametrize("dialect", SIX)
@each({name: FAULTS[name] for name in ("stalls", "drops", "malformed", "error_event")})
async def test_after_the_first_token_what_came_is_kept(
    remote: Make, dialect: str, fault: tuple[Fault, str]
) -> None:
    model, upstream = remote(dialect, answer="four five six", stall=0.1)
    await model.ready()
    # Behind the thought, and one word of the answer.
    upstream.faults = [Fault(fault[0].how, after=4)] * 3
    trace, events = await told(model)
    failed = next(event for event in events if isinstance(event, Failed))
    assert (failed.kind, trace.retries) == (fault[1], [])
    if fault[0].how != "stall":  # on a slow machine any gap is one
        assert trace.answer.strip() == "four"
        assert trace.branches[0].thought.strip() == ("" if dialect == "openai" else "one two three")
    assert len(upstream.faults) == 2
    assert upstream.running == 0


@pytest.mark.parametrize("dialect", SIX)
@each({name: found for name, found in FAULTS.items() if name not in ("stalls", "503")})
async def test_the_call_that_asks_for_the_answer_recovers_too(
    remote: Make, dialect: str, fault: tuple[Fault, str]
) -> None:
    model, upstream = remote(dialect, LONG, budget=False, continues=False)
    await model.ready()
    assert (await told(model))[0].answer == "four five"  # what it cannot do is known now
    upstream.faults = [Fault(), fault[0]]
    trace, _ = await told(model)
    assert (trace.answer, trace.error) == ("four five", None)
    assert fault[1] in [retry.kind for retry in trace.retries]
    assert not upstream.faults


@pytest.mark.parametrize("dialect", SIX)
async def test_a_key_that_is_refused_is_not_tried_again(remote: Make, dialect: str) -> None:
    model, upstream = remote(dialect)
    await model.ready()
    upstream.faults = [Fault(status=401)] * 3
    with pytest.raises(ModelError) as error:
        await Reasoner(model).answer("What?", policy=POLICY)
    assert error.value.kind == "auth"
    assert len(upstream.faults) == 2


@pytest.mark.parametrize("dialect", SIX)
@each({name: FAULTS[name] for name in ("drops", "malformed", "429", "500", "hangs_up")})
async def test_a_fault_while_the_server_is_looked_at(
    remote: Make, dialect: str, fault: tuple[Fault, str]
) -> None:
    model, upstream = remote(dialect)
    upstream.faults = [fault[0]]
    trace, _ = await told(model)
    assert (trace.answer, trace.error) == ("four five", None)


@pytest.mark.parametrize("after", [0, 4])
async def test_the_user_says_for_how_long_a_server_may_say_nothing(
    monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Before the first token, and in the midst of a reply."""
    monkeypatch.setenv("SECONDTHOUGHT_REMOTE_TIMEOUT", "0.4")
    upstream = Upstream("vllm", lambda q: ("one two three", "ok" if "Reply" in q else "four five"))
    async with on_port(upstream) as port, Reasoner(f"http://127.0.0.1:{port}/v1") as reasoner:
        await reasoner.ready(Stop())
        upstream.faults = [Fault("stall", after=after)]
        started = time.perf_counter()
        events = [event async for event in reasoner.stream("What?", policy=POLICY)]
        assert time.perf_counter() - started < SECONDS
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert failed.kind == "timeout"
    assert "sent nothing for 0.4 s; SECONDTHOUGHT_REMOTE_TIMEOUT sets" in failed.message


async def test_the_wait_that_a_server_names_stands_in_the_trace(
    remote: Make, no_waiting: list[float]
) -> None:
    model, upstream = remote("vllm")
    await model.ready()
    upstream.faults = [Fault(status=429, headers={"retry-after": "7"})]
    await told(model)
    assert no_waiting == [7]
