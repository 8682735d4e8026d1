"""What n samples of one question say about k of them: vote@k and best@k; pass@k is in `stats`.

All three are expectations over the subsets of k among the n samples, computed exactly from one
pool, so that one expensive run gives the whole curve, and no point of it is biased: unlike the
first k samples they use all n, and unlike resampling with replacement they never count a sample
twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray


def vote_at_k(votes: Sequence[str | None], correct: Sequence[bool]) -> list[float]:
    """The chance that a vote of k of the samples is right, for k = 1 to n.

    votes: the samples' canonical answers, None = no vote. A tie goes to any of the leaders, as
    when the samples come in random order and the first answer to get there wins; where an answer
    holds right and wrong samples, any of them may be the one that is given. Nobody votes: wrong.

    Exact, by counting subsets: those of k samples in which the leaders have s votes each are the
    coefficient of x^k in a product over the answers of sum C(votes, a) x^a, a <= s. Some n³
    steps; sums of positive numbers only, so that floats lose nothing that matters.
    Raises ValueError for other lengths or none.
    """
    n = len(votes)
    if n != len(correct) or not n:
        raise ValueError(f"{n} votes and {len(correct)} outcomes")
    sizes: defaultdict[str, int] = defaultdict(int)
    right: defaultdict[str, int] = defaultdict(int)
    for vote, ok in zip(votes, correct, strict=True):
        if vote is not None:
            sizes[vote] += 1
            right[vote] += ok
    silent = n - sum(sizes.values())
    chances = np.zeros(n + 1)
    for leaders in range(1, max(sizes.values(), default=0) + 1):
        # ways[t, j]: weighted ways to take j samples of the answers so far so that t of these
        # have `leaders` votes and none has more; won[t, j]: the same, times the sum over the t
        # leaders of the chance that the one given is right.
        ties = sum(size >= leaders for size in sizes.values())
        ways, won = np.zeros((ties + 1, n + 1)), np.zeros((ties + 1, n + 1))
        ways[0, : silent + 1] = [float(comb(silent, a)) for a in range(silent + 1)]
        for answer, size in sizes.items():
            ways, won = _with(ways, won, size, right[answer] / size, leaders)
        for tied in range(1, ties + 1):
            chances += won[tied] / tied
    return [float(min(1.0, chances[k] / comb(n, k))) for k in range(1, n + 1)]


Counts = NDArray[np.float64]


def _with(
    ways: Counts, won: Counts, size: int, quality: float, leaders: int
) -> tuple[Counts, Counts]:
    """The counts with one more answer, which `size` samples gave."""
    more_ways, more_won = np.zeros_like(ways), np.zeros_like(won)
    width = ways.shape[1]
    for taken in range(min(size, leaders) + 1):
        c = float(comb(size, taken))
        before = slice(0, width - taken)
        after = slice(taken, width)
        if taken < leaders:
            more_ways[:, after] += c * ways[:, before]
            more_won[:, after] += c * won[:, before]
        else:
            more_ways[1:, after] += c * ways[:-1, before]
            more_won[1:, after] += c * (won[:-1, before] + quality * ways[:-1, before])
    return more_ways, more_won


def best_at_k(scores: Sequence[float], correct: Sequence[bool], k: int) -> float:
    """The chance that the highest scored of k of the samples is right; of equals any is taken.

    The best of a subset has the score x if none is above x and not all are below it, which
    C(n up to x, k) - C(n below x, k) of the subsets fulfil.
    Raises ValueError unless 1 <= k <= n and both have n values.
    """
    n = len(scores)
    if n != len(correct) or not 1 <= k <= n:
        raise ValueError(f"best@{k} of {n} scores and {len(correct)} outcomes")
    outcomes: defaultdict[float, list[bool]] = defaultdict(list)
    for score, ok in zip(scores, correct, strict=True):
        outcomes[score].append(ok)
    below, expected = 0, 0.0
    for score in sorted(outcomes):
        equal = outcomes[score]
        upto = below + len(equal)
        subsets = comb(upto, k) - comb(below, k)
        expected += subsets / comb(n, k) * (sum(equal) / len(equal))
        below = upto
    return expected


def steps_to(n: int) -> list[int]:
    """1, 2, 4, ... and n: the k for which a pool of n is reported."""
    return sorted({*(2**i for i in range(n.bit_length()) if 2**i <= n), n})
