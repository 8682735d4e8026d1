"""One question of an evaluation: the problem that a model sees, and its hidden scorer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from secondthought.messages import Problem
from secondthought.tasks.base import DONT_KNOW


@dataclass(frozen=True, slots=True)
class Case:
    """One question.

    id: unique in its suite and stable between runs. task: what the results call it; `group`:
    the line of the table it counts in (task, level, wording). seed: of the sampling noise.
    in_scope: False where "I don't know." is a right answer. reply: for conversations of two
    turns, what the asker says to the first answer, given it and whether it was right.
    """

    id: str
    task: str
    group: str
    problem: Problem
    want: str
    score: Callable[[str], bool]
    seed: int = 0
    in_scope: bool = True
    reply: Callable[[str, bool], str] | None = None

    @property
    def fingerprint(self) -> str:
        """Hash of what is asked and wanted: a result of another text is not reused."""
        turns = [(m.role, m.text) for m in self.problem.messages]
        return hashlib.sha256(json.dumps([turns, self.want]).encode()).hexdigest()[:12]


def refused(answer: str) -> bool:
    """The answer is exactly the refusal, and nothing else."""
    return answer.strip() == DONT_KNOW
