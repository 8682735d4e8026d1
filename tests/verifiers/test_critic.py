"""A model's opinion: its tokens are counted and bounded, its failures are no verdicts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.effort import policy
from secondthought.loop.base import Best, Context, Recorder, Stop
from secondthought.loop.budget import Budget
from secondthought.messages import Problem
from secondthought.models.scripted import CAPABILITIES, Scripted
from secondthought.trace import Outcome, Trace
from secondthought.verifiers.critic import Critic
from secondthought.verifiers.guard import judge

PROBLEM = Problem.ask("What is 2 + 2?")
RIGHT = {"thought": "two plus two", "answer": "It holds. \nVERDICT: right"}
WRONG = {"thought": "hm", "answer": "It is 4.\n**Verdict: wrong**"}
CARELESS = replace(CAPABILITIES, budget=False)


def context(model: Scripted, tokens: int = 5000) -> Context:
    recorder = Recorder(Trace("m", "medium", "think"), lambda _: None)
    return Context(model, policy("medium"), recorder, Budget(tokens), Stop(), Best())


def critic_tokens(ctx: Context) -> int:
    return ctx.trace.ledger.generated("critic")


async def test_an_opinion_is_read_and_its_tokens_are_booked() -> None:
    model = Scripted.of(RIGHT)
    ctx = context(model)
    verdict = (await Critic().judge(PROBLEM, ["4"], ctx))[0]
    assert (verdict.outcome, verdict.score) == (Outcome.PASSED, 1.0)
    assert critic_tokens(ctx) == 3 + 4
    assert ctx.trace.ledger.usage.reasoning_tokens == 7
    assert ctx.trace.ledger.sent > 0
    assert ctx.budget.free == 5000 - 7
    prompt = model.requests[0].messages[0].text
    assert "What is 2 + 2?" in prompt
    assert "<answer>\n4\n</answer>" in prompt


async def test_the_reason_is_the_feedback() -> None:
    verdict = (await Critic().judge(PROBLEM, ["5"], context(Scripted.of(WRONG))))[0]
    assert (verdict.outcome, verdict.feedback) == (Outcome.FAILED, "It is 4. **")


@pytest.mark.parametrize("answer", ["", "right, I think", "VERDICT: unsure", "VERDICT: maybe"])
async def test_no_clear_verdict_is_cannot_tell(answer: str) -> None:
    model = Scripted.of({"answer": answer})
    verdict = (await Critic().judge(PROBLEM, ["VERDICT: right"], context(model)))[0]
    assert (verdict.outcome, verdict.error) == (Outcome.CANNOT_TELL, None)


async def test_another_model_may_judge() -> None:
    own, other = Scripted.of(WRONG), Scripted.of(RIGHT)
    assert (await Critic(other).judge(PROBLEM, ["4"], context(own)))[0].passed
    assert not own.requests


async def test_a_model_that_fails_is_cannot_tell_with_its_tokens_booked() -> None:
    model = Scripted.of({"thought": "a b c d e", "fail": {"after_tokens": 3, "how": "drop"}})
    ctx = context(model)
    verdict = (await Critic().judge(PROBLEM, ["4"], ctx))[0]
    assert verdict.outcome is Outcome.CANNOT_TELL
    assert "dropped the connection" in str(verdict.error)
    assert critic_tokens(ctx) == 3
    assert ctx.trace.ledger.usage.estimated


async def test_the_asker_who_wants_the_answer_now_does_not_wait_for_a_critic() -> None:
    model = Scripted.of({**RIGHT, "tokens_per_second": 1})
    ctx = context(model)
    asyncio.get_running_loop().call_later(0.1, ctx.stop.answer_now)
    verdict = (await asyncio.wait_for(Critic().judge(PROBLEM, ["4"], ctx), 5))[0]
    assert verdict.outcome is Outcome.CANNOT_TELL
    later = (await Critic().judge(PROBLEM, ["4"], ctx))[0]
    assert later.outcome is Outcome.CANNOT_TELL
    assert len(model.requests) == 1


async def test_a_critic_that_hangs_is_ended_and_its_tokens_are_booked() -> None:
    model = Scripted.of({"thought": "a b c", "fail": {"after_tokens": 2, "how": "stall"}})
    ctx = context(model)
    verdict = (await judge(Critic(), PROBLEM, ["4"], ctx, seconds=0.2))[0]
    assert "took more than 0.2 s" in str(verdict.error)
    assert critic_tokens(ctx) == 2
    assert ctx.budget.free == 5000 - 2


@given(
    st.integers(0, 60),
    st.integers(1, 40),
    st.integers(1, 4),
    st.integers(0, 60),
    st.sampled_from([CAPABILITIES, CARELESS]),
)
def test_critics_never_pass_the_budget(
    budget: int, tokens: int, candidates: int, words: int, capabilities: Any
) -> None:
    turn = {"thought": "w " * words, "answer": "VERDICT: right"}
    model = Scripted.of(turn, capabilities=capabilities)
    ctx = context(model, budget)
    verdicts = asyncio.run(Critic(tokens=tokens).judge(PROBLEM, ["4"] * candidates, ctx))
    assert len(verdicts) == candidates
    assert critic_tokens(ctx) <= budget
    assert ctx.budget.free == budget - critic_tokens(ctx)
    assert not any(v.outcome is Outcome.FAILED for v in verdicts)
