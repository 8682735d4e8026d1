"""Starts: what the network has computed already and a new row can go on from.

Keys and values of a token depend on the tokens before it and, in their last bits, on whether
they were computed many at once or one at a time: sums are rounded in another order. So each
token of a row is always computed in the same way, whatever is known already: a prompt up to its
thought is read at once, and what follows goes one token a step, whether it is chosen or given.
A row then has the same numbers to the last bit with a start and without one, and a thought
that was cut goes on as if it had not been.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secondthought.models.engine.tokenizer import THINK, UNTHINK

LEAST = 16
"""Tokens that two prompts have to share for a closer look."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """ids: the tokens. read: how many of them were read at once; the others went one a step.
    entries: their keys and values, [2 * layers, kv_heads, len(ids) or more, head_dim]."""

    ids: list[int]
    read: int
    entries: NDArray[np.float32]

    def serves(self, prompt: Sequence[int], read: int) -> int:
        """How many of the first tokens of a prompt, of which so many are to be read at once, are
        here as that prompt has them."""
        if not begin_alike(self.ids, prompt):
            return 0
        pairs = enumerate(zip(self.ids, prompt, strict=False))
        same = next((i for i, (a, b) in pairs if a != b), min(len(self.ids), len(prompt)))
        return same if read == self.read else min(same, read, self.read)


class Starts:
    """The starts that were kept last, in at most `most` bytes. A row that went on from one is kept
    in its turn when it ends: nothing that is in use grows old."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.bytes = 0
        self._kept: list[Start] = []

    def __iter__(self) -> Iterator[Start]:
        return iter(self._kept)

    def keep(self, start: Start) -> None:
        """Keep it, and drop those that it goes on from."""
        for old in [s for s in self._kept if _begins(s, start)]:
            self._drop(old)
        self._kept.append(start)
        self.bytes += start.entries.nbytes
        while self.bytes > self.most:
            self._drop(self._kept[0])

    def clear(self) -> None:
        """Drop all; with other weights they are void."""
        self._kept.clear()
        self.bytes = 0

    def _drop(self, start: Start) -> None:
        self._kept.remove(start)
        self.bytes -= start.entries.nbytes


def _begins(start: Start, longer: Start) -> bool:
    size = len(start.ids)
    return start.read == longer.read and longer.ids[:size] == start.ids


def begin_alike(ids: Sequence[int], others: Sequence[int]) -> bool:
    """A quick look: whether two lists share more than the few tokens that many prompts share."""
    size = min(LEAST, len(ids), len(others))
    return ids[:size] == others[:size]


def read_at_once(prompt: Sequence[int]) -> int:
    """How many tokens of a prompt are read at once: all up to the thought that it ends in, the
    block of an empty one included."""
    if THINK not in prompt:
        return len(prompt)
    at = len(prompt) - prompt[::-1].index(THINK)
    return at + (list(prompt[at : at + 1]) == [UNTHINK])
