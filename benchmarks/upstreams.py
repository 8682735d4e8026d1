"""Model servers that say what a script tells them to, in the dialects of the real ones.

For tests and benchmarks: in this process behind an httpx transport, or on a port of this machine
for programs that need one. A token is a word with the space after it; every piece of a stream
holds `bundle` of them.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

Json = dict[str, Any]

OWNERS = {"vllm": "vllm", "sglang": "sglang", "llama.cpp": "llamacpp", "ollama": "library"}
URLS = {
    "openai": "https://api.openai.com/v1",
    "vllm": "http://vllm.test:8000/v1",
    "llama.cpp": "http://llama.test:8080/v1",
    "ollama": "http://ollama.test:11434/v1",
    "deepseek": "https://api.deepseek.com/v1",
    "sglang": "http://sglang.test:30000/v1",
    "other": "http://other.test/v1",
}
_GO_ON = "Go on exactly"  # how a client asks for the rest of an answer
FIELDS = {"vllm": "reasoning", "ollama": "reasoning"}


def words(text: str) -> list[str]:
    return re.findall(r"\s*\S+\s*|\s+", text)


@dataclass
class Fault:
    """How one request breaks. after: pieces that come before it does.

    how: drop, stall, malformed, empty, wrong_field (the answer where a thought belongs),
    no_usage, error (an error event within the stream), nothing (hangs up without a response),
    blank (a stream without a byte), done (a stream that only says that it is over).
    status: refused instead.
    """

    how: str = ""
    after: int = 0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "scripted"
    paths: str = "/chat/completions"


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    blocks: AsyncIterator[bytes]


class Upstream:
    """One server with one model, "m".

    script: question -> (thought, answer), asked with the first line of the last user message.
    shape: how the thought is shown: field, tags, open (closing tag only), hidden, none.
    budget, continues, obeys_off: whether it holds budgets, goes on after a thought, and can be
    told not to think. refuses: fields that it answers with 400. calls_again: also after a tool's
    result.
    `requests` keeps the bodies, `made` the tokens generated for each question; `running` and
    `cancelled` count streams.
    """

    def __init__(
        self,
        dialect: str,
        script: Callable[[str], tuple[str, str]],
        *,
        shape: str | None = None,
        bundle: int = 1,
        budget: bool = True,
        continues: bool = True,
        obeys_off: bool = True,
        counts: bool = True,
        refuses: Iterable[str] = (),
        faults: Iterable[Fault] = (),
        tool_calls: Iterable[Json] = (),
        calls_again: bool = False,
    ) -> None:
        self.dialect = dialect
        self.script = script
        self.shape = shape or ("hidden" if dialect == "openai" else "field")
        self.bundle = bundle
        self.budget = budget
        self.continues = continues and dialect in ("vllm", "sglang")
        self.obeys_off = obeys_off
        self.counts = counts
        self.refuses = tuple(refuses)
        self.faults = list(faults)
        self.tool_calls = list(tool_calls)
        self.calls_again = calls_again
        self.requests: list[Json] = []
        self.made: Counter[str] = Counter()
        self.running = self.cancelled = 0

    @property
    def url(self) -> str:
        return URLS[self.dialect]

    def transport(self) -> httpx.AsyncBaseTransport:
        return _Transport(self)

    async def respond(self, method: str, path: str, sent: bytes) -> Response:
        fault = self.faults[0] if self.faults and path.endswith(self.faults[0].paths) else None
        if fault:
            self.faults.pop(0)
            if fault.status:
                return _json({"error": {"message": fault.message}}, fault.status, fault.headers)
            if fault.how == "nothing":
                raise ConnectionResetError
        if path.endswith("/models"):
            owner = OWNERS.get(self.dialect, "somebody")
            return _json({"object": "list", "data": [{"id": "m", "owned_by": owner}]})
        if self.dialect == "ollama" and path == "/api/version":
            return _json({"version": "0.20.0"})
        if self.dialect == "ollama" and path == "/api/show":
            can = ["completion", "tools", *(["thinking"] if self.shape != "none" else [])]
            return _json({"capabilities": can, "model_info": {"q.context_length": 40960}})
        if self.dialect == "llama.cpp" and path == "/props":
            return _json({"default_generation_settings": {"n_ctx": 32768}})
        if not path.endswith("/chat/completions"):
            return _json({"detail": "Not Found"}, 404)
        body = json.loads(sent)
        self.requests.append(body)
        for name in self.refuses:
            if name in body:
                return _json({"error": {"message": f"Unsupported parameter: '{name}'"}}, 400)
            if f"={body.get(name.partition('=')[0])}" == name[name.find("=") :]:
                key = name.partition("=")[0]
                return _json({"error": {"message": f"Unsupported value: '{key}'"}}, 400)
        if body.get("continue_final_message") and not self.continues:
            return _json({"message": "continue_final_message is set but cannot be"}, 400)
        events = self._events(body, fault or Fault())
        if body.get("stream"):
            return Response(200, {"content-type": "text/event-stream"}, _sse(events, fault))
        return _json(await _whole(events))

    # --- one reply ------------------------------------------------------------------------

    async def _events(self, body: Json, fault: Fault) -> AsyncIterator[Json]:
        question = _question(body)
        thought, answer, inside = self._say(body, question)
        if fault.how == "empty":
            thought, answer = [], []
        limit = body.get("max_completion_tokens") or body.get("max_tokens") or 1 << 30
        thought, whole = thought[:limit], len(thought) + len(answer)
        answer = answer[: limit - len(thought)]
        finish = "length" if whole > limit else "stop"
        sent = sum(len(words(_text(m))) for m in body["messages"])
        thinks = len(thought) if self.shape != "none" else 0
        total = 0
        yield _chunk({"role": "assistant", "content": ""})
        for delta, count in self._pieces(thought, answer, inside, fault, closed=finish == "stop"):
            total += count
            self.made[question] += count
            event = _chunk(delta)
            if self.counts and body.get("stream_options", {}).get("continuous_usage_stats"):
                event["usage"] = _usage(sent, total)
            if self.counts and self.dialect == "llama.cpp" and body.get("timings_per_token"):
                event["timings"] = {"prompt_n": sent, "cache_n": 0, "predicted_n": total}
            yield event
            if body.get("stream"):
                await asyncio.sleep(0)  # nobody can tell when a reply of one piece was made
        calls = self.calls_again or _last(body)["role"] == "user"
        if body.get("tools") and self.tool_calls and calls:
            for i, call in enumerate(self.tool_calls):
                yield _chunk({"tool_calls": [{"index": i, "id": f"c{i}", "function": call}]})
            finish = "tool_calls"
        yield _chunk({}, finish)
        if fault.how != "no_usage" and body.get("stream_options", {}).get("include_usage", True):
            usage = _usage(sent, total)
            if self.dialect in ("openai", "deepseek", "vllm"):
                usage["completion_tokens_details"] = {"reasoning_tokens": thinks}
            yield {"object": "chat.completion.chunk", "choices": [], "usage": usage}

    def _say(self, body: Json, question: str) -> tuple[list[str], list[str], bool]:
        """Thought and answer of a request, and whether the text begins within the thought."""
        thought, answer = (words(text) for text in self.script(question))
        if _text(_last(body)).startswith(_GO_ON):
            said = next(m for m in reversed(body["messages"]) if m["role"] == "assistant")
            answer = answer[len(words(_text(said))) :]
        if self.shape == "none":
            return [], answer, False
        last = _last(body)
        if body.get("continue_final_message") and last["role"] == "assistant":
            told = _text(last)
            begun = len(words(told.removeprefix("<think>\n").partition("</think>")[0]))
            return ([] if "</think>" in told else thought[begun:]), answer, True
        if self._off(body) and self.obeys_off:
            return [], answer, False
        budget = self._budget(body) if self.budget else None
        return thought[:budget], answer, self.shape == "open"

    def _off(self, body: Json) -> bool:
        if self.dialect in ("openai", "ollama"):
            return body.get("reasoning_effort") == "none"
        if self.dialect == "deepseek":
            return body.get("thinking", {}).get("type") == "disabled"
        return body.get("chat_template_kwargs", {}).get("enable_thinking") is False

    def _budget(self, body: Json) -> int | None:
        if self.dialect == "vllm":
            return body.get("thinking_token_budget")
        if self.dialect == "llama.cpp":
            return body.get("thinking_budget_tokens")
        if self.dialect == "sglang":
            return body.get("custom_params", {}).get("thinking_budget")
        return None

    def _pieces(
        self, thought: list[str], answer: list[str], inside: bool, fault: Fault, closed: bool
    ) -> Iterable[tuple[Json, int]]:
        name = FIELDS.get(self.dialect, "reasoning_content")
        if self.shape in ("tags", "open") and thought:
            if not inside:
                yield {"content": "<think>"}, 0
            yield from (({"content": text}, n) for text, n in self._bundles(thought))
            if answer or closed:
                yield {"content": "\n</think>\n\n"}, 0
        elif self.shape == "field":
            yield from (({name: text}, n) for text, n in self._bundles(thought))
        elif self.shape == "hidden":
            yield from (({}, n) for _, n in self._bundles(thought))
        where = name if fault.how == "wrong_field" else "content"
        yield from (({where: text}, n) for text, n in self._bundles(answer))

    def _bundles(self, tokens: list[str]) -> Iterable[tuple[str, int]]:
        for i in range(0, len(tokens), self.bundle):
            part = tokens[i : i + self.bundle]
            yield "".join(part), len(part)


def _question(body: Json) -> str:
    """The first line of the last user message that asks something."""
    users = [_text(m) for m in body["messages"] if m["role"] == "user"]
    return next(t for t in reversed(users) if not t.startswith(_GO_ON)).partition("\n")[0]


def _last(body: Json) -> Json:
    return body["messages"][-1]


def _text(message: Json) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(p.get("text", "") for p in content)


def _chunk(delta: Json, finish: str | None = None) -> Json:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"object": "chat.completion.chunk", "model": "m", "choices": [choice]}


def _usage(sent: int, made: int) -> Json:
    return {"prompt_tokens": sent, "completion_tokens": made, "total_tokens": sent + made}


async def _whole(events: AsyncIterator[Json]) -> Json:
    """The reply of a request that asked for no stream."""
    message: Json = {"role": "assistant", "content": ""}
    finish, usage = None, None
    async for event in events:
        usage = event.get("usage") or usage
        for choice in event["choices"]:
            finish = choice["finish_reason"] or finish
            for name, value in choice["delta"].items():
                if isinstance(value, str) and name != "role":
                    message[name] = message.get(name, "") + value
                elif name == "tool_calls":
                    message.setdefault("tool_calls", []).extend(value)
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return {"object": "chat.completion", "model": "m", "choices": [choice], "usage": usage}


async def _sse(events: AsyncIterator[Json], fault: Fault | None) -> AsyncIterator[bytes]:
    fault, number = fault or Fault(), 0
    if fault.how == "blank":
        return
    yield b": welcome\n\n"
    async for event in events:
        if fault.how == "done":
            break
        if number > fault.after:  # the first one names the role only
            if fault.how == "drop":
                raise ConnectionResetError
            if fault.how == "stall":
                await asyncio.Event().wait()
            if fault.how == "malformed":
                yield b"data: {nonsense\n\n"
            if fault.how == "error":
                yield b'data: {"error": {"message": "out of memory"}}\n\n'
        number += 1
        yield f"data: {json.dumps(event)}\n\n".encode()
    yield b"data: [DONE]\n\n"


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    async def blocks() -> AsyncIterator[bytes]:
        yield json.dumps(value).encode()

    return Response(status, {"content-type": "application/json", **(headers or {})}, blocks())


# --- ways to reach it -----------------------------------------------------------------------


class _Stream(httpx.AsyncByteStream):
    def __init__(self, upstream: Upstream, blocks: AsyncIterator[bytes]) -> None:
        self._upstream, self._blocks, self._ended = upstream, blocks, False
        upstream.running += 1

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for block in self._blocks:
                yield block
        except ConnectionResetError:
            raise httpx.ReadError("reset by peer") from None
        self._ended = True

    async def aclose(self) -> None:
        self._upstream.running -= 1
        self._upstream.cancelled += not self._ended


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = await request.aread()
        try:
            response = await self._upstream.respond(request.method, request.url.path, sent)
        except ConnectionResetError:
            message = "Server disconnected without sending a response."
            raise httpx.RemoteProtocolError(message) from None
        stream = _Stream(self._upstream, response.blocks)
        return httpx.Response(response.status, headers=response.headers, stream=stream)


@asynccontextmanager
async def on_port(upstream: Upstream, port: int = 0) -> AsyncIterator[int]:
    """The server on a port of 127.0.0.1 (0 = a free one), one request a connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream.running += 1
        ended = False
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, path, _ = head.split(" ", 2)
            length = re.search(r"(?i)content-length: (\d+)", head)
            sent = await reader.readexactly(int(length[1]) if length else 0)
            response = await upstream.respond(method, path, sent)
            lines = [f"HTTP/1.1 {response.status} X", "connection: close"]
            lines += [f"{name}: {value}" for name, value in response.headers.items()]
            writer.write("\r\n".join([*lines, "", ""]).encode())
            async for block in response.blocks:
                writer.write(block)
                await writer.drain()
            ended = True
        except (OSError, EOFError):
            pass
        finally:
            upstream.running -= 1
            upstream.cancelled += not ended
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        yield server.sockets[0].getsockname()[1]
