"""Search: thoughts grown line by line, several at a time, the better ones kept.

Each tree holds a few open thoughts. At every step each is gone on with by one line in several
ways; the new thoughts are scored by a step verifier, or by how many of their steps hold, and of
equals the model's own likelihood decides; the best are kept. One tree is a beam; several trees
do not compete, which keeps the thoughts apart (diverse verifier tree search, Beeching et al.
2024, "Scaling test-time compute with open models"). Thoughts that ended give answers, and those
are chosen from as in `best_of_n`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from secondthought.loop import best_of_n, think
from secondthought.loop.base import Answer, Context
from secondthought.loop.generate import generate, options
from secondthought.loop.judging import judge, of_trust, thought_score
from secondthought.loop.repetition import RepetitionGuard
from secondthought.loop.sample import Generated
from secondthought.messages import Problem
from secondthought.models.base import ModelError, Request
from secondthought.trace import Outcome, StopReason
from secondthought.verifiers.base import Trust

WIDTH = 4
"""In how many ways a thought is gone on with; one in so many is kept."""
LINE = 256
"""Tokens after which a line without an end is a step too."""
_LEAST = 16  # tokens of a step below which growing on is not worth it
_SLACK = 64
_TRUSTED: tuple[Trust, ...] = ("sound", "learned", "critic")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Node:
    """A thought so far: that of its branch and of those which that goes on from.

    ctx: the branch, None for the empty thought. tokens, logprob: of the whole thought.
    score: 0 to 1. answer: set when the thought has ended.
    """

    ctx: Context | None = None
    text: str = ""
    tokens: int = 0
    logprob: float = 0.0
    score: float = 0.5
    answer: Answer | None = None

    @property
    def branch(self) -> str | None:
        return self.ctx.branch if self.ctx is not None else None

    @property
    def rank(self) -> tuple[float, float]:
        return self.score, self.logprob / max(1, self.tokens)

    def close(self, reason: StopReason) -> None:
        if self.ctx is not None:
            self.ctx.close(reason)


async def run(problem: Problem, ctx: Context) -> Answer:
    """`policy.samples` open thoughts in `policy.trees` trees. A model that cannot go on with a
    given thought has the best of so many whole ones instead. Raises ModelError."""
    paths = ctx.affordable(ctx.policy.samples)
    if paths < 2 or ctx.stop.reason is not None or not ctx.model.capabilities.extends:
        return await best_of_n.run(problem, ctx, think.run)
    ctx.start("search")
    trees = min(ctx.policy.trees, paths)
    share = ctx.budget.free // trees
    grown = await _all(
        [_grow(problem, ctx, f"{i + 1}", share, paths // trees) for i in range(trees)]
    )
    nodes = [node for tree in grown for node in tree]
    ended = [node.answer for node in nodes if node.answer is not None]
    if ended:
        sound = await judge(problem, ctx, ended, "sound")
        return ctx.end(await best_of_n.choose(problem, ctx, ended, sound))
    if not nodes:
        return await think.run(problem, ctx)
    return await _force(problem, ctx, max(nodes, key=lambda node: node.rank))


async def _grow(problem: Problem, ctx: Context, name: str, share: int, paths: int) -> list[Node]:
    """One tree. Its thoughts that ended with an answer and, if none did, the open ones."""
    keep = max(1, paths // WIDTH)
    reserve = ctx.policy.reserve
    open_nodes, ended, grown = [Node()], list[Node](), 0
    with ctx.budget.part(share) as pool:
        while open_nodes and len(ended) < keep and ctx.stop.reason is None:
            width = min(paths, pool.free // (reserve + _LEAST))
            if width < 1:
                break
            line = min(LINE, pool.free // width - reserve)
            steps: list[Coroutine[object, object, Node]] = []
            for i in range(width):
                node = open_nodes[i % len(open_nodes)]
                child = ctx.child(f"{name}.{grown + i + 1}", None, pool, parent=node.branch)
                steps.append(_step(problem, child, node, line))
            grown += width
            new = _distinct(await _all(steps))
            ended += [node for node in new if node.answer is not None]
            new = await _scored(problem, ctx, [node for node in new if node.answer is None])
            new.sort(key=lambda node: node.rank, reverse=True)
            open_nodes = new[: keep - len(ended)] if len(ended) < keep else []
            for node in new[len(open_nodes) :]:
                node.close(StopReason.CANCELLED)
            for node in open_nodes:
                node.close(StopReason.STOP)
    return ended or [node for node in open_nodes if node.text]


async def _step(problem: Problem, ctx: Context, node: Node, line: int) -> Node:
    """Go on with a thought by one line; if the thought ends there, its answer comes too."""
    ctx.start("search")
    reserve = ctx.policy.reserve
    with ctx.lease(line + reserve) as lease:
        room = max(1, lease.granted - reserve)
        request = Request(
            problem.messages,
            thought_prefix=node.text or None,
            # never reached: at it, or a little before, a model would end the thought by force
            max_thought=room + _SLACK,
            max_answer=reserve,
            **options(problem, ctx),
        )
        try:
            out = await generate(ctx, request, lease, step=room)
        except BaseException as error:
            failed = isinstance(error, ModelError)
            ctx.close(StopReason.ERROR if failed else StopReason.CANCELLED)
            raise
    grown = Node(
        ctx,
        node.text + ctx.record.thought,
        node.tokens + out.thought_tokens,
        node.logprob + out.logprob,
    )
    if out.answered:
        return replace(grown, answer=ctx.end(out.as_answer(ctx.branch, out.stop)))
    if not out.open and ctx.stop.reason is None:
        ctx.close(out.stop)  # it ended without an answer
    return grown


def _distinct(nodes: Sequence[Node]) -> list[Node]:
    """Without open thoughts that are there already, go in circles, or have ended in nothing."""
    kept: list[Node] = []
    seen: set[str] = set()
    for node in nodes:
        if node.answer is None:
            ended = node.ctx is not None and node.ctx.record.stop is not None
            if ended or node.text in seen or RepetitionGuard().push(node.text):
                node.close(StopReason.CANCELLED)
                continue
            seen.add(node.text)
        kept.append(node)
    return kept


async def _scored(problem: Problem, ctx: Context, nodes: Sequence[Node]) -> list[Node]:
    """The nodes with their scores, by the most trusted step verifiers that can tell, else by
    how many of their steps hold."""
    scores = [
        thought_score(ctx.trace.steps(node.branch)) if node.branch else node.score for node in nodes
    ]
    for trust in _TRUSTED:
        if not of_trust(ctx, trust, "step"):
            continue
        texts = [Answer(node.text, node.branch or "", StopReason.STOP) for node in nodes]
        verdicts = await judge(problem, ctx, texts, trust, "step")
        told = [verdict.outcome is not Outcome.CANNOT_TELL for verdict in verdicts]
        if any(told):
            scores = [
                verdict.score if knows else score
                for verdict, knows, score in zip(verdicts, told, scores, strict=True)
            ]
            break
    return [replace(node, score=score) for node, score in zip(nodes, scores, strict=True)]


async def _force(problem: Problem, ctx: Context, node: Node) -> Answer:
    """The answer to the best of the open thoughts, out of the reserve."""
    ctx.parent = ctx.record.parent = node.branch
    reserve = ctx.policy.reserve
    with ctx.lease(reserve if ctx.drafts else 0) as lease:
        request = Request(
            problem.messages,
            max_thought=0,
            max_answer=min(reserve, lease.granted) if ctx.drafts else reserve,
            max_tokens=lease.granted if ctx.drafts else ctx.room,
            **options(problem, ctx),
        )
        out = await think.force(ctx, request, lease, Generated())
    reason = ctx.stop.reason or StopReason.THOUGHT_CAP
    return ctx.end(out.as_answer(ctx.branch, reason))


async def _all(work: Sequence[Coroutine[object, object, T]]) -> list[T]:
    """Run them at once; the results of those that did not fail, in order. None is left running.
    Raises ModelError when all failed."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        await asyncio.wait(tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    done: list[T] = []
    failed: list[ModelError] = []
    for task in tasks:
        try:
            done.append(task.result())
        except ModelError as error:
            failed.append(error)
    if not done and failed:
        raise failed[0]
    return done
