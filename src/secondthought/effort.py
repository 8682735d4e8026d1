"""Effort, the dial, and the budget it buys. Imports nothing of ours.

One open table (`effort.toml` beside this file) maps each effort to a policy. A caller may
replace the whole row or any field of it; the effective policy stands in every trace.
"""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Effort(StrEnum):
    NONE = "none"
    MINIMAL = "minimal"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    XHIGH = "xhigh"
    MAX = "max"


DEFAULT = Effort.MEDIUM


@dataclass(frozen=True, slots=True)
class Policy:
    """One row of the table: the hard limits of one answer, over all its branches.

    strategy: name of a file in `loop/`. thought_tokens: cap on reasoning tokens, all branches
    together. reserve: answer tokens kept back from the thought; the answer may always use them.
    seconds: wall clock, None = no limit. temperature: 0 is greedy.
    """

    strategy: str
    thought_tokens: int
    reserve: int
    samples: int = 1
    rounds: int = 1
    temperature: float = 0.0
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.thought_tokens < 0 or self.reserve < 1 or self.samples < 1 or self.rounds < 1:
            raise ValueError(f"a policy's limits must be positive: {self}")

    def fit(self, max_tokens: int | None) -> Policy:
        """The policy under a limit on visible + reasoning tokens together (OpenAI's rule).

        The reserve is kept first; the thought gets what is left.
        """
        if max_tokens is None:
            return self
        reserve = min(self.reserve, max_tokens)
        return replace(
            self,
            reserve=reserve,
            thought_tokens=min(self.thought_tokens, max_tokens - reserve),
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@cache
def table() -> dict[Effort, Policy]:
    """The shipped table, read once from effort.toml."""
    raw = tomllib.loads(files("secondthought").joinpath("effort.toml").read_text("utf-8"))
    return {Effort(name): Policy(**row) for name, row in raw.items()}


def policy(effort: Effort | str, **changes: Any) -> Policy:
    """The policy of an effort, with fields replaced. Raises ValueError for an unknown effort."""
    return replace(table()[Effort(effort)], **changes)
