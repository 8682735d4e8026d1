"""Which token deserves the credit: advantages token by token, by a critic on hidden states.

A group's mean tells an attempt from the others, but blames or praises all of its tokens alike. Here
a critic says how likely the attempt comes right from each token on; a token's advantage is how much
that rose or fell from there, faded over what follows (generalised advantage estimation, Schulman et
al. 2016, arXiv 1506.02438):

    A_t = sum over k of LAMBDA^k (v_(t+k+1) - v_(t+k)),  v behind the last token = the return

The critic is a logistic regression on the policy's own last hidden states, fitted anew at every
step on half of the step's questions and asked about the other half, so that it has no state and
never judges an attempt that it was fitted on. Questions whose attempts are all right or all wrong
teach too: nothing is compared within a group.

Measured on 72 questions of Countdown, 16 attempts each, ended at their first wrong step: signal
over noise of a question's gradient (mean squared over variance) 0.0049 (standard error 0.0015),
with the group's mean 0.0015 (0.0018), the two gradients' cosine 0.95; run to their ends, with the
group's mean, 0.0004.

Shapes in names: B rows, T tokens, D width.
"""

# torch types some functions only in part
# pyright: reportUnknownMemberType=false
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from secondthought.train.rl import Action, Looked

LAMBDA = 0.97
"""How much of what happens a token later is a token's doing: 33 tokens are about two steps."""
RIDGE = 300.0
"""Weight of the penalty on the critic's squared weights, in samples; hidden states standardised."""
POSITIONS = 40
"""Tokens of an attempt that the critic is fitted on; neighbours say nearly the same."""
ROUNDS = 12

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Critic:
    """How likely an attempt comes right, by hidden states."""

    mean: Floats
    scale: Floats
    weights: Floats

    @classmethod
    def fit(cls, states: Floats, values: Floats) -> Critic:
        """Ridge logistic regression by Newton's method. states [N, D]; values [N], 0 to 1."""
        mean, scale = states.mean(0), states.std(0) + 1e-6
        x = _with_one((states - mean) / scale)
        weights = np.zeros(x.shape[1])
        for _ in range(ROUNDS):
            p = _sigmoid(x @ weights)
            slope = x.T @ (values - p) - RIDGE * weights
            curve = x.T @ (x * (p * (1 - p) + 1e-6)[:, None]) + RIDGE * np.eye(x.shape[1])
            weights += np.linalg.solve(curve, slope)
        return cls(mean, scale, weights)

    def values(self, states: NDArray[np.float32]) -> Floats:
        """states [N, D] -> [N], 0 to 1."""
        x = _with_one((states.astype(np.float64) - self.mean) / self.scale)
        return _sigmoid(x @ self.weights)


def credited(
    found: Sequence[Action], questions: Sequence[int], looked: Sequence[Looked]
) -> list[Action]:
    """The actions with an advantage for each token of their segments, in place of their returns,
    and with the log-probs of `looked`.

    found: actions whose `advantage` is the return of the episode, 0 to 1. questions: for each the
    number of its question in the step; the critic of the odd ones judges the even ones.
    """
    rng = np.random.default_rng(0)
    critics: list[Critic] = []
    for half in (1, 0):
        x: list[NDArray[np.float32]] = []
        y: list[Floats] = []
        for action, seen, question in zip(found, looked, questions, strict=True):
            if question % 2 == half:
                tokens = len(seen.states)
                chosen = rng.choice(tokens, min(POSITIONS, tokens), replace=False)
                x.append(seen.states[chosen])
                y.append(np.full(len(chosen), action.advantage))
        if not x:  # one question: nobody can tell
            return []
        critics.append(Critic.fit(np.concatenate(x).astype(np.float64), np.concatenate(y)))
    made: list[Action] = []
    for action, seen, question in zip(found, looked, questions, strict=True):
        values = critics[question % 2].values(seen.states)
        tokens = advantages(values, float(action.advantage))
        judged = action.segment.judged
        if judged is not None:
            tokens = np.maximum(tokens, 0) if judged else np.minimum(tokens, 0)
        made.append(replace(action, advantage=tokens.astype(np.float32), old=seen.logprobs))
    return made


def advantages(values: Floats, value: float) -> Floats:
    """Of each token. values: the critic's, before each token; value: the return."""
    made = np.empty(len(values))
    after, sum_after = value, 0.0
    for t in range(len(values) - 1, -1, -1):
        made[t] = sum_after = after - values[t] + LAMBDA * sum_after
        after = values[t]
    return made


def _with_one(x: Floats) -> Floats:
    return np.concatenate([x, np.ones((len(x), 1))], 1)


def _sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))
