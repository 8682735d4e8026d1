"""Numbers joined from left to right, ((a-b)*c+d)/e: the puzzles of Countdown and 24 are made so."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

Terms = tuple[tuple[str, int], ...]
"""(operator, number) in order."""


@dataclass(frozen=True, slots=True)
class Chain:
    """steps: what is done to `first`, one after the other. value: the integer that comes out."""

    first: int
    steps: Terms
    value: int

    @classmethod
    def of(cls, first: int, *steps: tuple[str, int]) -> Chain:
        """Divisions must come out even."""
        value = first
        for op, n in steps:
            value = apply(value, op, n)
        return cls(first, steps, value)

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.first, *(n for _, n in self.steps))

    @property
    def expression(self) -> str:
        """As people write it, with the brackets it needs: (62-47)*17+28."""
        return "".join(piece for piece, _, _ in self._pieces())

    def then(self, terms: Terms) -> Chain:
        return Chain.of(self.first, *self.steps, *terms)

    def worked(self, *, halves: bool = False) -> list[str]:
        """The expression cut into pieces, each with its result: "(62-47)=15", " *17=255".

        halves: a product too long for one step is shown in two parts, " *17=105+150=255".
        """
        (start, _, before), *rest = self._pieces()
        texts = [] if rest else [start]
        for i, (piece, op, n) in enumerate(rest):
            after = apply(before, op, n)
            parts = _halves(before, n) if halves and op == "*" else ""
            texts.append(f"{' ' if i else start}{piece}={parts}{after}")
            before = after
        return texts

    def _pieces(self) -> list[tuple[str, str, int]]:
        """(text, operator, number) of each number; joined, the texts are the expression."""
        pieces = [("", "", self.first)]
        brackets = 0
        for i, (op, n) in enumerate(self.steps):
            following = self.steps[i + 1][0] if i + 1 < len(self.steps) else "+"
            close = op in "+-" and following in "*/"
            brackets += close
            pieces.append((f"{op}{n}{')' if close else ''}", op, n))
        pieces[0] = ("(" * brackets + str(self.first), "", self.first)
        return pieces


def apply(value: int, op: str, n: int) -> int:
    if op == "+":
        return value + n
    if op == "-":
        return value - n
    return value * n if op == "*" else value // n


def _halves(a: int, b: int) -> str:
    """The two parts of a product that is too long for one step, else ""."""
    if a > 99 and 1 < b < 10:
        return f"{a // 100 * 100 * b}+{a % 100 * b}=" if a % 100 else ""
    if a < 10 or b < 10 or a % 10 == 0 or b % 10 == 0:
        return ""
    return f"{a * (b % 10)}+{a * (b // 10 * 10)}="


def random_chain(rng: Random, count: int, top: int) -> Chain:
    """A chain of `count` numbers from 1 to `top`, drawn as reasoning-gym draws them: a division
    takes one of the coming numbers that divides what is there, or becomes a subtraction."""
    numbers = [rng.randint(1, top) for _ in range(count)]
    value = numbers[0]
    steps: list[tuple[str, int]] = []
    for i in range(1, count):
        op = rng.choice("+-*/")
        if op == "/":
            divisors = [n for n in numbers[i:] if value % n == 0]
            if divisors:
                numbers[i] = rng.choice(divisors)
            else:
                op = "-"
        steps.append((op, numbers[i]))
        value = apply(value, op, numbers[i])
    return Chain(numbers[0], tuple(steps), value)
