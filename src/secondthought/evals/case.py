"""One question of an evaluation: the problem that a model sees, and its hidden scorer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from secondthought.loop.base import Answer
from secondthought.loop.canonical import canonical
from secondthought.messages import Problem
from secondthought.tasks.base import DONT_KNOW
from secondthought.trace import StopReason, Verdict
from secondthought.verifiers import guard
from secondthought.verifiers.base import Verifier


@dataclass(frozen=True, slots=True)
class Case:
    """One question.

    id: unique in its suite and stable between runs. task: what the results call it; `group`:
    the line of the table it counts in (task, level, wording). score: right or not; or, where
    that takes a child process or the sandbox, `verifier`. seed: of the sampling noise.
    in_scope: False where "I don't know." is a right answer. reply: for conversations of two
    turns, what the asker says to the first answer, given it and whether it was right.
    read: what an answer says, for counting votes, where `loop.canonical` reads less of it than
    the scorer. votes: False where no two answers are the same (programs). judged: how, where the
    question and `want` leave that open.
    """

    id: str
    task: str
    group: str
    problem: Problem
    want: str
    score: Callable[[str], bool] | None = None
    verifier: Verifier | None = None
    seed: int = 0
    in_scope: bool = True
    reply: Callable[[str, bool], str] | None = None
    read: Callable[[str], str | None] | None = None
    votes: bool = True
    judged: str = ""

    @property
    def fingerprint(self) -> str:
        """Hash of what is asked and wanted, and of how it is judged: a result of another text or
        another scorer is not reused."""
        turns = [(m.role, m.text) for m in self.problem.messages]
        said = [turns, self.want, *([self.judged] if self.judged else [])]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]

    async def judge(self, answer: str) -> Verdict:
        """Right or not. CANNOT_TELL, with the error, only when the verifier broke."""
        if self.verifier is not None:
            judged = guard.judge(self.verifier, self.problem, [answer], None, seconds=None)
            return (await judged)[0]
        assert self.score is not None
        try:
            return Verdict.of(self.score(answer))
        except Exception as error:  # with data from a file, a task's scorer meets anything
            return guard.broke(error)

    def vote(self, answer: str) -> str | None:
        """The key under which a vote counts this answer; None for no vote."""
        if not self.votes:
            return None
        if self.read is not None:
            return self.read(answer)
        return canonical(Answer(answer, "", StopReason.STOP), self.problem.format)


def refused(answer: str) -> bool:
    """The answer is exactly the refusal, and nothing else."""
    return answer.strip() == DONT_KNOW
