"""The vocabulary of one answer: events while it is made, the ledger, the trace afterwards.

Imports nothing of ours. One stream of events serves the CLI, the server, evals and oversight.

Counting rule: `reasoning_tokens` = all generated tokens except the visible answer, over all
branches; `completion_tokens` = that + the answer; `prompt_tokens` = the prompt once. What was
really sent to the model over all branches is `Ledger.sent`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

Phase = Literal["thought", "answer", "draft", "critic", "summary"]
"""thought: reasoning tokens; answer: the visible, committed answer; draft: an answer that was
not committed (a losing sample, a revised round); critic: tokens of a verifier's model call;
summary: of a call that summed up the thought for who may not see it."""


class StopReason(StrEnum):
    """Why one sample ended."""

    STOP = "stop"  # the model ended its answer
    LENGTH = "length"  # the answer's token limit
    THOUGHT_CAP = "thought_cap"  # the thought was closed by force at its budget, answer given
    REPETITION = "repetition"  # the thought looped and was closed, answer given
    ANSWER_NOW = "answer_now"  # the asker wanted the answer at once
    TOOL_CALLS = "tool_calls"
    CANCELLED = "cancelled"
    DEADLINE = "deadline"
    ERROR = "error"


DONT_KNOW = "I don't know."
"""The whole answer of a model that is unsure or out of its scope."""


class Outcome(StrEnum):
    """A verifier's finding. CANNOT_TELL is not FAILED: it never counts against an answer."""

    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verifier says of one answer or step.

    score: 0 to 1. feedback: a reason a model can use, never the gold answer.
    error: set when the verifier itself broke; then the outcome is CANNOT_TELL and it is counted.
    """

    outcome: Outcome
    score: float = 0.0
    feedback: str = ""
    error: str | None = None
    seconds: float = 0.0
    verifier: str = ""

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED

    @classmethod
    def of(cls, ok: bool, feedback: str = "", *, verifier: str = "") -> Verdict:
        """A plain yes (score 1) or no (score 0)."""
        outcome = Outcome.PASSED if ok else Outcome.FAILED
        return cls(outcome, float(ok), feedback, verifier=verifier)


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a thought. `kind` names its grammar ("product", "check", "text", ...).

    start, end: half-open span of characters in the thought it was parsed from.
    """

    text: str
    kind: str
    verdict: Verdict | None = None
    start: int = 0
    end: int = 0

    @property
    def judged(self) -> bool:
        """Whether anybody could tell if it holds."""
        return self.verdict is not None and self.verdict.outcome is not Outcome.CANNOT_TELL

    @property
    def failed(self) -> bool:
        """Whether it was judged and does not hold."""
        return self.verdict is not None and self.verdict.outcome is Outcome.FAILED


# --- the ledger ---------------------------------------------------------------------------


@dataclass(slots=True)
class Entry:
    """Tokens of one phase in one branch. `sent`: prompt tokens sent for it."""

    branch: str
    phase: Phase
    generated: int = 0
    sent: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int
    estimated: bool = False

    @property
    def total_tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


@dataclass(slots=True)
class Ledger:
    """Every token of one answer. Usage is a sum over it and nothing else."""

    prompt_tokens: int = 0
    entries: list[Entry] = field(default_factory=list[Entry])

    def add(
        self, branch: str, phase: Phase, generated: int, *, sent: int = 0, estimated: bool = False
    ) -> None:
        """Book tokens. Raises ValueError for negative counts: tokens are never unbooked."""
        if generated < 0 or sent < 0:
            raise ValueError("a ledger takes no negative counts")
        for entry in self.entries:
            if entry.branch == branch and entry.phase == phase:
                entry.generated += generated
                entry.sent += sent
                entry.estimated = entry.estimated or estimated
                return
        self.entries.append(Entry(branch, phase, generated, sent, estimated))

    def relabel(self, branch: str, old: Phase, new: Phase) -> None:
        """Move a branch's tokens to another phase (a draft becomes the answer, or back)."""
        kept: list[Entry] = []
        moved = [e for e in self.entries if e.branch == branch and e.phase == old]
        kept = [e for e in self.entries if not (e.branch == branch and e.phase == old)]
        self.entries = kept
        for entry in moved:
            self.add(branch, new, entry.generated, sent=entry.sent, estimated=entry.estimated)

    def generated(self, *phases: Phase) -> int:
        return sum(e.generated for e in self.entries if not phases or e.phase in phases)

    @property
    def sent(self) -> int:
        """Prompt tokens really sent over all branches and calls."""
        return sum(e.sent for e in self.entries)

    @property
    def usage(self) -> Usage:
        answer = self.generated("answer")
        total = self.generated()
        return Usage(
            prompt_tokens=self.prompt_tokens,
            completion_tokens=total,
            reasoning_tokens=total - answer,
            estimated=any(e.estimated for e in self.entries),
        )


