"""What the checks give to people and programs: SARIF and the drawing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

from secondthought.routines.drawing import mermaid
from secondthought.routines.graph import build
from secondthought.routines.model import Routine
from secondthought.routines.parse import parse
from secondthought.routines.validate.check import check
from secondthought.routines.validate.findings import RULES, Finding
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


def test_a_finding_says_why_it_matters_and_what_to_do_in_this_case() -> None:
    """A rule that is broken in two ways has two remedies."""
    text = (
        '1. Ask: "Could you name it?" -> name\n'
        "2. If it is new {name >> 3}, then:\n"
        "   2a. `call f(x)`"
    )
    rows = [f.as_dict() for f in check(parse(text), source="Within 30 days.")]
    said = {row["message"]: row for row in rows}
    predicate = next(row for message, row in said.items() if "cannot be read" in message)
    unfilled = next(row for message, row in said.items() if "gives x a value" in message)
    assert predicate["code"] == unfilled["code"] == "E18"
    assert "{order.days > 30}" in predicate["advice"]
    assert "ask the customer" in unfilled["advice"]
    missing = said["the article says 30 days (its line 1), and no step does"]
    assert "remove it" not in missing["advice"]
    assert all(row["why"] == RULES[row["code"]].why != "" for row in rows)


def test_sarif_gives_places_as_uris(tmp_path: Path) -> None:
    outside = tmp_path / "a b.md"
    log = json.loads(
        sarif({"반품 절차.md": [Finding("E6", "x")], str(outside): [Finding("E6", "x")]}, "1")
    )
    uris = [
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for r in log["runs"][0]["results"]
    ]
    assert uris == [quote("반품 절차.md"), outside.as_uri()]


def test_the_drawing_holds_whatever_words_a_step_has() -> None:
    """What breaks Mermaid 11: a bare # or %%, empty labels, "1. " (a list of Markdown)."""
    routine = parse(
        '1. Say: "a|b [c] (d) {e} #35; %% end"\n2. If end --> x, then:\n'
        "   - 1. %%{init: {}}%%\n3.\n"
    )
    text = mermaid(routine, build(routine))
    labels = re.findall(r'^  s\d+[\[({]+"(.*)"[\])}]+$', text, re.MULTILINE)
    assert len(labels) == len(build(routine).nodes)
    for label in labels:
        assert re.sub(r"#(?:quot|amp|lt|gt|35|37);", "", label).strip()
        assert not re.search(r'["%<>]|#(?!(?:quot|amp|lt|gt|35|37);)', label), label
        assert not re.match(r"\d+[.)] ", label), label
    assert "a|b [c] (d) {e} #35;35; #37;#37; end" in labels[0]


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
