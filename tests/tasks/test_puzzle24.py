import re
from random import Random

import pytest

from secondthought.tasks import expression, steps
from secondthought.tasks.base import Item
from secondthought.tasks.puzzle24 import Puzzle24
from secondthought.trace import steps_failed
from tests.tasks.properties import TaskProperties

TASK = Puzzle24()


def _item(numbers: list[int], gold: str = "") -> Item:
    problem = TASK.generate(Random(0), 3).problem
    return Item("puzzle24", 3, problem, gold, {"numbers": numbers})


def test_the_thought_line_by_line() -> None:
    thoughts = [TASK.demonstrate(_item([6, 3, 9, 1]), Random(s)).thought for s in range(30)]
    assert min(thoughts, key=len).split("\n") == [
        "make 24: 6 3 9 1",
        "24-6=18 left 3 9 1; 18/9=2 left 3 1; 3+1=4 3-1=2 yes",
        "(3-1)=2 *9=18 +6=24 yes",
    ]
    assert any(len(t.split("\n")) > 4 for t in thoughts)  # wrong turns
    assert any(" -6=12 not 24 no\n" in t for t in thoughts)  # a slip, found by the last line


@pytest.mark.parametrize(
    ("text", "feedback"),
    [
        ("(3-1)*9+6", ""),
        ("6 + 9*(3 - 1)", ""),
        ("6/(1-9/12)", "12 is not among the numbers"),
        ("9+9+6", "9 is used too often"),
        ("3*9-3", "3 is used too often"),
        ("(3-1)*9", "6 is not used"),
        ("4*6", "4 is not among the numbers"),
        ("(3-1)*9-6", "that makes 12, not 24"),
        ("6/(9-9)", "that is no arithmetic expression: division by zero"),
    ],
)
def test_answers_are_judged_from_the_question(text: str, feedback: str) -> None:
    verdict = TASK.check_answer({"numbers": [6, 3, 9, 1]}, text)
    assert (verdict.passed, verdict.feedback) == (not feedback, feedback)


def test_fractions_on_the_way_are_allowed() -> None:
    assert TASK.check_answer({"numbers": [3, 3, 8, 8]}, "8/(3-8/3)").passed


def test_training_and_evaluation_share_no_puzzle() -> None:
    def puzzles(split: str) -> set[tuple[int, ...]]:
        return {
            tuple(sorted(TASK.generate(Random(seed), level, split=split).data["numbers"]))
            for level in TASK.levels
            for seed in range(120)
        }

    train, evaluation = puzzles("train"), puzzles("eval")
    assert len(train) > 250
    assert len(evaluation) > 40
    assert not train & evaluation


def test_no_step_is_false_and_the_last_line_is_the_answer() -> None:
    for seed in range(300):
        item = TASK.generate(Random(seed), 3, split="train")
        shown = TASK.demonstrate(item, Random(seed))
        assert steps_failed(steps.parse(shown.thought)) is None, shown.thought
        last = shown.thought.split("\n")[-1].removesuffix(" yes")
        assert re.sub(r"=\d+ ?", "", last + " ") == shown.answer


def test_wrong_turns_differ_and_only_their_choices_carry_no_loss() -> None:
    for seed in range(200):
        item = TASK.generate(Random(seed), 3, split="train")
        shown = TASK.demonstrate(item, Random(seed))
        lines = [line for line in shown.thought.split("\n") if line.endswith("no")]
        assert len(set(lines)) == len(lines)
        for span in shown.spans:
            assert span.loss or re.fullmatch(r"\d+[-+*/]\d+| [-+]\d+=-?\d+", span.text), span


def test_a_hinted_last_step_comes_first() -> None:
    item = _item([6, 3, 9, 1])
    hints = {TASK.hint(item, "(3-1)*9-6", Random(seed)) for seed in range(20)}
    assert hints == {"the last step is +6", "that makes 12, not 24"}
    lines = TASK.demonstrate(item, Random(1), hint="the last step is +6").thought.split("\n")
    assert lines[1] == "hint: the last step is +6"
    assert lines[2].startswith("24-6=18 left 3 9 1;")


def test_numbers_without_a_chain_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be made"):
        TASK.demonstrate(_item([1, 1, 1, 1]), Random(0))


def test_verdicts_agree_with_reasoning_gym_on_the_given_numbers() -> None:
    """Its scorer takes any four numbers from 1 to 10, so only answers with the given ones count;
    `int` also lets it take 24.5 for 24, so only whole results do."""
    gym = pytest.importorskip("reasoning_gym")
    dataset = gym.create_dataset("puzzle24", seed=1, size=60)
    for entry in dataset:
        numbers = list(entry["metadata"]["numbers"])
        item = _item(numbers, entry["answer"])
        assert TASK.verify(item, entry["answer"]).passed
        assert TASK.verify(item, TASK.demonstrate(item, Random(0)).answer).passed
        for text in (entry["answer"], *TASK.near_misses(item, Random(0))):
            parsed = expression.parse(text)
            if sorted(parsed.numbers) == sorted(numbers) and parsed.value.denominator == 1:
                right = dataset.score_answer(text, entry) == 1.0
                assert TASK.verify(item, text).passed == right, text


class TestPuzzle24(TaskProperties):
    task = TASK
    milliseconds = 15.0
    max_chars = 500

    def needed(self, item: Item) -> list[str]:
        said = ("24", "twenty-four", "two dozen", "이십사")
        return [
            next((form for form in said if form in item.question.lower()), "24"),
            *map(str, item.data["numbers"]),
        ]

    def test_some_demonstrations_repair_a_slip(self) -> None:
        """Wrong turns carry no loss on their choices, so slips are known by their words."""
        found = 0
        for seed in range(400):
            item = TASK.generate(Random(seed), 3, split="train")
            found += " not 24 no\n" in TASK.demonstrate(item, Random(seed)).thought
        assert 8 < found < 80


@pytest.mark.parametrize("level", Puzzle24.levels)
def test_every_puzzle_has_a_thought(level: int) -> None:
    """24 = (7-13)*... needs numbers below zero; such puzzles are not asked."""
    task = Puzzle24()
    for seed in range(400):
        rng = Random(seed)
        item = task.generate(rng, level, split="train")
        assert task.verify(item, task.demonstrate(item, rng).answer).passed
