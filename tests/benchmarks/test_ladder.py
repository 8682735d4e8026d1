"""The ladder of several series: one picture, and each effort against the one before."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
pytest.importorskip("matplotlib")

import ladder

from secondthought.evals.report import summarise
from secondthought.evals.results import ResultFile, Row
from secondthought.messages import BadInput

TOKENS = {"none": 5, "low": 300, "high": 3000}


def row(i: int, effort: str, correct: bool, model: str = "m") -> Row:
    tokens = TOKENS[effort]
    return Row(
        *(f"gcd/{i}", "gcd", "gcd", effort, "1", "1", correct, tokens - 1, tokens, 1.0, "stop"),
        *(False, True, "", 0, None, "f"),
        model=model,
    )


def saved(path: Path, right: dict[str, int], *, n: int = 20, finished: bool = True) -> Path:
    """So many of the first questions are right at each effort."""
    rows = [row(i, effort, i < count) for effort, count in right.items() for i in range(n)]
    with ResultFile(path, []) as file:
        for one in reversed(rows):
            file.add(one)
        if finished:
            file.finish(summarise(rows))
    return path


def test_two_series_in_one_picture_and_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a = saved(tmp_path / "a.jsonl", {"none": 2, "low": 12, "high": 11})
    b = saved(tmp_path / "b.jsonl", {"none": 0, "low": 8})
    out = tmp_path / "new" / "folder"
    ladder.main([f"trained levels={a}", f"unseen={b}", "--out", str(out)])
    table = capsys.readouterr().out.splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]
    assert [[*line[:3], line[4]] for line in cells] == [
        ["trained levels", "none", "20", "5"],
        ["trained levels", "low", "20", "300"],
        ["trained levels", "high", "20", "3,000"],
        ["unseen", "none", "20", "5"],
        ["unseen", "low", "20", "300"],
    ]
    assert cells[0][3].startswith("10.0 % (")
    assert [line[6:] for line in cells] == [
        ["", "", ""],
        ["10", "0", "0.002"],
        ["0", "1", "1"],
        ["", "", ""],
        ["8", "0", "0.0078"],
    ]
    assert cells[2][5].startswith("-5.0 (")
    svg = (out / "ladder.svg").read_text()
    assert svg.startswith("<?xml")
    assert "<!-- trained levels -->" in svg
    assert "<!-- unseen -->" in svg
    assert (out / "ladder.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_no_series(tmp_path: Path) -> None:
    whole = saved(tmp_path / "a.jsonl", {"none": 2, "low": 12})
    part = saved(tmp_path / "b.jsonl", {"none": 2}, finished=False)
    two = tmp_path / "c.jsonl"
    with ResultFile(two, []) as file:
        rows = [row(0, "low", True), row(0, "low", True, "other")]
        for one in rows:
            file.add(one)
        file.finish(summarise(rows))
    for given, why in {
        (str(whole),): "write LABEL=FILE",
        (f"={whole}",): "write LABEL=FILE",
        (f"a={whole}", f"a={whole}"): "the same label",
        (f"a={part}",): "not finished",
        (f"a={two}",): "several models",
        (f"a={tmp_path / 'none.jsonl'}",): "cannot be read",
    }.items():
        with pytest.raises(BadInput, match=why):
            ladder.main([*given, "--out", str(tmp_path)])
