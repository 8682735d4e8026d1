"""The files of examples/deploy call commands that exist, and fit the server's own limits."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

pytest.importorskip("starlette")

from secondthought.cli.main import app
from secondthought.server.settings import Settings

DEPLOY = Path(__file__).parents[2] / "examples" / "deploy"
UNIT, DOCKERFILE, COMPOSE, NGINX = (
    (DEPLOY / name).read_text("utf-8")
    for name in ("secondthought.service", "Dockerfile", "compose.yaml", "nginx.conf")
)


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    assert match, pattern
    return match[1]


def words() -> dict[str, list[str]]:
    """What each file gives to our command."""
    listed = found(r"    command:\n(.*?)    environment:", COMPOSE)
    return {
        "unit": shlex.split(found(r"^ExecStart=(.*?)$", UNIT))[1:],
        "image": json.loads(found(r"^CMD (\[.*?\])$", DOCKERFILE)),
        "compose": re.findall(r"- (\S+)", listed),
        "compose_key": shlex.split(found(r"run --rm gateway \\\n#\s+(.*?)$", COMPOSE)),
    }


@pytest.mark.parametrize(("where", "given"), words().items())
def test_the_commands_exist(where: str, given: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    while hasattr(command, "list_commands"):
        command, given = command.get_command(None, given[0]), given[1:]
    command.make_context(command.name, given)


def test_nobody_kills_the_server_while_answers_end() -> None:
    grace = Settings().grace
    assert int(found(r"^TimeoutStopSec=(\d+)$", UNIT)) > grace
    assert int(found(r"stop_grace_period: (\d+)s", COMPOSE)) > grace


def test_the_proxy_takes_what_the_server_takes() -> None:
    most = int(found(r"client_max_body_size (\d+)m;", NGINX)) << 20
    assert Settings().body_bytes <= most < 2 * Settings().body_bytes
    assert "proxy_buffering off;" in NGINX
    assert "proxy_set_header Host $host;" in NGINX
