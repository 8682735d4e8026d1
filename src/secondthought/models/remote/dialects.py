"""How servers differ where OpenAI's chat API says nothing of thoughts, and what we send to each.

One row a dialect. A server that refuses one of these fields by name is asked again without it
(`Remote` remembers), so a row may ask for more than every version of its server knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from secondthought.messages import Message
from secondthought.models.base import Request
from secondthought.models.remote.untrusted import Json

_TEMPLATE_OFF = {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}}
_TEMPLATE_ON = {"chat_template_kwargs": {"enable_thinking": True, "thinking": True}}


@dataclass(frozen=True, slots=True)
class Dialect:
    """limit: the field of the limit on thought and answer together.
    on, off: fields that make the model think, or answer at once.
    efforts: the lowest efforts, tried in turn where thinking cannot be switched off.
    budget: the fields that hold a thought to a number of tokens; None = it has none.
    continues: fields that make it go on after a last assistant message; None = it cannot.
    thought: fields in which it takes the thought of an earlier turn.
    all_tool_thoughts: wants the thoughts of tool calls from all turns, not only from this one.
    counts: fields that make it count tokens in every event, not only at the end.
    hides: thoughts are counted, never shown. look: how it shows a thought must be tried out.
    choice: how it is told that a tool has to be called: by a tool's name where it is only one, or
    as "required" always; None = it must be told in words.
    """

    name: str
    limit: str = "max_tokens"
    on: Mapping[str, Any] = field(default_factory=dict[str, Any])
    off: Mapping[str, Any] = field(default_factory=dict[str, Any])
    efforts: tuple[str, ...] = ()
    budget: Callable[[int], Json] | None = None
    continues: Mapping[str, Any] | None = None
    thought: tuple[str, ...] = ("reasoning_content",)
    all_tool_thoughts: bool = False
    counts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    schemas: bool = True
    hides: bool = False
    look: bool = True
    choice: Literal["named", "required"] | None = "required"


def _every_event(usage: bool) -> Json:
    return {"stream_options": {"include_usage": True, "continuous_usage_stats": usage}}


OPENAI = Dialect(
    "openai",
    limit="max_completion_tokens",
    efforts=("none", "minimal", "low"),
    thought=(),
    hides=True,
    look=False,
    choice="named",
)
VLLM = Dialect(
    "vllm",
    on=_TEMPLATE_ON,
    off=_TEMPLATE_OFF,
    budget=lambda tokens: {"thinking_token_budget": tokens},
    continues={"continue_final_message": True, "add_generation_prompt": False},
    thought=("reasoning", "reasoning_content"),
    counts=_every_event(True),
    choice="named",
)
LLAMA_CPP = Dialect(
    "llama.cpp",
    on=_TEMPLATE_ON,
    off=_TEMPLATE_OFF,
    # Two names: builds differ in the one they read.
    budget=lambda tokens: {"thinking_budget_tokens": tokens, "reasoning_budget_tokens": tokens},
    counts={"timings_per_token": True},
)
OLLAMA = Dialect(
    "ollama",
    off={"reasoning_effort": "none"},
    thought=("reasoning",),
    look=False,
    choice=None,
)
DEEPSEEK = Dialect(
    "deepseek",  # and Kimi, and GLM
    on={"thinking": {"type": "enabled"}},
    off={"thinking": {"type": "disabled"}},
    all_tool_thoughts=True,
    schemas=False,
    look=False,
    choice="named",
)
SGLANG = Dialect(
    "sglang",
    on=_TEMPLATE_ON,
    off=_TEMPLATE_OFF,
    budget=lambda tokens: {"custom_params": {"thinking_budget": tokens}},
    # Its parser would take everything after a closed thought for thought again.
    continues={"continue_final_message": True, "separate_reasoning": False},
    counts=_every_event(True),
    choice="named",
)
OTHER = Dialect("openai-compatible", off=_TEMPLATE_OFF | {"reasoning_effort": "none"})

DIALECTS = (OPENAI, VLLM, LLAMA_CPP, OLLAMA, DEEPSEEK, SGLANG, OTHER)

OPTIONAL = (
    "reasoning_effort",
    "chat_template_kwargs",
    "thinking_token_budget",
    "thinking_budget_tokens",
    "reasoning_budget_tokens",
    "custom_params",
    "thinking",
    "timings_per_token",
    "separate_reasoning",
    "stream_options",
    "parallel_tool_calls",
    "tool_choice",
    "temperature",
    "top_p",
    "seed",
)
"""Fields without which a request still says what it has to; longer names before their parts."""

# A name that is also a plain word counts only where it is written as a name.
_NAMED = r"['\"`]{0}\b|\b(?:parameters?|fields?|arguments?|property)(?: supplied)?:? {0}\b"

_CLOSING = 32  # tokens that a server may spend on the words that close a thought at its budget


def body(
    dialect: Dialect, model: str, request: Request, *, seed: int, limit: int, refused: set[str]
) -> Json:
    """The body of one sample's request. refused: fields, and efforts, left out."""
    choice = _choice(dialect, request) if "tool_choice" not in refused else None
    turns = request.messages
    if request.tool_choice == "required" and choice is None:
        turns = _told_to_call(request)
    sent: Json = {
        "model": model,
        "messages": messages(dialect, turns),
        "stream": True,
        "stream_options": {"include_usage": True},
        dialect.limit: limit,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "seed": seed % 2**31,  # servers hold it in 32 bits, some with a sign
        **dialect.counts,
    }
    if request.top_p == 1:
        del sent["top_p"]
    if request.tools:
        sent["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": dict(tool.parameters) or {"type": "object", "properties": {}},
                    **({"strict": True} if tool.strict else {}),
                },
            }
            for tool in request.tools
        ]
        sent |= {"tool_choice": choice, "parallel_tool_calls": request.parallel_tool_calls}
    if request.format.kind == "json":
        sent["response_format"] = _json_format(dialect, request)
    if request.thought_prefix is not None and dialect.continues is not None:
        sent["messages"].append({"role": "assistant", "content": _opened(request)})
        sent |= dialect.continues
    elif request.think and request.max_thought:
        sent |= dialect.on
        if dialect.budget is not None:
            sent |= dialect.budget(budget(request.max_thought))
        if dialect.efforts:
            sent["reasoning_effort"] = _effort(request.max_thought)
    else:
        sent |= dialect.off
        if dialect.budget is not None:
            sent |= dialect.budget(0)
        if dialect.efforts:
            known = [e for e in dialect.efforts if f"reasoning_effort={e}" not in refused]
            sent["reasoning_effort"] = known[0] if known else None
    return {
        k: v
        for k, v in sent.items()
        if v is not None and k not in refused and f"{k}={v}" not in refused
    }


