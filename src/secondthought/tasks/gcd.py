"""The greatest common divisor, by Euclid's remainders; checked by dividing.

    gcd 428 500
    0500/428 1: 8*1+0=08 +2=10 2*1+1=03 +7=10 4*1+1=05 +0=05 0=0 r072<428
    428/72 5: 2*5+0=10 +8=18 7*5+1=36 +6=42 4=4 r68<72
    072/68 1: 8*1+0=08 +4=12 6*1+1=07 +0=07 0=0 r04<68
    68/4: 06=4*1+2 28=4*7+0 =17 r0
    =4
    428/4: 04=4*1+0 02=4*0+2 28=4*7+0 =107 r0
    500/4: 05=4*1+1 10=4*2+2 20=4*5+0 =125 r0
    4 yes

A quotient digit is a guess: it is tried, and refused ("no") when its multiple is too large or
the remainder is not smaller than the divisor. A divisor of 1 needs no check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import gcd
from random import Random
from typing import Any, ClassVar

from secondthought.messages import AnswerFormat, Problem
from secondthought.tasks.answers import digit_slips, integer, judge_integer, unless_told
from secondthought.tasks.base import (
    Demonstration,
    Item,
    Language,
    Split,
    Task,
    Wording,
)
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.split import belongs
from secondthought.tasks.wordings.gcd import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.tasks.worksheet import Worksheet
from secondthought.trace import Verdict

GYM = (
    "Find the Greatest Common Divisor (GCD) of these numbers: {numbers}. "
    "Give only the GCD as your final answer.",
)

# Level: (fewest, most) numbers and the largest number.
_LEVELS = {1: (2, 2, 60), 2: (2, 2, 250), 3: (2, 2, 1000), 4: (2, 3, 2500), 5: (2, 4, 10000)}


class Gcd(Task):
    name: ClassVar[str] = "gcd"
    key: ClassVar[str] = "gcd"
    title: ClassVar[str] = "Greatest common divisor"
    levels: ClassVar[range] = range(1, 6)
    default_level: ClassVar[int] = 3
    check: ClassVar[str] = "by dividing"
    checkable: ClassVar[bool] = True
    format: ClassVar[AnswerFormat] = AnswerFormat("integer")

    def generate(
        self,
        rng: Random,
        level: int,
        *,
        split: Split = "eval",
        wording: Wording = "own",
        language: Language = "en",
    ) -> Item:
        if level not in self.levels:
            raise ValueError(f"gcd has levels 1 to 5, not {level}")
        numbers = _numbers(rng, level)
        while not belongs(split, *numbers):
            numbers = _numbers(rng, level)
        join = ", "
        if wording != "gym" and rng.random() < 0.4:
            join = rng.choice((" ", ",", " and " if language == "en" else _and_ko(numbers)))
        templates = {
            "gym": GYM,
            "own": OWN_KO if language == "ko" else OWN_EN,
            "held_out": HELD_OUT_KO if language == "ko" else HELD_OUT_EN,
        }[wording]
        text = join.join(map(str, numbers))
        return Item(
            task=self.name,
            level=level,
            problem=Problem.ask(
                phrase(
                    rng,
                    templates,
                    decorate=wording != "gym",
                    usual_first=wording == "own",
                    numbers=text,
                )
            ),
            answer=str(gcd(*numbers)),
            data={"numbers": numbers},
            wording=wording,
            language=language,
        )

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        numbers: list[int] = item.data["numbers"]
        sheet = Worksheet(rng)
        sheet.say(f"gcd {' '.join(map(str, numbers))}\n")
        if hint:
            sheet.say(f"hint: {hint}\n")
        divisor = numbers[0]
        for number in numbers[1:]:
            divisor = euclid(sheet, max(divisor, number), min(divisor, number))
        if divisor == 1:
            sheet.say("=1")
        else:
            sheet.say(f"={divisor}\n")
            for number in numbers:
                divide(sheet, number, divisor)
            sheet.say(f"{divisor} yes")
        return Demonstration(tuple(sheet.close()), item.answer)

    def verify(self, item: Item, text: str) -> Verdict:
        return judge_integer(text, int(item.answer))

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        return judge_integer(text, gcd(*item_data["numbers"]))

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        numbers: list[int] = item.data["numbers"]
        value = integer(wrong)
        if value is None or value <= 0:
            return ""
        missed = [n for n in numbers if n % value]
        if missed:
            return unless_told(f"{value} does not divide {rng.choice(missed)}", item.answer)
        return "there is a larger common divisor"

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        numbers: list[int] = item.data["numbers"]
        gold = gcd(*numbers)
        divisors = [d for d in range(1, min(numbers) + 1) if min(numbers) % d == 0]
        wrong = {*digit_slips(gold), *divisors, 2 * gold, gold + 1} - {gold, 0}
        return [str(n) for n in rng.sample(sorted(wrong), min(6, len(wrong)))]


def _and_ko(numbers: Sequence[int]) -> str:
    """The particle between two numbers, by the sound of the first one's last digit."""
    if len(numbers) != 2:
        return ", "
    return "와 " if numbers[0] % 10 in (2, 4, 5, 9) else "과 "


def _numbers(rng: Random, level: int) -> list[int]:
    """Drawn up to three times until there is a common divisor, as reasoning-gym does."""
    fewest, most, largest = _LEVELS[level]
    numbers: list[int] = []
    for _ in range(3):
        numbers = [rng.randint(1, largest) for _ in range(rng.randint(fewest, most))]
        if gcd(*numbers) > 1:
            break
    return numbers


def euclid(sheet: Worksheet, larger: int, smaller: int) -> int:
    """Remainders until one is 0; a divisor of 1 needs no division."""
    while smaller > 1:
        remainder = divide(sheet, larger, smaller)
        if remainder == 0:
            return smaller
        larger, smaller = smaller, remainder
    return 1


def divide(sheet: Worksheet, number: int, divisor: int) -> int:
    """The remainder; numbers below ten are divided by known multiples."""
    if divisor >= 10:
        return sheet.divide(number, divisor)[1]
    remainder = sheet.divide_small(number, divisor)[1]
    sheet.say("\n")
    return remainder
