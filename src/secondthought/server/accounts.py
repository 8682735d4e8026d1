"""The account that is given of every answer, whatever ended it: its seal, what was found about it,
its tokens in the metrics, and its trace in the database."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from secondthought.oversight import disclosure
from secondthought.oversight import seal as seals
from secondthought.oversight.contradiction import contradicts_own_check
from secondthought.oversight.disclosure import Visibility
from secondthought.server.keys import Key
from secondthought.server.logs import log, log_failure
from secondthought.server.metrics import Metrics
from secondthought.server.run import Run
from secondthought.server.store import Store, Trace
from secondthought.trace import Verdict

_SAVE_AFTER = 0.05
_TRY_AGAIN = 1.0
_MOST_WAITING = 10_000
"""Traces that wait for a database that does not take them; then no more answers are given."""


class Accounts:
    """The accounts of one server's answers. Traces are written some at a time: one that a response
    does not take into its own transaction waits for 50 ms."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics
        self._waiting: dict[str, Trace] = {}
        self._saver: asyncio.Task[None] | None = None
        self._saving = asyncio.Lock()

    @property
    def full(self) -> bool:
        """Whether more traces wait than may: what cannot be accounted for must not be answered."""
        return len(self._waiting) >= _MOST_WAITING

    async def conclude(self, id: str, key: Key, run: Run) -> dict[str, Any]:
        """As `of`, and what must outlive the answer is kept. Call it before the end leaves."""
        account = self.of(id, key, run)
        if run.trace is not None and run.calls and run.thought:
            await self._store.keep_thought(key.id, [call.id for call in run.calls], run.thought)
        return account

    def of(self, id: str, key: Key, run: Run) -> dict[str, Any]:
        """The account of a run that has ended; made once, however often it is asked for."""
        if run.account is None:
            run.account = self._make(id, key, run)
        return run.account

    def _make(self, id: str, key: Key, run: Run) -> dict[str, Any]:
        trace = run.trace
        if trace is None:  # it never began
            return {}
        seal = seals.seal(trace)
        usage = trace.ledger.usage
        self._metrics.count("tokens_total", usage.prompt_tokens, phase="prompt")
        self._metrics.count("tokens_total", usage.reasoning_tokens, phase="reasoning")
        answer = usage.completion_tokens - usage.reasoning_tokens
        self._metrics.count("tokens_total", answer, phase="answer")
        if trace.first_token_seconds is not None:
            self._metrics.observe("first_token_seconds", trace.first_token_seconds)
        self._metrics.observe("answer_seconds", trace.seconds)
        log("answer", id=id, key=key.id, **disclosure.log_fields(trace))
        disclosed = {
            "id": id,
            "choice": run.index,
            "disclosure": seals.disclose(trace, seal).as_dict(),
        }
        self._wait(
            {
                "id": f"{id}.{run.index}",
                "key_id": key.id,
                "created_at": time.time(),
                "trace": _encode_trace({**disclosed, "trace": trace}),
            }
        )
        account: dict[str, Any] = {"seal": seal.digest, "stop": run.ended}
        if trace.confidence is not None:
            account["confidence"] = round(trace.confidence, 4)
        if run.verdicts:
            account["verdicts"] = [_verdict(v, run.ask.mode) for v in run.verdicts]
        flags = ["contradicts_own_check"] if contradicts_own_check(trace) else []
        if run.leaked:
            flags.append("repeated_hidden_thought")
            self._metrics.count("leaks_caught_total")
        if flags:
            account["flags"] = flags
        return account

    # --- traces on their way into the database -------------------------------------------------

    def unsaved(self, id: str) -> list[Trace]:
        """The traces of this response that are not in the database yet. Who writes them calls
        `saved`; that another may have written them meanwhile does no harm."""
        found = self._waiting.get(f"{id}.0")
        return [] if found is None else [found]

    def saved(self, traces: Sequence[Trace]) -> None:
        for trace in traces:
            if self._waiting.get(trace["id"]) is trace:
                del self._waiting[trace["id"]]

    async def save(self) -> None:
        """Write the traces that wait, in one transaction; those on their way are waited for. What
        the database does not take waits on."""
        async with self._saving:
            traces = list(self._waiting.values())
            if traces:
                await self._store.add_traces(traces)
                self.saved(traces)

    def _wait(self, trace: Trace) -> None:
        self._waiting[trace["id"]] = trace
        if self._saver is None:
            self._saver = asyncio.ensure_future(self._save_after(_SAVE_AFTER))

    async def _save_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._saver = None
        try:
            await self.save()
        except (SQLAlchemyError, OSError) as error:
            log_failure("traces could not be stored", error)
            if self._saver is None:
                self._saver = asyncio.ensure_future(self._save_after(_TRY_AGAIN))


def _fields(value: Any) -> dict[str, Any]:
    """A part of a trace for JSON, without the copy that `asdict` makes of everything."""
    return {name: getattr(value, name) for name in _names(value.__class__)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


_encode_trace = json.JSONEncoder(separators=(",", ":"), default=_fields).encode


def _verdict(verdict: Verdict, mode: Visibility) -> dict[str, Any]:
    shown = {"verifier": verdict.verifier, "outcome": verdict.outcome.value}
    return shown | ({"feedback": verdict.feedback} if mode.shows_thought else {})