# --- the trace ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Retry:
    """A request to a model's server that failed and was made again.

    kind: of the `ModelError` that it was; message: the server's words or ours; wait: seconds
    until the next try.
    """

    kind: str
    message: str
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a finished answer, without its key; log-probs are natural.

    marker: the model's own log-odds, where the answer ended, that it is right, up to scale.
    thought: the mean log-prob of the thought's tokens that stand; None = it did not think. answer:
    the least log-prob of the answer's tokens. failed: steps of the thought that do not hold.
    """

    marker: float
    thought: float | None
    answer: float
    failed: int


@dataclass(slots=True)
class Branch:
    """One chain of one answer: a thought and the answer it led to.

    parent: the branch whose thought this one goes on from; its own `thought` begins after it.
    at: after so many characters of the parent's thought; None = at its end.
    retries: requests of this branch that failed and were made again.
    evidence: what is known of its answer, where the model tells; confidence: how likely that
    makes it right, 0 to 1.
    """

    name: str
    thought: str = ""
    answer: str = ""
    steps: list[Step] = field(default_factory=list[Step])
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    stop: StopReason | None = None
    parent: str | None = None
    at: int | None = None
    retries: list[Retry] = field(default_factory=list[Retry])
    evidence: Evidence | None = None
    confidence: float | None = None


@dataclass(slots=True)
class Trace:
    """The typed record of one answer.

    seconds: wall time from the request to the last token; first_token_seconds to the first.
    policy: the effective effort row (strategy, caps) as a plain dict. committed: the branch whose
    answer this is. confidence: how likely it is right, 0 to 1; None = not known. abstained: the
    answer is "I don't know.", said by the model or in place of its answer, which stays in its
    branch: `withheld`, where the confidence is below what the policy asks for, or gave_up, where
    all its answers were refuted.
    """

    model: str
    effort: str
    strategy: str
    answer: str = ""
    finish_reason: StopReason = StopReason.STOP
    abstained: bool = False
    gave_up: bool = False
    branches: list[Branch] = field(default_factory=list[Branch])
    ledger: Ledger = field(default_factory=Ledger)
    policy: dict[str, Any] = field(default_factory=dict[str, Any])
    seed: int | None = None
    seconds: float = 0.0
    thought_seconds: float = 0.0
    first_token_seconds: float | None = None
    error: str | None = None
    committed: str = "main"
    confidence: float | None = None

    def branch(self, name: str) -> Branch:
        """Raises KeyError for a branch that is not there."""
        for branch in self.branches:
            if branch.name == name:
                return branch
        raise KeyError(name)

    def chain(self, name: str) -> list[Branch]:
        """The branches that a branch's whole thought is made of, the first one first."""
        found = [self.branch(name)]
        while (parent := found[-1].parent) is not None:
            found.append(self.branch(parent))
        return found[::-1]

    def whole(self, name: str) -> str:
        """A branch's thought from its beginning, with those that it goes on from."""
        return "".join(branch.thought for branch in self.chain(name))

    def steps(self, name: str) -> list[Step]:
        """The steps of a branch's whole thought."""
        return [step for branch in self.chain(name) for step in branch.steps]

    @property
    def withheld(self) -> bool:
        """Whether the model had another answer than "I don't know.", and was not sure enough."""
        if self.gave_up:
            return False
        return self.abstained and any(
            branch.name == self.committed and branch.answer.strip() not in ("", self.answer.strip())
            for branch in self.branches
        )

    @property
    def retries(self) -> list[Retry]:
        """The requests of all branches that failed and were made again."""
        return [retry for branch in self.branches for retry in branch.retries]

    @property
    def thought(self) -> str:
        """The whole thought that led to the answer; those of other branches are not in it."""
        return self.whole(self.committed)


# --- events -------------------------------------------------------------------------------


BACK = "back"
"""Branches of steps that were taken back are named `<branch>.back1`, `.back2`, ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """seq: 0, 1, 2, ... within one answer; choice: index among `n`; branch: the chain's name."""

    seq: int = 0
    choice: int = 0
    branch: str = "main"

    @property
    def taken_back(self) -> bool:
        """Whether this is of a step that the strategy `backtrack` took back: it is no part of
        the thought, and who shows the thought as it comes leaves it out."""
        return self.branch.rpartition(".")[2].startswith(BACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchStarted(Event):
    """parent: the branch whose thought this one goes on from."""

    strategy: str = ""
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThoughtDelta(Event):
    text: str
    tokens: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone(Event):
    step: Step

    @property
    def kind(self) -> str:
        return self.step.kind

    @property
    def verdict(self) -> Verdict | None:
        return self.step.verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried(Event):
    """A request of this branch failed and was made again."""

    retry: Retry


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateReady(Event):
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictReached(Event):
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchEnded(Event):
    reason: StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCalled(Event):
    """The committed answer is a tool call: OpenAI's id, name and JSON arguments."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDelta(Event):
    """Text of the committed answer only; drafts never leave."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Event):
    message: str
    kind: str = "error"
    retry_after: float | None = None  # seconds, as the model named them


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Event):
    trace: Trace


def steps_failed(steps: Sequence[Step]) -> Step | None:
    """The first step whose verdict is FAILED, or None."""
    for step in steps:
        if step.failed:
            return step
    return None
