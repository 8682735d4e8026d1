"""How sure a model is: what strategies make of it, and answers that are withheld for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought import BadInput, Policy, Reasoner, Stop, StopReason, Trace
from secondthought.models.base import Delta, Request
from secondthought.models.scripted import Scripted
from secondthought.tasks.base import DONT_KNOW
from secondthought.trace import AnswerDelta, Event, Evidence, Finished
from tests.loop.voices import SURE, Judge, Sure

THINK = Policy("think", 200, 20)


def sure(answers: list[str], **confidences: float | None) -> Sure:
    model = Sure.of({"thought": "hm hm", "answers": answers}, capabilities=SURE)
    model.confidences = {name.removeprefix("is"): c for name, c in confidences.items()}
    return model


async def told(model: Scripted, policy: Policy, verifiers: Any = (), **rest: Any) -> list[Event]:
    stream = Reasoner(model, verifiers=verifiers).stream("What?", policy=policy, **rest)
    return [event async for event in stream]


async def answer(model: Scripted, policy: Policy, verifiers: Any = ()) -> Trace:
    events = await told(model, policy, verifiers)
    last = events[-1]
    assert isinstance(last, Finished)
    said = "".join(e.text for e in events if isinstance(e, AnswerDelta))
    assert said == last.trace.answer
    assert [event.seq for event in events] == list(range(len(events)))
    return last.trace


@pytest.mark.parametrize("strategy", ["think", "backtrack", "direct"])
async def test_one_answer_is_as_sure_as_the_model(strategy: str) -> None:
    trace = await answer(sure(["4"], is4=0.7), replace(THINK, strategy=strategy))
    assert (trace.answer, trace.confidence, trace.abstained) == ("4", 0.7, False)
    assert trace.branch("main").confidence == 0.7
    assert (await answer(Scripted.of({"answer": "4"}), THINK)).confidence is None


async def test_the_evidence_of_an_answer() -> None:
    model = sure(["4"], is4=0.7)
    assert (await answer(model, THINK)).branch("main").evidence == Evidence(0.7, -0.5, -0.5, 0)
    model = Sure.of({"thought": "7*8=57\n7*8=56", "answer": "4"}, capabilities=SURE)
    model.confidences = {"4": 0.7}
    assert (await answer(model, THINK)).branch("main").evidence == Evidence(0.7, -0.5, -0.5, 1)
    none = replace(THINK, strategy="direct", thought_tokens=0)
    assert (await answer(model, none)).branch("main").evidence == Evidence(0.7, None, -0.5, 0)


async def test_what_was_taken_back_is_no_evidence() -> None:
    class Slips(Sure):
        async def generate(self, request: Request) -> AsyncIterator[Delta]:
            async for delta in super().generate(request):
                slip = delta.kind == "thought" and "57" in delta.text
                yield replace(delta, logprobs=(-9.0,)) if slip else delta

    first = {"thought": "7*8=57\n7*8=56\nyes", "answer": "4"}
    model = Slips.of(first, {"thought": "7*8=56 \nyes", "answer": "4"}, capabilities=SURE)
    model.confidences = {"4": 0.7}
    trace = await answer(model, replace(THINK, strategy="backtrack"))
    assert [b.name for b in trace.branches] == ["main", "main.back1"]
    assert "57" in trace.branch("main.back1").thought
    assert trace.branch("main").evidence == Evidence(0.7, -0.5, -0.5, 0)


async def test_a_vote_is_as_sure_as_its_samples_are_together() -> None:
    policy = Policy("vote", 2000, 20, samples=5)
    trace = await answer(sure(["4", "5", "4", "4", "5"], is4=0.9, is5=0.2), policy)
    assert trace.answer == "4"
    votes = len([b for b in trace.branches if b.answer])
    four = len([b for b in trace.branches if b.answer.strip() == "4"])
    assert trace.confidence == pytest.approx(0.9 * four / votes)
    assert (await answer(sure(["4"]), policy)).confidence is None


async def test_best_of_n_goes_by_confidence_where_there_is_no_proof() -> None:
    policy = Policy("best_of_n", 2000, 20, samples=5)
    answers = ["4", "4", "6", "4", "5"]
    trace = await answer(sure(answers, is4=0.1, is6=0.9, is5=0.2), policy)
    assert (trace.answer, trace.confidence) == ("6", pytest.approx(0.9 / 5))
    # together the three are surer than the one
    trace = await answer(sure(answers, is4=0.4, is6=0.9), policy)
    assert (trace.answer, trace.confidence) == ("4", pytest.approx(1.2 / 5))
    critic = Judge("5", trust="critic")
    trace = await answer(sure(answers, is4=0.1, is6=0.9), policy, [critic])
    assert (trace.answer, critic.judged) == ("6", [])
    trace = await answer(sure(answers, is4=0.1, is6=0.9), policy, [Judge("5")])
    assert (trace.answer, trace.confidence) == ("5", 1.0)


async def test_below_the_least_confidence_nothing_is_known() -> None:
    policy = replace(THINK, min_confidence=0.8)
    trace = await answer(sure(["4"], is4=0.79), policy)
    assert (trace.answer, trace.confidence) == (DONT_KNOW, 0.79)
    assert (trace.abstained, trace.withheld) == (True, True)
    assert trace.branch("main").answer.strip() == "4"  # who reads the trace sees it
    trace = await answer(sure(["4"], is4=0.8), policy)
    assert (trace.answer, trace.abstained, trace.withheld) == ("4", False, False)
    trace = await answer(sure(["4"], is4=None), policy)  # cut, say
    assert (trace.answer, trace.confidence) == (DONT_KNOW, None)
    own = await answer(sure([DONT_KNOW]), policy)
    assert (own.abstained, own.withheld) == (True, False)


@pytest.mark.parametrize("strategy", ["think", "vote", "best_of_n"])
async def test_an_answer_that_nobody_sees_is_counted_as_reasoning(strategy: str) -> None:
    """`reasoning_tokens` is all that was generated but the visible answer."""
    for verifiers, least in (((), 0.8), ((Judge("5"),), None)):
        model = sure(["4"], is4=0.7)
        model._capabilities = replace(SURE, abstains=True)  # pyright: ignore[reportPrivateUsage]
        policy = Policy(strategy, 2000, 20, samples=3, min_confidence=least)
        trace = await answer(model, policy, verifiers)
        if trace.answer == DONT_KNOW:
            usage = trace.ledger.usage
            assert usage.reasoning_tokens == usage.completion_tokens > 0
        else:
            assert (strategy, least) == ("think", None)


@pytest.mark.parametrize("strategy", ["vote", "best_of_n", "revise(vote)", "auto", "search"])
async def test_every_strategy_withholds(strategy: str) -> None:
    policy = Policy(strategy, 2000, 20, samples=3, rounds=2, min_confidence=0.8)
    trace = await answer(sure(["4"], is4=0.7), policy)
    assert (trace.answer, trace.withheld) == (DONT_KNOW, True)
    trace = await answer(sure(["4"], is4=0.9), policy)
    assert trace.answer.strip() == "4"


async def test_a_proof_stands_above_what_the_model_says() -> None:
    policy = replace(THINK, min_confidence=0.8)
    trace = await answer(sure(["4"], is4=0.1), policy, [Judge("4")])
    assert (trace.answer, trace.confidence) == ("4", 1.0)
    trace = await answer(sure(["4"], is4=0.9), policy, [Judge("5")])
    assert (trace.answer, trace.confidence) == (DONT_KNOW, 0.0)
    trace = await answer(sure(["4"], is4=0.9), policy, [Judge("5", how="unsure")])
    assert (trace.answer, trace.confidence) == ("4", 0.9)
    unasked = Judge("4")
    trace = await answer(sure(["4"], is4=0.1), THINK, [unasked])
    assert (trace.confidence, unasked.judged) == (0.1, [])


async def test_a_model_that_says_nothing_of_it_is_refused_at_once() -> None:
    reasoner = Reasoner(Scripted.of({"answer": "4"}))
    with pytest.raises(BadInput, match="script does not say how sure it is"):
        reasoner.policy(min_confidence=0.5)
    with pytest.raises(BadInput, match="does not say how sure"):
        await reasoner.answer("What?", policy=replace(THINK, min_confidence=0.5))


async def test_an_answer_that_is_cut_off_does_not_leave() -> None:
    model = Sure.of({"answer": "a " * 400, "tokens_per_second": 200}, capabilities=SURE)
    model.confidences = {}
    stop = Stop()
    asyncio.get_running_loop().call_later(0.2, stop.cancel)
    events = await told(model, replace(THINK, min_confidence=0.5), stop=stop)
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.trace.finish_reason is StopReason.CANCELLED
    assert "a" not in last.trace.answer.split()
    assert not any("a " in e.text for e in events if isinstance(e, AnswerDelta))


async def test_a_refuted_answer_that_is_cut_off_does_not_leave_either() -> None:
    stop = Stop()

    class Cut(Sure):
        async def generate(self, request: Request) -> AsyncIterator[Delta]:
            if self.requests:
                stop.cancel()
            async for delta in super().generate(request):
                yield delta

    model = Cut.of({"thought": "hm", "answer": "4"}, capabilities=SURE)
    model.confidences = {"4": 0.9}
    policy = Policy("again", 2000, 20, rounds=3, min_confidence=0.8)
    events = await told(model, policy, [Judge("5")], stop=stop)
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.trace.finish_reason is StopReason.CANCELLED
    assert (last.trace.answer, last.trace.confidence) == (DONT_KNOW, 0.0)
    assert last.trace.withheld


@given(
    st.sampled_from(["think", "direct", "backtrack", "vote", "best_of_n", "auto"]),
    st.dictionaries(st.sampled_from(["4", "5"]), st.floats(0, 1)),
    st.floats(0, 1),
)
def test_what_leaves_is_sure_enough(
    strategy: str, confidences: dict[str, float], least: float
) -> None:
    model = sure(["4", "5", "5"])
    model.confidences = confidences
    policy = Policy(strategy, 2000, 20, samples=3, min_confidence=least)
    trace = asyncio.run(answer(model, policy))
    if trace.abstained:
        assert trace.confidence is None or trace.confidence < least
    else:
        assert trace.confidence is not None
        assert least <= trace.confidence <= 1


@pytest.mark.parametrize("least", [-0.1, 1.1])
def test_a_share_is_from_0_to_1(least: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        replace(THINK, min_confidence=least)
