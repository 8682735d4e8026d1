"""API keys. Only their hashes are kept; a key is shown once, when it is made."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Literal, cast

from secondthought.oversight.disclosure import Visibility, visibility
from secondthought.server.errors import ApiError
from secondthought.server.store import Store

Scope = Literal["user", "operator"]
_FRESH = 2.0  # seconds for which the list of keys is believed


@dataclass(frozen=True, slots=True)
class Key:
    """reasoning: what this key sees of the thought; None = as the server says."""

    id: str
    name: str
    scope: Scope
    reasoning: Visibility | None
    revoked: bool = False
    created_at: float = 0.0


NO_KEY = Key("", "no key", "operator", None)
"""Who asks where no keys are configured: the operator."""


def hash_of(secret: str) -> str:
    # A key has 256 random bits, so a plain fast hash cannot be searched.
    return hashlib.sha256(secret.encode()).hexdigest()


async def create(store: Store, name: str, scope: Scope, reasoning: Visibility | None) -> str:
    """Make a key. Returns its secret, which is nowhere kept."""
    id = f"key_{secrets.token_hex(6)}"
    secret = f"sk-st-{secrets.token_urlsafe(32)}"
    await store.add_key(id=id, name=name, scope=scope, reasoning=reasoning, hash=hash_of(secret))
    return secret


async def all_keys(store: Store) -> dict[str, Key]:
    """By hash, revoked ones too."""
    return {
        row.hash: Key(
            row.id,
            row.name,
            cast(Scope, row.scope),
            Visibility(row.reasoning) if row.reasoning else None,
            row.revoked_at is not None,
            row.created_at,
        )
        for row in await store.keys()
    }


class Keyring:
    """The keys of a running server. Keys that are made or revoked beside it count within two
    seconds. loopback: whether the server can only be reached from its own machine."""

    def __init__(self, store: Store, *, loopback: bool) -> None:
        self._store = store
        self._loopback = loopback
        self._keys: dict[str, Key] = {}
        self._read = 0.0
        self._reading = asyncio.Lock()
        self._begun = 0  # readings on behalf of keys that are not known

    async def refresh(self) -> None:
        self._keys = await all_keys(self._store)
        self._read = time.monotonic()

    @property
    def configured(self) -> bool:
        """Whether keys are asked for: once one was made, always, also when all are revoked."""
        return bool(self._keys) or not self._loopback

    def sees(self, key: Key, server: Visibility | None) -> Visibility:
        """How much of the thought this key sees; server: the server's setting."""
        return visibility(
            keys_configured=self.configured,
            operator=key.scope == "operator",
            server=server,
            key=key.reasoning,
        )

    async def by_id(self, id: str) -> Key | None:
        """The key of this id, as long as it counts."""
        await self.refresh()
        if not id:
            return None if self.configured else NO_KEY
        found = (key for key in self._keys.values() if key.id == id and not key.revoked)
        return next(found, None)

    async def _look_again(self) -> None:
        """Read the list, together with all who ask for it meanwhile: whoever sends wrong keys must
        not keep the database from those who have right ones."""
        begun = self._begun
        async with self._reading:
            if self._begun == begun:
                self._begun += 1
                await self.refresh()

    async def who(self, authorization: str | None) -> Key:
        """Who asks. Raises ApiError 401."""
        if (now := time.monotonic()) - self._read > _FRESH:
            self._read = now  # one of those who ask now reads the list, not all of them
            await self.refresh()
        if not self.configured:
            return NO_KEY
        given = authorization or ""
        secret = given[7:] if given[:7].lower() == "bearer " else given
        secret = secret.strip()
        key = self._keys.get(hash_of(secret)) if secret else None
        if key is None and secret:
            await self._look_again()  # it may have been made a moment ago
            key = self._keys.get(hash_of(secret))
        if key is None or key.revoked:
            raise ApiError(401, "Incorrect or missing API key.", code="invalid_api_key")
        return key
