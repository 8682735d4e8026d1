"""What outlives the process: keys, stored responses with their events, thoughts inside a tool
loop, traces. SQLite in WAL mode, or PostgreSQL.

JSON stands in text columns: the databases never look into it. Times are Unix seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    event,
    insert,
    inspect,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from secondthought.messages import BadInput
from secondthought.server.ids import is_id

_MOST_CALLS = 1000
_tables = MetaData()
_meta = Table("meta", _tables, Column("name", String, primary_key=True), Column("value", Text))
_keys = Table(
    "keys",
    _tables,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("reasoning", String),
    Column("hash", String, nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
    Column("revoked_at", Float),
)
_responses = Table(
    "responses",
    _tables,
    Column("id", String, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("status", String, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("background", Boolean, nullable=False),
    Column("streamed", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("owner", String),
    Column("lease_until", Float),
    Column("request", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("responses_by_status", "status", "background"),
    Index("responses_by_age", "created_at"),
)
_events = Table(
    "events",
    _tables,
    Column("response_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("events", Text, nullable=False),
)
_thoughts = Table(
    "thoughts",
    _tables,
    Column("call_id", String, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("thought", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("thoughts_by_age", "created_at"),
)
_traces = Table(
    "traces",
    _tables,
    Column("id", String, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("trace", Text, nullable=False),
    Index("traces_by_age", "created_at"),
)

# Step i brings a database of version i to version i + 1. Steps are only ever added.
MIGRATIONS: list[Callable[[Connection], None]] = [_tables.create_all]
RUNNING = ("queued", "in_progress")
Response = Row[Any]


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
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_async_engine(
                parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite"
            )
        except (SQLAlchemyError, ImportError, OSError, ValueError) as error:
            raise BadInput(f"the database cannot be used: {error}; see --db") from None
        if engine.dialect.name == "sqlite":
            event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        store = cls(engine)
        try:
            async with store._write() as connection:
                await connection.run_sync(_migrate)
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
        async with self._write() as connection:
            found = await connection.scalar(select(_meta.c.value).where(_meta.c.name == name))
            if found is None:
                found = make()
                await connection.execute(insert(_meta).values(name=name, value=found))
            return str(found)

    # --- keys --------------------------------------------------------------------------------

    async def add_key(self, **key: Any) -> None:
        async with self._write() as connection:
            await connection.execute(insert(_keys).values(created_at=time.time(), **key))

    async def keys(self) -> Sequence[Row[Any]]:
        """All keys ever made, oldest first; revoked ones too."""
        async with self._engine.connect() as connection:
            return (await connection.execute(select(_keys).order_by(_keys.c.created_at))).all()

    async def revoke_key(self, id: str) -> bool:
        """Whether there was such a key that was not revoked before."""
        wanted = update(_keys).where(_keys.c.id == id, _keys.c.revoked_at.is_(None))
        async with self._write() as connection:
            done = await connection.execute(wanted.values(revoked_at=time.time()))
            return done.rowcount == 1

    # --- responses ---------------------------------------------------------------------------

    async def add_response(self, events: Sequence[str] = (), **response: Any) -> None:
        """Store one with its first events, in one transaction."""
        async with self._write() as connection:
            await connection.execute(insert(_responses).values(**response))
            await _add_events(connection, response["id"], 0, events)

    async def response(self, id: str) -> Response | None:
        async with self._engine.connect() as connection:
            found = await connection.execute(select(_responses).where(_responses.c.id == id))
            return found.one_or_none()

    async def change_response(
        self, id: str, *, first: int = 0, events: Sequence[str] = (), **values: Any
    ) -> bool:
        """Change one that still runs, and add events from number `first` on, in one transaction.
        Returns False, and changes nothing, if it runs no more (it was cancelled, or deleted)."""
        wanted = update(_responses).where(_responses.c.id == id, _responses.c.status.in_(RUNNING))
        async with self._write() as connection:
            if (await connection.execute(wanted.values(**values))).rowcount != 1:
                return False
            await _add_events(connection, id, first, events)
            return True

    async def restart_events(self, id: str, events: Sequence[str]) -> None:
        """Forget the events of a response that begins again, and begin with these."""
        async with self._write() as connection:
            await connection.execute(delete(_events).where(_events.c.response_id == id))
            await _add_events(connection, id, 0, events)

    async def delete_response(self, id: str) -> None:
        async with self._write() as connection:
            await connection.execute(delete(_responses).where(_responses.c.id == id))
            await connection.execute(delete(_events).where(_events.c.response_id == id))

    async def events(self, id: str, after: int) -> list[str]:
        """All events whose number is above `after`, in order."""
        wanted = (
            select(_events.c.seq, _events.c.events)
            .where(_events.c.response_id == id)
            .order_by(_events.c.seq)
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
            select(_responses.c.id)
            .where(
                _responses.c.background,
                _responses.c.status.in_(RUNNING),
                or_(_responses.c.lease_until.is_(None), _responses.c.lease_until < now),
            )
            .order_by(_responses.c.created_at)
            .limit(most)
            .with_for_update(skip_locked=True)  # SQLite leaves it out: there, writes are locked
        )
        async with self._write() as connection:
            ids = [id for (id,) in (await connection.execute(free)).all()]
            if not ids:
                return []
            await connection.execute(
                update(_responses)
                .where(_responses.c.id.in_(ids))
                .values(owner=owner, lease_until=now + lease, attempts=_responses.c.attempts + 1)
            )
            return (
                await connection.execute(select(_responses).where(_responses.c.id.in_(ids)))
            ).all()

    async def beat(self, owner: str, lease: float) -> set[str]:
        """A sign of life: prolong the leases of this process. Returns the ids it still holds;
        one that is missing was cancelled, deleted, or taken away."""
        mine = (_responses.c.owner == owner, _responses.c.status.in_(RUNNING))
        async with self._write() as connection:
            prolonged = update(_responses).where(*mine)
            await connection.execute(prolonged.values(lease_until=time.time() + lease))
            return set((await connection.execute(select(_responses.c.id).where(*mine))).scalars())

    async def release(self, owner: str, id: str | None = None) -> None:
        """Give the responses of this process back to the queue, or one of them."""
        mine = [_responses.c.owner == owner, _responses.c.status.in_(RUNNING)]
        if id is not None:
            mine.append(_responses.c.id == id)
        async with self._write() as connection:
            await connection.execute(
                update(_responses)
                .where(*mine)
                .values(owner=None, lease_until=None, attempts=_responses.c.attempts - 1)
            )

    # --- thoughts and traces -----------------------------------------------------------------

    async def keep_thought(self, key_id: str, call_ids: Sequence[str], thought: str) -> None:
        rows = [
            {"call_id": id, "key_id": key_id, "thought": thought, "created_at": time.time()}
            for id in call_ids
        ]
        async with self._write() as connection:
            await connection.execute(insert(_thoughts), rows)

    async def thoughts(self, key_id: str, call_ids: Sequence[str]) -> dict[str, str]:
        """The thoughts that came before these tool calls of this key. Ids that are none of ours
        are not looked up, nor more than a database takes at once."""
        call_ids = [id for id in call_ids if is_id(id)][-_MOST_CALLS:]
        wanted = select(_thoughts.c.call_id, _thoughts.c.thought).where(
            _thoughts.c.key_id == key_id, _thoughts.c.call_id.in_(call_ids)
        )
        async with self._engine.connect() as connection:
            return {row.call_id: row.thought for row in (await connection.execute(wanted)).all()}

    async def add_traces(self, rows: Sequence[dict[str, Any]]) -> None:
        """Rows of id, key_id, created_at and trace."""
        async with self._write() as connection:
            await connection.execute(insert(_traces), list(rows))

    async def trace(self, id: str) -> Row[Any] | None:
        async with self._engine.connect() as connection:
            return (
                await connection.execute(select(_traces).where(_traces.c.id == id))
            ).one_or_none()

    async def forget(self, before: float) -> None:
        """Delete what was made before this time and runs no more."""
        old = select(_responses.c.id).where(
            _responses.c.created_at < before, _responses.c.status.not_in(RUNNING)
        )
        async with self._write() as connection:
            await connection.execute(delete(_events).where(_events.c.response_id.in_(old)))
            await connection.execute(delete(_responses).where(_responses.c.id.in_(old)))
            await connection.execute(delete(_thoughts).where(_thoughts.c.created_at < before))
            await connection.execute(delete(_traces).where(_traces.c.created_at < before))

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
        await connection.execute(insert(_events).values(**row))


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _migrate(connection: Connection) -> None:
    """Raises BadInput for a database that a newer version has made."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(20241205)"))
    version = 0
    if inspect(connection).has_table("meta"):
        found = connection.scalar(select(_meta.c.value).where(_meta.c.name == "schema"))
        version = int(found or 0)
    if version > len(MIGRATIONS):
        raise BadInput(
            f"the database has schema {version}, this version knows {len(MIGRATIONS)}; "
            "install the newer secondthought, or give another --db"
        )
    for step in MIGRATIONS[version:]:
        step(connection)
    if version < len(MIGRATIONS):
        connection.execute(delete(_meta).where(_meta.c.name == "schema"))
        connection.execute(insert(_meta).values(name="schema", value=str(len(MIGRATIONS))))
