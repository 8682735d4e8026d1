"""Caesar cipher: decrypt a text whose letters are all shifted by one unknown number.

The thought says where the text begins and ends, moves the first ten characters back one letter a
line until they are English, takes the table of that shift, copies word by word, gathers the words
and encrypts one of them again:

    caesar WG DFCUFSG to SJSF
    vf cebterf
    ...
    is progres yes
    WiXjYkZlAmBn...Vh
    WiGs is
    DpFrCoUgFrSeGsGs progress
    SeJvSeFr ever
    text is progress ever yes
    check ever SJSF yes

Ten characters with their blanks are enough: a trigram model of the training text finds the
shift of 99.4 % of the sentences of "In the Year 2889" from eight letters, 99.7 % from ten. Where
they were taken for English too soon, the whole text shows it: "text jt qsphsftt fwfs no", and the
trials go on.
"""

from __future__ import annotations

import re
from random import Random

from secondthought.messages import Problem
from secondthought.tasks import english
from secondthought.tasks.base import Demonstration, Item, Language, Span, Split, Task, Wording
from secondthought.tasks.ciphers import (
    gathered,
    hinted_word,
    interleave,
    near_miss_words,
    read_words,
    shift,
    shift_table,
    slipped,
    stretch,
    word_hint,
    wrong_word,
)
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.wordings.caesar_cipher import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.trace import Verdict

PREFIX = 10  # characters that are shifted until they are English
_SLIPS = 0.1
_TOO_SOON = 0.12
"""Share of the thoughts that stop at a wrong shift first."""

GYM = (
    "Decrypt this Caesar cipher text: {cipher}. "
    "Provide only the decrypted text as your final answer.",
)

# Words in a text. Level 3 is reasoning-gym's default.
_LEVELS = {1: (2, 4), 2: (3, 8), 3: (3, 20), 4: (15, 28), 5: (25, 36)}
_SHORTEST = 8  # letters; less is often English under two shifts


class CaesarCipher(Task):
    name = "caesar_cipher"
    key = "caesar"
    title = "Caesar cipher: decrypt without the key"
    levels = range(1, 6)
    default_level = 3
    check = "by encrypting a word again"

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
            raise ValueError(f"caesar_cipher has levels 1 to 5, not {level}")
        low, high = _LEVELS[level]
        # People type what they have: capitals, small letters, or a text with its punctuation.
        style = "upper" if wording == "gym" else rng.choice(("upper", "upper", "lower", "as is"))
        pick = english.sentence_tokens if level == self.default_level else english.running_tokens
        tokens = pick(rng, split, low, high, bare=style != "as is")
        while sum(map(len, tokens)) < _SHORTEST:
            tokens = pick(rng, split, low, high, bare=style != "as is")
        rotation = rng.randint(1, 25)
        shown = shift(" ".join(tokens), rotation)
        shown = {"upper": shown.upper(), "lower": shown.lower(), "as is": shown}[style]
        own, held_out = (OWN_EN, HELD_OUT_EN) if language == "en" else (OWN_KO, HELD_OUT_KO)
        question = phrase(
            rng,
            GYM if wording == "gym" else held_out if wording == "held_out" else own,
            decorate=wording != "gym",
            usual_first=wording == "own",
            cipher=shown,
        )
        words = [re.sub(r"[^a-z]", "", token.lower()) for token in tokens]
        return Item(
            self.name,
            level,
            Problem.ask(question),
            " ".join(words).upper(),
            {"words": words, "rotation": rotation, "shown": shown},
            wording,
            language,
        )

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        words: list[str] = item.data["words"]
        rotation: int = item.data["rotation"]
        ciphers = [shift(word, rotation).upper() for word in words]
        head = " ".join(ciphers)[:PREFIX].rstrip()
        pieces: list[str | Span] = [f"{self.key} {head} to {stretch(ciphers)[1]}\n"]
        if hint:
            pieces.append(f"hint: {hint}\n")
        if not (hint and " stands for " in hint):
            first = 1
            if rotation > 1 and rng.random() < _TOO_SOON:
                first = rng.randrange(1, rotation) + 1
                pieces += _too_soon(ciphers, head, first - 1)
            tried = [shift(head.lower(), -k) for k in range(first, rotation + 1)]
            pieces.append("\n".join(tried) + " yes\n")
        pieces.append(shift_table(ciphers[0][0], words[0][0]) + "\n")

        checked = hinted_word(hint, len(words))
        slip = rng.random() < _SLIPS and checked == len(words) - 1
        for i, (cipher, word) in enumerate(zip(ciphers, words, strict=True)):
            if slip and i == checked:
                pieces += _slip(rng, cipher, word)
            else:
                pieces.append(f"{interleave(cipher, word)} {word}\n")
        if slip:
            pieces.append(f"{interleave(ciphers[checked], words[checked])} {words[checked]}\n")
        pieces.append(f"{gathered(words)} yes\n")
        pieces.append(f"check {words[checked]} {ciphers[checked]} yes")
        return Demonstration.of(pieces, item.answer)

    def verify(self, item: Item, text: str) -> Verdict:
        words: list[str] = item.data["words"]
        readings = read_words(text, most=2 * len(item.answer) + 60)
        if " ".join(words) in readings:
            return Verdict.of(True)
        if not readings:
            return Verdict.of(False, "the answer must be the decrypted words and nothing else")
        at = wrong_word(words, readings[-1].split())
        if at is None:
            return Verdict.of(False, "the number of words is not that of the cipher text")
        return Verdict.of(False, f"word {at + 1} does not encrypt to word {at + 1} of the text")

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        words: list[str] = item.data["words"]
        rotation: int = item.data["rotation"]
        first = words[0][0].upper()
        key = f"{shift(first, rotation)} stands for {first}"
        at = None
        for reading in read_words(wrong, most=2 * len(item.answer) + 60):
            at = wrong_word(words, reading.split())
        chosen = word_hint(at, rng) if at is not None and rng.random() < 0.5 else key
        return "" if item.answer in chosen.upper() else chosen

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        words: list[str] = item.data["words"]
        found = near_miss_words(words, rng, lambda other: list(other) == words)
        return [*found, shift(item.answer, 1)]


def _too_soon(ciphers: list[str], head: str, by: int) -> list[str | Span]:
    """The trials up to a shift that is none, the text that it gives, and the "no"."""
    tried = [shift(head.lower(), -k) for k in range(1, by + 1)]
    words = [shift(cipher.lower(), -by) for cipher in ciphers]
    read = [
        f"{interleave(cipher, word)} {word}\n" for cipher, word in zip(ciphers, words, strict=True)
    ]
    table = shift_table(ciphers[0][0], words[0][0])
    return [
        "\n".join(tried),
        Span(" yes", loss=False),
        f"\n{table}\n{''.join(read)}{gathered(words)} no\n",
    ]


def _slip(rng: Random, cipher: str, word: str) -> list[str | Span]:
    """The word with one letter wrong, and the check that finds it."""
    i = rng.randrange(len(word))
    wrong = word[:i] + slipped(rng, word[i]) + word[i + 1 :]
    shifted = shift(wrong, ord(cipher[0].lower()) - ord(word[0])).upper()
    return [
        interleave(cipher[:i], word[:i]) + cipher[i],
        Span(wrong[i], loss=False),
        f"{interleave(cipher[i + 1 :], word[i + 1 :])} {wrong}\n",
        f"check {wrong} {shifted} no\n",
    ]
