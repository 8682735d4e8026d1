"""For random budgets and scripts: no cap is passed, the ledger adds up, an answer exists."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from secondthought import Policy, Reasoner, Stop, StopReason
from secondthought.models.scripted import CAPABILITIES, Scripted
from secondthought.trace import AnswerDelta, Finished, ThoughtDelta, Trace

words = st.lists(st.sampled_from(["a", "bb", "ccc\n", "7*8=56\n"]), max_size=120).map(" ".join)
answers = st.lists(st.sampled_from(["yes", "no", "42"]), min_size=1, max_size=30).map(" ".join)
capabilities = st.builds(
    lambda budget, extends, ends: replace(
        CAPABILITIES, budget=budget, extends=extends, ends_thought=ends
    ),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
policies = st.builds(
    Policy,
    st.sampled_from(["direct", "think"]),
    thought_tokens=st.integers(0, 100),
    reserve=st.integers(1, 40),
)


async def read(reasoner: Reasoner, policy: Policy, **options: object) -> tuple[Trace, str, str]:
    thought = answer = ""
    seqs: list[int] = []
    async for event in reasoner.stream("What is it?", policy=policy, **options):  # type: ignore[arg-type]
        seqs.append(event.seq)
        if isinstance(event, ThoughtDelta):
            thought += event.text
        elif isinstance(event, AnswerDelta):
            answer += event.text
        elif isinstance(event, Finished):
            assert seqs == list(range(len(seqs)))
            return event.trace, thought, answer
    raise AssertionError("no Finished")


@settings(max_examples=150, deadline=None)
@given(words, answers, capabilities, policies, st.one_of(st.none(), st.integers(1, 120)))
def test_hard_limits(
    thought: str, answer: str, can: object, policy: Policy, max_tokens: int | None
) -> None:
    model = Scripted.of({"thought": thought, "answer": answer}, capabilities=can)
    trace, told_thought, told_answer = asyncio.run(
        read(Reasoner(model), policy, max_tokens=max_tokens)
    )
    limit = policy.fit(max_tokens)
    ledger, usage = trace.ledger, trace.ledger.usage
    assert trace.answer.strip()
    assert (told_thought, told_answer) == (trace.branches[0].thought, trace.answer)
    assert usage.reasoning_tokens <= limit.thought_tokens
    assert ledger.generated("answer") <= limit.reserve
    assert usage.completion_tokens <= (max_tokens or limit.thought_tokens + limit.reserve)
    assert usage.completion_tokens == sum(e.generated for e in ledger.entries)
    assert ledger.generated("thought") == len(told_thought.split())
    assert ledger.generated("answer") == len(told_answer.split())
    assert answer.startswith(trace.answer.strip())
    assert usage.prompt_tokens == 3
    assert ledger.sent >= 3 * len(model.requests)


@settings(max_examples=60, deadline=None)
@given(words, answers, capabilities, st.integers(0, 60), st.booleans())
def test_stopping_anywhere_reaches_the_model_within_one_token(
    thought: str, answer: str, can: object, after: int, cancels: bool
) -> None:
    async def run() -> None:
        model = Scripted.of({"thought": thought, "answer": answer}, capabilities=can)
        stop, seen, trace = Stop(), 0, None
        policy = Policy("think", 200, 40)
        async for event in Reasoner(model).stream("What?", policy=policy, stop=stop):
            if isinstance(event, ThoughtDelta | AnswerDelta):
                seen += 1
                if seen == after:
                    stop.cancel() if cancels else stop.answer_now()
            elif isinstance(event, Finished):
                trace = event.trace
        assert trace is not None
        usage = trace.ledger.usage
        if trace.finish_reason is StopReason.CANCELLED:
            assert usage.completion_tokens <= after + 1
        else:
            assert trace.answer.strip()
        assert usage.completion_tokens == sum(e.generated for e in trace.ledger.entries)

    asyncio.run(run())
