"""Statistics: published values, laws that hold for all inputs, and coverage by simulation."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.stats import (
    Estimate,
    auc,
    mcnemar,
    mean_of,
    paired_difference,
    pass_at_k,
    quantile,
    wilson,
)


def test_wilson_known_value():
    # Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611.
    e = wilson(81, 263)
    assert (round(e.low, 4), round(e.high, 4)) == (0.2553, 0.3662)
    assert (wilson(0, 20).low, round(wilson(0, 20).high, 4)) == (0.0, 0.1611)
    assert wilson(0, 0) == Estimate(0.0, 0.0, 1.0)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_ordered_and_symmetric(pair):
    k, n = pair
    e, mirror = wilson(k, n), wilson(n - k, n)
    assert 0 <= e.low <= e.value <= e.high <= 1
    assert e.low == pytest.approx(1 - mirror.high, abs=1e-12)


@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 4)])
def test_wilson_refuses_impossible_counts(k, n):
    with pytest.raises(ValueError, match="successes"):
        wilson(k, n)


def test_mean_of_covers_the_truth():
    rng = Random(5)
    truth = [0.99, 0.9, 0.7]
    hits = 0
    for _ in range(400):
        shares = [wilson(sum(rng.random() < p for _ in range(100)), 100) for p in truth]
        e = mean_of(shares)
        hits += e.low <= sum(truth) / 3 <= e.high
    assert 0.91 <= hits / 400 <= 0.99


def test_paired_difference_agrees_with_drawing_items():
    rng = Random(1)
    a = [float(rng.random() < 0.5) for _ in range(200)]
    b = [float(x or rng.random() < 0.3) for x in a]
    fast = paired_difference(a, b)
    diffs = [y - x for x, y in zip(a, b, strict=True)]
    means = sorted(sum(rng.choices(diffs, k=200)) / 200 for _ in range(3000))
    assert fast.value == pytest.approx(sum(diffs) / 200)
    assert fast.low == pytest.approx(means[75], abs=0.012)
    assert fast.high == pytest.approx(means[2925], abs=0.012)
    assert fast.low > 0


def test_paired_difference_needs_pairs():
    with pytest.raises(ValueError, match="2 and 1"):
        paired_difference([1, 0], [1])
    with pytest.raises(ValueError, match="0 and 0"):
        paired_difference([], [])


def test_mcnemar_exact():
    a = [True] * 10 + [False] * 2 + [True] * 30
    b = [False] * 10 + [True] * 2 + [True] * 30
    # 2 * (1 + 12 + 66) / 4096: agreeing items do not matter.
    assert mcnemar(a, b) == pytest.approx(2 * 79 / 4096)
    assert mcnemar(b, a) == mcnemar(a, b)
    assert mcnemar(a, a) == 1.0
    with pytest.raises(ValueError, match="outcomes"):
        mcnemar(a, b[:-1])


@given(
    st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n)))
)
def test_pass_at_k_is_the_share_of_subsets(case):
    n, correct, k = case
    subsets = list(combinations([i < correct for i in range(n)], k))
    assert pass_at_k(n, correct, k) == pytest.approx(sum(map(any, subsets)) / len(subsets))


def test_pass_at_k_refuses_more_than_sampled():
    with pytest.raises(ValueError, match="pass@9"):
        pass_at_k(8, 2, 9)


def test_quantile():
    assert quantile([4, 1, 3, 2], 0.5) == 2.5
    assert quantile([], 0.5) == 0.0


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=40))
def test_auc_is_the_share_of_pairs_in_order(pairs):
    scores, right = zip(*pairs, strict=True)
    good = [s for s, ok in pairs if ok]
    bad = [s for s, ok in pairs if not ok]
    wins = sum((g > b) + (g == b) / 2 for g in good for b in bad)
    want = wins / (len(good) * len(bad)) if good and bad else 0.5
    found = auc(scores, right, resamples=20)
    assert found.value == pytest.approx(want)
    assert auc([-s for s in scores], right, resamples=2).value == pytest.approx(1 - want)
    assert 0 <= found.low <= found.high <= 1


def test_auc_of_nothing_knows_nothing():
    none = auc([], [])
    assert (none.value, none.low, none.high) == (0.5, 0.0, 1.0)


def test_auc_interval_narrows_and_holds_the_truth():
    rng = Random(0)
    right = [rng.random() < 0.5 for _ in range(2000)]
    scores = [rng.gauss(1.0 if ok else 0.0, 1) for ok in right]
    small, large = auc(scores[:100], right[:100]), auc(scores, right)
    assert large.high - large.low < (small.high - small.low) / 2
    assert large.low < 0.7602 < large.high  # Phi(1 / sqrt 2)
    with pytest.raises(ValueError, match="outcomes"):
        auc([1, 2], [True])
