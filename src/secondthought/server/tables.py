"""The tables of the database, and how an older one is brought up to date.

JSON stands in text columns: the databases never look into it. Times are Unix seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
    text,
    update,
)

from secondthought.messages import BadInput

_tables = MetaData()
META = Table("meta", _tables, Column("name", String, primary_key=True), Column("value", Text))
KEYS = Table(
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
RESPONSES = Table(
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
EVENTS = Table(
    "events",
    _tables,
    Column("response_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("events", Text, nullable=False),
)
THOUGHTS = Table(
    "thoughts",
    _tables,
    Column("call_id", String, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("thought", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("thoughts_by_age", "created_at"),
)
TRACES = Table(
    "traces",
    _tables,
    Column("id", String, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("trace", Text, nullable=False),
    Index("traces_by_age", "created_at"),
)


def _thoughts_as_json(connection: Connection) -> None:
    rows = connection.execute(select(THOUGHTS.c.call_id, THOUGHTS.c.thought)).all()
    for id, thought in rows:
        wanted = update(THOUGHTS).where(THOUGHTS.c.call_id == id)
        connection.execute(wanted.values(thought=json.dumps(thought)))


# Step i brings a database of version i to version i + 1. Steps are only ever added.
MIGRATIONS: list[Callable[[Connection], None]] = [_tables.create_all, _thoughts_as_json]


def migrate(connection: Connection) -> None:
    """Raises BadInput for a database that a newer version has made."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(20241205)"))
    version = 0
    if inspect(connection).has_table("meta"):
        found = connection.scalar(select(META.c.value).where(META.c.name == "schema"))
        version = int(found or 0)
    if version > len(MIGRATIONS):
        raise BadInput(
            f"the database has schema {version}, this version knows {len(MIGRATIONS)}; "
            "install the newer secondthought, or give another --db"
        )
    for step in MIGRATIONS[version:]:
        step(connection)
    if version < len(MIGRATIONS):
        connection.execute(delete(META).where(META.c.name == "schema"))
        connection.execute(insert(META).values(name="schema", value=str(len(MIGRATIONS))))
