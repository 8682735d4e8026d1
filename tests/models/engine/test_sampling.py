import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondthought.models.base import Path
from secondthought.models.engine import sampling

VOCAB = 320


def draw(logits, seeds, temperature=1.0, top_p=1.0, positions=None, mask=None):
    rows = len(seeds)
    return sampling.choose(
        np.broadcast_to(np.asarray(logits, np.float32), (rows, np.shape(logits)[-1])).copy(),
        np.zeros((rows, np.shape(logits)[-1]), np.float32) if mask is None else mask,
        np.asarray(seeds, np.uint64),
        np.zeros(rows, np.int32) if positions is None else np.asarray(positions, np.int32),
        np.full(rows, temperature, np.float32),
        np.full(rows, top_p, np.float32),
    )


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("along", ["seeds", "positions"])
def test_draws_follow_the_softmax(temperature, along):
    logits = np.array([0.0, 1.0, 2.0, -1.0, 0.5])
    n = 40_000
    seeds = np.arange(n) if along == "seeds" else np.full(n, 7)
    positions = np.arange(n) if along == "positions" else np.zeros(n)
    counts = np.bincount(draw(logits, seeds, temperature, positions=positions), minlength=5)
    p = np.exp(logits / temperature)
    expected = n * p / p.sum()
    assert ((counts - expected) ** 2 / expected).sum() < 23.5  # chi-square, 4 df, p = 1e-4


def test_neighbouring_draws_are_independent():
    """Adjacent seeds, positions and ids are where a weak hash shows."""
    g = sampling.gumbel(np.arange(2000, dtype=np.uint64), np.zeros(2000, np.int32), 8)
    h = sampling.gumbel(np.zeros(2000, np.uint64), np.arange(2000, dtype=np.int32), 8)
    for noise in (g, h):
        lag = [(noise[1:], noise[:-1]), (noise[:, 1:], noise[:, :-1])]
        assert all(abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.04 for a, b in lag)


def test_zero_is_greedy_and_mask_holds():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(9, VOCAB)).astype(np.float32)
    assert np.array_equal(draw(logits, range(9), 0.0), logits.argmax(1))
    mask = np.zeros((9, VOCAB), np.float32)
    mask[:, 256:] = -np.inf
    mask[:, :250] = -np.inf
    assert set(draw(logits, range(9), 5.0, mask=mask).tolist()) <= set(range(250, 256))


@given(seed=st.integers(0, 2**64 - 1), beside=st.integers(1, 40), at=st.integers(0, 4000))
@settings(max_examples=40, deadline=None)
def test_a_row_draws_the_same_in_any_company(seed, beside, at):
    rng = np.random.default_rng(beside)
    logits = rng.normal(size=(beside + 1, VOCAB)).astype(np.float32)
    seeds = rng.integers(0, 2**63, beside + 1).astype(np.uint64)
    seeds[-1] = seed
    positions = rng.integers(0, 4000, beside + 1)
    positions[-1] = at
    together = draw(logits, seeds, 0.8, 0.9, positions)
    alone = draw(logits[-1:], seeds[-1:], 0.8, 0.9, positions[-1:])
    assert together[-1] == alone[0]
    ids = rng.integers(0, VOCAB, beside + 1)
    assert sampling.logprobs(logits, ids)[-1] == sampling.logprobs(logits[-1:], ids[-1:])[0]


@given(st.floats(0.01, 1.0), st.integers(0, 1000))
@settings(deadline=None)
def test_nucleus_is_the_smallest_set_that_reaches_top_p(top_p, seed):
    scores = np.random.default_rng(seed).normal(0, 2, (1, 30)).astype(np.float32)
    inside = sampling.nucleus(scores, np.ones(1, np.float32), np.array([top_p], np.float32))[0]
    p = np.exp(scores[0].astype(float))
    p /= p.sum()
    assert p[inside].sum() >= top_p - 1e-5
    assert p[inside].sum() - p[inside].min() < top_p + 1e-5
    assert not inside.all() or p[inside].min() == p.min()
    assert p[inside].min() >= p[~inside].max(initial=0)


def test_logprobs_against_float64():
    logits = np.random.default_rng(3).normal(0, 20, (50, VOCAB)).astype(np.float32)
    ids = np.arange(50)
    exact = logits.astype(float)
    exact -= np.log(np.exp(exact - exact.max(1, keepdims=True)).sum(1, keepdims=True))
    exact -= logits.astype(float).max(1, keepdims=True)
    assert np.abs(sampling.logprobs(logits, ids) - exact[np.arange(50), ids]).max() < 2e-5


def test_what_is_avoided_is_never_drawn_and_all_else_as_if_drawn_again():
    """Three tokens, two steps: every path but the avoided ones keeps its odds to the others."""
    rng = np.random.default_rng(0)
    first = np.log(rng.dirichlet([1, 1, 1]))
    second = np.log(rng.dirichlet([1, 1, 1], size=3))
    avoid = [
        Path((0, 2), (float(first[0]), float(second[0, 2]))),
        Path((0, 1), (float(first[0]), float(second[0, 1]))),
        Path((2,), (float(first[2]),)),
    ]
    odds = {(i, j): np.exp(first[i] + second[i, j]) for i in range(3) for j in range(3)}
    allowed = {p: w for p, w in odds.items() if p[0] != 2 and p not in ((0, 2), (0, 1))}

    def law(logits, paths, done):
        shifted = logits.copy()
        for token, lost in sampling.discount(paths, done, 1.0).items():
            shifted[token] += lost
        p = np.exp(shifted)
        return p / p.sum()

    at_first = law(first, avoid, 0)
    found = {}
    for i in range(2):
        left = [p for p in avoid if len(p.ids) > 1 and p.ids[0] == i]
        at_second = law(second[i], left, 1)
        found |= {(i, j): at_first[i] * at_second[j] for j in range(3)}
    assert at_first[2] == found[0, 1] == found[0, 2] == 0
    for path, weight in allowed.items():
        assert found[path] == pytest.approx(weight / sum(allowed.values()), rel=1e-6)


def test_a_greedy_row_leaves_the_last_token_of_what_it_avoids():
    assert sampling.discount([Path((5, 6), (-0.1, -0.2))], 0, 0.0) == {5: 0.0}
    assert sampling.discount([Path((5, 6), (-0.1, -0.2))], 1, 0.0) == {6: -np.inf}
