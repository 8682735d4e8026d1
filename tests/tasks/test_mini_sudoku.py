import re
from random import Random

import pytest

from secondthought.tasks.base import Item
from secondthought.tasks.mini_sudoku import MiniSudoku, solve
from tests.tasks.properties import TaskProperties

TASK = MiniSudoku()
PUZZLE = {"puzzle": ["___3", "___4", "1342", "_2__"]}
SOLUTION = "2 4 1 3\n3 1 2 4\n1 3 4 2\n4 2 3 1"


def test_the_thought_line_by_line() -> None:
    item = TASK.generate(Random(0), 3)
    item = Item(item.task, 3, item.problem, SOLUTION, PUZZLE)
    plain = min(
        (TASK.demonstrate(item, Random(s)) for s in range(30)), key=lambda d: len(d.thought)
    )
    assert plain.thought.split("\n") == [
        "sudoku ___3 ___4 1342 _2__",
        "r2c2 r4 c32 >1 r4c1 r2 c1 b132 >4 r4c4 r2 c342 >1",
        "___3 _1_4 1342 42_1",
        "r1c1 r3 c14 >2 r1c2 r3 c132 >4 r2c3 r14 c4 b34 >2",
        "24_3 _124 1342 42_1",
        "r1c3 r243 >1 r2c1 r124 >3 r4c3 r421 >3",
        "2413 3124 1342 4231",
        "c 2314 4132 1243 3421 b 2431 1324 1342 4231 yes",
    ]
    assert plain.answer == SOLUTION


@pytest.mark.parametrize(
    ("text", "feedback"),
    [
        (SOLUTION, ""),
        ("2413\n3124\n1342\n4231", ""),
        ("2413 3124 1342 4231", ""),
        ("Answer:\n2,4,1,3\n3,1,2,4\n1,3,4,2\n4,2,3,1\n", ""),
        (SOLUTION.replace("2 4 1 3", "4 2 1 3"), "column 1 has 4 twice"),
        (SOLUTION.replace("1 3 4 2", "1 3 2 4"), "r3c3 was given as 4"),
        (SOLUTION.replace("2 4 1 3", "2 2 1 3"), "row 1 has 2 twice"),
        ("4 1 2 3\n2 3 1 4\n1 3 4 2\n3 2 4 1", "column 2 has 3 twice"),
        ("2413 3124 1342 423", "that is not a grid of four rows with four digits 1 to 4"),
        ("2413 3124 1342 4235", "that is not a grid of four rows with four digits 1 to 4"),
        ("2413 3124 1342 423\u0661", "that is not a grid of four rows with four digits 1 to 4"),
        (SOLUTION + " " * 5000 + "1", "that is not a grid of four rows with four digits 1 to 4"),
    ],
)
def test_answers_are_judged_from_the_question(text: str, feedback: str) -> None:
    verdict = TASK.check_answer(PUZZLE, text)
    assert (verdict.passed, verdict.feedback) == (not feedback, feedback)


@pytest.mark.parametrize(("level", "low", "high"), [(1, 2, 4), (2, 5, 8), (4, 11, 12), (5, 12, 12)])
def test_levels_are_counts_of_empty_cells(level: int, low: int, high: int) -> None:
    for seed in range(50):
        grid = "".join(TASK.generate(Random(seed), level).data["puzzle"])
        assert low <= grid.count("_") <= high


def test_every_puzzle_has_one_solution() -> None:
    for level in TASK.levels:
        for seed in range(50):
            item = TASK.generate(Random(seed), level)
            solutions = solve(list("".join(item.data["puzzle"])), limit=2)
            assert [" ".join(s) for s in solutions] == [item.answer.replace("\n", " ")]


def test_every_named_cell_shows_what_the_grid_above_holds() -> None:
    """Also in slips: they misread the last step, not the digits seen."""
    for seed in range(200):
        item = TASK.generate(Random(seed), 3, split="train")
        grid: list[str] = []
        for line in (
            TASK.demonstrate(item, Random(seed)).thought.removeprefix("sudoku ").split("\n")
        ):
            if re.fullmatch(r"[1-4_]{4}( [1-4_]{4}){3}", line):
                grid = line.split(" ")
            for r, c, row, column in re.findall(r"r(\d)c(\d) r(\d*)(?: c(\d*))?", line):
                assert row == grid[int(r) - 1].replace("_", "")
                digits = "".join(g[int(c) - 1] for g in grid).replace("_", "")
                assert column == digits or (column == "" and len(set(row)) == 3)


def test_a_hinted_digit_is_filled_in_first() -> None:
    item = TASK.generate(Random(4), 3)
    hint = next(
        h for s in range(20) if re.fullmatch(r"r\dc\d is \d", h := TASK.hint(item, "", Random(s)))
    )
    lines = TASK.demonstrate(item, Random(1), hint=hint).thought.split("\n")
    assert lines[1] == f"hint: {hint}"
    assert re.match(rf"{hint[:4]} [^>]*>{hint[-1]}", lines[2])


def test_a_puzzle_with_two_solutions_is_refused() -> None:
    item = TASK.generate(Random(0), 3)
    item = Item(item.task, 3, item.problem, SOLUTION, {"puzzle": ["2413", "31__", "____", "____"]})
    with pytest.raises(ValueError, match="more than one solution"):
        TASK.demonstrate(item, Random(0))


def test_verdicts_agree_with_reasoning_gym() -> None:
    gym = pytest.importorskip("reasoning_gym")
    dataset = gym.create_dataset("mini_sudoku", seed=1, size=60)
    for entry in dataset:
        rows = ["".join(str(d or "_") for d in row) for row in entry["metadata"]["puzzle"]]
        item = Item("mini_sudoku", 3, TASK.generate(Random(0), 3).problem, "", {"puzzle": rows})
        gold = entry["answer"]
        assert TASK.verify(item, gold).passed
        assert TASK.demonstrate(item, Random(0)).answer == gold
        for text in (
            gold,
            gold.replace("1", "2", 1),
            gold[:-2],
            *TASK.near_misses(item, Random(0)),
        ):
            assert TASK.verify(item, text).passed == (dataset.score_answer(text, entry) == 1.0)


class TestMiniSudoku(TaskProperties):
    task = TASK
    milliseconds = 15.0
    max_chars = 700

    def needed(self, item: Item) -> list[str]:
        return []  # the grid is shown in several forms: see below

    def test_every_wording_shows_the_grid(self) -> None:
        row = r"[1-4_.0](?: ?[1-4_.0]){3}"
        for language in ("en", "ko"):
            for wording in ("own", "held_out", "gym"):
                for item in self.items(wording=wording, language=language):
                    found = re.search(rf"{row}(?:\n{row}){{3}}", item.question)
                    assert found is not None, item.question
                    shown = re.sub("[.0]", "_", found[0].replace(" ", "")).split("\n")
                    assert shown == item.data["puzzle"]

    def test_some_demonstrations_repair_a_slip(self) -> None:
        found = 0
        for seed in range(400):
            item = TASK.generate(Random(seed), 3, split="train")
            shown = TASK.demonstrate(item, Random(seed))
            if " no\n" in "".join(
                f"{line}\n" for line in shown.thought.split("\n") if line[0] == "c"
            ):
                found += 1
                wrong = [span.text for span in shown.spans if not span.loss]
                assert any(re.fullmatch(r" >\d", text) for text in wrong)
                assert shown.thought.endswith(" yes")
        assert 15 < found < 80
