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
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace

from secondthought.messages import Message
from secondthought.models.base import Capabilities, Delta, ModelError, PromptTokens, Request
from secondthought.models.remote import address, dialects, probe
from secondthought.models.remote.client import Client
from secondthought.models.remote.prompt import prompt_tokens
from secondthought.models.remote.reply import Reply
from secondthought.models.remote.think_tags import began_inside
from secondthought.models.remote.tokens import Rate
from secondthought.models.remote.untrusted import Json
from secondthought.trace import Retry, StopReason

_GO_ON = "Go on exactly where you stopped. Repeat nothing."
_LOOK_SECONDS = 30
_MARGIN = 1.2  # prompts are estimated, and a template adds to them
_PATIENCE = 4  # of so many parts of the limit, one may go into a thought that was not wanted


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
        self._client = client or Client(where.url, where.key, seconds=where.seconds)
        self._found: probe.Found | None = None
        self._settled = False  # what was found is no guess
        self._shape: probe.Shape = "none"
        self._before_open: probe.Shape | None = None  # the shape, until an answer spoke for "open"
        self._ignores_off = False  # it thinks although it is told not to
        self._refused: set[str] = set()
        self._rate = Rate()
        self._holds_budget = self._extends = False
        self._probing: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def model(self) -> str | None:
        """The name by which the server knows it; None until it is found out."""
        return self._model

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
            thinks=found is None or self._shape != "none",
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

    def prompt_tokens(self, request: Request) -> PromptTokens:
        """An estimate by bytes: only the server has its tokenizer and its chat template."""
        return PromptTokens(prompt_tokens(request), estimated=True)

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

    def keep(self) -> None:
        self._client.keep()

    async def close(self) -> None:
        await self._client.close()

    async def ready(self) -> None:
        """Find out once what the server and its model can do; again as long as the server was
        too busy to show it. Raises ModelError."""
        if not self._settled:
            if self._probing is None or self._probing.done():
                self._probing = asyncio.create_task(self._probe())
                # Nobody may be left to hear of its failure; the next request tries again.
                self._probing.add_done_callback(lambda task: task.cancelled() or task.exception())
            # Those who wait together must not end each other's waiting.
            await asyncio.shield(self._probing)

    async def _probe(self) -> None:
        found = await probe.identify(self._client, self._model)
        if self._model is None:
            if len(found.models) != 1:
                offered = ", ".join(found.models) or "no model"
                raise ModelError(
                    f"{self._client.url} offers {offered}; name one, as in {self._name}#NAME",
                    "bad_request" if found.models else "not_found",
                )
            self._model = found.models[0]
        dialect = found.dialect
        shape: probe.Shape | None = "hidden" if dialect.hides else "field"
        if found.thinks is False:
            shape = "none"
        elif dialect.look:
            shape = await self._look(dialect)
        self._settled = found.settled and shape is not None
        self._shape = shape or "none"
        self._holds_budget = dialect.budget is not None and self._shape != "none"
        self._extends = dialect.continues is not None and self._shape != "none"
        self._found = found

    async def _look(self, dialect: dialects.Dialect) -> probe.Shape | None:
        """How the model shows its thought; None where the server could not show anything now.
        What cannot be seen is learned from answers."""
        try:
            async with (
                asyncio.timeout(_LOOK_SECONDS),
                aclosing(self.events(probe.LOOK, limit=400, dialect=dialect)) as events,
            ):
                return await probe.look(events)
        except TimeoutError:
            return "field"
        except ModelError as error:
            if error.kind in probe.PASSING:
                return None
            if error.kind not in ("bad_request", "malformed"):
                raise
            return "none"

    # --- one sample ---------------------------------------------------------------------

    async def _sample(
        self, sample: int, request: Request, *, closed: bool = False
    ) -> AsyncGenerator[Delta]:
        """closed: its `thought_prefix` is ours, because it does not stop thinking otherwise."""
        assert self._found is not None
        dialect = self._found.dialect
        wants_thought = request.think and request.max_thought > 0
        if not self._extends:
            request = replace(request, thought_prefix=None)
        elif request.thought_prefix is None and not wants_thought and self._needs_closing:
            request, closed = replace(request, thought_prefix="", max_thought=0), True
        extending = request.thought_prefix is not None
        prompt = prompt_tokens(request)
        limit = self._limit(request, prompt)
        room = request.answer_limit(0)
        reply = Reply(
            sample,
            request,
            inside=self._inside(request),
            prompt_tokens=prompt,
            rate=self._rate,
            patience=room if extending or not self._extends else max(1, room // _PATIENCE),
        )
        retries: list[Retry] = []
        waits, kept = self._waits(request, limit), list[Delta]()
        stream = self.events(request, sample, limit=limit, on_retry=retries.append)
        try:
            async with aclosing(stream) as events:
                async for event in events:
                    for delta in _told(sample, retries):
                        yield delta
                    for delta in reply.read(event):
                        if waits and delta.kind == "answer":
                            kept.append(delta)
                        else:
                            yield delta
                    if reply.done:
                        break
        except ModelError as error:
            cannot_extend = extending and error.kind == "bad_request"
            if cannot_extend:
                # It cannot go on after a thought, and says so: the loop has another way.
                self._extends = False
                retries.append(Retry(error.kind, str(error)))
            for delta in (*_told(sample, retries), *kept):
                yield delta
            if not cannot_extend:
                raise
            end = Delta(sample, "end", stop=StopReason.ERROR, estimated=True)
            rest = replace(request, think=False, thought_prefix=None) if closed else None
        else:
            *said, end = reply.end()
            self._learn(request, reply, extending)
            if dialect.budget and end.thought_tokens >= dialects.budget(request.max_thought) > 0:
                end = replace(end, stop=_capped(end.stop))
            rest = self._rest(request, reply, end, extending, whole=waits)
            if rest is None or not kept:
                for delta in (*kept, *said):
                    yield delta
                kept.clear()
        if rest is None:
            yield end
            return
        if rest.thought_prefix and not request.think:
            yield Delta(sample, "thought", rest.thought_prefix, prompt_tokens=end.prompt_tokens)
        lost = 0  # tokens of an answer that was cut and made anew
        async with aclosing(self._sample(sample, rest, closed=True)) as deltas:
            async for delta in deltas:
                if delta.kind in ("answer", "tool_call"):
                    cut, kept = kept, []
                    lost += len(cut) and end.answer_tokens
                if delta.kind == "end":
                    for one in kept:  # nothing better came
                        yield one
                    delta = replace(
                        delta,
                        stop=StopReason.LENGTH if kept else delta.stop,
                        prompt_tokens=end.prompt_tokens + delta.prompt_tokens,
                        thought_tokens=end.thought_tokens + lost + delta.thought_tokens,
                        answer_tokens=end.answer_tokens - lost + delta.answer_tokens,
                        estimated=end.estimated or delta.estimated,
                    )
                yield delta

    def _waits(self, request: Request, limit: int) -> bool:
        """Whether the answer waits until the reply is whole. Behind a thought that nobody sees it
        may be cut at any place; where a limit is so low that an answer alone may reach it, or half
        an answer is none, it is made anew then."""
        hidden = self._shape == "hidden" and request.think and request.max_thought > 0
        return hidden and (limit < request.max_answer or request.format.kind == "json")

    @property
    def _needs_closing(self) -> bool:
        """Whether only a thought that is closed already keeps it from thinking. Where the template
        opens the thought, nothing else would tell its thought from its answer."""
        return self._ignores_off or self._shape == "open"

    def _rest(
        self, request: Request, reply: Reply, end: Delta, extending: bool, *, whole: bool
    ) -> Request | None:
        """What to ask for where a thought left the answer too little room, or was cut because none
        was wanted; None where the answer is there, or nothing is left for it. whole: nobody has
        been shown the answer that was cut."""
        rest = replace(request, think=False, max_tokens=None)
        wanted = request.think and request.max_thought > 0
        apart = request.answer_limit(end.thought_tokens)  # a thought that was not wanted is in it
        left = apart if wanted else request.answer_limit(0) - end.thought_tokens
        left -= end.answer_tokens
        if self._shape == "hidden" and reply.cut_short and reply.answer and left > 0:
            if whole:
                return replace(rest, max_thought=0, max_answer=left)
            answer = Message("assistant", reply.answer)
            turns = (*request.messages, answer, Message("user", _GO_ON))
            return replace(rest, messages=turns, max_answer=left)
        left = request.answer_limit(0) - end.thought_tokens
        if reply.done and reply.unwanted and not reply.answer and not extending and left > 0:
            return replace(rest, thought_prefix=reply.unwanted, max_thought=0, max_answer=left)
        return None

    async def events(
        self,
        request: Request,
        sample: int = 0,
        *,
        limit: int,
        dialect: dialects.Dialect | None = None,
        extra: Json | None = None,
        on_retry: Callable[[Retry], object] | None = None,
    ) -> AsyncGenerator[Json]:
        """The events of one upstream request as the server sends them; fields that it refuses by
        name are left out in a second try. limit: tokens of the reply. dialect: another than its
        own. extra: fields on top. on_retry: told of every try that failed and is followed by
        another one. Raises ModelError."""
        dialect = dialect or (self._found.dialect if self._found else dialects.OTHER)
        while True:
            body = dialects.body(
                dialect,
                self._model or "",
                request,
                seed=request.seeds[sample],
                limit=limit,
                refused=self._refused,
            ) | (extra or {})
            try:
                stream = self._client.stream("chat/completions", body, on_retry=on_retry)
                async with aclosing(stream) as events:
                    async for event in events:
                        yield event
                return
            except ModelError as error:
                # What another request has learned since was not known when this one was sent.
                refused = dialects.refused(body, str(error))
                if error.kind != "bad_request" or not refused:
                    raise
                self._refused |= refused
                if on_retry is not None:
                    left_out = f"without {', '.join(sorted(refused))}, because {error}"
                    on_retry(Retry(error.kind, f"asked again {left_out}"))
                if dialect.efforts and "reasoning_effort" in refused:
                    self._shape = "none"  # no effort fits a model that does not think

    def _limit(self, request: Request, prompt: int) -> int:
        """Upstream's limit on all tokens of the reply.

        A thought that can be seen is cut here, at its cap, so the answer's tokens come on top. One
        that is hidden can only be held by the limit itself; the answer that it leaves no room for
        is asked for with the tokens that were kept for it.
        """
        total = max(request.max_tokens or 0, request.max_thought + request.max_answer)
        if not (request.think and request.max_thought) or self._shape == "none":
            limit = request.answer_limit(0)
        elif self._shape == "hidden":
            limit = total - request.max_answer
        else:
            limit = total
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
        elif reply.unclosed and self._before_open is not None:
            self._shape, self._before_open = self._before_open, None  # it was a mention of the tag
        elif self._shape != "open" and not extending and _speaks_for_open(request, reply):
            self._before_open, self._shape = self._shape, "open"
        elif reply.hidden and self._shape in ("none", "field"):
            self._shape = "hidden"
        if reply.broke_budget:
            self._holds_budget = False
        if extending and not request.max_thought and reply.done and not reply.answer:
            self._extends = False  # it thought anew after a closed thought
        if reply.unwanted.strip() and not extending:
            self._ignores_off = True


def _told(sample: int, retries: list[Retry]) -> Iterator[Delta]:
    """The retries that nobody has been told of yet, as deltas."""
    while retries:
        yield Delta(sample, "retry", retry=retries.pop(0))


def _capped(stop: StopReason | None) -> StopReason | None:
    """Why a reply ended whose thought the server closed at its budget."""
    return StopReason.THOUGHT_CAP if stop is StopReason.STOP else stop


def _speaks_for_open(request: Request, reply: Reply) -> bool:
    """Whether a reply to a request to think looks like a thought with a closing tag only. One
    that was told not to think may well speak of the tag in its answer."""
    thinks = request.think and request.max_thought > 0
    return thinks and not reply.shown and began_inside(reply.answer)
