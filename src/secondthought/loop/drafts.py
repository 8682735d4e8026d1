"""Drafts: answers of one problem that are made before one of them is committed.

Each draft is a branch with a part of the pool for its own, so that whatever strategy makes it,
one draft cannot take the tokens of the next.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any

from secondthought.loop.base import Answer, Context, Strategy, Tries
from secondthought.messages import Problem
from secondthought.models.base import ModelError
from secondthought.trace import StopReason


async def draft(
    problem: Problem,
    ctx: Context,
    name: str,
    strategy: Strategy,
    share: int,
    *,
    tries: Tries | None = None,
    **changes: Any,
) -> Answer:
    """One draft on the branch `name`, for at most `share` tokens, its answer included.

    tries: see `Context`. changes: fields of its policy. Raises ModelError.
    """
    with ctx.budget.part(share) as pool:
        policy = replace(
            ctx.policy,
            thought_tokens=max(0, pool.free - ctx.policy.reserve),
            max_tokens=None,
            **changes,
        )
        child = ctx.child(name, policy, pool)
        child.tries = tries or child.tries
        try:
            return await strategy(problem, child)
        except ModelError:
            child.abandon(StopReason.ERROR)
            raise
        finally:
            child.abandon()


class Drafts:
    """Up to `most` drafts, made at once in waves. Leaving the context cancels those that still
    run: their streams are closed, which ends them in the model within a token.

    answers: the finished drafts, by their number (0, 1, ...); drafts that came to nothing are
    not in it. fresh: the numbers of those that nobody has looked at yet; the reader clears it.
    A draft's tokens depend on its number and the seed, not on when it runs.
    """

    def __init__(self, problem: Problem, ctx: Context, strategy: Strategy, most: int) -> None:
        self.answers: dict[int, Answer] = {}
        self.fresh: set[int] = set()
        self.failed: list[ModelError] = []
        self.started = 0
        self.most = most
        self._problem = problem
        self._ctx = ctx
        self._strategy = strategy
        self._running: dict[asyncio.Task[Answer], int] = {}
        self._hurry = asyncio.Event()
        self._watch = ExitStack()

    def start(self, count: int) -> None:
        """Start `count` more, or as many as are left, each with a fair share of the pool."""
        left = self.most - self.started
        share = self._ctx.budget.free // max(1, left)
        for _ in range(min(count, left)):
            work = draft(self._problem, self._ctx, f"{self.started + 1}", self._strategy, share)
            self._running[asyncio.create_task(work)] = self.started
            self.started += 1

    async def next(self) -> bool:
        """Wait until another draft has ended. False when none runs, and as soon as the answer
        is wanted now and there is one."""
        while self._running and not (self._hurry.is_set() and self.answers):
            pressed = asyncio.create_task(self._hurry.wait())
            waiting = {*self._running} if self._hurry.is_set() else {*self._running, pressed}
            try:
                done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            finally:
                pressed.cancel()
            ended = [task for task in self._running if task in done]
            for task in ended:
                self._take(self._running.pop(task), task)
            if ended:
                return True
        return False

    def _take(self, number: int, task: asyncio.Task[Answer]) -> None:
        try:
            answer = task.result()
        except ModelError as error:
            self.failed.append(error)
        else:
            if not answer.empty:
                self.answers[number] = answer
                self.fresh.add(number)

    async def __aenter__(self) -> Drafts:
        self._watch.enter_context(self._ctx.stop.watch(answer_now=self._hurry.set))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._watch.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._running.clear()
