from __future__ import annotations

from secondthought.routines.graph import Edge, build
from secondthought.routines.parse import parse
from secondthought.routines.validate.check import check


def edges(text: str) -> dict[str, set[tuple[str, str]]]:
    graph = build(parse(text))
    return {key: {(e.kind, e.to) for e in node.edges} for key, node in graph.nodes.items()}


def test_a_chain_of_conditions_joins_again_behind_it() -> None:
    got = edges("1. If a, then:\n   1a. x\n2. Else if b, then:\n   2a. y\n3. Else:\n   3a. z\n4. w")
    assert got["1"] == {("yes", "1a"), ("no", "2")}
    assert got["2"] == {("yes", "2a"), ("no", "3")}
    assert got["3"] == {("next", "3a")}
    assert got["1a"] == got["2a"] == got["3a"] == {("next", "4")}


def test_two_conditions_are_independent() -> None:
    got = edges("1. If a, then:\n   - x\n2. If b, then:\n   - y\n3. z")
    assert got["1.1"] == {("next", "2")}
    assert got["2"] == {("yes", "2.1"), ("no", "3")}


def test_jumps_ends_and_the_way_back() -> None:
    got = edges(
        "1. If a, proceed to step 4\n2. If b, escalate\n3. Transfer to `other`\n"
        '4. Ask the customer: "Is there anything else?"\n5. `call case_resolution()`'
    )
    assert got["1.1"] == {("jump", "4")}
    assert got["2.1"] == {("next", "escalated")}
    assert got["3"] == {("next", "handed_off")}
    assert got["4"] == {("next", "5"), ("again", "1")}
    assert got["5"] == {("next", "resolved")}


def test_a_no_goes_to_the_branch_that_takes_it_up_else_to_the_end_of_the_talk() -> None:
    end = '3. Ask the customer: "Anything else?"\n4. `call case_resolution()`'
    taken = edges(
        f'1. Confirm with the customer: "Now?"\n2. If the customer agrees, then:\n   - x\n{end}'
    )
    assert taken["1"] == {("yes", "2"), ("no", "2")}
    left = edges(f'1. Confirm with the customer: "Now?"\n2. `call pay()`\n{end}')
    assert left["1"] == {("yes", "2"), ("no", "3")}


def test_a_jump_finds_the_step_of_its_own_section_first() -> None:
    graph = build(
        parse("## A\n1. x\n2. proceed to step 1\n## B\n1. y\n2. proceed to step 1\n3. go to step 9")
    )
    targets = [n.edges for n in graph.nodes.values() if n.edges and n.edges[0].kind == "jump"]
    assert targets == [[Edge("jump", "1")], [Edge("jump", "1~2")]]
    assert [n.key for n in graph.dangling] == ["3"]


def test_a_loop_that_a_branch_bounds_by_counting_is_none_without_end() -> None:
    counted = '1. x\n2. If it failed {visits("1") < 3}, proceed to step 1\n3. z'
    endless = counted.replace(' {visits("1") < 3}', "")
    codes = [{f.code for f in check(parse(text))} for text in (counted, endless)]
    assert ["W9" in found for found in codes] == [False, True]
    wrong = check(parse(counted.replace('"1"', '"9"')))
    assert any(f.code == "E6" and "no step 9" in f.message for f in wrong)


def test_labels_that_stand_many_times_have_a_key_each() -> None:
    assert list(build(parse("1. a\n1. b\n1. c")).nodes) == ["1", "1~2", "1~3"]


def test_what_holds_on_all_paths_only() -> None:
    graph = build(parse("1. If a, then:\n   - x\n   - y\n2. z"))
    before = graph.always(lambda node, edge, held: held | {node.key})
    assert before["1.2"] == {"1", "1.1"}
    assert before["2"] == {"1"}


def test_cycles_are_found_without_the_steps_that_are_left_out() -> None:
    graph = build(parse("1. x\n2. y\n3. If a, proceed to step 2\n4. z"))
    assert [sorted(group) for group in graph.cycles(lambda node: False)] == [["2", "3", "3.1"]]
    assert graph.cycles(lambda node: node.key == "2") == []
