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
from secondthought.oversight.crypto import InvalidEncryptedContent
from secondthought.reasoner import Reasoner
from secondthought.server import params, sse
from secondthought.server.errors import ApiError, bad, of_model
from secondthought.server.ids import is_id, new_id
from secondthought.server.keys import Key
from secondthought.server.responses.counting import count
from secondthought.server.responses.jobs import Job, Worker
from secondthought.server.run import Ask
from secondthought.server.service import Service, json_response, read_body
from secondthought.server.store import RUNNING
from secondthought.server.store import Response as Stored
from secondthought.server.wire import base
from secondthought.server.wire.base import dumps, load, parse
from secondthought.server.wire.responses import (
    ENCRYPTED,
    InputTokensRequest,
    ResponsesRequest,
    conversation,
    items,
)
from secondthought.server.wire.tools import answer_format, toolbox, without_hosted

Json = dict[str, Any]
_LONGEST_CHAIN = 1000
_ECHOED = ("user", "safety_identifier", "prompt_cache_key", "max_tool_calls")


class Responses:
    """The endpoints, over one service."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.worker = Worker(service, self._again)

    # --- create ------------------------------------------------------------------------------

    async def create(self, request: Request, key: Key) -> Response:
        body = load(await read_body(request, self.service.settings.body_bytes))
        job = await self._job(body, key, new_id("resp"), int(time.time()))
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
        if (error := job.answers.error) is not None:
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
        before = await self._context(wanted.previous_response_id, key)
        context = [*before, *items(wanted.input)]
        ask, _ = await self._ask(reasoner, wanted, key, context, changed)
        try:
            found = await count(reasoner, ask)
        except ModelError as error:
            raise of_model(error, ask.mode) from None
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

    async def _job(self, body: Json, key: Key, id: str, created: int) -> Job:
        """What is wanted, ready to start. Raises ApiError."""
        honoured, changed = params.apply(params.RESPONSES, body)
        wanted = parse(ResponsesRequest, honoured)
        reasoner = await self.service.models.find(wanted.model)
        store, background = wanted.store is not False, bool(wanted.background)
        if background and not store:
            raise bad("background needs store to be true.", "background", "invalid_value")
        unknown = set(wanted.include or ()) - {ENCRYPTED}
        if unknown:
            text = f"include knows {ENCRYPTED} only."
            raise bad(text, "include", "unsupported_value")
        given = items(wanted.input)
        before = await self._context(wanted.previous_response_id, key)
        ask, reasoning = await self._ask(reasoner, wanted, key, [*before, *given], changed)
        text = wanted.text
        if text is not None and text.verbosity not in (None, "medium"):
            changed["text.verbosity"] = "medium"
        response: Json = {
            "id": id,
            "object": "response",
            "created_at": created,
            "status": "queued" if background else "in_progress",
            "background": background,
            "completed_at": None,
            "error": None,
            "incomplete_details": None,
            "instructions": wanted.instructions,
            "max_output_tokens": wanted.max_output_tokens,
            "model": reasoner.model.name,
            "output": [],
            "parallel_tool_calls": wanted.parallel_tool_calls is not False,
            "previous_response_id": wanted.previous_response_id,
            "reasoning": reasoning,
            "service_tier": "default",
            "store": store,
            "temperature": ask.policy.temperature,
            "text": {"format": ask.format.echo, "verbosity": "medium"},
            "tool_choice": wanted.tool_choice or "auto",
            "tools": [_echo_tool(tool) for tool in wanted.tools or ()],
            "top_p": 1.0,
            "presence_penalty": 0.0,
            "frequency_penalty": 0.0,
            "top_logprobs": 0,
            "truncation": "disabled",
            "usage": None,
            "metadata": base.metadata(wanted.metadata),
            **{name: body.get(name) for name in _ECHOED},
            "secondthought": {
                "effort": ask.effort.value,
                "strategy": ask.policy.strategy,
                "changed": changed,
                **({"notice": ask.notice.as_dict()} if ask.notice else {}),
            },
        }
        encrypted = ENCRYPTED in (wanted.include or ()) or not store
        return Job(self.service, key, reasoner, ask, response, body, given, encrypted=encrypted)

    async def _ask(
        self,
        reasoner: Reasoner,
        wanted: ResponsesRequest,
        key: Key,
        context: list[Json],
        changed: Json,
    ) -> tuple[Ask, Json]:
        """(what the loop is asked, the `reasoning` that is echoed). Tools that are left out are
        taken from `wanted`; `changed` says so."""
        wanted.tools = without_hosted(wanted.tools, changed)
        service, reasoning = self.service, wanted.reasoning
        effort = reasoning.effort if reasoning else None
        level = base.effort(effort, reasoner.effort, "reasoning.effort")
        mode = service.keyring.sees(key, service.settings.reasoning)
        summary = (reasoning.summary or reasoning.generate_summary) if reasoning else None
        echo: Json = {
            "effort": level.value,
            "summary": summary if summary != "none" and mode.shows_summary else None,
            "mode": "standard",
            "context": "current_turn",
        }
        asked = reasoning.model_dump(exclude_none=True) if reasoning else {}
        for name, value in asked.items():
            used = echo["summary" if name == "generate_summary" else name]
            if value != used and (value, used) not in (("none", None), ("auto", "current_turn")):
                changed[f"reasoning.{name}"] = used
        if wanted.stream_options and wanted.stream_options.include_obfuscation:
            changed["stream_options.include_obfuscation"] = False
        calls = [item["call_id"] for item in context if "call_id" in item]
        thoughts = await service.store.thoughts(key.id, calls) if calls else {}
        messages = conversation(
            context,
            images=reasoner.model.capabilities.images,
            decrypt=lambda blob: self._decrypt(blob, key),
            thought_of=thoughts.get,
        )
        if wanted.instructions:
            messages[:0] = conversation(
                [{"type": "message", "role": "system", "content": wanted.instructions}],
                images=False,
                decrypt=str,
                thought_of=lambda _: None,
            )
        ask = await service.ask(
            reasoner,
            messages,
            level=level,
            temperature=wanted.temperature,
            seed=wanted.seed,
            max_tokens=wanted.max_output_tokens,
            toolbox=toolbox(
                wanted.tools, wanted.tool_choice, wanted.parallel_tool_calls, groups=True
            ),
            format=answer_format(wanted.text.format if wanted.text else None, "text.format"),
            given_checks=wanted.verifiers,
            min_confidence=wanted.min_confidence,
            key=key,
            summary=echo["summary"],
            where=("input", "text.format"),
        )
        return ask, echo

    def _decrypt(self, blob: str, key: Key) -> str:
        try:
            return self.service.cipher.decrypt(blob, key.id)
        except InvalidEncryptedContent as error:
            raise bad(str(error), code="invalid_encrypted_content") from None

    async def _context(self, previous: str | None, key: Key) -> list[Json]:
        """All items of the conversation before this response, oldest first."""
        turns: list[list[Json]] = []
        while previous is not None and len(turns) < _LONGEST_CHAIN:
            stored = await self._find(previous, key, "previous_response_id")
            body: Json = json.loads(stored.body)
            if stored.status in RUNNING:
                text = f"The response {previous!r} is not finished yet."
                raise bad(text, "previous_response_id", "response_not_finished")
            turns.append([*json.loads(stored.items), *body["output"]])
            previous = body["previous_response_id"]
        return [item for turn in reversed(turns) for item in turn]

    async def _again(self, stored: Stored, key: Key) -> Job:
        job = await self._job(json.loads(stored.request), key, stored.id, int(stored.created_at))
        job.items = json.loads(stored.items)
        return job

    # --- what is there -----------------------------------------------------------------------

    async def retrieve(self, request: Request, key: Key) -> Response:
        """The response as it is now, or with `stream=true` its events above `starting_after`, and
        those that are still to come."""
        id = request.path_params["id"]
        query = request.query_params
        job = self._running(id, key)
        if query.get("stream") not in ("true", "True", "1"):
            if job is not None and job.response["status"] not in RUNNING:
                await job.wait()  # nobody hears of an end that is not stored yet
                job = None
            if job is not None:
                return json_response(job.events.snapshot)
            return _json_text((await self._find(id, key)).body)
        after = query.get("starting_after", "-1")
        if not after.removeprefix("-").isdecimal() or len(after) > 9:
            raise bad("starting_after must be a number.", "starting_after", "invalid_type")
        if job is not None:
            chunks = self._live(job, int(after))
        else:
            stored = await self._find(id, key)
            if not (stored.streamed or stored.background):
                raise bad("Only a response that was streamed can be streamed again.", "stream")
            chunks = self._replay(id, key, int(after))
        return self._stream(chunks, left=lambda: None)

    async def delete(self, request: Request, key: Key) -> Response:
        id = request.path_params["id"]
        job = self._running(id, key)
        if job is None:
            await self._find(id, key)
        else:
            job.drop()
        await self.service.store.delete_response(id)
        return json_response({"id": id, "object": "response", "deleted": True})

    async def cancel(self, request: Request, key: Key) -> Response:
        """End a background response; what there is of it stays. Idempotent."""
        id = request.path_params["id"]
        stored = await self._find(id, key)
        if not stored.background:
            raise bad("Only background responses can be cancelled.", "response_id")
        if stored.status in RUNNING:
            job = self._running(id, key)
            if job is not None:
                await job.cancel()
            else:
                body = {**json.loads(stored.body), "status": "cancelled"}
                await self.service.store.change_response(id, status="cancelled", body=dumps(body))
            stored = await self._find(id, key)
        return _json_text(stored.body)

    async def answer_now(self, request: Request, key: Key) -> Response:
        """End the thinking; the answer follows. Returns the response as it is."""
        job = self._running(request.path_params["id"], key)
        if job is None:
            await self._find(request.path_params["id"], key)
        if job is None or job.answers.done:
            raise ApiError(409, "This response is not running here.", code="not_running")
        job.answers.answer_now()
        return json_response(job.events.snapshot)

    async def input_items(self, request: Request, key: Key) -> Response:
        """The items that the response was made from, newest first unless `order=asc`."""
        id, query = request.path_params["id"], request.query_params
        job = self._running(id, key)
        if job is not None:
            own, previous = job.items, job.response["previous_response_id"]
        else:
            stored = await self._find(id, key)
            own = json.loads(stored.items)
            previous = json.loads(stored.body)["previous_response_id"]
        found = [*await self._context(previous, key), *own]
        if query.get("order", "desc") != "asc":
            found.reverse()
        limit = query.get("limit", "20")
        if not limit.isdecimal() or not 1 <= int(limit[:9]) <= 100:
            raise bad("limit must be 1 to 100.", "limit", "invalid_value")
        if after := query.get("after"):
            ids = [item["id"] for item in found]
            if after not in ids:
                raise bad("after names no item of this response.", "after", "invalid_value")
            found = found[ids.index(after) + 1 :]
        page = found[: int(limit)]
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

    async def _find(self, id: str, key: Key, param: str = "response_id") -> Stored:
        """Raises ApiError 404; of another key's responses nobody learns that they exist."""
        stored = await self.service.store.response(id) if is_id(id) else None
        if stored is None or stored.key_id != key.id:
            code = "previous_response_not_found" if param.startswith("prev") else "not_found"
            status = 400 if param.startswith("prev") else 404
            raise ApiError(
                status, f"No response found with id {id[:80]!r}.", param=param, code=code
            )
        return stored

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


def _echo_tool(tool: Json) -> Json:
    """A tool as the API shows it: with the keys that have defaults."""
    if tool.get("type") == "function":
        return {"parameters": None, "strict": None, "description": None, **tool}
    return tool
