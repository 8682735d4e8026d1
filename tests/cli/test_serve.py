"""The server's commands at their edges; what it serves is tested in tests/server."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")

from secondthought.cli import serve
from secondthought.cli.main import main
from secondthought.models.remote.model import Remote
from secondthought.models.resolve import open_model
from secondthought.server.settings import Settings

SCRIPT = [{"answer": "a"}]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    code = left.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "script.json"
    path.write_text(json.dumps(SCRIPT), "utf-8")
    return f"script:{path}"


def test_beyond_this_machine_only_with_keys(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = str(tmp_path / "s.db")
    assert run("serve", "-m", model, "--host", "0.0.0.0", "--db", db) == 2
    assert "keys create" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_in_one_line(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        db = str(tmp_path / "s.db")
        assert run("serve", "-m", model, "--port", port, "--db", db) == 2
    error = capsys.readouterr().err
    assert "--port" in error
    assert error.count("\n") == 1


def test_a_database_that_cannot_be_opened_is_said_in_one_line(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("serve", "-m", model, "--db", "/proc/none/s.db") == 2
    assert "--db" in capsys.readouterr().err


def test_a_model_that_is_not_there_is_said_before_anything_is_served(tmp_path: Path) -> None:
    assert run("serve", "-m", "nothing-like-it", "--db", str(tmp_path / "s.db")) == 2


def test_verifiers_of_ones_own_reach_the_server(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.py").write_text("def f(q, a): return True\ndef g(q, a): return True\n")
    served: list[Settings] = []

    async def catch(*facts: Any) -> None:
        served.append(facts[-1])

    monkeypatch.setattr(serve, "_serve", catch)
    mine = f"{tmp_path}/mine.py"
    assert run("serve", "-m", model, "--verifier", f"{mine}:f", "--verifier", f"{mine}:g") == 0
    assert [verifier.name for verifier in served[0].verifiers] == ["f", "g"]
    assert run("serve", "-m", model, "--verifier", f"{mine}:none") == 2
    assert capsys.readouterr().err == f"error: {mine} has no 'none'\n"
    assert len(served) == 1


@pytest.mark.parametrize(
    ("address", "listed", "name"),
    [
        ("http://h/v1", ("big", "small"), "big"),
        ("http://h/v1#small", ("big", "small"), "http://h/v1#small"),
        ("ollama/small", ("big", "small"), "ollama/small"),
        ("http://h/v1", (), "http://h/v1"),
    ],
)
async def test_the_curl_line_names_a_model_that_the_server_behind_has(
    monkeypatch: pytest.MonkeyPatch, address: str, listed: tuple[str, ...], name: str
) -> None:
    async def models(_: Remote) -> tuple[str, ...]:
        return listed

    monkeypatch.setattr(Remote, "models", models)
    assert await serve._first_name(open_model(address)) == name


async def test_a_server_behind_that_is_not_there_is_said_at_the_start(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    assert await serve._first_name(open_model(address)) == address
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"warning: no server answers at {address}; is it started, and is this its port? "
        "It is asked again with each request."
    )


def test_keys_are_made_listed_and_revoked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = ("--db", str(tmp_path / "s.db"))
    assert run("keys", "create", "me", "--scope", "operator", *db) == 0
    secret = capsys.readouterr().out.strip()
    assert secret.startswith("sk-st-")
    assert run("keys", "create", "you", "--reasoning", "summary", *db) == 0
    capsys.readouterr()
    assert run("keys", "list", "--json", *db) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(k["name"], k["scope"], k["reasoning"]) for k in listed] == [
        ("me", "operator", None),
        ("you", "user", "summary"),
    ]
    assert run("keys", "revoke", listed[0]["id"], *db) == 0
    assert run("keys", "revoke", listed[0]["id"], *db) == 2
    capsys.readouterr()
    assert run("keys", "list", *db) == 0
    shown = capsys.readouterr().out
    assert "revoked" in shown
    assert secret not in shown
    assert run("keys", "create", " ", *db) == 2
