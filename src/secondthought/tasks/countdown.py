"""Countdown: reach a target with all the given numbers and + - * /, each number once.

The thought adds everything up first: if the surplus over the target is even, half of it must be
subtracted, and a few numbers that sum to that half are looked for. Else it guesses a core, the
part with * and /, and does the same with what is left:

    target 449: 89 6 44 41
    all 89+6=95 +44=139 +41=180 <449 no
    41*6=246 449-246=203 left 89+44=133 <203 no
    89*6=534 534-449=85 left 44+41=85 -85=0 yes
    89*6=534 -44=490 -41=449 yes

A later piece of a line goes on with the last result: "+44=139" is 95+44=139. A product of two
numbers of two digits is shown in halves: 34*27=238+680=918. The last line is the answer with
its results: without them, "(76-74)=2 *79=158 -26=132" reads (76-74)*79-26. Cores that fail are
real probes of the search; their choice is not imitated (no loss), so that the model learns to
name the cores that were right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from secondthought.messages import AnswerFormat, Problem
from secondthought.tasks import expression
from secondthought.tasks.base import (
    Demonstration,
    Item,
    Language,
    Span,
    Split,
    Task,
    Wording,
)
from secondthought.tasks.chains import Chain, Terms, random_chain
from secondthought.tasks.countdown_search import flat, probe_core, solve, wrong_turns
from secondthought.tasks.phrasing import listed, phrase
from secondthought.tasks.wordings.countdown import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.trace import Verdict

_RULES = """

Final answer format instructions:
1. Provide your solution as a arithmetic expression (no '=' sign).
2. Do not include the target number in the expression.
3. Use '*' for multiplication.
4. Use '/' for division.
5. Do not include any other text or formatting.
"""
GYM = (
    "Using all the numbers {numbers}, create an expression that equals {target}.\n"
    "You can only use each number once." + _RULES,
    "Find a way to make {target} using all of these numbers: {numbers}.\n"
    "Each number can only be used once." + _RULES,
    "Calculate {target} using all of these numbers: {numbers}.\n"
    "Each number may be used at most once." + _RULES,
)


@dataclass(frozen=True, slots=True)
class _Level:
    count: tuple[int, int]  # how many numbers
    value: int  # the largest number
    target: tuple[int, int]


_LEVELS = {
    1: _Level((3, 3), 20, (10, 99)),
    2: _Level((4, 4), 50, (20, 200)),
    3: _Level((4, 6), 100, (100, 999)),  # reasoning-gym's default
    4: _Level((6, 7), 100, (100, 999)),
    5: _Level((6, 7), 100, (1000, 4999)),
}


class Countdown(Task):
    name = "countdown"
    key = "target"
    title = "Countdown: make a target from numbers"
    levels = range(1, 6)
    default_level = 3
    check = "by working the expression out"
    checkable = True
    format: ClassVar[AnswerFormat] = AnswerFormat("expression")

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
            raise ValueError(f"countdown has levels 1 to 5, not {level}")
        gold = _puzzle(rng, _LEVELS[level])
        numbers = rng.sample(gold.numbers, len(gold.numbers))
        own, held_out = (OWN_EN, HELD_OUT_EN) if language == "en" else (OWN_KO, HELD_OUT_KO)
        gym = ", ".join(map(str, numbers))
        question = phrase(
            rng,
            GYM if wording == "gym" else held_out if wording == "held_out" else own,
            decorate=wording != "gym",
            usual_first=wording == "own",
            numbers=gym if wording == "gym" else listed(rng, numbers, language),
            target=str(gold.value),
        )
        data = {"numbers": numbers, "target": gold.value}
        return Item(
            self.name,
            level,
            Problem.ask(question),
            gold.expression,
            data,
            wording,
            "en" if wording == "gym" else language,
        )

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        numbers, target = _data(item.data)
        spans: list[Span] = [Span(f"{self.key} {target}: {' '.join(map(str, numbers))}\n")]
        solution, core = solve(numbers, target, item.answer)
        told = False
        if hint:
            spans.append(Span(f"hint: {hint}\n"))
            told = hint.startswith(_START) and flat(core.expression).startswith(
                flat(hint.removeprefix(_START))
            )
        if not told:
            spans.append(Span(probe_core(None, numbers, target).text + "\n"))
            if core.steps:
                for wrong in wrong_turns(numbers, target, core, rng):
                    spans += [Span(wrong.head, loss=False), Span(wrong.tail + "\n")]
        if core.steps:
            spans.append(Span(solution.text + "\n"))
        slip = _slip(core, solution.terms, rng) if rng.random() < 0.1 else None
        if slip is not None:
            good, wrong, rest = slip
            spans += [Span(good)] if good else []
            spans += [Span(wrong, loss=False), Span(f"{rest} not {target} no\n")]
        answer = core.then(solution.terms)
        spans.append(Span("".join(answer.worked()) + " yes"))
        return Demonstration(tuple(spans), answer.expression)

    def verify(self, item: Item, text: str) -> Verdict:
        return self.check_answer(item.data, text)

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        numbers, target = _data(item_data)
        return expression.judge(text, numbers, target)

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        numbers, target = _data(item.data)
        solution, core = solve(numbers, target, item.answer)
        verdict = self.check_answer(item.data, wrong)
        if core.steps and (rng.random() < 0.5 or "no arithmetic" in verdict.feedback):
            # Where the core is the whole answer, its last step is kept back.
            steps = core.steps if solution.terms else core.steps[:-1]
            return _START + Chain.of(core.first, *steps).expression
        return verdict.feedback[:120] or "only + and -"

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        numbers, target = _data(item.data)
        solution, core = solve(numbers, target, item.answer)
        right = core.then(solution.terms).expression
        i = rng.randrange(len(numbers))
        other = numbers[i] + rng.choice((1, 2, 10))
        misses = [
            right.replace(str(numbers[i]), str(other), 1),
            f"{right}+{numbers[i]}-{numbers[i]}",
            str(target),
            f"{right}+1",
            "+".join(map(str, numbers)),
        ]
        if solution.terms:
            (sign, n), *rest = solution.terms
            misses.append(core.then(tuple(rest)).expression)
            misses.append(core.then((("-" if sign == "+" else "+", n), *rest)).expression)
        return [m for m in misses if not self.check_answer(item.data, m).passed]


_START = "start with "


def _data(data: Mapping[str, Any]) -> tuple[list[int], int]:
    return list(data["numbers"]), int(data["target"])


def _puzzle(rng: Random, level: _Level) -> Chain:
    low, high = level.target
    count = rng.randint(*level.count)
    while True:
        chain = random_chain(rng, count, level.value)
        if low <= chain.value <= high:
            return chain


def _slip(core: Chain, terms: Terms, rng: Random) -> tuple[str, str, str] | None:
    """The last line with one sign wrong, cut before and after the wrong piece.

    None where nothing can slip or a result would be negative.
    """
    if not terms:
        return None
    at = rng.randrange(len(terms))
    sign, n = terms[at]
    wrong = (*terms[:at], ("-" if sign == "+" else "+", n), *terms[at + 1 :])
    if any(core.then(wrong[: i + 1]).value < 0 for i in range(len(wrong))):
        return None
    pieces = core.then(wrong).worked()
    at += len(pieces) - len(terms)
    return "".join(pieces[:at]), pieces[at], "".join(pieces[at + 1 :])
