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
        # A denial, or a question asked back, that begins like a yes.
        ("Absolutely not.", None),
        ("Of course not", None),
        ("ok, no", None),
        ("sure, wait", None),
        ("Yes, I understand. No, don't do it.", None),
        ("I don't think that works", None),
        ("I can't say I agree", None),
        ("Correct me if I'm wrong", None),
        ("Okay, how much is the fee?", None),
        ("Yes?", None),
        ("동의하지 않습니다", None),
        ("진행하지 마세요", None),
        ("진행 못 하겠어요", None),
        ("진행 상황이 궁금해요", None),
        ("진행하면 얼마인가요?", None),
        ("예약 취소하지 마세요", None),
        ("네이버로 보내 주세요", None),
        ("그래도 싫어요", None),
        ("부탁이 있어요", None),
        ("네, 이 카드 말고 다른 카드로요", None),
        # And what only looks like one.
        ("Sure, no problem", True),
        ("Yes, I can't wait!", True),
        ("Yes, can you please proceed?", True),
        ("Yes, please. How long will it take?", True),
        ("네네", True),
        ("동의합니다", True),
        ("맞습니다", True),
        ("진행해 주세요", True),
    ],
)
def test_only_explicit_words_are_a_yes(text: str, expected: bool | None) -> None:
    assert reads_yes(text) is expected
