"""What can a model server do, and where does it break the contract of reasoning?

The contract, as OpenAI's API has it: the answer, and nothing else, stands in `content`; a thought
is counted; `finish_reason` says why a reply ended; limits and stop strings do what they say. Some
ten short requests find out. Nothing here needs our loop, except the last finding, which shows
what the loop makes of the server.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from secondthought.effort import Policy
from secondthought.messages import Message, Tool, ToolCall
from secondthought.models.base import Delta, ModelError, Request
from secondthought.models.remote import dialects
from secondthought.models.remote.model import Remote
from secondthought.models.remote.reply import Reply
from secondthought.models.remote.think_tags import TAGS
from secondthought.models.remote.untrusted import Json, an_object, choices, said, text, whole
from secondthought.reasoner import Reasoner

Status = Literal["yes", "no", "broken", "unknown"]
"""yes, no: it can or cannot. broken: it breaks the contract. unknown: could not be found out."""

ASK = Request(
    [Message("user", "How many prime numbers lie between 100 and 120? Give the number only.")],
    max_thought=3000,
    max_answer=300,
)
CAP = 48  # tokens: too few for a thought about primes
_TOOL = Tool(
    "weather",
    "The weather in a town, now.",
    {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]},
)
_MARKER = re.compile(r"<[|｜][^<>\s]{1,40}[|｜]>|</?s>|<(?:start|end)_of_turn>|\[/?INST\]")
"""What a chat template writes around turns. No answer to `ASK` has a use for it."""
_SHAPES: dict[str, tuple[Status, str]] = {
    "field": ("yes", "in a field of its own"),
    "hidden": ("yes", "counted, but not shown"),
    "tags": ("broken", "in the answer's text, between tags"),
    "open": ("broken", "in the answer's text, with a closing tag only"),
}
_PARSER = {
    "vllm": "start it with --reasoning-parser",
    "sglang": "start it with --reasoning-parser",
    "llama.cpp": "start it with --jinja --reasoning-format auto",
}
_BUDGET = {
    "vllm": "start it with --reasoning-config, and a version that knows thinking_token_budget",
    "sglang": "start it with --enable-strict-thinking",
    "llama.cpp": "a newer build reads thinking_budget_tokens",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the report. name: what was looked at. said: what was seen, and what to do."""

    name: str
    status: Status
    said: str


@dataclass(frozen=True, slots=True)
class Report:
    """requests, tokens: what the examination cost, as far as the server counts."""

    url: str
    model: str
    dialect: str
    findings: tuple[Finding, ...]
    requests: int
    tokens: int

    @property
    def healthy(self) -> bool:
        return all(finding.status != "broken" for finding in self.findings)


@dataclass(slots=True)
class _Seen:
    """One reply: thought, answer, calls and end by our reading; the rest in the server's words."""

    thought: str = ""
    answer: str = ""
    calls: tuple[ToolCall, ...] = ()
    end: Delta = field(default_factory=lambda: Delta(0, "end"))
    content: str = ""
    finish: str = ""
    usage: Json = field(default_factory=dict[str, Any])

    def hear(self, event: Json) -> None:
        self.usage = an_object(event.get("usage")) or self.usage
        for choice in choices(event):
            self.content += text(said(choice).get("content"))
            self.finish = text(choice.get("finish_reason")) or self.finish

    def take(self, delta: Delta) -> None:
        if delta.kind == "thought":
            self.thought += delta.text
        elif delta.kind == "answer":
            self.answer += delta.text
        elif delta.tool_call is not None:
            self.calls += (delta.tool_call,)
        else:
            self.end = delta

    @property
    def reasoning(self) -> int | None:
        """Tokens of the thought by the server's count; None = it does not tell them apart."""
        return whole(an_object(self.usage.get("completion_tokens_details")).get("reasoning_tokens"))


async def examine(model: Remote) -> Report:
    """Examine one model of one server. Raises ModelError where it cannot be asked at all."""
    await model.ready()
    return await _Doctor(model).report()


