from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest


def test_checkpoints_of_ones_own_are_listed(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "first"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "runs" / "model.safetensors").write_bytes(b"no config beside it")
    shown = json.loads(run("models", str(tmp_path / "runs"), "--json").stdout)
    (own,) = [model for model in shown["models"] if model["kind"] == "own"]
    assert (own["name"], own["size"]) == (str(folder), 7)
    assert own["hash"] == hashlib.sha256(b"weights").hexdigest()[:12]
    assert str(folder) in run("models", str(tmp_path / "runs")).stdout


def test_a_folder_is_shown_whole_on_a_narrow_terminal(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("a" * 60) / ("b" * 60)
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("rich.console.Console.is_terminal", True)
    shown = run("models", str(tmp_path)).stdout
    assert max(map(len, shown.splitlines())) <= 80
    cells = "".join(line.split(" ")[0] for line in shown.splitlines())
    assert str(folder) in cells
    assert "0.0 MB" in shown


def test_a_folder_that_is_not_there_is_named(run: Any, tmp_path: Path) -> None:
    """Also what was meant as a command: `models lst` must not look like `models list`."""
    (tmp_path / "file").write_text("")
    for words in (["lst"], ["list", str(tmp_path / "none")], [str(tmp_path / "file"), "--json"]):
        done = run("models", *words)
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("error: there is no folder ")
