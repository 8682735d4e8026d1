"""Example cipher: one worked example "CIPHER -> plain" and a ciphertext; find the rule, decode.

This is the problem of OpenAI's o1 announcement, where two letters stand for one: the average of
their positions in the alphabet. Other rules are Caesar, Atbash, words or the text reversed,
the k-th letter shifted by k, and a keyword alphabet whose letters the example shows.

The thought takes the example's first word, says where the ciphertext begins and ends, tries rules
on the word's first letters and decodes word by word. Pairs:

    cipher oyfjdnisdr think of rtqwainr to rtqwainr
    pairs oy15+25=40 20t fj6+10=16 8h yes
    rt qw ai nr: rt18+20=38 19s qw17+23=40 20t ai1+9=10 5e nr14+18=32 16p step
    text step
    check step s38 t40 e10 p32 yes

The words are gathered before the check, so that the answer is copied from near by. One letter
for one letter: differences, then sums, then the table of the example. Ciphertext stands in
capitals and plaintext in small letters:

    cipher wklqn think of whvw to whvw
    shift w-t 23-20=3 k-h 11-8=3 l-i 12-9=3 yes
    WtXuYvZwAx...Vs
    WtHeVsWt test
    text test
    check test WHVW yes

A first word of one or two letters tells no rule; both texts are followed to one that does, as in
"then rh is z a nvgslw method". The table of a keyword has a line for each word of the example,
and each plain letter stands twelve characters behind its cipher letter:

    GCTR........made
    CNMSCZHQRT..acquainted
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from secondthought.messages import Problem
from secondthought.tasks import english
from secondthought.tasks.base import Demonstration, Item, Language, Span, Split, Task, Wording
from secondthought.tasks.cipher_lines import check, decode, find_rule, misleads, slip, tested
from secondthought.tasks.ciphers import (
    ALPHABET,
    LONGEST,
    aligned,
    gathered,
    hinted_word,
    letter,
    near_miss_words,
    position,
    read_words,
    shift,
    shift_table,
    stretch,
    word_hint,
    wrong_word,
)
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.wordings.example_cipher import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.trace import Verdict

GYM = (
    "{example} -> {plain}\nUse the example above to decode: {cipher}",
    "{example} -> {plain}\n\nUse the example above to decode:\n\n{cipher}",
)
_SMALL_EN = ("\nAnswer in lower case.", "\nGive the answer in small letters.")
_SMALL_KO = ("\n소문자로 답해 줘.",)

# Rule -> (weight, first level, what a person would say of it).
_RULES = {
    "pairs": (35, 1, "two letters stand for one: take their average"),
    "caesar": (16, 1, "it is a Caesar shift"),
    "atbash": (10, 1, "the alphabet is turned round: a is z"),
    "reverse words": (8, 2, "each word is written backward"),
    "reverse all": (5, 2, "the whole text is written backward"),
    "position in word": (9, 3, "the k-th letter of a word is shifted by k"),
    "position in text": (5, 3, "the k-th letter of the text is shifted by k"),
    "keyword": (12, 3, "it is a substitution: take the letters from the example"),
}
# Rules whose example may fit another rule that is tried before.
_MISLEADING = ("atbash", "keyword", "reverse all")
# Rules that are learned late are drawn more often in training.
_PRACTISED = {"keyword": 4, "position in word": 2, "position in text": 2, "reverse all": 2}
# Words of the example, words of the ciphertext, most letters of either.
_LEVELS = {
    1: ((2, 3), (2, 3), 20),
    2: ((2, 5), (2, 5), 30),
    3: ((2, 7), (2, 8), 48),
    4: ((2, 7), (8, 10), 60),
    5: ((3, 8), (10, 13), 72),
}
_SLIPS = 0.1


class ExampleCipher(Task):
    name = "example_cipher"
    key = "cipher"
    title = "Cipher with one worked example"
    levels = range(1, 6)
    default_level = 3
    check = "by encoding a word again"

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
            raise ValueError(f"example_cipher has levels 1 to 5, not {level}")
        rules = [name for name, (_, first, _) in _RULES.items() if first <= level]
        more = _PRACTISED if split == "train" else {}
        rule = rng.choices(rules, [_RULES[name][0] * more.get(name, 1) for name in rules])[0]
        while True:
            example, words = _texts(rng, split, level, rule)
            key = _key(rng, rule)
            shown = _encrypt(rng, rule, key, example)
            at = tested(example)
            if rule not in _MISLEADING or not misleads(rule, shown[at], example[at]):
                break
        cipher = _encrypt(rng, rule, key, words)
        small = wording == "own" and rng.random() < 0.08
        data = {
            "rule": rule,
            "key": key,
            "example": example,
            "example_cipher": shown,
            "words": words,
            "cipher": cipher,
            "small": small,
        }
        question = _question(rng, data, wording, language)
        answer = " ".join(words)
        return Item(
            self.name,
            level,
            Problem.ask(question),
            answer if small else answer.upper(),
            data,
            wording,
            language,
        )

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        rule: str = item.data["rule"]
        words: list[str] = item.data["words"]
        codes: list[str] = item.data["cipher"]
        example: list[str] = item.data["example"]
        shown: list[str] = item.data["example_cipher"]
        first, last = stretch(codes)
        if rule == "reverse all":
            codes = codes[::-1]  # the last word of the ciphertext is the first of the text
        head = f"{self.key} {shown[0]} {example[0]} of {first} to {last}\n"
        at = 0  # the word that a table of a shift begins with
        pieces: list[str | Span] = [head]
        if hint:
            pieces.append(f"hint: {hint}\n")
        if hint != _RULES[rule][2]:
            at = tested(example)
            pieces += [f"{line}\n" for line in find_rule(rng, rule, shown, example, at)]
        if rule == "caesar":
            pieces.append(shift_table(shown[at][0], example[at][0]) + "\n")
        elif rule == "keyword":
            table = dict.fromkeys(map(aligned, shown, example))  # a word that repeats: once
            pieces += [f"{line}\n" for line in table]

        starts = [0] * len(words)
        if rule == "position in text":
            starts = [sum(map(len, words[:i])) for i in range(len(words))]
        lines = [decode(rule, *each) for each in zip(codes, words, starts, strict=True)]
        checked = hinted_word(hint, len(words))
        again = check(rule, codes[checked], words[checked])
        slips = rng.random() < _SLIPS and checked == len(words) - 1
        if slips and not rule.startswith("reverse"):
            pieces += [f"{line}\n" for line in lines[:-1]]
            pieces += slip(rng, rule, codes[-1], words[-1], starts[-1])
            pieces.append(f"{lines[-1]}\n")
        else:
            pieces += [f"{line}\n" for line in lines]
        pieces.append(f"{gathered(words)}\n{again} yes")
        return Demonstration.of(pieces, item.answer)

    def verify(self, item: Item, text: str) -> Verdict:
        words: list[str] = item.data["words"]
        readings = read_words(text, most=2 * len(item.answer) + 60)
        if any(reading.replace(" ", "") == "".join(words) for reading in readings):
            return Verdict.of(True)
        if not readings:
            return Verdict.of(False, "the answer must be the decoded words and nothing else")
        at = wrong_word(words, readings[-1].split())
        if at is None:
            return Verdict.of(False, "the number of words is not that of the ciphertext")
        return Verdict.of(False, f"word {at + 1} does not fit the rule of the example")

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        words: list[str] = item.data["words"]
        at = None
        for reading in read_words(wrong, most=2 * len(item.answer) + 60):
            at = wrong_word(words, reading.split())
        rule_hint = _RULES[item.data["rule"]][2]
        chosen = word_hint(at, rng) if at is not None and rng.random() < 0.5 else rule_hint
        return "" if " ".join(words) in chosen.lower() else chosen

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        words: list[str] = item.data["words"]
        return near_miss_words(words, rng, lambda other: "".join(other) == "".join(words))


def announcement() -> Item:
    """The problem of OpenAI's o1 announcement (September 2024), never in training."""
    shown = "oyfjdnisdr rtqwainr acxz mynzbhhx"
    cipher = "oyekaijzdf aaptcg suaokybhai ouow aqht mynznvaatzacdfoulxxz"
    plain = "there are three rs in strawberry"
    question = GYM[0].format(example=shown, plain="Think step by step", cipher=cipher)
    return Item(
        ExampleCipher.name,
        ExampleCipher.default_level,
        Problem.ask(question),
        plain.upper(),
        {
            "rule": "pairs",
            "key": "",
            "example": ["think", "step", "by", "step"],
            "example_cipher": shown.split(),
            "words": plain.split(),
            "cipher": cipher.split(),
            "small": False,
        },
        "gym",
    )


