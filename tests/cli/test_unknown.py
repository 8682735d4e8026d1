from __future__ import annotations

import pytest

from secondthought.cli.unknown import hint
from secondthought.models import local_servers
from secondthought.models.local_servers import Server
from secondthought.models.resolve import open_model


@pytest.mark.parametrize(
    ("models", "said"),
    [
        (("qwen3:8b", "other"), "-m http://127.0.0.1:11434/v1#qwen3:8b"),
        ((), "at http://127.0.0.1:11434/v1, with no model loaded."),
    ],
)
async def test_a_server_on_this_machine_is_named_as_one_would_ask_it(
    monkeypatch: pytest.MonkeyPatch, models: tuple[str, ...], said: str
) -> None:
    async def find() -> list[Server]:
        return [Server("http://127.0.0.1:11434/v1", "Ollama", models)]

    monkeypatch.setattr(local_servers, "find", find)
    line = await hint()
    assert line.endswith(said)
    assert "\n" not in line
    if models:  # what it says can be pasted
        assert open_model(line.rpartition("-m ")[2]).name.endswith("qwen3:8b")
