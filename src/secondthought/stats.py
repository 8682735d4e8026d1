"""Statistics of small evaluations: intervals, paired comparisons, pass@k. numpy only.

A figure without its interval is not reported anywhere in this project.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(successes: float, n: int, *, z: float = Z95) -> Estimate:
    """A share with Wilson's score interval; unlike the normal one it is right near 0 and 1.

    n = 0 gives 0 with the interval (0, 1): nothing is known. successes need not be whole: for a
    sum of n values between 0 and 1 the interval is too wide rather than too narrow, because no
    such value varies more than a yes or no of the same mean.
    Raises ValueError unless 0 <= successes <= n.
    Source: E. B. Wilson, JASA 22 (1927), 209-212.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}")
    if n == 0:
        return Estimate(0.0, 0.0, 1.0)
    p = successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # Rounding may put a bound a hair past the share when the share is 0 or 1.
    return Estimate(p, min(p, max(0.0, centre - half)), max(p, min(1.0, centre + half)))


def mean_of(estimates: Sequence[Estimate]) -> Estimate:
    """The plain mean of independent estimates, each weighing the same, with its interval.

    The distances to the limits are added in quadrature, below and above separately, so that
    skewed intervals stay skewed (MOVER: G. Y. Zou and A. Donner, Statist. Med. 27 (2008)).
    Raises ValueError for none.
    """
    if not estimates:
        raise ValueError("the mean of no estimates")
    k = len(estimates)
    value = sum(e.value for e in estimates) / k
    below = sqrt(sum((e.value - e.low) ** 2 for e in estimates)) / k
    above = sqrt(sum((e.high - e.value) ** 2 for e in estimates)) / k
    return Estimate(value, value - below, value + above)


def paired_difference(
    a: Sequence[float], b: Sequence[float], *, resamples: int = 10_000, seed: int = 0
) -> Estimate:
    """mean(b) - mean(a) over the same items, with a bootstrap percentile interval.

    a, b: one score an item, in the same order. Raises ValueError for other lengths or none.
    Source: B. Efron, Ann. Statist. 7 (1979), 1-26.
    """
    if len(a) != len(b) or not len(a):
        raise ValueError(f"paired scores of {len(a)} and {len(b)} items")
    differences = np.asarray(b, dtype=np.float64) - np.asarray(a, dtype=np.float64)
    # A resample's mean depends only on how often each distinct value was drawn, and those
    # counts are multinomial: the same distribution without an (items x resamples) array.
    values, counts = np.unique(differences, return_counts=True)
    n = len(differences)
    drawn = np.random.default_rng(seed).multinomial(n, counts / n, size=resamples)
    low, high = np.percentile(drawn @ values / n, [2.5, 97.5])
    return Estimate(float(differences.mean()), float(low), float(high))


def mcnemar(a: Sequence[bool], b: Sequence[bool]) -> float:
    """Two-sided exact p-value that a and b are right equally often on the same items.

    Only items where they differ count; under the null they split like fair coins.
    Raises ValueError for other lengths. Source: Q. McNemar, Psychometrika 12 (1947), 153-157.
    """
    if len(a) != len(b):
        raise ValueError(f"paired outcomes of {len(a)} and {len(b)} items")
    only_a = sum(1 for x, y in zip(a, b, strict=True) if x and not y)
    only_b = sum(1 for x, y in zip(a, b, strict=True) if y and not x)
    n = only_a + only_b
    tail = sum(comb(n, i) for i in range(min(only_a, only_b) + 1))
    return min(1.0, 2 * tail / 2**n)


def pass_at_k(n: int, correct: int, k: int) -> float:
    """The chance that at least one of k samples is right, from `correct` right ones of n.

    The unbiased estimator 1 - C(n - correct, k) / C(n, k).
    Raises ValueError unless 0 <= correct <= n and 1 <= k <= n.
    Source: M. Chen et al., "Evaluating Large Language Models Trained on Code" (2021).
    """
    if not 0 <= correct <= n or not 1 <= k <= n:
        raise ValueError(f"pass@{k} from {correct} right of {n}")
    return 1.0 - comb(n - correct, k) / comb(n, k)


def quantile(values: Sequence[float], q: float) -> float:
    """The q-quantile (0 to 1), interpolated; 0.0 for none."""
    return float(np.quantile(np.asarray(values, dtype=np.float64), q)) if len(values) else 0.0


def auc(scores: ArrayLike, right: ArrayLike, *, resamples: int = 1000, seed: int = 0) -> Estimate:
    """The chance that a right answer scores above a wrong one (ties count half), with a bootstrap
    percentile interval over the answers.

    scores, right: one an answer. 0.5 is chance, and what is said where all are right or none; no
    answers at all give it with the interval (0, 1).
    Raises ValueError for other lengths. Source: J. A. Hanley and B. J. McNeil, Radiology 143
    (1982), 29-36.
    """
    x, ok = np.asarray(scores, dtype=np.float64), np.asarray(right, dtype=np.bool_)
    if x.shape != ok.shape or x.ndim != 1:
        raise ValueError(f"scores of {x.shape} and outcomes of {ok.shape}")
    if not len(x):
        return Estimate(0.5, 0.0, 1.0)
    places = np.unique(x, return_inverse=True)[1]  # equal scores have one place

    def area(counts: NDArray[np.int64]) -> float:
        good = np.bincount(places, counts * ok, minlength=1)
        bad = np.bincount(places, counts * ~ok, minlength=1)
        pairs = good.sum() * bad.sum()
        below = bad.cumsum() - bad / 2
        return float(good @ below / pairs) if pairs else 0.5

    once = np.ones(len(x), dtype=np.int64)
    rng = np.random.default_rng(seed)
    drawn = [area(rng.multinomial(len(x), once / max(1, len(x)))) for _ in range(resamples)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(area(once), float(low), float(high))
