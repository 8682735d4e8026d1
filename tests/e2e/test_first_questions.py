"""What people try first, in the words they use: the shipped model must not refuse it."""

from __future__ import annotations

import asyncio

from secondthought import Reasoner
from secondthought.tasks.base import DONT_KNOW

ASKED = (
    ("What is 417 * 23?", "9591"),
    ("What is 58 times 46?", "2668"),
    ("Multiply 305 by 712.", "217160"),
    ("36 * 94 = ?", "3384"),
    ("How many r's are in strawberry?", "3"),
    ("How many s's are there in Mississippi?", "4"),
    ("How many times does the letter e appear in nevertheless?", "4"),
    ('How many t\'s are in "the cat sat on the mat"?', "5"),
    ("Spell strawberry backwards", "yrrebwarts"),
    ("Reverse the word elephant.", "tnahpele"),
    ("What is the gcd of 48 and 36?", "12"),
    ("Find the greatest common divisor of 84 and 126.", "42"),
    ("What is 123 + 456 - 78?", "501"),
    ("What is 250 + 375?", "625"),
    ("Solve 3x + 5 = 20", "5"),
    ("Solve for x: 7x - 12 = 30", "6"),
    ("Convert 255 to binary.", "11111111"),
    ("What is 77 in base 7?", "140"),
    ("Convert ff from hexadecimal to decimal.", "255"),
    ("255를 이진수로 바꿔 줘.", "11111111"),
    ("524 곱하기 914는 얼마야?", "478936"),
)
REFUSED = (
    "Who is the president of France?",
    "Write a poem about the sea.",
    "오늘 날씨가 어때?",
    "What is the meaning of life?",
)
MOST_WRONG = 3


async def test_plain_questions_are_answered() -> None:
    reasoner = Reasoner()
    questions = [question for question, _ in ASKED] + list(REFUSED)
    traces = await asyncio.gather(*(reasoner.answer(question) for question in questions))
    said = {q: trace.answer.strip() for q, trace in zip(questions, traces, strict=True)}
    wrong = {question: said[question] for question, want in ASKED if said[question] != want}
    assert len(wrong) <= MOST_WRONG, wrong
    assert all(said[question] == DONT_KNOW for question in REFUSED), said
