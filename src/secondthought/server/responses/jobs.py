"""A response while it is made, and the background responses that outlive a process.

A background response is in the database before its client hears of it. Its process holds it by a
lease; when the process dies, the lease runs out and the next one takes it: what nobody had seen a
part of begins again (once), the rest is failed with a reason. None is ever stuck.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from secondthought.reasoner import Reasoner
from secondthought.server.answers import Answers
from secondthought.server.errors import ApiError, of_fault
from secondthought.server.ids import new_id
from secondthought.server.keys import Key
from secondthought.server.logs import log, log_failure
from secondthought.server.pulse import Pulse
from secondthought.server.responses.events import Events, failure
from secondthought.server.run import Ask, Ended
from secondthought.server.service import Service
from secondthought.server.store import RUNNING, Response, Trace
from secondthought.server.wire.base import dumps

Json = dict[str, Any]
_SAVE_EVERY = 0.5  # seconds between writes of a background response's events
_MOST_ATTEMPTS = 2
_TRIES, _BETWEEN_TRIES = 4, 1.0  # seconds


class Job:
    """One response on its way. ask: what is wanted. response: its object as it begins. request:
    what it takes to begin again. items: the input items, to be stored."""

    def __init__(
        self,
        service: Service,
        key: Key,
        reasoner: Reasoner,
        ask: Ask,
        response: Json,
        request: Json,
        items: list[Json],
        *,
        encrypted: bool,
    ) -> None:
        self.service = service
        self.key = key
        self.reasoner = reasoner
        self.ask = ask
        self.id: str = response["id"]
        self.stored: bool = response["store"]
        self.background: bool = response["background"]
        self.streamed = bool(request.get("stream"))
        self.request = request
        self.items = items
        seal = service.cipher.encrypt
        self.events = Events(
            response,
            ask.toolbox,
            (lambda: seal(self.answers.runs[0].thought, key.id)) if encrypted else None,
        )
        self.answers: Answers
        self.done = False
        self.gone = False
        """Cancelled, deleted or taken away: nothing of it is stored any more."""
        self.error: ApiError | None = None
        """Why the response could not be kept, although it may have been made."""
        self._visible = 0  # how many events readers may see
        self._saved = 0
        self._saving = asyncio.Lock()
        self._readers: set[Pulse] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def response(self) -> Json:
        return self.events.response

    def start(self) -> None:
        """Take a place in the queue. Raises ApiError when too many wait."""
        self.answers = self.service.begin(self.id, self.key, self.reasoner, [self.ask])
        self.events.begin()
        if not self.background:
            self.events.start()

    def go(self) -> None:
        """Show events to readers and, in the background, to the database, where the first ones
        have to be by now."""
        self._saved = len(self.events.texts) if self.background else 0
        self._show()
        self._task = asyncio.ensure_future(self._work())

    async def store_begin(self, owner: str, lease: float) -> None:
        """Put it into the database, before the client hears of it."""
        await self.service.store.add_response(
            self.events.texts,
            **self._row(),
            attempts=1,
            owner=owner,
            lease_until=time.time() + lease,
        )

    async def wait(self) -> None:
        if self._task is not None:
            await asyncio.wait({self._task})

    async def follow(self, after: int, ping: float) -> AsyncGenerator[str | None]:
        """The events whose number is above `after`, as they come; None after `ping` seconds of
        silence."""
        pulse = Pulse(ping)
        self._readers.add(pulse)
        try:
            at = after + 1
            while True:
                while at < self._visible:
                    yield self.events.texts[at]
                    at += 1
                if self.done:
                    return
                if not await pulse.wait():
                    yield None
        finally:
            pulse.close()
            self._readers.discard(pulse)

    def drop(self) -> None:
        """Stop it; what there is of it is stored no more."""
        self.gone = True
        self.answers.cancel()

    async def cancel(self) -> None:
        """End a background response as its asker wants it: what there is of it is kept."""
        async with self._saving:
            if self.done or self.gone:
                return
            self.drop()
            body = self.events.cancel()
            await self.service.store.change_response(
                self.id,
                first=self._saved,
                events=self.events.texts[self._saved :],
                status="cancelled",
                body=dumps(body),
            )

    def _row(self) -> Json:
        return {
            "id": self.id,
            "key_id": self.key.id,
            "status": self.response["status"],
            "created_at": float(self.response["created_at"]),
            "background": self.background,
            "streamed": self.streamed,
            "request": dumps(self.request),
            "items": dumps(self.items),
            "body": dumps(self.response),
        }

    def _show(self) -> None:
        self._visible = len(self.events.texts)
        for reader in self._readers:
            reader.beat()

    async def _work(self) -> None:
        try:
            await self._read()
        except Exception as error:
            log_failure("a response failed", error)
            self.answers.cancel()
            self.error = of_fault(error)
            if self.background:  # if not even that is written, its lease ends, and it is taken over
                with contextlib.suppress(Exception):
                    await fail(self.service, self.id, self.response, self.error)
            self.events.fail(self.error)
        finally:
            self.done = True
            self._show()

    async def _read(self) -> None:
        settings, run = self.service.settings, self.answers.runs[0]
        due = time.monotonic() + _SAVE_EVERY
        async for batch in self.answers.batches(gather=settings.gather, ping=settings.ping):
            if self.background and self.response["status"] == "queued" and self.answers.started:
                self.events.start()
                await self._save()
            for event in batch:
                if not isinstance(event, Ended):
                    self.events.take(event)
            if self.background and time.monotonic() > due:
                await self._save()
                due = time.monotonic() + _SAVE_EVERY
            self._show()
        if self.gone or (self.answers.left and not self.background):
            self.events.cancel()
            return
        account = await self.service.accounts.conclude(self.id, self.key, run)
        last, _ = self.events.end(run, _usage(run.trace), account)
        await self._save_end(last)
        if not self.gone:
            self.events.texts.append(last)

    async def _save(self) -> None:
        """The new events of a background response. What the database does not take now is
        written with the next ones."""
        async with self._saving:
            try:
                if not self.gone and not await self._write(self.events.texts[self._saved :]):
                    self.drop()
            except (SQLAlchemyError, OSError) as error:
                log_failure("events could not be stored", error)

    async def _write(self, texts: list[str], traces: Sequence[Trace] = ()) -> bool:
        kept = await self.service.store.change_response(
            self.id,
            first=self._saved,
            events=texts,
            traces=traces,
            status=self.response["status"],
            body=dumps(self.response),
        )
        self._saved += len(texts)
        return kept

    async def _save_end(self, last: str) -> None:
        """The final response is in the database, and its trace with it, before anybody sees its
        last event."""
        accounts, texts = self.service.accounts, [*self.events.texts[self._saved :], last]
        traces = accounts.unsaved(self.id)
        if self.background:
            async with self._saving:
                self.gone = self.gone or not await self._write_end(texts, traces)
            if self.gone:
                return
        elif self.gone:  # it was deleted since: what is stored now would never go
            return
        elif self.stored and (self.streamed or self.response["status"] != "failed"):
            events = texts if self.streamed else ()
            await self.service.store.add_response(events, traces, **self._row(), attempts=1)
        else:
            return
        accounts.saved(traces)

    async def _write_end(self, texts: list[str], traces: Sequence[Trace]) -> bool:
        """As `_write`; nobody waits for this answer in particular, so a database that does not
        take it at once is asked again before the work is given up."""
        for _ in range(_TRIES):
            with contextlib.suppress(SQLAlchemyError, OSError):
                return self.gone or await self._write(texts, traces)
            await asyncio.sleep(_BETWEEN_TRIES)
        return await self._write(texts, traces)


def _usage(trace: Any) -> Json | None:
    if trace is None:
        return None
    used = trace.ledger.usage
    return {
        "input_tokens": used.prompt_tokens,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": used.completion_tokens,
        "output_tokens_details": {"reasoning_tokens": used.reasoning_tokens},
        "total_tokens": used.total_tokens,
    }


async def fail(service: Service, id: str, response: Json, why: ApiError) -> None:
    """End a background response that nobody can finish."""
    response["status"] = "failed"
    response["error"] = failure(why)
    seen = await service.store.events(id, -1)
    last = {"type": "response.failed", "sequence_number": len(seen), "response": response}
    await service.store.change_response(
        id, first=len(seen), events=[dumps(last)], status="failed", body=dumps(response)
    )


class Worker:
    """Keeps the leases of this process's background responses, and takes those that nobody holds.

    again(stored response, its key): makes the job anew.
    """

    def __init__(self, service: Service, again: Callable[[Response, Key], Awaitable[Job]]) -> None:
        self.owner = new_id("proc")
        self.jobs: dict[str, Job] = {}
        self._service = service
        self._again = again
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.ensure_future(self._work())

    def add(self, job: Job) -> None:
        """A job that has been started; it is forgotten when it ends."""
        self.jobs[job.id] = job
        asyncio.ensure_future(job.wait()).add_done_callback(lambda _: self.jobs.pop(job.id, None))

    async def stop(self, grace: float) -> None:
        """Let running jobs end for `grace` seconds; give the others back to the queue."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        waits = [asyncio.ensure_future(job.wait()) for job in self.jobs.values()]
        if waits:
            await asyncio.wait(waits, timeout=grace)
        for job in self.jobs.values():
            job.drop()
        await self._service.store.release(self.owner)

    async def _work(self) -> None:
        lease = self._service.settings.lease
        while True:
            try:
                await self._turn(lease)
            except Exception as error:
                log_failure("the background worker failed", error)
            await asyncio.sleep(lease / 4)

    async def _turn(self, lease: float) -> None:
        store = self._service.store
        if any(job.background for job in self.jobs.values()):
            before = [job for job in self.jobs.values() if job.background]
            held = await store.beat(self.owner, lease, [job.id for job in before])
            for job in before:
                if job.id not in held and not job.done:
                    job.drop()  # cancelled or deleted through another process
        for stored in await store.claim(self.owner, lease, most=16):
            await self._take(stored)

    async def _take(self, stored: Response) -> None:
        """Go on with a response whose process has gone."""
        response: Json = json.loads(stored.body)
        begun = stored.status != RUNNING[0]
        if begun and (stored.streamed or stored.attempts > _MOST_ATTEMPTS):
            why = "The server stopped while this response was being made; ask again."
            await fail(self._service, stored.id, response, ApiError(500, why))
            log("background", id=stored.id, what="failed after a restart")
            return
        key = await self._key(stored.key_id)
        if key is None:
            why = ApiError(500, "Its API key was revoked.")
            await fail(self._service, stored.id, response, why)
            return
        try:
            job = await self._again(stored, key)
            job.start()
            try:
                await self._service.store.restart_events(stored.id, job.events.texts)
            except BaseException:
                job.drop()  # when its lease ends it is taken again, and must not run twice
                raise
        except ApiError as error:
            if error.status in (429, 503):  # not now: it stays in the queue
                await self._service.store.release(self.owner, stored.id)
                return
            await fail(self._service, stored.id, response, ApiError(500, error.message))
            return
        job.go()
        self.add(job)
        log("background", id=stored.id, what="begun again")

    async def _key(self, id: str) -> Key | None:
        return await self._service.keyring.by_id(id)
