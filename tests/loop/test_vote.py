"""The vote: who wins, when it stops, and what becomes of the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought import Answer, ModelError, Policy, Reasoner, Stop, StopReason, Trace
from secondthought.loop.vote import BOUND, Tally, stays
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
    model = spoken("5", "4", "4", "4")
    trace = await answer(model, vote(5))
    assert len(model.requests) == 4
    assert trace.answer == "4"


async def test_it_stops_when_the_leader_is_likely_enough() -> None:
    for most, enough in ((3, 2), (5, 2), (8, 2), (16, 3), (40, 3)):
        model = spoken("4")
        await answer(model, vote(most))
        assert len(model.requests) == enough
        assert stays(enough - 1, 0, most - enough + 1) < BOUND <= stays(enough, 0, most - enough)


async def test_of_equals_the_first_wins() -> None:
    trace = await answer(spoken("5", "4"), vote(2))
    assert trace.answer == "5"


ESSAYS = [" ".join([word] * 200) for word in ("oak", "elm", "ash", "fir", "yew")]


async def test_prose_has_no_majority() -> None:
    """Long free texts that all differ: the first wave is the last."""
    for samples, wave in ((3, 2), (5, 2), (16, 3)):
        model = spoken(*ESSAYS)
        trace = await answer(model, vote(samples, thought_tokens=9000))
        assert (trace.answer, len(model.requests)) == (ESSAYS[0], wave)


@pytest.mark.parametrize(
    "answers",
    [
        [*"45678"],
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
    assert shares == [90] * 2  # 500 for 5 samples, 10 of each kept for its answer
    assert trace.ledger.usage.reasoning_tokens == 2 * 90 + 1


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


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9))
def test_the_leader_stays_as_often_as_polya_says(first: int, second: int, left: int) -> None:
    """Against Polya's urn, one sample after the other, in fractions: after a votes and b the next
    one goes to the first with the probability (a + 1) / (a + b + 2)."""
    first, second = max(first, second), min(first, second)

    def urn(a: int, b: int, left: int) -> Fraction:
        if not left:
            return Fraction(a >= b)
        p = Fraction(a + 1, a + b + 2)
        return p * urn(a + 1, b, left - 1) + (1 - p) * urn(a, b + 1, left - 1)

    assert stays(first, second, left) == float(urn(first, second, left))


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


@pytest.mark.parametrize(("most", "of_samples"), [(5, 0.66), (8, 0.56), (9, 0.6), (16, 0.5)])
@pytest.mark.parametrize("same", [0.05, 0.7], ids=["spread", "systematic"])
def test_stopping_early_gives_the_same_answer_for_less(
    most: int, of_samples: float, same: float
) -> None:
    """Pools of answers, easy, middling and hard ones; of the wrong ones the share `same` is the
    same one, so that it can win. Within a point of the whole vote, for so many of the samples."""
    rng, votes, gained, made = Random(1), 4000, 0, 0
    wrong, weights = "bcdefghijkl", [same, *[(1 - same) / 10] * 10]
    for _ in range(votes):
        right = rng.choices([0.95, 0.6, 0.2], [0.4, 0.3, 0.3])[0]
        samples = [
            "a" if rng.random() < right else rng.choices(wrong, weights)[0] for _ in range(most)
        ]
        done = 0
        while not tally_of(samples[:done]).settled(most - done):
            done += tally_of(samples[:done]).wanted(most - done)
        made += done
        gained += (winner(samples[:done]) == "a") - (winner(samples) == "a")
    assert gained / votes >= -0.01
    assert made / (most * votes) <= of_samples
