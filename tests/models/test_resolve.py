from __future__ import annotations

import json
from pathlib import Path

import pytest

from secondthought import BadInput, open_model


def test_a_script(tmp_path: Path) -> None:
    path = tmp_path / "turns.json"
    path.write_text(json.dumps([{"answer": "x"}]))
    assert open_model(f"script:{path}").name == f"script:{path}"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ollama://x", "no http or https URL"),
        ("ollama/", "needs the name of a model"),
        ("gpt-17", "no model named 'gpt-17'"),
        ("script:nowhere.json", "there is no script"),
        ("", "no model named"),
    ],
)
def test_names_that_lead_nowhere(name: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=why):
        open_model(name)


@pytest.mark.parametrize("name", ["http://127.0.0.1:8000/v1", "https://h/v1#m", "ollama/qwen3"])
def test_servers_are_not_asked_yet(name: str) -> None:
    assert open_model(name).name == name


def test_a_folder_that_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        open_model(str(tmp_path))
