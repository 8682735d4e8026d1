import re

import pytest

from secondthought.tasks import english

TEXTS = {split: english.sentences(split) for split in ("train", "eval")}


def shingles(texts, size=5):
    found = set()
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        found |= {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}
    return found


def test_there_is_enough_text():
    assert len(TEXTS["train"]) > 15_000
    assert len(TEXTS["eval"]) > 300
    assert len(english.words("train")) > 30_000
    assert len(english.words("eval")) > 20_000


def test_no_five_words_of_the_evaluation_text_are_in_training():
    assert not shingles(TEXTS["train"]) & shingles([" ".join(TEXTS["eval"])])


def test_words_are_disjoint():
    assert not set(english.words("train")) & set(english.words("eval"))


def test_announced_texts_are_absent_from_training():
    joined = [english.letters_only(text) for text in TEXTS["train"]]
    for announced in english.ANNOUNCED:
        needle = english.letters_only(announced)
        assert needle
        assert not [text for text in joined if needle in text]
        assert not [word for word in english.words("train") if needle in word]


def test_nothing_of_reasoning_gym_is_in_training():
    gym = pytest.importorskip("reasoning_gym.data")
    listed = {word.lower() for word in gym.read_data_file("words3to10.txt").split()}
    assert not listed & set(english.words("train"))
    book = gym.read_data_file("in_the_year_2889.txt")
    assert not shingles(TEXTS["train"]) & shingles([book])
    plain = []
    for sentence in book.split("."):
        words = [word.upper() for word in sentence.split() if word.isalpha()]
        if 3 <= len(words) <= 20:
            plain.append(f" {' '.join(words)} ")
    assert len(plain) > 300
    train = "\n".join(
        f" {' '.join(w.upper() for w in text.split() if w.isalpha())} " for text in TEXTS["train"]
    )
    assert not [text for text in plain if text in train]


def test_in_training_finds_words_in_a_row():
    words = re.findall(r"[a-z]+", TEXTS["train"][0].lower().replace("'", ""))
    assert english.in_training(words[:4])
    assert not english.in_training([*words[:4], "strawberry"])
