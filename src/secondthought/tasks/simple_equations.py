"""Linear equations in one unknown: isolate it, divide, check by putting it back in, mod 9.

    eq 74*l+56=4940
    74*l=4940-56
    4940-0056: 10-6-0=4 14-5-1=8 09-0-1=8 04-0-0=4 =4884
    488,4/74 6: 4*6+0=24 +4=28 7*6+2=44 +4=48 4=4 r44<74
    444/74 6: 4*6+0=24 +0=24 7*6+2=44 +0=44 4=4 r00<74
    l=66
    66%9: 66 63
    74%9: 77 42
    2*3%9=6
    6%9: 66 +56: 52 68
    4940%9: 44 94 48 08
    8=8 yes

The second line has the signs settled: the unknown's multiple is a number, a sum or a difference.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from random import Random
from typing import Any, ClassVar

from secondthought.messages import AnswerFormat, Problem
from secondthought.tasks.answers import digit_slips, integer, judge_integer, unless_told
from secondthought.tasks.base import (
    Demonstration,
    Item,
    Language,
    Span,
    Split,
    Task,
    Wording,
)
from secondthought.tasks.expression import bare
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.split import belongs
from secondthought.tasks.wordings.simple_equations import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.tasks.worksheet import Worksheet, worked
from secondthought.trace import Verdict

GYM = (
    "Find the value of {x} in the equation: {equation}",
    "Solve for {x}: {equation}",
    "Determine the value of {x} that satisfies: {equation}",
)

# Level: (fewest, most) terms and the largest constant, coefficient and solution.
_LEVELS = {1: (1, 2, 12), 2: (2, 3, 30), 3: (2, 4, 100), 4: (2, 4, 300), 5: (2, 5, 1000)}


class SimpleEquations(Task):
    name: ClassVar[str] = "simple_equations"
    key: ClassVar[str] = "eq"
    title: ClassVar[str] = "Solve a linear equation"
    levels: ClassVar[range] = range(1, 6)
    default_level: ClassVar[int] = 3
    check: ClassVar[str] = "by putting it back in"
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
        """a*x + b = c with whole numbers, a not 0, and a whole x > 0."""
        if level not in self.levels:
            raise ValueError(f"simple_equations has levels 1 to 5, not {level}")
        a, b, x = _equation(rng, level)
        while not belongs(split, a, b, x) or (a, b) == (1, 0):  # "c = 7" is no equation
            a, b, x = _equation(rng, level)
        letter = rng.choice(string.ascii_lowercase)
        c = a * x + b
        equation = written(a, b, c, letter)
        if wording == "gym":
            text = phrase(rng, GYM, decorate=False, equation=equation, x=letter)
        else:
            if rng.random() < 0.4:  # 7x, as people write it
                equation = equation.replace(f"*{letter}", letter)
            if rng.random() < 0.4:
                equation = equation.replace(" ", "")
            own = OWN_KO if language == "ko" else OWN_EN
            held_out = HELD_OUT_KO if language == "ko" else HELD_OUT_EN
            usual = wording == "own"
            templates = own if usual else held_out
            text = phrase(rng, templates, usual_first=usual, equation=equation, x=letter)
        return Item(
            task=self.name,
            level=level,
            problem=Problem.ask(text),
            answer=str(x),
            data={"a": a, "b": b, "c": c, "letter": letter},
            wording=wording,
            language=language,
        )

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        a, b, c, letter = (item.data[k] for k in ("a", "b", "c", "letter"))
        factor = abs(a)
        unknown = letter if factor == 1 else f"{factor}*{letter}"
        # a*x = c - b, or -a*x = b - c, without zeros and with the positive term first.
        terms = sorted((t for t in ((c, -b) if a > 0 else (b, -c)) if t), key=lambda t: t < 0)
        first, second = terms[0], terms[1] if len(terms) > 1 else 0

        def solve(sheet: Worksheet) -> bool:
            sheet.say(f"{unknown}={first}{f'{second:+d}' if second else ''}\n")
            value = first
            if second:
                value = sheet.add(*terms) if second > 0 else sheet.subtract(first, -second)
            if factor > 1:
                value, remainder = _divide(sheet, value, factor)
                if remainder:
                    sheet.say("no\n")
                    return False
            sheet.say(f"{letter}={value}\n")
            left = sheet.nines(value)
            if factor > 1:
                times = sheet.nines(factor)
                sheet.say(f"{times}*{left}%9={times * left % 9}\n")
                left = times * left % 9
            if second < 0:
                left = sheet.nines(left, -second)
            right = sheet.nines(first, second) if second > 0 else sheet.nines(first)
            return sheet.agree(left, right)

        head = f"eq {written(a, b, c, letter).replace(' ', '')}\n"
        head += f"hint: {hint}\n" if hint else ""
        return Demonstration((Span(head), *worked(solve, rng)), item.answer)

    def verify(self, item: Item, text: str) -> Verdict:
        return self.check_answer(item.data, text)

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        a, b, c, letter = (item_data[k] for k in ("a", "b", "c", "letter"))
        body = re.sub(rf"^{letter}\s*=\s*", "", bare(text), flags=re.IGNORECASE)
        return judge_integer(body, (c - b) // a)

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        value = integer(wrong)
        if value is None or abs(value) > 10**9:
            return ""
        a, b, letter = item.data["a"], item.data["b"], item.data["letter"]
        return unless_told(f"with {letter}={value} the left side is {a * value + b}", item.answer)

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        gold = int(item.answer)
        wrong = sorted({*digit_slips(gold), gold + 1, gold - 1, -gold} - {gold})
        return [str(n) for n in rng.sample(wrong, min(6, len(wrong)))]


def _equation(rng: Random, level: int) -> tuple[int, int, int]:
    """a, b and the solution x, built term by term from left to right as reasoning-gym does."""
    fewest, most, largest = _LEVELS[level]
    count = rng.randint(fewest, most)
    constants = [rng.randint(1, largest) for _ in range(count)]
    place = rng.randrange(count)
    coefficient = rng.randint(1, largest)
    # The left side so far is a*x + b.
    a, b = (coefficient, 0) if place == 0 else (0, constants[0])
    for i in range(1, count):
        operator = rng.choices("+-*", weights=(0.4, 0.4, 0.2))[0]
        if operator == "*":
            if i == place:
                a, b = b * coefficient, 0
            else:
                a, b = a * constants[i], b * constants[i]
        else:
            sign = 1 if operator == "+" else -1
            if i == place:
                a += sign * coefficient
            else:
                b += sign * constants[i]
    x = rng.randint(1, largest)
    return (a, b, x) if a else _equation(rng, level)


def written(a: int, b: int, c: int, letter: str) -> str:
    """The equation as sympy would print it: 7*x + 5 = 26, 5 - 7*x = -16, -x - 5 = -8."""
    size = letter if abs(a) == 1 else f"{abs(a)}*{letter}"
    if b > 0 and a < 0:
        return f"{b} - {size} = {c}"
    left = f"-{size}" if a < 0 else size
    constant = f" {'+' if b > 0 else '-'} {abs(b)}" if b else ""
    return f"{left}{constant} = {c}"


def _divide(sheet: Worksheet, number: int, divisor: int) -> tuple[int, int]:
    """Quotient and remainder; by known multiples below ten."""
    if divisor < 10:
        result = sheet.divide_small(number, divisor)
        sheet.say("\n")
        return result
    # Only a slip makes the number smaller than the divisor.
    return sheet.divide(number, divisor) if number >= divisor else (0, number)
