"""Our own questions with the words that name the operation replaced: nobody knows what is asked.

"Find the greatest common divisor of 12 and 30" becomes "Find the least common trawling of 12 and
30" or "qvk of 12 and 30", "5 + 6 - 2" becomes "5 # 6 # 2". Frame, decoration and data are those of
a question that is answered, so only the operation tells the two apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.resources import files
from random import Random

from secondthought.tasks import catalogue
from secondthought.tasks.base import Language
from secondthought.tasks.english import words

_TRIES = 200
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SIGN_LIST = "# @ & ~ $ ! § ¤ ∘ ⊕ ⊗ ◊ ° ∧ ∨ _ \\ ## @@ && || ~~ <> >< => -> ?? ;"
_SIGNS = tuple(_SIGN_LIST.split())
_SHORT_FOR = (
    "lcm lcd mod rem max min med sum mul add sub div dec bin oct hex sin cos tan log abs rot md "
    "avg var gcd hcf gcf pgcd ggt"
)
_ABBREVIATIONS = frozenset(_SHORT_FOR.split())
_OURS = {frozenset(name) for name in ("gcd", "hcf", "gcf")}
_SUPERLATIVES = (
    "lightest shortest longest nearest tightest widest oldest best next "
    "highest largest greatest biggest deepest"
)
_OTHERS = tuple(_SUPERLATIVES.split())
_ADJECTIVE = re.compile(
    r"\b(?:greatest|largest|biggest|highest|maximal|top|large|high|big)(?= (?:common|shared))"
)
_KO_FIRST = ("최대", "최소", "최고", "최저", "최장", "최단", "평균", "가장 큰 ", "가장 작은 ")
_KO_LAST = ("간격", "거리", "오차", "합수", "비율", "점수", "높이", "무게", "공간", "면수", "각도")

_DIVISOR = re.compile(
    r"\b(?:gcd|hcf|gcf|g\.c\.d\.)(?![a-z])|\b(?:divisor|factor|measure)(?=s?\b)", re.IGNORECASE
)
_PRODUCT = re.compile(
    r"\btimes\b|\bmultiplied\b|\bmultiply\b|\bproduct\b|(?<=\d)\s?x\s?(?=\d)|[*×·∙]", re.IGNORECASE
)
_PLUS = re.compile(r"(?<=\d)\s?[-+−]\s?(?=\d)")
_BASE = re.compile(
    r"\b(?:base|radix|binary|octal|hexadecimal|hex|decimal)(?![a-z])|\bbases\b", re.IGNORECASE
)
_GCD_KO = re.compile(r"최대 ?공약수|(?:가장|제일) 큰 공약수|최대공통인수|\b(?:gcd|GCD)(?![a-z])")


@cache
def foreign_words() -> tuple[str, ...]:
    """Words that none of our own wordings uses, and no question of the frozen file: what is asked
    for with them is none of our tasks, and none of the kinds that are held out."""
    known = set[str]()
    for name in catalogue.names():
        module = import_module(f"secondthought.tasks.wordings.{name}")
        known.update(re.findall("[a-z]+", " ".join((*module.OWN_EN, *module.OWN_KO)).lower()))
    frozen = files("secondthought.evals").joinpath("data", "out_of_scope.jsonl")
    for line in frozen.read_text("utf-8").splitlines():
        known.update(re.findall("[a-z]+", json.loads(line)["question"].lower()))
    stems = {word[:4] for word in known}
    return tuple(
        word
        for word in words("train")
        if 4 <= len(word) <= 11 and not any(word[i : i + 4] in stems for i in range(len(word) - 3))
    )


def foreign(rng: Random) -> str:
    """One of `foreign_words`."""
    return rng.choice(foreign_words())


def abbreviation(rng: Random) -> str:
    """Two to four letters that are short for nothing we know, nor for what is held out."""
    while True:
        name = "".join(rng.choices(_LETTERS, k=rng.choice((2, 3, 3, 3, 4))))
        if name not in _ABBREVIATIONS and frozenset(name) not in _OURS:
            return name.upper() if rng.random() < 0.3 else name


def korean_operation(rng: Random) -> str:
    """A name like that of the greatest common divisor, of something that nobody knows."""
    return rng.choice(_KO_FIRST) + rng.choice(("", "공", "공통", "교")) + rng.choice(_KO_LAST)


def _question(rng: Random, task: str, language: Language = "en") -> str:
    made = catalogue.task(task)
    return made.generate(rng, made.default_level, split="train", language=language).question


def _replaced(
    rng: Random,
    task: str,
    keys: re.Pattern[str],
    new: Callable[[str], str],
    told: tuple[str, ...],
    language: Language = "en",
) -> str:
    """A question of the task with all its key words replaced, and without a word like those of
    `told` (a typing slip may have changed a key word, or the operation is told otherwise)."""
    for _ in range(_TRIES):
        text = _question(rng, task, language)
        if keys.search(text) is None:
            continue
        left: list[str] = re.findall(r"[^\W\d_]+", keys.sub(" ", text).lower())
        if not any(get_close_matches(word, told, 1, 0.75) for word in left):
            return keys.sub(lambda found: new(found[0]), text)
    raise AssertionError(f"no question of {task} has a key word")


def _gcd(rng: Random) -> str:
    noun, short = foreign(rng), abbreviation(rng) if rng.random() < 0.7 else foreign(rng)
    told = (
        "divisor",
        "divide",
        "dividing",
        "divisible",
        "factor",
        "measure",
        "euclid",
        "multiples",
    )
    text = _replaced(
        rng, "gcd", _DIVISOR, lambda old: noun if len(old) > 3 and "." not in old else short, told
    )
    return _ADJECTIVE.sub(rng.choice(_OTHERS), text) if rng.random() < 0.6 else text


def _gcd_ko(rng: Random) -> str:
    name = korean_operation(rng)
    while True:
        text = _replaced(rng, "gcd", _GCD_KO, lambda _: name, (), "ko")
        if not re.search("약수|배수|나누|유클리드|인수", text):
            return text


def _product(rng: Random) -> str:
    word, sign = foreign(rng), rng.choice(_SIGNS)
    told = (
        "times",
        "multiply",
        "multiplied",
        "multiplication",
        "product",
        "factor",
        "each",
        "rows",
        "double",
    )
    return _replaced(
        rng, "products", _PRODUCT, lambda old: word if len(old.strip()) > 1 else f" {sign} ", told
    )


def _sum(rng: Random) -> str:
    sign = rng.choice((*_SIGNS, *(f" {foreign(rng)} " for _ in range(8))))
    spaced = sign if rng.random() < 0.3 else f" {sign.strip()} "
    spaced = f" {sign.strip()} " if sign.strip().isalpha() else spaced
    told = ("plus", "minus", "add", "added", "adding", "subtract", "difference", "total")
    return _replaced(rng, "chain_sum", _PLUS, lambda _: spaced, told)


def _base(rng: Random) -> str:
    word = foreign(rng)
    one = rng.random() < 0.5
    told = ("base", "based", "binary", "octal", "hexadecimal", "decimal", "radix", "digits")
    return _replaced(rng, "base_conversion", _BASE, lambda _: word if one else foreign(rng), told)


_ABOUT = (
    "Do not solve this, only rate it from 1 to 10: {}",
    "Which school subject is this from? {}",
    "Who would ask this?\n{}",
    "Write a harder version of this: {}",
    "Write another question like this one.\n{}",
    "Paraphrase this question: {}",
    "Turn this exercise into a story: {}",
    "Is this a good question for children?\n{}",
    "Correct the typing errors of this text: {}",
    "Translate this question into Latin.\n{}",
    "Which book is this taken from? {}",
    "Explain how a computer would do this, without doing it: {}",
    "Write a Java program for this: {}",
    "What is the history of this kind of puzzle?\n{}",
    "이 문제를 영어로 옮겨 줘: {}",
    "이 문제는 누가 만들었나요?\n{}",
)
_SHORT = ("gcd", "products", "chain_sum", "base_conversion", "simple_equations", "puzzle24",
          "letter_counting", "countdown")  # fmt: skip


def _about(rng: Random) -> str:
    return rng.choice(_ABOUT).format(_question(rng, rng.choice(_SHORT)).strip())


KINDS: dict[str, Callable[[Random], str]] = {
    "gcd_replaced": _gcd,
    "gcd_replaced_ko": _gcd_ko,
    "product_replaced": _product,
    "sum_replaced": _sum,
    "base_replaced": _base,
    "asked_about": _about,
}
