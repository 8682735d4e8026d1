"""The report: made of the rows alone, in whatever order they stand."""

from random import Random

import pytest

from secondthought.evals import curves, folder
from secondthought.evals.report import summarise
from secondthought.evals.results import ResultFile, Row
from secondthought.messages import BadInput


def row(i, group, effort, correct, model="m|1", sample=0, **changes):
    tokens = {"none": 5, "medium": 500, "high": 2500}[effort]
    fields = {
        "id": f"{group}/{i}",
        "task": group,
        "group": group,
        "effort": effort,
        "got": "1",
        "want": "1",
        "correct": correct,
        "reasoning_tokens": tokens - 1,
        "completion_tokens": tokens,
        "seconds": 1.0,
        "finish_reason": "stop",
        "refused": False,
        "in_scope": True,
        "weights": "",
        "seed": 0,
        "temperature": None,
        "item": "f",
        "model": model,
        "sample": sample,
    }
    return Row(**fields | changes)


def rows():
    """Thinking helps with b, does nothing for a, and harms c."""
    return [
        row(i, group, effort, {"a": i < 5, "b": not none, "c": none}[group])
        for effort, none in (("none", True), ("medium", False))
        for group in "bca"
        for i in range(10)
    ]


def saved(path, found, *, finished=True):
    with ResultFile(path, []) as file:
        for one in found:
            file.add(one)
        if finished:
            file.finish(summarise(rows(), suite="mine", seed=3))
    return path


def section(report, title):
    return report.split(f"## {title}\n")[1].split("\n## ")[0]


def test_the_order_of_the_rows_changes_nothing(tmp_path):
    mixed = rows()
    Random(1).shuffle(mixed)
    a = folder.read(saved(tmp_path / "a.jsonl", rows()))
    b = folder.read(saved(tmp_path / "b.jsonl", mixed))
    assert a == b
    assert list(a["models"]["m|1"]["efforts"]) == ["none", "medium"]
    assert folder.text(a, []) == folder.text(b, [])


def test_it_says_where_thinking_is_not_worth_it(tmp_path):
    report = folder.text(folder.read(saved(tmp_path / "a.jsonl", rows())), [])
    lines = section(report, "Where it is not worth it").splitlines()
    shown = [line for line in lines if line.startswith("| m\\|1")]
    assert [line.split(" | ")[2] for line in shown] == ["c", "a", "all questions"]
    assert all(line.endswith("| 500 | 5 |") for line in shown)
    assert "-100.0" in shown[0]
    gains = section(report, "What effort gains")
    assert "| medium - none | b | 10 | +100.0 | +100.0 to +100.0 | 10 | 0 | 0.002 | gain |" in gains
    better = [r for r in rows() if r.group == "b"]
    report = folder.text(summarise(better, suite="b"), [])
    assert "Nowhere" in section(report, "Where it is not worth it")


def test_names_from_files_stay_in_their_cells(tmp_path):
    report = folder.text(folder.read(saved(tmp_path / "a.jsonl", rows())), [])
    for table in [part for part in report.split("\n\n") if part.startswith("|")]:
        columns = {line.replace("\\|", "").count("|") for line in table.splitlines()}
        assert len(columns) == 1


def test_an_unfinished_file_is_reported_as_such(tmp_path):
    path = saved(tmp_path / "a.jsonl", rows()[:33], finished=False)
    report = folder.text(folder.read(path), [])
    assert "**Unfinished:**" in report
    assert "| m\\|1 | medium | 3 |" in report
    with pytest.raises(BadInput, match="holds no answers"):
        folder.read(saved(tmp_path / "b.jsonl", []))


def test_pictures_by_task(tmp_path):
    two = rows() + [row(i, "a", "none", True, "n") for i in range(10)]
    written = folder.write(saved(tmp_path / "a.jsonl", two), tmp_path / "out")
    names = ["report.md", "accuracy.svg", "accuracy.png", "tasks.svg", "tasks.png"]
    assert [path.name for path in written] == [*names, "results.jsonl"]
    svg = (tmp_path / "out" / "tasks.svg").read_text()
    assert svg.startswith("<?xml")
    assert "dc:date" not in svg
    assert (tmp_path / "out" / "tasks.png").read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_the_report_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "_pictures", lambda summary, where: [])
    (report, kept) = folder.write(saved(tmp_path / "a.jsonl", rows()), tmp_path / "out")
    assert "pip install 'secondthought[plot]'" in report.read_text()
    assert kept.read_bytes() == (tmp_path / "a.jsonl").read_bytes()


def test_curves_over_tokens():
    pool = [
        row(i, "a", "medium", s < 2, sample=s, vote=str(s < 2)) for i in range(4) for s in range(4)
    ]
    (curve,) = curves.overall(summarise(rows()))
    assert [(p.name, p.tokens, p.share) for p in curve.points] == [
        ("none", 5, 0.5),
        ("medium", 500, 0.5),
    ]
    only = {c.kind: c for c in curves.overall(summarise(pool))}
    assert set(only) == {"efforts", "pass@k, medium", "vote@k, medium"}
    assert [(p.name, p.tokens) for p in only["pass@k, medium"].points] == [
        ("1", 500),
        ("2", 1000),
        ("4", 2000),
    ]
    nothing = [row(i, "a", "none", False, completion_tokens=0) for i in range(3)]
    assert curves.overall(summarise(nothing)) == []  # has no place on a logarithmic axis
    by_group = curves.by_group(summarise(rows()))
    assert {g: [p.share for p in c[0].points] for g, c in by_group.items()} == {
        "b": [0, 1],
        "c": [1, 0],
        "a": [0.5, 0.5],
    }
