"""What outlives the process, in SQLite and in PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sqlalchemy")

import sqlalchemy

from secondthought.messages import BadInput
from secondthought.server import tables
from secondthought.server.settings import Settings
from secondthought.server.store import Store


def _postgres_program(name: str) -> str | None:
    found = shutil.which(name)
    folders = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return found or (str(folders[-1]) if folders else None)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own, thrown away at the end."""
    initdb, server = _postgres_program("initdb"), _postgres_program("postgres")
    if initdb is None or server is None:
        pytest.skip("needs the program postgres, which is not installed")
    folder = tmp_path_factory.mktemp("postgres")
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # it refuses to run as root
        import pwd

        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "cwd": folder, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and parent != Path("/") and parent != Path("/tmp"):
                parent.chmod(0o755)
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        **user,
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [server, "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **user,
    )
    url = f"postgresql://tester@127.0.0.1:{port}/postgres"
    try:
        end = time.monotonic() + 60
        while True:
            try:
                with ThreadPoolExecutor(1) as thread:  # a loop may be running in this one
                    thread.submit(asyncio.run, _connect(url)).result()
                break
            except (BadInput, OSError):
                assert time.monotonic() < end, "postgres did not start"
                time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(30)


async def _connect(url: str) -> None:
    await (await Store.open(Settings(db=url).url)).close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "sqlite":
        url = str(tmp_path / "a" / "server.db")
    else:
        url = request.getfixturevalue("postgres")
        await _empty(url)
    opened = await Store.open(Settings(db=url).url)
    yield opened
    await opened.close()


async def _empty(url: str) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(Settings(db=url).url)
    async with engine.begin() as connection:
        for table in ("meta", "keys", "responses", "events", "thoughts", "traces"):
            await connection.execute(sqlalchemy.text(f"DROP TABLE IF EXISTS {table}"))
    await engine.dispose()


def row(id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": id,
        "key_id": "k",
        "status": "queued",
        "created_at": time.time(),
        "background": True,
        "streamed": False,
        "attempts": 1,
        "owner": "me",
        "lease_until": time.time() + 60,
        "request": "{}",
        "items": "[]",
        "body": '{"a": "\\u0000 \\ud800 한"}',
        **changes,
    }


async def test_responses_come_back_to_the_letter(store: Store) -> None:
    await store.add_response(["e0", "e1"], **row("resp_1"))
    found = await store.response("resp_1")
    assert found is not None
    assert found.body == '{"a": "\\u0000 \\ud800 한"}'
    assert await store.change_response("resp_1", first=2, events=["e2"], status="in_progress")
    assert await store.events("resp_1", 0) == ["e1", "e2"]
    assert await store.change_response("resp_1", status="cancelled")
    assert not await store.change_response("resp_1", first=3, events=["e3"], status="completed")
    assert await store.events("resp_1", -1) == ["e0", "e1", "e2"]
    await store.delete_response("resp_1")
    assert await store.response("resp_1") is None
    assert await store.events("resp_1", -1) == []


async def test_an_error_of_the_database_quotes_nothing_that_was_stored(store: Store) -> None:
    """A traceback shows it, and that of a server which is stopped goes into the log."""
    trace = {"id": "resp_1.0", "key_id": "k", "created_at": 1.0, "trace": "a hidden zephyr"}
    with pytest.raises(sqlalchemy.exc.SQLAlchemyError) as error:
        await store.add_response(traces=[trace, trace], **row("resp_1"))
    assert "zephyr" not in str(error.value)


async def test_a_write_is_whole_or_not_at_all(store: Store) -> None:
    await store.add_response(["e0"], **row("resp_1"))
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        await store.change_response("resp_1", first=0, events=["again"], status="completed")
    found = await store.response("resp_1")
    assert found is not None
    assert found.status == "queued"


async def test_a_response_whose_process_is_silent_is_taken_once(store: Store) -> None:
    await store.add_response(**row("resp_dead", lease_until=time.time() - 1, owner="dead"))
    await store.add_response(**row("resp_free", owner=None, lease_until=None))
    await store.add_response(**row("resp_held"))
    await store.add_response(**row("resp_done", status="completed", lease_until=None))
    await store.add_response(**row("resp_front", background=False, lease_until=None))
    taken = await asyncio.gather(*(store.claim(f"p{i}", 60, 10) for i in range(4)))
    ids = [response.id for claimed in taken for response in claimed]
    assert sorted(ids) == ["resp_dead", "resp_free"]
    assert {response.attempts for claimed in taken for response in claimed} == {2}


async def test_a_sign_of_life_keeps_what_is_still_there(store: Store) -> None:
    for id in ("resp_a", "resp_b", "resp_c"):
        await store.add_response(**row(id, lease_until=time.time() - 1))
    await store.change_response("resp_b", status="cancelled")
    await store.delete_response("resp_c")
    assert await store.beat("me", 60, ["resp_a", "resp_b", "resp_c"]) == {"resp_a"}
    assert await store.claim("other", 60, 10) == []
    await store.release("me")
    assert [r.id for r in await store.claim("other", 60, 10)] == ["resp_a"]


