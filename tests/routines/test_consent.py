from __future__ import annotations

import pytest

from secondthought.routines.consent import reads_yes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes", True),
        ("yes, please go ahead.", True),
        ("Great, yes!", True),
        ("Everything looks perfect! Please proceed with the booking.", True),
        ("That’s correct", True),
        ("네, 부탁드려요", True),
        ("No", False),
        ("no, don't proceed", False),
        ("Wait, not yet", False),
        ("아니요", False),
        ("Yes, but use the other card", None),
        ("I'll take option 2", None),
        ("What does it cost?", None),
        ("Please cancel all of them", None),
        ("Yesterday it broke", None),
        ("", None),
    ],
)
def test_only_explicit_words_are_a_yes(text: str, expected: bool | None) -> None:
    assert reads_yes(text) is expected
