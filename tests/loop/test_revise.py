"""Propose, verify, revise."""

from __future__ import annotations

from typing import Any

import pytest

from secondthought import ModelError, Policy, Reasoner, StopReason, Trace, Verdict
from secondthought.models.scripted import Scripted
from tests.loop.voices import Judge

REVISE = Policy("revise", 2000, 10, rounds=4)


async def answer(model: Scripted, verifiers: Any, policy: Policy = REVISE) -> Trace:
    return await Reasoner(model, verifiers=verifiers).answer("What?", policy=policy)


def turns(*answers: str) -> Scripted:
    return Scripted.of(*({"thought": "hm", "answer": text} for text in answers))


async def test_what_was_wrong_is_the_next_turn() -> None:
    model, judge = turns("4", "5", "6"), Judge("6")
    trace = await answer(model, [judge])
    assert trace.answer == "6"
    assert [[m.text for m in r.messages] for r in model.requests] == [
        ["What?"],
        ["What?", "4", "Your answer is wrong: 4 will not do. Try again."],
        ["What?", "5", "Your answer is wrong: 5 will not do. Try again."],
    ]
    assert judge.questions == ["What?"] * 3
    assert trace.committed == "main.3"
    assert trace.ledger.generated("draft") == 2


async def test_an_answer_that_passes_is_left_alone() -> None:
    model = turns("4", "5")
    assert (await answer(model, [Judge("4")])).answer == "4"
    assert len(model.requests) == 1


@pytest.mark.parametrize("verifiers", [[], [Judge(how="unsure")], [Judge(how="crash")]])
async def test_nothing_is_revised_without_a_reason(verifiers: list[Judge]) -> None:
    model = turns("4", "5")
    assert (await answer(model, verifiers)).answer == "4"
    assert len(model.requests) == 1


@pytest.mark.parametrize("trust", ["sound", "learned", "critic"])
@pytest.mark.parametrize("passes", ["4", "5"])
async def test_the_only_answer_that_the_pool_pays_is_judged(trust: str, passes: str) -> None:
    model = turns("4", "5")
    policy = Policy("revise", 3 * 60, 30, rounds=3).fit(80)
    trace = await answer(model, [Judge(passes, trust=trust)], policy)
    assert (trace.answer, len(model.requests)) == ("4", 1)
    (verdict,) = trace.branch(trace.committed).verdicts
    assert verdict.passed == (passes == "4")


async def test_a_critic_does_not_spend_what_the_answer_took() -> None:
    """The answer may use all that the thought left; then nothing is left for an opinion."""
    from secondthought.verifiers.critic import Critic

    model = Scripted.of({"thought": "hm", "answer": " ".join(["word"] * 200)})
    trace = await answer(model, [Critic()], Policy("revise", 100, 60, rounds=3))
    assert trace.ledger.usage.completion_tokens == 160
    assert len(model.requests) == 1


async def test_an_answer_that_comes_back_ends_it() -> None:
    model = turns("4", "5", "4.", "6")
    trace = await answer(model, [Judge("6")])
    assert len(model.requests) == 3
    assert trace.answer == "4"


async def test_rounds_are_bounded_and_the_best_is_kept() -> None:
    class Graded(Judge):
        def _verdict(self, text: str) -> Any:
            from dataclasses import replace

            return replace(super()._verdict(text), score=int(text) / 10)

    model = turns("4", "6", "5", "3", "9")
    trace = await answer(model, [Graded()])
    assert len(model.requests) == 4
    assert trace.answer == "6"
    assert trace.committed == "main.2"


async def test_a_sound_verifier_is_heard_before_a_critic() -> None:
    model = turns("4", "5")
    trace = await answer(model, [Judge("5", trust="critic"), Judge("4")])
    assert trace.answer == "4"


async def test_no_loop_runs_while_a_tool_call_is_pending() -> None:
    model = Scripted.of({"thought": "hm", "tool_calls": [{"name": "f"}]}, {"answer": "4"})
    trace = await answer(model, [Judge("4")])
    assert trace.finish_reason is StopReason.TOOL_CALLS
    assert len(model.requests) == 1


async def test_a_round_that_breaks_keeps_what_there_was() -> None:
    model = Scripted.of({"answer": "4"}, {"fail": {"how": "drop"}})
    assert (await answer(model, [Judge("5")])).answer == "4"
    with pytest.raises(ModelError, match="dropped"):
        await answer(Scripted.of({"fail": {"how": "drop"}}), [Judge("5")])


async def test_nothing_is_judged_twice_and_all_by_what_the_asker_asked() -> None:
    """A vote proves its samples, and what revises it looks again; of the turns that were added no
    verifier knows."""
    model, judge = turns("4", "4", "5", "6", "7"), Judge("9")
    policy = Policy("revise(vote)", 4000, 10, samples=2, rounds=2)
    trace = await answer(model, [judge], policy)
    assert sorted(judge.judged) == sorted(set(judge.judged))
    assert len(judge.judged) > 2
    assert set(judge.questions) == {"What?"}
    judged = [branch.verdicts for branch in trace.branches if branch.verdicts]
    assert len(judged) == 4  # the same text of two branches stands in both
    assert [len(verdicts) for verdicts in judged] == [1] * 4


async def test_a_verifier_that_could_not_tell_is_asked_again() -> None:
    model, judge = turns("4"), Judge(how="crash")
    await answer(model, [judge], Policy("revise(vote)", 4000, 10, samples=2, rounds=2))
    assert judge.judged == ["4", "4"]  # by the vote, and by what revises it


async def test_a_verdict_without_a_name_has_that_of_its_verifier() -> None:
    class Nameless(Judge):
        def _verdict(self, text: str) -> Any:
            return Verdict.of(True)

    trace = await answer(turns("4"), [Nameless()])
    assert [v.verifier for v in trace.branch(trace.committed).verdicts] == ["sound judge"]


async def test_revise_over_vote_and_vote_over_revise() -> None:
    first = Scripted.of({"match": "^What", "answers": ["4"]}, {"match": "wrong", "answers": ["5"]})
    policy = Policy("revise(vote)", 4000, 10, samples=3, rounds=2)
    trace = await answer(first, [Judge("5", trust="critic")], policy)
    assert trace.answer == "5"
    assert trace.committed == "main.2.1"
    assert {"main.1.1", "main.1.2", "main.2"} <= {b.name for b in trace.branches}

    second = Scripted.of({"match": "^What", "answers": ["4"]}, {"match": "wrong", "answers": ["5"]})
    policy = Policy("vote(revise)", 4000, 10, samples=3, rounds=2)
    trace = await answer(second, [Judge("5", trust="critic")], policy)
    assert trace.answer == "5"
    assert trace.committed == "main.1.2"
    assert len(second.requests) == 4
