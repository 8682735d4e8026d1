from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought import Effort, Policy, Reasoner
from secondthought.effort import SAMPLING, overrides, policy, table
from secondthought.loop.compose import strategy
from secondthought.models.scripted import CAPABILITIES, Scripted

THINKER, PLAIN = {"thinks": True}, {"thinks": False}


def test_every_effort_has_a_row_that_can_be_run() -> None:
    assert set(table()) == set(Effort)
    for level in Effort:
        for model in ("mini", "http://127.0.0.1:8000/v1#qwen", "ollama/x"):
            for thinks in (True, False):
                row = policy(level, model=model, thinks=thinks)
                assert strategy(row.strategy)
                # Every sample of the row can be paid.
                least = row.reserve * (2 if row.thinks else 1)
                assert row.samples == 1 or row.samples * least <= row.thought_tokens


def test_more_effort_is_more_budget() -> None:
    levels = [level for level in Effort if level is not Effort.AUTO]
    for kind in ({}, {"model": "ollama/x", **THINKER}, {"model": "ollama/x", **PLAIN}):
        spent = [policy(level, **kind).thought_tokens for level in levels]
        assert spent == sorted(spent)


def test_models_that_think_by_themselves_are_called_once() -> None:
    for model in ("https://host/v1", "http://127.0.0.1:8000/v1#a/b", "ollama/qwen3"):
        for level in Effort:
            row = policy(level, model=model, thinks=True)
            assert row.samples == 1
            assert row.strategy in ("direct", "think", "auto")


def test_only_models_that_are_named_are_overridden() -> None:
    assert overrides()
    for name in ("secondthought-5m", "./runs/a/model", "script:x.json", ""):
        assert policy("high", model=name) == table()[Effort.HIGH]


async def test_the_policy_of_the_model_is_used_and_stands_in_the_trace() -> None:
    model = Scripted.of({"answer": "x"}, name="http://host/v1")
    trace = await Reasoner(model).answer("?", "high")
    assert trace.policy == policy("high", model="http://host/v1").as_dict()
    assert trace.policy["samples"] == 1
    plain = Scripted.of(
        {"answer": "x"}, name="http://host/v1", capabilities=replace(CAPABILITIES, thinks=False)
    )
    trace = await Reasoner(plain).answer("?", "high")
    assert trace.strategy == "vote(direct)"
    assert len(plain.requests) == 3


def test_fields_are_replaced_last() -> None:
    assert policy("high", model="ollama/x", reserve=7).reserve == 7
    with pytest.raises(ValueError, match="huge"):
        policy("huge")


def test_several_greedy_samples_would_be_one() -> None:
    assert Policy("vote", 10, 10, samples=2).temperature == SAMPLING
    assert Policy("vote", 10, 10, samples=2, temperature=0.2).temperature == 0.2
    assert Policy("think", 10, 10).temperature == 0.0


@pytest.mark.parametrize("field", ["reserve", "samples", "rounds", "trees"])
def test_limits_are_positive(field: str) -> None:
    assert field in {f.name for f in fields(Policy)}
    with pytest.raises(ValueError, match="positive"):
        replace(Policy("think", 10, 10), **{field: 0})


@given(st.integers(0, 10**4), st.integers(1, 10**4), st.integers(1, 10**4))
def test_fit_keeps_the_reserve_first(thought: int, reserve: int, limit: int) -> None:
    row = Policy("think", thought, reserve)
    fitted = row.fit(limit)
    assert fitted.total == limit
    assert fitted.reserve == min(reserve, limit)
    assert 0 <= fitted.thought_tokens <= min(thought, limit - fitted.reserve)
    assert row.fit(None) is row
    assert row.total == thought + reserve


async def test_what_the_thought_leaves_is_the_answers() -> None:
    long = " ".join(["word"] * 900)
    for effort, thought, words in (("none", "", 500), ("low", "a b c", 497)):
        model = Scripted.of({"thought": thought, "answer": long})
        trace = await Reasoner(model).answer("?", effort, max_tokens=500)
        assert len(trace.answer.split()) == words
        assert trace.ledger.usage.completion_tokens == 500


async def test_a_model_is_asked_what_it_can_before_its_policy_is_chosen() -> None:
    class Remote(Scripted):
        async def ready(self) -> None:
            self._capabilities = CAPABILITIES

    plain = replace(CAPABILITIES, thinks=False)
    model = Remote.of({"answer": "x"}, name="http://host/v1", capabilities=plain)
    trace = await Reasoner(model).answer("?", "high")
    assert trace.strategy == "think"
