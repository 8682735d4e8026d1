"""Which template a question is made of: the usual ones first, or, to learn to read, any.

Evaluation and practice ask as people ask: mostly in the usual way. What a model reads in training
is wider (`widely`), and keeps its distance from the sentences that are held out.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from random import Random

_WORDS = re.compile(r"\{\}|[a-z0-9]+")
_FIELD = re.compile(r"\{\w+\}")
_PLAIN_SHARE = 0.2
"""How often a question is in the plainest words, where a task has some."""


class Ranked(tuple[str, ...]):
    """Templates in order of how usual they are, the usual ones counted: see `extended`."""

    first: int
    """The length of the list whose first quarter makes half of the questions."""
    plain: tuple[str, ...]
    """What most people would write, in so many words."""


def extended(
    templates: Sequence[str], more: Sequence[str] = (), *, plain: Sequence[str] = ()
) -> Ranked:
    """The templates and rarer ones behind them. What is usual stays as it was without these.

    plain: what most people would write, once in a while word for word. A grammar draws each of
    its sentences so seldom that a small model takes the plainest for something else.
    """
    ranked = Ranked((*templates, *more))
    ranked.first, ranked.plain = len(templates), tuple(plain)
    return ranked


RUN = 5
"""Words in a row that make a sentence that one."""


def runs(template: str) -> frozenset[tuple[str, ...]]:
    """All runs of RUN words of a template without choices; a field is a word, "{}". A shorter one
    is one run."""
    words = _WORDS.findall(_FIELD.sub("{}", template).lower())
    if len(words) < RUN:
        return frozenset((tuple(words),))
    return frozenset(tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


@dataclass(frozen=True, slots=True)
class _Widely:
    more: tuple[str, ...]
    apart: frozenset[tuple[str, ...]]


_WIDELY: ContextVar[_Widely | None] = ContextVar("widely", default=None)


@contextmanager
def widely(more: Sequence[str], apart: Sequence[str]) -> Generator[None]:
    """Within this, what would be asked in the usual way is asked in any way.

    Half of the questions come from `more`, the others from the templates given, all alike, the
    rarer half of those that are `extended` twice as often. A sentence that has RUN words in a row
    of one of `apart`, templates without choices, is drawn again.
    """
    token = _WIDELY.set(_Widely(tuple(more), _all_runs(tuple(apart))))
    try:
        yield
    finally:
        _WIDELY.reset(token)


@lru_cache
def _all_runs(sentences: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(run for template in sentences for run in runs(template))


def _draw_widely(rng: Random, templates: Sequence[str], more: Sequence[str]) -> str:
    if more and rng.random() < 0.5:
        return rng.choice(more)
    usual = templates.first if isinstance(templates, Ranked) else 0
    if 0 < usual < len(templates) and rng.random() < 0.5:
        return templates[rng.randrange(usual, len(templates))]
    return rng.choice(templates)


def kept_apart() -> frozenset[tuple[str, ...]]:
    """The runs of words that no sentence may have; none but within `widely`."""
    wide = _WIDELY.get()
    return wide.apart if wide is not None else frozenset()


def draw(rng: Random, templates: Sequence[str], usual_first: bool) -> str:
    """One of the templates; usual_first as in `phrase`."""
    wide = _WIDELY.get()
    if usual_first and wide is not None:
        return _draw_widely(rng, templates, wide.more)
    rank = rng.random()
    if not usual_first:
        return templates[int(rank * len(templates))]
    if isinstance(templates, Ranked) and templates.plain and rng.random() < _PLAIN_SHARE:
        return rng.choice(templates.plain)
    first = templates.first if isinstance(templates, Ranked) else len(templates)
    if rank < 0.5:  # the first quarter, and of it the first ones more often
        return templates[int(rank**2 * first)]
    usual = first / 4
    return templates[int(usual + (rank**2 - 0.25) / 0.75 * (len(templates) - usual))]
