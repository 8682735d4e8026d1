"""Thoughts of mini Sudoku: grids, the digits that a cell's row, column and box hold, the check."""

from __future__ import annotations

import re

from secondthought.tasks.reading import Marks, Piece, words

_MOST_GRIDS = 40
_CELL = re.compile(r"r([0-9])c([0-9])")
_UNIT = re.compile(r"([rcb])([0-9]*)")
_GRID = re.compile(r"[0-9_]{4}(?: [0-9_]{4}){3}")


class Sudoku:
    """ "sudoku ___3 ___4 1342 _2__": placements, the grid again, the check."""

    sheet = False

    def __init__(self, rows: str) -> None:
        self._grids = [rows.replace(" ", "")]
        self._placed: dict[int, str] = {}
        self._refused = False

    def read(self, line: str, ended: bool) -> list[Piece]:
        marks = Marks(line)
        if _GRID.fullmatch(line):
            self._grid(marks)
        elif " >" in line or _CELL.match(line):
            self._cells(marks, ended)
        elif line.startswith("c "):
            self._check(marks)
        return marks.pieces

    def _grid(self, marks: Marks) -> None:
        """The last grid with the digits placed since; after a check that failed, one before."""
        written = marks.line.replace(" ", "")
        due = list(self._grids[-1])
        for cell, digit in self._placed.items():
            due[cell] = digit
        right = "".join(due)
        if self._refused:
            before = [grid for grid in self._grids[:-1] if grid == written]
            right = before[-1] if before else self._grids[-2] if len(self._grids) > 1 else right
        for i, match in enumerate(words(marks.line)):
            ok = match[0] == right[4 * i : 4 * i + 4]
            marks.word(match, "grid", ok, "not the grid above with what was placed")
        self._grids = [*self._grids[-_MOST_GRIDS:], written]
        self._placed, self._refused = {}, False

    def _cells(self, marks: Marks, ended: bool) -> None:
        grid = self._grids[-1]
        cell: int | None = None
        left = set("1234")
        units, doubtful = "", False
        found = words(marks.line)
        for k, match in enumerate(found):
            last = match is found[-1] and not ended
            if m := _CELL.fullmatch(match[0]):
                if doubtful:
                    marks.lacks("more than one digit is left")
                r, c = int(m[1]) - 1, int(m[2]) - 1
                cell = 4 * r + c if r in range(4) and c in range(4) else None
                free = cell is not None and grid[cell] == "_" and cell not in self._placed
                marks.word(match, "cell", free, "there is no such empty cell")
                left, units, doubtful = set("1234"), "", False
            elif m := _UNIT.fullmatch(match[0]):
                units += m[1]
                digits = _digits(grid, m[1], cell) if cell is not None else ""
                ok = None if cell is None or last else m[2] == digits and units in "rcb"
                marks.word(match, "cell", ok, "not the digits that stand there")
                left -= set(m[2])
            elif match[0][0] == ">":
                digits = match[0][1:]
                doubtful = len(digits) > 1
                noted = k + 1 < len(found) and found[k + 1][0] == "no"
                ok = digits == "".join(sorted(left)) and (not noted or doubtful)
                marks.word(match, "cell", None if last and not ok else ok, "not what is left")
                if cell is not None and len(digits) == 1 and not noted and digits in "1234":
                    self._placed[cell] = digits
            elif match[0] == "no":
                marks.word(match, "verdict", doubtful, "one digit is left")
                doubtful = False
            elif not last:
                marks.misshapen(match)
        if doubtful and ended:
            marks.lacks("more than one digit is left")

    def _check(self, marks: Marks) -> None:
        """Columns and boxes as they stand in the grid, up to one with a digit twice."""
        grid = self._grids[-1]
        due = [_digits(grid, "c", k) for k in range(4)]
        due += [_digits(grid, "b", cell) for cell in (0, 2, 8, 10)]
        written: list[str] = []
        for match in words(marks.line)[1:]:
            if match[0] in ("yes", "no"):
                twice = any(len(set(digits)) < len(digits) for digits in written)
                whole = len(written) == 8 and "_" not in grid
                # A "no" needs a digit twice, a "yes" all columns and boxes without.
                ok = twice if match[0] == "no" else whole and not twice
                marks.word(match, "verdict", ok, "the columns and boxes do not say so")
                self._refused = match[0] == "no"
            elif re.fullmatch("[0-9]+", match[0]):
                k = len(written)
                cut = match.end() == len(marks.line) and len(match[0]) < 4
                ok = match[0] in due[k : k + 1]
                marks.word(match, "cell", ok or (None if cut else False), "not what stands there")
                written.append(match[0])
            elif match[0] != "b":
                marks.misshapen(match)


def _digits(grid: str, unit: str, cell: int) -> str:
    """The digits of a cell's row, column or box, in reading order."""
    row, column = divmod(cell, 4)
    if unit == "r":
        cells = range(4 * row, 4 * row + 4)
    elif unit == "c":
        cells = range(column, 16, 4)
    else:
        corner = 8 * (row // 2) + 2 * (column // 2)
        cells = (corner, corner + 1, corner + 4, corner + 5)
    return "".join(grid[c] for c in cells if grid[c] != "_")
