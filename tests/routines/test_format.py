from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secondthought.routines.format import format_routine
from secondthought.routines.model import (
    Argument,
    Ask,
    Branch,
    Call,
    Confirm,
    Escalate,
    Function,
    Goto,
    Handoff,
    Note,
    Parameter,
    Routine,
    Say,
    Step,
)
from secondthought.routines.parse import parse
from tests.routines.tree import tree

NAMES = st.sampled_from(["order_id", "email", "amount", "card"])
WORDS = st.lists(
    st.sampled_from("the parcel is late today and 5 days old, very old; nice".split()),  # noqa: SIM905
    min_size=1,
    max_size=8,
).map(" ".join)
SENTENCES = WORDS.map(lambda text: f"Well {text}.".replace(",.", ".").replace(";.", "."))
CONDITIONS = st.lists(
    st.sampled_from(["it", "is", "late", "found", "3", "days", "old"]), min_size=1, max_size=6
).map(lambda words: "it " + " ".join(words))
ARGUMENTS = st.builds(
    Argument, name=st.none() | NAMES, value=NAMES | st.sampled_from(['"a, b"', "3"])
)
CLAUSES = st.one_of(
    st.builds(Say, text=SENTENCES, quoted=st.just(True)),
    st.builds(Ask, text=SENTENCES, quoted=st.just(True), into=st.lists(NAMES, unique=True)),
    st.builds(Confirm, text=SENTENCES, quoted=st.just(True)),
    st.builds(
        Call,
        function=st.sampled_from(["get_order", "refund"]),
        args=st.none() | st.lists(ARGUMENTS, max_size=3),
        result=st.none() | NAMES,
    ),
    st.builds(Goto, target=st.sampled_from(["1", "2a", "12", "next"])),
    st.builds(Handoff, routine=NAMES),
    st.builds(Escalate, reason=st.just("") | CONDITIONS),
    st.builds(Note, text=SENTENCES),
)
PREDICATES = st.none() | st.sampled_from(["order.days > 30", 'a == "b" and not c'])
BRANCHES = st.builds(
    Branch, how=st.sampled_from(["if", "elif"]), condition=CONDITIONS, predicate=PREDICATES
) | st.just(Branch(how="else"))
BULLETS = st.recursive(
    st.builds(Step, clause=CLAUSES),
    lambda below: st.builds(Step, clause=CLAUSES | BRANCHES, steps=st.lists(below, max_size=3)),
    max_leaves=5,
)
PARAMETERS = st.lists(
    st.builds(
        Parameter,
        name=NAMES,
        type=st.sampled_from(["", "string"]),
        optional=st.booleans(),
        about=st.just("") | CONDITIONS,
    ),
    max_size=3,
    unique_by=lambda p: p.name,
)
FUNCTIONS = st.lists(
    st.builds(
        Function,
        name=st.sampled_from(["get_order", "refund", "case_resolution"]),
        parameters=PARAMETERS,
        result=st.none() | NAMES,
        purpose=SENTENCES,
        effect=st.sampled_from([None, "read", "write", "generic"]),
    ),
    max_size=3,
    unique_by=lambda f: f.name,
)


@st.composite
def routines(draw: st.DrawFn) -> Routine:
    mains: list[Step] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        subs = [
            Step(
                label=f"{number}{letter}",
                clause=draw(CLAUSES | BRANCHES),
                steps=draw(st.lists(BULLETS, max_size=2)),
            )
            for letter in "abc"[: draw(st.integers(0, 3))]
        ]
        mains.append(Step(label=str(number), clause=draw(CLAUSES | BRANCHES), steps=subs))
    return Routine(
        meta=draw(st.sampled_from([{}, {"name": "Refunds", "context": "user_id"}])),
        language=draw(st.sampled_from(["en", "ko"])),
        steps=mains,
        functions=draw(FUNCTIONS),
    )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(routines())
def test_the_canonical_text_gives_the_tree_again(routine: Routine) -> None:
    text = format_routine(routine)
    read = parse(text)
    assert not read.unread, text
    expected, got = tree(routine), tree(read)
    # The language is that of the words; these routines speak English in either form.
    expected["language"] = got["language"] = "en"
    assert got == expected, text


def test_a_wrong_label_stays_wrong() -> None:
    text = '1. Say: "Hello."\n3. Say: "Bye."\n   3c. Escalate\n'
    assert format_routine(parse(text)) == text
