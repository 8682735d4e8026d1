"""Choosing tokens for many rows at once.

Sampling adds Gumbel noise to the logits and takes the largest (Gumbel-max: this draws from
softmax(logits / temperature)). The noise is a hash of (seed, position, id), so a row's tokens
depend on its own seed and logits, never on the rows beside it, and no generator is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log1p

import numpy as np
from numpy.typing import NDArray

from secondthought.models.base import Path

Floats = NDArray[np.float32]

# splitmix64 (Steele, Lea, Flood 2014): a bijection of 64 bits whose outputs pass as random
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)


def _mix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = (x ^ (x >> np.uint64(30))) * _MIX1
    x = (x ^ (x >> np.uint64(27))) * _MIX2
    return x ^ (x >> np.uint64(31))


def gumbel(seeds: NDArray[np.uint64], positions: NDArray[np.int32], vocab: int) -> Floats:
    """Standard Gumbel noise [B, vocab] for rows with seeds [B] at positions [B].

    23 bits of uniform noise: values lie in (-2.9, 16.7).
    """
    key = _mix(_mix(seeds + _STEP) + positions.astype(np.uint64) * _STEP)
    bits = _mix(key[:, None] + np.arange(1, vocab + 1, dtype=np.uint64) * _STEP)
    # 23 bits and a half fit a float32 exactly: never 0, never 1, so both logarithms are finite
    uniform = ((bits >> np.uint64(41)).astype(np.float32) + np.float32(0.5)) * np.float32(2**-23)
    return -np.log(-np.log(uniform))


def nucleus(scores: Floats, temperature: Floats, top_p: Floats) -> NDArray[np.bool_]:
    """Which tokens [B, vocab] belong to the smallest set whose probability reaches top_p [B].

    The probabilities are softmax(scores / temperature); the most probable token always belongs.
    """
    scaled = scores / np.maximum(temperature, np.float32(1e-6))[:, None]
    order = np.argsort(-scaled, axis=1, kind="stable")
    ranked = np.take_along_axis(scaled, order, axis=1)
    p = np.exp(ranked - ranked[:, :1])
    p /= p.sum(axis=1, keepdims=True)
    kept = p.cumsum(axis=1) - p < top_p[:, None]
    kept[:, 0] = True
    inside = np.empty_like(kept)
    np.put_along_axis(inside, order, kept, axis=1)
    return inside


def discount(avoid: Sequence[Path], done: int, temperature: float) -> dict[int, float]:
    """What is added to the logits of some tokens, so that no path of `avoid` is drawn and all
    else as often as if each draw of one were thrown away.

    done: tokens of the paths that are drawn already, which all of them share. What a path weighs
    behind its next token is known from its log-probs, and that token loses so much: exact at
    temperature 1. Source: K. Shi, D. Bieber and C. Sutton, "Incremental Sampling Without
    Replacement for Sequence Models", ICML 2020 (arXiv 2002.09067).
    """
    weights: dict[int, float] = {}
    for path in avoid:
        token = path.ids[done]
        weights[token] = weights.get(token, 0.0) + exp(sum(path.logprobs[done + 1 :]))
    return {
        token: temperature * log1p(-weight) if weight < _ALL else -inf
        for token, weight in weights.items()
    }


_ALL = 1 - 1e-6
"""Of a token's continuations, what is as good as all of them."""


def choose(
    logits: Floats,
    mask: Floats,
    seeds: NDArray[np.uint64],
    positions: NDArray[np.int32],
    temperature: Floats,
    top_p: Floats,
) -> NDArray[np.int64]:
    """One token id a row [B]. logits, mask [B, vocab]; the mask is 0 or -inf, and added.

    seeds, positions, temperature, top_p [B]; temperature 0 is greedy. The position is that of
    the chosen token in its row's whole sequence.
    """
    scores = logits + mask
    if temperature.any():
        if (top_p < 1).any():
            scores[~nucleus(scores, temperature, top_p)] = -np.inf
        # logits + T * noise has the same largest entry as logits / T + noise, and T may be 0
        scores += temperature[:, None] * gumbel(seeds, positions, logits.shape[1])
    return scores.argmax(axis=1)


def logprobs(logits: Floats, ids: NDArray[np.int64]) -> Floats:
    """log softmax(logits)[id] for each row [B]: temperature 1, whole vocabulary, no mask."""
    top = logits.max(axis=1)
    total = np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return logits[np.arange(len(ids)), ids] - top - total
