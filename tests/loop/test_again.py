"""Thinking again while an answer is refuted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from math import log
from typing import Any

import pytest

from secondthought import (
    Message,
    ModelError,
    Policy,
    Problem,
    Reasoner,
    Request,
    Stop,
    Trace,
    Verdict,
)
from secondthought.models.base import Delta
from secondthought.models.scripted import CAPABILITIES, Scripted
from secondthought.tasks.base import DONT_KNOW
from secondthought.trace import AnswerDelta, Evidence, Finished, Outcome, StopReason
from tests.loop.voices import SURE, Dice, Judge, Sure

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


def abstaining(*thoughts_and_answers: tuple[str, str]) -> Scripted:
    said = ({"thought": t, "answer": a} for t, a in thoughts_and_answers)
    return Scripted.of(*said, capabilities=replace(CAPABILITIES, abstains=True))


GARBAGE = [("7*8=57", "3/3+1+1"), ("7*8=58", "xxxx"), ("7*8=59", "7"), ("7*8=60", "8")]


async def test_a_model_that_abstains_does_not_give_refuted_answers() -> None:
    events: list[Any] = []
    reasoner = Reasoner(abstaining(*GARBAGE), verifiers=())
    async for event in reasoner.stream("What?", policy=AGAIN):
        events.append(event)
    trace: Trace = events[-1].trace
    assert "".join(e.text for e in events if isinstance(e, AnswerDelta)) == DONT_KNOW
    assert (trace.answer, trace.abstained, trace.gave_up) == (DONT_KNOW, True, True)
    assert not trace.withheld
    assert [b.answer for b in trace.branches if b.name != "main"] == [a for _, a in GARBAGE]
    assert trace.thought in [t for t, _ in GARBAGE]
    # nothing of what was made is the answer
    assert trace.ledger.usage.reasoning_tokens == trace.ledger.usage.completion_tokens == 8


@pytest.mark.parametrize(
    ("thought", "verifiers"),
    [("hm", [Judge("5")]), ("7*8=57", []), (" ".join(f"word{n}" for n in range(2000)), [])],
)
async def test_what_refutes_an_answer(thought: str, verifiers: list[Judge]) -> None:
    trace = await answer(abstaining(*[(thought, "4")] * 9), verifiers)
    assert (trace.answer, trace.gave_up) == (DONT_KNOW, True)
    trace = await answer(turns(*[(thought, "4")] * 9), verifiers)
    assert (trace.answer, trace.abstained, trace.gave_up) == ("4", False, False)


async def test_it_is_said_once_where_answers_are_withheld() -> None:
    can = replace(SURE, abstains=True)
    model = Sure.of({"thought": "7*8=57", "answer": "57"}, capabilities=can)
    model.confidences = {"57": 0.9}
    policy = replace(AGAIN, min_confidence=0.5)
    said = ""
    async for event in Reasoner(model, verifiers=[Judge("5", how="unsure")]).stream(
        "What?", policy=policy
    ):
        said += event.text if isinstance(event, AnswerDelta) else ""
        if isinstance(event, Finished):
            assert (event.trace.answer, event.trace.gave_up) == (DONT_KNOW, True)
            assert not event.trace.withheld
    assert said == DONT_KNOW


async def test_what_stands_is_given_and_what_it_refuses_itself_is_its_own() -> None:
    trace = await answer(abstaining(("7*8=57", "57"), ("7*8=56", "56")))
    assert (trace.answer, trace.gave_up) == ("56", False)
    trace = await answer(abstaining(*[("hm", DONT_KNOW)] * 9), [Judge("5")])
    assert (trace.answer, trace.abstained, trace.gave_up) == (DONT_KNOW, True, False)


async def test_an_answer_that_was_hurried_is_given() -> None:
    long = " ".join(f"word{n}" for n in range(900))
    model = Scripted.of(
        {"thought": long, "answer": "4", "tokens_per_second": 200},
        capabilities=replace(CAPABILITIES, abstains=True),
    )
    stop = Stop()
    asyncio.get_running_loop().call_later(0.1, stop.answer_now)
    trace = await Reasoner(model, verifiers=()).answer("What?", policy=AGAIN, stop=stop)
    assert (trace.answer, trace.gave_up) == ("4", False)


async def test_a_draft_is_no_reason_to_give_up() -> None:
    trace = await answer(
        abstaining(*GARBAGE * 3), policy=Policy("vote(again)", 4000, 10, samples=3)
    )
    assert trace.answer in [a for _, a in GARBAGE]


async def test_the_conversation_goes_on_after_it() -> None:
    model = abstaining(*GARBAGE, ("7*8=56", "56"))
    reasoner = Reasoner(model, verifiers=())
    first = await reasoner.answer("What?", policy=AGAIN)
    said = (Message("assistant", first.answer), Message("user", "Try 7*8."))
    problem = Problem((Message("user", "What?"), *said))
    assert (await reasoner.answer(problem, policy=AGAIN)).answer == "56"


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


SPELLED = "spell lamp\nl1a2m3p4|p4m3a2l1\npmal\ncheck l1a2m3p4 yes"


class Doubts:
    """Refuses with the probability that `refuses` says, and thinks `thought` where it must not."""

    name = "doubts"
    capabilities = replace(SURE, abstains=True)

    def __init__(self, refuses: float, thought: str, sure: float) -> None:
        self.refuses, self.thought, self.sure = log(refuses), thought, sure
        self.requests: list[Request] = []

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        self.requests.append(request)
        barred = ord("?") in {path.ids[0] for path in request.avoid}
        thought, answer = (self.thought, "pmal") if barred else ("? out of scope", DONT_KNOW)
        for i, char in enumerate(thought):
            likely = self.refuses if not barred and i == 0 else -0.01
            yield Delta(0, "thought", char, ids=(ord(char),), logprobs=(likely,), prompt_tokens=3)
        yield Delta(0, "answer", answer, ids=(0,), logprobs=(-0.01,), prompt_tokens=3)
        yield Delta(0, "end", stop=StopReason.STOP, prompt_tokens=3, marker=1.0,
                    thought_tokens=len(thought), answer_tokens=1)  # fmt: skip

    def confidence(self, evidence: Evidence) -> float | None:
        return self.sure

    async def close(self) -> None: ...


@pytest.mark.parametrize(
    ("model", "question", "got", "looked"),
    [
        (Doubts(0.8, SPELLED, 0.95), "Flip lamp round.", "pmal", True),
        # sure that it is out of scope; or not sure of what it would say
        (Doubts(0.99, SPELLED, 0.95), "Flip lamp round.", DONT_KNOW, False),
        (Doubts(0.8, SPELLED, 0.6), "Flip lamp round.", DONT_KNOW, True),
        # nobody asked for it; it does not hold; another task's near misses share its words
        (Doubts(0.8, SPELLED, 0.95), "Who made the lamp?", DONT_KNOW, True),
        (Doubts(0.8, SPELLED.replace("l1a2", "l1b2"), 0.95), "Flip lamp round.", DONT_KNOW, True),
        (Doubts(0.8, "gcd 4 6\n6%4=2\n4%2=0", 0.95), "Divide 4 6", DONT_KNOW, True),
    ],
)
async def test_a_refusal_in_doubt_is_looked_at_again(
    model: Doubts, question: str, got: str, looked: bool
) -> None:
    policy = Policy("again(backtrack)", 4096, 32, rounds=4)
    trace = await Reasoner(model, verifiers=()).answer(question, policy=policy)
    assert trace.answer == got
    assert (len(model.requests) > 1) is looked
    assert trace.abstained is (got == DONT_KNOW)
    assert not trace.gave_up
    assert trace.committed == ("main.2" if got == "pmal" else "main.1")


class Fails(Judge):
    """A sound verifier that fails one answer and can tell nothing of any other."""

    def _verdict(self, text: str) -> Verdict:
        failed = text.split() == [*self._passes]
        return Verdict.of(False) if failed else Verdict(Outcome.CANNOT_TELL)


async def test_what_is_said_instead_of_a_refusal_is_verified() -> None:
    policy, judge = Policy("again(backtrack)", 4096, 32, rounds=4), Fails("pmal")
    reasoner = Reasoner(Doubts(0.8, SPELLED, 0.95), verifiers=[judge])
    trace = await reasoner.answer("Flip lamp round.", policy=policy)
    assert judge.judged == [DONT_KNOW, "pmal"]
    assert (trace.answer, trace.committed) == (DONT_KNOW, "main.1")


class Leaves(Doubts):
    """Fails from its second call on."""

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        if self.requests:
            raise ModelError("it is gone", "connection")
        async for delta in super().generate(request):
            yield delta


async def test_an_error_at_the_second_look_leaves_the_refusal() -> None:
    policy = Policy("again(backtrack)", 4096, 32, rounds=4)
    reasoner = Reasoner(Leaves(0.8, SPELLED, 0.95), verifiers=())
    trace = await reasoner.answer("Flip lamp round.", policy=policy)
    assert (trace.answer, trace.committed) == (DONT_KNOW, "main.1")
    assert trace.branch("main.2").stop is StopReason.ERROR


class Strays(Doubts):
    """Begins with a line that nobody asked for."""

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        if not self.requests:
            self.requests.append(request)
            for char in "gcd 5 6\n":
                yield Delta(0, "thought", char, ids=(ord(char),), logprobs=(-0.7,))
            return
        async for delta in super().generate(request):
            yield delta


async def test_a_beginning_that_was_taken_back_says_nothing_of_the_refusal() -> None:
    model = Strays(0.99, SPELLED, 0.95)
    policy = Policy("again(backtrack)", 4096, 32, rounds=4)
    trace = await Reasoner(model, verifiers=()).answer("Who are you?", policy=policy)
    assert (trace.answer, trace.committed) == (DONT_KNOW, "main.1")
    assert [b.name for b in trace.branches] == ["main", "main.1", "main.1.back1"]
