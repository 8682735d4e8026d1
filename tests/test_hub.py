"""Without a network, a name on the hub is one clear line, and soon."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

from secondthought import hub
from secondthought.cli import train_trl
from secondthought.cli.main import main
from secondthought.messages import BadInput

NOBODY = "http://127.0.0.1:9"  # the port of "discard": nothing listens there
SAID = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")


@pytest.fixture(autouse=True)
def unsaid(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SAID:
        monkeypatch.setenv(name, "")  # so that what is set meanwhile is taken back
        monkeypatch.delenv(name)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_a_hub_that_answers_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            asked, _ = listening.accept()
            with asked:
                asked.recv(65536)
                asked.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{listening.getsockname()[1]}")
        hub.offline_unless_reached()
    assert "HF_HUB_OFFLINE" not in os.environ


def test_one_that_does_not_answer_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", NOBODY)
    hub.offline_unless_reached()
    assert os.environ["HF_HUB_OFFLINE"] == "1"


@pytest.mark.parametrize("name", SAID)
def test_what_the_user_has_said_holds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", NOBODY)
    monkeypatch.setenv(name, "0")
    hub.offline_unless_reached()
    assert os.environ.get("HF_HUB_OFFLINE", "0") == "0"


@pytest.mark.parametrize("command", [["sft"], ["rl", "--backend", "trl"]])
def test_the_hub_is_asked_before_trl_is_imported(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its library reads the variable when it is imported."""

    def ask() -> None:
        raise BadInput("asked")

    monkeypatch.setattr(hub, "offline_unless_reached", ask)
    monkeypatch.setattr(train_trl, "need_trl", lambda: pytest.fail("TRL came first"))
    with pytest.raises(SystemExit) as leave:
        main(["train", *command, "--tasks", "gcd", "--out", "run", "-m", "some/name"])
    assert leave.value.code == 2
    assert capsys.readouterr().err == "error: asked\n"


@pytest.mark.skipif(find_spec("datasets") is None, reason="needs datasets: pip install datasets")
def test_a_benchmark_of_the_hub_is_one_line_without_a_network(tmp_path: Path) -> None:
    code = "from secondthought.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "eval", "gsm8k", "--limit", "1"],
        env=os.environ | {"HF_ENDPOINT": NOBODY, "HF_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("error: openai/gsm8k cannot be loaded")
