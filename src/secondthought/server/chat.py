"""`POST /v1/chat/completions`, whole and streamed."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from secondthought.messages import ToolCall
from secondthought.reasoner import Reasoner
from secondthought.server import params, sse
from secondthought.server.answers import Answers
from secondthought.server.errors import ApiError, of_fault
from secondthought.server.ids import new_id
from secondthought.server.keys import Key
from secondthought.server.logs import log_failure
from secondthought.server.run import Ask, Ended, Run, SummaryDelta
from secondthought.server.service import Service, json_response, read_body
from secondthought.server.wire import base
from secondthought.server.wire.base import dumps, load, parse
from secondthought.server.wire.chat import ChatMessage, ChatRequest, messages
from secondthought.server.wire.tools import answer_format, toolbox
from secondthought.trace import AnswerDelta, Event, ThoughtDelta, ToolCalled


async def create(service: Service, request: Request, key: Key) -> Response:
    """Answer, at once or as a stream. Raises ApiError."""
    body = load(await read_body(request, service.settings.body_bytes))
    honoured, changed = params.apply(params.CHAT, body)
    wanted = parse(ChatRequest, honoured)
    reasoner = await service.models.find(wanted.model)
    asks = await _asks(service, reasoner, key, wanted, honoured, changed)
    reply = Reply(service, key, wanted, asks[0], changed, reasoner)
    reply.answers = service.begin(reply.id, key, reasoner, asks)
    if wanted.stream:
        await reply.answers.spoke(0.5)
        if reply.answers.done and (error := reply.answers.error) is not None:
            raise error
        return sse.Stream(
            reply.chunks(),
            left=lambda: service.left(reply.answers),
            stalled=service.settings.stalled,
        )
    if not await service.wait(reply.answers, request):
        return Response(status_code=499)
    if (error := reply.answers.error) is not None:
        raise error
    return json_response(await reply.whole())


async def _asks(
    service: Service,
    reasoner: Reasoner,
    key: Key,
    wanted: ChatRequest,
    honoured: dict[str, Any],
    changed: dict[str, Any],
) -> list[Ask]:
    """honoured: what `wanted` was made of. changed: takes note of what is used instead."""
    n = wanted.n or 1
    if wanted.stream_options and wanted.stream_options.include_obfuscation:
        changed["stream_options.include_obfuscation"] = False
    for i, message in enumerate(honoured["messages"]):
        changed |= base.unused(message, ChatMessage, f"messages[{i}]")
    base.metadata(wanted.metadata)
    calls = [c.id for m in wanted.messages if m.role == "assistant" for c in m.tool_calls or ()]
    thoughts = await service.store.thoughts(key.id, calls) if calls else {}
    ask = await service.ask(
        reasoner,
        messages(
            wanted.messages,
            images=reasoner.model.capabilities.images,
            thought_of=thoughts.get,
        ),
        level=base.effort(wanted.reasoning_effort, reasoner.effort, "reasoning_effort"),
        temperature=wanted.temperature,
        n=n,
        seed=wanted.seed,
        max_tokens=wanted.max_new,
        toolbox=toolbox(
            wanted.tools, wanted.tool_choice, wanted.parallel_tool_calls, changed=changed
        ),
        format=answer_format(wanted.response_format, "response_format"),
        given_checks=wanted.verifiers,
        min_confidence=wanted.min_confidence,
        key=key,
        stops=wanted.stops,
        summary="auto",  # it leaves where this key sees summaries
    )
    return [ask.sibling(i) for i in range(n)]


@dataclass
class Reply:
    """One completion on its way out."""

    service: Service
    key: Key
    wanted: ChatRequest
    ask: Ask
    changed: dict[str, Any]
    reasoner: Reasoner

    def __post_init__(self) -> None:
        self.id = new_id("chatcmpl", "-")
        self.created = int(time.time())
        self.answers: Answers
        self.model = self.reasoner.model.name

    def head(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "service_tier": "default",
            "system_fingerprint": fingerprint(self.reasoner),
        }

    @property
    def account(self) -> dict[str, Any]:
        return {
            "effort": self.ask.effort.value,
            "strategy": self.ask.policy.strategy,
            "changed": self.changed,
            **({"notice": self.ask.notice.as_dict()} if self.ask.notice else {}),
        }

    async def whole(self) -> dict[str, Any]:
        choices = [await self._choice(run) for run in self.answers.runs]
        return {
            **self.head("chat.completion"),
            "choices": choices,
            "usage": usage(self.answers.runs),
            "metadata": self.wanted.metadata or {},
            "secondthought": self.account,
        }

    async def _choice(self, run: Run) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            # Never null beside no tool calls: many clients expect a string.
            "content": None if run.calls and not run.text else run.text,
            "refusal": run.refusal,
            "annotations": [],
        }
        if run.shown_thought:
            message["reasoning_content"] = run.shown_thought
        if run.calls:
            message["tool_calls"] = [self._call(call) for call in run.calls]
        return {
            "index": run.index,
            "message": message,
            "logprobs": None,
            "finish_reason": run.finish,
            "secondthought": await self.service.accounts.conclude(self.id, self.key, run),
        }

    def _call(self, call: ToolCall) -> dict[str, Any]:
        toolbox = self.ask.toolbox
        if call.name in toolbox.custom:
            custom = {"name": call.name, "input": toolbox.custom_input(call.arguments)}
            return {"id": call.id, "type": "custom", "custom": custom}
        function = {"name": call.name, "arguments": call.arguments}
        return {"id": call.id, "type": "function", "function": function}

    # --- streamed ----------------------------------------------------------------------------

    async def chunks(self) -> AsyncGenerator[bytes]:
        """The chunks in OpenAI's order. A failure after the first one is sent as an `error`."""
        with_usage = bool(self.wanted.stream_options and self.wanted.stream_options.include_usage)
        head = dumps(self.head("chat.completion.chunk"))[:-1]
        self._before = f'data: {head},"choices":[{{"index":'
        self._after = (',"usage":null' if with_usage else "") + "}\n\n"
        calls = [0] * len(self.answers.runs)
        for run in self.answers.runs:
            account = f',"secondthought":{dumps(self.account)}' if run.index == 0 else ""
            yield self._chunk(run.index, {"role": "assistant", "content": ""}, account=account)
        settings = self.service.settings
        async for batch in self.answers.batches(gather=settings.gather, ping=settings.ping):
            if not batch:
                yield sse.PING
                continue
            out = b""
            for event in batch:
                if isinstance(event, Ended):
                    try:
                        out += await self._end(self.answers.runs[event.choice])
                    except ApiError as error:
                        yield out + self._error(error)
                        self.answers.cancel()
                        return
                else:
                    out += self._event(event, calls)
            yield out
        if with_usage:
            last: dict[str, Any] = {
                **self.head("chat.completion.chunk"),
                "choices": [],
                "usage": usage(self.answers.runs),
            }
            yield sse.data(dumps(last))
        yield sse.DONE

    def _event(self, event: Event, calls: list[int]) -> bytes:
        if isinstance(event, AnswerDelta):
            return self._text(event.choice, "content", event.text)
        if isinstance(event, ThoughtDelta):
            return self._text(event.choice, "reasoning_content", event.text)
        if isinstance(event, SummaryDelta) and not self.ask.mode.shows_thought:
            return self._chunk(event.choice, {"reasoning_content": f"{event.text}\n"})
        if isinstance(event, ToolCalled):
            # The stream's types know function calls only; a custom tool goes as one.
            index = calls[event.choice]
            calls[event.choice] += 1
            function = {"name": event.name, "arguments": event.arguments}
            call = {"index": index, "id": event.id, "type": "function", "function": function}
            return self._chunk(event.choice, {"tool_calls": [call]})
        return b""

    async def _end(self, run: Run) -> bytes:
        """Raises ApiError for an answer that is none, or cannot be kept."""
        if run.error is not None:
            raise run.error
        out = b""
        if run.refusal:
            out = self._chunk(run.index, {"refusal": run.refusal})
        try:
            account = dumps(await self.service.accounts.conclude(self.id, self.key, run))
        except (SQLAlchemyError, OSError) as error:
            log_failure("the thought of a tool call could not be kept", error)
            raise of_fault(error) from None
        end = f'"{run.finish}","secondthought":{account}'
        return out + self._chunk(run.index, {}, end=end)

    def _text(self, index: int, field: str, text: str) -> bytes:
        """As `_chunk` for the one field that most chunks are for: only the text is encoded."""
        delta = f'{index},"delta":{{"{field}":{dumps(text)}}},"logprobs":null,'
        return f'{self._before}{delta}"finish_reason":null}}]{self._after}'.encode()

    def _chunk(
        self, index: int, delta: dict[str, Any], *, end: str = "null", account: str = ""
    ) -> bytes:
        choice = f'{index},"delta":{dumps(delta)},"logprobs":null,"finish_reason":{end}}}]'
        return (self._before + choice + account + self._after).encode()

    def _error(self, error: ApiError) -> bytes:
        return sse.data(dumps(error.body)) + sse.DONE


def fingerprint(reasoner: Reasoner) -> str:
    """Which weights answer, where that is known."""
    return f"fp_{getattr(reasoner.model, 'weights_hash', 'model')}"


def usage(runs: list[Run]) -> dict[str, Any]:
    """The prompt once, the tokens of all answers together."""
    used = [run.trace.ledger.usage for run in runs if run.trace is not None]
    prompt = max((u.prompt_tokens for u in used), default=0)
    completion = sum(u.completion_tokens for u in used)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "completion_tokens_details": {
            "reasoning_tokens": sum(u.reasoning_tokens for u in used),
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
        "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0, "audio_tokens": 0},
    }


async def answer_now(service: Service, request: Request, key: Key) -> Response:
    """`POST /v1/chat/completions/{id}/answer_now`: end the thinking of a running completion."""
    id = request.path_params["id"]
    answers = service.find_running(id, key)
    if answers is None:
        raise ApiError(404, "No completion of this id is running.", param="id", code="not_found")
    answers.answer_now()
    return json_response({"id": id, "object": "chat.completion.answer_now"})