# --- making a problem -----------------------------------------------------------------------


def _texts(rng: Random, split: Split, level: int, rule: str) -> tuple[list[str], list[str]]:
    """Words of the example, one of them of three letters or more, and words to decode."""
    (low, high), (least, most), letters = _LEVELS[level]
    if rule == "keyword":
        low, high = max(low, 5), max(high, 5)  # a shorter example shows too few letters
    while True:
        example = _plaintext(rng, split, low, high, letters)
        if not any(len(word) >= 3 for word in example):
            continue
        if rule == "keyword":
            words = _words_of(rng, split, set("".join(example)), min(rng.randint(least, most), 8))
        else:
            words = _plaintext(rng, split, least, most, letters)
        if words is not None:
            return example, words


def _plaintext(rng: Random, split: Split, low: int, high: int, letters: int) -> list[str]:
    """Words of a sentence or, two times in five, any words: decoding must not guess.

    Words after the given number of letters are left out, but two always stay.
    """
    while True:
        if rng.random() < 0.6:
            words = english.phrase_words(rng, split, low, high)
        else:
            words = _any_words(rng, split, rng.randint(low, high))
        while len(words) > 2 and sum(map(len, words)) > letters:
            words.pop()
        joined = "".join(words)
        if split == "train" and any(english.letters_only(t) in joined for t in english.ANNOUNCED):
            continue
        if max(map(len, words)) > LONGEST or (split == "eval" and english.in_training(words)):
            continue
        return words


