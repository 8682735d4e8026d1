"""What every task must hold. A task's test file subclasses `TaskProperties` and sets `task`.

class TestGcd(TaskProperties):
    task = Gcd()

    def needed(self, item):
        return [str(n) for n in item.data["numbers"]]
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from random import Random
from typing import ClassVar

import pytest

from secondthought.messages import Problem
from secondthought.tasks.base import Item, Task
from secondthought.trace import Outcome

HOSTILE = (
    "",
    " ",
    "\n\n",
    "?",
    "I don't know.",
    "None",
    "nan",
    "inf",
    "-",
    "()",
    "((((((((((" * 500,
    "9" * 20_000,
    "9**9**9**9",
    "__import__('os').system('true')",
    "\u0663\u0661",  # Arabic-Indic digits: digits to str.isdigit and int(), not to us
    "\u00b2",  # superscript two: isdigit() but int() raises
    "\x00",
    "\ud800",
    "1e999",
    "0x10",
    "the answer",
)


class TaskProperties:
    """Override the class variables and `needed`; everything else holds for every task."""

    task: ClassVar[Task]
    samples: ClassVar[int] = 25  # items a level
    max_chars: ClassVar[int] = 1_400  # the longest thought at default_level and below
    milliseconds: ClassVar[float] = 2.0  # generate + demonstrate, on average, at default_level
    slips: ClassVar[bool] = True  # some demonstrations show a wrong step and its repair

    def __init_subclass__(cls) -> None:
        """What a task does not claim is no test of it, rather than a skipped one."""
        if not cls.slips:
            cls.test_some_demonstrations_repair_a_slip = None  # type: ignore[assignment]
        if not cls.task.checkable:
            cls.test_checkable_tasks_judge_from_the_question = None  # type: ignore[assignment]

    def needed(self, item: Item) -> list[str]:
        """Strings that any wording's question must contain, case apart."""
        raise NotImplementedError

    def items(self, level: int | None = None, **options: object) -> Iterator[Item]:
        levels = self.task.levels if level is None else [level]
        for number in levels:
            for seed in range(self.samples):
                yield self.task.generate(Random(seed), number, **options)  # type: ignore[arg-type]

    def test_is_well_formed(self) -> None:
        task = self.task
        assert re.fullmatch(r"[a-z]{2,8}", task.key)
        assert re.fullmatch(r"[a-z0-9_]+", task.name)
        assert task.title
        assert task.levels[0] == 1
        assert task.default_level in task.levels
        assert task.levels[-1] >= task.default_level + 2

    def test_unknown_level_is_refused(self) -> None:
        for level in (0, -1, self.task.levels[-1] + 1):
            with pytest.raises(ValueError, match="level"):
                self.task.generate(Random(0), level)

    def test_items_are_functions_of_the_seed(self) -> None:
        for wording in ("own", "held_out", "gym"):
            first = list(self.items(self.task.default_level, wording=wording))
            again = list(self.items(self.task.default_level, wording=wording))
            assert first == again
            assert len({i.question for i in first}) > len(first) // 3

    def test_items_say_what_they_are(self) -> None:
        for item in self.items(split="train"):
            assert item.task == self.task.name
            assert item.level in self.task.levels
            assert json.loads(json.dumps(dict(item.data))) is not None
            assert isinstance(item.problem, Problem)

    def test_every_wording_holds_the_data(self) -> None:
        for language in ("en", "ko"):
            for wording in ("own", "held_out", "gym"):
                for item in self.items(wording=wording, language=language):
                    question = item.question.lower()
                    for piece in self.needed(item):
                        assert piece.lower() in question, (piece, item.question)
                    assert "{" not in question
                    if language == "ko" and wording != "gym":
                        assert re.search(r"[\uac00-\ud7a3]", question), question

    def test_gold_answer_passes(self) -> None:
        for item in self.items():
            for text in (
                item.answer,
                f"  {item.answer}\n",
                f"{item.answer}.",
                f"Answer: {item.answer}",
                f"The answer is {item.answer}.",
            ):
                assert self.task.verify(item, text).passed, (item.question, text)

    def test_demonstrations_are_right(self) -> None:
        for item in self.items(split="train"):
            shown = self.task.demonstrate(item, Random(item.question))
            assert self.task.verify(item, shown.answer).passed, (item.question, shown)
            first = shown.thought.split("\n", 1)[0]
            assert first.split(" ")[0] == self.task.key, first
            assert not shown.thought.endswith("\n")
            assert all(span.text for span in shown.spans)
            shown.thought.encode("utf-8")
            if item.level <= self.task.default_level:
                assert len(shown.thought) <= self.max_chars, shown.thought

    def test_demonstrations_are_functions_of_the_rng(self) -> None:
        for item in self.items(self.task.default_level):
            first = self.task.demonstrate(item, Random(7))
            assert first == self.task.demonstrate(item, Random(7))

    def test_demonstrations_do_not_depend_on_the_wording(self) -> None:
        """The same data asked in other words is solved the same way."""
        item = self.task.generate(Random(3), self.task.default_level)
        other = Item(item.task, item.level, Problem.ask("?"), item.answer, item.data, "gym", "ko")
        assert self.task.demonstrate(item, Random(5)) == self.task.demonstrate(other, Random(5))

    def test_some_demonstrations_repair_a_slip(self) -> None:
        found = 0
        count = 0
        for seed in range(400):
            item = self.task.generate(Random(seed), self.task.default_level, split="train")
            shown = self.task.demonstrate(item, Random(seed))
            count += 1
            if any(not span.loss for span in shown.spans):
                found += 1
                assert re.search(r"\bno\b", shown.thought), shown.thought
                assert self.task.verify(item, shown.answer).passed
        assert 0.02 * count < found < 0.4 * count

    def test_wrong_and_hostile_answers_fail(self) -> None:
        for item in self.items():
            for text in (*HOSTILE, item.answer + "7", "7" + item.answer, item.answer + " or 3"):
                verdict = self.task.verify(item, text)
                assert verdict.outcome is Outcome.FAILED, (item.question, text[:80])
                assert verdict.error is None

    def test_near_misses_fail(self) -> None:
        seen = 0
        for item in self.items():
            for text in self.task.near_misses(item, Random(1)):
                seen += 1
                assert not self.task.verify(item, text).passed, (item.question, text)
        assert seen > 0

    def test_no_constant_answer_wins(self) -> None:
        """The most frequent gold answer of the default level is right in less than a third."""
        golds = [
            self.task.generate(Random(seed), self.task.default_level).answer for seed in range(200)
        ]
        most = max(set(golds), key=golds.count)
        right = sum(
            self.task.verify(self.task.generate(Random(s), self.task.default_level), most).passed
            for s in range(200)
        )
        assert right < 70

    def test_feedback_and_hints_keep_the_gold(self) -> None:
        for item in self.items():
            gold = re.compile(rf"(?<!\w){re.escape(item.answer)}(?!\w)", re.IGNORECASE)
            for wrong in (*self.task.near_misses(item, Random(2))[:3], "", "x" * 5000):
                hint = self.task.hint(item, wrong, Random(3))
                assert not gold.search(hint), (item.answer, hint)
                assert len(hint) <= 200
                assert not gold.search(self.task.verify(item, wrong).feedback)

    def test_a_hint_is_used_first(self) -> None:
        for item in self.items(self.task.default_level):
            wrong = next(iter(self.task.near_misses(item, Random(2))), "")
            hint = self.task.hint(item, wrong, Random(3))
            if hint:
                shown = self.task.demonstrate(item, Random(4), hint=hint)
                assert hint in "\n".join(shown.thought.split("\n")[:3]), shown.thought
                assert self.task.verify(item, shown.answer).passed

    def test_checkable_tasks_judge_from_the_question(self) -> None:
        for item in self.items():
            assert self.task.check_answer(item.data, item.answer).passed
            for text in (*HOSTILE, *self.task.near_misses(item, Random(1))):
                assert not self.task.check_answer(item.data, text).passed, (item.data, text[:80])

    def test_is_fast(self) -> None:
        def once(start: int) -> float:
            begin = time.process_time()
            for seed in range(start, start + 100):
                item = self.task.generate(Random(seed), self.task.default_level, split="train")
                self.task.demonstrate(item, Random(seed))
            return 10 * (time.process_time() - begin)

        assert min(once(0), once(100), once(200)) < self.milliseconds
