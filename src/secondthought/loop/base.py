"""What a strategy is given and what it gives back.

A strategy is a module in this folder with one coroutine:

    async def run(problem: Problem, ctx: Context) -> Answer

It keeps no global state and is no generator: everything that happens on the way goes out by
`ctx.emit`. Strategies compose: `ctx.child(branch)` is a context whose answers are drafts, so
that a vote can run `think` many times and commit one of the answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Protocol, TypeVar

from secondthought.effort import Policy
from secondthought.loop.budget import Budget, Lease
from secondthought.loop.known import Known
from secondthought.messages import Problem, ToolCall
from secondthought.models.base import NO_PATH, Model, Path
from secondthought.trace import (
    DONT_KNOW,
    AnswerDelta,
    Branch,
    BranchEnded,
    BranchStarted,
    CandidateReady,
    Event,
    Phase,
    Retried,
    Retry,
    StopReason,
    ThoughtDelta,
    ToolCalled,
    Trace,
    Verdict,
)
from secondthought.verifiers.base import Verifier

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of one branch, committed or only a candidate.

    stop: why its branch ended. score: 0 to 1, what the strategy thinks of it, for `Best`: 1 is
    proved, a share of votes or a learned score lies between, 0 is not judged. confidence: how
    likely it is right, as the model says; None = it does not.
    """

    text: str
    branch: str
    stop: StopReason
    tool_calls: tuple[ToolCall, ...] = ()
    score: float = 0.0
    confidence: float | None = None

    @property
    def empty(self) -> bool:
        return not (self.text.strip() or self.tool_calls)

    @property
    def declines(self) -> bool:
        """Whether it says that the model does not know."""
        return self.text.strip() == DONT_KNOW


class Strategy(Protocol):
    """A way to close the loop. Raises ModelError."""

    async def __call__(self, problem: Problem, ctx: Context) -> Answer: ...


class Best:
    """The best candidate so far: the answer when time runs out before the strategy ends."""

    def __init__(self) -> None:
        self.answer: Answer | None = None

    def offer(self, candidate: Answer) -> None:
        """Keep it if it scores higher than the one that is kept; the first of equals stays."""
        if self.answer is None or candidate.score > self.answer.score:
            self.answer = candidate


class Stop:
    """How the asker ends an answer early. Make one, pass it to `Reasoner.stream`, press it.

    `answer_now` ends the thinking and keeps the answer; `cancel` ends everything and keeps what
    is there. Call both in the thread of the event loop; later presses change nothing.
    """

    def __init__(self) -> None:
        self.reason: StopReason | None = None
        """Why the thinking is to end; None while nobody asked for it."""
        self.cancelled = False
        self._on_answer_now: list[Callable[[], object]] = []
        self._on_cancel: list[Callable[[], object]] = []

    def answer_now(self, reason: StopReason = StopReason.ANSWER_NOW) -> None:
        """End the thinking; the answer follows out of the reserve."""
        if self.reason is None:
            self.reason = reason
            for callback in tuple(self._on_answer_now):
                callback()

    def cancel(self) -> None:
        """End everything within one token."""
        if not self.cancelled:
            self.cancelled = True
            for callback in tuple(self._on_cancel):
                callback()

    @contextmanager
    def watch(
        self,
        *,
        answer_now: Callable[[], object] | None = None,
        cancel: Callable[[], object] | None = None,
    ) -> Generator[None]:
        """Call back when pressed while this context is open; at once if it was pressed before."""
        watched = [
            (callbacks, callback, pressed)
            for callbacks, callback, pressed in (
                (self._on_answer_now, answer_now, self.reason is not None),
                (self._on_cancel, cancel, self.cancelled),
            )
            if callback is not None
        ]
        for callbacks, callback, pressed in watched:
            callbacks.append(callback)
            if pressed:
                callback()
        try:
            yield
        finally:
            for callbacks, callback, _ in watched:
                callbacks.remove(callback)

    async def unless_answer_now(self, work: Coroutine[object, object, T]) -> T | None:
        """The result of `work`; None, and the work cancelled, when the answer is wanted now."""
        limit = asyncio.timeout(None)  # a deadline that the asker can pull forward to now
        try:
            async with limit:
                with self.watch(answer_now=lambda: limit.reschedule(0)):
                    return await work
        except TimeoutError:
            if not limit.expired():
                raise
            return None


