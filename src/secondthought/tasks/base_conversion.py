"""Numbers from one base to another: Horner's rule to decimal, repeated division, and back.

    base 426 8 to 9
    4,26
    4*8+2=34,6
    34*8+6: 4*8+6=38 3*8+3=27 =278
    278/9: 27=9*3+0 08=9*0+8 =30 r8 8
    30/9: 30=9*3+3 =3 r3 38
    3/9: =0 r3 338
    3,38
    3*9+3=30,8
    30*9+8: 0*9+8=08 3*9+0=27 =278
    278=278 yes

After the comma stand the digits still to be read; after a remainder, the digits written so far.
Letters are given their values first: "d:13".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from typing import Any, ClassVar

from secondthought.messages import Problem
from secondthought.tasks.answers import unless_told
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
from secondthought.tasks.wordings.base_conversion import (
    DECIMAL_EN,
    DECIMAL_KO,
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.tasks.worksheet import DIGITS, Worksheet, worked
from secondthought.trace import Verdict

GYM = (
    "Your task is to convert a number between two different bases.\n\n"
    "If the target base is > 10, use lowercase letters a-z for digits above 9.\n\n"
    "Now, convert the {source} number {number} to {target}\n",
)

# Level: largest value, the largest base, and whether one of the bases is ten.
_LEVELS = {
    1: (60, 10, True),
    2: (300, 16, True),
    3: (1000, 16, False),
    4: (4000, 16, False),
    5: (10000, 36, False),
}
_FROM_TEN_SHARE = 0.2
"""How often at least the number is decimal in our own wordings: that is what people ask most."""
_NO_BASE_SHARE = 0.5
"""How often it is left unsaid that a number is decimal."""
_NAMED_SHARE = 0.5
"""How often a decimal number goes to a base that has a name of its own, at the least."""
_NAMES_KO = {2: ("2진법", "2진법", "이진법"), 16: ("16진법", "16진법", "십육진법")}
_NAMES = {2: "binary", 8: "octal", 10: "decimal", 16: "hexadecimal"}


class BaseConversion(Task):
    name: ClassVar[str] = "base_conversion"
    key: ClassVar[str] = "base"
    title: ClassVar[str] = "Convert a number to another base"
    levels: ClassVar[range] = range(1, 6)
    default_level: ClassVar[int] = 3
    check: ClassVar[str] = "by converting back"
    checkable: ClassVar[bool] = True

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
            raise ValueError(f"base_conversion has levels 1 to 5, not {level}")
        from_ten = wording == "own" and rng.random() < _FROM_TEN_SHARE
        value, source, target = _draw(rng, level, from_ten)
        while not belongs(split, value, source, target):
            value, source, target = _draw(rng, level, from_ten)
        number = to_base(value, source)
        if wording == "gym":
            text = phrase(
                rng,
                GYM,
                decorate=False,
                number=number,
                source=_gym_name(source),
                target=_gym_name(target),
            )
        else:
            own = OWN_KO if language == "ko" else OWN_EN
            if source == 10 and rng.random() < _NO_BASE_SHARE:
                own = DECIMAL_KO if language == "ko" else DECIMAL_EN
            held_out = HELD_OUT_KO if language == "ko" else HELD_OUT_EN
            text = phrase(
                rng,
                own if wording == "own" else held_out,
                usual_first=wording == "own",
                number=number,
                source=_base_name(source, language, rng),
                target=_base_name(target, language, rng),
            )
        return Item(
            task=self.name,
            level=level,
            problem=Problem.ask(text),
            answer=to_base(value, target),
            data={"number": number, "source": source, "target": target},
            wording=wording,
            language=language,
        )

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        number: str = item.data["number"]
        source, target = item.data["source"], item.data["target"]

        def solve(sheet: Worksheet) -> bool:
            value = int(number) if source == 10 else horner(sheet, number, source)
            if target == 10:
                return sheet.agree(divisions(sheet, value, source), number)
            return sheet.agree(horner(sheet, divisions(sheet, value, target), target), value)

        head = Span(f"base {number} {source} to {target}\n" + (f"hint: {hint}\n" if hint else ""))
        return Demonstration((head, *worked(solve, rng)), item.answer)

    def verify(self, item: Item, text: str) -> Verdict:
        body = bare(text)
        if len(body) > 60 or not re.fullmatch(r"[0-9a-zA-Z]+", body):
            return Verdict.of(False, "the answer must be one number, of digits and letters only")
        right = (body.lower().lstrip("0") or "0") == item.answer
        return Verdict.of(right, "" if right else "this is not the right number")

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        value = int(item_data["number"], item_data["source"])
        gold = to_base(value, item_data["target"])
        return self.verify(Item(self.name, 1, Problem(()), gold, item_data), text)

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        gold = item.answer
        hints = [f"the last digit is {gold[-1]}", f"it has {len(gold)} digits"]
        return unless_told(rng.choice(hints), gold)

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        gold, base = item.answer, item.data["target"]
        value = int(gold, base)
        near = {to_base(n, base) for n in (value + 1, value + base, abs(value - 1)) if n}
        near |= {gold[::-1].lstrip("0"), item.data["number"], str(value), gold[1:].lstrip("0")}
        wrong = sorted(near - {gold, ""})
        return rng.sample(wrong, len(wrong))


def to_base(value: int, base: int) -> str:
    """The digits of a value >= 0, lowercase letters above 9; base 2 to 36."""
    digits = ""
    while value or not digits:
        value, digit = divmod(value, base)
        digits = DIGITS[digit] + digits
    return digits


def horner(sheet: Worksheet, number: str, base: int) -> int:
    """The value of a number, digit by digit from the left."""
    letters = sorted({c for c in number if c.isalpha()})
    if letters:
        sheet.say(" ".join(f"{c}:{DIGITS.index(c)}" for c in letters) + "\n")
    value, rest = DIGITS.index(number[0]), number[1:]
    sheet.say(f"{value}{',' if rest else ''}{rest}\n")
    while rest:
        digit, rest = DIGITS.index(rest[0]), rest[1:]
        value = sheet.scale(value, base, digit)
        sheet.say(f"{',' if rest else ''}{rest}\n")
    return value


def divisions(sheet: Worksheet, value: int, base: int) -> str:
    """The digits of a value in a base: remainders, the last digit first."""
    digits = ""
    while value or not digits:
        value, remainder = sheet.divide_small(value, base)
        digits = DIGITS[remainder] + digits
        sheet.say(f" {digits}\n")
    return digits


def _draw(rng: Random, level: int, from_ten: bool) -> tuple[int, int, int]:
    """Value, source base, target base."""
    largest, most, with_ten = _LEVELS[level]
    value = rng.randint(0, largest)
    bases = list(range(2, most + 1))
    source = 10 if from_ten else rng.choice(bases)
    named = [b for b in bases if b in _NAMES]
    asked = named if from_ten and rng.random() < _NAMED_SHARE else bases
    target = rng.choice([b for b in asked if b != source])
    if with_ten and 10 not in (source, target):
        return (value, 10, target) if rng.random() < 0.5 else (value, source, 10)
    return value, source, target


def _gym_name(base: int) -> str:
    return {2: "binary", 16: "hexadecimal"}.get(base, f"base-{base}")


def _base_name(base: int, language: Language, rng: Random) -> str:
    if language == "ko":
        return rng.choice(_NAMES_KO.get(base, (f"{base}진법",)))
    names = [f"base {base}", f"base-{base}"] + ([_NAMES[base]] * 2 if base in _NAMES else [])
    if base == 16:
        names.append("hex")
    return rng.choice(names)
