"""What the official client stumbles over: it is lenient where it reads and strict where one does
not expect it, so each of these is tried with the client itself."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from secondthought.models.base import Delta, ModelError, Request
from secondthought.models.scripted import Scripted
from tests.server.conftest import PLAIN, Live, Serve, events, live, words

openai = pytest.importorskip("openai")

LONG = {"thought": "t " * 30, "answer": "word " * 30, "tokens_per_second": 100}


def client(server: Live, **options: Any) -> Any:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0, **options)


def test_the_response_stream_begins_with_created(serve: Serve) -> None:
    """Else `responses.stream` raises RuntimeError."""
    with client(serve()).responses.stream(model="script", input="hi") as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert final.output_text == "hello there friend"


def test_output_indexes_are_dense_and_snapshots_work(serve: Serve) -> None:
    tool = {"type": "function", "name": "add", "parameters": {}, "strict": False}
    custom = {"type": "custom", "name": "sql"}
    turn = {
        "thought": "t ",
        "answer": "I look. ",
        "tool_calls": [
            {"name": "add", "arguments": {"a": 1}},
            {"name": "sql", "arguments": {"input": "SELECT 1"}},
        ],
    }
    with client(serve(turn)).responses.stream(
        model="script", input="hi", tools=[tool, custom]
    ) as stream:
        added = [e.output_index for e in stream if e.type == "response.output_item.added"]
        final = stream.get_final_response()
    assert added == list(range(len(added)))
    kinds = [item.type for item in final.output]
    assert kinds == ["reasoning", "message", "function_call", "custom_tool_call"]
    assert json.loads(final.output[2].arguments) == {"a": 1}
    assert final.output[3].input == "SELECT 1"


def test_an_incomplete_response_ends_with_its_own_event(serve: Serve) -> None:
    official = client(serve(LONG))
    with official.responses.stream(model="script", input="hi", max_output_tokens=20) as stream:
        assert [event.type for event in stream][-1] == "response.incomplete"
        with pytest.raises(RuntimeError, match=r"response\.completed"):
            stream.get_final_response()


def test_all_events_are_kept_from_the_first_one(serve: Serve) -> None:
    """`responses.stream(response_id=, starting_after=)` fetches all and filters by itself; the
    plain retrieve must get only what comes after."""
    server = serve()
    official = client(server)
    with official.responses.stream(model="script", input="hi") as stream:
        first = list(stream)
        id = stream.get_final_response().id
    with official.responses.stream(response_id=id, starting_after=3) as stream:
        again = list(stream)
        assert stream.get_final_response().output_text == "hello there friend"
    assert [e.sequence_number for e in again] == [e.sequence_number for e in first][4:]
    plain = official.responses.retrieve(id, stream=True, starting_after=3)
    assert [e.sequence_number for e in plain] == [e.sequence_number for e in first][4:]


def test_sequence_numbers_count_every_event(serve: Serve) -> None:
    numbers = [e["sequence_number"] for e in events(serve().respond(stream=True).text)]
    assert numbers == list(range(len(numbers)))


def test_extensions_survive_the_client(serve: Serve) -> None:
    official = client(serve())
    messages = [{"role": "user", "content": "hi"}]
    chat = official.chat.completions.create(model="script", messages=messages)
    assert chat.choices[0].secondthought["seal"].startswith("sha256:")
    assert chat.choices[0].message.reasoning_content == "one two three "
    response = official.responses.create(model="script", input="hi")
    assert response.secondthought["seal"].startswith("sha256:")


def test_a_chat_that_breaks_on_the_way_raises_api_error(serve: Serve) -> None:
    """A truthy `error` in any event raises; nothing else may have that key."""
    server = serve({"answer": "a b c d", "fail": {"after_tokens": 2, "how": "drop"}})
    body = {"model": "script", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    stream = client(server).chat.completions.create(**body, reasoning_effort="none")
    got: list[str] = []
    with pytest.raises(openai.APIError, match="connection"):
        got.extend(chunk.choices[0].delta.content or "" for chunk in stream)
    text = server.chat(stream=True, reasoning_effort="none").text
    assert '"content":"a' in text
    assert text.index('"content":"a') < text.index('data: {"error"')


def test_a_response_that_breaks_on_the_way_raises_nothing_and_has_failed(serve: Serve) -> None:
    server = serve({"answer": "a b c d", "fail": {"after_tokens": 2, "how": "drop"}})
    stream = client(server).responses.create(model="script", input="hi", stream=True)
    last = list(stream)[-1]
    assert last.type == "response.failed"
    assert last.response.status == "failed"
    assert last.response.error.code == "server_error"
    assert last.response.output[-1].status == "incomplete"


def test_times_are_whole_numbers(serve: Serve) -> None:
    server = serve()
    body = server.respond().json()
    assert isinstance(body["created_at"], int)
    assert isinstance(body["completed_at"], int)
    assert isinstance(server.chat().json()["created"], int)


def test_content_is_never_null_without_tool_calls(serve: Serve) -> None:
    turn = {"thought": "t " * 9, "answer": "a", "fail": {"how": "empty"}}
    assert serve(turn).chat().json()["choices"][0]["message"]["content"] == ""


@pytest.mark.parametrize(
    ("fail", "error"),
    [
        ({"status": 429, "retry_after": 3}, "RateLimitError"),
        ({"status": 400}, "BadRequestError"),
        ({"status": 401}, "InternalServerError"),
        ({"status": 500}, "InternalServerError"),
        ({"how": "malformed"}, "InternalServerError"),
    ],
)
def test_a_failed_model_is_a_typed_error(serve: Serve, fail: dict[str, Any], error: str) -> None:
    """Also for a stream: as long as nothing has been said, the status still tells it."""
    official = client(serve({"answer": "a", "fail": fail}))
    messages = [{"role": "user", "content": "hi"}]
    for stream in (False, True):
        with pytest.raises(getattr(openai, error)) as caught:
            official.chat.completions.create(model="script", messages=messages, stream=stream)
        assert caught.value.response.headers["x-request-id"].startswith("req_")
        with pytest.raises(getattr(openai, error)):
            official.responses.create(model="script", input="hi", stream=stream)


def test_errors_of_the_client_are_typed_and_never_500(serve: Serve) -> None:
    server = serve()
    official = client(server)
    messages: Any = [{"role": "user", "content": "hi"}]
    with pytest.raises(openai.NotFoundError) as missing:
        official.chat.completions.create(model="gpt-9", messages=messages)
    assert missing.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError) as wrong:
        official.chat.completions.create(model="script", messages=messages, top_p=0.5)
    assert (wrong.value.param, wrong.value.code) == ("top_p", "unsupported_value")
    with pytest.raises(openai.NotFoundError):
        official.responses.retrieve("resp_nowhere")
    with pytest.raises(openai.BadRequestError) as empty:
        official.chat.completions.create(model="script", messages=[{"role": "user", "content": ""}])
    assert empty.value.param == "messages"
    assert server.http.post("/v1/chat/completions", content=b"{").status_code == 400
    assert server.http.post("/v1/nothing", json={}).status_code == 404
    reply = server.http.get("/v1/chat/completions")
    assert reply.status_code == 405
    assert reply.json()["error"]["type"] == "invalid_request_error"
    assert reply.headers["allow"] == "POST"
    reply = server.http.put("/v1/responses/resp_1")
    assert (reply.status_code, reply.headers["allow"]) == (405, "DELETE, GET, HEAD")


def test_a_silent_stream_is_kept_open_by_comments(serve: Serve) -> None:
    """The client skips lines that begin with a colon."""
    server = serve({"answer": "at last", "first_token_delay": 0.9}, ping=0.1)
    messages = [{"role": "user", "content": "hi"}]
    body = {"model": "script", "messages": messages, "stream": True}
    with server.http.stream("POST", "/v1/chat/completions", json=body) as reply:
        raw = b"".join(reply.iter_raw())
    assert raw.count(b": ping\n\n") >= 2
    stream = client(server).chat.completions.create(**body)
    assert "".join(c.choices[0].delta.content or "" for c in stream) == "at last"
    with client(server).responses.stream(model="script", input="hi") as stream:
        assert stream.get_final_response().output_text == "at last"


def test_structured_output_is_parsed(serve: Serve) -> None:
    from pydantic import BaseModel

    class Sum(BaseModel):
        x: int

    official = client(serve({"thought": "t ", "answer": '{"x": 3}'}))
    messages: Any = [{"role": "user", "content": "hi"}]
    chat = official.chat.completions.parse(model="script", messages=messages, response_format=Sum)
    assert chat.choices[0].message.parsed == Sum(x=3)
    response = official.responses.parse(model="script", input="hi", text_format=Sum)
    assert response.output_parsed == Sum(x=3)


def test_a_cut_answer_raises_what_the_client_promises(serve: Serve) -> None:
    from pydantic import BaseModel

    class Sum(BaseModel):
        x: int

    messages: Any = [{"role": "user", "content": "hi"}]
    with pytest.raises(openai.LengthFinishReasonError):
        client(serve(LONG)).chat.completions.parse(
            model="script", messages=messages, response_format=Sum, max_completion_tokens=10
        )


async def test_the_asynchronous_client_can_poll_and_cancel(serve: Serve) -> None:
    server = serve({"thought": words(2000), "answer": "done", "tokens_per_second": 100})
    async with openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key="none") as official:
        job = await official.responses.create(model="script", input="hi", background=True)
        assert job.status == "queued"
        end = time.monotonic() + 10
        while job.status == "queued" and time.monotonic() < end:
            await asyncio.sleep(0.02)
            job = await official.responses.retrieve(job.id)
        assert job.status == "in_progress"
        assert (await official.responses.cancel(job.id)).status == "cancelled"
        assert (await official.responses.cancel(job.id)).status == "cancelled"
        assert (await official.responses.retrieve(job.id)).status == "cancelled"


def test_models_are_listed(serve: Serve) -> None:
    official = client(serve(PLAIN, names=("gpt-4o",)))
    assert [m.id for m in official.models.list()] == ["script", "gpt-4o"]
    assert official.models.retrieve("gpt-4o").owned_by == "secondthought"
    with pytest.raises(openai.NotFoundError):
        official.models.retrieve("o9")


class TooSmall(Scripted):
    """A model into whose context nothing fits, as it says itself."""

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        raise ModelError("the prompt has 9 tokens; it does not fit into this model's 8", "context")
        yield Delta(0, "end")


@pytest.mark.parametrize("mode", ["hidden", "raw"])
def test_too_long_a_conversation_is_400_before_any_token(tmp_path: Path, mode: str) -> None:
    with live(TooSmall.of(PLAIN), tmp_path, reasoning=mode) as server:
        official = client(server)
        messages = [{"role": "user", "content": "hi"}]
        for stream in (False, True):
            with pytest.raises(openai.BadRequestError) as caught:
                official.chat.completions.create(model="script", messages=messages, stream=stream)
            assert caught.value.code == "context_length_exceeded"
            with pytest.raises(openai.BadRequestError) as caught:
                official.responses.create(model="script", input="hi", stream=stream)
            assert caught.value.code == "context_length_exceeded"
