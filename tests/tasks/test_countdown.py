import re
from random import Random

import pytest

from secondthought.tasks import steps
from secondthought.tasks.base import Item
from secondthought.tasks.countdown import Countdown
from secondthought.trace import steps_failed
from tests.tasks.properties import TaskProperties

TASK = Countdown()


def test_the_thought_line_by_line() -> None:
    item = _item([89, 6, 44, 41], 449, "89*6-44-41")
    thoughts = {TASK.demonstrate(item, Random(seed)).thought for seed in range(60)}
    plain = min(thoughts, key=len)
    assert plain.split("\n") == [
        "target 449: 89 6 44 41",
        "all 89+6=95 +44=139 +41=180 <449 no",
        "89*6=534 534-449=85 left 44+41=85 -85=0 yes",
        "89*6=534 -44=490 -41=449 yes",
    ]
    probes = "\n".join(thoughts)
    assert "\n44*6=264 449-264=185 left 89+41=130 <185 no\n" in probes
    assert re.search(r" not 449 no\n", probes)  # a slip in a sign, found by the last line


@pytest.mark.parametrize(
    ("text", "ok", "feedback"),
    [
        ("89*6-44-41", True, ""),
        ("6 * 89 - (44 + 41)", True, ""),
        ("-44-41+89*6", True, ""),
        ("89*6-44", False, "41 is not used"),
        ("89*6-44-41+41-41", False, "41 is used too often"),
        ("89*5-44-41", False, "5 is not among the numbers"),
        ("449", False, "449 is not among the numbers"),
        ("89*6-44+41", False, "that makes 531, not 449"),
        ("89/6-44-41", False, "that makes -421/6, not 449"),
        ("89*6-44-41=449", False, "that is no arithmetic expression: unexpected '='"),
    ],
)
def test_answers_are_judged_from_the_question(text: str, ok: bool, feedback: str) -> None:
    verdict = TASK.check_answer({"numbers": [89, 6, 44, 41], "target": 449}, text)
    assert (verdict.passed, verdict.feedback) == (ok, feedback)


def test_no_step_of_a_thought_is_false() -> None:
    """Slips included: a slip is a wrong choice of a sign, never a wrong result."""
    judged = 0
    for seed in range(300):
        item = TASK.generate(Random(seed), 3, split="train")
        found = steps.parse(TASK.demonstrate(item, Random(seed)).thought)
        assert steps_failed(found) is None
        judged += sum(step.verdict is not None and step.verdict.passed for step in found)
    assert judged > 300 * 6


def test_the_last_line_without_results_is_the_answer() -> None:
    for level in TASK.levels:
        for seed in range(100):
            item = TASK.generate(Random(seed), level, split="train")
            shown = TASK.demonstrate(item, Random(seed))
            last = shown.thought.split("\n")[-1]
            assert last.endswith(" yes")
            assert re.sub(r"=-?\d+ ?", "", last.removesuffix(" yes") + " ") == shown.answer


def test_most_defaults_are_solved_by_short_thoughts() -> None:
    lengths = sorted(
        len(TASK.demonstrate(TASK.generate(Random(s), 3, split="train"), Random(s)).thought)
        for s in range(500)
    )
    assert lengths[250] <= 210
    assert lengths[450] <= 500
    assert lengths[-1] <= 1200


def test_a_hint_names_a_core_and_the_thought_starts_with_it() -> None:
    item = _item([89, 6, 44, 41], 449, "89*6-44-41")
    hints = {TASK.hint(item, "89*6-44+41", Random(seed)) for seed in range(20)}
    assert hints == {"start with 89*6", "that makes 531, not 449"}
    lines = TASK.demonstrate(item, Random(1), hint="start with 89*6").thought.split("\n")
    assert lines[1] == "hint: start with 89*6"
    assert lines[2].startswith("89*6=534 534-449=85 left")


def test_verdicts_agree_with_reasoning_gym() -> None:
    gym = pytest.importorskip("reasoning_gym")
    dataset = gym.create_dataset("countdown", seed=1, size=60)
    for entry in dataset:
        meta = entry["metadata"]
        item = _item(meta["numbers"], meta["target"], entry["answer"].replace(" ", ""))
        assert TASK.verify(item, entry["answer"]).passed
        wrong = [entry["answer"] + " + 1", entry["answer"].replace("+", "-", 1)]
        for text in (*wrong, "+".join(map(str, meta["numbers"]))):
            right = dataset.score_answer(text, entry) == 1.0
            assert TASK.verify(item, text).passed == right, (text, meta)
    for seed in range(60):
        item = TASK.generate(Random(seed), 3)
        shown = TASK.demonstrate(item, Random(seed)).answer
        for text in (item.answer, shown, *TASK.near_misses(item, Random(seed))):
            entry = {"metadata": dict(item.data)}
            right = dataset.score_answer(text, entry) == 1.0
            assert TASK.verify(item, text).passed == right, text


def _item(numbers: list[int], target: int, gold: str) -> Item:
    item = TASK.generate(Random(0), 3)
    data = {"numbers": numbers, "target": target}
    return Item(item.task, item.level, item.problem, gold, data)


class TestCountdown(TaskProperties):
    task = TASK
    milliseconds = 15.0
    max_chars = 900

    def needed(self, item: Item) -> list[str]:
        return [str(item.data["target"]), *map(str, item.data["numbers"])]

    def test_some_demonstrations_repair_a_slip(self) -> None:
        """Cores that fail carry no loss on their choice, so slips are known by their words."""
        found = 0
        for seed in range(400):
            item = TASK.generate(Random(seed), 3, split="train")
            shown = TASK.demonstrate(item, Random(seed))
            if f" not {item.data['target']} no\n" in shown.thought:
                found += 1
                assert any(not span.loss for span in shown.spans)
        assert 8 < found < 80
