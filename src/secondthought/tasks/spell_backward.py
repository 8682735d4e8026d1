"""Spell a word backward.

The thought numbers the letters, copies them from the last number to the first, and turns the
result round once more as a check:

    spell sun
    s1u2n3|n3u2s1
    nus
    check s1u2n3 yes
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

from secondthought.messages import Problem
from secondthought.tasks import english
from secondthought.tasks.base import Demonstration, Item, Language, Span, Split, Task, Wording
from secondthought.tasks.ciphers import ALPHABET, backward, read_words
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.wordings.spell_backward import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.trace import Verdict

_SLIPS = 0.1

GYM = ("Spell this word backward (example: sun -> nus): {word}",)

# Letters of the word. Level 3 is reasoning-gym's default; longer ones are two or three joined.
_LEVELS = {1: (3, 4), 2: (3, 6), 3: (3, 10), 4: (11, 14), 5: (15, 20)}


class SpellBackward(Task):
    name = "spell_backward"
    key = "spell"
    title = "Spell a word backward"
    levels = range(1, 6)
    default_level = 3
    check = "by turning it round again"
    checkable = True

    def generate(
        self,
        rng: Random,
        level: int,
        *,
        split: Split = "eval",
        wording: Wording = "own",
        language: Language = "en",
    ) -> Item:
        if level not in _LEVELS:
            raise ValueError(f"spell_backward has levels 1 to 5, not {level}")
        word = _word(rng, split, *_LEVELS[level])
        if rng.random() < 0.12:
            word = word.capitalize()
        own, held_out = (OWN_EN, HELD_OUT_EN) if language == "en" else (OWN_KO, HELD_OUT_KO)
        question = phrase(
            rng,
            GYM if wording == "gym" else held_out if wording == "held_out" else own,
            decorate=wording != "gym",
            usual_first=wording == "own",
            word=word,
        )
        data = {"word": word}
        return Item(self.name, level, Problem.ask(question), word[::-1], data, wording, language)

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        word: str = item.data["word"]
        pieces: list[str | Span] = [f"{self.key} {word}\n"]
        if hint:
            pieces.append(f"hint: {hint}\n")
        if rng.random() < _SLIPS:
            pieces += _slip(rng, word)
        pieces.append(f"{backward(word)}\n{word[::-1]}\ncheck {_numbered(word)} yes")
        return Demonstration.of(pieces, item.answer)

    def verify(self, item: Item, text: str) -> Verdict:
        return self.check_answer(item.data, text)

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        gold = str(item_data["word"])[::-1].lower()
        readings = read_words(text, most=2 * len(gold) + 60)
        if gold in readings:
            return Verdict.of(True)
        if not readings:
            return Verdict.of(False, "the answer must be one word of letters a to z")
        return Verdict.of(False, _reason(gold, readings[-1]))

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        readings = read_words(wrong, most=2 * len(item.answer) + 60)
        gold = item.answer.lower()
        if not readings or gold in readings:
            return ""
        reason = _reason(gold, readings[-1])
        return "" if gold in reason else reason

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        gold = item.answer
        i = rng.randrange(len(gold) - 1)
        found = (
            gold[:i] + gold[i + 1] + gold[i] + gold[i + 2 :],
            gold[:i] + gold[i + 1 :],
            gold[: i + 1] + gold[i:],
            gold[::-1],
        )
        return [text for text in found if text.lower() != gold.lower()]


def _word(rng: Random, split: Split, low: int, high: int) -> str:
    """A lower-case word; past ten letters a few words joined, as evaluation has no longer ones.

    One training word in ten has its letters shuffled: reasoning-gym's list is full of words
    that look odd, and spelling must not lean on what is common.
    """
    words = english.words(split)
    while True:
        if high <= 10:
            word = rng.choice(words)
        else:
            word = rng.choice(words)
            while len(word) < low:
                word += rng.choice(words)
        if split == "train" and rng.random() < 0.1:
            word = "".join(rng.sample(word, len(word)))
            if word in _evaluation():
                continue
        if low <= len(word) <= high:
            return word


@cache
def _evaluation() -> frozenset[str]:
    return frozenset(english.words("eval"))


def _numbered(word: str) -> str:
    return "".join(f"{char}{i}" for i, char in enumerate(word, 1))


def _slip(rng: Random, word: str) -> list[str | Span]:
    """One wrong letter on the way back, and the check that finds it."""
    i = rng.randrange(len(word))
    wrong = rng.choice([c for c in ALPHABET if c != word[i].lower()])
    pairs = [f"{char}{k}" for k, char in enumerate(word, 1)][::-1]
    at = len(word) - 1 - i
    turned = word[:i] + wrong + word[i + 1 :]
    return [
        f"{_numbered(word)}|{''.join(pairs[:at])}",
        Span(wrong, loss=False),
        f"{i + 1}{''.join(pairs[at + 1 :])}\n{turned[::-1]}\ncheck {_numbered(turned)} no\n",
    ]


def _reason(gold: str, wrong: str) -> str:
    if len(wrong) != len(gold):
        return f"the answer must have {len(gold)} letters"
    at = next(i for i, (g, w) in enumerate(zip(gold, wrong, strict=True)) if g != w)
    return f"letter {at + 1} is wrong"
