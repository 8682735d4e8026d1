"""Whole streams in the shapes that real servers send (data/README.md), read as in use: by the
client, out of blocks that end anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest

from secondthought.messages import Message
from secondthought.models.base import Delta, ModelError, Request
from secondthought.models.remote.client import Client
from secondthought.models.remote.reply import Reply
from secondthought.trace import StopReason

DATA = Path(__file__).parent / "data"
ASK = Request([Message("user", "What is 12*34?")], max_thought=200, max_answer=50)
ANSWER = Request(ASK.messages, think=False, max_thought=0, max_answer=50)
SOLVED = "12*34 is 408."
STOP, CAP = StopReason.STOP, StopReason.THOUGHT_CAP

STREAMS = {
    # name: (thought, answer, (tokens of the prompt, the thought, the answer), exact, end)
    "openai": ("", "It is 408.", (12, 64, 5), True, STOP),
    "openai-ate-the-limit": ("", "", (12, 100, 0), True, CAP),
    "vllm": (f"\n{SOLVED}\n", "\n\n408", (14, 7, 4), True, STOP),
    "vllm-reasoning-content": (SOLVED, "408", (14, 5, 3), True, STOP),
    "vllm-ate-the-limit": ("Let me see. Wait,", "", (14, 6, 0), True, CAP),
    "llama-cpp": (SOLVED, "408", (13, 4, 2), True, STOP),
    "llama-cpp-without-usage": (SOLVED, "408", (13, 4, 2), True, STOP),
    "ollama": ("So it is 408", "408", (15, 5, 3), False, STOP),
    "deepseek-keep-alive": (SOLVED, "408", (11, 6, 3), True, STOP),
    "sglang": (SOLVED, "408", (16, 7, 2), True, STOP),
    "tags-closing-only": (SOLVED, "408.", (10, 8, 4), False, STOP),
    "tags": (SOLVED, "408.", (10, 8, 4), False, STOP),
}


async def replay(name: str, request: Request = ASK, *, block: int = 7) -> list[Delta]:
    """What is read of a stream that comes in blocks of so many bytes; the last is the end."""
    sent = (DATA / f"{name}.sse").read_bytes()

    async def blocks() -> AsyncIterator[bytes]:
        for at in range(0, len(sent), block):
            yield sent[at : at + block]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=blocks())

    client = Client("http://h/v1", transport=httpx.MockTransport(answer))
    reply = Reply(0, request, inside=name == "tags-closing-only")
    deltas: list[Delta] = []
    async with aclosing(client.stream("chat/completions", {})) as events:
        async for event in events:
            deltas += reply.read(event)
    await client.close()
    return [*deltas, *reply.end()]


def spoken(deltas: list[Delta], kind: str) -> str:
    return "".join(delta.text for delta in deltas if delta.kind == kind)


@pytest.mark.parametrize("block", [7, 100_000])
@pytest.mark.parametrize("name", STREAMS)
async def test_thought_answer_counts_and_end(name: str, block: int) -> None:
    deltas = await replay(name, block=block)
    thought, answer, (prompt, thought_tokens, answer_tokens), exact, stop = STREAMS[name]
    assert (spoken(deltas, "thought"), spoken(deltas, "answer")) == (thought, answer)
    end = deltas[-1]
    assert (end.kind, end.stop) == ("end", stop)
    assert end.prompt_tokens == prompt
    assert end.thought_tokens + end.answer_tokens == thought_tokens + answer_tokens
    assert end.estimated is not exact
    if exact:
        assert (end.thought_tokens, end.answer_tokens) == (thought_tokens, answer_tokens)


async def test_an_answer_that_comes_as_reasoning_is_the_answer_where_none_was_wanted() -> None:
    deltas = await replay("vllm-answer-as-reasoning", ANSWER)
    assert (spoken(deltas, "thought"), spoken(deltas, "answer")) == ("", "408")
    assert (deltas[-1].answer_tokens, deltas[-1].stop) == (3, STOP)


async def test_a_reply_for_which_the_server_had_no_resources_is_no_answer() -> None:
    with pytest.raises(ModelError, match="broke its answer off") as error:
        await replay("deepseek-out-of-resources")
    assert error.value.kind == "server"


def test_every_stream_is_read_and_told_of() -> None:
    others = {"vllm-answer-as-reasoning", "deepseek-out-of-resources"}
    told = (DATA / "README.md").read_text("utf-8")
    for path in DATA.glob("*.sse"):
        assert path.stem in STREAMS or path.stem in others
        assert f"`{path.stem}`" in told
