"""The template of a task: one kind of problem in one file.

A task makes items, shows how one is solved (a worked trace, wrong turns and repairs included)
and scores answers exactly. `generate` is a pure function of the random generator, the level,
the split and the wording; nothing else.

Seeds: an item's seed is `Random(seed)`. Evaluation [0, 10**6) and [9 * 10**8, 10**9);
training [10**7, 8 * 10**8). Where a task's support is small (plaintexts, words), `split`
divides the content too, so that no training text is ever an evaluation text.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Literal

from secondthought.messages import AnswerFormat, Problem
from secondthought.trace import DONT_KNOW as DONT_KNOW  # for those who know tasks
from secondthought.trace import Verdict

Split = Literal["eval", "train"]
Wording = Literal["own", "held_out", "gym"]
Language = Literal["en", "ko"]

EVAL_SEEDS = (range(10**6), range(9 * 10**8, 10**9))
TRAIN_SEEDS = range(10**7, 8 * 10**8)

UNKNOWN_THOUGHT = "? out of scope"
"""The thought before `DONT_KNOW`. Its first token is the decision, so its log-prob can be
calibrated; no in-scope thought begins with "?"."""


@dataclass(frozen=True, slots=True)
class Item:
    """A problem plus its gold answer; known to evals and training only.

    answer: one right answer, written as the model should write it.
    data: the structure behind the question (numbers, board, plaintext), for `verify`,
    `demonstrate` and re-rendering. JSON-serialisable.
    """

    task: str
    level: int
    problem: Problem
    answer: str
    data: Mapping[str, Any]
    wording: Wording = "own"
    language: Language = "en"

    @property
    def question(self) -> str:
        return self.problem.question


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a demonstration. loss=False: shown but not imitated (a wrong step)."""

    text: str
    loss: bool = True


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A worked trace. `"".join(span.text)` is the thought; `answer` follows it.

    The first line restates the problem in the task's canonical short form, beginning with the
    task's `key`; lines end with "\\n" except the last. The last line is a check by another
    route where the task has one, ending in " yes".
    """

    spans: tuple[Span, ...]
    answer: str

    @property
    def thought(self) -> str:
        return "".join(span.text for span in self.spans)

    @classmethod
    def of(cls, pieces: Iterable[str | Span], answer: str) -> Demonstration:
        """Join pieces; plain strings carry loss."""
        return cls(tuple(p if isinstance(p, Span) else Span(p) for p in pieces), answer)


class Task(ABC):
    """Subclass, fill the class variables and the three methods; see `tasks/gcd.py`.

    name: as users type it. key: first word of its thoughts, 2 to 8 lower-case letters.
    levels: difficulty numbers, 1 upwards; `default_level` has reasoning-gym's distribution
    where that has the task. check: how its thoughts check themselves ("by re-encrypting"),
    shown after "checked"; "" = no check.
    checkable: an answer can be verified from the question alone (`check_answer`).
    """

    name: ClassVar[str]
    key: ClassVar[str]
    title: ClassVar[str]
    levels: ClassVar[range]
    default_level: ClassVar[int]
    check: ClassVar[str] = ""
    checkable: ClassVar[bool] = False
    format: ClassVar[AnswerFormat] = AnswerFormat()

    @abstractmethod
    def generate(
        self,
        rng: Random,
        level: int,
        *,
        split: Split = "eval",
        wording: Wording = "own",
        language: Language = "en",
    ) -> Item:
        """A fresh item. Raises ValueError for a level outside `levels`."""

    @abstractmethod
    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        """A worked trace for the item, ending in a right answer.

        `rng` chooses wrong turns and their repairs, so that two traces of an item differ.
        hint: text of `self.hint`; the trace then uses it first.
        """

    @abstractmethod
    def verify(self, item: Item, text: str) -> Verdict:
        """Score an answer exactly, from the item's gold. Never raises, never evaluates text.

        Feedback is a reason that a model can use and must not contain the gold answer.
        """

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        """For `checkable` tasks: judge from the question's own data, without any gold."""
        raise NotImplementedError

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        """A true hint or reason why `wrong` is wrong, as a person would write it."""
        return ""

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        """Wrong answers that look right (a digit off, a number used twice); for tests, and as
        the wrong first answers of feedback turns."""
        return []
