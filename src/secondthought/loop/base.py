"""What a strategy is given and what it gives back.

A strategy is a module in this folder with one coroutine:

    async def run(problem: Problem, ctx: Context) -> Answer

It keeps no global state and is no generator: everything that happens on the way goes out by
`ctx.emit`. Strategies compose: `ctx.child(branch)` is a context whose answers are drafts, so
that a vote can run `think` many times and commit one of the answers.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

from secondthought.effort import Policy
from secondthought.loop.budget import Budget, Lease
from secondthought.messages import Problem, ToolCall
from secondthought.models.base import Model
from secondthought.trace import (
    AnswerDelta,
    Branch,
    BranchEnded,
    BranchStarted,
    CandidateReady,
    Event,
    Phase,
    StopReason,
    ThoughtDelta,
    ToolCalled,
    Trace,
)
from secondthought.verifiers.base import Verifier


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of one branch, committed or only a candidate.

    stop: why its branch ended. score: 0 to 1, what the strategy thinks of it, for `Best`.
    """

    text: str
    branch: str
    stop: StopReason
    tool_calls: tuple[ToolCall, ...] = ()
    score: float = 0.0


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


@dataclass(slots=True)
class Recorder:
    """Numbers the events of one answer, sends them on, and keeps the time of its trace."""

    trace: Trace
    send: Callable[[Event], None]
    started: float = field(default_factory=time.perf_counter)
    _next: int = 0

    def emit(self, event: Event, branch: str) -> None:
        event = replace(event, seq=self._next, branch=branch)
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
    record: the branch in the trace. seed: the answer's seed; branches derive theirs from it.
    """

    model: Model
    policy: Policy
    recorder: Recorder
    budget: Budget
    stop: Stop
    best: Best
    verifiers: Sequence[Verifier] = ()
    seed: int = 0
    branch: str = "main"
    drafts: bool = False
    record: Branch = field(init=False)

    def __post_init__(self) -> None:
        self.record = Branch(self.branch)
        self.recorder.trace.branches.append(self.record)

    @property
    def trace(self) -> Trace:
        return self.recorder.trace

    @property
    def answer_phase(self) -> Phase:
        """Under which phase the ledger books this branch's answer tokens."""
        return "draft" if self.drafts else "answer"

    def emit(self, event: Event) -> None:
        """Send an event on, stamped with its number and this branch."""
        self.recorder.emit(event, self.branch)

    def lease(self, tokens: int) -> Lease:
        """Take reasoning tokens from the answer's pool, atomically. See `Budget.lease`."""
        return self.budget.lease(tokens)

    def child(self, name: str, policy: Policy | None = None) -> Context:
        """A branch below this one, named `<this branch>.<name>`, whose answers are drafts."""
        return Context(
            self.model,
            policy or self.policy,
            self.recorder,
            self.budget,
            self.stop,
            self.best,
            self.verifiers,
            self.seed,
            f"{self.branch}.{name}",
            drafts=True,
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
        self.emit(BranchStarted(strategy=strategy))

    def say(self, text: str) -> None:
        """Text of this branch's answer; it leaves unless the branch only drafts."""
        self.record.answer += text
        if not self.drafts:
            self.mark_answer()
            self.emit(AnswerDelta(text=text))

    def call(self, call: ToolCall) -> None:
        """A tool call as the answer; it leaves unless the branch only drafts."""
        if not self.drafts:
            self.mark_answer()
            self.emit(ToolCalled(id=call.id, name=call.name, arguments=call.arguments))

    def mark_answer(self) -> None:
        """Note when the thinking ended: at the first piece of the committed answer."""
        if not self.trace.thought_seconds:
            self.trace.thought_seconds = self.recorder.seconds

    def end(self, answer: Answer) -> Answer:
        """Close the branch and offer its answer as a candidate."""
        self.record.stop = answer.stop
        if answer.text.strip() or answer.tool_calls:
            self.best.offer(answer)
            if self.drafts:
                self.emit(CandidateReady(answer=answer.text))
        self.emit(BranchEnded(reason=answer.stop))
        return answer
