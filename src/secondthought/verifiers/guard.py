"""Asking a verifier that may break: what a strategy calls instead of `verifier.judge`.

A verifier that crashes, hangs or gives nonsense has found out nothing, so its verdicts are
CANNOT_TELL with `error` set, whoever wrote it. Count them with `Verdict.error`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from secondthought.messages import Problem
from secondthought.trace import Outcome, Verdict
from secondthought.verifiers.base import Verifier

SECONDS = 120.0


async def judge(
    verifier: Verifier,
    problem: Problem,
    candidates: Sequence[str],
    ctx: Any,
    *,
    seconds: float | None = SECONDS,
) -> list[Verdict]:
    """One verdict per candidate, in order, with the verifier's name and the batch's wall time
    (divided by its size) filled in. seconds: None for a verifier that keeps limits of its own, for
    whom waiting for a free child or box is not time. Never raises, except when it is cancelled."""
    started = time.perf_counter()
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            verdicts = cast(Any, await verifier.judge(problem, candidates, ctx))
        if not isinstance(verdicts, list | tuple) or len(cast(Any, verdicts)) != len(candidates):
            raise TypeError(f"did not return one verdict for each of {len(candidates)} candidates")
        verdicts = [_sound(verdict) for verdict in cast(list[Any], verdicts)]
    except TimeoutError as error:
        why = f"took more than {seconds:g} s" if limit.expired() else _in_one_line(error)
        verdicts = [cannot_tell(why)] * len(candidates)
    except Exception as error:
        verdicts = [broke(error)] * len(candidates)
    each = (time.perf_counter() - started) / max(1, len(candidates))
    return [
        replace(v, verifier=v.verifier or verifier.name, seconds=v.seconds or each)
        for v in verdicts
    ]


def broke(error: Exception, verifier: str = "") -> Verdict:
    """The verdict where a verifier raised this."""
    return cannot_tell(_in_one_line(error), verifier)


def cannot_tell(error: str, verifier: str = "") -> Verdict:
    """The verdict of a verifier that broke."""
    return Verdict(Outcome.CANNOT_TELL, error=error, verifier=verifier)


def _sound(verdict: Any) -> Verdict:
    if not isinstance(verdict, Verdict):
        raise TypeError(f"returned a {type(verdict).__name__} where a Verdict belongs")
    if verdict.error is not None:
        return replace(verdict, outcome=Outcome.CANNOT_TELL, score=0.0)
    if not 0 <= verdict.score <= 1:
        raise ValueError(f"gave the score {verdict.score}, which is not from 0 to 1")
    return verdict


def _in_one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]