def _any_words(rng: Random, split: Split, count: int) -> list[str]:
    lists = (english.vocabulary(split), english.words(split))
    return [rng.choice(rng.choice(lists)) for _ in range(count)]


def _words_of(rng: Random, split: Split, letters: set[str], count: int) -> list[str] | None:
    """Words that these letters can write; None where too few are found."""
    words: list[str] = []
    for _ in range(300):
        (word,) = _any_words(rng, split, 1)
        if len(word) <= LONGEST and letters.issuperset(word):
            words.append(word)
            if len(words) == count:
                return words
    return None


def _key(rng: Random, rule: str) -> str:
    """The key as text: a number for caesar, the cipher alphabet for keyword, else empty."""
    if rule == "caesar":
        return str(rng.randint(1, 25))
    if rule != "keyword":
        return ""
    if rng.random() < 0.5:
        word = dict.fromkeys(rng.choice(english.words("train")))
        return "".join([*word, *(c for c in ALPHABET if c not in word)])
    return "".join(rng.sample(ALPHABET, 26))


def _encrypt(rng: Random, rule: str, key: str, words: Sequence[str]) -> list[str]:
    if rule == "pairs":
        return ["".join(_pair(rng, char) for char in word) for word in words]
    if rule == "reverse all":
        return [word[::-1] for word in reversed(words)]
    codes: list[str] = []
    done = 0
    for word in words:
        start = done if rule == "position in text" else 0
        codes.append(_encode(rule, key, word, start))
        done += len(word)
    return codes


def _encode(rule: str, key: str, word: str, start: int) -> str:
    """One word under a rule of one letter for one; start: letters of the text before it."""
    if rule == "caesar":
        return shift(word, int(key))
    if rule == "atbash":
        return "".join(letter(27 - position(char)) for char in word)
    if rule == "keyword":
        return "".join(key[position(char) - 1] for char in word)
    if rule == "reverse words":
        return word[::-1]
    return "".join(shift(char, start + k) for k, char in enumerate(word, 1))


def _pair(rng: Random, char: str) -> str:
    """Two letters whose positions average to that of char, in any order."""
    middle = position(char)
    most = min(middle - 1, 26 - middle)
    apart = rng.randint(-most, most)
    return letter(middle + apart) + letter(middle - apart)


def _question(rng: Random, data: Mapping[str, Any], wording: Wording, language: Language) -> str:
    example = " ".join(data["example_cipher"])
    cipher = " ".join(data["cipher"])
    plain = " ".join(data["example"])
    if wording == "gym":
        return phrase(
            rng, GYM, decorate=False, example=example, plain=plain.capitalize(), cipher=cipher
        )
    if rng.random() < 0.3:
        example, cipher = example.upper(), cipher.upper()
    plain = rng.choice(
        (plain.capitalize(), plain.capitalize(), plain, plain.upper(), plain.title())
    )
    own, held_out = (OWN_EN, HELD_OUT_EN) if language == "en" else (OWN_KO, HELD_OUT_KO)
    usual = wording == "own"
    question = phrase(
        rng,
        own if usual else held_out,
        usual_first=usual,
        example=example,
        plain=plain,
        cipher=cipher,
    )
    if data["small"]:
        question += rng.choice(_SMALL_EN if language == "en" else _SMALL_KO)
    return question