@dataclass(slots=True)
class Tries:
    """Thoughts about one question, one after the other.

    last: this is the last one, as where there is only one; else one that comes to nothing may be
    dropped. first: the first token of the latest one. dropped: the first lines of the thoughts
    that were dropped. barred: a way not to begin. patience: how many are refuted before no other
    one is begun, unless they search; 0: as many as may be.
    """

    last: bool = True
    first: Path = NO_PATH
    dropped: list[Path] = field(default_factory=list[Path])
    barred: Path = NO_PATH
    patience: int = 0

    @property
    def avoid(self) -> tuple[Path, ...]:
        """How no thought should begin again: as two that were dropped, and what is barred."""
        times = Counter(head.ids for head in self.dropped)
        twice = {head.ids: head for head in self.dropped if times[head.ids] > 1}
        return (*twice.values(), *((self.barred,) if self.barred.ids else ()))


@dataclass(slots=True)
class Recorder:
    """Numbers the events of one answer, sends them on, and keeps the time of its trace."""

    trace: Trace
    send: Callable[[Event], None]
    started: float = field(default_factory=time.perf_counter)
    _next: int = 0

    def emit(self, event: Event, branch: str) -> None:
        # It was made for this call and nobody else has it yet: a copy would cost more than all the
        # rest that is done for a token here.
        object.__setattr__(event, "seq", self._next)
        object.__setattr__(event, "branch", branch)
        self._next += 1
        if self.trace.first_token_seconds is None and isinstance(event, ThoughtDelta | AnswerDelta):
            self.trace.first_token_seconds = self.seconds
        self.send(event)

    @property
    def seconds(self) -> float:
        """Seconds since the request came."""
        return time.perf_counter() - self.started


