"""What the letter tasks share: shifts, tables, interleaved words, reading an answer of words.

Traces write ciphertext in capitals and plaintext in lower case, so that a table such as
"WiXjYk" can be looked up by one letter: the letter after the only W is its plaintext.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

A = ord("a")
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_PREFIX = re.compile(r"(?:the )?(?:answer|plaintext|decoded text)(?: is)?\s*:?\s+", re.IGNORECASE)
_ANSWER = re.compile(r"[A-Za-z ,.;:!?'-]+")


def position(letter: str) -> int:
    """1 for a or A, 26 for z or Z."""
    return ord(letter.lower()) - A + 1


def letter(number: int) -> str:
    """The lower-case letter at a position, counted around the alphabet: 1 and 27 are a."""
    return chr(A + (number - 1) % 26)


def shift(text: str, by: int) -> str:
    """Each letter a to z moved forward in the alphabet by `by`; case and the rest stay."""

    def moved(char: str) -> str:
        if char in ALPHABET:
            return letter(position(char) + by)
        return letter(position(char) + by).upper() if char.lower() in ALPHABET else char

    return "".join(moved(char) for char in text)


def interleave(cipher: str, plain: str) -> str:
    """ "WG", "is" -> "WiGs"."""
    return "".join(c.upper() + p for c, p in zip(cipher, plain, strict=True))


LONGEST = 12
"""Letters of a word up to which `aligned` pads it."""


def aligned(cipher: str, plain: str) -> str:
    """ "gctr", "made" -> "GCTR........made GmCaTdRe".

    Each plain letter stands as many characters behind its cipher letter as any other does, so it
    is copied from one fixed distance. Then the letters stand pair by pair, as words are decoded:
    what a cipher letter means is read off right behind it.
    """
    return f"{cipher.upper():.<{LONGEST}}{plain} {interleave(cipher, plain)}"


def shift_table(cipher: str, plain: str) -> str:
    """All 26 pairs of a shift, from the pair (cipher, plain) on: "WiXjYk...Vh"."""
    by = position(cipher) - position(plain)
    keys = [letter(position(cipher) + i) for i in range(26)]
    return interleave("".join(keys), "".join(shift(key, -by) for key in keys))


STRETCH = 8
"""Letters of a word by which a thought's first line says where a ciphertext begins and ends."""


def stretch(codes: Sequence[str]) -> tuple[str, str]:
    """The first letters of the ciphertext's first and last word. Said before anything is decoded,
    they keep the thought from reading on into the rest of the sentence."""
    return codes[0][:STRETCH], codes[-1][:STRETCH]


def gathered(words: Sequence[str]) -> str:
    """The line of a thought that holds the whole text, from which the answer is copied."""
    return "text " + " ".join(words)


def backward(word: str) -> str:
    """How a word is turned round, letter by numbered letter: "sun" -> "s1u2n3|n3u2s1"."""
    numbered = [f"{char}{i}" for i, char in enumerate(word, 1)]
    return "".join(numbered) + "|" + "".join(reversed(numbered))


def slipped(rng: Random, right: str) -> str:
    """A wrong letter near the right one, as a slip of a step or two in the alphabet."""
    return letter(position(right) + rng.choice((-2, -1, 1, 2)))


def read_words(text: str, *, most: int) -> list[str]:
    """The readings of an answer of words: as it stands, and without "The answer is".

    Lower case, single blanks, no punctuation. Empty where the text is longer than `most`
    characters or holds anything but letters and common punctuation.
    """
    if len(text) > most or not text.isascii():
        return []
    text = text.strip()
    found: list[str] = []
    for reading in (text, _PREFIX.sub("", text, count=1)):
        if _ANSWER.fullmatch(reading):
            found.append(" ".join(re.findall(r"[a-z]+", reading.lower())))
    return found


def wrong_word(gold: Sequence[str], answer: Sequence[str]) -> int | None:
    """The index of the first word that differs; None where the numbers of words differ."""
    if len(gold) != len(answer):
        return None
    return next((i for i, (g, a) in enumerate(zip(gold, answer, strict=True)) if g != a), None)


ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
)


def word_hint(at: int, rng: Random) -> str:
    """Says which word is wrong, by its index from 0."""
    if at < len(ORDINALS) and rng.random() < 0.5:
        return f"the {ORDINALS[at]} word is wrong"
    return f"word {at + 1} is wrong"


def hinted_word(hint: str | None, count: int) -> int:
    """The index of the word to check: the one that `word_hint` calls wrong, else the last."""
    found = re.search(r"word ([0-9]{1,2}) is wrong|the ([a-z]+) word is wrong", hint or "")
    if found is None:
        return count - 1
    at = int(found[1]) - 1 if found[1] else ORDINALS.index(found[2])
    return at if 0 <= at < count else count - 1


def near_miss_words(
    words: Sequence[str], rng: Random, same: Callable[[Sequence[str]], bool]
) -> list[str]:
    """Wrong answers in capitals: a letter off, two words changed over, a word left out.

    same: whether words would pass as the right answer.
    """
    found: list[list[str]] = []
    at = rng.randrange(len(words))
    word = words[at]
    i = rng.randrange(len(word))
    off = word[:i] + slipped(rng, word[i]) + word[i + 1 :]
    found.append([*words[:at], off, *words[at + 1 :]])
    if len(words) > 1:
        j = rng.randrange(len(words) - 1)
        found.append([*words[:j], words[j + 1], words[j], *words[j + 2 :]])
        found.append([*words[:-1]])
    return [" ".join(words).upper() for words in found if not same(words)]
