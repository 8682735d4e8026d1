"""The lines of an example cipher's thought: rules tried, words decoded, checks, slips.

`rule` is one of: pairs, caesar, atbash, reverse words, reverse all, position in word,
position in text, keyword. `tasks/example_cipher.py` shows whole thoughts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

from secondthought.tasks.base import Span
from secondthought.tasks.ciphers import backward, letter, position, slipped

_PROBES = 0.15


def find_rule(
    rng: Random, rule: str, codes: Sequence[str], plain: Sequence[str], at: int
) -> list[str]:
    """The rules that are tried on word `at` of the example, up to the right one.

    Pairs and reversal are seen from the lengths and letters; the others need a calculation. Words
    that are too short to be tried are passed in both texts side by side, so that the word that is
    tried does not meet another one's code.
    """
    if at:
        walked = " ".join(f"{codes[i]} {plain[i]}" for i in range(at + 1))
        return [f"then {walked}", *_tried(rng, rule, codes, plain, at)]
    return _tried(rng, rule, codes, plain, at)


def _tried(
    rng: Random, rule: str, codes: Sequence[str], plain: Sequence[str], at: int
) -> list[str]:
    code, word = codes[at], plain[at]
    if rule == "pairs":
        return [f"pairs {_average(code[:2], word[0])} {_average(code[2:4], word[1])} yes"]
    # A word that is not turned round where it stands: is the last one, where the text begins?
    turned = f"reverse {word} {word[::-1]}"
    whole = [f"{turned} no", f"reverse all {plain[-1]} {plain[-1][::-1]}"]
    if rule == "reverse words":
        return [f"{turned} yes"]
    if rule == "reverse all":
        return [whole[0], f"{whole[1]} yes"]
    lines: list[str] = []
    if rng.random() < _PROBES and code != word[::-1] and codes[0] != plain[-1][::-1]:
        lines += [whole[0], f"{whole[1]} no"]
    differences = " ".join(_difference(*pair) for pair in list(zip(code, word, strict=True))[:3])
    if rule == "caesar":
        return [*lines, f"shift {differences} yes"]
    if rule.startswith("position"):
        # In the first word both rules count 1 2 3; the first letter of the next one tells.
        if at == 0:
            following = _difference(codes[1][0], plain[1][0])
            differences += f" next {codes[1]} {plain[1]} {following}"
        return [*lines, f"shift {differences} by {rule}"]
    sums = " ".join(
        f"{c}+{p} {position(c)}+{position(p)}={position(c) + position(p)}"
        for c, p in list(zip(code, word, strict=True))[:2]
    )
    lines.append(f"shift {differences} no")
    return [*lines, f"sum {sums} {'yes' if rule == 'atbash' else 'no'}"]


def tested(example: Sequence[str]) -> int:
    """The index of the word that rules are tried on: the first of three letters or more."""
    return next(i for i, word in enumerate(example) if len(word) >= 3)


def misleads(rule: str, code: str, word: str) -> bool:
    """Whether the letters that `find_rule` tries fit a rule that is not the right one.

    "bob" is "yly" under Atbash and under a Caesar shift; such examples are not used, nor those of
    a whole text reversed in which this word's code is the word itself turned round.
    """
    if rule == "reverse all":
        return code == word[::-1]
    apart = [(position(c) - position(p)) % 26 for c, p in zip(code, word, strict=True)][:3]
    sums = [position(c) + position(p) for c, p in zip(code, word, strict=True)][:2]
    steps = {(b - a) % 26 for a, b in pairwise(apart)}
    return steps <= {0} or steps <= {1} or (rule != "atbash" and sums == [27, 27])


def _average(pair: str, char: str) -> str:
    """ "oy15+25=40 20t": positions, their sum, half of it and its letter."""
    first, second = position(pair[0]), position(pair[1])
    return f"{pair}{first}+{second}={first + second} {position(char)}{char}"


def _difference(code: str, char: str) -> str:
    """ "w-t 23-20=3", around the alphabet "c-z 3-26=-23+26=3"."""
    apart = position(code) - position(char)
    around = f"+26={apart + 26}" if apart < 0 else ""
    return f"{code}-{char} {position(code)}-{position(char)}={apart}{around}"


def _letters(rule: str, code: str, word: str, start: int) -> list[str]:
    """Each letter's step of a word; every step ends in its plaintext letter."""
    if rule == "pairs":
        return [_average(code[2 * i : 2 * i + 2], char) for i, char in enumerate(word)]
    if rule.startswith("position"):
        return [
            f"{c.upper()}{k}{p}" for k, (c, p) in enumerate(zip(code, word, strict=True), start + 1)
        ]
    return [c.upper() + p for c, p in zip(code, word, strict=True)]


def decode(rule: str, code: str, word: str, start: int) -> str:
    """The line that decodes one word; it ends in the word."""
    if rule.startswith("reverse"):
        return f"{backward(code)} {word}"
    steps = _letters(rule, code, word, start)
    if rule == "pairs":
        return f"{_split_pairs(code)}: {' '.join(steps)} {word}"
    return f"{''.join(steps)} {word}"


def _split_pairs(code: str) -> str:
    return " ".join(code[i : i + 2] for i in range(0, len(code), 2))


def check(rule: str, code: str, word: str) -> str:
    """The word encoded again. For pairs, twice each position, to compare with the sums."""
    if rule == "pairs":
        return f"check {word} " + " ".join(f"{char}{2 * position(char)}" for char in word)
    return f"check {word} {code.upper()}"


def slip(rng: Random, rule: str, code: str, word: str, start: int) -> list[str | Span]:
    """The line of a word with one letter wrong, and the check that finds it."""
    i = rng.randrange(len(word))
    wrong = slipped(rng, word[i])
    steps = _letters(rule, code, word, start)
    gap = " " if rule == "pairs" else ""
    head = f"{_split_pairs(code)}: " if rule == "pairs" else ""
    before = "".join(step + gap for step in steps[:i])
    after = "".join(gap + step for step in steps[i + 1 :])
    word = word[:i] + wrong + word[i + 1 :]
    if rule == "pairs":
        right = f"{position(steps[i][-1])}{steps[i][-1]}"
        middle, bad = steps[i].removesuffix(right), f"{position(wrong)}{wrong}"
        again = code
    else:
        middle, bad = steps[i][:-1], wrong
        again = code[:i] + _other_code(rule, code[i], steps[i][-1], wrong) + code[i + 1 :]
    return [
        head + before + middle,
        Span(bad, loss=False),
        f"{after} {word}\n{check(rule, again, word)} no\n",
    ]


def _other_code(rule: str, code: str, char: str, wrong: str) -> str:
    """What the wrong letter would be encoded to."""
    if rule == "atbash":
        return letter(27 - position(wrong))
    return letter(position(code) - position(char) + position(wrong))
