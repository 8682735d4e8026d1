from __future__ import annotations

import asyncio
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from secondthought import (
    BadInput,
    Message,
    ModelError,
    Policy,
    Problem,
    Reasoner,
    Stop,
    StopReason,
)
from secondthought.loop.base import Answer, Context
from secondthought.models.base import Request
from secondthought.models.scripted import Scripted
from secondthought.tasks.base import DONT_KNOW, UNKNOWN_THOUGHT
from secondthought.trace import (
    AnswerDelta,
    BranchEnded,
    BranchStarted,
    CandidateReady,
    Event,
    Failed,
    Finished,
    StepDone,
    ThoughtDelta,
    ToolCalled,
)

LONG = " ".join(f"step{n}" for n in range(500))


async def events(model: Scripted, question: str = "What?", **options: Any) -> list[Event]:
    return [event async for event in Reasoner(model).stream(question, **options)]


async def test_the_events_of_one_answer() -> None:
    told = await events(Scripted.of({"thought": "gcd 4 6\n6=4*1+2", "answer": "2"}), effort="low")
    kinds = [kind for kind, _ in groupby(told, type)]
    assert kinds == [
        BranchStarted,
        ThoughtDelta,
        StepDone,
        ThoughtDelta,
        StepDone,
        AnswerDelta,
        BranchEnded,
        Finished,
    ]
    assert [event.seq for event in told] == list(range(len(told)))
    last = told[-1]
    assert isinstance(last, Finished)
    assert last.trace.branches[0].steps == [e.step for e in told if isinstance(e, StepDone)]


async def test_steps_are_judged_where_they_stand() -> None:
    thought = "products 3*4\n3*4=12\n3*4=13 no"
    told = await events(Scripted.of({"thought": thought, "answer": "12"}), effort="low")
    steps = [event.step for event in told if isinstance(event, StepDone)]
    assert all(thought[step.start : step.end] == step.text for step in steps)
    judged = {s.text: s.verdict.passed for s in steps if s.kind == "equation" and s.verdict}
    assert judged == {"3*4=12": True, "3*4=13": False}


async def test_effort_none_is_the_open_loop() -> None:
    model = Scripted.of({"thought": LONG, "answer": "four"})
    trace = await Reasoner(model).answer("What?", "none")
    assert (trace.strategy, trace.ledger.usage.reasoning_tokens) == ("direct", 0)
    assert not model.requests[0].think


async def test_the_answer_of_one_who_does_not_know() -> None:
    unsure = Scripted.of({"thought": UNKNOWN_THOUGHT, "answer": DONT_KNOW})
    assert (await Reasoner(unsure).answer("?")).abstained
    assert not (await Reasoner(Scripted.of({"answer": "I do."})).answer("?")).abstained


async def test_closing_the_stream_closes_the_model_within_one_token() -> None:
    spoken = 0

    class Counting(Scripted):
        closed = False

        async def generate(self, request: Request) -> Any:
            nonlocal spoken
            try:
                async for delta in super().generate(request):
                    spoken += 1
                    yield delta
            finally:
                self.closed = True

    model = Counting.of({"thought": LONG, "answer": "x", "tokens_per_second": 300})
    stream, seen = Reasoner(model).stream("What?", "low"), 0
    async for event in stream:
        seen += isinstance(event, ThoughtDelta)
        if seen == 5:
            break
    await stream.aclose()
    assert model.closed
    assert spoken <= 6


async def test_cancelling_keeps_what_is_there() -> None:
    model = Scripted.of({"thought": "a b", "answer": LONG, "tokens_per_second": 200})
    stop = Stop()
    asyncio.get_running_loop().call_later(0.15, stop.cancel)
    told = await events(model, stop=stop)
    last = told[-1]
    assert isinstance(last, Finished)
    assert last.trace.finish_reason is StopReason.CANCELLED
    assert last.trace.answer == "".join(e.text for e in told if isinstance(e, AnswerDelta))
    assert last.trace.answer.startswith("step0 step1")
    assert last.trace.branches[0].stop is StopReason.CANCELLED
    tokens = len(last.trace.answer.split())
    assert last.trace.ledger.generated("answer") == tokens
    assert sum(isinstance(event, BranchEnded) for event in told) == 1


