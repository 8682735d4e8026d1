"""`Remote`: a `Model` behind OpenAI's chat API or a dialect of it.

    model = Remote("http://127.0.0.1:8000/v1#qwen3")
    async for delta in model.generate(Request([Message("user", "12*34?")])):
        ...

It holds `max_thought` and `max_answer` itself, by closing the stream, whatever the server does.
The ways to get an answer after a thought that was cut stand in `loop/think.py`; here is only what
each of them means on the wire.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace

from secondthought.messages import Message
from secondthought.models.base import Capabilities, Delta, ModelError, Request
from secondthought.models.remote import address, dialects, probe
from secondthought.models.remote.client import Client
from secondthought.models.remote.reply import Reply
from secondthought.models.remote.tokens import estimate
from secondthought.models.remote.untrusted import Json
from secondthought.trace import StopReason

_GO_ON = "Go on exactly where you stopped. Repeat nothing."
_MARGIN = 1.2  # prompts are estimated, and a template adds to them


class Remote:
    """One model of one server. What it can do is found out at the first request, and corrected
    when an answer shows otherwise.

    text: as after `-m`. client: for tests, and for other models of the same server.
    Raises BadInput for a URL that is none.
    """

    def __init__(self, text: str, *, client: Client | None = None) -> None:
        where = address.parse(text)
        self._name = text
        self._model = where.model
        self._client = client or Client(where.url, where.key)
        self._found: probe.Found | None = None
        self._shape: probe.Shape = "none"
        self._refused: set[str] = set()
        self._holds_budget = self._extends = False
        self._probing: asyncio.Task[None] | None = None
        self._live: set[Reply] = set()

    @property
    def name(self) -> str:
        return self._name

    @property
    def client(self) -> Client:
        return self._client

    @property
    def shape(self) -> probe.Shape:
        """How the model shows its thought, as far as is known."""
        return self._shape

    @property
    def found(self) -> probe.Found | None:
        """What was found out of the server; None before the first request."""
        return self._found

    @property
    def capabilities(self) -> Capabilities:
        found = self._found
        return Capabilities(
            thinks=self._shape != "none",
            extends=self._extends,
            ends_thought=self._extends,
            budget=self._holds_budget,
            tools=found is None or found.tools is not False,
            images=found is None or found.images is not False,
            n=True,
            seed=True,
            context=found.context if found else None,
        )

    async def models(self) -> tuple[str, ...]:
        """The names that the server offers. Raises ModelError."""
        return (await probe.identify(self._client, self._model)).models

    def named(self, model: str) -> Remote:
        """Another model of the same server, over the same connections."""
        return Remote(f"{self._client.url}#{model}", client=self._client)

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        """One upstream request a sample, so that each has its own seed. Raises ModelError."""
        await self.ready()
        if request.n == 1:
            async with aclosing(self._sample(0, request)) as deltas:
                async for delta in deltas:
                    yield delta
            return
        queue: asyncio.Queue[Delta | ModelError | None] = asyncio.Queue()

        async def run(sample: int) -> None:
            try:
                async with aclosing(self._sample(sample, request)) as deltas:
                    async for delta in deltas:
                        queue.put_nowait(delta)
            except ModelError as error:
                queue.put_nowait(error)
            finally:
                queue.put_nowait(None)

        tasks = [asyncio.create_task(run(i)) for i in range(request.n)]
        running = request.n
        try:
            while running:
                item = await queue.get()
                if isinstance(item, ModelError):
                    raise item
                if item is None:
                    running -= 1
                else:
                    yield item
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def answer_now(self) -> None:
        for reply in self._live:
            reply.hurry = True

    async def close(self) -> None:
        await self._client.close()

    async def ready(self) -> None:
        """Find out once what the server and its model can do. Raises ModelError."""
        if self._found is None:
            if self._probing is None or self._probing.done():
                self._probing = asyncio.create_task(self._probe())
            # Those who wait together must not end each other's waiting.
            await asyncio.shield(self._probing)

    async def _probe(self) -> None:
        found = await probe.identify(self._client, self._model)
        if self._model is None:
            if len(found.models) != 1:
                offered = ", ".join(found.models) or "no model"
                raise ModelError(
                    f"{self._client.url} offers {offered}; name one, as in {self._name}#NAME",
                    "bad_request",
                )
            self._model = found.models[0]
        dialect = found.dialect
        shape: probe.Shape = "hidden" if dialect.hides else "field"
        if found.thinks is False:
            shape = "none"
        elif dialect.look:
            async with aclosing(self._events(dialect, probe.LOOK, 0, 400)) as events:
                try:
                    shape = await probe.look(events)
                except ModelError as error:
                    if error.kind not in ("bad_request", "malformed", "server"):
                        raise
                    shape = "none"
        self._shape = shape
        self._holds_budget = dialect.budget is not None and shape != "none"
        self._extends = dialect.continues is not None and shape != "none"
        self._found = found

    # --- one sample ---------------------------------------------------------------------

    async def _sample(self, sample: int, request: Request) -> AsyncGenerator[Delta]:
        assert self._found is not None
        dialect = self._found.dialect
        extending = request.thought_prefix is not None and self._extends
        if request.thought_prefix is not None and not extending:
            request = replace(request, thought_prefix=None)
        prompt = _estimate(request)
        limit = self._limit(request, prompt)
        reply = Reply(sample, request, inside=self._inside(request), prompt_tokens=prompt)
        self._live.add(reply)
        try:
            async with aclosing(self._events(dialect, request, sample, limit)) as events:
                async for event in events:
                    for delta in reply.read(event):
                        yield delta
                    if reply.done:
                        break
        except ModelError as error:
            if not extending or error.kind != "bad_request":
                raise
            # It cannot go on after a thought, and says so: the loop has another way.
            self._extends = False
            yield Delta(sample, "end", stop=StopReason.ERROR, estimated=True)
            return
        finally:
            self._live.discard(reply)
        self._learn(request, reply, extending)
        *rest, end = reply.end()
        for delta in rest:
            yield delta
        left = request.max_answer - end.answer_tokens
        if self._shape == "hidden" and reply.cut_short and reply.answer and left > 0:
            async for delta in self._go_on(sample, request, reply.answer, left, end):
                yield delta
        else:
            yield end

    async def _go_on(
        self, sample: int, request: Request, answer: str, left: int, end: Delta
    ) -> AsyncGenerator[Delta]:
        """A thought that nobody could see left the answer too little room: the rest of it."""
        turns = (*request.messages, Message("assistant", answer), Message("user", _GO_ON))
        rest = replace(request, messages=turns, think=False, max_answer=left)
        async with aclosing(self._sample(sample, rest)) as deltas:
            async for delta in deltas:
                if delta.kind == "end":
                    delta = replace(
                        delta,
                        prompt_tokens=end.prompt_tokens + delta.prompt_tokens,
                        thought_tokens=end.thought_tokens + delta.thought_tokens,
                        answer_tokens=end.answer_tokens + delta.answer_tokens,
                        estimated=end.estimated or delta.estimated,
                    )
                yield delta

    async def _events(
        self, dialect: dialects.Dialect, request: Request, sample: int, limit: int
    ) -> AsyncGenerator[Json]:
        """The events of one upstream request, sent again without what the server refuses."""
        assert self._model is not None
        while True:
            body = dialects.body(
                dialect,
                self._model,
                request,
                seed=request.seeds[sample],
                limit=limit,
                refused=self._refused,
            )
            try:
                async with aclosing(self._client.stream("chat/completions", body)) as events:
                    async for event in events:
                        yield event
                return
            except ModelError as error:
                refused = dialects.refused(body, str(error)) - self._refused
                if error.kind != "bad_request" or not refused:
                    raise
                self._refused |= refused
                if dialect.efforts and "reasoning_effort" in refused:
                    self._shape = "none"  # no effort fits a model that does not think

    def _limit(self, request: Request, prompt: int) -> int:
        """Upstream's limit on all tokens of the reply.

        A thought that can be seen is cut here, at its cap, so the answer's tokens come on top. One
        that is hidden can only be held by the limit itself; the answer that it leaves no room for
        is asked for with the tokens that were kept for it.
        """
        if not (request.think and request.max_thought) or self._shape == "none":
            limit = request.max_answer
        elif self._shape == "hidden":
            limit = request.max_thought
        else:
            limit = request.max_thought + request.max_answer
        context = self._found.context if self._found else None
        if context is not None:
            limit = max(request.max_answer, min(limit, int(context - _MARGIN * prompt)))
        return limit

    def _inside(self, request: Request) -> bool:
        """Whether the reply's text begins within a thought."""
        if request.thought_prefix is not None:
            return request.max_thought > 0
        return self._shape == "open"

    def _learn(self, request: Request, reply: Reply, extending: bool) -> None:
        """What this answer showed that the probe did not."""
        if reply.in_field and self._shape == "none":
            self._shape = "field"
        elif reply.splitter.opened and self._shape == "none":
            self._shape = "tags"
        elif reply.splitter.orphan and not extending:
            self._shape = "open"
        elif reply.counter.hidden and self._shape == "none":
            self._shape = "hidden"
        if reply.broke_budget:
            self._holds_budget = False
        if extending and not request.max_thought and reply.done and not reply.answer:
            self._extends = False  # it thought anew after a closed thought


def _estimate(request: Request) -> int:
    """Tokens of the prompt, for servers that do not count them."""
    turns = sum(4 + estimate(m.text) + estimate(m.thought or "") for m in request.messages)
    return turns + estimate(request.thought_prefix or "")
