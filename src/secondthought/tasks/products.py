"""Products of two whole numbers, worked out row by row and checked by casting out nines.

    mul 8995*5221
    522,1: 5*1+0+0=05 9*1+0+0=09 9*1+0+0=09 8*1+0+0=08 =0899,5
    ...
    8995%9: 88 98 98 54
    5221%9: 55 27 20 11
    4*1%9=4
    46962895%9: 44 61 91 67 20 88 98 54
    4=4 yes

Each row adds one digit's multiple to the product so far, so there is no second phase of long
additions: at 5 x 5 digits this halves the length of the schoolbook form.
"""

from __future__ import annotations

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
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.split import belongs
from secondthought.tasks.wordings.products import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.tasks.worksheet import Worksheet, worked
from secondthought.trace import Verdict

GYM = ("Solve the following multiplication: {a} * {b}. Give only the result as your final answer.",)

# Level: (fewest, most) digits; both numbers have the same number of digits at the gym's level.
_DIGITS = {1: (1, 2), 2: (1, 3), 3: (1, 5), 4: (2, 6), 5: (6, 8)}


class Products(Task):
    name: ClassVar[str] = "products"
    key: ClassVar[str] = "mul"
    title: ClassVar[str] = "Multiply two numbers"
    levels: ClassVar[range] = range(1, 6)
    default_level: ClassVar[int] = 3
    check: ClassVar[str] = "by casting out nines"
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
            raise ValueError(f"products has levels 1 to 5, not {level}")
        a, b = _factors(rng, level)
        while not belongs(split, a, b):
            a, b = _factors(rng, level)
        templates = {
            "gym": GYM,
            "own": OWN_KO if language == "ko" else OWN_EN,
            "held_out": HELD_OUT_KO if language == "ko" else HELD_OUT_EN,
        }[wording]
        text = phrase(
            rng,
            templates,
            decorate=wording != "gym",
            usual_first=wording == "own",
            a=str(a),
            b=str(b),
        )
        return Item(
            task=self.name,
            level=level,
            problem=Problem.ask(text),
            answer=str(a * b),
            data={"a": a, "b": b},
            wording=wording,
            language=language,
        )

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        a, b = item.data["a"], item.data["b"]

        def solve(sheet: Worksheet) -> bool:
            # The longer number stands first: fewer rows, and each row is one digit's multiple.
            first, second = (b, a) if len(str(b)) > len(str(a)) else (a, b)
            if first != a:
                sheet.say(f"{first}*{second}\n")
            product = sheet.multiply(first, second)
            x, y = sheet.nines(first), sheet.nines(second)
            sheet.say(f"{x}*{y}%9={x * y % 9}\n")
            right = sheet.agree(sheet.nines(product), x * y % 9)
            if not right:
                sheet.say(f"{a}*{b}\n")
            return right

        head = Span(f"mul {a}*{b}\n" + (f"hint: {hint}\n" if hint else ""))
        return Demonstration((head, *worked(solve, rng)), item.answer)

    def verify(self, item: Item, text: str) -> Verdict:
        return judge_integer(text, int(item.answer))

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        return judge_integer(text, item_data["a"] * item_data["b"])

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        gold, value = int(item.answer), integer(wrong)
        hints = [f"the last digit is {gold % 10}", f"it has {len(item.answer)} digits"]
        if value is not None and value % 9 != gold % 9:
            hints.append(f"mod 9 it must be {gold % 9}, not {value % 9}")
        return unless_told(rng.choice(hints), item.answer)

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        wrong = [str(n) for n in digit_slips(int(item.answer))]
        return rng.sample(wrong, len(wrong))


def _factors(rng: Random, level: int) -> tuple[int, int]:
    least, most = _DIGITS[level]
    digits = rng.randint(least, most)
    other = digits if level == Products.default_level else rng.randint(least, most)
    return _number(rng, digits), _number(rng, other)


def _number(rng: Random, digits: int) -> int:
    return rng.randint(0 if digits == 1 else 10 ** (digits - 1), 10**digits - 1)
