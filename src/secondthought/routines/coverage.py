"""Which steps and which ways out of each decision a set of conversations took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from secondthought.routines.graph import Graph
from secondthought.routines.state import State


@dataclass(frozen=True, slots=True)
class Coverage:
    """branches: "3a:yes" and the like, of the steps with more than one way on."""

    steps: int
    steps_seen: int
    branches: int
    branches_seen: int
    missed_steps: tuple[str, ...]
    missed_branches: tuple[str, ...]

    @property
    def full(self) -> bool:
        return not self.missed_steps and not self.missed_branches


def coverage(graph: Graph, states: Iterable[State]) -> Coverage:
    """Of the steps that some path reaches."""
    visited: set[str] = set()
    taken: set[str] = set()
    for state in states:
        visited |= state.visits.keys()
        taken |= state.edges.keys()
    reached = graph.reachable()
    reachable = [node for key, node in graph.nodes.items() if key in reached]
    branches = [
        f"{node.key}:{edge.kind}"
        for node in reachable
        if len(node.edges) > 1
        for edge in node.edges
    ]
    missed_steps = tuple(node.key for node in reachable if node.key not in visited)
    missed = tuple(branch for branch in branches if branch not in taken)
    return Coverage(
        len(reachable),
        len(reachable) - len(missed_steps),
        len(branches),
        len(branches) - len(missed),
        missed_steps,
        missed,
    )
