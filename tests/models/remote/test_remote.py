"""The whole way: a reasoner over scripted servers in every dialect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import httpx
import pytest
from upstreams import URLS, Fault, Upstream

from secondthought import Policy, Reasoner, StopReason, Trace
from secondthought.messages import AnswerFormat, Message, Problem, Tool
from secondthought.models.base import ModelError, Request, collect
from secondthought.models.remote.client import Client
from secondthought.models.remote.model import Remote

Make = Callable[..., tuple[Remote, Upstream]]
LONG = " ".join(f"s{n}" for n in range(900))
POLICY = Policy("think", 300, 32)
SIX = [name for name in URLS if name != "other"]
VISIBLE = [name for name in SIX if name != "openai"]


async def answer(model: Remote, policy: Policy = POLICY, **options: Any) -> Trace:
    trace = await Reasoner(model).answer("What?", policy=policy, **options)
    usage = trace.ledger.usage
    assert usage.reasoning_tokens <= policy.thought_tokens
    assert usage.completion_tokens <= policy.thought_tokens + policy.reserve
    return trace


@pytest.mark.parametrize("dialect", URLS)
async def test_a_thought_that_fits_is_one_call(remote: Make, dialect: str) -> None:
    model, upstream = remote(dialect)
    await model.ready()
    asked = len(upstream.requests)
    trace = await answer(model)
    assert (trace.answer, trace.finish_reason) == ("four five", StopReason.STOP)
    assert trace.branches[0].thought == ("" if dialect == "openai" else "one two three")
    assert trace.ledger.usage.reasoning_tokens == 3
    assert trace.ledger.usage.completion_tokens == 5
    assert trace.ledger.usage.prompt_tokens == trace.ledger.sent == 1
    assert len(upstream.requests) - asked == 1
    assert upstream.running == 0


@pytest.mark.parametrize("dialect", URLS)
@pytest.mark.parametrize("bundle", [1, 4])
@pytest.mark.parametrize(
    "can",
    [
        {},
        {"budget": False},
        {"budget": False, "continues": False},
        {"budget": False, "continues": False, "counts": False},
    ],
)
async def test_a_thought_that_is_too_long_never_eats_the_answer(
    remote: Make, dialect: str, bundle: int, can: dict[str, bool]
) -> None:
    model, upstream = remote(dialect, LONG, bundle=bundle, **can)
    for _ in range(3):
        upstream.made.clear()
        trace = await answer(model)
        assert trace.answer == "four five"
        assert trace.finish_reason is StopReason.THOUGHT_CAP
        assert upstream.made["What?"] <= POLICY.thought_tokens + POLICY.reserve
        if not trace.ledger.usage.estimated:
            assert abs(trace.ledger.usage.completion_tokens - upstream.made["What?"]) <= bundle
    assert upstream.running == 0


@pytest.mark.parametrize("shape", ["tags", "open"])
@pytest.mark.parametrize("dialect", ["vllm", "llama.cpp", "sglang", "other"])
@pytest.mark.parametrize("thought", ["one two", LONG])
async def test_a_thought_within_the_text(
    remote: Make, dialect: str, shape: str, thought: str
) -> None:
    model, _ = remote(dialect, thought, shape=shape)
    trace = await answer(model)
    assert model.shape == shape
    assert trace.answer == "four five"
    assert thought.startswith(trace.branches[0].thought.split("\n")[0][:7])
    assert "think>" not in trace.branches[0].thought + trace.answer


async def test_a_server_that_holds_the_budget_is_asked_once(remote: Make) -> None:
    for dialect in ("vllm", "llama.cpp", "sglang"):
        model, upstream = remote(dialect, LONG)
        await model.ready()
        assert model.capabilities.budget
        upstream.requests.clear()
        await answer(model)
        assert len(upstream.requests) == 1


async def test_a_budget_that_does_not_hold_is_not_trusted_again(remote: Make) -> None:
    model, upstream = remote("vllm", LONG, budget=False)
    for _ in range(2):
        await answer(model)
    assert not model.capabilities.budget
    going_on = upstream.requests[-1]
    assert going_on["continue_final_message"] is True
    assert going_on["messages"][-1]["content"].endswith("s299\n</think>\n\n")


async def test_a_server_that_cannot_go_on_is_asked_with_notes(remote: Make) -> None:
    model, upstream = remote("vllm", LONG, budget=False, continues=False)
    assert (await answer(model)).answer == "four five"
    assert not model.capabilities.extends
    last = upstream.requests[-1]
    assert "s299" in last["messages"][-1]["content"]
    assert last["chat_template_kwargs"]["enable_thinking"] is False


@pytest.mark.parametrize("dialect", VISIBLE)
async def test_an_answer_in_the_wrong_field(remote: Make, dialect: str) -> None:
    model, upstream = remote(dialect)
    await model.ready()
    upstream.faults = [Fault("wrong_field")] * 2
    assert (await answer(model)).answer == "four five"


@pytest.mark.parametrize("dialect", SIX)
async def test_an_empty_reply_is_asked_for_again(remote: Make, dialect: str) -> None:
    model, upstream = remote(dialect)
    await model.ready()
    upstream.faults = [Fault("empty")]
    assert (await answer(model)).answer == "four five"


@pytest.mark.parametrize("dialect", VISIBLE)
async def test_without_usage_the_counts_are_estimates(remote: Make, dialect: str) -> None:
    model, upstream = remote(dialect, counts=False)
    await model.ready()
    upstream.faults = [Fault("no_usage")]
    usage = (await answer(model)).ledger.usage
    assert (usage.reasoning_tokens, usage.completion_tokens) == (3, 5)
    assert usage.estimated


async def test_a_hidden_thought_leaves_the_rest_of_the_answer_to_a_second_call(
    remote: Make,
) -> None:
    words = " ".join(f"a{i}" for i in range(20))
    model, upstream = remote("openai", " ".join(["w"] * 290), words)
    trace = await answer(model)
    assert trace.answer == words
    assert upstream.made["What?"] == 310
    first, second = upstream.requests
    assert first["max_completion_tokens"] == 300
    assert second["reasoning_effort"] == "none"
    assert second["messages"][1]["content"].split() == words.split()[:10]


async def test_a_short_answer_behind_a_hidden_thought_is_made_anew_not_glued(remote: Make) -> None:
    """At a low effort the limit of the first call is less than what an answer may have."""
    words = " ".join(f"a{i}" for i in range(60))
    model, upstream = remote("openai", " ".join(["w"] * 30), words)
    for problem in ("What?", Problem((Message("user", "What?"),), format=AnswerFormat("json"))):
        policy = Policy("think", 50, 80 if problem == "What?" else 40)
        trace = await Reasoner(model).answer(problem, policy=policy)
        asked = upstream.requests[-1]
        assert [m["role"] for m in asked["messages"]] == ["user"]
        assert asked["reasoning_effort"] == "none"
        assert trace.answer.split() == words.split()[: policy.reserve]
        assert trace.ledger.usage.reasoning_tokens == 50
        assert trace.ledger.generated("answer") == min(60, policy.reserve)
        assert trace.finish_reason is (StopReason.STOP if problem == "What?" else StopReason.LENGTH)


async def test_a_cut_answer_is_better_than_none(remote: Make) -> None:
    words = " ".join(f"a{i}" for i in range(60))
    model, upstream = remote("openai", " ".join(["w"] * 30), words)
    await model.ready()
    upstream.faults = [Fault(), Fault("empty")]
    trace = await Reasoner(model).answer("What?", policy=Policy("think", 50, 80))
    assert trace.answer.split() == words.split()[:20]
    assert trace.ledger.usage.completion_tokens == 50
    assert trace.finish_reason is StopReason.LENGTH


async def test_a_hidden_thought_that_nobody_wanted_is_in_the_answers_tokens(remote: Make) -> None:
    words = " ".join(f"a{i}" for i in range(60))
    model, upstream = remote("openai", " ".join(["w"] * 30), words, obeys_off=False)
    trace = await Reasoner(model).answer("What?", policy=Policy("direct", 0, 40))
    assert trace.answer.split() == words.split()[:10]
    assert trace.ledger.usage.completion_tokens == upstream.made["What?"] == 40
    assert trace.finish_reason is StopReason.LENGTH


async def test_fields_that_a_model_refuses_are_left_out(remote: Make) -> None:
    model, upstream = remote("openai", "", refuses=["reasoning_effort", "temperature", "seed"])
    traces = [await answer(model) for _ in range(2)]
    assert [trace.answer for trace in traces] == ["four five"] * 2
    assert [len(trace.retries) for trace in traces] == [3, 0]
    assert "without reasoning_effort" in traces[0].retries[0].message
    assert not model.capabilities.thinks
    assert [
        len(b.keys() & {"reasoning_effort", "temperature", "seed"}) for b in upstream.requests
    ] == [3, 2, 1, 0, 0]


async def test_a_budget_that_the_server_has_not_switched_on(remote: Make) -> None:
    model, _ = remote("vllm", LONG, refuses=["thinking_token_budget"])
    assert (await answer(model)).answer == "four five"


async def test_the_open_loop_does_not_think(remote: Make) -> None:
    for dialect in SIX:
        model, _ = remote(dialect, LONG)
        trace = await answer(model, Policy("direct", 0, 32))
        assert (trace.answer, trace.ledger.usage.reasoning_tokens) == ("four five", 0)


async def test_samples_have_their_own_seeds(remote: Make) -> None:
    model, upstream = remote("vllm")
    request = Request([Message("user", "What?")], seeds=(5, 6, 7), max_thought=50)
    samples = await collect(model, request)
    assert [s.answer for s in samples] == ["four five"] * 3
    assert sorted(b["seed"] for b in upstream.requests[1:]) == [5, 6, 7]


async def test_one_sample_that_fails_ends_the_others(remote: Make) -> None:
    model, upstream = remote("vllm", LONG)
    await model.ready()
    upstream.faults = [Fault(status=400)]
    with pytest.raises(ModelError):
        await collect(model, Request([Message("user", "What?")], seeds=(1, 2, 3)))
    assert upstream.running == 0


@pytest.mark.parametrize("seeds", [(1,), (1, 2, 3)])
async def test_closing_cancels_upstream_at_once(remote: Make, seeds: tuple[int, ...]) -> None:
    model, upstream = remote("vllm", LONG)
    await model.ready()
    before = upstream.cancelled
    request = Request([Message("user", "What?")], seeds=seeds, max_thought=800)
    async with aclosing(model.generate(request)) as deltas:  # type: ignore[type-var]
        for _ in range(10):
            await anext(deltas)
    assert upstream.running == 0
    assert upstream.cancelled - before == len(seeds)


async def test_a_tool_call_ends_the_loop_and_its_thought_goes_back(remote: Make) -> None:
    call = {"name": "look_up", "arguments": '{"x": 1}'}
    model, upstream = remote("deepseek", answer="", tool_calls=[call])
    turns = (Message("user", "What?"),)
    tools = (Tool("look_up"),)
    request = Request(turns, tools=tools, max_thought=50)
    (sample,) = await collect(model, request)
    assert (sample.stop, sample.tool_calls[0].name) == (StopReason.TOOL_CALLS, "look_up")
    assert len(upstream.requests) == 1
    trace = await Reasoner(model).answer(Problem(turns, tools=tools), policy=POLICY)
    assert (trace.answer, trace.finish_reason) == ("", StopReason.TOOL_CALLS)
    assert len(upstream.requests) == 2
    turns += (
        Message("assistant", "", sample.thought, tuple(sample.tool_calls)),
        Message("tool", "2", tool_call_id=sample.tool_calls[0].id),
    )
    await collect(model, replace(request, messages=turns))
    assert upstream.requests[-1]["messages"][1]["reasoning_content"] == "one two three"


async def test_the_probe_is_one_short_look_and_shared(remote: Make) -> None:
    model, upstream = remote("vllm")
    await asyncio.gather(*(answer(model) for _ in range(8)))
    looks = [b for b in upstream.requests if b["messages"][0]["content"].startswith("Reply")]
    assert len(looks) == 1
    assert upstream.made["Reply with the word: ok"] <= 2


@pytest.mark.parametrize(("shape", "strategy"), [("field", "think"), ("none", "direct")])
async def test_effort_knows_whether_the_model_thinks_before_the_first_answer(
    remote: Make, shape: str, strategy: str
) -> None:
    model, _ = remote("vllm", shape=shape)
    assert (await Reasoner(model).answer("What?", "low")).strategy == strategy


async def test_a_server_that_is_gone_is_told_of_in_the_trace(remote: Make) -> None:
    model, upstream = remote("vllm")
    upstream.faults = [Fault(status=401, paths="/models")] * 2
    with pytest.raises(ModelError, match="answers 401"):
        await Reasoner(model).answer("What?", "low")


async def test_a_probe_that_failed_is_tried_again(remote: Make) -> None:
    model, upstream = remote("vllm")
    upstream.faults = [Fault(status=401, paths="/models")]
    with pytest.raises(ModelError):
        await answer(model)
    assert (await answer(model)).answer == "four five"


async def test_what_a_model_can_do(remote: Make) -> None:
    model, _ = remote("ollama", shape="none")
    await model.ready()
    assert (model.capabilities.thinks, model.capabilities.tools) == (False, True)
    assert (model.capabilities.images, model.capabilities.context) == (False, 40960)
    model, _ = remote("llama.cpp")
    await model.ready()
    assert (model.capabilities.context, model.capabilities.extends) == (32768, False)


def listing(*names: str) -> httpx.MockTransport:
    data = {"data": [{"id": name} for name in names]}

    def reply(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200 if request.url.path == "/v1/models" else 404, json=data)

    return httpx.MockTransport(reply)


async def test_a_server_with_several_models_wants_a_name() -> None:
    client = Client("http://h/v1", transport=listing("a", "b"))
    model = Remote("http://h/v1", client=client)
    with pytest.raises(ModelError, match="offers a, b; name one, as in http://h/v1#NAME"):
        await model.ready()
    assert await model.models() == ("a", "b")
    assert model.named("b").name == "http://h/v1#b"


async def test_a_server_with_one_model_needs_none() -> None:
    upstream = Upstream("ollama", lambda _: ("", "yes"))
    client = Client(upstream.url, transport=upstream.transport())
    assert (await answer(Remote(upstream.url, client=client))).answer == "yes"
    assert upstream.requests[0]["model"] == "m"


async def test_the_limit_fits_into_the_context(remote: Make) -> None:
    model, upstream = remote("llama.cpp")
    await answer(model, Policy("think", 32000, 2000))
    assert upstream.requests[-1]["max_tokens"] < 32768
