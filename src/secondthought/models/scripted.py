"""A model that says what a file tells it to: for tests, demonstrations and fault drills.

The file is a JSON list of turns:

    [{"match": "regex on the last user message, optional",
      "thought": "one two three", "answer": "four",
      "answers": ["one per sample", "cycled"],
      "tool_calls": [{"name": "f", "arguments": {"x": 1}}],
      "tokens_per_second": 50, "first_token_delay": 0.1,
      "fail": {"after_tokens": 3, "how": "drop", "status": 429, "retry_after": 1}}]

A request takes the first turn that matches. Where several turns have the same `match` (or all
have none), they are taken one after the other, and the last one again and again. A token is a
word with the white space after it. `how` is one of drop (the connection breaks), stall (nothing
comes any more), malformed (nonsense comes) and empty (the answer is left out, as by servers
whose thought ate the budget); `status` is an HTTP status.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from secondthought.messages import BadInput, Message, ToolCall
from secondthought.models.base import Capabilities, Delta, ModelError, PromptTokens, Request
from secondthought.trace import StopReason

CAPABILITIES = Capabilities(
    thinks=True, extends=True, tools=True, n=True, seed=True, ends_thought=True, budget=True
)
_KINDS = {400: "bad_request", 401: "auth", 403: "auth", 404: "not_found", 429: "rate_limit"}


_TICK = 0.005
"""Seconds: tokens on a schedule are due at the next multiple of it."""
_KEPT = 1000
"""Requests that are kept for who wants to look at them."""


class _Ticks:
    """One timer for all tokens that are due at the same tick: the timers of many streams would
    cost as much as all that is done with their tokens."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._waiting: dict[int, list[asyncio.Future[None]]] = {}

    async def until(self, due: float) -> None:
        tick = math.ceil(due / _TICK)
        if tick not in self._waiting:
            self._waiting[tick] = []
            self.loop.call_at(tick * _TICK, self._ring, tick)
        future = self.loop.create_future()
        self._waiting[tick].append(future)
        await future

    def _ring(self, tick: int) -> None:
        for future in self._waiting.pop(tick):
            if not future.done():  # it was cancelled
                future.set_result(None)


class Fail(BaseModel):
    """How a turn breaks, and after how many generated tokens."""

    model_config = ConfigDict(extra="forbid")
    after_tokens: int = Field(0, ge=0)
    how: Literal["drop", "stall", "malformed", "empty"] | None = None
    status: int | None = None
    retry_after: float | None = None


