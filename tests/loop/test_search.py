"""Thoughts grown line by line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from secondthought import Policy, Reasoner, Request, StopReason
from secondthought.models.base import Delta
from secondthought.models.scripted import CAPABILITIES
from secondthought.trace import Outcome
from tests.loop.voices import Dice, Judge

SEARCH = Policy("search", 6000, 10, samples=8)
FACTS = ("2*2=4", "2*4=8", "2*8=16", "2*16=32")


class Doubling(Dice):
    """Doubles four times, line by line; every line is wrong in half of the samples."""

    async def _sample(self, request: Request) -> AsyncIterator[Delta]:
        prefix = request.thought_prefix or ""
        rng = Random(f"{request.seeds[0]} {prefix}")
        done = prefix.count("\n")
        thought = 0
        lines = [] if not request.max_thought else FACTS[done:]
        for line in lines:
            left, right = line.split("=")
            text = line if rng.random() < 0.5 else f"{left}={int(right) + 1}"
            for piece in (text, "\n"):
                self.spoken += 1
                thought += 1
                yield Delta(0, "thought", piece, prompt_tokens=1, logprobs=(-0.1,))
            prefix += f"{text}\n"
        self.spoken += 1
        whole = prefix.split() == list(FACTS)
        yield Delta(0, "answer", "32" if whole else "33", prompt_tokens=1)
        yield Delta(0, "end", prompt_tokens=1, thought_tokens=thought, answer_tokens=1)


async def right(policy: Policy, verifiers: Any = (), n: int = 30) -> int:
    reasoner = Reasoner(Doubling(), verifiers=verifiers)
    traces = [await reasoner.answer("?", policy=policy, seed=seed) for seed in range(n)]
    return sum(trace.answer == "32" for trace in traces)


@pytest.mark.parametrize("trees", [1, 2])
async def test_wrong_steps_are_pruned_before_the_next(trees: int) -> None:
    """One sample has all four steps right in 1 of 16; the search mostly."""
    assert await right(Policy("think", 600, 10, temperature=1.0)) < 10
    assert await right(replace(SEARCH, trees=trees)) >= 20


async def test_the_thought_is_the_chain_of_its_branches() -> None:
    trace = await Reasoner(Doubling(), verifiers=()).answer("?", policy=SEARCH, seed=1)
    assert trace.thought == "".join(f"{fact}\n" for fact in FACTS)
    chain = trace.chain(trace.committed)
    assert [branch.thought for branch in chain[:4]] == [f"{fact}\n" for fact in FACTS]
    assert all(branch.stop is StopReason.STOP for branch in chain)
    cut = [b for b in trace.branches if b.stop is StopReason.CANCELLED]
    assert cut
    failed = [s for b in cut for s in b.steps if s.verdict and s.verdict.outcome is Outcome.FAILED]
    assert failed


async def test_a_step_verifier_guides_it() -> None:
    """One that prefers the wrong line: then the wrong one it is."""
    judge = Judge("2*2=5", trust="learned", level="step")
    trace = await Reasoner(Doubling(), verifiers=[judge]).answer("?", policy=SEARCH, seed=1)
    assert trace.thought.startswith("2*2=5\n")
    assert all(text.startswith("2*2=") for text in judge.judged)


async def test_trees_do_not_compete() -> None:
    policy = replace(SEARCH, trees=2)
    trace = await Reasoner(Doubling(), verifiers=()).answer("?", policy=policy)
    answered = [b.name for b in trace.branches if b.answer]
    assert {name.split(".")[1] for name in answered} == {"1", "2"}


async def test_a_step_is_judged_with_the_lines_before_it() -> None:
    """A row of a product can be judged only after the line that announces the product."""
    from secondthought.tasks import catalogue

    task = catalogue.task("products")
    item = task.generate(Random(5), 1)
    thought = task.demonstrate(item, Random(3)).thought
    assert thought.count("\n") > 2

    class Shows(Dice):
        async def _sample(self, request: Request) -> AsyncIterator[Delta]:
            at = len(request.thought_prefix or "")
            for line in thought[at:].splitlines(keepends=True) if request.max_thought else []:
                yield Delta(0, "thought", line, prompt_tokens=1)
            yield Delta(0, "answer", item.answer, prompt_tokens=1)
            yield Delta(0, "end", stop=StopReason.STOP, prompt_tokens=1)

    trace = await Reasoner(Shows(), verifiers=()).answer("?", policy=SEARCH)
    assert trace.thought == thought
    kinds = {step.kind for branch in trace.chain(trace.committed) for step in branch.steps}
    from secondthought.tasks.steps import parse

    assert kinds >= {step.kind for step in parse(thought)} - {"text"}
    for branch in trace.chain(trace.committed):
        for step in branch.steps:
            assert branch.thought[step.start : step.end] == step.text


async def test_thoughts_that_never_end_are_closed_and_answered() -> None:
    model = Dice(length=10**6)
    trace = await Reasoner(model, verifiers=()).answer(
        "?", policy=Policy("search", 900, 9, samples=4)
    )
    assert trace.answer.strip()
    assert trace.finish_reason is StopReason.THOUGHT_CAP
    assert trace.committed == "main"
    assert len(trace.chain("main")) > 1
    assert model.requests[-1].thought_prefix == trace.thought


async def test_a_model_that_cannot_go_on_with_a_thought_has_whole_ones() -> None:
    model = Dice(replace(CAPABILITIES, extends=False))
    trace = await Reasoner(model, verifiers=()).answer("?", policy=replace(SEARCH, samples=3))
    assert trace.answer.strip()
    assert all(request.thought_prefix is None for request in model.requests)
    assert len(model.requests) == 3


async def test_a_step_is_not_closed_by_a_model_that_holds_budgets_loosely() -> None:
    """Servers close a thought some tokens before the budget that they are given."""
    early = 32

    class Server(Dice):
        async def _sample(self, request: Request) -> AsyncIterator[Delta]:
            lines = 0 if not request.max_thought else 240
            cut = max(0, min(lines, request.max_thought - early))
            for n in range(cut):
                yield Delta(0, "thought", f"w{n + self.spoken} ", prompt_tokens=1)
            if cut == lines and lines:
                yield Delta(0, "thought", "\n", prompt_tokens=1)
            self.spoken += cut
            yield Delta(0, "answer", "4", prompt_tokens=1)
            yield Delta(0, "end", prompt_tokens=1, thought_tokens=cut, answer_tokens=1)

    trace = await Reasoner(Server(), verifiers=()).answer("?", policy=SEARCH)
    steps = [b for b in trace.branches if b.name.startswith("main.1.") and b.parent is None]
    assert len(steps) == SEARCH.samples
    assert all(len(branch.thought.split()) == 240 for branch in steps)
