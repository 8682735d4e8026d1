"""Documents to micro-batches of equal cost.

A chunk of documents is sorted by length and cut into micro-batches whose rows are padded to one
of a few lengths, so that the compiled step meets few shapes, no row attends to another document,
and little is padding. The order of the micro-batches is then shuffled. Everything is a function
of (chunk number, its plan), so a killed run goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

LENGTHS = (64, 96, 128, 160, 192, 256, 320, 384, 448, 512, 576, 640, 768, 1024, 1536, 2048)
"""Padded row lengths in tokens; longer documents are left out (and counted)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a chunk is made of. first: number of its first document; count: documents."""

    first: int
    count: int
    tasks: tuple[str, ...]
    weights: Mapping[str, float]
    progress: float
    answer_only: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class MicroBatch:
    """ids_BT, targets_BT: int64; targets are the next ids, -100 where no loss. tokens: unpadded."""

    ids_BT: NDArray[np.int64]
    targets_BT: NDArray[np.int64]
    tokens: int


def rows(documents: Sequence[tuple[Sequence[int], Sequence[bool]]], length: int) -> MicroBatch:
    """Pad documents (ids, loss mask) to one batch. The mask marks ids that are to be predicted."""
    ids = np.full((len(documents), length), 256, dtype=np.int64)
    targets = np.full((len(documents), length), -100, dtype=np.int64)
    tokens = 0
    for r, (document, loss) in enumerate(documents):
        n = len(document)
        ids[r, :n] = document
        shifted = np.asarray(document[1:], dtype=np.int64)
        targets[r, : n - 1] = np.where(np.asarray(loss[1:], dtype=bool), shifted, -100)
        tokens += n
    return MicroBatch(ids, targets, tokens)


def cut(
    documents: Sequence[tuple[Sequence[int], Sequence[bool]]], micro_tokens: int, seed: int
) -> list[MicroBatch]:
    """Sort by length, cut to batches of about `micro_tokens` padded tokens, shuffle."""
    fitting = sorted(
        (d for d in documents if 2 <= len(d[0]) <= LENGTHS[-1]), key=lambda d: len(d[0])
    )
    batches: list[MicroBatch] = []
    start = 0
    for length in LENGTHS:
        end = start
        while end < len(fitting) and len(fitting[end][0]) <= length:
            end += 1
        size = max(1, micro_tokens // length)
        # whole batches only; the rest moves up to the next length, where it pads little
        last = length == LENGTHS[-1]
        while end - start >= size or (last and end > start):
            batches.append(rows(fitting[start : min(end, start + size)], length))
            start = min(end, start + size)
    Random(seed).shuffle(batches)
    return batches


def build(plan: Plan, micro_tokens: int) -> list[MicroBatch]:
    """A chunk's micro-batches; runs in a worker process."""
    from secondthought.train import mixture

    documents = [
        (document.ids, document.loss)
        for document in mixture.documents(
            plan.first,
            plan.count,
            tasks=plan.tasks,
            weights=plan.weights,
            progress=plan.progress,
            answer_only=plan.answer_only,
            **plan.extra,
        )
    ]
    return cut(documents, micro_tokens, plan.first)


class Feeder:
    """Builds chunks ahead in `workers` processes; `plans` yields the plan of each next chunk."""

    def __init__(self, plans: Iterator[Plan], micro_tokens: int, workers: int = 1) -> None:
        import multiprocessing

        # spawn: a forked child of a process with running torch threads can hang
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, mp_context=context)
        self._plans = plans
        self._micro_tokens = micro_tokens
        self._ahead: list[tuple[Plan, Future[list[MicroBatch]]]] = []
        self._depth = workers + 1

    def __iter__(self) -> Iterator[tuple[Plan, list[MicroBatch]]]:
        while True:
            while len(self._ahead) < self._depth:
                plan = next(self._plans, None)
                if plan is None:
                    break
                self._ahead.append((plan, self._pool.submit(build, plan, self._micro_tokens)))
            if not self._ahead:
                return
            plan, future = self._ahead.pop(0)
            yield plan, future.result()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