class Call(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    arguments: dict[str, Any] | str = "{}"
    id: str | None = None


class Turn(BaseModel):
    """What the model does once; fields as in the file."""

    model_config = ConfigDict(extra="forbid")
    match: re.Pattern[str] | None = None
    thought: str = ""
    answer: str = ""
    answers: list[str] = []
    tool_calls: list[Call] = []
    tokens_per_second: float | None = Field(None, gt=0)
    first_token_delay: float = Field(0.0, ge=0)
    fail: Fail | None = None


class Scripted:
    """A `Model` that follows turns. `requests` keeps what was asked of it, for tests.

    capabilities: what it admits to. Without `budget` it ignores `max_thought` (but for a 0, if it
    `ends_thought`), without `extends` a thought prefix, as real models do.
    """

    def __init__(
        self,
        turns: Sequence[Turn],
        *,
        name: str = "script",
        capabilities: Capabilities = CAPABILITIES,
    ) -> None:
        self._turns: dict[str, deque[tuple[Turn, count[int]]]] = {}
        for turn in turns:
            pattern = turn.match.pattern if turn.match else ""
            self._turns.setdefault(pattern, deque()).append((turn, count()))
        self._name = name
        self._capabilities = capabilities
        self.requests: list[Request] = []
        self._ticks: _Ticks | None = None  # of the loop that asked last

    @classmethod
    def of(cls, *turns: dict[str, Any], **options: Any) -> Scripted:
        """From turns as the file has them."""
        return cls([Turn.model_validate(turn) for turn in turns], **options)

    @classmethod
    def load(cls, path: Path) -> Scripted:
        """From a file. Raises BadInput, one line, naming the turn that is wrong."""
        try:
            raw = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise BadInput(
                f"there is no script {str(path)!r}; give the path of a JSON file"
            ) from None
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
            why = getattr(error, "strerror", None) or error
            raise BadInput(f"script {str(path)!r} cannot be read as JSON: {why}") from None
        if not isinstance(raw, list) or not raw:
            raise BadInput(f"script {path} must be a JSON list of at least one turn")
        turns: list[Turn] = []
        for number, turn in enumerate(raw, 1):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            try:
                turns.append(Turn.model_validate(turn))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"]) or "turn"
                raise BadInput(f"script {path}, turn {number}, {where}: {first['msg']}") from None
        return cls(turns, name=f"script:{path}")

    @property
    def name(self) -> str:
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    def prompt_tokens(self, request: Request) -> PromptTokens:
        """Exact: its tokens are words."""
        return PromptTokens(sum(len(_words(m.text)) for m in request.messages))

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        self.requests.append(request)
        if len(self.requests) > 2 * _KEPT:
            del self.requests[:-_KEPT]
        loop = asyncio.get_running_loop()
        if self._ticks is None or self._ticks.loop is not loop:
            self._ticks = _Ticks(loop)
        turn, number = self._take(_question(request.messages))
        prompt_tokens = self.prompt_tokens(request).tokens
        samples = [
            _Sample(i, turn, next(number), request, self._capabilities, prompt_tokens, self._ticks)
            for i in range(request.n)
        ]
        if turn.first_token_delay:
            await asyncio.sleep(turn.first_token_delay)
        streams = [sample.run() for sample in samples]
        if len(streams) == 1:
            async for delta in streams[0]:
                yield delta
            return
        while streams:
            for stream in tuple(streams):
                try:
                    delta = await anext(stream)
                except StopAsyncIteration:
                    streams.remove(stream)
                else:
                    yield delta

    async def close(self) -> None:
        pass

    def _take(self, question: str) -> tuple[Turn, count[int]]:
        for pattern, turns in self._turns.items():
            if re.search(pattern, question):
                return turns.popleft() if len(turns) > 1 else turns[0]
        raise ModelError(f"no turn of {self._name} matches {question[:60]!r}", "bad_request")


class _Sample:
    """One sample of one request as it is spoken."""

    def __init__(
        self,
        index: int,
        turn: Turn,
        number: int,
        request: Request,
        capabilities: Capabilities,
        prompt_tokens: int,
        ticks: _Ticks,
    ) -> None:
        self._index = index
        self._ticks = ticks
        self._turn = turn
        self._request = request
        closes = capabilities.ends_thought and not request.max_thought
        self._holds_budget = capabilities.budget or closes
        self._prompt_tokens = prompt_tokens
        self._thought: list[str] = []
        if request.think and capabilities.thinks:
            prefix = request.thought_prefix if capabilities.extends else None
            whole = turn.thought
            goes_on = prefix is None or whole.startswith(prefix)
            self._thought = _words(whole[len(prefix or "") :]) if goes_on else []
        answer = turn.answers[number % len(turn.answers)] if turn.answers else turn.answer
        for stop in request.stop:
            answer = answer.partition(stop)[0] if stop else answer
        self._answer = _words(answer)
        self._generated = 0
        self._due: float | None = None  # when the last token was due, by the loop's clock

    async def run(self) -> AsyncIterator[Delta]:
        request, fail = self._request, self._turn.fail
        reason = StopReason.STOP
        thought_tokens = answer_tokens = 0
        await self._break(fail)
        for word in self._thought:
            if self._holds_budget and thought_tokens >= request.max_thought:
                reason = StopReason.THOUGHT_CAP
                break
            thought_tokens += 1
            yield await self._token("thought", word)
            await self._break(fail)
        empty = fail is not None and fail.how == "empty"
        limit = request.answer_limit(thought_tokens)
        for word in () if empty else self._answer:
            if answer_tokens >= limit:
                reason = StopReason.LENGTH
                break
            answer_tokens += 1
            yield await self._token("answer", word)
            await self._break(fail)
        for i, call in enumerate(self._turn.tool_calls):
            arguments = call.arguments
            text = arguments if isinstance(arguments, str) else json.dumps(arguments)
            tool_call = ToolCall(call.id or f"call_{self._index}_{i}", call.name, text)
            yield Delta(self._index, "tool_call", tool_call=tool_call)
            reason = StopReason.TOOL_CALLS
        yield Delta(
            self._index,
            "end",
            stop=reason,
            prompt_tokens=self._prompt_tokens,
            thought_tokens=thought_tokens,
            answer_tokens=answer_tokens,
        )

    async def _token(self, kind: Literal["thought", "answer"], text: str) -> Delta:
        rate = self._turn.tokens_per_second
        if rate is None:
            await asyncio.sleep(0)
        else:  # on a schedule: one that comes late delays none after it
            now = self._ticks.loop.time()
            self._due = (self._due or now) + 1 / rate
            if self._due > now:
                await self._ticks.until(self._due)
            else:
                await asyncio.sleep(0)
        self._generated += 1
        return Delta(self._index, kind, text, prompt_tokens=self._prompt_tokens)

    async def _break(self, fail: Fail | None) -> None:
        if fail is None or self._generated < fail.after_tokens:
            return
        if fail.status is not None:
            kind = _KINDS.get(fail.status, "server" if fail.status >= 500 else "bad_request")
            raise ModelError(
                f"the script answers with status {fail.status}", kind, retry_after=fail.retry_after
            )
        if fail.how == "drop":
            raise ModelError("the script dropped the connection", "connection")
        if fail.how == "malformed":
            raise ModelError("the script sent nonsense", "malformed")
        if fail.how == "stall":
            await asyncio.Event().wait()


def _question(messages: Sequence[Message]) -> str:
    return next((m.text for m in reversed(messages) if m.role == "user"), "")


def _words(text: str) -> list[str]:
    """Words with the white space after them; joined they are the text."""
    return re.findall(r"\s*\S+\s*|\s+", text)
