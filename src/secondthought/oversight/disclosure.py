"""What may leave: one rule for bodies, streams, errors and logs.

| | hidden | summary | raw |
| --- | --- | --- | --- |
| thoughts, steps, drafts, feedback of verifiers | | | yes |
| summary in template sentences | | yes | yes |
| answer, tool calls, counts, times, outcomes, flags, seal digest | yes | yes | yes |
| a failure in the words of the model's server | | | yes |
| the seal's salt | | | yes |

Whatever is made of an event or a trace is made of what `outgoing_event` and `outgoing_trace` let
through, so nothing has to be remembered twice. Logs have no mode: they never hold text of a
thought, an answer or a prompt (`log_fields`, `log_error`). The answer itself may still repeat
the thought; that is what `leak` looks for.
"""

from __future__ import annotations

import traceback
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from secondthought.messages import BadInput
from secondthought.models.base import ModelError
from secondthought.trace import (
    AnswerDelta,
    Branch,
    BranchEnded,
    BranchStarted,
    Entry,
    Event,
    Failed,
    Finished,
    Ledger,
    ToolCalled,
    Trace,
    Verdict,
    VerdictReached,
)

_FAILURES = {
    "connection": "the model's server cannot be reached",
    "timeout": "the model's server took too long",
    "rate_limit": "the model's server is busy",
    "auth": "the model's server refused our access",
    "not_found": "the model's server does not have this model",
    "bad_request": "the model's server refused the request",
    "malformed": "the model's server sent an answer that cannot be read",
    "server": "the model's server failed",
    "context": "the conversation is too long for the model",
}
_FAILED = "the answer failed"


class Visibility(StrEnum):
    """How much of its thinking an answer shows."""

    HIDDEN = "hidden"
    SUMMARY = "summary"
    RAW = "raw"

    @property
    def shows_summary(self) -> bool:
        return self is not Visibility.HIDDEN

    @property
    def shows_thought(self) -> bool:
        return self is Visibility.RAW


def visibility(
    *,
    keys_configured: bool,
    operator: bool,
    server: Visibility | None = None,
    key: Visibility | None = None,
) -> Visibility:
    """Who sees the thought. Where no keys are configured, the asker is the operator and sees
    it; else operators do and users do not. The server's setting overrides that, and the
    setting of the asker's own key overrides both."""
    if key is not None:
        return key
    if server is not None:
        return server
    return Visibility.RAW if operator or not keys_configured else Visibility.HIDDEN


def outgoing_event(event: Event, mode: Visibility) -> Event | None:
    """The event as it may leave; None when it may not leave at all.

    An event of a kind that is not known here does not leave: what is new is hidden first.
    """
    if mode.shows_thought:
        return event
    match event:
        case AnswerDelta() | ToolCalled() | BranchStarted() | BranchEnded():
            return event
        case VerdictReached():
            return replace(event, verdict=_verdict(event.verdict))
        case Failed():
            return replace(event, message=failure(event.kind))
        case Finished():
            return replace(event, trace=outgoing_trace(event.trace, mode))
        case _:
            return None


def outgoing_trace(trace: Trace, mode: Visibility) -> Trace:
    """A trace as it may leave: without `raw`, a copy with counts and outcomes only."""
    if mode.shows_thought:
        return trace
    entries = [
        Entry(e.branch, e.phase, e.generated, e.sent, e.estimated) for e in trace.ledger.entries
    ]
    return replace(
        trace,
        branches=[
            Branch(b.name, verdicts=[_verdict(v) for v in b.verdicts], stop=b.stop)
            for b in trace.branches
        ],
        ledger=Ledger(trace.ledger.prompt_tokens, entries),
        policy=dict(trace.policy),
        error=None if trace.error is None else _FAILED,
    )


def failure(kind: str) -> str:
    """What a user is told of a failure: ours to word, because a model's server may quote in its
    own words what was sent to it, and that can be a thought."""
    return _FAILURES.get(kind, _FAILED)


def error_message(error: BaseException, mode: Visibility) -> str:
    """The message of an exception as it may leave.

    `BadInput` speaks of the asker's own input and leaves as it is; anything but that and a
    `ModelError` is a fault of ours, whose message nobody outside needs.
    """
    if isinstance(error, BadInput):
        return str(error)
    if isinstance(error, ModelError):
        return str(error) if mode.shows_thought else failure(error.kind)
    return _FAILED


def log_error(error: BaseException) -> str:
    """An exception as it may be logged: types and places, never messages.

    "ModelError at think.py:46 in run, from ReadTimeout at client.py:88 in read".
    """
    chain: list[str] = []
    current: BaseException | None = error
    seen: set[int] = set()
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        text = type(current).__name__
        if frames := traceback.extract_tb(current.__traceback__):
            last = frames[-1]
            text += f" at {Path(last.filename).name}:{last.lineno} in {last.name}"
        chain.append(text)
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return ", from ".join(chain)


def log_fields(trace: Trace) -> dict[str, Any]:
    """What a log may say of an answer: names that we or the operator gave, counts and times."""
    usage = trace.ledger.usage
    return {
        "model": trace.model,
        "effort": trace.effort,
        "strategy": trace.strategy,
        "finish_reason": trace.finish_reason.value,
        "abstained": trace.abstained,
        "gave_up": trace.gave_up,
        "failed": trace.error is not None,
        "branches": len(trace.branches),
        "prompt_tokens": usage.prompt_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "completion_tokens": usage.completion_tokens,
        "seconds": round(trace.seconds, 3),
        "thought_seconds": round(trace.thought_seconds, 3),
    }


def _verdict(verdict: Verdict) -> Verdict:
    """The outcome alone: feedback quotes drafts, and a verifier's error may quote anything."""
    return Verdict(
        verdict.outcome, verdict.score, seconds=verdict.seconds, verifier=verdict.verifier
    )