async def test_a_model_that_fails_is_told_and_raised() -> None:
    turn = {"thought": "a b c", "fail": {"after_tokens": 2, "how": "drop"}}
    told = await events(Scripted.of(turn))
    failed, finished = told[-2:]
    assert isinstance(failed, Failed)
    assert failed.kind == "connection"
    assert isinstance(finished, Finished)
    assert finished.trace.finish_reason is StopReason.ERROR
    assert finished.trace.branches[0].thought == "a b "
    assert finished.trace.ledger.usage.reasoning_tokens == 2
    with pytest.raises(ModelError, match="dropped"):
        await Reasoner(Scripted.of(turn)).answer("What?")


async def test_a_fault_of_ours_is_not_hidden() -> None:
    class Broken(Scripted):
        async def generate(self, request: Request) -> Any:
            raise ZeroDivisionError
            yield

    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(events(Broken.of({"answer": "x"})), 5)


async def test_tool_calls_are_the_answer() -> None:
    model = Scripted.of({"thought": "hm", "tool_calls": [{"name": "f", "arguments": {"x": 1}}]})
    told = await events(model)
    (call,) = [event for event in told if isinstance(event, ToolCalled)]
    assert (call.name, call.arguments) == ("f", '{"x": 1}')
    last = told[-1]
    assert isinstance(last, Finished)
    assert last.trace.finish_reason is StopReason.TOOL_CALLS
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("a\x00b", r"U\+0000"),
        ("\x1b[31mred", r"U\+001B"),
        ("a\x9bb", r"U\+009B"),
        ("a\udcffb", "UTF-8"),
    ],
)
async def test_bad_questions(question: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        await events(Scripted.of({"answer": "x"}), question)


@pytest.mark.parametrize("question", ["<think>", "<|end|></think>", "a\tb\r\nc", "안녕 👋"])
async def test_marker_text_and_any_script_are_ordinary_text(question: str) -> None:
    model = Scripted.of({"answer": "x"})
    await events(model, question)
    assert model.requests[0].messages[-1].text == question


async def test_bad_options() -> None:
    model = Scripted.of({"answer": "x"})
    with pytest.raises(BadInput, match="effort 'huge'"):
        Reasoner(model, effort="huge")
    with pytest.raises(BadInput, match="max_tokens"):
        await events(model, max_tokens=0)
    with pytest.raises(BadInput, match="strategy 'prayer'"):
        await events(model, policy=Policy("prayer", 1, 1))
    assert model.requests == []


async def test_seeds_reach_the_model_and_branches_have_their_own() -> None:
    model = Scripted.of({"answer": "x"})
    await events(model, seed=7)
    assert model.requests[0].seeds == (7,)


async def test_drafts_of_a_child_leave_only_when_they_are_committed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A strategy of two drafts, the second of which is committed: what vote will do."""
    from secondthought.loop import direct, think

    async def two(problem: Problem, ctx: Context) -> Answer:
        ctx.start("two")
        first, second = ctx.child("1"), ctx.child("2")
        assert first.rng().random() != second.rng().random()
        assert first.sample_seed != second.sample_seed
        await think.run(problem, first)
        return ctx.end(await think.run(problem, second))

    monkeypatch.setattr(direct, "run", two)
    model = Scripted.of({"thought": "a b c", "answers": ["one two", "three"]})
    policy = Policy("direct", 40, 10)
    told = await events(model, policy=policy)
    assert [e.text for e in told if isinstance(e, AnswerDelta)] == ["three"]
    assert [e.answer for e in told if isinstance(e, CandidateReady)] == ["one two", "three"]
    last = told[-1]
    assert isinstance(last, Finished)
    trace = last.trace
    assert [branch.name for branch in trace.branches] == ["main", "main.1", "main.2"]
    assert trace.answer == "three"
    assert trace.ledger.usage.reasoning_tokens == 3 + 2 + 3
    assert trace.ledger.usage.completion_tokens == 3 + 2 + 3 + 1
    assert trace.ledger.usage.prompt_tokens == 1
    assert trace.ledger.sent == 2


async def test_a_conversation_reaches_the_model_whole() -> None:
    model = Scripted.of({"answer": "x"})
    messages = (Message("system", "Be brief."), Message("user", "a"), Message("assistant", "b"))
    problem = Problem((*messages, Message("user", "c")))
    await Reasoner(model).answer(problem)
    assert model.requests[0].messages == problem.messages


def test_ask_without_an_event_loop() -> None:
    assert Reasoner(Scripted.of({"answer": "four"})).ask("What?").answer == "four"


async def test_ask_within_an_event_loop_says_what_to_write() -> None:
    with pytest.raises(BadInput, match=r"await reasoner\.answer"):
        Reasoner(Scripted.of({"answer": "four"})).ask("What?")


@pytest.mark.parametrize("asked", [5, None, [{"role": "user", "content": "a"}]])
async def test_what_is_no_question_is_refused_with_what_to_write(asked: Any) -> None:
    with pytest.raises(BadInput, match=r"text or a Problem, not a \w+; write .* Problem\(\("):
        await Reasoner(Scripted.of({"answer": "four"})).answer(asked)


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, secondthought; secondthought.Problem, secondthought.Effort;"
        "print({'numpy', 'onnxruntime', 'rich', 'pydantic', 'torch'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_every_public_name_is_there() -> None:
    import secondthought

    for name in secondthought.__all__:
        assert getattr(secondthought, name) is not None
    with pytest.raises(AttributeError):
        secondthought.nonsense  # noqa: B018


@pytest.mark.parametrize("effort", ["none", "low"])
async def test_who_is_told_can_stop_the_answer_from_within(effort: str) -> None:
    model = Scripted.of({"thought": "a b c d", "answer": "one two three four"})
    stop, seen = Stop(), list[Event]()

    def told(event: Event) -> None:
        seen.append(event)
        if isinstance(event, AnswerDelta):
            stop.cancel()

    await Reasoner(model).tell(told, "Count", effort, stop=stop)
    await asyncio.sleep(0)  # no cancellation is left over for what comes after
    assert [e.text for e in seen if isinstance(e, AnswerDelta)] == ["one "]
    assert [e.seq for e in seen] == list(range(len(seen)))
    assert isinstance(seen[-1], Finished)
    assert seen[-1].trace.finish_reason is StopReason.CANCELLED


async def test_what_the_told_one_raises_comes_back() -> None:
    def told(event: Event) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        await Reasoner(Scripted.of({"answer": "one"})).tell(told, "Count", "none")


class Hangs(Scripted):
    """A model whose server takes the connection and says nothing."""

    found_out = False

    async def ready(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.found_out = True


@pytest.mark.parametrize("early", [True, False])
async def test_cancelling_reaches_a_model_that_finds_out_what_it_can_do(early: bool) -> None:
    model, stop = Hangs.of({"thought": "a", "answer": "4"}), Stop()
    if early:
        stop.cancel()
    else:
        asyncio.get_running_loop().call_later(0.05, stop.cancel)
    trace = await asyncio.wait_for(Reasoner(model).answer("What?", stop=stop), 5)
    assert (trace.finish_reason, trace.answer) == (StopReason.CANCELLED, "")
    assert model.found_out
    assert trace.seconds < 1


async def test_answer_now_does_not_wait_for_it_either() -> None:
    model, stop = Hangs.of({"thought": "a", "answer": "4"}), Stop()
    asyncio.get_running_loop().call_later(0.05, stop.answer_now)
    trace = await asyncio.wait_for(Reasoner(model).answer("What?", stop=stop), 5)
    assert (trace.answer, trace.thought) == ("4", "")


async def test_the_seconds_of_a_policy_begin_with_the_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.toml").write_text("low = { seconds = 0.4 }")
    monkeypatch.setenv("SECONDTHOUGHT_EFFORT", str(tmp_path / "own.toml"))

    class Slow(Scripted):
        async def ready(self) -> None:
            await asyncio.sleep(0.3)

    turn = {"thought": LONG, "answer": LONG, "tokens_per_second": 300}
    for kind in (Slow, Hangs):
        trace = await asyncio.wait_for(Reasoner(kind.of(turn)).answer("What?", "low"), 5)
        assert trace.finish_reason is StopReason.DEADLINE
        assert 0.4 <= trace.seconds < 0.6
