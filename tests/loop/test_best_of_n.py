"""Which sample is the best, by whom it is judged."""

from __future__ import annotations

from typing import Any

import pytest

from secondthought import Policy, Reasoner, StopReason, Trace
from secondthought.loop.judging import thought_score
from secondthought.models.scripted import Scripted
from secondthought.tasks.steps import parse
from secondthought.trace import Outcome, VerdictReached
from tests.loop.voices import Judge

BEST = Policy("best_of_n", 2000, 10, samples=5)


def spoken(*answers: str) -> Scripted:
    return Scripted.of({"thought": "hm hm", "answers": list(answers)})


async def answer(model: Scripted, verifiers: Any, policy: Policy = BEST) -> Trace:
    return await Reasoner(model, verifiers=verifiers).answer("What?", policy=policy)


async def test_the_first_that_a_sound_verifier_passes_is_the_answer() -> None:
    model = spoken("4", "5", "6", "7", "8")
    trace = await answer(model, [Judge("5")])
    assert trace.answer == "5"
    assert len(model.requests) == 2  # waves of 1, 1, 2, 4
    assert [v.passed for b in trace.branches for v in b.verdicts] == [False, True]


async def test_sound_verifiers_must_agree() -> None:
    trace = await answer(spoken("4 5", "4", "5"), [Judge("4", how="unsure"), Judge("5")])
    assert trace.answer == "4 5"
    trace = await answer(spoken("4", "5", "4 5"), [Judge("4"), Judge("5")])
    assert trace.answer == "4 5"


async def test_when_all_fail_there_is_an_answer_all_the_same() -> None:
    model = spoken("4")
    trace = await answer(model, [Judge("5")])
    assert trace.answer == "4"
    assert len(model.requests) == 5


async def test_else_the_learned_score_chooses() -> None:
    learned, critic = Judge("6", trust="learned"), Judge("4", trust="critic")
    trace = await answer(spoken("4", "4", "6", "4", "4"), [critic, learned])
    assert trace.answer == "6"
    assert critic.judged == []


async def test_else_a_vote_weighted_by_critics() -> None:
    trace = await answer(spoken("4", "4", "4", "5", "6"), [Judge("5", trust="critic")])
    assert trace.answer == "5"


async def test_else_a_vote_weighted_by_steps() -> None:
    turns = [
        {"thought": "7*8=57\n", "answer": "57"},
        {"thought": "7*8=57\n", "answer": "57"},
        {"thought": "7*8=56\n", "answer": "56"},
        {"thought": "7*8=57\n", "answer": "57"},
        {"thought": "hm", "answer": "55"},
    ]
    trace = await answer(Scripted.of(*turns), [])
    assert trace.answer == "56"


@pytest.mark.parametrize("trust", ["sound", "learned", "critic"])
async def test_a_verifier_that_crashes_fails_no_answer_and_is_shown(trust: str) -> None:
    reasoner = Reasoner(spoken("4", "5", "4"), verifiers=[Judge("5", trust=trust, how="crash")])
    told = [e async for e in reasoner.stream("What?", policy=BEST)]
    verdicts = [e.verdict for e in told if isinstance(e, VerdictReached)]
    assert {v.outcome for v in verdicts} == {Outcome.CANNOT_TELL}
    assert {v.error for v in verdicts} == {"RuntimeError: the judge fell asleep"}
    assert "".join(getattr(e, "text", "") for e in told[-3:]) in ("4", "")


async def test_answer_now_stops_a_verifier_too() -> None:
    import asyncio

    from secondthought import Stop

    stop = Stop()
    asyncio.get_running_loop().call_later(0.05, stop.answer_now)
    reasoner = Reasoner(spoken("4"), verifiers=[Judge("4", how="hang")])
    trace = await asyncio.wait_for(reasoner.answer("What?", policy=BEST, stop=stop), 5)
    assert trace.answer == "4"
    assert trace.finish_reason is StopReason.STOP


def test_the_score_of_a_thought() -> None:
    assert thought_score(parse("7*8=56\n4+4=8")) == 1.0
    assert thought_score(parse("7*8=56\n4+4=9")) == 0.5
    assert thought_score(parse("well\nyes")) == 0.5
    assert thought_score([]) == 0.5
    assert thought_score(parse("7*8=57 no\n7*8=56 yes")) == 1.0  # taken back
    assert thought_score(parse("7*8=57\n7*8=56 piano")) == 0.5
