"""What a step's attempts teach, where a critic judges token by token: their advantages, and at some
wrong steps what would have held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from secondthought.train.credit import credited
from secondthought.train.rl import Action, Learner, attempts
from secondthought.train.rl_measure import Collected
from secondthought.train.rollouts import Sampler
from secondthought.train.second_tries import SecondTry, second_tries


def tries(collected: Collected, sampler: Sampler, seed: int) -> list[SecondTry]:
    """Steps that hold where attempts went wrong; `place` counts the actions of `lessons`."""
    return second_tries(sampler, [a.segment for _, a in _attempts(collected, 0.0)], seed)


def lessons(
    collected: Collected, tried: Sequence[SecondTry], learner: Learner, length_penalty: float
) -> list[Action]:
    """All attempts with their advantages, and behind them the second tries.

    What was drawn at a place is a group: the wrong step's tokens lose the share of what holds
    there, those of one that holds gain the rest.
    """
    pairs = _attempts(collected, length_penalty)
    better = [Action(one.better, 1 - one.share) for one in tried]
    looked = learner.look([*(a for _, a in pairs), *better])
    found = credited([a for _, a in pairs], [n for n, _ in pairs], looked[: len(pairs)])
    if not found:
        return []
    for one in tried:
        advantage = np.array(found[one.place].advantage)
        advantage[one.start :] -= one.share
        found[one.place] = replace(found[one.place], advantage=advantage)
    seen = zip(better, looked[len(pairs) :], strict=True)
    return [*found, *(replace(action, old=one.logprobs) for action, one in seen)]


def _attempts(collected: Collected, length_penalty: float) -> list[tuple[int, Action]]:
    """All segments with their returns, and the number of the question of each."""
    return [(n, a) for n, g in enumerate(collected.seen) for a in attempts(g, length_penalty)]
