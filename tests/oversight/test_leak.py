from __future__ import annotations

import base64
import codecs
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.oversight.blobs import decoded
from secondthought.oversight.leak import MAX_HELD, LeakGuard
from secondthought.tasks import catalogue
from tests.oversight.thoughts import ENCODINGS, words

THOUGHT = (
    "First I look at the numbers and notice that seven green hills stand between the village "
    "and a very long river bank, so the answer must be the third one."
)
EXCERPT = "seven green hills stand between the village and a very long river bank"
TOLD_BEFORE = "Sure, with pleasure: "


def told(answer: str, guard: LeakGuard, size: int = 3) -> str:
    out = "".join(guard.push(answer[i : i + size]) for i in range(0, len(answer), size))
    return out + guard.finish()


def guard_of(thought: str = THOUGHT, *prompt: str) -> LeakGuard:
    guard = LeakGuard(prompt or ("Where does the river run?",))
    for word in thought.split(" "):
        guard.think(word + " ")
    return guard


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_excerpt_is_caught_before_any_of_it_leaves(encoding: str) -> None:
    guard = guard_of()
    out = told(TOLD_BEFORE + ENCODINGS[encoding](EXCERPT) + " and so on.", guard)
    assert out.removeprefix(TOLD_BEFORE) in ("", '{"steps": ', '{"steps": "')
    assert guard.leak is not None
    assert guard.push("more") == guard.finish() == ""
    assert guard.check("x " + ENCODINGS[encoding](EXCERPT)) == guard.leak


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_stands_in_the_prompt_may_be_repeated(encoding: str) -> None:
    guard = guard_of(THOUGHT, "Say this: " + ENCODINGS[encoding](THOUGHT))
    answer = "You said: " + THOUGHT
    assert told(answer, guard) == answer
    assert guard.leak is None


def test_a_backslash_may_begin_a_word_too() -> None:
    r"""In LaTeX: \neq is a word, and not a line end and "eq"."""
    thought = r"so \neq \theta \frac \beta \nabla \rho \tan \bar stand here"
    assert guard_of(thought).check(thought.upper()) is not None
    assert guard_of(thought.replace("\\", "")).check(thought) is not None


def test_seven_words_are_no_leak_and_eight_are() -> None:
    for count, caught in ((7, False), (8, True)):
        answer = "I see " + " ".join(EXCERPT.split()[:count]) + " or not."
        guard = guard_of()
        assert (told(answer, guard) != answer) is caught
        assert (guard.leak is not None) is caught


def test_a_tools_result_may_be_repeated_once_it_is_known() -> None:
    guard = guard_of()
    assert guard.check(EXCERPT) is not None
    guard.allow(f"result: {EXCERPT}")
    assert guard.check(EXCERPT) is None


def test_branches_are_read_apart_though_they_come_mixed() -> None:
    guard = LeakGuard()
    for a, b in zip(EXCERPT.split(), THOUGHT.split(), strict=False):
        guard.think(a[:2], "main.1")
        guard.think(b[:1], "main.2")
        guard.think(a[2:] + " ", "main.1")
        guard.think(b[1:] + " ", "main.2")
    assert guard.check(EXCERPT) is not None
    assert guard.check(" ".join(THOUGHT.split()[:9])) is not None


@given(st.lists(words, max_size=40), st.lists(words, max_size=40), st.integers(1, 30))
def test_an_answer_of_its_own_leaves_unchanged(
    thought: list[str], answer: list[str], size: int
) -> None:
    """Words may be shared; only 8 in a row are a leak, so every other thought word is left out."""
    mixed = [w for word in answer for w in (word, "zwischenwort")] + thought[:5]
    guard = guard_of(" ".join(thought))
    text = " ".join(mixed) + "\n"
    assert told(text, guard, size) == text
    assert guard.leak is None


@given(st.integers(0, 2**32))
def test_what_waits_is_bounded(seed: int) -> None:
    """Even where everything looks as if it could become a leak."""
    rng = Random(seed)
    guard = guard_of()
    coded = base64.b64encode(b"nothing of interest is said here, only this. " * 200).decode()
    text = coded if rng.random() < 0.5 else "a" * 9000
    sent = gone = 0
    while sent < len(text):
        size = rng.randrange(1, 300)
        gone += len(guard.push(text[sent : sent + size]))
        sent = min(len(text), sent + size)
        assert sent - gone <= MAX_HELD + 300
    assert gone + len(guard.finish()) == len(text)


def test_ordinary_text_does_not_wait() -> None:
    guard = guard_of()
    assert guard.push("Paris ") == "Paris "
    assert guard.push("lies on") == "lies "
    assert guard.push(" Seine, ") == "on Seine, "


def test_right_answers_of_the_shipped_models_kind_are_no_leaks() -> None:
    """The thought holds the answer, of course: never as 8 words in a row, or in its "text" line."""
    for name in catalogue.names():
        task = catalogue.task(name)
        for seed in range(20):
            item = task.generate(Random(seed), task.default_level)
            shown = task.demonstrate(item, Random(seed))
            guard = guard_of(shown.thought, item.question)
            assert told(shown.answer, guard) == shown.answer, name


def test_only_a_cipher_has_a_text_line() -> None:
    line = "text we are what we think about all day long"
    for first, caught in (("caesar ZH DUH", False), ("caesar shifts", True), ("Let me see", True)):
        guard = guard_of(f"{first}\n{line}\nso")
        assert (guard.check(line.removeprefix("text ")) is not None) is caught
        assert guard.check(THOUGHT) is None
    guard = guard_of(f"caesar ZH DUH\nso {line}\nyes")
    assert guard.check(line) is not None


@given(st.binary(max_size=400))
def test_garbage_in_a_blob_harms_nothing(data: bytes) -> None:
    text = f"see {base64.b64encode(data).decode()} and {data.hex()}!"
    guard = guard_of()
    assert told(text, guard) == text


@pytest.mark.parametrize("place", [0, 380, 500, 760, 1100, 1900])
@pytest.mark.parametrize("encoding", ["base64", "base64 in lines", "hex", "hex in pairs"])
def test_a_long_blob_is_decoded_whole_and_not_again_with_every_line(
    encoding: str, place: int
) -> None:
    """Once every line meant minutes for a prompt of a megabyte, in which nobody was served."""
    filler = "some other words to fill it up " * 100
    coded = ENCODINGS[encoding](filler[:place] + EXCERPT + filler)
    found = decoded(coded)
    assert any(EXCERPT in text for text in found)
    assert sum(map(len, found)) < 8 * len(coded)


def test_blobs_are_decoded_whatever_their_alignment() -> None:
    for before in ("", "a", "ab", "abc"):
        coded = before + base64.b64encode(EXCERPT.encode()).decode()
        assert any("green hills stand between" in text for text in decoded(coded))
    assert decoded("The quick brown fox jumps over internationalization 12 34 56.") == []
    assert codecs.encode(EXCERPT, "rot13") not in decoded(EXCERPT)
