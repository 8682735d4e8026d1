"""The report says what the metrics say, stands alone, and escapes what a model wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from secondthought.messages import BadInput
from secondthought.train.report import SMALL, report


def _step(n: int) -> dict[str, object]:
    return {
        "step": n,
        **{name: 0.1 * n for name, _ in SMALL},
        "sampled": 1000 * n,
        "trained": 500 * n,
        "flops": 1e9 * n,
        "seconds": 60.0 * n,
        "shares": {"rollout": 0.5, "verification": 0.1, "training": 0.4},
        "skipped": 0,
        "broken": 2,
        "rates": {"countdown": {"1": 0.9, "2": 0.1 * n}},
        "drawn": {"countdown 1": 1, "countdown 2": 3, "gcd 1": 1},
    }


def _probe(n: int, share: float) -> dict[str, object]:
    return {
        "step": n,
        "accuracy": {"countdown": share, "gcd": 1.0},
        "sampled_accuracy": {"countdown": share / 2},
        "items": 64,
        "flops": 1e9 * n,
        "sampled": 0,
        "trained": 0,
        "seconds": 0.0,
    }


def _write(run: Path, name: str, rows: list[dict[str, object]]) -> None:
    (run / name).write_text("".join(json.dumps(r) + "\n" for r in rows) + '{"torn')


def test_report(tmp_path: Path) -> None:
    _write(tmp_path, "metrics.jsonl", [_probe(0, 0.25), _step(1), _step(2), _probe(2, 0.75)])
    evil = {"task": "countdown", "level": 3, "question": "<b>", "right": False}
    _write(
        tmp_path,
        "samples.jsonl",
        [
            {"step": n, **evil, "thought": "<script>alert(1)</script>", "answer": f"a{n}"}
            for n in (0, 2)
        ],
    )
    html = report(tmp_path).read_text()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert not re.search(r"(src|href)=|https?://|@import", html)  # nothing from elsewhere
    assert "<td>0.25<td>0.16 to 0.37<td>0.75<td>0.63 to 0.84<td>64" in html
    assert "2.00e+09" in html
    assert "level 1: 2, level 2: 6" in html
    assert html.index("a0 (wrong)") < html.index("a2 (wrong)")
    drawings = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(drawings) == 1 + 1 + len(SMALL)  # gcd was drawn, but only to be answered at once
    points = re.findall(r"<circle cx=(\S+) cy=(\S+)", drawings[0])
    assert points
    assert all(52 <= float(x) <= 660 and 16 <= float(y) <= 260 for x, y in points)


def test_what_a_resume_changed_is_said(tmp_path: Path) -> None:
    """A run that began as a demo, with fewer questions, and no other tasks measured."""
    began, now = _probe(0, 0.25), _probe(2, 0.75)
    began |= {"items": 16, "accuracy": {"countdown": 0.25}}
    _write(tmp_path, "metrics.jsonl", [began, _step(1), _step(2), now])
    lines: list[dict[str, object]] = [
        {
            "step": step,
            "recipe": {"tasks": ["countdown"], "steps": steps},
            "source": {"path": "<i>", "hash": "abc"},
            "threads": 2,
        }
        for step, steps in ((0, 2), (1, 9))
    ]
    _write(tmp_path, "recipe.jsonl", lines)
    html = report(tmp_path).read_text()
    assert "<td>0.25<td>0.10 to 0.49<td>0.75<td>0.63 to 0.84<td>16 and 64" in html
    assert "<td>steps<td>2; from step 1: 9<" in html
    assert "<td>threads<td>2<" in html
    assert "<td>source path<td>&lt;i&gt;<" in html


def test_folders_without_a_run_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no .*metrics\.jsonl"):
        report(tmp_path)
    _write(tmp_path, "metrics.jsonl", [{"step": 1, "loss": 2.0}])
    with pytest.raises(BadInput, match="no reinforcement learning"):
        report(tmp_path)
