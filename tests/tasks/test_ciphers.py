from random import Random

from hypothesis import given
from hypothesis import strategies as st

from secondthought.tasks.ciphers import (
    backward,
    hinted_word,
    interleave,
    read_words,
    shift,
    shift_table,
    word_hint,
    wrong_word,
)


@given(st.text(max_size=60), st.integers(-60, 60))
def test_a_shift_is_undone_by_its_opposite(text, by):
    assert shift(shift(text, by), -by) == text


def test_a_table_maps_every_capital_once():
    table = shift_table("w", "i")
    assert table.startswith("WiXjYkZlAm")
    assert len({table[i] for i in range(0, 52, 2)}) == 26
    assert {shift(table[i].lower(), -14) == table[i + 1] for i in range(0, 52, 2)} == {True}


def test_small_pieces():
    assert interleave("wg", "is") == "WiGs"
    assert backward("sun") == "s1u2n3|n3u2s1"
    assert wrong_word(["a", "b"], ["a", "c"]) == 1
    assert wrong_word(["a", "b"], ["a"]) is None


def test_answers_are_read_with_and_without_a_prefix():
    assert "hello world" in read_words("The answer is HELLO, world.", most=90)
    assert read_words("hello w0rld", most=90) == []
    assert read_words("h" * 91, most=90) == []


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    for reading in read_words(text, most=150):
        assert set(reading) <= set("abcdefghijklmnopqrstuvwxyz ")


@given(st.integers(0, 40), st.integers(0, 5))
def test_a_word_hint_is_understood(at, seed):
    assert hinted_word(word_hint(at, Random(seed)), 41) == at
    assert hinted_word("look again", 41) == 40
