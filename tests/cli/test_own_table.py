"""A table of efforts of the user's own, named in the environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def test_its_rows_are_used(
    run: Any, script: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = script({"thought": "a b c d", "answer": "5"})
    (tmp_path / "own.toml").write_text("[medium]\nstrategy = 'think'\nthought_tokens = 2\n")
    monkeypatch.setenv("SECONDTHOUGHT_EFFORT", str(tmp_path / "own.toml"))
    shown = json.loads(run("ask", "What?", "--json", "-m", model).stdout)
    assert (shown["finish_reason"], shown["thinking"]) == ("thought_cap", "a b ")


@pytest.mark.parametrize("text", [None, "[medium", "[medium]\nthought = 2\n"])
@pytest.mark.parametrize("command", [("ask", "What?"), ("chat",), ("eval", "gcd")])
def test_a_wrong_one_is_bad_input(
    run: Any,
    script: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    text: str | None,
) -> None:
    if text is not None:
        (tmp_path / "own.toml").write_text(text)
    monkeypatch.setenv("SECONDTHOUGHT_EFFORT", str(tmp_path / "own.toml"))
    done = run(*command, "-m", script({"answer": "5"}))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {tmp_path / 'own.toml'}, which SECONDTHOUGHT_EFFORT")
    assert done.stderr.count("\n") == 1
