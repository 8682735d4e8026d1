from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secondthought.routines.format import format_routine
from secondthought.routines.model import (
    Ask,
    Branch,
    Call,
    Clause,
    Confirm,
    Escalate,
    Goto,
    Handoff,
    Note,
    Routine,
    Say,
    Section,
    Unknown,
)
from secondthought.routines.parse import MAX_LINES, parse
from secondthought.routines.validate.check import check
from tests.routines.tree import tree

# Words that only say what kind of clause a line is; the tree holds the kind instead.
KIND_WORDS = {
    "call",
    "calling",
    "calls",
    "continue",
    "customer",
    "define",
    "else",
    "follow",
    "function",
    "functions",
    "inform",
    "instruct",
    "invoke",
    "move",
    "next",
    "otherwise",
    "parameters",
    "please",
    "politely",
    "proceed",
    "purpose",
    "step",
    "steps",
    "suggest",
    "tell",
    "then",
    "user",
    "using",
    "with",
}


def clause(text: str) -> Clause:
    return parse(f"1. {text}").steps[0].clause


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Say: "Hello."', Say(text="Hello.", quoted=True)),
        ("Inform the customer that it is late.", Say(text="Inform the customer that it is late.")),
        ('Ask the customer: "Name?" -> name', Ask(text="Name?", quoted=True, into=["name"])),
        ("Politely ask for the date -> day", Ask(text="Politely ask for the date", into=["day"])),
        ('Instruct the user: "Would you?"', Ask(text="Would you?", quoted=True)),
        ('Confirm with the customer: "All of it?"', Confirm(text="All of it?", quoted=True)),
        ("Confirm which flight it is.", Ask(text="Confirm which flight it is.")),
        ("Proceed to step 6.", Goto(target="6")),
        ("Go back to step 2b", Goto(target="2b")),
        ("proceed to next step", Goto(target="next")),
        ("6 단계로 이동", Goto(target="6")),
        ("Proceed to Path 2.1", Goto(target="Path 2.1")),
        ("Escalate: it is broken", Escalate(reason="it is broken")),
        ("Transfer to an agent.", Escalate(reason="Transfer to an agent.")),
        ("Transfer to `refunds`", Handoff(routine="refunds")),
        ('Say: "I don\'t know that."', Unknown(text="I don't know that.")),
        ("Verify the account.", Note(text="Verify the account.")),
    ],
)  # fmt: skip
def test_a_line_is_read_as_a_clause(text: str, expected: Clause) -> None:
    assert clause(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "`call get_order(order_id)`",
        "`call the get_order(order_id)`.",
        "Call `get_order(order_id)`",
        "Call the `get_order` function with parameters: order_id",
        "`call the get_order function` with parameters: order_id",
        "call get_order(order_id)",
    ],
)
def test_a_call_is_read_in_every_published_notation(text: str) -> None:
    read = clause(text)
    assert isinstance(read, Call)
    assert (read.function, [a.value for a in read.args or []]) == ("get_order", ["order_id"])


def test_a_call_that_names_no_arguments_is_not_one_with_none() -> None:
    without, empty = clause("Call the 'get_order' function"), clause("`call get_order()`")
    assert isinstance(without, Call)
    assert isinstance(empty, Call)
    assert (without.args, empty.args) == (None, [])


def test_arguments_may_be_named_quoted_and_literal() -> None:
    read = clause('`call pay(amount=12.5, to="a, b", account)` -> receipt')
    assert isinstance(read, Call)
    assert [(a.name, a.value, a.literal) for a in read.args or []] == [
        ("amount", "12.5", True),
        ("to", '"a, b"', True),
        (None, "account", False),
    ]
    assert read.result == "receipt"


