"""Hard limits of one answer: a pool of tokens that branches take from by lease.

A branch leases the most that it may generate before it generates anything, and gives back what
it did not spend. Leasing has no `await` inside, so two branches never get the same token.
The reserve for the committed answer is no part of the pool: no thought can eat it.
"""

from __future__ import annotations

from types import TracebackType


class Budget:
    """The reasoning tokens of one answer, over all its branches.

    tokens: thoughts, drafts and critic calls together; the committed answer has its reserve.
    lease: for a pool inside another one, see `part`.
    """

    def __init__(self, tokens: int, lease: Lease | None = None) -> None:
        self._free = tokens
        self._lease = lease

    @property
    def free(self) -> int:
        """Tokens that no lease holds and nobody has spent; never negative."""
        return max(0, self._free)

    def lease(self, tokens: int) -> Lease:
        """At most `tokens`, as many as are free; `granted` may be 0. Use it as a context."""
        granted = min(max(0, tokens), self.free)
        self._free -= granted
        return Lease(self, granted)

    def part(self, tokens: int) -> Budget:
        """A pool inside this one, for a branch that has branches of its own; at most `tokens`.
        Use it as a context: what was not spent of it comes back at its end."""
        lease = self.lease(tokens)
        return Budget(lease.granted, lease)

    def __enter__(self) -> Budget:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._lease is not None:
            self._lease.spend(self._lease.granted - self._free)
            self._lease.close()

    def _return(self, tokens: int) -> None:
        self._free += tokens


class Lease:
    """Tokens held by one branch. What is not spent goes back when the context ends."""

    def __init__(self, budget: Budget, granted: int) -> None:
        self._budget = budget
        self._open = True
        self.granted = granted
        self.spent = 0

    @property
    def left(self) -> int:
        return max(0, self.granted - self.spent)

    def spend(self, tokens: int) -> None:
        """Book generated tokens. More than `granted` is a model that broke its limit: the
        excess is taken from the pool, so that the next lease is smaller."""
        self.spent += tokens

    def close(self) -> None:
        """Give back what is left. Idempotent."""
        if self._open:
            self._open = False
            self._budget._return(self.granted - self.spent)  # pyright: ignore[reportPrivateUsage]

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
