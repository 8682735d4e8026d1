"""Data flow: every argument comes from a question, a call or the context, on all paths.

A routine with arrows (`-> order_id`) is checked strictly. One without, as all published ones,
cannot say where a value comes from; there a finding is a guess from the words of the questions
before the call, and only a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from secondthought.routines.graph import Edge, Graph, Node
from secondthought.routines.model import Ask, Branch, Call, Confirm, Note, Routine, Say
from secondthought.routines.predicate import PredicateError, read_predicate
from secondthought.routines.validate.findings import Finding

_WORD = re.compile(r"[^\W_]+")
_PREDICATE = "write it as docs/routines.md says, as {order.days > 30}, or in words without {}"
_TEMPLATE = re.compile(r"\{([^\W\d]\w*)[^{}]*\}")


def check_data(routine: Routine, graph: Graph) -> Iterator[Finding]:
    yield from _predicates(graph)
    if has_arrows(routine):
        yield from _strictly(routine, graph)
    else:
        yield from _guessing(routine, graph)


def has_arrows(routine: Routine) -> bool:
    return bool(routine.context) or any(
        (isinstance(s.clause, Ask) and s.clause.into)
        or (isinstance(s.clause, Call) and s.clause.result)
        for s in routine.walk()
    )


def produced(node: Node) -> list[str]:
    """The variables that a step fills."""
    clause = node.step.clause
    if isinstance(clause, Ask):
        return clause.into
    if isinstance(clause, Call):
        return [clause.result] if clause.result else []
    return ["confirmed"] if isinstance(clause, Confirm) else []


def consumed(routine: Routine, call: Call) -> list[str]:
    """The variables that a call takes; by the parameters' names where it names none."""
    if call.args is None:
        function = routine.function(call.function)
        return [p.name for p in function.parameters if not p.optional] if function else []
    return [re.split(r"[.\[]", a.value)[0] for a in call.args if not a.literal]


def _predicates(graph: Graph) -> Iterator[Finding]:
    for node in graph.nodes.values():
        clause = node.step.clause
        if isinstance(clause, Branch) and clause.predicate:
            try:
                predicate = read_predicate(clause.predicate)
            except PredicateError as error:
                message = f"the predicate {{{clause.predicate[:60]}}} cannot be read: {error}"
                yield Finding("E18", message, node.step.line, node.key, mend=_PREDICATE)
                continue
            for label in sorted(predicate.steps - graph.nodes.keys()):
                message = f"there is no step {label} whose visits could be counted"
                yield Finding("E6", message, node.step.line, node.key)


def _strictly(routine: Routine, graph: Graph) -> Iterator[Finding]:
    def gives(node: Node, edge: Edge, before: frozenset[str]) -> frozenset[str]:
        return before | set(produced(node))

    before = graph.always(gives)
    context = set(routine.context) | {"error"}
    made = {name for node in graph.nodes.values() for name in produced(node)}
    used: set[str] = set()
    for node in graph.nodes.values():
        clause = node.step.clause
        wanted: list[str] = []
        if isinstance(clause, Call):
            wanted = consumed(routine, clause)
        elif isinstance(clause, Branch) and clause.predicate:
            wanted = _names(clause.predicate)
        elif isinstance(clause, Say | Ask | Confirm) and clause.quoted:
            wanted = _TEMPLATE.findall(clause.text)
        used.update(wanted)
        if node.key not in before:
            continue
        for name in dict.fromkeys(wanted):
            if name in context or name in before[node.key]:
                continue
            message = f"nothing before step {node.key} gives {name} a value"
            if name in made:
                message = f"{name} has no value yet on some path to step {node.key}"
            yield Finding("E18", message, node.step.line, node.key)
    yield from _unused(graph, used)


def _unused(graph: Graph, used: set[str]) -> Iterator[Finding]:
    texts = " ".join(
        node.step.clause.condition
        if isinstance(node.step.clause, Branch)
        else node.step.clause.text
        for node in graph.nodes.values()
        if isinstance(node.step.clause, Branch | Note | Say)
    ).lower()
    for node in graph.nodes.values():
        clause = node.step.clause
        if not isinstance(clause, Ask):
            continue
        for name in clause.into:
            if name not in used and not (name in texts or name.replace("_", " ") in texts):
                message = f"{name} is asked for and used nowhere"
                yield Finding("W19", message, node.step.line, node.key)


def _names(predicate: str) -> list[str]:
    try:
        return sorted(read_predicate(predicate).names)
    except PredicateError:
        return []


def _guessing(routine: Routine, graph: Graph) -> Iterator[Finding]:
    """Is there any question, or earlier call, with the words of the argument's name?"""
    heard: set[str] = set()
    told: set[str] = set()
    for node in graph.nodes.values():
        clause = node.step.clause
        if isinstance(clause, Ask | Say | Note | Confirm):
            heard |= {word.lower() for word in _WORD.findall(clause.text)}
        if not isinstance(clause, Call):
            continue
        for name in dict.fromkeys(consumed(routine, clause)):
            parts = {part.lower() for part in _WORD.findall(name)} - {"new", "old", "the", "or"}
            if name not in told and not parts & heard:
                message = f"no question before step {node.key} seems to ask for {name}"
                yield Finding("E18", message, node.step.line, node.key, weaker=True)
            told.add(name)
        heard |= {word.lower() for word in _WORD.findall(clause.function)}
