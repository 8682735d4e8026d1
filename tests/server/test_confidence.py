"""`min_confidence`: an extension by which the asker has only answers that are likely right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from secondthought.tasks.base import DONT_KNOW
from tests.loop.voices import SURE, Sure
from tests.server.conftest import Live, Serve, live


def chat(**more: Any) -> tuple[str, dict[str, Any]]:
    message = {"role": "user", "content": "2+2?"}
    return "/v1/chat/completions", {"model": "script", "messages": [message], **more}


@pytest.fixture
def sure(tmp_path: Path) -> Iterator[Live]:
    """Its model says 4, and that this is right three times out of four."""
    model = Sure.of({"thought": "hm", "answer": "4"}, capabilities=SURE)
    model.confidences = {"4": 0.75}
    with live(model, tmp_path) as server:
        yield server


@pytest.mark.parametrize(("least", "text"), [(None, "4"), (0.7, "4"), (0.8, DONT_KNOW)])
def test_the_answer_or_none(sure: Live, least: float | None, text: str) -> None:
    path, body = chat(min_confidence=least)
    choice = sure.post(path, body).json()["choices"][0]
    assert choice["message"]["content"] == text
    assert choice["secondthought"]["confidence"] == 0.75
    reply = sure.post("/v1/responses", {"model": "script", "input": "?", "min_confidence": least})
    said = [part["text"] for item in reply.json()["output"] for part in item.get("content") or ()]
    assert said[-1] == text


def test_nothing_of_a_withheld_answer_is_streamed(sure: Live) -> None:
    path, body = chat(min_confidence=0.8, stream=True)
    text = sure.post(path, body).text
    assert '"4"' not in text
    assert DONT_KNOW in text


def test_a_model_that_cannot_say_and_a_share_that_is_none(serve: Serve) -> None:
    server = serve()
    for value, code in ((0.5, "unsupported_parameter"), (1.5, None)):
        path, body = chat(min_confidence=value)
        reply = server.post(path, body)
        assert reply.status_code == 400
        error = reply.json()["error"]
        assert error["param"] == "min_confidence"
        assert code in (None, error["code"])
