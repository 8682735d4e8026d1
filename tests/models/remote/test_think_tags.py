from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.models.remote.think_tags import Splitter, began_inside


def split(text: str, cuts: list[int], *, inside: bool = False) -> tuple[str, str, Splitter]:
    splitter, thought, answer = Splitter(inside=inside), "", ""
    ends = [0, *sorted(min(c, len(text)) for c in cuts), len(text)]
    pieces = [splitter.push(text[a:b]) for a, b in pairwise(ends)]
    for part, words in [p for found in [*pieces, splitter.end()] for p in found]:
        if part == "thought":
            assert not answer, "no thought comes after the answer"
            thought += words
        else:
            answer += words
    return thought, answer, splitter


cuts = st.lists(st.integers(0, 60), max_size=20)


@given(cuts)
@pytest.mark.parametrize(
    ("text", "inside", "thought", "answer"),
    [
        ("<think>\na < b\n</think>\n\nyes", False, "a < b", "yes"),
        ("\n <think>a</think>yes <think>no</think>", False, "a", "yes <think>no</think>"),
        ("[THINK]a\n\nb[/THINK]yes", False, "a\n\nb", "yes"),
        ("a\n</think>\n\nyes\n", True, "a", "yes\n"),
        ("<think>a</think>yes", True, "a", "yes"),
        ("a, and no end", True, "a, and no end", ""),
        ("<think>a\n</thi", False, "a\n</thi", ""),
        ("<thi", False, "", "<thi"),
        ("<table>", False, "", "<table>"),
        ("plain\n", False, "", "plain\n"),
        ("<think>\n\n</think>\n\nyes", False, "", "yes"),
        ("", False, "", ""),
    ],
)
def test_split(text: str, inside: bool, thought: str, answer: str, cuts: list[int]) -> None:
    assert split(text, cuts, inside=inside)[:2] == (thought, answer)


@given(cuts)
def test_whether_the_thought_was_closed(cuts: list[int]) -> None:
    assert split("a</think>yes", cuts, inside=True)[2].closed
    assert split("<think>a</think>yes", cuts)[2].closed
    assert not split("a, and no end", cuts, inside=True)[2].closed
    assert not split("see </think>", cuts)[2].closed


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a thought\n</think>\n\nyes", True),
        ("a thought</think>\n\nyes", True),
        ("a thought\n[/THINK]yes", True),
        ("close it with </think> and go on", False),
        ("write\n<think>\na\n</think>\nyes", False),
        ("yes", False),
        ("", False),
    ],
)
def test_a_text_that_began_within_a_thought(text: str, inside: bool) -> None:
    assert began_inside(text) is inside
