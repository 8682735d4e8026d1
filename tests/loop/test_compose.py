from __future__ import annotations

import pytest

from secondthought import BadInput, Policy, Reasoner
from secondthought.loop.compose import STRATEGIES, revising, strategy
from secondthought.models.scripted import Scripted


@pytest.mark.parametrize("name", [*STRATEGIES, "vote(revise)", "revise( vote(think) )"])
async def test_every_strategy_gives_an_answer(name: str) -> None:
    assert callable(strategy(name))
    policy = Policy(name, 900, 10, samples=3, rounds=2)
    trace = await Reasoner(Scripted.of({"thought": "a\nb", "answer": "4"})).answer(
        "?", policy=policy
    )
    assert (trace.answer, trace.strategy) == ("4", name)
    assert trace.policy["strategy"] == name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("prayer", "no strategy 'prayer'"),
        ("vote(prayer)", "no strategy 'prayer'"),
        ("think(vote)", "think makes no drafts"),
        ("auto(vote(auto))", "auto thinks by another strategy"),
        ("vote(", "no strategy 'vote\\('"),
        ("vote()x", "no strategy"),
        ("", "no strategy ''"),
        ("base", "no strategy 'base'"),
        ("os", "no strategy 'os'"),
    ],
)
def test_names_that_are_none(name: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        strategy(name)


class Opinion:
    name, level = "opinion", "answer"

    def __init__(self, trust: str) -> None:
        self.trust = trust


@pytest.mark.parametrize(
    ("name", "trusts", "made", "rounds"),
    [
        ("think", ["sound"], "revise(think)", 3),
        ("vote(backtrack)", ["learned"], "revise(vote(backtrack))", 3),
        ("search", ["critic"], "search", 1),
        ("again(backtrack)", ["sound", "sound"], "again(backtrack)", 1),
        ("again(backtrack)", ["sound", "critic"], "revise(backtrack)", 3),
        ("again", ["learned"], "revise(think)", 3),
        ("auto", ["sound"], "auto", 1),
        ("auto", ["learned"], "revise(auto)", 3),
        ("auto(again(backtrack))", ["sound", "critic"], "revise(auto(again(backtrack)))", 3),
    ],
)
def test_a_policy_that_listens_to_these_verifiers(
    name: str, trusts: list[str], made: str, rounds: int
) -> None:
    """`again` and `auto` ask sound verifiers only: beside others they would not hear their no."""
    policy = Policy(name, 900, 10)
    found = revising(policy, [Opinion(trust) for trust in trusts])  # type: ignore[list-item]
    assert (found.strategy, found.rounds) == (made, rounds)
    assert (found is policy) == (made == name)
    assert callable(strategy(found.strategy))


@pytest.mark.parametrize(("name", "rounds"), [("vote(again(backtrack))", 3), ("vote(think)", 15)])
def test_the_rounds_of_thoughts_are_no_answers(name: str, rounds: int) -> None:
    policy = Policy(name, 900, 10, rounds=15)
    found = revising(policy, [Opinion("sound")])  # type: ignore[list-item]
    assert (found.strategy, found.rounds) == (f"revise({name})", rounds)