def messages(dialect: Dialect, turns: Sequence[Message]) -> list[Json]:
    """The conversation as it goes over the wire: everything as it came, thoughts by dialect.

    A thought goes back only with the tool calls it led to, so that the model does not have to
    think it again; in a plain turn it would only take room.
    """
    last_user = max((i for i, m in enumerate(turns) if m.role == "user"), default=-1)
    sent: list[Json] = []
    for i, turn in enumerate(turns):
        content = turn.content if isinstance(turn.content, str) else [dict(p) for p in turn.content]
        one: Json = {"role": turn.role, "content": content}
        if turn.name:
            one["name"] = turn.name
        if turn.tool_call_id is not None:
            one["tool_call_id"] = turn.tool_call_id
        if turn.tool_calls:
            one["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in turn.tool_calls
            ]
            if turn.thought and (i > last_user or dialect.all_tool_thoughts):
                one |= dict.fromkeys(dialect.thought, turn.thought)
        sent.append(one)
    return sent


def budget(max_thought: int) -> int:
    """What a server that holds budgets itself is told: the words with which it closes a thought
    must fit below the cap too."""
    return max_thought - min(_CLOSING, max_thought // 8)


def refused(sent: Json, said: str) -> set[str]:
    """Which optional fields of a body a server's complaint names; to be left out from now on."""
    found: set[str] = set()
    for name in OPTIONAL:
        if name in sent and re.search(_NAMED.format(name) if "_" not in name else name, said):
            said = said.replace(name, "")
            value = sent[name]
            lower = name == "reasoning_effort" and value in OPENAI.efforts
            found.add(f"{name}={value}" if lower and value != OPENAI.efforts[-1] else name)
    return found


def _opened(request: Request) -> str:
    """The beginning of the reply that the model is to go on with; closed if it may not think on."""
    thought = (request.thought_prefix or "").replace("</think>", "").lstrip("\n")
    if request.max_thought:
        return f"<think>\n{thought}"
    return f"<think>\n{thought.rstrip()}\n</think>\n\n"


def _effort(max_thought: int) -> str:
    return "low" if max_thought <= 512 else "medium" if max_thought <= 2048 else "high"


def _json_format(dialect: Dialect, request: Request) -> Json:
    wanted = request.format
    any_object = wanted.schema is None or dict(wanted.schema) == {"type": "object"}
    if any_object or not dialect.schemas:
        return {"type": "json_object"}
    schema = {"name": "answer", "schema": dict(wanted.schema or {}), "strict": wanted.strict}
    return {"type": "json_schema", "json_schema": schema}


def _choice(dialect: Dialect, request: Request) -> str | Json | None:
    """`tool_choice` for a request that has to call a tool; None where it need not, or cannot be
    told so."""
    if request.tool_choice != "required" or dialect.choice is None:
        return None
    if dialect.choice == "named" and len(request.tools) == 1:
        return {"type": "function", "function": {"name": request.tools[0].name}}
    return "required"


def _told_to_call(request: Request) -> list[Message]:
    """The conversation, with the word to call a tool in its first system message: many chat
    templates take one only, and only there."""
    said = f"Answer by calling one of: {', '.join(tool.name for tool in request.tools)}."
    first, *rest = request.messages
    if first.role not in ("system", "developer"):
        return [Message("system", said), first, *rest]
    if isinstance(first.content, str):
        return [replace(first, content=f"{first.content}\n\n{said}"), *rest]
    return [replace(first, content=[*first.content, {"type": "text", "text": said}]), *rest]
