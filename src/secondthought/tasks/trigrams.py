"""Is this English, or are these letters? Letter trigrams of the training text.

Trials of a Caesar cipher end where a line reads as English. A model says so by feeling; here is
the same by counting: a text is taken for English when no other of its 26 shifts is more probable.
The counts are those of the training sentences only (`scripts/make_text_data.py`), smoothed with
single letters. Of 3,000 texts of "In the Year 2889" the first ten characters always decided right.

A single word is only told from letters that are most improbable and that no word list knows: 97 %
of texts under a wrong shift have such a word, 0.3 % of right ones ("snafu"); of single words under
a wrong shift two in three are found.
"""

from __future__ import annotations

import lzma
from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files
from math import log

from secondthought.tasks import english
from secondthought.tasks.ciphers import shift

_SMOOTHING = 20.0
"""Trigrams that are added after every two letters, spread as single letters are."""
_SURE = 2.0
"""Nats by which a text must be more, or less, probable than its best shift to be called so."""
_BETTER = 6.0
"""Nats by which a word must be more probable than another to be called much more English."""
BEYOND_A_SLIP = 10.0
"""The same where the other one may be a word with a slip of the keys: "reda ESRUOC"."""
_ENOUGH = 60
"""Characters that are read."""
_NO_WORD = -4.3
"""Nats a letter below which letters are no word."""
_NO_SHORT_WORD = -4.7
"""The same for less than four letters."""

_SHORT_WORDS = """a i o ah am an as at be by do dr go ha he hi if ii in is it iv me mr my no of oh
on or so st to up us vi we ye"""
_SHORT = frozenset(_SHORT_WORDS.split())
"""Words of one and two letters."""


def is_english(text: str) -> bool | None:
    """Is a text of small letters and blanks more probable than its shifts? None where two are
    much alike, or there is nothing to read."""
    text = " ".join(text.split())[:_ENOUGH]
    if not text or not text.replace(" ", "").isalpha() or not text.isascii():
        return None
    apart = log_probability(text) - _best_shifted(text)
    return None if abs(apart) < _SURE else apart > 0


def is_no_word(letters: str) -> bool:
    """Is this surely no English word? Of small letters a to z; one alone may be an initial."""
    if len(letters) < 2:
        return False
    a_letter = log_probability(f"{letters} ") / (len(letters) + 1)
    limit = _NO_WORD if len(letters) > 3 else _NO_SHORT_WORD
    return a_letter < limit and letters not in _words()


def reads_better(word: str, other: str, by: float = _BETTER) -> bool:
    """Is the first of two readings of a word, small letters a to z, more English by so many nats?
    Of readings of different lengths, whether the first may be a word and the other is none."""
    if not word or not other:
        return False
    if len(word) < 3:  # "mr" is as rare as "is" is frequent
        return word in _SHORT and (other not in _SHORT if len(other) < 3 else is_no_word(other))
    if len(word) != len(other):
        return is_no_word(other) and not is_no_word(word)
    return log_probability(f"{word} ") - log_probability(f"{other} ") > by


@cache
def _words() -> frozenset[str]:
    return frozenset(english.words("train"))


@lru_cache(1024)
def log_probability(text: str) -> float:
    """Of small letters and blanks, in nats; the end of the text need not be that of a word."""
    trigrams, pairs, letters, total = _counts()
    padded = f"  {text}"
    return sum(
        log(trigrams[padded[i : i + 3]] + _SMOOTHING * (letters[char] + 1) / total)
        - log(pairs[padded[i : i + 2]] + _SMOOTHING)
        for i, char in enumerate(text)
    )


def _best_shifted(text: str) -> float:
    return max(log_probability(shift(text, by)) for by in range(1, 26))


@cache
def _counts() -> tuple[Counter[str], Counter[str], Counter[str], int]:
    """How often each trigram, its first two letters and its last letter stand in the text."""
    packed = files("secondthought.tasks").joinpath("data", "trigrams.txt.xz").read_bytes()
    trigrams: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for line in lzma.decompress(packed).decode().splitlines():
        trigram, count = line[:3].replace("_", " "), int(line[3:])
        trigrams[trigram] = count
        pairs[trigram[:2]] += count
        letters[trigram[2]] += count
    return trigrams, pairs, letters, letters.total()
