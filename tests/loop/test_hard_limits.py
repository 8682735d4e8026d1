"""For random strategies, budgets and models: no cap is passed, the ledger adds up, an answer
exists, drafts never leave, and cancelling reaches the model within one token."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from secondthought import Policy, Reasoner, Stop, StopReason
from secondthought.models.scripted import CAPABILITIES
from secondthought.trace import (
    AnswerDelta,
    BranchEnded,
    BranchStarted,
    Event,
    Failed,
    Finished,
    ThoughtDelta,
    Trace,
)
from tests.loop.voices import Dice, Judge

capabilities = st.builds(
    lambda budget, extends, ends, thinks: replace(
        CAPABILITIES, budget=budget, extends=extends, ends_thought=ends, thinks=thinks
    ),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([True, True, True, False]),
)
strategies = st.recursive(
    st.sampled_from(["direct", "think", "backtrack", "search", "auto"]),
    lambda inner: st.builds(
        "{}({})".format, st.sampled_from(["again", "vote", "best_of_n", "revise", "auto"]), inner
    ),
    max_leaves=3,
).filter(lambda name: name.count("auto") < 2)
policies = st.builds(
    Policy,
    strategies,
    thought_tokens=st.integers(0, 400),
    reserve=st.integers(1, 24),
    samples=st.integers(1, 9),
    rounds=st.integers(1, 4),
    trees=st.integers(1, 3),
    floor=st.integers(0, 12),
)
models = st.builds(
    Dice,
    capabilities,
    length=st.integers(0, 40),
    answers=st.sampled_from([("4",), ("4", "5", "I do not know at all"), ("4 4 4 4 4 4 4 4 4",)]),
)
judges = st.lists(
    st.builds(
        Judge,
        st.sampled_from(["4", "5", "nothing"]),
        trust=st.sampled_from(["sound", "learned", "critic"]),
        level=st.sampled_from(["answer", "answer", "step"]),
        how=st.sampled_from(["fail", "unsure", "crash"]),
    ),
    max_size=2,
)


@dataclass
class Heard:
    """What a reader of the events knows."""

    events: list[Event] = field(default_factory=list[Event])

    @property
    def trace(self) -> Trace:
        last = self.events[-1]
        assert isinstance(last, Finished)
        return last.trace

    @property
    def answer(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, AnswerDelta))

    def check(self) -> None:
        assert [e.seq for e in self.events] == list(range(len(self.events)))
        thoughts: defaultdict[str, str] = defaultdict(str)
        for e in self.events:
            if isinstance(e, ThoughtDelta):
                thoughts[e.branch] += e.text
            assert not isinstance(e, AnswerDelta) or e.branch == "main"
        trace, told = self.trace, [e.branch for e in self.events if isinstance(e, BranchEnded)]
        assert {b.name: b.thought for b in trace.branches if b.thought} == thoughts
        assert len(told) == len(set(told)) == len(trace.branches)
        started = [e.branch for e in self.events if isinstance(e, BranchStarted)]
        assert len(started) == len(set(started))
        assert all(branch.stop is not None for branch in trace.branches)
        assert self.answer == trace.answer
        usage, entries = trace.ledger.usage, trace.ledger.entries
        assert usage.completion_tokens == sum(e.generated for e in entries)
        answered = {e.branch for e in entries if e.phase == "answer" and e.generated}
        assert answered <= {"main", trace.committed}
        assert usage.reasoning_tokens == usage.completion_tokens - trace.ledger.generated("answer")


async def listen(model: Dice, policy: Policy, verifiers: Any, **options: Any) -> Heard:
    heard = Heard()
    reasoner = Reasoner(model, verifiers=verifiers)
    async for told in reasoner.stream("What is it?", policy=policy, **options):
        heard.events.append(told)
    return heard


@settings(max_examples=300, deadline=None)
@given(models, policies, judges, st.one_of(st.none(), st.integers(1, 300)), st.integers(0, 99))
def test_no_cap_is_passed_and_an_answer_exists(
    model: Dice, policy: Policy, verifiers: list[Judge], max_tokens: int | None, seed: int
) -> None:
    heard = asyncio.run(listen(model, policy, verifiers, max_tokens=max_tokens, seed=seed))
    heard.check()
    trace, limit = heard.trace, policy.fit(max_tokens)
    usage = trace.ledger.usage
    event(policy.strategy.split("(")[0] + f", {min(3, len(trace.branches))} branches")
    assert trace.answer.strip()
    assert trace.policy == limit.as_dict()
    assert usage.reasoning_tokens <= limit.thought_tokens
    assert usage.completion_tokens <= limit.total
    # Every token that the model made is booked, but for the one that was cut off.
    assert 0 <= model.spoken - usage.completion_tokens <= len(model.requests)
    assert model.open == 0
    # A call that is cancelled before its first token says nothing of its prompt.
    assert trace.ledger.sent >= 3 * model.heard


@settings(max_examples=150, deadline=None)
@given(models, policies, judges, st.floats(0, 1), st.floats(0, 0.5), st.integers(0, 99))
def test_models_that_break_and_say_nothing(
    model: Dice, policy: Policy, verifiers: list[Judge], mute: float, fails: float, seed: int
) -> None:
    """The caps hold and the ledger adds up; an answer is there whenever a sample had one."""
    model.mute, model.fails = mute, fails
    heard = asyncio.run(listen(model, policy, verifiers, seed=seed))
    heard.check()
    trace = heard.trace
    failed = any(isinstance(e, Failed) for e in heard.events)
    assert failed == (trace.finish_reason is StopReason.ERROR)
    assert trace.ledger.usage.reasoning_tokens <= policy.thought_tokens
    assert trace.ledger.usage.completion_tokens <= policy.total
    broken = (StopReason.ERROR, StopReason.CANCELLED)
    whole = [b for b in trace.branches if b.answer.strip() and b.stop not in broken]
    assert trace.answer.strip() or not whole
    assert model.open == 0


@settings(max_examples=200, deadline=None)
@given(models, policies, judges, st.integers(0, 60), st.booleans(), st.integers(0, 99))
def test_stopping_anywhere_reaches_the_model_within_one_token(
    model: Dice, policy: Policy, verifiers: list[Judge], after: int, cancels: bool, seed: int
) -> None:
    async def run() -> None:
        stop, heard, seen = Stop(), Heard(), 0
        spoken = streams = None
        reasoner = Reasoner(model, verifiers=verifiers)
        async for told in reasoner.stream("What?", policy=policy, stop=stop, seed=seed):
            heard.events.append(told)
            seen += isinstance(told, ThoughtDelta | AnswerDelta)
            if seen == after and spoken is None:
                spoken, streams = model.spoken, model.open
                stop.cancel() if cancels else stop.answer_now()
        heard.check()
        trace = heard.trace
        assert model.open == 0
        assert trace.ledger.usage.reasoning_tokens <= policy.thought_tokens
        assert trace.ledger.usage.completion_tokens <= policy.total
        if trace.finish_reason is StopReason.CANCELLED:
            assert spoken is not None
            assert streams is not None
            assert model.spoken <= spoken + streams
        else:
            assert trace.answer.strip()

    asyncio.run(run())


@settings(max_examples=60, deadline=None)
@given(models, policies, judges, st.integers(0, 40))
def test_leaving_the_stream_stops_the_model(
    model: Dice, policy: Policy, verifiers: list[Judge], after: int
) -> None:
    async def run() -> None:
        stream = Reasoner(model, verifiers=verifiers).stream("What?", policy=policy)
        seen = 0
        async for told in stream:
            seen += isinstance(told, ThoughtDelta)
            if seen > after:
                break
        spoken, streams = model.spoken, model.open
        await stream.aclose()
        assert model.open == 0
        assert model.spoken <= spoken + streams

    asyncio.run(run())


@settings(max_examples=60, deadline=None)
@given(models, policies, judges, st.integers(0, 99))
def test_the_same_seed_gives_the_same_answer(
    model: Dice, policy: Policy, verifiers: list[Judge], seed: int
) -> None:
    first, again = (asyncio.run(listen(model, policy, verifiers, seed=seed)) for _ in range(2))
    assert first.trace.answer == again.trace.answer
    assert first.trace.ledger == again.trace.ledger
