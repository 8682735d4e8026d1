"""Auto: how much is done, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from secondthought import Policy, Reasoner, Trace
from secondthought.loop.auto import PATIENCE
from secondthought.models.scripted import CAPABILITIES, Scripted
from tests.loop.voices import SURE, Judge, Sure

AUTO = Policy("auto", 4000, 10, samples=5)


def model_of(
    direct: list[str], thought: list[str], steps: str = "hm", *, abstains: bool = False
) -> Scripted:
    """A model with other answers when it thinks than when it does not."""

    class Two(Scripted):
        def _take(self, question: str) -> Any:
            return self._turns["think" if self.requests[-1].think else "direct"][0]

    return Two.of(
        {"match": "direct", "answers": direct},
        {"match": "think", "thought": steps, "answers": thought},
        capabilities=replace(CAPABILITIES, abstains=abstains),
    )


async def answer(model: Scripted, *verifiers: Judge, policy: Policy = AUTO) -> Trace:
    return await Reasoner(model, verifiers=verifiers).answer("What?", policy=policy)


def asked(model: Scripted) -> str:
    return "".join("t" if request.think else "d" for request in model.requests)


async def test_an_answer_that_is_proved_costs_one_call() -> None:
    model = model_of(["4"], ["5"])
    assert (await answer(model, Judge("4"))).answer == "4"
    assert asked(model) == "d"


async def test_the_same_answer_twice_is_the_answer() -> None:
    model = model_of(["4", "4."], ["5"])
    trace = await answer(model)
    assert trace.answer == "4"
    assert asked(model) == "dd"
    assert [request.temperature for request in model.requests] == [0.0, 0.7]


async def test_another_strategy_thinks_instead_and_nothing_is_asked_twice() -> None:
    policy = Policy("auto(again(think))", 4000, 10, samples=5, rounds=3)
    model = model_of(["4", "4."], ["56"], "7*8=56\n")
    trace = await answer(model, policy=policy)
    assert (trace.answer, asked(model)) == ("56", "dt")
    model = model_of(["4", "4."], ["56"], "7*8=57\n")
    trace = await answer(model, policy=policy)
    assert asked(model).startswith("dttt"), "what does not hold is thought about again"


async def test_on_doubt_it_thinks_once() -> None:
    model = model_of(["4", "5"], ["5"])
    assert (await answer(model)).answer == "5"
    assert asked(model) == "ddt"


async def test_steps_that_hold_vouch_for_a_thought() -> None:
    model = model_of(["4", "5"], ["56"], "7*8=56\n")
    assert (await answer(model)).answer == "56"
    assert asked(model) == "ddt"


@pytest.mark.parametrize("steps", ["hm", "7*8=57\n"])
async def test_on_disagreement_it_votes(steps: str) -> None:
    model = model_of(["4", "5"], ["6", "7", "7", "7"], steps)
    trace = await answer(model)
    assert trace.answer == "7"
    assert asked(model) == "ddtttt"


async def test_a_vote_that_is_settled_at_once_is_short() -> None:
    model = model_of(["4", "5"], ["6"])
    assert (await answer(model)).answer == "6"
    assert asked(model) == "ddtt"


async def test_an_answer_that_is_refuted_is_not_asked_for_again() -> None:
    model = model_of(["4", "4"], ["5", "6"])
    trace = await answer(model, Judge("6"))
    assert trace.answer == "6"
    assert asked(model).startswith("dt")
    assert asked(model).count("d") == 1


async def test_tool_calls_are_not_doubted() -> None:
    model = Scripted.of({"tool_calls": [{"name": "f"}]})
    trace = await answer(model)
    assert trace.finish_reason == "tool_calls"
    assert len(model.requests) == 1


async def test_one_sample_is_one_thought() -> None:
    """The row of models that think by themselves: no vote."""
    model = model_of(["4", "5"], ["6", "7"])
    policy = Policy("auto", 4000, 10, samples=1, temperature=0.6)
    assert (await answer(model, policy=policy)).answer == "6"
    assert asked(model) == "ddt"


async def test_an_answer_that_was_cut_is_not_asked_for_again() -> None:
    """Under a limit the quick answers have a quarter of what may be thought, not the reserve."""
    long = " ".join(["word"] * 700)
    model = model_of([long], ["5"])
    policy = Policy("auto", 8000, 1000, samples=1).fit(2048)
    trace = await answer(model, policy=policy)
    assert (trace.answer, trace.committed) == ("5", "main")
    assert asked(model) == "dt"
    assert trace.ledger.generated("draft") == policy.thought_tokens // 4
    assert trace.ledger.usage.completion_tokens <= 2048
    model = model_of(["4"], ["5"])
    assert (await answer(model, policy=policy)).answer == "4"
    assert asked(model) == "dd"


async def test_the_thought_after_quick_answers_has_all_that_is_left() -> None:
    long = " ".join(["word"] * 1500)
    policy = Policy("auto", 8000, 1000, samples=1).fit(2048)
    trace = await answer(model_of(["4", "6"], [long]), policy=policy)
    assert trace.ledger.usage.completion_tokens == 1 + 1 + 1 + 1500
    assert trace.answer == long


async def test_prose_is_not_voted_on() -> None:
    essays = [" ".join([word] * 200) for word in ("oak", "elm", "ash", "fir")]
    model = model_of(essays[:2], essays[2:])
    assert (await answer(model, policy=Policy("auto", 12000, 300, samples=5))).answer == essays[2]
    assert asked(model) == "ddt"


async def test_without_tokens_for_drafts_it_thinks_at_most() -> None:
    model = model_of(["4"], ["5"])
    assert (await answer(model, policy=Policy("auto", 39, 10))).answer == "5"
    assert asked(model) == "t"


@pytest.mark.parametrize(
    ("direct", "thought", "calls"),
    [(0.96, 0.2, "d"), (0.9, 0.96, "dt"), (0.9, 0.9, "dtt"), (None, None, "dtt")],
)
async def test_the_learned_score_says_where_there_is_no_doubt(
    direct: float | None, thought: float | None, calls: str
) -> None:
    class Says(Sure):
        def _take(self, question: str) -> Any:
            return self._turns["think" if self.requests[-1].think else "direct"][0]

    turns = [{"match": "direct", "answer": "4"}, {"match": "think", "thought": "hm", "answer": "5"}]
    model = Says.of(*turns, capabilities=SURE)
    model.confidences = {"4": direct, "5": thought}
    policy = Policy("auto(think)", 4000, 10, samples=5)
    trace = await answer(model, policy=policy)
    assert asked(model) == calls
    assert trace.answer == ("4" if calls == "d" else "5")
    model.confidences = {"4": 1.0, "5": 1.0}
    wrong = await answer(model, Judge("5"), policy=policy)
    assert (wrong.answer, asked(model)) == ("5", calls + "dt"), "what is refuted is not sure"


async def test_not_to_know_is_no_sure_answer() -> None:
    model = Sure.of({"answer": "I don't know."}, capabilities=SURE)
    model.confidences = {"I don't know.": 1.0}
    await answer(model, policy=Policy("auto(think)", 4000, 10, samples=5))
    assert len(model.requests) > 1


@pytest.mark.parametrize(("confidence", "calls"), [(0.96, "dt"), (0.9, "dtt"), (None, "dt")])
async def test_a_thought_that_holds_is_voted_on_where_the_score_is_in_doubt(
    confidence: float | None, calls: str
) -> None:
    class Says(Sure):
        def _take(self, question: str) -> Any:
            return self._turns["think" if self.requests[-1].think else "direct"][0]

    turns = [
        {"match": "direct", "answer": "9"},
        {"match": "think", "thought": "2+2=4", "answer": "4"},
    ]
    model = Says.of(*turns, capabilities=SURE)
    model.confidences = {"9": None, "4": confidence}
    policy = Policy("auto(again(think))", 4000, 10, samples=5, rounds=4)
    assert (await answer(model, policy=policy)).answer == "4"
    assert asked(model) == calls


WRONG = "2+2=5\n"


@pytest.mark.parametrize(
    ("thought", "thoughts"), [(f"sum 2+2\n{WRONG}", PATIENCE), (f"target 9: 1 2\n{WRONG}", 9)]
)
async def test_what_is_refuted_again_and_again_is_given_up_sooner_unless_it_searches(
    thought: str, thoughts: int
) -> None:
    model = model_of(["4"], ["5"], steps=thought, abstains=True)
    policy = Policy("auto(again(think))", 40_000, 10, samples=5, rounds=9)
    trace = await answer(model, policy=policy)
    assert asked(model) == "d" + "t" * thoughts
    assert trace.gave_up
    assert trace.abstained
