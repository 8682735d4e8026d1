"""What the operator of a server chooses. All sizes and waits that bound it stand here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from secondthought.oversight.disclosure import Visibility
from secondthought.verifiers.base import Verifier


@dataclass(frozen=True, slots=True)
class Settings:
    """db: SQLAlchemy URL or the path of a SQLite file. names: what clients may call the model
    beside its own name. reasoning: who sees the thought; None = the rule (oversight/disclosure.py).

    concurrent: answers made at once. waiting: requests that may wait for their turn, and
    waiting_per_key: of one key. body_bytes: of a request. ping: seconds between the comments
    that keep a silent stream open. gather: seconds for which deltas are collected. stalled:
    seconds after which a reader that takes nothing is dropped. keep_days: how long stored
    responses and traces stay; None = for ever. lease: seconds without a sign of life after
    which a background response is taken from its server process. grace: seconds that running
    answers get when the server is told to stop. allow_python: whether operators may send Python
    tests, which run in the sandbox. written_summaries: whether who sees a summary has it in the
    model's own words, at the price of a call, and of an answer that waits for it. verifiers: what
    every answer is to pass, beside those of its request.
    """

    db: str = ""
    names: tuple[str, ...] = ()
    reasoning: Visibility | None = None
    concurrent: int = 64
    waiting: int = 1024
    waiting_per_key: int = 256
    body_bytes: int = 8_000_000
    ping: float = 15.0
    gather: float = 0.05
    stalled: float = 60.0
    keep_days: float | None = 30.0
    lease: float = 10.0
    grace: float = 30.0
    loopback: bool = True
    allow_python: bool = False
    written_summaries: bool = False
    verifiers: tuple[Verifier, ...] = ()

    @property
    def url(self) -> str:
        """The database as SQLAlchemy's asyncio extension names it."""
        db = self.db or str(default_path())
        for scheme in ("postgresql://", "postgres://"):
            if db.startswith(scheme):
                return "postgresql+asyncpg://" + db.removeprefix(scheme)
        return db if "://" in db else f"sqlite+aiosqlite:///{db}"

    @property
    def audit(self) -> Path:
        """The log of who read hidden thoughts: beside the SQLite file, else in the data folder."""
        path = Path(self.db) if self.db and "://" not in self.db else default_path()
        return path.with_name(path.name + ".audit")


def default_path() -> Path:
    """Where the database is when nobody says: in the user's data folder."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "secondthought" / "server.db"
