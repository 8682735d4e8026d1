"""Thinking again while an answer is refuted."""

from __future__ import annotations

from typing import Any

import pytest

from secondthought import ModelError, Policy, Reasoner, Trace
from secondthought.models.scripted import Scripted
from tests.loop.voices import Dice, Judge

AGAIN = Policy("again(think)", 2000, 10, rounds=4)


async def answer(model: Any, verifiers: Any = (), policy: Policy = AGAIN) -> Trace:
    return await Reasoner(model, verifiers=verifiers).answer("What?", policy=policy)


def turns(*thoughts_and_answers: tuple[str, str]) -> Scripted:
    return Scripted.of(*({"thought": t, "answer": a} for t, a in thoughts_and_answers))


async def test_the_first_that_a_sound_verifier_passes_is_the_answer() -> None:
    model = turns(("hm", "4"), ("hm", "5"), ("hm", "6"))
    trace = await answer(model, [Judge("5")])
    assert (trace.answer, trace.committed) == ("5", "main.2")
    # afresh: the model is not told what it said before
    assert [[m.text for m in r.messages] for r in model.requests] == [["What?"], ["What?"]]
    assert [r.temperature for r in model.requests] == [0.0, 0.7]
    assert model.requests[0].seeds != model.requests[1].seeds


async def test_without_a_proof_a_thought_without_wrong_steps_stands() -> None:
    trace = await answer(turns(("7*8=57", "57"), ("7*8=56", "56"), ("7*8=56", "0")))
    assert (trace.answer, trace.committed) == ("56", "main.2")
    for quiet in ("hm", "7*8=57 no\n7*8=56"):
        assert (await answer(turns((quiet, "4"), ("hm", "5")))).answer == "4"


async def test_a_proof_stands_above_the_steps() -> None:
    assert (await answer(turns(("7*8=57", "4"), ("hm", "5")), [Judge("4")])).answer == "4"
    assert (await answer(turns(("7*8=56", "4"), ("hm", "5")), [Judge("5")])).answer == "5"


async def test_rounds_are_bounded_and_there_is_an_answer() -> None:
    model = turns(*[("hm", str(i)) for i in range(9)])
    trace = await answer(model, [Judge("x")])
    assert len(model.requests) == 4
    assert trace.answer in "0123"


async def test_a_pool_that_is_spent_ends_it() -> None:
    model = Scripted.of({"thought": "7*8=57 " * 60, "answer": "4"})
    trace = await answer(model, policy=Policy("again(think)", 100, 10, rounds=9))
    assert trace.answer == "4"
    assert trace.ledger.usage.reasoning_tokens <= 100


async def test_a_later_error_leaves_the_answer_that_is_there() -> None:
    fails = {"thought": "", "answer": "", "fail": {"status": 400}}
    model = Scripted.of({"thought": "7*8=57", "answer": "57"}, fails)
    assert (await answer(model)).answer == "57"
    with pytest.raises(ModelError):
        await answer(Scripted.of(fails))


async def test_it_is_the_inner_strategy_where_one_round_is_all() -> None:
    model = Dice(length=3)
    trace = await answer(model, [Judge("x")], Policy("again(think)", 60, 10, rounds=1))
    assert trace.committed == "main"


async def test_a_thought_in_circles_leaves_room_for_another_one() -> None:
    long = " ".join(f"{i}+0={i}" for i in range(9000))
    model = turns((long, "4"), ("hm", "5"))
    trace = await answer(model, [Judge("5")], Policy("again(think)", 6000, 10, rounds=4))
    assert trace.answer == "5"
    first, *_ = model.requests
    assert first.max_thought + first.max_answer <= 3000
