"""From the body of a request to a response that is ready to be made, and to its conversation."""

from __future__ import annotations

import json
from typing import Any

from secondthought.oversight.crypto import InvalidEncryptedContent
from secondthought.reasoner import Reasoner
from secondthought.server import params
from secondthought.server.errors import ApiError, bad
from secondthought.server.ids import is_id
from secondthought.server.keys import Key
from secondthought.server.responses.jobs import Job
from secondthought.server.run import Ask
from secondthought.server.service import Service
from secondthought.server.store import RUNNING
from secondthought.server.store import Response as Stored
from secondthought.server.wire import base, shown
from secondthought.server.wire.base import parse
from secondthought.server.wire.responses import (
    ENCRYPTED,
    Hints,
    ResponsesRequest,
    conversation,
    items,
)
from secondthought.server.wire.tools import answer_format, toolbox, without_hosted

Json = dict[str, Any]
_LONGEST_CHAIN = 1000


class Requests:
    """Reads requests, over one service."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def job(self, body: Json, key: Key, id: str, created: int) -> Job:
        """What is wanted, ready to start. Raises ApiError."""
        honoured, changed = params.apply(params.RESPONSES, body)
        wanted = parse(ResponsesRequest, honoured)
        hints = parse(Hints, {name: body[name] for name in Hints.model_fields if name in body})
        reasoner = await self.service.models.find(wanted.model)
        store, background = wanted.store is not False, bool(wanted.background)
        if background and not store:
            raise bad("background needs store to be true.", "background", "invalid_value")
        unknown = set(wanted.include or ()) - {ENCRYPTED}
        if unknown:
            text = f"include knows {ENCRYPTED} only."
            raise bad(text, "include", "unsupported_value")
        given = items(wanted.input, changed)
        before = await self.context(wanted.previous_response_id, key)
        ask, reasoning = await self.ask(reasoner, wanted, key, [*before, *given], changed)
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
            "tool_choice": shown.choice(wanted.tool_choice),
            "tools": [shown.tool(tool) for tool in wanted.tools or ()],
            "top_p": 1.0,
            "presence_penalty": 0.0,
            "frequency_penalty": 0.0,
            "top_logprobs": 0,
            "truncation": "disabled",
            "usage": None,
            "metadata": base.metadata(wanted.metadata),
            **hints.model_dump(),
            "secondthought": {
                "effort": ask.effort.value,
                "strategy": ask.policy.strategy,
                "changed": changed,
                **({"notice": ask.notice.as_dict()} if ask.notice else {}),
            },
        }
        encrypted = ENCRYPTED in (wanted.include or ()) or not store
        return Job(self.service, key, reasoner, ask, response, body, given, encrypted=encrypted)

    async def ask(
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
                wanted.tools,
                wanted.tool_choice,
                wanted.parallel_tool_calls,
                changed=changed,
                groups=True,
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

    async def context(self, previous: str | None, key: Key) -> list[Json]:
        """All items of the conversation before this response, oldest first."""
        turns: list[list[Json]] = []
        while previous is not None:
            if len(turns) == _LONGEST_CHAIN:
                text = f"More than {_LONGEST_CHAIN} responses stand before; send them as input."
                raise bad(text, "previous_response_id", "invalid_value")
            stored = await self.find(previous, key, "previous_response_id")
            body: Json = json.loads(stored.body)
            if stored.status in RUNNING:
                text = f"The response {previous!r} is not finished yet."
                raise bad(text, "previous_response_id", "response_not_finished")
            turns.append([*json.loads(stored.items), *body["output"]])
            previous = body["previous_response_id"]
        return [item for turn in reversed(turns) for item in turn]

    async def again(self, stored: Stored, key: Key) -> Job:
        """A stored response from its beginning."""
        job = await self.job(json.loads(stored.request), key, stored.id, int(stored.created_at))
        job.items = json.loads(stored.items)
        return job

    async def find(self, id: str, key: Key, param: str = "response_id") -> Stored:
        """Raises ApiError 404; of another key's responses nobody learns that they exist."""
        stored = await self.service.store.response(id) if is_id(id) else None
        if stored is None or stored.key_id != key.id:
            code = "previous_response_not_found" if param.startswith("prev") else "not_found"
            status = 400 if param.startswith("prev") else 404
            raise ApiError(
                status, f"No response found with id {id[:80]!r}.", param=param, code=code
            )
        return stored
