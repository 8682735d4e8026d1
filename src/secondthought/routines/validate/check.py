"""All checks of a routine in the order of its lines."""

from __future__ import annotations

from secondthought.routines.graph import build
from secondthought.routines.model import Routine
from secondthought.routines.tools import Tools
from secondthought.routines.validate.data import check_data
from secondthought.routines.validate.findings import Finding
from secondthought.routines.validate.flow import check_flow
from secondthought.routines.validate.functions import check_functions
from secondthought.routines.validate.policy import check_policy
from secondthought.routines.validate.registry import check_registry
from secondthought.routines.validate.shape import check_shape
from secondthought.routines.validate.source import check_source


def check(
    routine: Routine, *, source: str | None = None, tools: Tools | None = None
) -> list[Finding]:
    """What is wrong with a routine. source: the article it was made from. tools: the real ones."""
    graph = build(routine)
    found = [
        *check_shape(routine, graph),
        *check_flow(routine, graph),
        *check_functions(routine, graph, tools),
        *check_data(routine, graph),
        *check_policy(routine, graph, source),
    ]
    if source is not None:
        found += check_source(routine, source)
    if tools is not None:
        found += check_registry(routine, tools)
    if not routine.steps:
        found.append(Finding("E15", "there is no step; a routine starts with `1.`"))
    return sorted(dict.fromkeys(found), key=lambda f: (f.line == 0, f.line, f.code))
