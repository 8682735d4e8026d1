"""The open loop, and a reply that claims to be complete and says nothing."""

from __future__ import annotations

import pytest

from secondthought import Policy, Reasoner, StopReason
from secondthought.models.scripted import Scripted

EMPTY = {"answer": "lost", "fail": {"how": "empty", "after_tokens": 99}}


@pytest.mark.parametrize("strategy", ["direct", "vote(direct)"])
async def test_an_empty_reply_is_asked_for_once_more(strategy: str) -> None:
    model = Scripted.of(EMPTY, {"answer": "found it"})
    policy = Policy(strategy, 0 if strategy == "direct" else 90, 30)
    trace = await Reasoner(model).answer("What?", policy=policy)
    assert (trace.answer, trace.finish_reason) == ("found it", StopReason.STOP)
    assert [retry.kind for retry in trace.retries] == ["empty"]
    assert not any(request.think for request in model.requests)


async def test_a_model_that_says_nothing_again_is_left_alone() -> None:
    model = Scripted.of(EMPTY)
    trace = await Reasoner(model).answer("What?", policy=Policy("direct", 0, 10))
    assert (trace.answer, len(model.requests)) == ("", 2)


async def test_what_the_first_reply_took_is_not_there_for_the_second() -> None:
    model = Scripted.of({"answer": "\n \n"}, {"answer": "a b c d e f g h i j k l"})
    trace = await Reasoner(model).answer("What?", policy=Policy("direct", 0, 10))
    assert len(model.requests) == 2
    assert trace.finish_reason is StopReason.LENGTH
    assert trace.ledger.usage.completion_tokens == 10


async def test_a_tool_call_and_an_answer_are_no_empty_replies() -> None:
    for turn in ({"tool_calls": [{"name": "f"}]}, {"answer": "yes"}):
        model = Scripted.of(turn)
        await Reasoner(model).answer("What?", policy=Policy("direct", 0, 10))
        assert len(model.requests) == 1
