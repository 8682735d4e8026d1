"""vote@k and best@k against all subsets, one by one."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.evals.pools import best_at_k, steps_to, vote_at_k
from secondthought.stats import pass_at_k

# Some answers hold right and wrong samples: a vote's idea of "the same" may be coarser.
POOLS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "d", None]), st.booleans(), st.integers(0, 3)),
    min_size=1,
    max_size=8,
)


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def plurality(subset):
    """The chance that a vote of these is right, ties and mixed answers split evenly."""
    votes = Counter(vote for vote, _ in subset if vote is not None)
    if not votes:
        return 0.0
    most = max(votes.values())
    leaders = [vote for vote, count in votes.items() if count == most]
    return mean(mean(ok for vote, ok in subset if vote == leader) for leader in leaders)


@given(POOLS)
def test_vote_at_k_is_the_mean_over_subsets(pool):
    pairs = [(vote, ok) for vote, ok, _ in pool]
    got = vote_at_k(*zip(*pairs, strict=True))
    assert len(got) == len(pool)
    for k, chance in enumerate(got, 1):
        assert chance == pytest.approx(mean(plurality(s) for s in combinations(pairs, k)))


@given(POOLS, st.data())
def test_best_at_k_is_the_mean_over_subsets(pool, data):
    k = data.draw(st.integers(1, len(pool)))
    pairs = [(score, ok) for _, ok, score in pool]

    def chosen(subset):
        top = max(score for score, _ in subset)
        return mean(ok for score, ok in subset if score == top)

    got = best_at_k(*zip(*pairs, strict=True), k)
    assert got == pytest.approx(mean(chosen(s) for s in combinations(pairs, k)))


@given(POOLS)
def test_a_perfect_score_makes_best_of_k_pass_at_k(pool):
    correct = [ok for _, ok, _ in pool]
    for k in range(1, len(pool) + 1):
        best = best_at_k([float(ok) for ok in correct], correct, k)
        assert best == pytest.approx(pass_at_k(len(pool), sum(correct), k))
        assert vote_at_k([v for v, _, _ in pool], correct)[k - 1] <= best + 1e-9


@given(POOLS)
def test_one_sample_is_the_share_that_is_right(pool):
    share = mean(ok for _, ok, _ in pool)
    assert best_at_k([s for _, _, s in pool], [ok for _, ok, _ in pool], 1) == pytest.approx(share)
    voted = mean(ok and vote is not None for vote, ok, _ in pool)
    assert vote_at_k([v for v, _, _ in pool], [ok for _, ok, _ in pool])[0] == pytest.approx(voted)


def test_a_large_pool_stays_exact():
    rng = Random(0)
    votes = rng.choices("abcdefgh", weights=[9, 7, 5, 4, 3, 2, 1, 1], k=64)
    correct = [vote == "a" for vote in votes]
    chances = vote_at_k(votes, correct)
    for k in (5, 32):
        drawn = [
            plurality(rng.sample(list(zip(votes, correct, strict=True)), k)) for _ in range(2000)
        ]
        assert chances[k - 1] == pytest.approx(mean(drawn), abs=0.03)
    assert chances[-1] == plurality(list(zip(votes, correct, strict=True)))


def test_pools_that_do_not_fit():
    with pytest.raises(ValueError, match="0 votes"):
        vote_at_k([], [])
    with pytest.raises(ValueError, match="best@3 of 2"):
        best_at_k([1, 2], [True, False], 3)


def test_steps():
    assert [steps_to(n) for n in (1, 2, 5, 16)] == [[1], [1, 2], [1, 2, 4, 5], [1, 2, 4, 8, 16]]
