"""Sums and differences of several numbers, checked by casting out nines.

    sum 123-456+88-9
    plus 123 88
    minus 456 9
    123+088: 3+8+0=11 2+8+1=11 1+0+1=02 =0211
    456+009: 6+9+0=15 5+0+1=06 4+0+0=04 =0465
    211?465: 2<4
    465-211: 05-1-0=4 06-1-0=5 04-2-0=2 =254
    =-254
    123%9: 11 23 36 +88: 85 84 +254: 26 52 06
    456%9: 44 50 66 +9: 96
    6=6 yes

What is added and what is taken away are summed apart: so there is one comparison and one
subtraction in a thought, and no sign to carry along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from secondthought.tasks.wordings.chain_sum import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.tasks.worksheet import Worksheet, worked
from secondthought.trace import Verdict

GYM = ("State the final answer to the following arithmetic problem: {sum} =",)

# Level: (fewest, most) terms, (fewest, most) digits, and whether the digits differ in one sum.
_LEVELS = {
    1: ((2, 2), (1, 2), True),
    2: ((2, 4), (1, 3), True),
    3: ((2, 6), (1, 4), False),
    4: ((2, 8), (1, 5), True),
    5: ((4, 8), (3, 6), True),
}


class ChainSum(Task):
    name: ClassVar[str] = "chain_sum"
    key: ClassVar[str] = "sum"
    title: ClassVar[str] = "Add and subtract several numbers"
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
            raise ValueError(f"chain_sum has levels 1 to 5, not {level}")
        terms = _terms(rng, level)
        while not belongs(split, *terms):
            terms = _terms(rng, level)
        space = "" if wording != "gym" and rng.random() < 0.4 else " "
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
            sum=written(terms, space),
        )
        return Item(
            task=self.name,
            level=level,
            problem=Problem.ask(text),
            answer=str(value(terms)),
            data={"terms": terms},
            wording=wording,
            language=language,
        )

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        terms: list[str] = item.data["terms"]
        plus = [int(t) for t in terms if t[0] != "-"]
        minus = [int(t[1:]) for t in terms if t[0] == "-"]

        def solve(sheet: Worksheet) -> bool:
            sheet.say(f"plus {' '.join(map(str, plus))}\n")
            if minus:
                sheet.say(f"minus {' '.join(map(str, minus))}\n")
            added, taken = total(sheet, plus), total(sheet, minus)
            if not minus:
                sheet.say(f"={added}\n")
                return sheet.agree(sheet.nines(*plus), sheet.nines(added))
            if sheet.compare(added, taken) == "<":
                rest = sheet.subtract(taken, added)
                sheet.say(f"=-{rest}\n")
                return sheet.agree(sheet.nines(*plus, rest), sheet.nines(*minus))
            rest = sheet.subtract(added, taken)
            sheet.say(f"={rest}\n")
            return sheet.agree(sheet.nines(*plus), sheet.nines(*minus, rest))

        head = f"sum {written(terms)}\n" + (f"hint: {hint}\n" if hint else "")
        return Demonstration((Span(head), *worked(solve, rng)), item.answer)

    def verify(self, item: Item, text: str) -> Verdict:
        return judge_integer(text, int(item.answer))

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        return judge_integer(text, value(item_data["terms"]))

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        gold, given = int(item.answer), integer(wrong)
        hints = [f"the last digit is {abs(gold) % 10}"]
        if given is not None and given % 9 != gold % 9:
            hints.append(f"mod 9 it must be {gold % 9}, not {given % 9}")
        if given is not None and (given < 0) != (gold < 0):
            hints = ["the sign is wrong"]
        return unless_told(rng.choice(hints), item.answer)

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        gold = int(item.answer)
        wrong = [str(n) for n in {*digit_slips(gold), gold + 10, gold - 10, -gold} - {gold}]
        return rng.sample(sorted(wrong), len(wrong))


def _terms(rng: Random, level: int) -> list[str]:
    """Numbers, "-" before those to take away ("-0" too); the first is never taken away."""
    terms, digits, mixed = _LEVELS[level]
    count, width = rng.randint(*terms), rng.randint(*digits)
    numbers: list[str] = []
    for i in range(count):
        if mixed:
            width = rng.randint(*digits)
        number = rng.randint(0 if width == 1 else 10 ** (width - 1), 10**width - 1)
        numbers.append(str(number) if i == 0 or rng.random() < 0.5 else f"-{number}")
    return numbers


def value(terms: Sequence[str]) -> int:
    return sum(int(term) for term in terms)


def written(terms: Sequence[str], space: str = "") -> str:
    """The expression, with `space` around its signs."""
    text = terms[0]
    for term in terms[1:]:
        sign, number = ("-", term[1:]) if term[0] == "-" else ("+", term)
        text += f"{space}{sign}{space}{number}"
    return text


def total(sheet: Worksheet, numbers: Sequence[int]) -> int:
    """The sum of the numbers, added one after the other."""
    result = numbers[0] if numbers else 0
    for number in numbers[1:]:
        result = sheet.add(result, number)
    return result
