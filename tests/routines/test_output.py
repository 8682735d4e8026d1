"""What the checks give to people and programs: SARIF and the drawing."""

from __future__ import annotations

import json
import re

from secondthought.routines.drawing import mermaid
from secondthought.routines.graph import build
from secondthought.routines.model import Routine
from secondthought.routines.parse import parse
from secondthought.routines.validate.check import check
from secondthought.routines.validate.findings import RULES
from secondthought.routines.validate.sarif import sarif


def test_sarif_names_file_line_and_rule() -> None:
    found = check(parse("1. Proceed to step 7\n"))
    log = json.loads(sarif({"a/b.md": found}, "1.0"))
    (run,) = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(RULES)
    result = next(r for r in run["results"] if r["ruleId"] == "E6")
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("a/b.md", 1)
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "E6"
    assert result["level"] == "error"


def test_the_drawing_has_every_step_and_edge_and_marks_errors(returns: Routine) -> None:
    graph = build(returns)
    text = mermaid(returns, graph)
    assert len(re.findall(r"^  s\d+[\[({]", text, re.MULTILINE)) == len(graph.nodes)
    edges = sum(len(node.edges) for node in graph.nodes.values())
    assert len(re.findall("-->", text)) == edges
    assert "wrong" not in text
    broken = parse('1. Say: "<b>" & "x"\n2. Proceed to step 7')
    drawn = mermaid(broken, build(broken), check(broken))
    assert "class s1 wrong" in drawn
    assert "<b>" not in drawn
