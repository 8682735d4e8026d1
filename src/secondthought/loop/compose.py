"""From the name in a policy to a strategy: "think", "vote(revise)", "revise(vote(think))"; and
from a policy to one that looks at verifiers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

from secondthought.effort import Policy
from secondthought.loop.base import Strategy
from secondthought.messages import BadInput
from secondthought.verifiers.base import Verifier

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

_LOOKING = ("revise", "best_of_n", "search")  # strategies that look at all verifiers
_LOOKING_AT_PROOFS = ("again", "auto")  # at sound ones only
_AGAIN = re.compile(r"again(?:\((.*)\))?")

_NAME = re.compile(r"([a-z_]+)(?:\((.*)\))?")


def strategy(name: str) -> Strategy:
    """Raises BadInput for a name that is none."""
    match = _NAME.fullmatch(name.replace(" ", ""))
    outer, inner = match.groups() if match else (name, None)
    if outer not in STRATEGIES:
        raise BadInput(f"there is no strategy {outer!r}; choose one of {', '.join(STRATEGIES)}")
    run: Any = import_module(f"secondthought.loop.{outer}").run
    if outer in OVER_OTHERS:
        inner = inner or "think"
    if inner is None:
        return run
    if outer not in (*OVER_OTHERS, "auto"):
        raise BadInput(
            f"strategy {outer} makes no drafts by another one; "
            f"brackets may follow {', '.join((*OVER_OTHERS, 'auto'))}"
        )
    if outer == "auto" and "auto" in inner:
        raise BadInput("auto thinks by another strategy, not by auto; write auto(think), say")
    return partial(run, inner=strategy(inner))


def revising(policy: Policy, verifiers: Sequence[Verifier]) -> Policy:
    """The policy, made to answer again when one of these says no; itself where it does so."""
    inner = policy.strategy.replace(" ", "")
    proofs = all(verifier.trust == "sound" for verifier in verifiers)
    if inner.startswith(_LOOKING) or (proofs and inner.startswith(_LOOKING_AT_PROOFS)):
        return policy
    # Where `again` stands in it, the row's rounds are its thoughts, and far too many answers.
    rounds = ROUNDS if "again" in inner else max(policy.rounds, ROUNDS)
    if again := _AGAIN.fullmatch(inner):
        inner = again[1] or "think"
    return replace(policy, strategy=f"revise({inner})", rounds=rounds)
