"""Names for models of one's own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from secondthought.messages import BadInput
from secondthought.models import added, embedded, resolve
from tests.cli.conftest import run as run  # the command in this process


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def best(tmp_path: Path) -> Path:
    """The shipped model as a run leaves it."""
    return Path(shutil.copytree(embedded.find("mini"), tmp_path / "rl" / "best"))


def test_an_added_model_is_found_by_its_name_everywhere(best: Path, run: Any) -> None:
    assert run("models", "add", str(best)).stdout.strip() == "rl"
    assert embedded.find("rl") == best.resolve()
    assert run("models", "add", str(best), "--name", "Mine-2").returncode == 0
    assert resolve.open_model("Mine-2").name == "Mine-2"
    listed = json.loads(run("models", "--json").stdout)["models"]
    assert {m["name"]: m["folder"] for m in listed if m["kind"] == "added"} == {
        "rl": str(best.resolve()),
        "Mine-2": str(best.resolve()),
    }
    asked = run("ask", "-m", "rl", "--json", "--max-tokens", "16", "What is 3*4?")
    assert json.loads(asked.stdout)["model"] == "rl"
    gone = run("models", "remove", "rl")
    assert gone.returncode == 0
    assert best.is_dir()
    assert "no model named 'rl'; here are: secondthought-5m, mini, Mine-2" in (
        run("ask", "-m", "rl", "hi").stderr
    )


def test_names_are_taken_once_and_the_same_again_is_no_error(best: Path, run: Any) -> None:
    assert run("models", "add", str(best)).returncode == 0
    assert run("models", "add", str(best)).returncode == 0
    other = shutil.copytree(best, best.parent / "other")
    said = run("models", "add", str(other), "--name", "rl")
    assert said.returncode == 2
    assert f"rl already names {best.resolve()}" in said.stderr
    assert "shipped model" in run("models", "add", str(best), "--name", "mini").stderr


def test_a_folder_that_is_no_model_gets_no_name(best: Path, tmp_path: Path, run: Any) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    cases = {str(empty): "it has no config.json", str(tmp_path / "none"): "is no checkpoint"}
    (best / "graph.onnx").unlink()
    cases[str(best)] = "it has no graph.onnx"
    damaged = shutil.copytree(embedded.find("mini"), tmp_path / "damaged")
    (damaged / "model.safetensors").write_bytes(b"no weights")
    cases[str(damaged)] = "damaged"
    for folder, said in cases.items():
        done = run("models", "add", folder, "--name", "n")
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert added.names() == {}


@pytest.mark.parametrize("name", ["", ".", "a/b", "../up", "a b", "http://x", "-m", "x" * 65, "é"])
def test_names_that_would_mean_something_else_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot name a model"):
        added.add(tmp_path, name)


def test_a_folder_that_went_away_is_said_and_can_be_forgotten(best: Path, run: Any) -> None:
    added.add(best, "gone")
    shutil.rmtree(best)
    with pytest.raises(BadInput, match=r"which is no more.*models remove gone"):
        embedded.find("gone")
    assert "missing" in run("models").stdout
    assert run("models", "remove", "gone").returncode == 0
    assert "no model was added as 'gone'" in run("models", "remove", "gone").stderr


def test_a_damaged_or_half_written_file_hides_nothing_else(best: Path) -> None:
    added.add(best, "whole")
    for text in ("", "{", "[]", '{"folder": 3}'):
        (added.data_folder() / "torn.json").write_text(text)
        assert list(added.names()) == ["whole"]
    assert not list(added.data_folder().glob("*.part"))
