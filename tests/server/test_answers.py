"""What is left in memory of an answer that has left."""

from __future__ import annotations

import gc

import pytest

from secondthought.server.run import Run
from tests.server.conftest import Serve, until, words

TURN = {"thought": words(200), "answer": "four"}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", ["chat/completions", "responses"])
def test_an_answer_goes_without_the_collector_of_cycles(
    serve: Serve, path: str, stream: bool
) -> None:
    live = serve(TURN)
    asked = {"messages": [{"role": "user", "content": "hi"}]} if "chat" in path else {"input": "hi"}

    def ask() -> None:
        reply = live.post(f"/v1/{path}", {"model": "script", "stream": stream, **asked})
        assert reply.status_code == 200

    ask()  # what the first one leaves behind, such as caches, is not counted
    gc.collect()
    gc.disable()
    try:
        for _ in range(5):
            ask()
        # the last one's tasks may still be on their way out
        until(lambda: sum(isinstance(thing, Run) for thing in gc.get_objects()) <= 1)
    finally:
        gc.enable()
