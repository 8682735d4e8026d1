"""Pieces of the thoughts' dialect on their own: "sheet 34*27+5" and its worked line.

Most wrong thoughts of a young model fail at one digit or one letter. A drill shows more of these
steps a token than a whole puzzle does, in exactly the form in which the thoughts need them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from secondthought.tasks import english
from secondthought.tasks.base import Span
from secondthought.tasks.caesar_cipher import PREFIX
from secondthought.tasks.chains import apply, random_chain
from secondthought.tasks.ciphers import (
    ALPHABET,
    aligned,
    interleave,
    letter,
    position,
    shift,
    shift_table,
)
from secondthought.tasks.split import belongs
from secondthought.tasks.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Drill:
    """asked: what stands behind "sheet". thought: its spans, without a last line end."""

    asked: str
    thought: tuple[Span, ...]
    answer: str


def drill(rng: Random) -> Drill:
    """One drill of any kind. Pairs of numbers kept for evaluation are never added or multiplied."""
    makers = tuple(_SHARES)
    return rng.choices(makers, tuple(_SHARES.values()))[0](rng)


def _column(rng: Random) -> Drill:
    """A line of the worksheet, or the lines of one division."""
    sheet = Worksheet(rng)
    x, y = _pair(rng, 10 ** rng.randint(1, 6), 10 ** rng.randint(1, 6))
    small, large = rng.randint(2, 16), rng.randint(10, 999)
    operation = rng.choice("+-?*/%:")
    if operation == "+":
        asked, answer = f"{x}+{y}", str(sheet.add(x, y))
    elif operation == "-":
        x, y = max(x, y), min(x, y)
        asked, answer = f"{x}-{y}", str(sheet.subtract(x, y))
    elif operation == "?":
        asked, answer = f"{x}?{y}", sheet.compare(x, y)
    elif operation == "*":
        carry = rng.randrange(small)
        asked, answer = f"{x}*{small}+{carry}", str(sheet.scale(x, small, carry))
    elif operation == "/":
        quotient, remainder = sheet.divide_small(x, small)
        asked, answer = f"{x}/{small}", f"{quotient} r{remainder}"
    elif operation == ":":
        x = max(x, large)
        quotient, remainder = sheet.divide(x, large)
        asked, answer = f"{x}/{large}", f"{quotient} r{remainder}"
    else:
        asked, answer = f"{x}%9", str(sheet.nines(x))
    *spans, last = sheet.close()
    return Drill(asked, (*spans, Span(last.text.removesuffix("\n"), last.loss)), answer)


def _digits(rng: Random) -> Drill:
    """Single digits as the columns of products, sums and differences take them."""
    asked: list[str] = []
    results: list[str] = []
    for _ in range(rng.randint(5, 10)):
        a, b, c, d = (rng.randrange(10) for _ in range(4))
        match rng.choice("**+-"):
            case "*":
                asked.append(f"{a}*{b}+{c}+{d}")
                results.append(f"{a * b + c + d:02d}")
            case "+":
                asked.append(f"{a}+{b}+{c % 2}")
                results.append(f"{a + b + c % 2:02d}")
            case _:
                borrow = int(a < b + c % 2)
                asked.append(f"{borrow}{a}-{b}-{c % 2}")
                results.append(f"{10 * borrow + a - b - c % 2}")
    return _listed(asked, results)


def _sums(rng: Random) -> Drill:
    """A running calculation as in Countdown: "84+54=138 +24=162"."""
    while True:
        chain = random_chain(rng, rng.randint(2, 6), 100)
        values = [chain.first]
        for step in chain.steps:
            values.append(apply(values[-1], *step))
        if all(0 <= v < 2000 for v in values) and not any(op == "*" for op, _ in chain.steps[1:]):
            break
    worked = "".join(chain.worked(halves=True))
    return Drill(chain.expression, (Span(worked),), str(chain.value))


def _differences(rng: Random) -> Drill:
    """Sums and differences of three digits in the head, as Countdown and 24 take them."""
    asked: list[str] = []
    results: list[str] = []
    for _ in range(rng.randint(6, 12)):
        a, b = _pair(rng, rng.choice((100, 1000, 1000)), rng.choice((10, 100, 100, 1000)))
        plus = rng.random() < 0.5
        a, b = (a, b) if plus else (max(a, b), min(a, b))
        asked.append(f"{a}{'+' if plus else '-'}{b}")
        results.append(str(a + b if plus else a - b))
    return _listed(asked, results)


def _products(rng: Random) -> Drill:
    """Small products and what is still missing: "34*4=136", "449-246=203"."""
    asked: list[str] = []
    results: list[str] = []
    for _ in range(rng.randint(3, 6)):
        if rng.random() < 0.6:
            a, b = _pair(rng, 100, 10)
            asked.append(f"{a}*{b}")
            results.append(str(a * b))
        else:
            a, b = _pair(rng, 1000, 1000)
            a, b = max(a, b), min(a, b)
            asked.append(f"{a}-{b}")
            results.append(str(a - b))
    return _listed(asked, results)


def _quotients(rng: Random) -> Drill:
    """One digit of a quotient by a small divisor: "57=13*4+05"."""
    divisor = rng.randint(2, 16)
    width = len(str(divisor))
    asked: list[str] = []
    results: list[str] = []
    for _ in range(rng.randint(4, 8)):
        digit, remainder = rng.randrange(10), rng.randrange(divisor)
        asked.append(f"{digit * divisor + remainder:0{width + 1}d}")
        results.append(f"{divisor}*{digit}+{remainder:0{width}d}")
    drilled = _listed(asked, results)
    return Drill(f"{' '.join(asked)} by {divisor}", drilled.thought, drilled.answer)


def _pairs(rng: Random) -> Drill:
    """Letters and their numbers: the average of two, the difference of two."""
    asked: list[str] = []
    worked: list[str] = []
    averaged = rng.random() < 0.6
    for _ in range(rng.randint(4, 8)):
        a, b = rng.choice(ALPHABET), rng.choice(ALPHABET)
        p, q = position(a), position(b)
        if averaged:
            while (p + q) % 2:
                b = rng.choice(ALPHABET)
                q = position(b)
            asked.append(a + b)
            worked.append(f"{a}{b}{p}+{q}={p + q} {(p + q) // 2}{letter((p + q) // 2)}")
        else:
            around = f"+26={p - q + 26}" if p < q else ""
            asked.append(f"{a}-{b}")
            worked.append(f"{a}-{b} {p}-{q}={p - q}{around}")
    return Drill(" ".join(asked), (Span(" ".join(worked)),), worked[-1][-1])


def _table(rng: Random) -> Drill:
    """Words read through a table of a shift, or of letters in any order."""
    if rng.random() < 0.5:
        by = rng.randint(1, 25)
        key = {c: shift(c, -by) for c in ALPHABET}
        start = rng.choice(ALPHABET)
        table = shift_table(start, key[start])
    else:
        mixed = rng.sample(ALPHABET, 26)
        key = dict(zip(ALPHABET, mixed, strict=True))
        table = interleave(ALPHABET, "".join(mixed))
    codes = ["".join(rng.choices(ALPHABET, k=rng.randint(1, 11))) for _ in range(rng.randint(1, 3))]
    words = ["".join(key[c] for c in code) for code in codes]
    lines = [f"{interleave(code, word)} {word}" for code, word in zip(codes, words, strict=True)]
    asked = f"{table} {' '.join(codes).upper()}"
    return Drill(asked, (Span("\n".join(lines)),), " ".join(words))


def _substitution(rng: Random) -> Drill:
    """A code and what it says, word by word on lines of one form, and words read from them."""
    mixed = dict(zip(ALPHABET, rng.sample(ALPHABET, 26), strict=True))
    plain = english.phrase_words(rng, "train", 2, 5)
    known = sorted(set("".join(plain)))
    asked = [_spelled(rng, known) for _ in range(rng.randint(1, 4))]
    texts = [" ".join("".join(mixed[c] for c in word) for word in each) for each in (plain, asked)]
    if rng.random() < 0.3:
        texts = [text.upper() for text in texts]
    said = rng.choice((str.lower, str.capitalize, str.title, str.upper))(" ".join(plain))
    table = dict.fromkeys(map(aligned, texts[0].lower().split(), plain))
    codes = texts[1].lower().split()
    lines = [f"{interleave(code, word)} {word}" for code, word in zip(codes, asked, strict=True)]
    worked = "\n".join([*table, *lines])
    shown = rng.choice((f"{texts[0]} -> {said}", f"{said} = {texts[0]}", f"{texts[0]}, {said}"))
    return Drill(f"{shown}; {texts[1]}", (Span(worked),), " ".join(asked))


def _spelled(rng: Random, letters: list[str]) -> str:
    """A word of the list that has these letters only, or any letters where there is none."""
    for word in rng.choices(english.words("train"), k=60):
        if len(word) <= 12 and set(word) <= set(letters):
            return word
    return "".join(rng.choices(letters, k=rng.randint(3, 9)))


def _english(rng: Random) -> Drill:
    """The heads of texts a few letters away, moved back until they are English."""
    heads: list[str] = []
    lines: list[str] = []
    plain = ""
    for _ in range(rng.randint(3, 6)):
        plain = " ".join(english.phrase_words(rng, "train", 3, 12))[:PREFIX].rstrip()
        by = rng.randint(1, 5)
        heads.append(shift(plain, by).upper())
        lines += [heads[-1], *(shift(plain, k) for k in range(by - 1, 0, -1)), f"{plain} yes"]
    return Drill("; ".join(heads), (Span("\n".join(lines)),), plain)


def _listed(asked: list[str], results: list[str]) -> Drill:
    worked = " ".join(f"{a}={b}" for a, b in zip(asked, results, strict=True))
    return Drill(" ".join(asked), (Span(worked),), results[-1])


def _pair(rng: Random, below: int, other: int) -> tuple[int, int]:
    """Two numbers whose sum and product are not kept for evaluation."""
    while True:
        x, y = rng.randrange(below), rng.randrange(other)
        if belongs("train", x, y) and belongs("train", y, x):
            return x, y


_SHARES: dict[Callable[[Random], Drill], float] = {
    _column: 0.23,
    _digits: 0.1,
    _sums: 0.13,
    _differences: 0.14,
    _products: 0.1,
    _quotients: 0.08,
    _pairs: 0.07,
    _table: 0.05,
    _substitution: 0.25,
    _english: 0.12,
}
