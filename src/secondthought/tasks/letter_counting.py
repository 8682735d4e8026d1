"""Count a letter in a text, upper and lower case alike.

The thought copies the text in small letters with the running count after each hit, then adds
up word by word as a check:

    letter r
    ther=1e ar=2e thr=3ee r=4s in str=5awber=6r=7y
    check there+1=1 are+1=2 three+1=3 rs+1=4 strawberry+3=7 yes
    7
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from typing import Any

from secondthought.messages import AnswerFormat, Problem
from secondthought.tasks import english
from secondthought.tasks.base import Demonstration, Item, Language, Span, Split, Task, Wording
from secondthought.tasks.ciphers import ALPHABET
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.wordings.letter_counting import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.trace import Verdict

_SLIPS = 0.1
_ANSWER = re.compile(
    r"(?:(?:the )?(?:answer|count)(?: is)?\s*:?\s+)?([0-9]{1,4})\.?", re.IGNORECASE
)

GYM = ('How many times does the letter "{letter}" appear in the text: "{text}"?',)

_ONE_WORD_SHARE = 0.12
"""How often the text is a single word, at any level: that is what people try first."""
# Words in the text. Level 3 is reasoning-gym's default.
_LEVELS = {1: (1, 3), 2: (3, 7), 3: (5, 15), 4: (15, 25), 5: (25, 35)}


class LetterCounting(Task):
    name = "letter_counting"
    key = "letter"
    title = "Count a letter in a text"
    levels = range(1, 6)
    default_level = 3
    check = "by adding up the words"
    checkable = True
    format = AnswerFormat("integer")

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
            raise ValueError(f"letter_counting has levels 1 to 5, not {level}")
        bare = wording == "gym" or rng.random() < 0.6
        if wording == "own" and rng.random() < _ONE_WORD_SHARE:
            text = rng.choice(english.words(split))
        else:
            text = english.running_words(rng, split, *_LEVELS[level], bare=bare)
        present = sorted({char for char in text.lower() if char.isalnum()})
        target = rng.choice(present or ["a"])
        if wording != "gym" and rng.random() < 0.05:
            target = rng.choice(ALPHABET)  # may be absent
        shown = target.upper() if wording != "gym" and rng.random() < 0.15 else target
        own, held_out = (OWN_EN, HELD_OUT_EN) if language == "en" else (OWN_KO, HELD_OUT_KO)
        question = phrase(
            rng,
            GYM if wording == "gym" else held_out if wording == "held_out" else own,
            decorate=wording != "gym",
            usual_first=wording == "own",
            letter=shown,
            text=text,
        )
        data = {"text": text, "letter": target}
        answer = str(text.lower().count(target))
        return Item(self.name, level, Problem.ask(question), answer, data, wording, language)

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        text: str = item.data["text"].lower()
        target: str = item.data["letter"]
        count = text.count(target)
        pieces: list[str | Span] = [f"{self.key} {target}\n"]
        if hint:
            pieces.append(f"hint: {hint}\n")
        check = _check(text, target)
        if count and rng.random() < _SLIPS:
            pieces += _slip(rng, text, target, count)
            pieces.append(f"\n{check} no\n")
        pieces.append(f"{_marked(text, target)}\n{check} yes\n{count}")
        return Demonstration.of(pieces, item.answer)

    def verify(self, item: Item, text: str) -> Verdict:
        return self.check_answer(item.data, text)

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        gold: int = item_data["text"].lower().count(item_data["letter"])
        found = _ANSWER.fullmatch(text.strip()) if len(text) <= 100 else None
        if found is None:
            return Verdict.of(False, "the answer must be one whole number in digits")
        given = int(found[1])
        return Verdict.of(given == gold, "" if given == gold else _reason(gold, given))

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        found = _ANSWER.fullmatch(wrong.strip()) if len(wrong) <= 100 else None
        gold = int(item.answer)
        return _reason(gold, int(found[1])) if found and int(found[1]) != gold else ""

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        gold = int(item.answer)
        return [str(n) for n in (gold + 1, gold - 1, gold + 2) if n >= 0]


def _marked(text: str, target: str) -> str:
    """ "are there" for e -> "are=1 the=2re=3"."""
    parts = text.split(target)
    return parts[0] + "".join(f"{target}={i}{part}" for i, part in enumerate(parts[1:], 1))


def _check(text: str, target: str) -> str:
    """The words with hits, each with its own count and the sum so far."""
    total = 0
    found: list[str] = []
    for token in text.split():
        hits = token.count(target)
        if hits:
            total += hits
            word = re.sub(r"^[\W_]+|[\W_]+$", "", token)
            found.append(f"{word}+{hits}={total}")
    return " ".join(["check", *(found or ["none"])])


def _slip(rng: Random, text: str, target: str, count: int) -> list[str | Span]:
    """The copied text with one wrong step of the count, and the count going on from it."""
    at = rng.randint(1, count)
    wrong = rng.choice([n for n in (at - 1, at + 1, at + 2) if n > 0])
    parts = text.split(target)
    before = parts[0] + "".join(f"{target}={i}{parts[i]}" for i in range(1, at))
    after = "".join(
        f"{target}={i + wrong - at}{part}" for i, part in enumerate(parts[at + 1 :], at + 1)
    )
    rest = parts[at] + after
    return [f"{before}{target}=", Span(str(wrong), loss=False), *([rest] if rest else [])]


def _reason(gold: int, given: int) -> str:
    return "there are more than that" if gold > given else "there are fewer than that"
