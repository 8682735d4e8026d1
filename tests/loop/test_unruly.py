"""Models that break the contract, and verifiers that break: no cap is passed, every token that was
taken is booked, an answer exists where one was said, nothing hangs and nothing is left running."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondthought import ModelError, Policy, Reasoner, Request, Stop, StopReason, ToolCall, Verdict
from secondthought.models.base import Delta
from secondthought.trace import BranchEnded, Outcome
from tests.loop.test_hard_limits import Heard, capabilities, judges, listen, policies
from tests.loop.voices import LINES, Dice, Judge

FAULTS = (
    "keeps no cap",
    "keeps no answer limit",
    "thinks when told not to",
    "says several tokens at once",
    "counts nothing",
    "never ends",
    "only thinks",
    "calls a tool",
    "stalls",
)


class Unruly(Dice):
    """A model with some of the `FAULTS`, by the request's seed. size: tokens of a piece."""

    def __init__(self, faults: Sequence[str], **options: Any) -> None:
        super().__init__(**options)
        self.faults = frozenset(faults)
        self.size = 3 if "says several tokens at once" in self.faults else 1

    async def _sample(self, request: Request) -> AsyncIterator[Delta]:
        can, faults = self.capabilities, self.faults
        rng = Random(f"{request.seeds[0]} {request.thought_prefix} {len(self.requests)}")
        prompt = sum(len(m.text.split()) for m in request.messages)
        thought = answered = 0
        thinks = request.think or "thinks when told not to" in faults
        most = request.max_thought if can.budget and "keeps no cap" not in faults else 10**9
        if not request.think:
            most = 10**9
        stop = StopReason.STOP
        for _ in range(rng.randrange(2 * self.length + 1) if thinks and can.thinks else 0):
            size = min(rng.randint(1, self.size), most - thought)
            if size < 1:
                stop = StopReason.THOUGHT_CAP
                break
            await self._wait(rng)
            thought += size
            self.spoken += size
            yield Delta(0, "thought", rng.choice(LINES), (7,) * size, prompt_tokens=prompt)
        words = rng.choice(self.answers).split()
        if "keeps no answer limit" in faults:
            words = words * 40
            most = 10**9
        else:
            most = request.answer_limit(thought)
        if "only thinks" in faults or ("calls a tool" in faults and rng.random() < 0.5):
            words = []
        for word in words:
            size = min(rng.randint(1, self.size), most - answered)
            if size < 1:
                stop = StopReason.LENGTH
                break
            await self._wait(rng)
            answered += size
            self.spoken += size
            yield Delta(0, "answer", f"{word} ", (7,) * size, prompt_tokens=prompt)
        if "calls a tool" in faults and not words:
            yield Delta(0, "tool_call", tool_call=ToolCall("1", "f", "{}"), prompt_tokens=prompt)
            stop = StopReason.TOOL_CALLS
        if "never ends" in faults:
            return
        end = Delta(0, "end", stop=stop, prompt_tokens=prompt)
        if "counts nothing" not in faults:
            end.thought_tokens, end.answer_tokens = thought, answered
        yield end

    async def _wait(self, rng: Random) -> None:
        await asyncio.sleep(self.delay)
        if "stalls" in self.faults and rng.random() < 0.02:
            await asyncio.Event().wait()


unruly = st.builds(
    Unruly,
    st.lists(st.sampled_from([f for f in FAULTS if f != "stalls"]), max_size=4),
    capabilities=capabilities,
    length=st.integers(0, 40),
    answers=st.sampled_from([("4",), ("4", "5", "I do not know at all")]),
)


@settings(max_examples=200, deadline=None)
@given(unruly, policies, judges, st.one_of(st.none(), st.integers(1, 300)), st.integers(0, 99))
def test_no_model_passes_a_cap(
    model: Unruly, policy: Policy, verifiers: list[Judge], max_tokens: int | None, seed: int
) -> None:
    heard = asyncio.run(listen(model, policy, verifiers, max_tokens=max_tokens, seed=seed))
    heard.check()
    trace, limit = heard.trace, policy.fit(max_tokens)
    usage = trace.ledger.usage
    assert usage.completion_tokens <= limit.total
    # What is cut away is at most the piece in which each call went over.
    assert 0 <= model.spoken - usage.completion_tokens <= model.size * len(model.requests)
    assert model.open == 0
    if "thinks when told not to" not in model.faults:
        assert usage.reasoning_tokens <= limit.thought_tokens


def unruly_of(*faults: str, **options: Any) -> Unruly:
    return Unruly(faults, **options)


async def test_an_answer_that_goes_on_is_cut_at_its_limit() -> None:
    model = unruly_of("keeps no answer limit", length=0, answers=("4",))
    trace = await Reasoner(model, verifiers=()).answer("What?", policy=Policy("direct", 0, 7))
    assert trace.answer.split() == ["4"] * 7
    assert trace.ledger.usage.completion_tokens == 7
    assert trace.finish_reason is StopReason.LENGTH


