"""Every parameter of a request, and what becomes of it. The table in docs/server.md is made from
this one:

    python -m secondthought.server.params

No parameter is silently dropped. It is
- honoured;
- a hint: it names the caller or asks for what has no counterpart here and changes no answer;
- changed: accepted, and what was used instead is echoed in the response, natively where the API
  has a field for it and always under `secondthought.changed`;
- refused: any value but the harmless ones is a 400 with `param`.
A name that is not in the table is a 400 too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from secondthought.server.errors import bad

Rule = Literal["honoured", "hint", "changed", "refused"]


@dataclass(frozen=True, slots=True)
class Param:
    """to: the value that a changed parameter gets. only: the values that a refused one may have
    (null is always among them)."""

    name: str
    rule: Rule
    note: str = ""
    to: Any = None
    only: tuple[Any, ...] = ()


def _honoured(name: str, note: str = "") -> Param:
    return Param(name, "honoured", note)


def _hint(name: str, note: str = "") -> Param:
    return Param(name, "hint", note)


def _refused(name: str, *only: Any, note: str = "") -> Param:
    return Param(name, "refused", note, only=only)


_EFFORT = "none, minimal, low, medium, high, xhigh, max, auto"
_TEMPERATURE = (
    "0 to 2, of thought and answer; default: the effort table's, and 0.7 where n is above 1"
)
_HINTS = (
    _hint("user"),
    _hint("safety_identifier"),
    _hint("prompt_cache_key", "prompts are not cached between requests"),
    _hint("prompt_cache_retention"),
    _hint("prompt_cache_options"),
)
_TOOLS = (
    "400 where the model cannot call tools; strict is passed on to the model's server, not checked "
    "here, and echoed as false"
)
_VERIFIERS = _honoured("verifiers", "extension: what the answer must pass; verdicts come back")
_SURE = _honoured(
    "min_confidence",
    'extension: 0 to 1; the answer is "I don\'t know." where it is less likely right; 400 where '
    "the model does not say how sure it is",
)

CHAT: tuple[Param, ...] = (
    _honoured("model", "the served model's name, or a name given by `--name`; others are 404"),
    _honoured(
        "messages",
        "roles system, developer, user, assistant, tool; others are 400, and so is a conversation "
        "without a user's text or a tool's result",
    ),
    _honoured("max_completion_tokens", "limit on thought and answer together"),
    _honoured("max_tokens", "the same; refused beside a different max_completion_tokens"),
    _honoured("reasoning_effort", _EFFORT),
    _honoured("n", "1 to 16 answers; their tokens add up"),
    _honoured("stop", "up to 4 strings; they end the answer, never the thought"),
    _honoured("seed", "the same seed, the same tokens, on the same machine; default: random"),
    _honoured("temperature", _TEMPERATURE),
    _honoured("stream"),
    _honoured("stream_options", "include_usage; include_obfuscation is echoed as false"),
    _honoured("response_format", "text, json_object, json_schema: the answer is checked"),
    _honoured("tools", f"function and custom tools; {_TOOLS}"),
    _honoured("tool_choice", "none, auto, required, one tool, or allowed tools"),
    _honoured("parallel_tool_calls", "false: the first call is the only one that leaves"),
    _honoured("metadata", "echoed; at most 16 pairs"),
    _VERIFIERS,
    _SURE,
    *_HINTS,
    _hint("prediction", "it could only make answers faster"),
    Param("service_tier", "changed", to="default"),
    Param("verbosity", "changed", to="medium"),
    Param("store", "changed", "use Responses to store", to=False),
    _refused("top_p", 1),
    _refused("frequency_penalty", 0),
    _refused("presence_penalty", 0),
    _refused("logit_bias", {}),
    _refused("logprobs", False),
    _refused("top_logprobs", 0),
    _refused("modalities", ["text"]),
    _refused("audio"),
    _refused("web_search_options"),
    _refused("moderation"),
    _refused("functions", note="use tools"),
    _refused("function_call", note="use tool_choice"),
)

RESPONSES: tuple[Param, ...] = (
    _honoured("model", "the served model's name, or a name given by `--name`; others are 404"),
    _honoured("input", "text, or a list of items"),
    _honoured("instructions", "for this response only, not carried over"),
    _honoured("reasoning", f"effort: {_EFFORT}. summary: auto, concise, detailed"),
    _honoured("max_output_tokens", "limit on thought and answer together"),
    _honoured("stream"),
    _honoured("stream_options", "include_obfuscation is echoed as false"),
    _honoured("include", "reasoning.encrypted_content; others are 400"),
    _honoured("store", "default true"),
    _honoured("previous_response_id"),
    _honoured("background", "needs store"),
    _honoured(
        "tools",
        f"function and custom tools, also in namespaces; {_TOOLS}. "
        "web_search beside others is left out, and echoed as such",
    ),
    _honoured("tool_choice", "none, auto, required, one tool, or allowed tools"),
    _honoured("parallel_tool_calls", "false: the first call is the only one that leaves"),
    _honoured("text", "format: text, json_object, json_schema. verbosity is echoed as medium"),
    _honoured("temperature", _TEMPERATURE),
    _honoured("metadata", "echoed; at most 16 pairs"),
    _honoured("seed", "extension: as in Chat Completions"),
    _VERIFIERS,
    _SURE,
    *_HINTS,
    _hint("client_metadata", "Codex's account of its session"),
    _hint("max_tool_calls", "it limits built-in tools; there are none"),
    Param("service_tier", "changed", to="default"),
    Param("truncation", "changed", "too long a conversation is a 400", to="disabled"),
    _refused("top_p", 1),
    _refused("top_logprobs", 0),
    _refused("conversation", note="use previous_response_id"),
    _refused("prompt", note="send instructions and input"),
    _refused("context_management", []),
    _refused("background_options"),
    _refused("moderation"),
    _refused("image"),
    _refused("access_programs"),
)

# `POST /v1/responses/input_tokens`: what makes the prompt of a response.
INPUT_TOKENS: tuple[Param, ...] = (
    _honoured("model", "default: the model in front"),
    _honoured("input"),
    _honoured("instructions"),
    _honoured("previous_response_id"),
    _honoured("reasoning", "the effort decides how the prompt ends"),
    _honoured("text"),
    _honoured("tools"),
    _honoured("tool_choice"),
    _honoured("parallel_tool_calls"),
    Param("truncation", "changed", to="disabled"),
    _refused("conversation", note="use previous_response_id"),
    _refused("personality"),
)


def apply(table: Sequence[Param], body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns (the honoured parameters, those that were changed with what they became).

    Raises ApiError 400 for a parameter that is refused or unknown.
    """
    known = {param.name: param for param in table}
    honoured: dict[str, Any] = {}
    changed: dict[str, Any] = {}
    for name, value in body.items():
        param = known.get(name)
        if param is None:
            raise bad(f"Unknown parameter: {name[:60]!r}.", name[:60], "unknown_parameter")
        if param.rule == "honoured":
            honoured[name] = value
        elif param.rule == "changed":
            if value is not None and value != param.to:
                changed[name] = param.to
        elif param.rule == "refused" and value is not None and value not in param.only:
            raise _refusal(param)
    return honoured, changed


def _refusal(param: Param) -> Exception:
    if param.only:
        text = f"Unsupported value: {param.name!r} is only supported as {param.only[0]!r} here."
        return bad(text, param.name, "unsupported_value")
    note = f": {param.note}" if param.note else ""
    text = f"Unsupported parameter: {param.name!r} is not supported here{note}."
    return bad(text, param.name, "unsupported_parameter")


def markdown(table: Sequence[Param]) -> str:
    """The table as a document shows it."""
    lines = ["| parameter | | |", "| --- | --- | --- |"]
    for param in table:
        rule: str = param.rule
        if param.rule == "changed":
            rule = f"changed to `{_json(param.to)}`"
        elif param.only:
            rule = f"refused, but for `{_json(param.only[0])}`"
        lines.append(f"| `{param.name}` | {rule} | {param.note} |")
    return "\n".join(lines) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value)


if __name__ == "__main__":
    print("### Chat Completions\n")
    print(markdown(CHAT))
    print("### Responses\n")
    print(markdown(RESPONSES))
    print("### Input tokens\n")
    print(markdown(INPUT_TOKENS), end="")
