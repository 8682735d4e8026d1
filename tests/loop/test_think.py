"""The closed loop over models that behave, and over models that do not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from secondthought import Policy, Reasoner, Stop, StopReason, Trace
from secondthought.models.scripted import CAPABILITIES, Scripted
from secondthought.trace import AnswerDelta

LONG = " ".join(f"step{n}" for n in range(200))
BUDGETLESS = replace(CAPABILITIES, budget=False, extends=False, ends_thought=False)


def think(tokens: int = 50, reserve: int = 10, **fields: Any) -> Policy:
    return Policy("think", tokens, reserve, **fields)


async def answer(model: Scripted, policy: Policy, **options: Any) -> Trace:
    trace = await Reasoner(model).answer("What?", policy=policy, **options)
    adds_up(trace)
    return trace


def adds_up(trace: Trace) -> None:
    usage = trace.ledger.usage
    assert usage.completion_tokens == sum(e.generated for e in trace.ledger.entries)
    assert usage.reasoning_tokens == usage.completion_tokens - trace.ledger.generated("answer")


async def test_a_thought_that_fits_is_kept_whole() -> None:
    model = Scripted.of({"thought": "one two three", "answer": "four five"})
    trace = await answer(model, think())
    assert (trace.answer, trace.branches[0].thought) == ("four five", "one two three")
    assert trace.finish_reason is StopReason.STOP
    assert trace.ledger.usage.reasoning_tokens == 3
    assert trace.ledger.usage.completion_tokens == 5
    assert trace.ledger.usage.prompt_tokens == trace.ledger.sent == 1


async def test_at_the_cap_the_model_closes_the_thought_and_answers() -> None:
    model = Scripted.of({"thought": LONG, "answer": "four"})
    trace = await answer(model, think(50))
    assert trace.answer == "four"
    assert trace.finish_reason is StopReason.THOUGHT_CAP
    assert trace.ledger.usage.reasoning_tokens == 50
    assert len(model.requests) == 1


async def test_a_model_that_holds_no_budget_is_cut_and_asked_with_its_notes() -> None:
    model = Scripted.of({"thought": LONG, "answer": "four"}, capabilities=BUDGETLESS)
    trace = await answer(model, think(50))
    assert trace.answer == "four"
    assert trace.finish_reason is StopReason.THOUGHT_CAP
    assert trace.ledger.usage.reasoning_tokens == 50
    first, second = model.requests
    assert not second.think
    assert second.messages[-1].role == "user"
    assert second.messages[-1].text.startswith("What?\n\n")
    assert "step49" in second.messages[-1].text
    assert "step50" not in second.messages[-1].text
    assert trace.ledger.sent > trace.ledger.prompt_tokens == len(first.messages)


async def test_a_thought_in_circles_is_closed_by_going_on_after_it() -> None:
    model = Scripted.of({"thought": "round and round we go " * 100, "answer": "out"})
    trace = await answer(model, think(400))
    assert trace.answer == "out"
    assert trace.finish_reason is StopReason.REPETITION
    assert trace.ledger.usage.reasoning_tokens < 150
    assert model.requests[1].thought_prefix == trace.branches[0].thought
    assert model.requests[1].max_thought == 0


@pytest.mark.parametrize("capabilities", [CAPABILITIES, BUDGETLESS])
async def test_an_answer_that_did_not_come_is_asked_for_again(capabilities: Any) -> None:
    model = Scripted.of(
        {"thought": "hm hm", "answer": "lost", "fail": {"how": "empty", "after_tokens": 99}},
        {"answer": "found"},
        capabilities=capabilities,
    )
    trace = await answer(model, think())
    assert trace.answer == "found"
    assert len(model.requests) == 2


async def test_what_an_empty_thought_left_over_need_not_fit_into_the_context() -> None:
    model = Scripted.of({"thought": "one two", "answer": ""}, {"answer": "four"})
    trace = await answer(model, think(4000, reserve=100))
    assert trace.answer == "four"
    _, retry, *_ = model.requests
    assert retry.max_answer == 100  # must fit
    assert retry.answer_limit(0) == 4098  # may be used


async def test_a_model_that_never_answers_gives_an_empty_answer_in_the_end() -> None:
    model = Scripted.of({"thought": "hm", "answer": " "})
    trace = await answer(model, think())
    assert trace.answer == ""
    assert len(model.requests) == 3
    assert trace.ledger.generated("answer") <= 10


async def test_an_answer_longer_than_the_reserve_ends_by_length() -> None:
    model = Scripted.of({"thought": LONG, "answer": LONG})
    trace = await answer(model, think(50, 10))
    assert trace.finish_reason is StopReason.LENGTH
    assert trace.ledger.generated("answer") == 10
    assert trace.ledger.generated("thought") == 50


async def test_no_thought_tokens_is_the_open_loop() -> None:
    model = Scripted.of({"thought": LONG, "answer": "four"})
    trace = await answer(model, think(0))
    assert (trace.answer, trace.ledger.usage.reasoning_tokens) == ("four", 0)


async def test_answer_now_ends_the_thought_and_keeps_the_answer() -> None:
    model = Scripted.of({"thought": LONG, "answer": "four five", "tokens_per_second": 200})
    stop = Stop()
    asyncio.get_running_loop().call_later(0.1, stop.answer_now)
    trace = await answer(model, think(500), stop=stop)
    assert trace.answer == "four five"
    assert trace.finish_reason is StopReason.ANSWER_NOW
    assert 0 < trace.ledger.usage.reasoning_tokens < 60


async def test_answer_now_reaches_a_model_that_stalls() -> None:
    model = Scripted.of(
        {"thought": LONG, "fail": {"after_tokens": 5, "how": "stall"}}, {"answer": "four"}
    )
    stop = Stop()
    asyncio.get_running_loop().call_later(0.05, stop.answer_now)
    trace = await asyncio.wait_for(answer(model, think(500), stop=stop), 5)
    assert trace.answer == "four"
    assert trace.ledger.generated("thought") == 5


async def test_answer_now_does_not_cut_an_answer_that_has_begun() -> None:
    model = Scripted.of({"thought": "hm", "answer": "a b c d e", "tokens_per_second": 50})
    stop = Stop()
    said = ""
    async for event in Reasoner(model).stream("What?", policy=think(), stop=stop):
        if isinstance(event, AnswerDelta):
            said += event.text
            stop.answer_now()
    assert said == "a b c d e"
    assert len(model.requests) == 1


async def test_answer_now_before_the_thought_skips_it() -> None:
    stop = Stop()
    stop.answer_now()
    trace = await answer(Scripted.of({"thought": LONG, "answer": "four"}), think(), stop=stop)
    assert (trace.answer, trace.ledger.usage.reasoning_tokens) == ("four", 0)


async def test_at_the_time_limit_the_answer_still_comes() -> None:
    model = Scripted.of({"thought": LONG, "answer": "four", "tokens_per_second": 100})
    trace = await answer(model, think(500, seconds=0.3))
    assert trace.answer == "four"
    assert trace.finish_reason is StopReason.DEADLINE
    assert trace.seconds < 0.4


async def test_past_the_time_limit_everything_ends() -> None:
    model = Scripted.of({"thought": LONG, "answer": "four", "first_token_delay": 9})
    trace = await answer(model, think(500, seconds=0.2))
    assert trace.finish_reason is StopReason.DEADLINE
    assert trace.seconds < 0.5


def floor(tokens: int, **fields: Any) -> Policy:
    return think(100, floor=tokens, **fields)


async def test_a_thought_below_the_floor_is_gone_on_with() -> None:
    model = Scripted.of({"thought": "one two", "answer": "three"})
    trace = await answer(model, floor(5))
    assert trace.answer == "three"
    prefixes = [request.thought_prefix for request in model.requests]
    assert prefixes == [None, "one two\nWait, ", "one two\nWait, \nWait, "]
    # Two words, and twice a word of an answer that was not let begin.
    assert trace.ledger.usage.reasoning_tokens == 4
    assert trace.branches[0].thought == "one two\nWait, \nWait, "


async def test_a_thought_above_the_floor_is_left_alone() -> None:
    model = Scripted.of({"thought": "one two", "answer": "three"})
    trace = await answer(model, floor(2))
    assert (trace.answer, len(model.requests)) == ("three", 1)


async def test_a_model_that_cannot_go_on_is_left_alone() -> None:
    model = Scripted.of({"thought": "one two", "answer": "three"}, capabilities=BUDGETLESS)
    trace = await answer(model, floor(50))
    assert (trace.answer, len(model.requests)) == ("three", 1)


async def test_the_cap_stands_above_the_floor() -> None:
    model = Scripted.of({"thought": "one two", "answer": "three"})
    trace = await answer(model, Policy("think", 3, 10, floor=90))
    assert trace.answer == "three"
    assert trace.ledger.usage.reasoning_tokens <= 3