@pytest.mark.parametrize(
    ("text", "condition", "below"),
    [
        ("If it is found, then:", "it is found", None),
        ("If it is found:", "it is found", None),
        ("If it is found, `call f(x)`", "it is found", "call"),
        ("If it is not, call 'f_g' function.", "it is not", "call"),
        ("If the customer wants a refund follow step 3a)", "the customer wants a refund", "goto"),
        ("If a, b or c is true, proceed to step 4", "a, b or c is true", "goto"),
        ('If the state is "a, b", then proceed to step 4', 'the state is "a, b"', "goto"),
        ('If it rains, then Say: "Take, well, a coat."', "it rains", "say"),
        ("만약 비가 오면, 그러면:", "비가 오면", None),
    ],
)
def test_a_branch_ends_its_condition_where_the_action_starts(
    text: str, condition: str, below: str | None
) -> None:
    step = parse(f"1. {text}").steps[0]
    assert isinstance(step.clause, Branch)
    assert step.clause.condition == condition
    assert [s.clause.kind for s in step.steps] == ([below] if below else [])


def test_a_predicate_is_kept_apart_from_its_condition() -> None:
    read = clause("If it is old {order.days > 30}, then: `call f(x)`")
    assert isinstance(read, Branch)
    assert (read.condition, read.predicate) == ("it is old", "order.days > 30")


@pytest.mark.parametrize(
    "style", ["1a. x", "1a) x", "(1a) x", "a. x", "a) x", "   a. x", "**1a.** x"]
)
def test_lettered_steps_stand_under_their_number(style: str) -> None:
    routine = parse(f"1. Verify it.\n{style}\n2. Close it.")
    assert [s.label for s in routine.steps] == ["1", "2"]
    assert [(s.label, s.clause) for s in routine.steps[0].steps] == [("1a", Note(text="x"))]


def test_roman_numerals_below_letters_are_bullets() -> None:
    routine = parse("1. A:\n   a. B:\n      i. C\n      ii. D\n   b. E")
    labels = [(s.label, [b.clause for b in s.steps]) for s in routine.steps[0].steps]
    assert labels[0][0] == "1a"
    assert Note(text="C") in labels[0][1]
    assert labels[-1] == ("1b", [])


def test_definitions_are_read_in_every_published_notation() -> None:
    texts = [
        "1. x\n\n**Function Definitions:**\n\n- `f(a, b)`: Does it.\n  **Parameters:** `a`, `b`",
        "1. x\n   - **Function:** `f(a, b)`\n     - **Purpose:** Does it.\n     - **Parameters:**\n"
        "       - `a`\n       - `b`",
        "1. x\n   1a. **Define `f function`**:\n       - **Purpose**: Does it.\n"
        "       - **Parameters**:\n         - a\n         - b",
        "1. x\n\n## Functions\n\n1. `f(a, b)` - Does it.",
    ]
    for text in texts:
        (function,) = parse(text).functions
        assert function.name == "f", text
        assert function.purpose == "Does it.", text
        assert [p.name for p in function.parameters] == ["a", "b"], text


def test_headings_with_bold_conditions_become_sections_with_branches() -> None:
    routine = parse(
        "## Path 1: No service\n\n### Step 1.1: Check\nAsk the user to look.\n\n"
        "**If it is ON:**\n- Ask the user to turn it OFF\n"
        "**If it is OFF:**\n- Proceed to Step 1.2\n"
    )
    path = routine.steps[0]
    assert (path.label, path.clause) == ("Path 1", Section(title="No service"))
    (check_,) = path.steps
    assert [s.clause.kind for s in check_.steps] == ["ask", "branch", "branch"]
    assert check_.steps[2].steps[0].clause == Goto(target="1.2")


def test_lines_without_a_place_are_reported_with_their_number() -> None:
    routine = parse("1. x\n\nlost words\n\n2. y\n\nFunction Definitions:\n\n- `f()`: z\n\nmore?!\n")
    assert [u.line for u in routine.unread] == [3, 11]


def test_a_text_that_is_too_long_is_reported_not_cut_silently() -> None:
    routine = parse("1. x\n" * (MAX_LINES + 5))
    assert [u.line for u in routine.unread] == [MAX_LINES + 1]


def test_published_routines_have_every_word_in_the_tree(published: dict[str, str]) -> None:
    for name, text in published.items():
        routine = parse(text)
        assert not routine.unread, name
        assert words(text) - words(format_routine(routine)) <= KIND_WORDS, name