class _Doctor:
    def __init__(self, model: Remote) -> None:
        assert model.found is not None
        self._model = model
        self._dialect = model.found.dialect
        self._requests = self._tokens = 0
        self._free = _Seen()  # the reply to `ASK` when nothing limits it

    @property
    def _natural(self) -> int:
        """Tokens of its thought about `ASK`, as long as it likes."""
        return self._free.end.thought_tokens

    async def report(self) -> Report:
        checks: list[tuple[str, Callable[[], Awaitable[tuple[Status, str]]]]] = [
            ("thinks", self._thinks),
            ("answers", self._answers),
            ("counts tokens", self._counts),
            ("thinking can be switched off", self._off),
            ("holds a thought to a budget", self._budget),
            ("goes on after a thought", self._continues),
            ("answers when a thought eats the limit", self._at_the_cap),
            ("stop strings end the answer only", self._stops),
            ("tools together with thinking", self._tools),
            ("refuses what it does not have", self._refuses),
            ("answers through the loop", self._loop),
        ]
        findings: list[Finding] = []
        for name, check in checks:
            try:
                status, seen = await check()
            except ModelError as error:
                if check == self._answers or error.kind in ("connection", "auth"):
                    raise  # there is nothing to examine
                status, seen = "unknown", str(error)
            findings.append(Finding(name, status, seen))
        return Report(
            self._model.client.url,
            self._model.model or "",
            self._dialect.name,
            tuple(findings),
            self._requests,
            self._tokens,
        )

    async def _thinks(self) -> tuple[Status, str]:
        if self._model.shape == "none":
            return "no", "no sign of a thought"
        status, where = _SHAPES[self._model.shape]
        hint = _PARSER.get(self._dialect.name) if status == "broken" else None
        return status, f"{where}; {hint}" if hint else where

    async def _answers(self) -> tuple[Status, str]:
        self._free = seen = await self._ask(ASK)
        if marker := _MARKER.search(seen.answer):
            return "broken", f"{marker[0]} of the chat template stands in the answer"
        if seen.answer.strip():
            return "yes", f"thought {seen.end.thought_tokens} tokens, then {_quote(seen.answer)}"
        if seen.finish == "length":
            return "unknown", f"thought on past {seen.end.thought_tokens} tokens"
        return "broken", f"an empty answer with finish_reason {seen.finish or 'missing'}"

    async def _counts(self) -> tuple[Status, str]:
        seen = self._free
        total = seen.usage.get("completion_tokens")
        if not total:
            return "broken", "no usage in the stream, although stream_options asks for it"
        if not seen.end.thought_tokens:
            return "yes", f"{total} tokens"
        if not seen.reasoning:
            return "no", f"{total} tokens in all; those of the thought are not told apart"
        return "yes", f"{total} tokens, {seen.reasoning} of them thought"

    async def _off(self) -> tuple[Status, str]:
        if self._model.shape == "none":
            return "unknown", "it does not think"
        request = replace(ASK, think=False, max_thought=0)
        seen = await self._ask(request)
        if seen.answer.strip() and not seen.content.strip():
            return "broken", "the answer then stands in the thought's field, and content is empty"
        if seen.thought or seen.end.thought_tokens:
            return "no", f"it still thought {seen.end.thought_tokens} tokens"
        return ("yes", _quote(seen.answer)) if seen.answer.strip() else ("broken", "empty answer")

    async def _budget(self) -> tuple[Status, str]:
        if self._dialect.budget is None:
            return "no", "this kind of server has no field for it; the loop cuts the thought"
        if self._natural <= CAP:
            return "unknown", f"its thought had {self._natural} tokens only"
        seen = await self._ask(replace(ASK, max_thought=CAP), cap=ASK.max_thought)
        if seen.end.thought_tokens > CAP:
            hint = _BUDGET[self._dialect.name]
            return "no", f"told {CAP}, it thought {seen.end.thought_tokens} tokens; {hint}"
        if any(close in seen.answer for _, close in TAGS):
            return "no", f"told {CAP}, the model thinks on in its answer"
        return "yes", f"told {CAP}, it thought {seen.end.thought_tokens} tokens"

    async def _continues(self) -> tuple[Status, str]:
        if self._dialect.continues is None:
            return "no", "this kind of server cannot; the loop asks again with notes"
        if self._model.shape == "none":
            return "unknown", "it does not think"
        thought = "The primes are 101, 103, 107, 109 and 113. That makes 5."
        try:
            seen = await self._ask(replace(ASK, thought_prefix=thought, max_thought=0))
        except ModelError as error:
            return "no", str(error)
        if seen.answer.strip():
            return "yes", _quote(seen.answer)
        return "no", f"it thought anew, {seen.end.thought_tokens} tokens"

    async def _at_the_cap(self) -> tuple[Status, str]:
        if self._natural <= CAP:
            return "unknown", f"its thought had {self._natural} tokens only"
        plain = replace(self._dialect, budget=None)
        seen = await self._ask(ASK, limit=CAP, dialect=plain)
        if seen.answer.strip():
            return "yes", _quote(seen.answer)
        empty = f"limited to {CAP} tokens, a direct client gets an empty answer"
        if seen.finish == "length":
            return "no", empty
        return "broken", f"{empty} with finish_reason {seen.finish or 'missing'}, not length"

    async def _stops(self) -> tuple[Status, str]:
        if self._natural <= CAP:
            return "unknown", f"its thought had {self._natural} tokens only"
        seen = await self._ask(ASK, extra={"stop": ["1"]})
        if seen.answer or seen.end.thought_tokens > self._natural / 2:
            return "yes", "a stop string within the thought did not end it"
        return "broken", "a stop string within the thought ends the reply; the loop sends none"

    async def _tools(self) -> tuple[Status, str]:
        turn = Message("user", "What is the weather in Oslo? Use the tool.")
        request = replace(ASK, messages=[turn], tools=[_TOOL])
        seen = await self._ask(request)
        if not seen.calls:
            return "no", f"no tool call came; it said {_quote(seen.answer)}"
        back = [
            turn,
            Message("assistant", "", seen.thought or None, seen.calls),
            *(Message("tool", "3 degrees, snow", tool_call_id=call.id) for call in seen.calls),
        ]
        try:
            after = await self._ask(replace(request, messages=back))
        except ModelError as error:
            return "broken", f"it calls a tool, then refuses the result: {error}"
        if not after.answer.strip() and not after.calls:
            return "broken", "it calls a tool, then gives no answer to the result"
        how = "with a thought" if seen.end.thought_tokens else "without a thought"
        then = f"answered {_quote(after.answer)}" if after.answer.strip() else "called again"
        return "yes", f"called {how}, then {then}"

    async def _refuses(self) -> tuple[Status, str]:
        nobody = "no-such-model-3f9a"
        try:
            await self._ask(replace(ASK, max_thought=0, think=False), extra={"model": nobody})
        except ModelError as error:
            if error.kind == "server":
                return "broken", f"a wrong model name is called the server's own fault: {error}"
            return "yes", f"a wrong model name is refused ({error.kind})"
        return "no", "it answers under any model name"

    async def _loop(self) -> tuple[Status, str]:
        trace = await Reasoner(self._model).answer(
            ASK.messages[0].text, policy=Policy("think", CAP, 64)
        )
        usage = trace.ledger.usage
        self._tokens += usage.completion_tokens
        cost = f"{usage.reasoning_tokens} + {trace.ledger.generated('answer')} tokens"
        if not trace.answer.strip():
            return "broken", f"no answer within {CAP} + 64 tokens ({cost})"
        return "yes", f"within {CAP} + 64 tokens: {_quote(trace.answer)} ({cost})"

    # --- asking -------------------------------------------------------------------------

    async def _ask(
        self,
        request: Request,
        *,
        limit: int | None = None,
        cap: int | None = None,
        dialect: dialects.Dialect | None = None,
        extra: Json | None = None,
    ) -> _Seen:
        """One request outside the loop. limit: tokens of the reply. cap: read a thought of up to
        so many tokens, whatever the server was told."""
        read = request if cap is None else replace(request, max_thought=cap)
        wants = request.think and request.max_thought > 0
        reply = Reply(0, read, inside=self._model.shape == "open" and wants)
        seen = _Seen()
        events = self._model.events(
            request, limit=limit or read.max_thought + read.max_answer, dialect=dialect, extra=extra
        )
        self._requests += 1
        async with aclosing(events):
            async for event in events:
                seen.hear(event)
                for delta in reply.read(event):
                    seen.take(delta)
                if reply.done:
                    break
        for delta in reply.end():
            seen.take(delta)
        self._tokens += seen.end.thought_tokens + seen.end.answer_tokens
        return seen


def _quote(words: str) -> str:
    """The beginning of an answer, in one line."""
    words = " ".join(words.split())
    return repr(words if len(words) <= 40 else words[:39] + "…")
