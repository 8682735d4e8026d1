"""What outlives the process: keys, stored responses with their events, thoughts inside a tool
loop, traces. SQLite in WAL mode, or PostgreSQL.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Row, delete, event, insert, or_, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from secondthought.messages import BadInput
from secondthought.server.ids import is_id
from secondthought.server.tables import (
    EVENTS,
    KEYS,
    META,
    RESPONSES,
    THOUGHTS,
    TRACES,
    migrate,
)

_MOST_CALLS = 1000
RUNNING = ("queued", "in_progress")
Response = Row[Any]
Trace = dict[str, Any]
"""A row: id, key_id, created_at, trace."""


class Store:
    """One database. Open it with `Store.open`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # SQLite takes one writer at a time: waiting here is cheaper than being told to try again.
        self._writing = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @classmethod
    async def open(cls, url: str) -> Store:
        """Connect and bring the schema up to date. Raises BadInput, one line, if it cannot."""
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() == "sqlite" and parsed.database:
                _make_file(parsed.database)
            engine = create_async_engine(
                parsed,
                pool_pre_ping=parsed.get_backend_name() != "sqlite",
                hide_parameters=True,  # thoughts; a traceback shows what its error says
            )
        except (SQLAlchemyError, ImportError, OSError, ValueError) as error:
            raise BadInput(f"the database cannot be used: {error}; see --db") from None
        if engine.dialect.name == "sqlite":
            event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        store = cls(engine)
        try:
            async with store._write() as connection:
                await connection.run_sync(migrate)
        except (SQLAlchemyError, OSError) as error:
            await engine.dispose()
            reason = str(error).splitlines()[0]
            raise BadInput(f"the database cannot be opened: {reason}; see --db") from None
        except BaseException:
            await engine.dispose()
            raise
        return store

    async def close(self) -> None:
        await self._engine.dispose()

    async def ping(self) -> None:
        """Raises SQLAlchemyError or OSError when the database does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(select(1))

    # --- settings that belong to the database ------------------------------------------------

    async def once(self, name: str, make: Callable[[], str]) -> str:
        """The value of this name; made and kept the first time it is asked for."""
        try:
            return await self._once(name, make)
        except IntegrityError:  # another process has just made it
            return await self._once(name, make)

    async def _once(self, name: str, make: Callable[[], str]) -> str:
        async with self._write() as connection:
            found = await connection.scalar(select(META.c.value).where(META.c.name == name))
            if found is None:
                found = make()
                await connection.execute(insert(META).values(name=name, value=found))
            return str(found)

    # --- keys --------------------------------------------------------------------------------

    async def add_key(self, **key: Any) -> None:
        async with self._write() as connection:
            await connection.execute(insert(KEYS).values(created_at=time.time(), **key))

    async def keys(self) -> Sequence[Row[Any]]:
        """All keys ever made, oldest first; revoked ones too."""
        async with self._engine.connect() as connection:
            return (await connection.execute(select(KEYS).order_by(KEYS.c.created_at))).all()

    async def revoke_key(self, id: str) -> bool:
        """Whether there was such a key that was not revoked before."""
        wanted = update(KEYS).where(KEYS.c.id == id, KEYS.c.revoked_at.is_(None))
        async with self._write() as connection:
            done = await connection.execute(wanted.values(revoked_at=time.time()))
            return done.rowcount == 1

    # --- responses ---------------------------------------------------------------------------

    async def add_response(
        self, events: Sequence[str] = (), traces: Sequence[Trace] = (), **response: Any
    ) -> None:
        """Store one with its first events, and traces, in one transaction."""
        async with self._write() as connection:
            await connection.execute(insert(RESPONSES).values(**response))
            await _add_events(connection, response["id"], 0, events)
            await _add_traces(connection, traces)

    async def response(self, id: str) -> Response | None:
        async with self._engine.connect() as connection:
            found = await connection.execute(select(RESPONSES).where(RESPONSES.c.id == id))
            return found.one_or_none()

    async def change_response(
        self,
        id: str,
        *,
        first: int = 0,
        events: Sequence[str] = (),
        traces: Sequence[Trace] = (),
        **values: Any,
    ) -> bool:
        """Change one that still runs, and add events from number `first` on, and traces, in one
        transaction. Returns False, and changes nothing, if it runs no more (it was cancelled, or
        deleted)."""
        wanted = update(RESPONSES).where(RESPONSES.c.id == id, RESPONSES.c.status.in_(RUNNING))
        async with self._write() as connection:
            if (await connection.execute(wanted.values(**values))).rowcount != 1:
                return False
            await _add_events(connection, id, first, events)
            await _add_traces(connection, traces)
            return True

    async def restart_events(self, id: str, events: Sequence[str]) -> None:
        """Forget the events of a response that begins again, and begin with these."""
        async with self._write() as connection:
            await connection.execute(delete(EVENTS).where(EVENTS.c.response_id == id))
            await _add_events(connection, id, 0, events)

    async def delete_response(self, id: str) -> None:
        async with self._write() as connection:
            await connection.execute(delete(RESPONSES).where(RESPONSES.c.id == id))
            await connection.execute(delete(EVENTS).where(EVENTS.c.response_id == id))

    async def events(self, id: str, after: int) -> list[str]:
        """All events whose number is above `after`, in order."""
        wanted = (
            select(EVENTS.c.seq, EVENTS.c.events)
            .where(EVENTS.c.response_id == id)
            .order_by(EVENTS.c.seq)
        )
        async with self._engine.connect() as connection:
            blocks = (await connection.execute(wanted)).all()
        numbered = ((first + i, e) for first, b in blocks for i, e in enumerate(b.split("\n")))
        return [event for number, event in numbered if number > after]

    async def claim(self, owner: str, lease: float, most: int) -> Sequence[Response]:
        """Take up to `most` background responses that no live process works on: queued ones, and
        those whose process has given no sign of life for longer than its lease."""
        now = time.time()
        free = (
            select(RESPONSES.c.id)
            .where(
                RESPONSES.c.background,
                RESPONSES.c.status.in_(RUNNING),
                or_(RESPONSES.c.lease_until.is_(None), RESPONSES.c.lease_until < now),
            )
            .order_by(RESPONSES.c.created_at)
            .limit(most)
            .with_for_update(skip_locked=True)  # SQLite leaves it out: there, writes are locked
        )
        async with self._write() as connection:
            ids = [id for (id,) in (await connection.execute(free)).all()]
            if not ids:
                return []
            await connection.execute(
                update(RESPONSES)
                .where(RESPONSES.c.id.in_(ids))
                .values(owner=owner, lease_until=now + lease, attempts=RESPONSES.c.attempts + 1)
            )
            return (
                await connection.execute(select(RESPONSES).where(RESPONSES.c.id.in_(ids)))
            ).all()

    async def beat(self, owner: str, lease: float, ids: Sequence[str]) -> set[str]:
        """A sign of life: prolong the leases of these responses of this process. Returns the ids
        it still holds; one that is missing was cancelled, deleted, or taken away. One that the
        process has lost is not among `ids`, and is free when its lease ends."""
        mine = (
            RESPONSES.c.owner == owner,
            RESPONSES.c.status.in_(RUNNING),
            RESPONSES.c.id.in_(ids),
        )
        async with self._write() as connection:
            prolonged = update(RESPONSES).where(*mine)
            await connection.execute(prolonged.values(lease_until=time.time() + lease))
            return set((await connection.execute(select(RESPONSES.c.id).where(*mine))).scalars())

    async def release(self, owner: str, id: str | None = None) -> None:
        """Give the responses of this process back to the queue, or one of them."""
        mine = [RESPONSES.c.owner == owner, RESPONSES.c.status.in_(RUNNING)]
        if id is not None:
            mine.append(RESPONSES.c.id == id)
        async with self._write() as connection:
            await connection.execute(
                update(RESPONSES)
                .where(*mine)
                .values(owner=None, lease_until=None, attempts=RESPONSES.c.attempts - 1)
            )

    # --- thoughts and traces -----------------------------------------------------------------

    async def keep_thought(self, key_id: str, call_ids: Sequence[str], thought: str) -> None:
        # Whatever a model writes can be stored as JSON: half of a surrogate pair, and NUL.
        kept, now = json.dumps(thought), time.time()
        rows = [
            {"call_id": id, "key_id": key_id, "thought": kept, "created_at": now} for id in call_ids
        ]
        async with self._write() as connection:
            await connection.execute(insert(THOUGHTS), rows)

    async def thoughts(self, key_id: str, call_ids: Sequence[str]) -> dict[str, str]:
        """The thoughts that came before these tool calls of this key. Ids that are none of ours
        are not looked up, nor more than a database takes at once."""
        call_ids = [id for id in call_ids if is_id(id)][-_MOST_CALLS:]
        wanted = select(THOUGHTS.c.call_id, THOUGHTS.c.thought).where(
            THOUGHTS.c.key_id == key_id, THOUGHTS.c.call_id.in_(call_ids)
        )
        async with self._engine.connect() as connection:
            found = (await connection.execute(wanted)).all()
        return {row.call_id: json.loads(row.thought) for row in found}

    async def add_traces(self, traces: Sequence[Trace]) -> None:
        """Of a response that was begun again there may be one: the one that was stored with its
        end stays."""
        there = select(TRACES.c.id).where(TRACES.c.id.in_([trace["id"] for trace in traces]))
        async with self._write() as connection:
            known = set((await connection.execute(there)).scalars())
            new = [trace for trace in traces if trace["id"] not in known]
            if new:
                await connection.execute(insert(TRACES), new)

    async def trace(self, id: str) -> Row[Any] | None:
        async with self._engine.connect() as connection:
            return (await connection.execute(select(TRACES).where(TRACES.c.id == id))).one_or_none()

    async def forget(self, before: float) -> None:
        """Delete what was made before this time and runs no more."""
        old = select(RESPONSES.c.id).where(
            RESPONSES.c.created_at < before, RESPONSES.c.status.not_in(RUNNING)
        )
        async with self._write() as connection:
            await connection.execute(delete(EVENTS).where(EVENTS.c.response_id.in_(old)))
            await connection.execute(delete(RESPONSES).where(RESPONSES.c.id.in_(old)))
            await connection.execute(delete(THOUGHTS).where(THOUGHTS.c.created_at < before))
            await connection.execute(delete(TRACES).where(TRACES.c.created_at < before))

    @asynccontextmanager
    async def _write(self) -> AsyncGenerator[AsyncConnection]:
        if self._writing is None:
            async with self._engine.begin() as connection:
                yield connection
        else:
            async with self._writing, self._engine.connect() as connection:
                # At once the writer: a read that wants to write later can be refused.
                await connection.execute(text("BEGIN IMMEDIATE"))
                yield connection
                await connection.commit()


async def _add_events(
    connection: AsyncConnection, id: str, first: int, events: Sequence[str]
) -> None:
    # Many events in one row: JSON has no line ends of its own.
    if events:
        row = {"response_id": id, "seq": first, "events": "\n".join(events)}
        await connection.execute(insert(EVENTS).values(**row))


async def _add_traces(connection: AsyncConnection, traces: Sequence[Trace]) -> None:
    if traces:  # what an earlier try has left gives way
        old = TRACES.c.id.in_([trace["id"] for trace in traces])
        await connection.execute(delete(TRACES).where(old))
        await connection.execute(insert(TRACES), list(traces))


def _make_file(name: str) -> None:
    """The file of a new SQLite database, for its owner alone: thoughts and the secret stand in it.
    SQLite gives the files beside it the same rights."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not (name.startswith((":", "file:")) or path.exists()):
        path.touch(mode=0o600)


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
