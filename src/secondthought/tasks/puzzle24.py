"""The game of 24: make 24 from four numbers with + - * /, each used once.

The thought works backward from 24. It picks the number of the last step and says what must be
there before it, with the numbers left for that; when two are left it lists what they make:

    make 24: 6 3 9 1
    24+1=25 left 6 3 9; 25-9=16 left 6 3; 6+3=9 6-3=3 6*3=18 6/3=2 no
    24-6=18 left 3 9 1; 18/9=2 left 3 1; 3+1=4 3-1=2 yes
    (3-1)=2 *9=18 +6=24 yes

"24-6=18" means that 18+6 is 24. The last line without its results is the answer. The choices of
a line that fails are not imitated (no loss), what follows from them is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import Any, ClassVar

from secondthought.messages import AnswerFormat, Problem
from secondthought.tasks import expression
from secondthought.tasks.base import Demonstration, Item, Language, Span, Split, Task, Wording
from secondthought.tasks.chains import Chain, random_chain
from secondthought.tasks.phrasing import listed, phrase
from secondthought.tasks.split import belongs
from secondthought.tasks.wordings.puzzle24 import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.trace import Verdict

GYM = (
    "Make 24 using {numbers}. You can only use each number once. "
    "You can use the operators +, -, *, /.\n"
    "Final answer format instructions:\n"
    "1. Provide your final answer as a arithmetic expression (no '=' sign).\n"
    "2. Do not include the target number in the expression.\n"
    "3. Use '*' for multiplication.\n"
    "4. Use '/' for division.\n",
)

_LEVELS = {1: (3, 10), 2: (4, 6), 3: (4, 10), 4: (4, 13), 5: (5, 13)}
"""How many numbers, and the largest; 3 is reasoning-gym's default."""


class Puzzle24(Task):
    name = "puzzle24"
    key = "make"
    title = "The game of 24"
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
        """There are only some hundred puzzles, so each belongs to one split."""
        if level not in _LEVELS:
            raise ValueError(f"puzzle24 has levels 1 to 5, not {level}")
        count, top = _LEVELS[level]
        chain = random_chain(rng, count, top)
        while not (
            chain.value == 24
            and belongs(split, *sorted(chain.numbers))
            # a chain may dip below zero or leave the whole numbers; a thought does not
            and next(_chains(chain.numbers, 24), None)
        ):
            chain = random_chain(rng, count, top)
        numbers = rng.sample(chain.numbers, count)
        if wording == "gym":
            language = "en"
        own, held_out = (OWN_EN, HELD_OUT_EN) if language == "en" else (OWN_KO, HELD_OUT_KO)
        gym = ", ".join(map(str, numbers))
        question = phrase(
            rng,
            GYM if wording == "gym" else held_out if wording == "held_out" else own,
            decorate=wording != "gym",
            usual_first=wording == "own",
            numbers=gym if wording == "gym" else listed(rng, numbers, language),
        )
        return Item(
            self.name,
            level,
            Problem.ask(question),
            chain.expression,
            {"numbers": numbers},
            wording,
            language,
        )

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        numbers = list(item.data["numbers"])
        chain = _solve(tuple(numbers))
        spans = [Span(f"{self.key} 24: {' '.join(map(str, numbers))}\n")]
        if hint:
            spans.append(Span(f"hint: {hint}\n"))
        if not hint or hint != _last_step(chain):
            turns: dict[tuple[int, ...], list[Span]] = {}  # by what they come to
            for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3))):
                state, turn = _wrong_turn(numbers, rng)
                turns.setdefault(state, turn)
            spans += [span for turn in turns.values() for span in turn]
        spans.append(Span(_backward(chain, numbers)))
        op, n = chain.steps[-1]
        if op in "+-" and rng.random() < 0.15:
            slip = Chain.of(chain.first, *chain.steps[:-1], ("-" if op == "+" else "+", n))
            *good, wrong = slip.worked()
            spans += [Span("".join(good)), Span(wrong, loss=False), Span(" not 24 no\n")]
        spans.append(Span("".join(chain.worked()) + " yes"))
        return Demonstration(tuple(spans), chain.expression)

    def verify(self, item: Item, text: str) -> Verdict:
        return self.check_answer(item.data, text)

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        """reasoning-gym's scorer takes any four numbers from 1 to 10; here the given ones."""
        return expression.judge(text, list(item_data["numbers"]), 24)

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        """A reason, or the last step of a solution."""
        reason = self.check_answer(item.data, wrong).feedback
        if not reason or "no arithmetic" in reason or rng.random() < 0.5:
            return _last_step(_solve(tuple(item.data["numbers"])))
        return reason

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        numbers = list(item.data["numbers"])
        right = _solve(tuple(numbers)).expression
        i = rng.randrange(len(numbers))
        misses = [
            right.replace(str(numbers[i]), str(numbers[i] + 1), 1),
            f"{right}*1",
            right.replace("+", "-", 1) if "+" in right else right.replace("*", "+", 1),
            "+".join(map(str, numbers)),
            "4*6",
            "24",
        ]
        return [m for m in misses if not self.check_answer(item.data, m).passed]