@dataclass(slots=True)
class Context:
    """One branch of one answer, as its strategy sees it.

    drafts: answers of this branch are candidates that do not leave (see `child`).
    asked: the problem as the asker gave it, by which verifiers judge: the loop may have added
    turns. told: what they could tell, by `id` of the verifier and text, of all branches, so that
    tests of the same program do not run twice.
    record: the branch in the trace. seed: the answer's seed; branches derive theirs from it.
    budget: the branch's pool of reasoning tokens; a child may have a part of it for its own.
    parent: the branch whose thought this one goes on from.
    withholds: the answer leaves only when it is committed, because it may yet be none.
    tries: other thoughts about the question, before and after this one.
    logprobs: of the tokens of this branch's own thought that stand, where the model tells them.
    forced: the answer was asked for before the thought had come to it. known: what of the thought
    was read already.
    """

    model: Model
    policy: Policy
    recorder: Recorder
    budget: Budget
    stop: Stop
    best: Best
    verifiers: Sequence[Verifier] = ()
    asked: Problem | None = None
    told: dict[tuple[int, str], Verdict] = field(default_factory=dict[tuple[int, str], Verdict])
    seed: int = 0
    branch: str = "main"
    drafts: bool = False
    parent: str | None = None
    withholds: bool = False
    tries: Tries = field(default_factory=Tries)
    logprobs: list[float] = field(default_factory=list[float], init=False)
    forced: bool = field(default=False, init=False)
    known: Known = field(default_factory=Known, init=False)
    record: Branch = field(init=False)
    _started: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.record = Branch(self.branch, parent=self.parent)
        self.recorder.trace.branches.append(self.record)

    @property
    def trace(self) -> Trace:
        return self.recorder.trace

    @property
    def answer_phase(self) -> Phase:
        """Under which phase the ledger books this branch's answer tokens."""
        return "draft" if self.drafts else "answer"

    def emit(self, event: Event) -> None:
        """Send a new event on, stamped with its number and this branch."""
        self.recorder.emit(event, self.branch)

    def lease(self, tokens: int) -> Lease:
        """Take reasoning tokens from the answer's pool, atomically. See `Budget.lease`."""
        return self.budget.lease(tokens)

    @property
    def room(self) -> int:
        """Tokens that the whole answer may still take, thoughts and visible answer together."""
        return max(0, self.policy.total - self.trace.ledger.generated())

    def affordable(self, wanted: int) -> int:
        """How many of the wanted drafts the pool can pay for: each needs the reserve for its
        answer, and as much again for its thought."""
        least = self.policy.reserve * (2 if self.policy.thinks else 1)
        return min(wanted, self.budget.free // least)

    @property
    def prefix(self) -> str:
        """The thought before this branch's own."""
        if self.parent is None:
            return ""
        return self.trace.whole(self.parent)

    def child(
        self,
        name: str,
        policy: Policy | None = None,
        budget: Budget | None = None,
        parent: str | None = None,
    ) -> Context:
        """A branch below this one, named `<this branch>.<name>`, whose answers are drafts.

        parent: the branch whose thought it goes on from; it is where its own prefix ends."""
        return Context(
            self.model,
            policy or self.policy,
            self.recorder,
            budget or self.budget,
            self.stop,
            self.best,
            self.verifiers,
            self.asked,
            self.told,
            self.seed,
            f"{self.branch}.{name}",
            drafts=True,
            parent=parent,
        )

    def rng(self, branch: str | None = None) -> Random:
        """A generator that depends on the answer's seed and the branch's name, nothing else."""
        text = f"{self.seed}/{branch or self.branch}".encode()
        return Random(int.from_bytes(hashlib.sha256(text).digest()[:8], "big"))

    @property
    def sample_seed(self) -> int:
        """The model's seed for this branch; the main branch has the answer's own."""
        return self.seed if self.branch == "main" else self.rng().getrandbits(62)

    def start(self, strategy: str) -> None:
        """Announce the branch; only the first strategy that takes it is told."""
        if not self._started:
            self._started = True
            self.emit(BranchStarted(strategy=strategy, parent=self.parent))

    def say(self, text: str) -> None:
        """Text of this branch's answer; it leaves unless the branch only drafts or withholds."""
        self.record.answer += text
        if not self.drafts:
            self.mark_answer()
            if not self.withholds:
                self.emit(AnswerDelta(text=text))

    def call(self, call: ToolCall) -> None:
        """A tool call as the answer; it leaves unless the branch only drafts."""
        if not self.drafts:
            self.mark_answer()
            self.emit(ToolCalled(id=call.id, name=call.name, arguments=call.arguments))

    def retried(self, retry: Retry) -> None:
        """Note that a request of this branch failed and is made again."""
        self.record.retries.append(retry)
        self.emit(Retried(retry=retry))

    def mark_answer(self) -> None:
        """Note when the thinking ended: at the first piece of the committed answer."""
        if not self.trace.thought_seconds:
            self.trace.thought_seconds = self.recorder.seconds

    def end(self, answer: Answer) -> Answer:
        """Close the branch and offer its answer as a candidate."""
        if not answer.empty:
            self.best.offer(answer)
            if self.drafts:
                self.emit(CandidateReady(answer=answer.text))
        self.close(answer.stop)
        return answer

    def close(self, reason: StopReason) -> None:
        """End the branch without an answer. Ended ones stay as they are."""
        if self.record.stop is None:
            self.record.stop = reason
            self.emit(BranchEnded(reason=reason))

    def abandon(self, reason: StopReason = StopReason.CANCELLED) -> None:
        """Close this branch and all below it that are still open."""
        for branch in self.trace.branches:
            if branch.stop is None and f"{branch.name}.".startswith(f"{self.branch}."):
                branch.stop = reason
                self.recorder.emit(BranchEnded(reason=reason), branch.name)
