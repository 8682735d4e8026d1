"""The vote: who wins, when it stops, and what becomes of the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import comb
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought import Answer, ModelError, Policy, Reasoner, Stop, StopReason, Trace
from secondthought.loop.vote import BOUND, Tally, posterior
from secondthought.messages import TEXT
from secondthought.models.scripted import Scripted
from secondthought.trace import AnswerDelta, CandidateReady
from tests.loop.voices import Dice, Judge

LONG = " ".join(f"step{n}" for n in range(300))


def vote(samples: int = 5, **fields: Any) -> Policy:
    defaults: dict[str, Any] = {"strategy": "vote", "thought_tokens": 2000, "reserve": 10}
    return Policy(**{**defaults, "samples": samples, **fields})


async def answer(model: Any, policy: Policy, verifiers: Any = (), **options: Any) -> Trace:
    return await Reasoner(model, verifiers=verifiers).answer("What?", policy=policy, **options)


def spoken(*answers: str, **turn: Any) -> Scripted:
    """A model whose first sample gives the first answer, and so on."""
    return Scripted.of({"thought": "hm hm", "answers": list(answers), **turn})


async def test_the_most_frequent_answer_wins_over_the_first() -> None:
    trace = await answer(spoken("5", "4", "4 ", "5", "4."), vote(5))
    assert trace.answer.strip() == "4"
    assert len(trace.branches) == 6
    assert trace.committed == "main.2"
    assert trace.ledger.generated("answer") == 1
    assert trace.ledger.usage.reasoning_tokens == 5 * 2 + 4


async def test_it_stops_when_the_leader_cannot_be_caught() -> None:
    model = spoken("4")
    trace = await answer(model, vote(5))
    assert len(model.requests) == 3
    assert trace.answer == "4"


async def test_it_stops_when_the_leader_is_likely_enough() -> None:
    model = spoken("4")
    await answer(model, vote(40))
    assert len(model.requests) == 4
    assert posterior(3, 0) < BOUND <= posterior(4, 0)


async def test_of_equals_the_first_wins() -> None:
    trace = await answer(spoken("5", "4"), vote(2))
    assert trace.answer == "5"


ESSAYS = [" ".join([word] * 200) for word in ("oak", "elm", "ash", "fir", "yew")]


async def test_prose_has_no_majority() -> None:
    """Long free texts that all differ: the first wave is the last."""
    for samples, wave in ((3, 2), (5, 3)):
        model = spoken(*ESSAYS)
        trace = await answer(model, vote(samples, thought_tokens=9000))
        assert (trace.answer, len(model.requests)) == (ESSAYS[0], wave)


@pytest.mark.parametrize(
    "answers",
    [
        [*"45678"],
        [ESSAYS[0], ESSAYS[0], *ESSAYS[1:]],
        [f"{essay}\nAnswer: {n}" for n, essay in enumerate(ESSAYS)],
        [ESSAYS[0], "4", *ESSAYS[1:]],
    ],
)
async def test_answers_that_others_may_give_again_are_voted_on(answers: list[str]) -> None:
    model = spoken(*answers)
    await answer(model, vote(5, thought_tokens=9000))
    assert len(model.requests) > 3


async def test_the_rest_is_cancelled_in_the_model() -> None:
    """The first sample thinks on when the second is proved right."""
    model = Scripted.of(
        {"match": "What", "thought": LONG, "answer": "4", "tokens_per_second": 1000},
        {"match": "What", "thought": "hm", "answer": "5"},
    )
    trace = await answer(model, vote(3), [Judge("5")])
    assert trace.answer == "5"
    assert [b.stop for b in trace.branches] == [
        StopReason.STOP,
        StopReason.CANCELLED,
        StopReason.STOP,
    ]
    thought = trace.branch("main.1").thought
    assert len(thought.split()) < 50
    assert trace.ledger.usage.reasoning_tokens == len(thought.split()) + 1


async def test_nothing_of_a_draft_leaves_before_it_is_committed() -> None:
    told = [e async for e in Reasoner(spoken("5", "4", "4")).stream("?", policy=vote(3))]
    assert [e.text for e in told if isinstance(e, AnswerDelta)] == ["4"]
    assert [e.answer for e in told if isinstance(e, CandidateReady)] == ["5", "4", "4"]


async def test_tool_calls_vote_by_their_arguments() -> None:
    class Caller(Dice):
        async def _sample(self, request: Any) -> Any:
            from secondthought import ToolCall
            from secondthought.models.base import Delta

            texts = ['{"x": 2}', '{"x": 1, "y": 0}', '{"y": 0, "x": 1}']
            text = texts[(len(self.requests) - 1) % 3]
            yield Delta(0, "tool_call", tool_call=ToolCall("a", "f", text))
            yield Delta(0, "end", stop=StopReason.TOOL_CALLS, prompt_tokens=1)

    trace = await answer(Caller(), vote(3))
    assert trace.committed == "main.2"
    assert trace.finish_reason is StopReason.TOOL_CALLS


async def test_a_sample_that_breaks_has_no_vote() -> None:
    class Breaks(Scripted):
        async def generate(self, request: Any) -> Any:
            if len(self.requests) == 0:
                self.requests.append(request)
                raise ModelError("gone", "connection")
            async for delta in super().generate(request):
                yield delta

    trace = await answer(Breaks.of({"answer": "4"}), vote(3))
    assert trace.answer == "4"
    assert trace.branch("main.1").stop is StopReason.ERROR


async def test_when_all_samples_break_the_error_is_told() -> None:
    with pytest.raises(ModelError, match="dropped"):
        await answer(Scripted.of({"fail": {"how": "drop"}}), vote(3))


async def test_samples_without_an_answer_leave_it_to_the_reserve() -> None:
    turns = [{"thought": "hm", "answer": " "}] * 9
    trace = await answer(Scripted.of(*turns, {"answer": "4"}), vote(3))
    assert trace.answer == "4"


async def test_a_pool_for_one_sample_is_no_vote() -> None:
    model = spoken("4")
    trace = await answer(model, vote(5, thought_tokens=39))
    assert len(model.requests) == 1
    assert trace.committed == "main"
    assert trace.strategy == "vote"


async def test_each_sample_has_a_fair_share() -> None:
    model = Scripted.of({"thought": LONG, "answer": "4"})
    trace = await answer(model, vote(5, thought_tokens=500))
    shares = [len(b.thought.split()) for b in trace.branches if b.thought]
    assert shares == [90] * 3  # 500 for 5 samples, 10 of each kept for its answer
    assert trace.ledger.usage.reasoning_tokens == 3 * 90 + 2


async def test_answer_now_takes_what_there_is() -> None:
    model = Scripted.of(
        {"thought": LONG, "answer": "4", "tokens_per_second": 100},
    )
    stop = Stop()
    asyncio.get_running_loop().call_later(0.05, stop.answer_now)
    trace = await asyncio.wait_for(answer(model, vote(5), stop=stop), 5)
    assert trace.answer == "4"
    assert trace.ledger.usage.reasoning_tokens < 100


async def test_at_the_deadline_the_leader_is_the_answer() -> None:
    class Stalls(Scripted):
        async def generate(self, request: Any) -> Any:
            if len(self.requests) > 0:
                await asyncio.Event().wait()
            async for delta in super().generate(request):
                yield delta

    trace = await answer(Stalls.of({"answer": "4"}), vote(3, seconds=0.2))
    assert trace.answer == "4"
    assert trace.seconds < 0.5


async def test_a_proof_stands_above_votes() -> None:
    judge = Judge("5")
    trace = await answer(spoken("4", "5", "4"), vote(3), [judge])
    assert trace.answer == "5"
    verdicts = [v.passed for branch in trace.branches for v in branch.verdicts]
    assert sorted(verdicts) == [False, False, True] or verdicts.count(True) == 1


async def test_answers_that_a_sound_verifier_fails_have_no_vote() -> None:
    class Unsure(Judge):
        def _verdict(self, text: str) -> Any:
            found = super()._verdict(text)
            return replace(found, outcome="cannot_tell") if "6" in text else found

    trace = await answer(spoken("4", "4", "4", "6", "4"), vote(5), [Unsure("no")])
    assert trace.answer == "6"


@given(st.integers(0, 12), st.integers(0, 12))
def test_the_posterior_is_the_integral_of_the_beta(first: int, second: int) -> None:
    """Against the integral of x^a (1-x)^b from 1/2 to 1, term by term, in fractions."""
    a, b = first, second

    def integral(low: Fraction) -> Fraction:
        terms = (
            Fraction((-1) ** k * comb(b, k)) * (1 - low ** (a + k + 1)) / (a + k + 1)
            for k in range(b + 1)
        )
        return sum(terms, Fraction(0))

    exact = integral(Fraction(1, 2)) / integral(Fraction(0))
    assert posterior(first, second) == pytest.approx(float(exact), abs=1e-12)


def tally_of(votes: Iterable[str]) -> Tally:
    tally = Tally(TEXT)
    for text in votes:
        tally.add(Answer(text, "main", StopReason.STOP))
    return tally


def winner(votes: Iterable[str]) -> str:
    leader = tally_of(votes).leader
    assert leader is not None
    return leader.text


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=7), st.integers(0, 4))
def test_a_leader_that_cannot_be_caught_is_not(votes: list[str], left: int) -> None:
    first, second = tally_of(votes).ahead
    if first - second > left:
        assert tally_of(votes).settled(left)
        for rest in product("abc", repeat=left):
            assert winner([*votes, *rest]) == winner(votes)


@given(st.lists(st.sampled_from("abc"), max_size=9), st.integers(1, 12))
def test_a_wave_is_the_fewest_samples_that_could_settle_it(votes: list[str], left: int) -> None:
    tally = tally_of(votes)
    wave = tally.wanted(left)
    best = winner(votes) if votes else "a"
    settled = [tally_of([*votes, *best * n]).settled(left - n) for n in range(wave + 1)]
    assert settled == [False] * wave + [True]


def test_stopping_early_gives_the_same_answer_for_less() -> None:
    """Votes of 15 on questions of all difficulties: within a point, for 60 % of the samples."""
    rng, votes, same, made = Random(1), 4000, 0, 0
    for _ in range(votes):
        share = rng.choice([0.95, 0.8, 0.6, 0.4])
        samples = ["a" if rng.random() < share else rng.choice("bcdef") for _ in range(15)]
        done = 0
        while not tally_of(samples[:done]).settled(15 - done):
            done += tally_of(samples[:done]).wanted(15 - done)
        made += done
        same += (winner(samples[:done]) == "a") - (winner(samples) == "a")
    assert abs(same) / votes <= 0.01
    assert made / (15 * votes) <= 0.6
