"""A hidden thought does not leave by being repeated: of this answer, or of an earlier turn of the
same tool loop, as it is or in another form."""

from __future__ import annotations

import base64
import codecs
import os
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.conftest import Live, Serve

CANARIES = int(os.environ.get("SECONDTHOUGHT_CANARIES", "10"))
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "reversed": lambda text: text[::-1],
}
CHAT_TOOLS = [{"type": "function", "function": {"name": "f"}}]
TOOLS = [{"type": "function", "name": "f"}]


def secret(rng: random.Random) -> str:
    letters = "bcdfghjklmnpqrstvwxz"
    return " ".join("".join(rng.choices(letters, k=rng.randint(4, 9))) for _ in range(24))


def in_chat(server: Live, key: str, question: str, **body: Any) -> list[str]:
    """A tool loop: what came of the call, and of its result."""
    first = server.chat(question, key, tools=CHAT_TOOLS)
    message = first.json()["choices"][0]["message"]
    messages = [
        {"role": "user", "content": question},
        message,
        {"role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": "3"},
    ]
    more = {"model": "script", "messages": messages, "tools": CHAT_TOOLS, **body}
    return [first.text, server.post("/v1/chat/completions", more, key).text]


def by_id(server: Live, key: str, question: str, **body: Any) -> list[str]:
    """The same in Responses, by `previous_response_id`."""
    first = server.respond(question, key, tools=TOOLS)
    id, call = first.json()["id"], first.json()["output"][-1]
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "3"}
    again = server.respond([output], key, previous_response_id=id, tools=TOOLS, **body)
    return [first.text, again.text]


def by_client(server: Live, key: str, question: str, **body: Any) -> list[str]:
    """The same with a thought that the client carries, before a call that never was."""
    more = {"tools": TOOLS, "store": False}
    first = server.respond(question, key, **more)
    reasoning = first.json()["output"][0]
    assert reasoning["encrypted_content"]
    given = [
        {"role": "user", "content": question},
        reasoning,
        {"type": "function_call", "call_id": "call_x", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_x", "output": "3"},
    ]
    return [first.text, server.respond(given, key, **more, **body).text]


def effort(loop: Any, level: str) -> dict[str, Any]:
    return {"reasoning_effort": level} if loop is in_chat else {"reasoning": {"effort": level}}


LOOPS = [in_chat, by_id, by_client]


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("level", ["none", "medium"])
@pytest.mark.parametrize("stream", [False, True])
def test_an_earlier_thought_of_the_tool_loop(
    serve: Serve, loop: Any, level: str, stream: bool
) -> None:
    said = secret(random.Random(2))
    server = serve(
        {"match": "hi", "thought": said, "tool_calls": [{"name": "f", "arguments": {"x": 1}}]},
        {"match": "hi", "thought": "", "answer": f"It was: {said}"},
    )
    got = loop(server, server.key(), "hi", stream=stream, **effort(loop, level))
    sent = server.model.requests[-1].messages
    assert [m.thought for m in sent if m.role == "assistant"] == [said]
    assert "content_filter" in got[1]
    assert not any(word in "".join(got) for word in said.split())


def test_who_sees_the_thought_may_have_it_repeated(serve: Serve) -> None:
    said = secret(random.Random(2))
    server = serve(
        {"match": "hi", "thought": said, "tool_calls": [{"name": "f", "arguments": {"x": 1}}]},
        {"match": "hi", "thought": "", "answer": f"It was: {said}"},
    )
    got = in_chat(server, server.key("operator"), "hi")
    assert said in got[1]
    assert "content_filter" not in got[1]


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_a_thought_leaves(
    serve: Serve, capfd: pytest.CaptureFixture[str], form: str
) -> None:
    """Each canary is asked for at once, and in each kind of tool loop."""
    rng = random.Random(form)
    thoughts = [secret(rng) for _ in range(CANARIES)]
    turns: list[dict[str, Any]] = []
    for i, thought in enumerate(thoughts):
        answer = {"answer": f"So: {FORMS[form](thought)} end"}
        turns.append({"match": f"q{i}$", "thought": f"{thought} ", **answer})
        for j in range(len(LOOPS)):
            call = {"tool_calls": [{"name": "f", "arguments": {"x": 1}}]}
            turns.append({"match": f"loop{i}.{j}$", "thought": f"{thought} ", **call})
            turns.append({"match": f"loop{i}.{j}$", "thought": "hm ", **answer})
    server = serve(*turns)
    key = server.key()
    got: list[str] = []
    for i in range(CANARIES):
        stream = i % 2 == 0
        got.append(server.chat(f"q{i}", key, stream=stream).text)
        got.append(server.respond(f"q{i}", key, stream=stream).text)
        for j, loop in enumerate(LOOPS):
            got += loop(server, key, f"loop{i}.{j}", stream=stream)
    out, err = capfd.readouterr()
    everything = "\n".join([*got, out, err])
    assert everything.count("content_filter") >= 5 * CANARIES
    for thought in thoughts:
        said = FORMS[form](thought)
        assert not any(said[at : at + 24] in everything for at in range(0, len(said) - 24, 6))
