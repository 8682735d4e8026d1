"""The contract of a verifier: a sensor on answers or steps that the loop may use.

A verifier sees the problem and the candidates, never an item's gold answer.
Trust, highest first: sound (a proof), learned (a trained score), critic (a model's opinion).
A model's own rating alone is never trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol, runtime_checkable

from secondthought.messages import Problem
from secondthought.trace import Verdict

Trust = Literal["sound", "learned", "critic"]
Level = Literal["answer", "step"]


@runtime_checkable
class Verifier(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def trust(self) -> Trust: ...

    @property
    def level(self) -> Level: ...

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        """One verdict per candidate, in order. A crash or timeout inside is CANNOT_TELL with
        `error` set; it never becomes FAILED. Model calls go through `ctx` into the ledger."""
        ...
