"""Mini Sudoku: a 4x4 grid where every row, column and 2x2 box holds 1 to 4 once.

The thought names cells for which only one digit is left, with the digits that their row, column
and box hold until three are known, writes the grid again and goes on. At the end it reads the
columns and boxes of the full grid (its rows are in sight):

    sudoku ___3 ___4 1342 _2__
    r2c2 r4 c32 >1 r4c1 r2 c1 b132 >4 r4c4 r2 c342 >1
    ___3 _1_4 1342 42_1
    r1c1 r3 c14 >2 r1c2 r3 c132 >4 r2c3 r14 c4 b34 >2
    24_3 _124 1342 42_1
    r1c3 r243 >1 r2c1 r124 >3 r4c3 r421 >3
    2413 3124 1342 4231
    c 2314 4132 1243 3421 b 2431 1324 1342 4231 yes

A cell with more digits left is noted and passed over: "r1c3 r3 c4 b34 >12 no". No other rule is
needed: every 4x4 grid with one solution has such a single digit until it is full (all masks of
all grids have been tried, up to renaming the digits).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, ClassVar

from secondthought.messages import AnswerFormat, Problem
from secondthought.tasks import expression
from secondthought.tasks.base import Demonstration, Item, Language, Span, Split, Task, Wording
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.wordings.mini_sudoku import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.trace import Verdict

GYM = (
    "In 4x4 Mini Sudoku:\n"
    "- Each row must contain each number from 1-4 exactly once\n"
    "- Each column must contain each number 1-4 exactly once\n"
    "- Each 2x2 subgrid must contain each number 1-4 exactly once\n"
    "Solve this 4x4 Mini Sudoku puzzle:\n{grid}\n"
    "Format your response as the puzzle above, with spaces separating each number within a row, "
    "and newlines separating rows.\n",
)

Grid = list[str]
"""Sixteen cells in reading order, "1" to "4" or "_"."""

_EMPTY = {1: (2, 4), 2: (5, 8), 3: (8, 12), 4: (11, 12), 5: (12, 12)}  # 3: reasoning-gym's


class MiniSudoku(Task):
    name = "mini_sudoku"
    key = "sudoku"
    title = "Mini Sudoku, 4x4"
    levels = range(1, 6)
    default_level = 3
    check = "by columns and boxes"
    checkable = True
    format: ClassVar[AnswerFormat] = AnswerFormat("grid")

    def generate(
        self,
        rng: Random,
        level: int,
        *,
        split: Split = "eval",
        wording: Wording = "own",
        language: Language = "en",
    ) -> Item:
        if level not in _EMPTY:
            raise ValueError(f"mini_sudoku has levels 1 to 5, not {level}")
        puzzle, solution = _puzzle(rng, *_EMPTY[level])
        if wording == "gym":
            language = "en"
            question = phrase(rng, GYM, decorate=False, grid=_spaced(puzzle))
        else:
            own, held_out = (OWN_EN, HELD_OUT_EN) if language == "en" else (OWN_KO, HELD_OUT_KO)
            shown = rng.choice((_spaced, _spaced, _dense))(puzzle)
            shown = shown.replace("_", rng.choice("___.0"))
            usual = wording == "own"
            question = phrase(rng, own if usual else held_out, usual_first=usual, grid=shown)
        data = {"puzzle": _rows(puzzle)}
        return Item(
            self.name,
            level,
            Problem.ask(question),
            _spaced(solution),
            data,
            wording,
            language,
        )

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        grid = _grid(item.data)
        solution = solve(grid)[0]
        spans = [Span(f"{self.key} {' '.join(_rows(grid))}\n")]
        hinted = -1
        if hint:
            spans.append(Span(f"hint: {hint}\n"))
            hinted = next((c for c in _singles(grid) if hint.startswith(_name(c) + " ")), -1)
        slip = rng.random() < 0.1
        while "_" in grid:
            chosen = sorted(_singles(grid), key=lambda c: c != hinted)[:3]
            if not chosen:
                raise ValueError("the puzzle has more than one solution")
            line: list[Span] = []
            for cell in chosen:
                line += [Span(" "), Span(f"{_seen(grid, cell)} >{solution[cell]}")]
            doubtful = [c for c in range(16) if len(_candidates(grid, c)) > 1]
            if doubtful and rng.random() < 0.15:
                cell = rng.choice(doubtful)
                at = 2 * rng.randrange(len(chosen) + 1)
                look = [
                    Span(" "),
                    Span(_name(cell), loss=False),
                    Span(
                        _seen(grid, cell)[4:] + f" >{''.join(_candidates(grid, cell))} no",
                    ),
                ]
                line[at:at] = look
            last = grid.count("_") == len(chosen)
            if last and slip:
                spans += _slip(grid, solution, chosen, rng)
            for cell in chosen:
                grid[cell] = solution[cell]
            spans += [*line[1:], Span(f"\n{' '.join(_rows(grid))}\n")]
        spans.append(Span(_check(grid)))
        return Demonstration(tuple(spans), _spaced(grid))

    def verify(self, item: Item, text: str) -> Verdict:
        return self.check_answer(item.data, text)

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        given = _grid(item_data)
        answer = [c for c in expression.bare(text) if c not in " \t\r\n,|/"]
        if len(answer) != 16 or any(c not in "1234" for c in answer):
            return Verdict.of(False, "that is not a grid of four rows with four digits 1 to 4")
        for cell in range(16):
            if given[cell] not in ("_", answer[cell]):
                return Verdict.of(False, f"{_name(cell)} was given as {given[cell]}")
        for kind, units in _UNITS.items():
            for number, unit in enumerate(units, 1):
                digits = [answer[cell] for cell in unit]
                for digit in digits:
                    if digits.count(digit) > 1:
                        return Verdict.of(False, f"{kind} {number} has {digit} twice")
        return Verdict.of(True)

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        """A reason, or one digit that the givens settle: "r1c4 is 3"."""
        grid = _grid(item.data)
        singles = _singles(grid)
        reason = self.check_answer(item.data, wrong).feedback
        if singles and (not reason or rng.random() < 0.5):
            cell = rng.choice(singles)
            return f"{_name(cell)} is {_candidates(grid, cell)[0]}"
        return reason

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        given = _grid(item.data)
        solution = solve(given)[0]
        other = solution[:]
        cell = rng.choice([c for c in range(16) if given[c] == "_"])
        other[cell] = rng.choice([d for d in "1234" if d != solution[cell]])
        rows = _rows(solution)
        swapped = [c for row in (rows[1], rows[0], rows[2], rows[3]) for c in row]
        # Digits renamed: a valid grid, but not this one.
        renamed = [str(int(c) % 4 + 1) for c in solution]
        return [
            _spaced(other),
            _spaced(swapped),
            _spaced(renamed),
            "\n".join(_spaced(solution).split("\n")[:3]),
            _spaced(given),
        ]


# --- the grid -------------------------------------------------------------------------------

_UNITS: dict[str, tuple[tuple[int, ...], ...]] = {
    "row": tuple(tuple(range(4 * r, 4 * r + 4)) for r in range(4)),
    "column": tuple(tuple(range(c, 16, 4)) for c in range(4)),
    "box": tuple((b, b + 1, b + 4, b + 5) for b in (0, 2, 8, 10)),
}
_PEERS = tuple(
    tuple({p for units in _UNITS.values() for u in units if cell in u for p in u} - {cell})
    for cell in range(16)
)


def _grid(data: Mapping[str, Any]) -> Grid:
    return list("".join(data["puzzle"]))


def _rows(grid: Sequence[str]) -> list[str]:
    return ["".join(grid[i : i + 4]) for i in range(0, 16, 4)]


def _spaced(grid: Sequence[str]) -> str:
    return "\n".join(" ".join(row) for row in _rows(grid))


def _dense(grid: Sequence[str]) -> str:
    return "\n".join(_rows(grid))


def _name(cell: int) -> str:
    return f"r{cell // 4 + 1}c{cell % 4 + 1}"


def _candidates(grid: Sequence[str], cell: int) -> list[str]:
    """The digits left for an empty cell, none for a filled one."""
    if grid[cell] != "_":
        return []
    seen = {grid[p] for p in _PEERS[cell]}
    return [d for d in "1234" if d not in seen]


def _singles(grid: Sequence[str]) -> list[int]:
    return [cell for cell in range(16) if len(_candidates(grid, cell)) == 1]


def solve(grid: Sequence[str], limit: int = 1) -> list[Grid]:
    """Up to `limit` solutions, the smallest digits first."""
    counts = [(len(_candidates(grid, c)), c) for c in range(16) if grid[c] == "_"]
    if not counts:
        return [list(grid)]
    found: list[Grid] = []
    cell = min(counts)[1]
    for digit in _candidates(grid, cell):
        found += solve([*grid[:cell], digit, *grid[cell + 1 :]], limit - len(found))
        if len(found) >= limit:
            break
    return found


def _puzzle(rng: Random, low: int, high: int) -> tuple[Grid, Grid]:
    """A puzzle with one solution, and that solution, as reasoning-gym makes them: two boxes at
    random, the others by the first solution; then cells are emptied while it stays unique.

    The least number of empty cells holds at all levels but the default, where reasoning-gym
    allows fewer if no further cell can go.
    """
    while True:
        solution = ["_"] * 16
        for box in (_UNITS["box"][0], _UNITS["box"][3]):
            for cell, digit in zip(box, rng.sample("1234", 4), strict=True):
                solution[cell] = digit
        solution = _first_in_reading_order(solution)
        if "_" in solution:
            continue  # these two boxes fit no grid
        empty = rng.randint(low, high)
        grid = solution[:]
        for cell in rng.sample(range(16), 16):
            grid[cell] = "_"
            # Unique unless the cell could hold another digit.
            others = [d for d in _candidates(grid, cell) if d != solution[cell]]
            if any(solve([*grid[:cell], d, *grid[cell + 1 :]]) for d in others):
                grid[cell] = solution[cell]
            elif grid.count("_") == empty:
                return grid, solution
        if (low, high) == _EMPTY[3]:
            return grid, solution


def _first_in_reading_order(grid: Grid) -> Grid:
    """The solution that backtracking cell by cell finds first."""
    for cell in range(16):
        if grid[cell] == "_":
            for digit in _candidates(grid, cell):
                tried = [*grid[:cell], digit, *grid[cell + 1 :]]
                if solve(tried):
                    grid = tried
                    break
    return grid


# --- the thought ----------------------------------------------------------------------------


def _seen(grid: Sequence[str], cell: int) -> str:
    """The cell and the digits of its row, column and box, until three are known: "r1c4 r1 c24"."""
    text, known = _name(cell), set[str]()
    for kind, units in _UNITS.items():
        unit = next(u for u in units if cell in u)
        digits = [grid[c] for c in unit if grid[c] != "_"]
        known.update(digits)
        text += f" {kind[0]}{''.join(digits)}"
        if len(known) == 3:
            break
    return text


def _check(grid: Sequence[str]) -> str:
    """Columns and boxes of the full grid, up to the first with a digit twice."""
    text = "c"
    for kind, units in (("column", _UNITS["column"]), ("box", _UNITS["box"])):
        if kind == "box":
            text += " b"
        for unit in units:
            digits = "".join(grid[c] for c in unit)
            text += f" {digits}"
            if len(set(digits)) < 4:
                return text + " no"
    return text + " yes"


def _slip(grid: Grid, solution: Grid, chosen: Sequence[int], rng: Random) -> list[Span]:
    """The last cells filled with one digit misread, the full grid and the check that finds it;
    then the grid before, to go on from."""
    wrong = rng.choice(chosen)
    digit = rng.choice([d for d in "1234" if d != solution[wrong]])
    filled = grid[:]
    spans: list[Span] = []
    for i, cell in enumerate(chosen):
        filled[cell] = digit if cell == wrong else solution[cell]
        lead = " " if i else ""
        spans.append(Span(f"{lead}{_seen(grid, cell)}"))
        spans.append(Span(f" >{filled[cell]}", loss=cell != wrong))
    back = " ".join(_rows(grid))
    return [*spans, Span(f"\n{' '.join(_rows(filled))}\n{_check(filled)}\n{back}\n")]
