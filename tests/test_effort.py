from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought import BadInput, Effort, Policy, Reasoner
from secondthought.effort import OWN_TABLE, SAMPLING, SHORT, overrides, policy, table
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
    for name in ("./runs/a/model", "script:x.json", ""):
        assert policy("high", model=name) == table()[Effort.HIGH]
    assert policy("low", model="secondthought-5m") == table()[Effort.LOW]
    assert policy("high", model="secondthought-5m") != table()[Effort.HIGH]


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
    assert len(plain.requests) == 2


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
    row = Policy("direct", thought, reserve)
    fitted = row.fit(limit)
    assert fitted.total == limit
    assert fitted.reserve == min(reserve, limit)
    assert 0 <= fitted.thought_tokens <= min(thought, limit - fitted.reserve)
    assert row.fit(None) is row
    assert row.total == thought + reserve


@given(st.integers(0, 10**4), st.integers(1, 10**4), st.integers(1, 3 * 10**4))
def test_a_small_limit_is_shared_by_thought_and_answer(
    thought: int, reserve: int, limit: int
) -> None:
    fitted = Policy("think", thought, reserve).fit(limit)
    assert fitted.thought_tokens + fitted.reserve <= fitted.total == limit
    assert fitted.reserve >= min(reserve, limit // 2)
    assert fitted.reserve == min(reserve, limit) or fitted.thought_tokens >= min(
        thought, limit // 2, limit - SHORT
    )
    if limit >= 2 * reserve or reserve <= SHORT:
        assert fitted.reserve == min(reserve, limit)


@pytest.mark.parametrize("limit", [512, 1000, 2048, 4096, 8192])
async def test_a_model_on_a_server_thinks_also_under_a_small_limit(limit: int) -> None:
    for level in ("minimal", "low", "medium", "high", "max"):
        model = Scripted.of({"thought": "a b c", "answer": "x"}, name="http://host/v1")
        trace = await Reasoner(model).answer("?", level, max_tokens=limit)
        assert trace.thought.split() == ["a", "b", "c"]
        assert [request.think for request in model.requests] == [True]
    none = policy("none", model="http://host/v1").fit(limit)
    assert (none.thought_tokens, none.reserve) == (0, min(4096, limit))


# --- a table of the user's own ---------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Write a table and name it in the environment."""

    def write(text: str) -> Path:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.toml"
        path.write_text(text, "utf-8")
        monkeypatch.setenv(OWN_TABLE, str(path))
        return path

    return write


def test_a_table_of_ones_own_comes_last(own: Callable[[str], Path]) -> None:
    shipped = policy("medium", model="ollama/x")
    own("medium = { thought_tokens = 77 }\n[[override]]\nmodels = ['ollama/*']\nlow = {floor = 3}")
    assert policy("medium", model="ollama/x") == replace(shipped, thought_tokens=77)
    assert policy("medium").thought_tokens == 77
    assert policy("medium", thought_tokens=5).thought_tokens == 5
    assert (policy("low", model="ollama/x").floor, policy("low").floor) == (3, 0)
    own("[medium]\nthought_tokens = 78")
    assert policy("medium").thought_tokens == 78


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("medium = [", "not TOML"),
        ("[huge]\nsamples = 2", "no effort 'huge'"),
        ("[low]\nthoughts = 2", "low: no field 'thoughts'"),
        ("[low]\nmax_tokens = 2", "low: no field 'max_tokens'"),
        ("[low]\nsamples = 0", "low: .*positive"),
        ("[low]\nsamples = '2'", "low: samples cannot be '2'"),
        ("[low]\nsamples = 2.5", "low: samples cannot be 2.5"),
        ("[low]\nfloor = true", "low: floor cannot be True"),
        ("[low]\nstrategy = 1", "low: strategy cannot be 1"),
        ("[low]\ntemperature = nan", "low: temperature"),
        ("[low]\nseconds = -1", "low: temperature and seconds"),
        ("[low]\nmin_confidence = 2", "low: min_confidence"),
        ("low = 3", "low is 3"),
        ("override = 3", r"\[\[override\]\]"),
        ("[override]\nlow = {}", r"\[\[override\]\]"),
        ("[[override]]\nlow = {}", "needs models"),
        ("[[override]]\nmodels = 'x'", "needs models"),
        ("[[override]]\nmodels = ['x']\nthinks = 1", "thinks is 1"),
        ("[[override]]\nmodels = ['x']\nhuge = {}", "no effort 'huge'"),
    ],
)
def test_a_wrong_table_is_told_in_one_line(own: Callable[[str], Path], text: str, why: str) -> None:
    path = own(text)
    with pytest.raises(BadInput, match=why) as told:
        Reasoner(Scripted.of({"answer": "x"}))
    assert str(told.value).startswith(f"{path}, which {OWN_TABLE} names")
    assert "\n" not in str(told.value)


def test_a_table_that_is_not_there(own: Callable[[str], Path]) -> None:
    own("").unlink()
    with pytest.raises(BadInput, match="No such file"):
        Reasoner(Scripted.of({"answer": "x"}))


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
