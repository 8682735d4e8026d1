"""From the name in a policy to a strategy: "think", "vote(revise)", "revise(vote(think))"; and
from a policy to one that looks at verifiers."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

from secondthought.effort import Policy
from secondthought.loop.base import Strategy
from secondthought.messages import BadInput

STRATEGIES = (
    "direct",
    "think",
    "backtrack",
    "again",
    "vote",
    "best_of_n",
    "revise",
    "search",
    "auto",
)
OVER_OTHERS = ("again", "vote", "best_of_n", "revise")
"""Strategies that make drafts by another one; without one in brackets, by `think`."""
ROUNDS = 3
"""Answers at least that `revising` allows for."""

_LOOKING = ("again", "revise", "best_of_n", "auto", "search")  # strategies that look at verifiers

_NAME = re.compile(r"([a-z_]+)(?:\((.*)\))?")


def strategy(name: str) -> Strategy:
    """Raises BadInput for a name that is none."""
    match = _NAME.fullmatch(name.replace(" ", ""))
    outer, inner = match.groups() if match else (name, None)
    if outer not in STRATEGIES:
        raise BadInput(f"there is no strategy {outer!r}; choose one of {', '.join(STRATEGIES)}")
    run: Any = import_module(f"secondthought.loop.{outer}").run
    if outer in OVER_OTHERS:
        return partial(run, inner=strategy(inner or "think"))
    if inner is not None:
        raise BadInput(
            f"strategy {outer} makes no drafts by another one; "
            f"brackets may follow {', '.join(OVER_OTHERS)}"
        )
    return run


def revising(policy: Policy) -> Policy:
    """The policy, made to answer again when a verifier says no; itself where it does so already."""
    if policy.strategy.startswith(_LOOKING):
        return policy
    rounds = max(policy.rounds, ROUNDS)
    return replace(policy, strategy=f"revise({policy.strategy})", rounds=rounds)