# --- the search -----------------------------------------------------------------------------

_UNDO = {"+": "-", "-": "+", "*": "/", "/": "*"}
_LARGEST = 150
"""Numbers on the way back from 24 that are larger are not worth a look."""


def _before(need: int, op: str, n: int) -> int | None:
    """What `op n` must be done to for `need` to come out, if that is a natural number."""
    if op == "*":
        return need // n if need % n == 0 else None
    value = need - n if op == "+" else need + n if op == "-" else need * n
    return value if 0 < value <= _LARGEST else None


def _made(a: int, b: int) -> Iterator[tuple[int, str, int, int]]:
    """(x, op, y, result) for two numbers, in the order in which they are listed."""
    x, y = max(a, b), min(a, b)
    yield a, "+", b, a + b
    yield x, "-", y, x - y
    yield a, "*", b, a * b
    if x % y == 0:
        yield x, "/", y, x // y


def _chains(numbers: Sequence[int], need: int) -> Iterator[Chain]:
    """All chains of the numbers that make `need`, by way of natural numbers."""
    if len(numbers) == 2:
        for x, op, y, result in _made(*numbers):
            if result == need:
                yield Chain(x, ((op, y),), result)
        return
    for n in sorted(set(numbers), reverse=True):
        left = _without(numbers, n)
        for op in "+-*/":
            if (value := _before(need, op, n)) is not None:
                for chain in _chains(left, value):
                    yield chain.then(((op, n),))


def _without(numbers: Sequence[int], n: int) -> list[int]:
    left = list(numbers)
    left.remove(n)
    return left


@lru_cache(maxsize=4096)
def _solve(numbers: tuple[int, ...]) -> Chain:
    """The easiest solution: its numbers stay small on the way and it is short to write.

    Raises ValueError where there is none.
    """
    found = list(_chains(numbers, 24))
    if not found:
        raise ValueError(f"24 cannot be made from {numbers} step by step")

    def effort(chain: Chain) -> tuple[int, int, str]:
        results = [int(piece.rpartition("=")[2]) for piece in chain.worked()]
        return max(results), len(chain.expression), chain.expression

    return min(found, key=effort)


def _last_step(chain: Chain) -> str:
    op, n = chain.steps[-1]
    return f"the last step is {op}{n}"


# --- the thought ----------------------------------------------------------------------------


def _step_back(need: int, op: str, n: int, left: Sequence[int]) -> tuple[str, str]:
    """(choice, what follows): "24+2", "=26 left 4 8 6; "."""
    value = _before(need, op, n)
    return f"{need}{_UNDO[op]}{n}", f"={value} left {' '.join(map(str, left))}; "


def _backward(chain: Chain, numbers: Sequence[int]) -> str:
    """The line that finds the chain."""
    text, need, left = "", chain.value, list(numbers)
    for op, n in reversed(chain.steps[1:]):
        left = _without(left, n)
        text += "".join(_step_back(need, op, n, left))
        need = _before(need, op, n) or 0
    return text + _listed(left, need)


def _listed(pair: Sequence[int], need: int) -> str:
    """What two numbers make, up to what is needed."""
    texts: list[str] = []
    for x, op, y, result in _made(*pair):
        texts.append(f"{x}{op}{y}={result}")
        if result == need:
            return " ".join(texts) + " yes\n"
    return " ".join(texts) + " no\n"


def _wrong_turn(numbers: Sequence[int], rng: Random) -> tuple[tuple[int, ...], list[Span]]:
    """A line of plausible choices that fails, and what it comes to: the value that is needed and
    the two numbers that are left."""
    for _ in range(20):
        need, left = 24, list(numbers)
        spans: list[Span] = []
        while len(left) > 2:
            n = rng.choice(left)
            ops = [op for op in "+-*/" if _before(need, op, n) is not None and n > (op in "*/")]
            if not ops:
                break
            op = rng.choice(ops)
            left = _without(left, n)
            choice, rest = _step_back(need, op, n, left)
            spans += [Span(choice, loss=False), Span(rest)]
            need = _before(need, op, n) or 0
        if len(left) == 2 and need <= left[0] * left[1] + 10:
            end = _listed(left, need)
            if end.endswith("no\n"):
                return (need, *sorted(left)), [*spans, Span(end)]
    return (), []