async def test_any_thought_can_be_kept(store: Store) -> None:
    for thought in ("half \ud800 pair", "nul \x00", '"quoted"', "[1]", "한\n"):
        id = f"call_{thought.encode('utf-8', 'surrogatepass').hex()}"
        await store.keep_thought("k", [id], thought)
        assert await store.thoughts("k", [id]) == {id: thought}


async def test_of_two_traces_of_a_response_the_one_stays_that_was_stored_with_it(
    store: Store,
) -> None:
    def trace(text: str) -> dict[str, Any]:
        return {"id": "resp_1.0", "key_id": "k", "created_at": time.time(), "trace": text}

    async def there() -> str:
        found = await store.trace("resp_1.0")
        assert found is not None
        return found.trace

    await store.add_traces([trace('"cut"')])
    await store.add_response(**row("resp_1"), traces=[trace('"begun again"')])
    assert await there() == '"begun again"'
    await store.add_traces([trace('"cut"')])
    assert await there() == '"begun again"'
    await store.change_response("resp_1", status="completed", traces=[trace('"whole"')])
    assert await there() == '"whole"'


async def test_thoughts_belong_to_their_key(store: Store) -> None:
    await store.keep_thought("k", ["call_1", "call_2"], "because")
    assert await store.thoughts("k", ["call_2", "call_9"]) == {"call_2": "because"}
    assert await store.thoughts("other", ["call_1"]) == {}


async def test_what_is_old_is_forgotten_but_not_what_runs(store: Store) -> None:
    old = time.time() - 100
    await store.add_response(["e"], **row("resp_old", status="completed", created_at=old))
    await store.add_response(**row("resp_runs", created_at=old))
    await store.add_response(**row("resp_new", status="completed"))
    await store.add_traces([{"id": "t.0", "key_id": "k", "created_at": old, "trace": "{}"}])
    await store.forget(time.time() - 50)
    assert await store.response("resp_old") is None
    assert await store.events("resp_old", -1) == []
    assert await store.response("resp_runs") is not None
    assert await store.response("resp_new") is not None
    assert await store.trace("t.0") is None


async def test_a_value_is_made_once(store: Store) -> None:
    assert await store.once("secret", lambda: "a") == "a"
    assert await store.once("secret", lambda: "b") == "a"


async def test_a_value_is_made_once_by_servers_that_start_together(store: Store) -> None:
    made = iter("abcd")
    found = await asyncio.gather(*(store.once("secret", lambda: next(made)) for _ in range(4)))
    assert len(set(found)) == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_database_is_brought_up_to_date_and_never_down(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = str(tmp_path / "s.db") if kind == "sqlite" else request.getfixturevalue("postgres")
    if kind == "postgresql":
        await _empty(url)
    first = await Store.open(Settings(db=url).url)
    await first.add_key(id="key_1", name="n", scope="user", reasoning=None, hash="h")
    await first.close()

    def add_a_column(connection: Any) -> None:
        connection.execute(sqlalchemy.text("ALTER TABLE keys ADD COLUMN colour TEXT"))

    monkeypatch.setattr(tables, "MIGRATIONS", [*tables.MIGRATIONS, add_a_column])
    for _ in range(2):
        newer = await Store.open(Settings(db=url).url)
        assert [key.id for key in await newer.keys()] == ["key_1"]
        await newer.close()
    monkeypatch.setattr(tables, "MIGRATIONS", tables.MIGRATIONS[:-1])
    with pytest.raises(BadInput, match="schema 3"):
        await Store.open(Settings(db=url).url)
    if kind == "postgresql":
        await _empty(url)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_thoughts_of_the_first_schema_are_read(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = str(tmp_path / "s.db") if kind == "sqlite" else request.getfixturevalue("postgres")
    if kind == "postgresql":
        await _empty(url)
    with monkeypatch.context() as first:
        first.setattr(tables, "MIGRATIONS", tables.MIGRATIONS[:1])
        old = await Store.open(Settings(db=url).url)
    raw = {"call_1": 'a "b"', "call_2": '"quoted"', "call_3": "12"}
    async with old._write() as connection:  # pyright: ignore[reportPrivateUsage]
        for id, thought in raw.items():
            kept = {"call_id": id, "key_id": "k", "thought": thought, "created_at": time.time()}
            await connection.execute(sqlalchemy.insert(tables.THOUGHTS).values(**kept))
    await old.close()
    for _ in range(2):
        store = await Store.open(Settings(db=url).url)
        assert await store.thoughts("k", list(raw)) == raw
        await store.close()


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    modes: dict[str, int] = {}

    async def write() -> None:
        store = await Store.open(Settings(db=str(tmp_path / "s.db")).url)
        await store.keep_thought("k", ["call_1"], "because")
        modes.update({f.name: f.stat().st_mode & 0o777 for f in tmp_path.glob("*")})  # noqa: ASYNC240
        await store.close()

    umask = os.umask(0o022)
    try:
        asyncio.run(write())
    finally:
        os.umask(umask)
    assert modes["s.db"] == 0o600
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    "db", ["/proc/none/server.db", "postgresql://nobody@127.0.0.1:1/none", "mysql://x/y", "a://b"]
)
async def test_a_database_that_cannot_be_used_is_one_line(db: str) -> None:
    with pytest.raises(BadInput, match="--db") as error:
        await Store.open(Settings(db=db).url)
    assert "\n" not in str(error.value)
