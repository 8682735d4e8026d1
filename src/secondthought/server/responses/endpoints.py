"""`/v1/responses`: create, retrieve, cancel, answer now, delete, input items, input tokens."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from secondthought.models.base import ModelError
from secondthought.server import chat, params, queries, sse
from secondthought.server.errors import ApiError, bad, of_model
from secondthought.server.ids import new_id
from secondthought.server.keys import Key
from secondthought.server.responses.counting import check_fits, count
from secondthought.server.responses.jobs import Job, Worker
from secondthought.server.responses.requests import Requests
from secondthought.server.service import Service, json_response, read_body
from secondthought.server.store import RUNNING
from secondthought.server.wire.base import dumps, load, parse
from secondthought.server.wire.responses import InputTokensRequest, items

Json = dict[str, Any]


class Responses:
    """The endpoints, over one service."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.requests = Requests(service)
        self.worker = Worker(service, self.requests.again)

    # --- create ------------------------------------------------------------------------------

    async def create(self, request: Request, key: Key) -> Response:
        body = load(await read_body(request, self.service.settings.body_bytes))
        job = await self.requests.job(body, key, new_id("resp"), int(time.time()))
        if job.background:  # who hears that it is queued must not hear later that it never fitted
            await check_fits(job.reasoner, job.ask)
        job.start()
        if job.background:
            try:
                await job.store_begin(self.worker.owner, self.service.settings.lease)
            except BaseException:
                job.drop()
                raise
        acknowledged = dumps(job.response)
        job.go()
        self.worker.add(job)
        if body.get("stream"):
            if not job.background:
                await job.answers.spoke(0.5)
                if job.answers.done and (error := job.answers.error) is not None:
                    raise error
            return self._stream(self._live(job, -1), left=self._leaver(job))
        if job.background:
            return Response(acknowledged, media_type="application/json")
        if not await self.service.wait(job.answers, request):
            return Response(status_code=499)
        await job.wait()
        if (error := job.answers.error or job.error) is not None:
            raise error
        return json_response(job.response)

    async def input_tokens(self, request: Request, key: Key) -> Response:
        """How many tokens the prompt of such a response would have; nothing is generated."""
        body = load(await read_body(request, self.service.settings.body_bytes))
        honoured, changed = params.apply(params.INPUT_TOKENS, body)
        given = {name: value for name, value in honoured.items() if value is not None}
        wanted = parse(InputTokensRequest, given)
        models = self.service.models
        reasoner = await models.find(wanted.model or (await models.names())[0])
        before = await self.requests.context(wanted.previous_response_id, key)
        context = [*before, *items(wanted.input, changed)]
        ask, _ = await self.requests.ask(reasoner, wanted, key, context, changed)
        try:
            found = await count(reasoner, ask)
        except ModelError as error:
            raise of_model(error, ask.mode, ask.param) from None
        return json_response(
            {
                "object": "response.input_tokens",
                "input_tokens": found.tokens,
                "secondthought": {"estimated": found.estimated, "changed": changed},
            }
        )

    async def compact(self, request: Request, key: Key) -> Response:
        """Not offered: a conversation that is shortened without its asker's seeing what was left
        out would not be what the seals and traces account for."""
        text = "This server does not compact conversations; send a shorter input instead."
        raise ApiError(404, text, code="not_found")

    # --- what is there -----------------------------------------------------------------------

    async def retrieve(self, request: Request, key: Key) -> Response:
        """The response as it is now, or with `stream=true` its events above `starting_after`, and
        those that are still to come."""
        id = request.path_params["id"]
        refused = ("include", "include_obfuscation")
        query = queries.read(request, "stream", "starting_after", refused=refused)
        streamed = queries.flag(query, "stream")
        if "starting_after" in query and not streamed:
            raise bad("starting_after needs stream to be true.", "starting_after", "invalid_value")
        job = self._running(id, key)
        if not streamed:
            if job is not None and job.response["status"] not in RUNNING:
                await job.wait()  # nobody hears of an end that is not stored yet
                job = None
            if job is not None:
                return json_response(job.events.snapshot)
            return _json_text((await self.requests.find(id, key)).body)
        after = queries.number(query, "starting_after", -1, -1, 999_999_999)
        if job is not None:
            chunks = self._live(job, after)
        else:
            stored = await self.requests.find(id, key)
            if not (stored.streamed or stored.background):
                raise bad("Only a response that was streamed can be streamed again.", "stream")
            chunks = self._replay(id, key, after)
        return self._stream(chunks, left=lambda: None)

    async def delete(self, request: Request, key: Key) -> Response:
        id = request.path_params["id"]
        job = self._running(id, key)
        if job is None:
            await self.requests.find(id, key)
        else:
            job.drop()
        await self.service.store.delete_response(id)
        return json_response({"id": id, "object": "response", "deleted": True})

    async def cancel(self, request: Request, key: Key) -> Response:
        """End a background response; what there is of it stays. Idempotent."""
        id = request.path_params["id"]
        stored = await self.requests.find(id, key)
        if not stored.background:
            raise bad("Only background responses can be cancelled.", "response_id")
        if stored.status in RUNNING:
            job = self._running(id, key)
            if job is not None:
                await job.cancel()
            else:
                body = {**json.loads(stored.body), "status": "cancelled"}
                await self.service.store.change_response(id, status="cancelled", body=dumps(body))
            stored = await self.requests.find(id, key)
        return _json_text(stored.body)

    async def answer_now(self, request: Request, key: Key) -> Response:
        """End the thinking; the answer follows. Returns the response as it is. A chat that runs
        may be named here too."""
        id = request.path_params["id"]
        job = self._running(id, key)
        if job is None:
            if self.service.find_running(id, key) is not None:
                return await chat.answer_now(self.service, request, key)
            await self.requests.find(id, key)
        if job is None or job.answers.done:  # no 409: clients would ask again, and it never helps
            raise bad("This response is not running here.", "response_id", "not_running")
        job.answers.answer_now()
        return json_response(job.events.snapshot)

    async def input_items(self, request: Request, key: Key) -> Response:
        """The items that the response was made from, newest first unless `order=asc`."""
        id = request.path_params["id"]
        query = queries.read(request, "limit", "order", "after", refused=("include",))
        limit = queries.number(query, "limit", 20, 1, 100)
        order = queries.choice(query, "order", "desc", "asc")
        job = self._running(id, key)
        if job is not None:
            own, previous = job.items, job.response["previous_response_id"]
        else:
            stored = await self.requests.find(id, key)
            own = json.loads(stored.items)
            previous = json.loads(stored.body)["previous_response_id"]
        found = [*await self.requests.context(previous, key), *own]
        if order == "desc":
            found.reverse()
        if after := query.get("after"):
            ids = [item["id"] for item in found]
            if after not in ids:
                raise bad("after names no item of this response.", "after", "invalid_value")
            found = found[ids.index(after) + 1 :]
        page = found[:limit]
        return json_response(
            {
                "object": "list",
                "data": page,
                "first_id": page[0]["id"] if page else "",
                "last_id": page[-1]["id"] if page else "",
                "has_more": len(found) > len(page),
            }
        )

    def _running(self, id: str, key: Key) -> Job | None:
        job = self.worker.jobs.get(id)
        if job is None or job.key.id != key.id or job.done or job.gone:
            return None
        return job

    # --- streams -----------------------------------------------------------------------------

    def _stream(self, chunks: AsyncGenerator[bytes], left: Callable[[], object]) -> Response:
        return sse.Stream(chunks, left=left, stalled=self.service.settings.stalled)

    def _leaver(self, job: Job) -> Callable[[], object]:
        """What to do when the reader leaves: a background response goes on."""
        return (lambda: None) if job.background else (lambda: self.service.left(job.answers))

    async def _live(self, job: Job, after: int) -> AsyncGenerator[bytes]:
        async for text in job.follow(after, self.service.settings.ping):
            yield sse.PING if text is None else _event(text)
        yield sse.DONE

    async def _replay(self, id: str, key: Key, after: int) -> AsyncGenerator[bytes]:
        """From the database; while another process makes the response, it is looked at again."""
        silent = 0.0
        while True:
            stored = await self.service.store.response(id)
            texts = await self.service.store.events(id, after)
            for text in texts:
                yield _event(text)
            after += len(texts)
            if stored is None or stored.status not in RUNNING:
                break
            silent = 0.0 if texts else silent + 0.25
            if silent >= self.service.settings.ping:
                silent = 0.0
                yield sse.PING
            await asyncio.sleep(0.25)
        yield sse.DONE


def _event(text: str) -> bytes:
    kind = text[9 : text.index('"', 9)]  # every event begins with {"type":"..."
    return f"event: {kind}\ndata: {text}\n\n".encode()


def _json_text(text: str) -> Response:
    return Response(text, media_type="application/json")
