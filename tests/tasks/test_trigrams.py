"""How surely English is told from its shifts."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.tasks import english
from secondthought.tasks.caesar_cipher import PREFIX, CaesarCipher
from secondthought.tasks.ciphers import interleave, shift, shift_table
from secondthought.tasks.steps import parse
from secondthought.tasks.trigrams import is_english, is_no_word, log_probability, reads_better


def test_english_is_told_from_its_shifts():
    rng = Random(3)
    for n in range(150):
        item = CaesarCipher().generate(Random(n), 3)
        head = " ".join(item.data["words"])[:PREFIX]
        assert is_english(head) is not False
        assert is_english(shift(head, rng.randint(1, 25))) is not True


def test_most_heads_are_decided():
    heads = [" ".join(CaesarCipher().generate(Random(n), 3).data["words"])[:10] for n in range(80)]
    assert sum(is_english(head) is True for head in heads) >= 76


def test_the_counts_are_those_of_the_training_text():
    """A trigram of the training text is more probable than any that is not in it after the same
    two letters, and the evaluation text is not counted."""
    assert log_probability("the") > log_probability("thx")
    seen = {
        text[i : i + 3]
        for text in (f"  {' '.join(words)} " for words in english._plain("train")[:3000])
        for i in range(len(text) - 2)
    }
    from secondthought.tasks.trigrams import _counts

    trigrams, _, _, total = _counts()
    assert seen <= trigrams.keys()
    assert sum(trigrams.values()) == total


@pytest.mark.parametrize("text", ["", " ", "12", "né à", "a1"])
def test_what_is_no_text_is_not_judged(text: str):
    assert is_english(text) is None


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", max_size=80))
def test_at_most_one_shift_is_english(text: str):
    assert sum(is_english(shift(text, by)) is True for by in range(26)) <= 1


QUESTION = "Decrypt this Caesar cipher text: WG DFCUFSGG SJSF"


def trials(last: int) -> list[str]:
    return [shift("wg dfcufsg", -k) for k in range(1, last + 1)]


def test_yes_to_letters_that_are_no_english_fails():
    thought = "caesar WG DFCUFSG to SJSF\n" + "\n".join(trials(5)) + " yes\n"
    failed = [s for s in parse(thought, source=QUESTION) if s.failed]
    assert [s.text for s in failed] == ["yes"]


def test_going_past_english_fails():
    whole = "\n".join(trials(14))
    assert trials(14)[-1] == "is progres"
    said = parse(f"caesar WG DFCUFSG to SJSF\n{whole} yes\n", source=QUESTION)
    assert not any(s.failed for s in said)
    silent = parse(f"caesar WG DFCUFSG to SJSF\n{whole}\n", source=QUESTION)
    assert [s.text for s in silent if s.failed] == ["progres"]


def test_letters_under_a_wrong_rule_are_no_words():
    assert all(is_no_word(letters) for letters in ("iuft", "rmgl", "cczkyy", "ylwhcpun"))
    assert not any(
        is_no_word(word) for word in ("swiftness", "jar", "a", "", "strengths", "queue", "wolf")
    )


@pytest.mark.parametrize(
    ("word", "other", "better"),
    [
        ("and", "jwm", True),
        ("jwm", "and", False),
        ("say", "hide", False),  # both are words
        ("the", "tzzrlkfe", True),
        ("is", "mr", False),
        ("dr", "wi", True),
        ("at", "of", False),
        ("a", "n", True),
        ("", "", False),
    ],
)
def test_of_two_readings_one_is_english(word: str, other: str, better: bool):
    assert reads_better(word, other) is better


@pytest.mark.parametrize(
    ("question", "last", "why"),
    [
        ('"qfc gq bpcykgle" is?', "dreaming", ""),
        ('"qfc gq bpcykgle", is?', "dreaming", ""),
        ("qfc gq bpcykgle bpcykgle is?", "dreaming", "words of the text are not decoded"),
        ("qfc gq bpcykgle and say", "cpf", "the last word is none of the ciphertext"),
        ("qfc gq bpcykgle rm go?", "dreaming", "words of the text are not decoded"),
        ("qfc gq bpcykgle to me?", "dreaming", ""),
        ("asap qfc gq bpcykgle!", "dreaming", ""),
        ("rfglicp qfc gq bpcykgle!", "dreaming", "words before the text are not decoded"),
        ("rfglicp: qfc gq bpcykgle!", "dreaming", ""),
    ],
)
def test_where_a_ciphertext_ends_is_read_from_what_is_english(
    question: str, last: str, why: str
) -> None:
    words = ["she", "is", "dreaming"]
    codes = ["QFC", "GQ", "BPCYKGLE"]
    if last not in words:
        words, codes = [*words, last], [*codes, "AND"]
    table = shift_table("q", "s")
    lines = [f"{interleave(c, w)} {w}" for c, w in zip(codes, words, strict=True)]
    thought = (
        f"caesar QFC GQ BPC to {codes[-1]}\n"
        + "\n".join(shift("qfc gq bpc", -k) for k in range(1, 25))
        + f" yes\n{table}\n"
        + "\n".join(lines)
        + f"\ntext {' '.join(words)} yes\n"
    )
    failed = [s for s in parse(thought, source=f"Decrypt {question}") if s.failed]
    told = {s.verdict.feedback for s in failed if s.verdict}
    assert told == ({why} if why else set())


def test_a_text_that_holds_no_word_fails():
    head = "cipher dfcriqh product of hvs to gym\nshift d-p 4-16=-12+26=14 yes\n"
    table = "DpEqFrGsHtIuJvKwLxMyNzOaPbQcRdSeTfUgVhWiXjYkZlAmBnCo\n"
    said = "HtVhSe the\nWiIuTfHt iuft\nUgFrSeMy grey\nGsYkMy sky\ntext the iuft grey sky\n"
    source = 'Decode hvs with ufsm gym; mind "o dfcriqh ct" = "A PRODUCT OF".'
    failed = [step for step in parse(head + table + said, source=source) if step.failed]
    assert [(s.text, s.verdict and s.verdict.feedback) for s in failed] == [
        ("iuft", "this is no word")
    ]


@pytest.mark.parametrize(("pair", "right"), [("f-b", True), ("f-e", False)])
def test_the_letters_after_next_head_the_following_words(pair: str, right: bool):
    source = '"The Building" is to "ujh fzoslrxr" as what words are to lqronky znzlhvbv?'
    thought = f"cipher ujh the of lqronky to znzlhvbv\nshift u-t 21-20=1 next {pair}"
    (step,) = [step for step in parse(thought, source=source) if step.text == pair]
    assert step.judged
    assert step.failed is not right
