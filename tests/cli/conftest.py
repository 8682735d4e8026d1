"""The command in this process: quicker than one of its own."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from secondthought.cli.main import main


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., str]:
    """Write turns to a file; gives what to say after -m."""

    def write(*turns: dict[str, Any]) -> str:
        path = tmp_path / "script.json"
        path.write_text(json.dumps(turns), "utf-8")
        return f"script:{path}"

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run the command; `stdin` is text or bytes."""

    def start(*arguments: str, stdin: str | bytes = "") -> SimpleNamespace:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
        with pytest.raises(SystemExit) as leave:
            main(list(arguments))
        said = capsys.readouterr()
        return SimpleNamespace(returncode=leave.value.code, stdout=said.out, stderr=said.err)

    return start
