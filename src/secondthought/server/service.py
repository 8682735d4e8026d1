"""What all endpoints share: the model, the queue, the keys, the database, the accounts."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from secondthought.effort import SAMPLING, Effort
from secondthought.loop.compose import revising
from secondthought.messages import BadInput, Message, Problem
from secondthought.oversight.audit import AuditLog
from secondthought.oversight.crypto import ThoughtCipher
from secondthought.oversight.disclosure import Visibility
from secondthought.oversight.extraction import notice
from secondthought.reasoner import Reasoner, check
from secondthought.server import checks
from secondthought.server.accounts import Accounts
from secondthought.server.answers import Answers
from secondthought.server.errors import ApiError, bad
from secondthought.server.keys import Key, Keyring
from secondthought.server.limits import Gate
from secondthought.server.logs import log, log_failure
from secondthought.server.metrics import Metrics
from secondthought.server.models import Models
from secondthought.server.run import Ask
from secondthought.server.settings import Settings
from secondthought.server.sse import gone
from secondthought.server.store import Store
from secondthought.server.wire.base import dumps
from secondthought.server.wire.tools import Format, Toolbox
from secondthought.verifiers.base import Verifier

_UNWATCHED = 0.05
"""Seconds for which nobody looks whether a client has left."""


class Service:
    """The state of one server process."""

    def __init__(
        self, reasoner: Reasoner, settings: Settings, store: Store, cipher: ThoughtCipher
    ) -> None:
        self.models = Models(reasoner, settings.names)
        self.settings = settings
        self.store = store
        self.cipher = cipher
        self.audit = AuditLog(settings.audit)
        self.keyring = Keyring(store, loopback=settings.loopback)
        self.gate = Gate(settings.concurrent, settings.waiting, settings.waiting_per_key)
        self.metrics = Metrics(
            {
                "running": lambda: self.gate.running,
                "waiting": lambda: self.gate.waiting,
            }
        )
        self.running: dict[str, tuple[str, Answers]] = {}
        """The answers that are being made: response id -> (key id, answers)."""
        self.draining = False
        self.accounts = Accounts(store, self.metrics)

    @classmethod
    async def open(cls, reasoner: Reasoner, settings: Settings) -> Service:
        """Raises BadInput when the database cannot be used."""
        store = await Store.open(settings.url)
        secret = await store.once("secret", lambda: secrets.token_hex(32))
        service = cls(reasoner, settings, store, ThoughtCipher(bytes.fromhex(secret)))
        await service.keyring.refresh()
        return service

    async def close(self) -> None:
        try:
            await self.accounts.save()
        finally:
            await self.store.close()

    # --- the request -------------------------------------------------------------------------

    async def ask(
        self,
        reasoner: Reasoner,
        messages: Sequence[Message],
        *,
        level: Effort,
        temperature: float | None,
        seed: int | None,
        max_tokens: int | None,
        toolbox: Toolbox,
        format: Format,
        given_checks: Sequence[dict[str, Any]] | None,
        key: Key,
        min_confidence: float | None = None,
        n: int = 1,
        stops: tuple[str, ...] = (),
        summary: str | None = None,
        where: tuple[str, str] = ("messages", "response_format"),
    ) -> Ask:
        """One answer that is wanted. where: the parameters of the conversation and of the format.
        Raises ApiError 400 for what the model cannot do."""
        if toolbox.tools and not reasoner.model.capabilities.tools:
            text = "This model cannot call tools; leave them out, or set tool_choice to none."
            raise bad(text, "tools", "unsupported_parameter")
        python = self.settings.allow_python and key.scope == "operator"
        found: tuple[Verifier, ...] = ()
        if given_checks or format.answer.schema is not None:
            # Each waits for a child process; the other requests must not.
            found = await asyncio.to_thread(
                checks.verifiers, given_checks, format, where[1], python=python
            )
        found += self.settings.verifiers  # behind the format's, which decides what may leave
        problem = Problem(
            tuple(messages),
            toolbox.tools,
            format.answer,
            found,
            tool_choice="required" if toolbox.must else "auto",
            parallel_tool_calls=toolbox.parallel,
        )
        try:
            check(problem, max_tokens=max_tokens)
        except BadInput as error:
            raise bad(_sentence(str(error)), where[0], "invalid_value") from None
        try:
            row = reasoner.policy(level, min_confidence=min_confidence)
        except BadInput as error:
            raise bad(_sentence(str(error)), "min_confidence", "unsupported_parameter") from None
        if temperature is not None:
            row = replace(row, temperature=float(temperature))
        elif n > 1 and not row.temperature:
            row = replace(row, temperature=SAMPLING)  # n greedy answers would be one
        mode = self.keyring.sees(key, self.settings.reasoning)
        noticed = None if mode.shows_thought else notice(messages)
        if noticed is not None:
            self.metrics.count("extraction_attempts_total")
            log("extraction_attempt", key=key.id, kinds=list(noticed.kinds))
        # Who sees the thought itself needs no summary of it that costs tokens.
        written = self.settings.written_summaries and mode is Visibility.SUMMARY
        written = written and summary is not None and row.strategy != "direct"
        return Ask(
            problem,
            level,
            revising(row, found) if found else row,
            secrets.randbits(31) if seed is None else seed & (2**63 - 1),
            max_tokens,
            stops,
            toolbox,
            format,
            mode,
            summary,
            noticed,
            where[0],
            written,
        )

    def begin(self, id: str, key: Key, reasoner: Reasoner, asks: list[Ask]) -> Answers:
        """Start to answer. Raises ApiError 429 when too many wait, 503 when the server stops, or
        its database takes no traces."""
        if self.draining:
            raise ApiError(503, "The server is shutting down.", code="shutting_down", retry_after=5)
        if self.accounts.full:
            text = "The database does not answer."
            raise ApiError(503, text, code="database_unavailable", retry_after=5)
        ticket = self.gate.enter(key.id)

        def finished(answers: Answers) -> None:
            self.running.pop(id, None)
            for run in answers.runs:
                try:
                    self.accounts.of(id, key, run)
                except Exception as error:  # the others' are given all the same
                    log_failure("an answer could not be accounted for", error)

        answers = Answers(reasoner, asks, ticket, finished=finished)
        self.running[id] = (key.id, answers)
        return answers

    def find_running(self, id: str, key: Key) -> Answers | None:
        """The answers of this id that are being made for this key."""
        owner, answers = self.running.get(id, ("", None))
        return answers if owner == key.id else None

    async def wait(self, answers: Answers, request: Request) -> bool:
        """Until the answers are there; False, and the model stops, if the client has left. That is
        looked for once the answer takes long: a task that watches costs more than a short one."""
        watcher: asyncio.Task[None] | None = None
        left = False

        async def watch() -> None:
            nonlocal left
            await gone(request.receive)
            if not answers.done:
                left = True
                self.left(answers)

        def begin() -> None:
            nonlocal watcher
            watcher = asyncio.ensure_future(watch())

        timer = asyncio.get_running_loop().call_later(_UNWATCHED, begin)
        try:
            await answers.wait()
            return not left
        finally:
            timer.cancel()
            if watcher is not None:
                watcher.cancel()

    def left(self, answers: Answers) -> None:
        """The client has gone before the end."""
        self.metrics.count("clients_left_total")
        answers.cancel()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(dumps(value), status, headers, media_type="application/json")


async def read_body(request: Request, most: int) -> bytes:
    """Raises ApiError 413."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            text = f"The body is larger than {most} bytes."
            raise ApiError(413, text, code="request_too_large")
        parts.append(part)
    return b"".join(parts)
