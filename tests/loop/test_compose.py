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
    ],
)
def test_a_policy_that_listens_to_these_verifiers(
    name: str, trusts: list[str], made: str, rounds: int
) -> None:
    """`again` asks sound verifiers only: beside others it would not hear their no."""
    policy = Policy(name, 900, 10)
    found = revising(policy, [Opinion(trust) for trust in trusts])  # type: ignore[list-item]
    assert (found.strategy, found.rounds) == (made, rounds)
    assert (found is policy) == (made == name)
    assert callable(strategy(found.strategy))
