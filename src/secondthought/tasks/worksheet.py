"""Arithmetic written out digit by digit: the one dialect of all tasks, the writing half.

`steps.parse` reads it back and judges every step. The forms are made for a small transformer
over bytes: low digit first; each step restates the digits it uses; columns have a fixed width
(sums always two digits: carry, digit), so what is needed stands at a constant distance; digits
used up are stripped from the number in the line's head, so that nothing is ever counted.

    8995*5221                             product: a row adds one digit's multiple to the
    522,1: 5*1+0+0=05 ... =0899,5         product so far (digit*digit + digit so far + carry);
    52,2: 5*2+9+0=19 ... =1888,95         after the comma, the digits that are final
    211+465: 1+5+0=06 ... =0676           column sum: digit + digit + carry
    465-211: 05-1-0=4 ... =254            column difference: digit (10 borrowed) - digit - borrow
    211?465: 2<4                          comparison, highest digit first
    34*8+6: 4*8+6=38 3*8+3=27 =278        multiple by a small factor, plus a small number
    278/16: 027=16*1+11 118=16*7+06 =17 r06     division by a small number
    428/72 5: 2*5+0=10 +8=18 7*5+1=36 +6=42 4=4 r68<72    one quotient digit: what must be added
                                          to each digit's multiple to reach the dividend's digit
    8995%9: 88 98 98 54 +12: 15 27        casting out nines: digit, remainder so far
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from secondthought.tasks.base import Span

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SLIP_RATE = 0.12
SLIP_LENGTH = 500
"""Longer solutions are not written twice."""
HARD_GUESS = 0.15
"""How often a quotient digit that is hard to guess is first guessed wrong."""


class Worksheet:
    """Collects the spans of a thought. Emitters return what the sheet says, slips included.

    rng: chooses wrong guesses of quotient digits; None = none are made.
    slip: index of the result that is to be written wrong (-1 = none); `results` counts them.
    """

    def __init__(self, rng: Random | None = None, slip: int = -1) -> None:
        self.spans: list[Span] = []
        self.results = 0
        self._rng = rng
        self._slip = slip
        self._text: list[str] = []

    def say(self, text: str) -> None:
        self._text.append(text)

    def wrong(self, text: str) -> None:
        """Text that is shown but not to be imitated."""
        self.close()
        self.spans.append(Span(text, loss=False))

    def close(self) -> list[Span]:
        """The spans so far."""
        if self._text:
            self.spans.append(Span("".join(self._text)))
            self._text.clear()
        return self.spans

    def _result(self, left: str, value: int, width: int) -> int:
        """Write ` left=value`; at the slip's index the last digit is one off."""
        self.results += 1
        if self.results - 1 == self._slip:
            value = value - 1 if value % 10 == 9 else value + 1
            self.wrong(f" {left}={value:0{width}d}")
        else:
            self._text.append(f" {left}={value:0{width}d}")
        return value

    def multiply(self, a: int, b: int) -> int:
        """Rows for each digit of b, lowest first; the line above, `a*b`, is the caller's."""
        digits = [int(c) for c in reversed(str(a))]
        high = [0] * len(digits)
        low = ""
        rest = str(b)
        while rest:
            digit, rest = int(rest[-1]), rest[:-1]
            self.say(f"{rest},{digit}:")
            carry = 0
            column: list[int] = []
            for d, h in zip(digits, high, strict=True):
                total = self._result(f"{d}*{digit}+{h}+{carry}", d * digit + h + carry, 2)
                carry, unit = divmod(total, 10)
                column.append(unit)
            low = f"{column[0]}{low}"
            high = [*column[1:], carry]
            self.say(f" ={joined(high)},{low}\n")
        return int(joined(high) + low)

    def add(self, x: int, y: int) -> int:
        """Both numbers padded to one length; the result has one digit more."""
        width = max(len(str(x)), len(str(y)))
        first, second = f"{x:0{width}d}", f"{y:0{width}d}"
        self.say(f"{first}+{second}:")
        carry = 0
        column: list[int] = []
        for c, d in zip(reversed(first), reversed(second), strict=True):
            total = self._result(f"{c}+{d}+{carry}", int(c) + int(d) + carry, 2)
            carry, unit = divmod(total, 10)
            column.append(unit)
        column.append(carry)
        self.say(f" ={joined(column)}\n")
        return int(joined(column))

    def subtract(self, x: int, y: int) -> int:
        """x - y for x >= y."""
        first, second = str(x), f"{y:0{len(str(x))}d}"
        self.say(f"{first}-{second}:")
        borrow = 0
        column: list[int] = []
        for c, d in zip(reversed(first), reversed(second), strict=True):
            more = int(int(c) < int(d) + borrow)
            rest = 10 * more + int(c) - int(d) - borrow
            column.append(self._result(f"{more}{c}-{d}-{borrow}", rest, 1))
            borrow = more
        self.say(f" ={joined(column)}\n")
        return int(joined(column))

    def compare(self, x: int, y: int) -> str:
        """Digit by digit from the left until they differ; "<", "=" or ">"."""
        width = max(len(str(x)), len(str(y)))
        first, second = f"{x:0{width}d}", f"{y:0{width}d}"
        self.say(f"{first}?{second}:")
        sign = "="
        for c, d in zip(first, second, strict=True):
            sign = order(c, d)
            self.say(f" {c}{sign}{d}")
            if sign != "=":
                break
        self.say("\n")
        return sign

    def scale(self, x: int, factor: int, plus: int) -> int:
        """x*factor+plus on one line, without its end; `plus` is the first carry."""
        if x < 10 or factor == 2:
            self.results += 1
            total = x * factor + plus
            if self.results - 1 == self._slip:
                total += 1
                self.wrong(f"{x}*{factor}+{plus}={total}")
            else:
                self.say(f"{x}*{factor}+{plus}={total}")
            return total
        self.say(f"{x}*{factor}+{plus}:")
        carry = plus
        units = ""
        for c in reversed(str(x)):
            total = self._result(f"{c}*{factor}+{carry}", int(c) * factor + carry, 2)
            carry, unit = divmod(total, 10)
            units = f"{unit}{units}"
        self.say(f" ={carry or ''}{units}")
        return int(f"{carry}{units}")

    def divide_small(self, n: int, divisor: int) -> tuple[int, int]:
        """Quotient and remainder on one line, without its end; for divisors up to 36."""
        self.say(f"{n}/{divisor}:")
        width = len(str(divisor))
        quotient, remainder = "", n
        if n >= divisor:
            chunk, rest = first_chunk(str(n), divisor)
            while True:
                digit, remainder = divmod(int(chunk), divisor)
                quotient += str(digit)
                self.say(f" {chunk}={divisor}*{digit}+{remainder:0{width}d}")
                if not rest:
                    break
                chunk, rest = f"{remainder:0{width}d}{rest[0]}", rest[1:]
        self.say(f" ={quotient or 0} r{remainder:0{width}d}")
        return int(quotient or 0), remainder

    def divide(self, n: int, divisor: int) -> tuple[int, int]:
        """Quotient and remainder, one line for each quotient digit; for n >= divisor >= 10."""
        width = len(str(divisor))
        chunk, rest = first_chunk(str(n), divisor)
        quotient = ""
        while True:
            self.say(f"{chunk}{',' if rest else ''}{rest}/{divisor}")
            digit, remainder = divmod(int(chunk), divisor)
            wrong = self._hard_guess(digit, remainder, divisor)
            if wrong is not None:
                self.wrong(f" {wrong}:")
                self._try_digit(chunk, divisor, wrong)
                self.say(" no")
            self.say(f" {digit}:")
            self._try_digit(chunk, divisor, digit)
            self.say("\n")
            quotient += str(digit)
            if not rest:
                return int(quotient), remainder
            chunk, rest = f"{remainder:0{width}d}{rest[0]}", rest[1:]

    def _hard_guess(self, digit: int, remainder: int, divisor: int) -> int | None:
        """The neighbour that the leading digits suggest, now and then, or None."""
        if self._rng is None or self._rng.random() >= HARD_GUESS:
            return None
        if remainder > 0.85 * divisor and digit < 9:
            return digit + 1
        if remainder < 0.1 * divisor and digit > 1:
            return digit - 1
        return None

    def _try_digit(self, chunk: str, divisor: int, digit: int) -> None:
        """Find what is missing from digit*divisor to the chunk, until a comparison decides."""
        carry = 0
        missing: list[int] = []
        if digit == 0:
            self.say(f" r{chunk[1:]}<{divisor}")
            return
        for c, d in zip(reversed(chunk), reversed(str(divisor)), strict=False):
            multiple = int(d) * digit + carry
            more = (int(c) - multiple) % 10
            carry = (multiple + more) // 10
            missing.append(more)
            self.say(f" {d}*{digit}+{multiple - int(d) * digit}={multiple:02d} +{more}={carry}{c}")
        sign = order(carry, int(chunk[0]))
        self.say(f" {carry}{sign}{chunk[0]}")
        if sign == "=":
            self.say(f" r{joined(missing)}{order(int(joined(missing)), divisor)}{divisor}")

    def nines(self, *numbers: int) -> int:
        """The remainder of the numbers' sum mod 9, by a running sum over all digits.

        Each number is written again before its digits: they are then read off close by.
        """
        remainder = 0
        for i, number in enumerate(numbers):
            self.say(f" +{number}:" if i else f"{number}%9:")
            for c in str(number):
                remainder = (remainder + int(c)) % 9
                self.say(f" {c}{remainder}")
        self.say("\n")
        return remainder

    def agree(self, x: int | str, y: int | str) -> bool:
        """The end of a check: `x=y yes`; or `x!=y no` and a new line, where the repair begins."""
        same = x == y
        self.say(f"{x}={y} yes" if same else f"{x}!={y} no\n")
        return same


def joined(low_first: Sequence[int]) -> str:
    return "".join(str(d) for d in reversed(low_first))


def order(x: int | str, y: int | str) -> str:
    """ "<", "=" or ">" between two numbers, or two digits."""
    a, b = int(x), int(y)
    return "<" if a < b else "=" if a == b else ">"


def first_chunk(number: str, divisor: int) -> tuple[str, str]:
    """The leading digits that hold the divisor 1 to 9 times, one digit longer than it; the rest."""
    width = len(str(divisor))
    if int(number[:width]) >= divisor:
        return "0" + number[:width], number[width:]
    return number[: width + 1], number[width + 1 :]


def worked(solve: Callable[[Worksheet], bool], rng: Random) -> list[Span]:
    """Spans of a worked solution; at SLIP_RATE with a slip, found by the check, and all redone.

    solve: writes a whole solution with its check on a sheet; says whether the check passed.
    """
    clean = Worksheet(rng)
    solve(clean)
    spans = clean.close()
    short = sum(len(span.text) for span in spans) <= SLIP_LENGTH
    if clean.results and short and rng.random() < SLIP_RATE:
        slipped = Worksheet(None, rng.randrange(clean.results))
        if not solve(slipped):
            return slipped.close() + spans
    return spans