def test_policies_have_every_word_in_the_tree_or_reported(data: Path) -> None:
    rows = json.loads((data / "policies" / "tau2_banking_procedures.json").read_text("utf-8"))
    texts = {row["id"]: row["content"] for row in rows}
    for path in sorted((data / "policies").glob("*.md")):
        texts[path.name] = path.read_text("utf-8")
    assert len(texts) > 100
    for name, text in texts.items():
        routine = parse(text)
        kept = format_routine(routine) + " ".join(u.text for u in routine.unread)
        missing = words(text) - words(kept) - KIND_WORDS
        assert not missing, (name, missing)


def test_published_routines_and_policies_make_the_round_trip(
    published: dict[str, str], data: Path
) -> None:
    texts = dict(published)
    for row in json.loads((data / "policies" / "tau2_banking_procedures.json").read_text("utf-8")):
        texts[row["id"]] = row["content"]
    for path in sorted((data / "policies").glob("*.md")):
        texts[path.name] = path.read_text("utf-8")
    for name, text in texts.items():
        routine = parse(text)
        canonical = format_routine(routine)
        assert tree(parse(canonical)) == tree(routine), name
        assert format_routine(parse(canonical)) == canonical, name


def words(text: str) -> set[str]:
    return set(re.findall(r"\w{4,}", text.replace("**", "").lower()))


# --- any text -----------------------------------------------------------------------------

PIECES = st.sampled_from(
    (
        *("1. ", "1a. ", "1a) ", "- ", "  - ", "      ", "# ", "## Step 2.1: ", "**", "`call f("),
        *("`", ") ", "-> x", "If ", "Else", ", then: ", 'Say: "', '"', "{a > ", "}", "(", ":"),
        *(
            "proceed to step ",
            "\n",
            "\n\n",
            "Function Definitions:",
            "Parameters:",
            "Effect: write",
        ),
        *("만약 ", "그러면:", "Escalate", "call the 'f_g' function", "\t", "\u2028", "\x00", "i. "),
        *("Path 3", "😀", "name: ", "|"),
    )
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=60).map("".join)))
def test_no_text_makes_the_reader_or_the_checks_raise(text: str) -> None:
    routine = parse(text)
    assert isinstance(routine, Routine)
    check(routine, source=text)
    parse(format_routine(routine))


MEGABYTE = {
    "a real routine, over and over": '1. Ask the customer: "Order number, please?" -> id\n'
    "   1a. If it is not found, then proceed to step 6.\n       - `call get_order(id)` -> order\n",
    "tiny lines": "1. a\n",
    "conditions": "If a, ",
    "quotation marks": 'Say: "',
    "call words": "call the ",
    "brackets": "`call f(",
    "parentheses": "((((((((",
    "spaces": " " * 99 + "x",
    "arrows": "-> a, ",
    "braces": "{ {a",
    "jumps": "proceed to step 1 ",
    "definitions": "Function: `f(",
    "bold": "**",
    "transfers": "transfer ",
    "hash": "# ",
    "tabs": "\t- x\n",
}


@pytest.mark.parametrize("name", MEGABYTE)
def test_a_megabyte_takes_under_two_seconds(name: str) -> None:
    piece = MEGABYTE[name]
    text = piece * (1_000_000 // len(piece))
    if "\n" not in piece:
        text = "1. " + text
    start = time.process_time()
    parse(text)
    assert time.process_time() - start < 2


def test_the_checks_of_a_megabyte_take_no_square_of_its_lines() -> None:
    piece = MEGABYTE["a real routine, over and over"]
    routine = parse(piece * (1_000_000 // len(piece)))
    start = time.process_time()
    assert check(routine)
    assert time.process_time() - start < 8


def test_a_megabyte_of_long_lines_takes_under_two_seconds() -> None:
    line = "1. " + 'If a, call the b and proceed to (step "' * 150
    text = "\n".join([line[:7_900]] * 126)
    start = time.process_time()
    parse(text)
    assert time.process_time() - start < 2


def test_deep_nesting_does_not_break_the_stack() -> None:
    text = "1. x:\n" + "".join(f"{' ' * (3 + 2 * n)}- y{n}:\n" for n in range(900))
    routine = parse(text)
    assert len(list(routine.walk())) == 901
    assert check(routine)