async def test_a_thought_that_nobody_asked_for_is_in_the_answers_tokens() -> None:
    class Thinks(Dice):
        async def _sample(self, request: Request) -> AsyncIterator[Delta]:
            for _ in range(5):
                yield Delta(0, "thought", "hm ", prompt_tokens=1)
            for _ in range(9):
                yield Delta(0, "answer", "4 ", prompt_tokens=1)
            yield Delta(0, "end", stop=StopReason.STOP, thought_tokens=5, answer_tokens=9)

    trace = await Reasoner(Thinks(), verifiers=()).answer("What?", policy=Policy("direct", 0, 8))
    assert (trace.answer.split(), trace.ledger.usage.completion_tokens) == (["4"] * 3, 8)


async def test_a_model_that_counts_nothing_is_counted() -> None:
    model = unruly_of("counts nothing", length=4, answers=("4 4",))
    trace = await Reasoner(model, verifiers=()).answer("What?", policy=Policy("think", 90, 9))
    assert trace.ledger.usage.completion_tokens == model.spoken > 0
    assert trace.ledger.usage.estimated


async def test_a_reply_that_stops_without_its_end_is_no_whole_answer() -> None:
    model = unruly_of("never ends", length=0)
    with pytest.raises(ModelError, match="broke off"):
        await Reasoner(model, verifiers=()).answer("What?", policy=Policy("direct", 0, 9))


class Broken(Judge):
    """A verifier that breaks in one of the ways of `WAYS`."""

    async def judge(self, problem: Any, candidates: Sequence[str], ctx: Any) -> Any:
        match self._how:
            case "nothing":
                return None
            case "something else":
                return [True] * len(candidates)
            case "too few":
                return []
            case "no list":
                return 5
            case "cancelled":
                raise asyncio.CancelledError
            case "times out":
                raise TimeoutError
            case _:
                return await super().judge(problem, candidates, ctx)


WAYS = ("nothing", "something else", "too few", "no list", "cancelled", "times out", "crash")


@pytest.mark.parametrize("strategy", ["again", "vote", "best_of_n", "revise", "auto", "search"])
@pytest.mark.parametrize("how", WAYS)
async def test_a_verifier_that_breaks_cannot_tell_and_is_shown(how: str, strategy: str) -> None:
    judge = Broken("x", how=how)
    policy = Policy(strategy, 2000, 20, samples=3, rounds=2)
    trace = await Reasoner(Dice(), verifiers=[judge]).answer("What?", policy=policy)
    assert trace.answer.strip() in ("4", "5")
    told = [verdict for branch in trace.branches for verdict in branch.verdicts]
    assert told
    for verdict in told:
        assert (verdict.outcome, verdict.verifier) == (Outcome.CANNOT_TELL, judge.name)
        assert verdict.error


