"""English text for the tasks, split by content into training and evaluation.

Training: sentences of the King James Bible, of Debian's fortunes and of WordNet's examples, words
of wamerican that reasoning-gym does not list. Evaluation: Verne's "In the Year 2889", which
reasoning-gym's caesar_cipher and letter_counting use, and the words of its spell_backward that
wamerican has.
No training sentence shares five words in a row with the evaluation text.
`scripts/make_text_data.py` builds the files.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from random import Random

from secondthought.tasks.base import Split

ANNOUNCED = ("think step by step", "there are three rs in strawberry", "strawberry")
"""Plaintexts of OpenAI's o1 announcement and of our README: never in training text."""


@cache
def _lines(name: str) -> tuple[str, ...]:
    packed = files("secondthought.tasks").joinpath("data", f"{name}.txt.xz").read_bytes()
    return tuple(lzma.decompress(packed).decode("utf-8").splitlines())


def sentences(split: Split) -> tuple[str, ...]:
    """Sentences as printed, with capitals and punctuation. Read once."""
    return _lines(f"sentences_{split}")


def words(split: Split) -> tuple[str, ...]:
    """Lower-case words of three or more letters a to z, sorted. Read once."""
    return _lines(f"words_{split}")


def letters_only(text: str) -> str:
    """The letters a to z of text, lower-case: how cipher texts are compared."""
    return re.sub(r"[^a-z]", "", text.lower())


@cache
def _plain(split: Split) -> tuple[tuple[str, ...], ...]:
    """Each sentence as lower-case words of letters only; apostrophes are dropped (dont)."""
    texts = (re.sub(r"['’]", "", sentence.lower()) for sentence in sentences(split))
    found = (tuple(re.findall(r"[a-z]+", text)) for text in texts if text.isascii())
    return tuple(text for text in found if len(text) >= 2)


@cache
def _tokens(split: Split) -> tuple[tuple[str, ...], ...]:
    """Each sentence as its words of letters, with the mark that may follow a word ("sea,")."""
    found = (
        tuple(t for t in sentence.split() if re.fullmatch(r"[A-Za-z]+[,.;:!?]?", t))
        for sentence in sentences(split)
    )
    return tuple(tokens for tokens in found if tokens)


@cache
def vocabulary(split: Split) -> tuple[str, ...]:
    """The words of the sentences, each once, sorted."""
    return tuple(sorted({word for text in _plain(split) for word in text}))


@cache
def _training_text() -> str:
    return "\n".join(f" {' '.join(text)} " for text in _plain("train"))


def in_training(words: Sequence[str]) -> bool:
    """Whether a training sentence has these lower-case words in a row."""
    return f" {' '.join(words)} " in _training_text()


def phrase_words(rng: Random, split: Split, low: int, high: int) -> list[str]:
    """Between low and high lower-case words in a row from one sentence, letters a to z only."""
    want = rng.randint(low, high)
    texts = _plain(split)
    text = rng.choice(texts)
    while len(text) < want:
        text = rng.choice(texts)
    start = rng.randint(0, len(text) - want)
    return list(text[start : start + want])


def sentence_tokens(rng: Random, split: Split, low: int, high: int, *, bare: bool) -> list[str]:
    """A whole sentence of low to high words, each sentence equally likely.

    bare: leave out words that a punctuation mark follows, as reasoning-gym's caesar_cipher does.
    """
    texts = _tokens(split)
    while True:
        tokens = [t for t in rng.choice(texts) if not bare or t.isalpha()]
        if low <= len(tokens) <= high:
            return tokens


def running_tokens(rng: Random, split: Split, low: int, high: int, *, bare: bool) -> list[str]:
    """Between low and high words in a row, across sentences; bare as in `sentence_tokens`."""
    want = rng.randint(low, high)
    texts = _tokens(split)
    at = rng.randrange(len(texts))
    found: list[str] = []
    while len(found) < want:
        found += [t for t in texts[at % len(texts)] if not bare or t.isalpha()]
        at += 1
    return found[:want]


def running_words(rng: Random, split: Split, low: int, high: int, *, bare: bool) -> str:
    """Between low and high words in a row from any place, across sentences, as one text.

    bare: without punctuation, split as reasoning-gym's letter_counting does ("don t").
    """
    want = rng.randint(low, high)
    texts = sentences(split)
    at = rng.randrange(len(texts))
    found: list[str] = []
    skip = 0
    while len(found) < skip + want:
        text = texts[at % len(texts)]
        words = re.findall(r"[^\W_]+", text) if bare else text.split()
        if not found:
            skip = rng.randrange(len(words))
        found += words
        at += 1
    return " ".join(found[skip : skip + want])
