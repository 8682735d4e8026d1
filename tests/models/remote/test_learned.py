"""What answers teach of a model: fields that it refuses, where its thought stands, whether it
thinks although it is told not to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from upstreams import Fault, Upstream, on_port

from secondthought import Policy, Reasoner, StopReason
from secondthought.messages import Message
from secondthought.models.base import Request, collect
from secondthought.models.remote import dialects, probe
from secondthought.models.remote.model import Remote

Make = Callable[..., tuple[Remote, Upstream]]
LONG = " ".join(f"s{n}" for n in range(900))
THINK = Policy("think", 300, 32)
DIRECT = Policy("direct", 0, 32)
MENTION = "Close it with </think> and go on."
THOUGHT_SHAPED = "First I look.\n</think>\n\nThat is how it looks."


@pytest.mark.parametrize(
    ("host", "effort", "refuses"),
    [
        ("other", "none", ["chat_template_kwargs"]),
        ("other", "none", ["chat_template_kwargs", "reasoning_effort", "seed"]),
        ("openai", "medium", ["temperature"]),
        ("openai", "high", ["reasoning_effort"]),
        ("openai", "none", ["reasoning_effort=none"]),
    ],
)
async def test_requests_that_are_refused_at_once_are_all_asked_again(
    monkeypatch: pytest.MonkeyPatch, host: str, effort: str, refuses: list[str]
) -> None:
    if host == "openai":
        monkeypatch.setitem(probe.HOSTS, "127.0.0.1", dialects.OPENAI)
    upstream = Upstream(
        host,
        lambda q: ("hm", "ok") if q.startswith("Reply") else ("a b", "four five"),
        refuses=refuses,
    )
    async with (
        on_port(upstream) as port,
        Reasoner(Remote(f"http://127.0.0.1:{port}/v1#m")) as reasoner,
    ):
        asked = (reasoner.answer("What?", effort, seed=seed) for seed in range(32))
        assert {trace.answer for trace in await asyncio.gather(*asked)} == {"four five"}


@pytest.mark.parametrize("dialect", ["other", "ollama"])
async def test_an_effort_that_is_refused_by_name_is_left_out(remote: Make, dialect: str) -> None:
    model, upstream = remote(dialect, shape="none", refuses=["reasoning_effort"])
    for _ in range(2):
        assert (await Reasoner(model).answer("What?", "none")).answer == "four five"
    assert "reasoning_effort" not in upstream.requests[-1]


@pytest.mark.parametrize("shape", ["none", "field"])
@pytest.mark.parametrize("policy", [THINK, DIRECT])
@pytest.mark.parametrize("answer", [MENTION, THOUGHT_SHAPED])
async def test_an_answer_that_speaks_of_the_tag_changes_nothing_for_others(
    remote: Make, shape: str, policy: Policy, answer: str
) -> None:
    model, upstream = remote("other", shape=shape)
    await model.ready()
    plain, upstream.script = upstream.script, lambda _: ("a b", answer)
    told = await Reasoner(model).answer("Which tag closes it?", policy=policy)
    assert told.answer == answer
    if answer == MENTION or policy is DIRECT:
        assert model.shape == shape
    upstream.script = plain
    for _ in range(2):
        trace = await Reasoner(model).answer("What?", policy=policy)
        assert (trace.answer, len(trace.retries)) == ("four five", 0)
        assert trace.finish_reason is StopReason.STOP
    assert model.shape == shape


async def test_a_thought_with_a_closing_tag_only_is_learned_of(remote: Make) -> None:
    model, upstream = remote("ollama", shape="open")  # nobody looks before the first answer
    await Reasoner(model).answer("What?", policy=THINK)
    assert model.shape == "open"
    trace = await Reasoner(model).answer("What?", policy=THINK)
    assert (trace.thought, trace.answer) == ("one two three", "four five")
    assert len(upstream.requests) == 2


async def test_a_model_that_was_taken_for_such_a_one_is_believed_again(remote: Make) -> None:
    model, upstream = remote("ollama", shape="none", answer="four five six")
    model._shape = "field"  # pyright: ignore[reportPrivateUsage]
    await model.ready()
    request = Request([Message("user", "What?")], max_thought=50, max_answer=10, max_tokens=60)
    plain, upstream.script = upstream.script, lambda _: ("", THOUGHT_SHAPED)
    await collect(model, request)
    assert model.shape == "open"
    upstream.script = plain
    (sample,) = await collect(model, request)
    assert (sample.answer, sample.stop) == ("four five six", StopReason.STOP)
    assert (sample.thought_tokens, sample.answer_tokens) == (0, 3)
    assert model.shape == "none"


IGNORES = {"obeys_off": False, "budget": False}


@pytest.mark.parametrize("dialect", ["vllm", "sglang"])
@pytest.mark.parametrize("shape", ["field", "tags", "open"])
async def test_a_thinker_that_cannot_be_told_not_to_is_closed_by_a_prefix(
    remote: Make, dialect: str, shape: str
) -> None:
    model, upstream = remote(dialect, LONG, shape=shape, **IGNORES)
    await model.ready()
    for calls in (1 if shape == "open" else 2, 1):
        upstream.requests.clear()
        upstream.made.clear()
        trace = await Reasoner(model).answer("What?", policy=DIRECT)
        assert (trace.answer, trace.finish_reason) == ("four five", StopReason.STOP)
        assert len(upstream.requests) == calls
        assert upstream.made["What?"] <= DIRECT.total
        assert trace.ledger.usage.completion_tokens <= DIRECT.total
        assert abs(trace.ledger.usage.completion_tokens - upstream.made["What?"]) <= 1
    assert upstream.requests[-1]["messages"][-1]["content"] == "<think>\n\n</think>\n\n"


async def test_what_was_thought_all_the_same_stands_in_the_trace(remote: Make) -> None:
    model, _ = remote("vllm", LONG, **IGNORES)
    trace = await Reasoner(model).answer("What?", policy=DIRECT)
    assert trace.thought.split() == LONG.split()[:8]
    assert trace.ledger.usage.reasoning_tokens == 8


async def test_a_server_that_cannot_go_on_is_asked_plainly_with_what_is_left(remote: Make) -> None:
    thought = " ".join(f"s{n}" for n in range(15))
    model, upstream = remote("vllm", thought, continues=False, **IGNORES)
    trace = await Reasoner(model).answer("What?", policy=DIRECT)
    assert trace.answer == "four five"
    assert upstream.made["What?"] <= DIRECT.total
    assert not model.capabilities.extends


async def test_the_call_with_notes_is_closed_too(remote: Make) -> None:
    model, upstream = remote("vllm", LONG, **IGNORES)
    await model.ready()
    upstream.faults = [Fault("done")]
    assert (await Reasoner(model).answer("What?", policy=THINK)).answer == "four five"
    assert upstream.made["What?"] <= THINK.total


async def test_a_long_answer_of_a_model_that_obeys_is_one_call(remote: Make) -> None:
    words = " ".join(f"a{n}" for n in range(30))
    for shape in ("none", "field", "tags"):
        model, upstream = remote("vllm", LONG, words, shape=shape)
        await model.ready()
        asked = len(upstream.requests)
        assert (await Reasoner(model).answer("What?", policy=DIRECT)).answer == words
        assert len(upstream.requests) == asked + 1
