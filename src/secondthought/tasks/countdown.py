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

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
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
from secondthought.tasks.chains import Chain, Terms, apply, random_chain
from secondthought.tasks.phrasing import phrase
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
OWN_EN = (
    "Make {target} from {numbers}.",
    "Make {target} with {numbers}, using every number once.",
    "Reach {target} using all of {numbers}",
    "Use {numbers} to get {target}.",
    "Countdown: numbers {numbers}, target {target}",
    "Get {target} out of the numbers {numbers}. Each one exactly once.",
    "Write an expression for {target} with the numbers {numbers}, each used once.",
    "How can I get {target} from {numbers}?",
    "Combine {numbers} with + - * / so that the result is {target}.",
    "I have the numbers {numbers}. Make {target}.",
    "target: {target}, numbers: {numbers}",
    "Find an expression equal to {target} that uses each of {numbers} once.",
    "Which calculation with {numbers} gives {target}?",
    "Countdown game. {numbers} -> {target}",
    "Turn {numbers} into {target} using all of them and + - * /.",
)
OWN_KO = (
    "{numbers}(으)로 {target}을 만들어 줘.",
    "숫자 {numbers}를 모두 한 번씩 써서 {target}을 만들어 줘.",
    "카운트다운: 숫자 {numbers}, 목표 {target}",
    "{numbers} 이 숫자들을 전부 사용해서 {target}이 되는 식을 써 줘.",
    "목표는 {target}, 숫자는 {numbers}. 식을 찾아 줘.",
    "{numbers}에 + - * / 를 써서 {target}이 되게 하려면?",
    "어떻게 하면 {numbers}로 {target}이 나올까?",
)
HELD_OUT_EN = (
    "Is there a way to arrive at {target} when all I may use is {numbers}, once each?",
    "With {numbers} on the table, build {target}.",
    "Numbers game: {numbers}. Aim for {target}, no number left over.",
    "Arrange {numbers} in a sum, difference, product or quotient that comes to {target}.",
)
HELD_OUT_KO = (
    "주어진 수 {numbers}를 빠짐없이 사칙연산으로 엮어 {target}에 도달하세요.",
    "{target}이라는 값을 얻고 싶어요. 쓸 수 있는 수는 {numbers}이고 한 번씩만요.",
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
        question = phrase(
            rng,
            GYM if wording == "gym" else held_out if wording == "held_out" else own,
            decorate=wording != "gym",
            numbers=(", " if wording == "gym" else rng.choice((", ", ", ", " "))).join(
                map(str, numbers)
            ),
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
        solution, core = _solve(numbers, target, item.answer)
        told = False
        if hint:
            spans.append(Span(f"hint: {hint}\n"))
            told = hint.startswith(_START) and _flat(core.expression).startswith(
                _flat(hint.removeprefix(_START))
            )
        if not told:
            spans.append(Span(_probe(None, numbers, target).text + "\n"))
            if core.steps:
                for wrong in _wrong_turns(numbers, target, core, rng):
                    spans += [Span(wrong.head, loss=False), Span(wrong.tail + "\n")]
        if core.steps:
            spans.append(Span(solution.text + "\n"))
        slip = _slip(core, solution.terms, rng) if rng.random() < 0.1 else None
        if slip is not None:
            good, wrong, rest = slip
            spans += [Span(good), Span(wrong, loss=False), Span(f"{rest} not {target} no\n")]
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
        solution, core = _solve(numbers, target, item.answer)
        verdict = self.check_answer(item.data, wrong)
        if core.steps and (rng.random() < 0.5 or "no arithmetic" in verdict.feedback):
            # Where the core is the whole answer, its last step is kept back.
            steps = core.steps if solution.terms else core.steps[:-1]
            return _START + Chain.of(core.first, *steps).expression
        return verdict.feedback[:120] or "only + and -"

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        numbers, target = _data(item.data)
        solution, core = _solve(numbers, target, item.answer)
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


def _flat(text: str) -> str:
    return text.replace("(", "").replace(")", "")


def _data(data: Mapping[str, Any]) -> tuple[list[int], int]:
    return list(data["numbers"]), int(data["target"])


def _puzzle(rng: Random, level: _Level) -> Chain:
    low, high = level.target
    count = rng.randint(*level.count)
    while True:
        chain = random_chain(rng, count, level.value)
        if low <= chain.value <= high:
            return chain


# --- the search -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Probe:
    """head: the core as chosen; tail: what comes of it. terms: what is left, with its signs."""

    head: str
    tail: str
    terms: Terms
    solved: bool

    @property
    def text(self) -> str:
        return self.head + self.tail


def _core(first: int, *steps: tuple[str, int]) -> Chain | None:
    """None where a step leaves the natural numbers."""
    value = first
    for op, n in steps:
        if op == "/" and value % n:
            return None
        value = apply(value, op, n)
        if value <= 0:
            return None
    return Chain(first, steps, value)


def _left(numbers: Sequence[int], used: Sequence[int]) -> list[int]:
    left = list(numbers)
    for n in used:
        left.remove(n)
    return left


def _pairs(numbers: Sequence[int]) -> Iterator[Chain | None]:
    """a*b and a/b, the larger number first."""
    for x, y in sorted(set(combinations(numbers, 2))):
        a, b = max(x, y), min(x, y)
        yield _core(a, ("*", b))
        if b > 1:
            yield _core(a, ("/", b))


def _triples(numbers: Sequence[int]) -> Iterator[Chain | None]:
    """(a+b)*c, (a-b)*c, the same with /c, a*b*c, a/b*c and a*b/c."""
    for x, y, c in sorted(set(permutations(numbers, 3))):
        if x < y:
            continue
        for op in "+-":
            yield _core(x, (op, y), ("*", c))
            if c > 1:
                yield _core(x, (op, y), ("/", c))
        if y >= c:
            yield _core(x, ("*", y), ("*", c))
        if c > 1:
            yield _core(x, ("/", c), ("*", y)) or _core(x, ("*", y), ("/", c))


def _quadruples(numbers: Sequence[int]) -> Iterator[Chain | None]:
    """(a±b±c)*d, (a±b)*c/d, (a*b±c)/d and their like."""
    for a, b, c, d in sorted(set(permutations(numbers, 4))):
        if a < b:
            continue
        for last in "*/":
            if d == 1 and last == "/":
                continue
            for second in "+-":
                yield _core(a, ("*", b), (second, c), (last, d))
                if a >= b:
                    yield _core(a, ("+", b), (second, c), (last, d))
                    yield _core(a, ("-", b), (second, c), (last, d))
        if c != d and d > 1 and c > 1:
            yield _core(a, ("+", b), ("*", c), ("/", d))
            yield _core(a, ("-", b), ("*", c), ("/", d))


def _in_range(
    cores: Iterator[Chain | None], total: int, target: int, slack: float = 1.0
) -> Iterator[Chain]:
    """The cores from which what is left can reach the target, as far as its size goes."""
    for core in cores:
        if core is not None and abs(core.value - target) <= slack * (total - sum(core.numbers)):
            yield core


def _probe(core: Chain | None, numbers: Sequence[int], target: int) -> _Probe:
    """Try a core (None: no core): can signs on what is left make up the difference?"""
    if core is None:
        left, need, over = list(numbers), target, False
        head, tail = "all ", ""
    else:
        left = _left(numbers, core.numbers)
        over = core.value >= target
        high, low = (core.value, target) if over else (target, core.value)
        need = high - low
        *chosen, last = core.worked(halves=True)
        cut = last.index("=")
        head = "".join(chosen) + last[:cut]
        tail = f"{last[cut:]} {high}-{low}={need}"
        if not left:
            return _Probe(head, tail + (" yes" if need == 0 else " no"), (), need == 0)
        tail += " left "
    total = left[0]
    tail += str(left[0])
    for i, n in enumerate(left[1:]):
        total += n
        tail += f"{' ' if i else ''}+{n}={total}"
    if total < need:
        return _Probe(head, f"{tail} <{need} no", (), False)
    gap = total - need
    tail += f"{' ' if len(left) > 1 else ''}-{need}={gap}"
    if gap and len(left) == 1:
        return _Probe(head, tail + " no", (), False)
    if gap % 2:
        return _Probe(head, tail + " odd no", (), False)
    flipped: Sequence[int] | None = ()
    if gap:
        flipped, search = _subset(left, gap // 2)
        tail += f" /2={gap // 2}{search}"
    if flipped is None:
        return _Probe(head, tail + " no", (), False)
    kept = _left(left, flipped)
    plus, minus = (flipped, kept) if over else (kept, flipped)
    terms = (*(("+", n) for n in plus), *(("-", n) for n in minus))
    return _Probe(head, tail + " yes", terms, True)


def _subset(left: Sequence[int], half: int) -> tuple[Sequence[int] | None, str]:
    """Up to three of the numbers that sum to `half`, and the search for them.

    " 24-19=5" says 19, then 5 is needed. Larger sets of more than five numbers are not searched.
    """
    if half in left:
        return (half,), ""
    text = ""
    if len(left) >= 3:
        for i, a in enumerate(left):
            if a < half:
                text += f" {half}-{a}={half - a}"
                if half - a in left[i + 1 :]:
                    return (a, half - a), text
    if len(left) >= 4:
        for i, j in combinations(range(len(left) - 1), 2):
            rest = half - left[i] - left[j]
            if rest > 0:
                text += f" {half}-{left[i]}-{left[j]}={rest}"
                if rest in left[j + 1 :]:
                    return (left[i], left[j], rest), text
    return None, text


def _solve(numbers: Sequence[int], target: int, gold: str) -> tuple[_Probe, Chain]:
    """The probe that solves the puzzle and its core (of length 1 where + and - do).

    Short cores first; of the solutions of one length the one shortest to write. Where the
    families of cores do not reach, the core of the known expression is taken.
    """
    probe = _probe(None, numbers, target)
    if probe.solved:
        (_, first), *rest = probe.terms
        return _Probe(probe.head, probe.tail, tuple(rest), True), Chain.of(first)
    total = sum(numbers)
    for family in (_pairs, _triples, _quadruples):
        best: tuple[int, str, _Probe, Chain] | None = None
        for core in _in_range(family(numbers), total, target):
            probe = _probe(core, numbers, target)
            if probe.solved:
                key = (len(probe.text), probe.text, probe, core)
                best = key if best is None or key[:2] < best[:2] else best
        if best is not None:
            return best[2], best[3]
    core = _known_core(gold)
    return _probe(core, numbers, target), core


def _known_core(gold: str) -> Chain:
    """The known expression up to its last * or /. Brackets apart, it reads left to right."""
    first, steps, digits, op = 0, list[tuple[str, int]](), "", ""
    for char in _flat(gold) + "=":
        if char.isdigit():
            digits += char
            continue
        if op:
            steps.append((op, int(digits)))
        else:
            first = int(digits)
        digits, op = "", char
    last = max((i for i, (op, _) in enumerate(steps) if op in "*/"), default=len(steps) - 1)
    core = Chain.of(first, *steps[: last + 1])
    return core if core.value > 0 else Chain.of(first, *steps)


def _wrong_turns(numbers: Sequence[int], target: int, core: Chain, rng: Random) -> list[_Probe]:
    """Some cores that were worth a try and fail, simple ones mostly, a few out of range."""
    families = [_pairs] if len(core.steps) == 1 else [_pairs, _triples]
    total = sum(numbers)
    pool = [c for family in families for c in _in_range(family(numbers), total, target, 1.5)]
    rng.shuffle(pool)
    pool.sort(key=lambda c: len(c.steps) > 1 and rng.random() < 0.5)
    many = (
        rng.choice((0, 0, 1, 1, 2, 3)) if len(core.steps) == 1 else rng.choice((0, 1, 1, 2, 3, 4))
    )
    turns: list[_Probe] = []
    for candidate in pool:
        if len(turns) == many:
            break
        probe = _probe(candidate, numbers, target)
        if not probe.solved:
            turns.append(probe)
    return turns


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
