"""A routine as a Mermaid flow chart; renders on GitHub, in most wikis, and with mermaid-cli."""

from __future__ import annotations

import re
from collections.abc import Sequence

from secondthought.routines.format import format_clause
from secondthought.routines.graph import ENDS, Graph, Node
from secondthought.routines.model import Ask, Branch, Call, Confirm, Routine
from secondthought.routines.validate.findings import Finding
from secondthought.routines.words import WORDS

# Mermaid's own entities. A bare # would begin one, and %% a comment, also inside quotes.
_ENTITIES = {'"': "#quot;", "#": "#35;", "%": "#37;", "&": "#amp;", "<": "#lt;", ">": "#gt;"}
_SPECIAL = re.compile("[" + "".join(_ENTITIES) + "]")
_LABELS = {"yes": "yes", "no": "no", "again": "something else", "jump": "go to"}


def mermaid(routine: Routine, graph: Graph, findings: Sequence[Finding] = ()) -> str:
    """Diamonds decide, rounded boxes speak, framed boxes call; steps with errors are red."""
    names = {key: f"s{number}" for number, key in enumerate(graph.nodes)}
    names |= {end: end for end in ENDS}
    out = ["flowchart TD"]
    out += [f"  {names[key]}{_shape(node, routine)}" for key, node in graph.nodes.items()]
    used: dict[str, None] = {}
    edges: list[str] = []
    for node in graph.nodes.values():
        for edge in node.edges:
            label = _LABELS.get(edge.kind)
            arrow = f"-->|{label}|" if label else "-->"
            edges.append(f"  {names[node.key]} {arrow} {names[edge.to]}")
            if edge.to in ENDS:
                used[edge.to] = None
    out += [f"  {end}([{end.replace('_', ' ')}])" for end in used]
    out += edges
    wrong = {f.step for f in findings if f.severity == "error" and f.step in names}
    if wrong:
        out.append("  classDef wrong stroke:#c00,stroke-width:3px")
        out.append(f"  class {','.join(sorted(names[key] for key in wrong))} wrong")
    return "\n".join(out) + "\n"


def _shape(node: Node, routine: Routine) -> str:
    words = WORDS[routine.language]
    clause = node.step.clause
    text = clause.condition if isinstance(clause, Branch) and clause.condition else ""
    text = text or format_clause(clause, words)
    label = f"{node.step.label}. " if node.step.label else ""
    shown = _escaped(label + text) or "…"  # a step that only groups others; "" is no label
    match clause:
        case Branch() | Confirm():
            return f'{{"{shown}"}}'
        case Ask():
            return f'("{shown}")'
        case Call():
            return f'[["{shown}"]]'
        case _:
            return f'["{shown}"]'


def _escaped(text: str) -> str:
    text = re.sub(r"\s+", " ", text.replace("`", ""))
    text = text if len(text) <= 80 else text[:79] + "…"
    text = re.sub(r"^(\d+)[.)]", r"\1:", text)  # some versions take "1. " for a list of Markdown
    return _SPECIAL.sub(lambda match: _ENTITIES[match[0]], text)
