"""Reading: what goes through the network at once for rows that join the batch.

Tokens that several rows begin with are read once. Where at least half of a prompt was computed
before, a call of its own reads only the rest; all others are read in one call, padded to the
longest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from secondthought.models.engine.row import Row
from secondthought.models.engine.session import Session
from secondthought.models.engine.starts import Start

MOST = 2048
"""Tokens that are read before the next step, padding included: bounds memory and stalls."""

Prompt = tuple[int, ...]
Floats = NDArray[np.float32]


@dataclass(slots=True)
class Reading:
    """Rows, by the tokens that are to be read for them. begun: of those that have a call of their
    own, the keys and values that are known. rest: what these calls read, in tokens. longest: of
    the others, in tokens."""

    rows: dict[Prompt, list[Row]] = field(default_factory=dict[Prompt, list[Row]])
    begun: dict[Prompt, Floats] = field(default_factory=dict[Prompt, Floats])
    rest: int = 0
    longest: int = 0

    def __len__(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.rows.values()))

    def add(self, row: Row, start: Start | None, known: int) -> bool:
        """Take one more row, of which `start` holds the first `known` tokens; False if that is
        too much to read."""
        prompt = tuple(row.prompt[: row.read])
        if prompt in self.rows:
            self.rows[prompt].append(row)
            return True
        begun, rest, longest = None, self.rest, self.longest
        together = len(self.rows) - len(self.begun)
        if start is not None and 2 * min(known, row.read - 2) >= row.read:
            begun = start.entries[:, :, :known]
            rest += row.read - known
        else:
            longest = max(longest, row.read)
            together += 1
        if self.rows and longest * together + rest > MOST:
            return False
        if begun is not None:
            self.begun[prompt] = begun
        self.rows[prompt], self.rest, self.longest = [row], rest, longest
        return True

    def read(self, session: Session) -> Iterator[tuple[Row, Floats, Floats, int]]:
        """(row, logits [vocab] after what was read for it, keys and values of that, how many of
        its tokens were known before)"""
        found: dict[Prompt, tuple[Floats, Floats, int]] = {}
        if together := [prompt for prompt in self.rows if prompt not in self.begun]:
            logits, entries = session.prefill(together)
            found = {prompt: (logits[i], entries[:, i], 0) for i, prompt in enumerate(together)}
        for prompt, start in self.begun.items():
            logits, entries, known = session.read_on(prompt, start)
            found[prompt] = logits[0], entries[:, 0], known
        for prompt, rows in self.rows.items():
            logits, entries, known = found[prompt]
            for row in rows:
                yield row, logits, entries, known
                known = row.read  # the first row reads for all
