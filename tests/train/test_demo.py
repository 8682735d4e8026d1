"""`train demo`: finds a task that is half known, trains for a while, says what it was worth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

from secondthought.cli.main import main
from secondthought.cli.train_demo import half_known, summary
from secondthought.messages import BadInput
from tests.train.conftest import PARITY


def test_the_task_nearest_to_the_middle_is_taken() -> None:
    assert half_known({"gcd": 0.9, "products": 0.25, "chain_sum": 0.5, "countdown": 0.0}) == (
        "chain_sum"
    )
    with pytest.raises(BadInput, match=r"no task between 20% and 60%.*gcd, 70%.*--task"):
        half_known({"gcd": 0.7, "countdown": 0.0})


def test_the_summary_has_both_figures_with_intervals() -> None:
    first = {"step": 0, "items": 64, "accuracy": {"gcd": 0.25}, "sampled_accuracy": {"gcd": 0.5}}
    last = {"step": 9, "items": 64, "accuracy": {"gcd": 0.75}, "sampled_accuracy": {"gcd": 0.5}}
    greedy = summary("gcd", first, last).splitlines()[1].strip()
    assert greedy == "greedy: 25% (16% to 37%) -> 75% (63% to 84%)"


def test_a_demo_trains_measures_its_last_weights_and_goes_on(
    tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "demo"
    command = f"train demo -m {tiny_folder} --task {PARITY} --out {out} --threads 1 --minutes 0.1"

    def steps() -> list[int]:
        with pytest.raises(SystemExit) as left:
            main(command.split())
        assert left.value.code == 0
        assert " other questions than the training's, after " in capsys.readouterr().out
        rows = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
        assert "accuracy" in rows[-1]
        assert rows[-1]["step"] == max(row["step"] for row in rows)
        return [row["step"] for row in rows if "accuracy" in row]

    first = steps()
    assert first[0] == 0
    assert first[-1] >= 1
    assert steps()[-1] > first[-1]
    assert (out / "report.html").is_file()
