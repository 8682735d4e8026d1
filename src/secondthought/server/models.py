"""The models that clients can name: the one in front, or all that its server offers."""

from __future__ import annotations

import time
from collections.abc import Sequence

from secondthought.models.base import ModelError
from secondthought.models.remote.model import Remote
from secondthought.oversight.disclosure import Visibility
from secondthought.reasoner import Reasoner
from secondthought.server.errors import ApiError, of_model
from secondthought.server.logs import log_failure

_FRESH = 60.0  # seconds for which an upstream's list is believed
_AGAIN = 5.0  # seconds until one that did not come is asked for again


class Models:
    """front: the model after `-m`. names: what it may be called too.

    Where it is a server of which no model was named, all the models are offered that the server
    lists, and a client's choice is passed through.
    """

    def __init__(self, front: Reasoner, names: Sequence[str] = ()) -> None:
        self._front = front
        self._names = list(dict.fromkeys([front.model.name, *names]))
        self._upstream: dict[str, Reasoner] = {}
        self._listed = -_FRESH
        self.created = int(time.time())

    async def names(self) -> list[str]:
        """The front's own name first. An upstream that does not tell its models now has those that
        it told of last. Raises ApiError when it never could be asked."""
        upstream = self._front.model
        if not isinstance(upstream, Remote) or "#" in upstream.name or "://" not in upstream.name:
            return self._names
        if time.monotonic() - self._listed > _FRESH:
            if self._upstream:  # one asks; the others go on with what is known
                self._listed = time.monotonic()
            try:
                listed = await upstream.models()
            except ModelError as error:
                if not self._upstream:
                    raise of_model(error, Visibility.HIDDEN, "model") from None
                log_failure("the models of the server behind could not be listed", error)
                self._listed = time.monotonic() - _FRESH + _AGAIN
            else:
                self._take(upstream, listed)
        own = self._names if len(self._upstream) == 1 else self._names[1:]
        return [*own, *self._upstream]

    def _take(self, upstream: Remote, listed: Sequence[str]) -> None:
        self._listed = time.monotonic()
        old, self._upstream = self._upstream, {}
        for name in listed:
            self._upstream[name] = old.get(name) or Reasoner(
                upstream.named(name),
                effort=self._front.effort,
                verifiers=self._front.verifiers,
            )

    def root(self, name: str) -> str | None:
        """The model that a further name stands for; None for a model's own name."""
        own = self._names[0]
        return own if name in self._names and name != own and len(self._upstream) < 2 else None

    async def find(self, name: str) -> Reasoner:
        """Raises ApiError 404."""
        names = await self.names()
        if name in self._upstream:
            return self._upstream[name]
        if name in names:
            return self._front
        known = ", ".join(names[:20])
        text = f"The model {name[:80]!r} does not exist here; this server has: {known}."
        raise ApiError(404, text, param="model", code="model_not_found")
