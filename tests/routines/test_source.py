from __future__ import annotations

import pytest

from secondthought.routines.parse import parse
from secondthought.routines.validate.source import Fact, check_source, coverage, facts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("within 30 days", {Fact(30.0, "day")}),
        ("within thirty days", {Fact(30.0, "day")}),
        ("5 to 7 business days", {Fact(5.0, "business day"), Fact(7.0, "business day")}),
        ("$1,200.50 or 20 %", {Fact(1200.5, "dollar"), Fact(20.0, "percent")}),
        ("a 24-hour line", {Fact(24.0, "hour")}),
        ("write to Help@Example.com.", {Fact("help@example.com")}),
        ("see https://example.com/a?b=1", {Fact("https://example.com/a?b=1")}),
        ("call +1-555-010-4477", {Fact("15550104477")}),
        ("on 2024-05-15", {Fact("2024-05-15")}),
        ("수수료는 5,000원, 3만원", {Fact(5000.0, "won"), Fact(30000.0, "won")}),
        ("최대 30일, 1년에 2회", {Fact(30.0, "day"), Fact(1.0, "year"), Fact(2.0, "time")}),
        ("1. first\n2) second\n3a. third\ngo to step 6", set()),
        ("HAT136 and order_id2", set()),
    ],
)
def test_facts_are_numbers_with_units_and_addresses(text: str, expected: set[Fact]) -> None:
    assert set(facts(text)) == expected


def test_missing_and_invented_facts_are_named_with_their_lines() -> None:
    article = "Refunds within 30 days.\nThey cost $5."
    routine = parse('1. Say: "Refunds within 30 days."\n2. Say: "It takes 7 days."')
    found = {(f.line, f.message) for f in check_source(routine, article)}
    assert found == {
        (0, "the article says $5 (its line 2), and no step does"),
        (2, "7 days is said here and not in the article"),
    }
    assert coverage(routine, article) == (1, 2)


def test_another_unit_is_another_fact() -> None:
    routine = parse('1. Say: "Within 5 hours."')
    assert len(list(check_source(routine, "Within 5 days."))) == 2
