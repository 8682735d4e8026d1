"""`train rl` and its sisters as a person runs them, on a tiny network."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

from secondthought.cli.main import main
from secondthought.tasks.check import POLICIES
from secondthought.train.export import write_checkpoint
from secondthought.train.model import Shape, Transformer, to_hf

PARITY = f"{Path(__file__).parent.parent / 'train' / 'parity.py'}:Parity"
SMALL = "--groups 2 --size 2 --anchor 0 --feedback 0 --max-thought 6 --max-answer 4 --threads 1"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return left.value.code


@pytest.fixture
def model(tmp_path: Path) -> Path:
    import torch

    torch.manual_seed(0)
    shape = Shape(width=32, layers=1, heads=2, kv_heads=1, ffn=48, head_size=16, context=512)
    state = to_hf(Transformer(shape).state_dict(), shape)
    return write_checkpoint(tmp_path / "tiny", state, shape.hf_config())


def test_rl_trains_reports_and_goes_on(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    command = f"train rl -m {model} --tasks {PARITY} --out {out} --probe-items 2 {SMALL}".split()
    assert run(*command, "--steps", "1") == 0
    assert "report.html" in capsys.readouterr().out
    assert run(*command, "--steps", "2") == 0
    capsys.readouterr()
    assert run(*command, "--steps", "1") == 0
    shown = capsys.readouterr().err
    assert "step 2 of 1   all done; more with a higher --steps" in shown
    assert re.search(r"unseen questions +start +step 2\b", shown), "measured before the resume"
    assert (out / "step-0000002.pt").is_file()
    assert run("train", "report", str(out)) == 0
    assert run("train", "export", str(out / "best"), "--out", str(tmp_path / "served")) == 0
    assert (tmp_path / "served" / "graph.onnx").is_file()


def test_rejection_writes_files(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = f"-m {model} --tasks {PARITY} --out {tmp_path / 'r'}"
    limits = "--questions 4 --size 2 --max-thought 6 --max-answer 4 --threads 1"
    assert run("train", "rejection", *f"{where} {limits}".split()) == 0
    assert (tmp_path / "r" / "traces.jsonl").is_file()
    first = capsys.readouterr().out
    assert "of 4 questions solved" in first
    assert run("train", "rejection", *f"{where} {limits}".split()) == 0
    repeated = capsys.readouterr().out
    assert repeated == first
    assert "all done" in " ".join(repeated.split())


def test_every_trick_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = f"train adversaries --tasks {PARITY},gcd -n 3".split()
    # half of all answers have an even first character: that the command must not take for fine
    assert run(*command) == 1
    shown = capsys.readouterr().out
    assert all(name in shown for name in POLICIES)
    assert re.search(r"not a number +│ 0\.500 +│ 1\.00 +│ parity", shown)
    assert run(*command, "--json") == 1
    parity, gcd = json.loads(capsys.readouterr().out)
    assert list(parity["tricks"]) == list(gcd["tricks"]) == list(POLICIES)
    assert parity["tricks"]["not a number"] == 1.0
    assert (parity["ok"], gcd["ok"]) == (False, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tasks", "countdwn"], "did you mean countdown"),
        (["--tasks", " , "], "names no task"),
        (["--tasks", "gcd"], "name a model with -m"),
        (["--tasks", "gcd", "-m", "/no/such"], "no model named"),
        (["--tasks", "gcd", "--precision", "int8"], "use auto, bfloat16 or float32"),
    ],
)
def test_bad_input_is_one_line(
    tmp_path: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("train", "rl", "--out", str(tmp_path / "run"), *arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