class Hangs(Judge):
    """A verifier that never comes to an end; when it has begun, the thinking is to end."""

    reason = StopReason.DEADLINE

    async def judge(self, problem: Any, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        asyncio.get_running_loop().call_soon(ctx.stop.answer_now, self.reason)
        return await asyncio.Future()


@pytest.mark.parametrize("strategy", ["again", "vote", "best_of_n", "revise", "auto", "search"])
async def test_a_verifier_that_hangs_is_ended_and_shown(strategy: str) -> None:
    """By the clock: it took too long. By the asker: nothing is wrong with it."""
    for reason in (StopReason.DEADLINE, StopReason.ANSWER_NOW):
        judge = Hangs("x")
        judge.reason = reason
        policy = Policy(strategy, 2000, 20, samples=3, rounds=2)
        work = Reasoner(Dice(), verifiers=[judge]).answer("What?", policy=policy)
        trace = await asyncio.wait_for(work, 10)
        assert trace.answer.strip() in ("4", "5")
        told = [verdict for branch in trace.branches for verdict in branch.verdicts]
        assert {(v.outcome, v.verifier) for v in told} == {(Outcome.CANNOT_TELL, judge.name)}
        assert any(v.error for v in told) == (reason is StopReason.DEADLINE)


class Clock(asyncio.SelectorEventLoop):
    """Time that passes only while everybody waits, and says so when nothing can ever happen."""

    now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        loop: Any = self
        if not loop._ready:
            if not loop._scheduled:
                raise AssertionError("everybody waits, and for nothing")
            self.now = max(self.now, loop._scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]


def in_no_time(work: Any) -> Any:
    with asyncio.Runner(loop_factory=Clock) as runner:
        return runner.run(work)


stalling = st.builds(
    lambda faults, **options: Unruly(["stalls", *faults], **options),
    st.lists(st.sampled_from([f for f in FAULTS if f not in ("stalls", "never ends")]), max_size=2),
    capabilities=capabilities,
    length=st.integers(0, 30),
    delay=st.sampled_from([0.0, 0.1]),
)
slow_judges = st.lists(
    st.builds(
        Judge,
        st.sampled_from(["4", "nothing"]),
        trust=st.sampled_from(["sound", "learned", "critic"]),
        how=st.sampled_from(["fail", "unsure", "crash", "hang"]),
    ),
    max_size=2,
)


@settings(max_examples=150, deadline=None)
@given(stalling, policies, slow_judges, st.floats(0.1, 12), st.integers(0, 99))
def test_at_the_deadline_everything_ends_and_the_best_answer_is_kept(
    model: Unruly, policy: Policy, verifiers: list[Judge], seconds: float, seed: int
) -> None:
    async def run() -> tuple[Heard, float]:
        policy_ = replace(policy, seconds=seconds)
        heard = await listen(model, policy_, verifiers, seed=seed)
        took = asyncio.get_running_loop().time()
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1
        return heard, took

    heard, took = in_no_time(run())
    heard.check()
    trace = heard.trace
    assert took <= seconds
    assert model.open == 0
    assert trace.ledger.usage.completion_tokens <= policy.total
    broken = (StopReason.ERROR, StopReason.CANCELLED, StopReason.DEADLINE)
    whole = [b for b in trace.branches if b.answer.strip() and b.stop not in broken]
    assert trace.answer.strip() or not whole or trace.finish_reason is StopReason.TOOL_CALLS


@settings(max_examples=150, deadline=None)
@given(stalling, policies, slow_judges, st.integers(0, 60), st.booleans(), st.integers(0, 99))
def test_who_is_told_of_an_event_can_end_it_there(
    model: Unruly, policy: Policy, verifiers: list[Judge], after: int, cancels: bool, seed: int
) -> None:
    """Pressed in the middle of an event, whatever is waited for next."""
    stop, heard, pressed = Stop(), Heard(), [0.0]

    def send(told: Any) -> None:
        heard.events.append(told)
        if len(heard.events) == after + 1:
            pressed[0] = asyncio.get_running_loop().time()
            stop.cancel() if cancels else stop.answer_now()

    async def run() -> None:
        loop, reasoner = asyncio.get_running_loop(), Reasoner(model, verifiers=verifiers)
        loop.call_later(1000, stop.cancel)  # what stalls before the press is not what this is about
        await reasoner.tell(send, "What?", policy=policy, stop=stop, seed=seed)
        assert not cancels or len(heard.events) <= after or loop.time() <= pressed[0] + 0.2
        await asyncio.sleep(0.1)  # nothing is left that would meet this
        assert len(asyncio.all_tasks()) == 1

    in_no_time(run())
    heard.check()
    assert model.open == 0
    assert heard.trace.ledger.usage.completion_tokens <= policy.total


@pytest.mark.parametrize("strategy", ["vote", "best_of_n", "search"])
def test_who_is_cancelled_twice_still_waits_for_what_runs(strategy: str) -> None:
    """The second one comes while the samples are ending: their tokens are booked all the same."""

    class Ends(Dice):
        async def generate(self, request: Request) -> AsyncIterator[Delta]:
            try:
                async for delta in super().generate(request):
                    yield delta
            finally:
                await asyncio.sleep(0.1)

    model, stop, heard = Ends(length=10**6, delay=0.1), Stop(), Heard()

    async def run() -> None:
        policy = Policy(strategy, 40000, 20, samples=6)
        work = Reasoner(model, verifiers=()).tell(
            heard.events.append, "What?", policy=policy, stop=stop
        )
        task = asyncio.create_task(work)
        await asyncio.sleep(1.01)
        stop.cancel()
        await asyncio.sleep(0.05)
        task.cancel()
        await task

    in_no_time(run())
    heard.check()
    assert heard.trace.finish_reason is StopReason.CANCELLED
    assert model.open == 0
    assert 0 <= model.spoken - heard.trace.ledger.usage.completion_tokens <= 6


@pytest.mark.parametrize("next_wait", ["verifier", "model"])
def test_to_cancel_from_an_event_ends_a_wait_that_would_not_end(next_wait: str) -> None:
    stop, heard = Stop(), Heard()

    def send(told: Any) -> None:
        heard.events.append(told)
        if isinstance(told, BranchEnded):
            stop.cancel()

    class Stalls(Dice):
        async def generate(self, request: Request) -> AsyncIterator[Delta]:
            if self.requests and next_wait == "model":
                await asyncio.Event().wait()
            async for delta in super().generate(request):
                yield delta

    async def run() -> None:
        verifiers = [Judge("x", how="hang")] if next_wait == "verifier" else [Judge("x")]
        work = Reasoner(Stalls(), verifiers=verifiers).tell(
            send, "What?", policy=Policy("revise", 2000, 20, rounds=3), stop=stop
        )
        await asyncio.wait_for(work, 60)
        assert asyncio.get_running_loop().time() < 1

    in_no_time(run())
    assert heard.trace.finish_reason is StopReason.CANCELLED
    assert heard.trace.answer.strip() in ("4", "5"), "the draft that was there"
