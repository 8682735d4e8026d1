"""Thoughts in the worksheet's dialect, from line to line: which line must come next?

Within a line the worksheet's reader judges every word. Here each task is a script: a generator
that knows the lines that must come, from the first line and from what the lines so far have
written. A line of another shape ends the script, and what follows is not judged by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import Any

from secondthought.tasks.reading import Marks, Piece, words
from secondthought.tasks.worksheet import DIGITS, first_chunk

Due = tuple[str, ...]
"""What the next line must be. ("line", text): just this. ("head", text): begins so.
("digit", head, rest): one of Horner's lines, and the digits that are still to come.
("nines", n, m, ...): these numbers cast out. ("any",): judged elsewhere."""
Script = Generator[Due, str, None]
Part = Generator[Due, str, Any]

_HEAD = re.compile(r"[-0-9a-z,*+/?%]*")
_MOST_LINES = 1000


class Sheet:
    """Follows a script; `make` begins it, so that a judge can be copied."""

    sheet = True

    def __init__(self, make: Callable[[], Script]) -> None:
        self._make = make
        self._script = make()
        self._sent: list[str] = []
        self._due: Due | None = None
        self._advance(None)

    def __deepcopy__(self, memo: dict[int, Any]) -> Sheet:
        """A script cannot be copied, but gone through again."""
        twin = Sheet(self._make)
        for line in self._sent:
            twin._advance(line)
        if self._due is None:
            twin._due = None
        return twin

    def read(self, line: str, ended: bool) -> list[Piece]:
        marks = Marks(line)
        if self._due is None or (not ended and _cut(line, self._due)):
            return []
        if _compared(marks, self._due, ended):
            self._advance(line)
        else:
            self._due = None
        return marks.pieces

    def _advance(self, line: str | None) -> None:
        try:
            self._due = next(self._script) if line is None else self._script.send(line)
        except (StopIteration, ValueError, IndexError):
            self._due = None
        if line is not None:
            self._sent.append(line)
        if len(self._sent) > _MOST_LINES:
            self._due = None


# --- comparing a line with what is due ----------------------------------------------------------


def _cut(line: str, due: Due) -> bool:
    """Whether a line that is not whole is so far what is due, or too short to tell."""
    kind, *texts = due
    if kind == "line":
        return len(line) < len(texts[0]) and texts[0].startswith(line)
    return " " not in line


def _compared(marks: Marks, due: Due, ended: bool) -> bool:
    """Mark the line; False where it is of another shape than what is due."""
    line = marks.line
    kind, *texts = due
    if kind == "line":
        return _same_words(marks, texts[0], ended)
    if kind == "nines":
        return _same_numbers(marks, texts, ended)
    if kind == "any":
        return True
    head = _HEAD.match(line)
    written = head[0] if head else ""
    if _shape(written) != _shape(texts[0]):
        return False
    marks.add(0, len(written), "copy", written == texts[0], _WHY)
    if kind == "digit":
        tail = re.search(r",[0-9a-z]*$", line)
        rest = f",{texts[1]}" if texts[1] else ""
        if tail:
            marks.add(tail.start(), len(line), "copy", tail[0] == rest, _WHY)
        elif rest and ended:
            marks.lacks("digits are missing")
    return True


_WHY = "not what the lines before give"


def _same_words(marks: Marks, due: str, ended: bool) -> bool:
    found, wanted = words(marks.line), due.split()
    if not found or _shape(found[0][0]) != _shape(wanted[0]):
        return False
    for match, want in zip(found, wanted, strict=False):
        is_verdict = want in ("yes", "no") and match[0] in ("yes", "no")
        marks.word(match, "verdict" if is_verdict else "copy", match[0] == want, _WHY)
    for match in found[len(wanted) :]:
        marks.word(match, "copy", False, "this is too much")
    if ended and len(found) < len(wanted):
        marks.lacks("something is missing")
    return True


def _same_numbers(marks: Marks, numbers: list[str], ended: bool) -> bool:
    """ "390%9: 33 93 03 +142: 14 48 21": the numbers before the colons."""
    heads = [m for m in words(marks.line) if m[0].endswith(":")]
    wanted = [f"{numbers[0]}%9:", *(f"+{n}:" for n in numbers[1:])]
    if not heads or not re.fullmatch(r"[0-9]+%[0-9]+:", heads[0][0]):
        return False
    for match, want in zip(heads, wanted, strict=False):
        marks.word(match, "nines", match[0] == want, _WHY)
    for match in heads[len(wanted) :]:
        marks.word(match, "nines", False, "this is too much")
    if ended and len(heads) < len(wanted):
        marks.lacks("a number is missing")
    return True


def _shape(word: str) -> str:
    """Numbers apart, and whether a check holds ("!=" or "=")."""
    return re.sub(r"[0-9a-z]+", "0", word.replace("!=", "="))


def _int(found: re.Match[str] | None) -> int:
    """The number that a line has written. Raises ValueError where it has none."""
    if found is None:
        raise ValueError
    return int(found[1])


# --- parts of scripts ---------------------------------------------------------------------------


def _agree(x: object, y: object) -> Part:
    """The end of a check; returns whether it was written to hold."""
    same = str(x) == str(y)
    line = yield ("line", f"{x}={y} yes" if same else f"{x}!={y} no")
    return not line.endswith(" no")


def _nines(*numbers: int) -> Part:
    line = yield ("nines", *map(str, numbers))
    return _int(re.search(r"([0-9])$", line))


def _binary(x: int, sign: str, y: int) -> Part:
    """A sum, difference or comparison in columns; returns the line."""
    width = len(str(x)) if sign == "-" else max(len(str(x)), len(str(y)))
    return (yield ("head", f"{x:0{width}d}{sign}{y:0{width}d}"))


def _result(line: str) -> int:
    return _int(re.search(r" =([0-9]{1,60})$", line))


def _total(numbers: list[int]) -> Part:
    result = numbers[0] if numbers else 0
    for number in numbers[1:]:
        result = _result((yield from _binary(result, "+", number)))
    return result


def _divide(number: int, divisor: int) -> Part:
    """Returns (quotient or None, remainder)."""
    if divisor < 10:
        line = yield ("head", f"{number}/{divisor}")
        return _int(re.search(r"=([0-9]{1,60}) r", line)), _int(re.search(r" r([0-9]{1,9})", line))
    if number < divisor:
        raise ValueError
    chunk, rest = first_chunk(str(number), divisor)
    line = yield ("head", f"{chunk}{',' if rest else ''}{rest}/{divisor}")
    quotient = ""
    while True:
        # The worksheet's reader says what the head of each following line must be.
        quotient += _last(r" ([0-9]):", line)
        if "," not in line.partition(" ")[0]:
            return int(quotient), int(_last(r" r([0-9]+)<", line))
        line = yield ("any",)


def _last(form: str, line: str) -> str:
    found: list[str] = re.findall(form, line)
    if not found:
        raise ValueError
    return found[-1]


def _horner(number: str, base: int) -> Part:
    letters = sorted({c for c in number if c.isalpha()})
    if letters:
        yield ("line", " ".join(f"{c}:{DIGITS.index(c)}" for c in letters))
    value, rest = DIGITS.index(number[0]), number[1:]
    yield ("line", f"{value}{',' if rest else ''}{rest}")
    while rest:
        digit, rest = DIGITS.index(rest[0]), rest[1:]
        line = yield ("digit", f"{value}*{base}+{digit}", rest)
        value = _int(re.search(r"=([0-9]{1,60})(?:,[0-9a-z]*)?$", line))
    return value


def _divisions(value: int, base: int) -> Part:
    digits = ""
    while value or not digits:
        line = yield ("head", f"{value}/{base}")
        value = _int(re.search(r" =([0-9]{1,60}) r", line))
        digits = line.rpartition(" ")[2]
        if len(digits) > 200:
            raise ValueError
    return digits


# --- the tasks ----------------------------------------------------------------------------------


def base_conversion(number: str, source: int, target: int) -> Script:
    """ "base 426 8 to 9"."""
    while True:
        value = int(number) if source == 10 else (yield from _horner(number, source))
        if target == 10:
            digits = yield from _divisions(value, source)
            holds = yield from _agree(digits, number)
        else:
            digits = yield from _divisions(value, target)
            back = yield from _horner(digits, target)
            holds = yield from _agree(back, value)
        if holds:
            return


def gcd(numbers: list[int]) -> Script:
    """ "gcd 428 500"."""
    divisor = numbers[0]
    for number in numbers[1:]:
        larger, smaller = max(divisor, number), min(divisor, number)
        while smaller > 1:
            _, remainder = yield from _divide(larger, smaller)
            larger, smaller = smaller, remainder
        divisor = larger if smaller == 0 else 1
    yield ("line", f"={divisor}")
    if divisor == 1:
        return
    holds = True
    for number in numbers:
        _, remainder = yield from _divide(number, divisor)
        holds = holds and remainder == 0
    yield ("line", f"{divisor} {'yes' if holds else 'no'}")


def products(a: int, b: int) -> Script:
    """ "mul 8995*5221"."""
    first, second = (b, a) if len(str(b)) > len(str(a)) else (a, b)
    while True:
        if first != a:
            yield ("line", f"{first}*{second}")
        line = ""
        for _ in str(second):
            line = yield ("any",)
        product = int("".join(_last(r" =([0-9]+,[0-9]+)$", line).split(",")))
        x = yield from _nines(first)
        y = yield from _nines(second)
        line = yield ("head", f"{x}*{y}%9")
        right = _int(re.search(r"=([0-9])$", line))
        left = yield from _nines(product)
        if (yield from _agree(left, right)):
            return
        yield ("line", f"{a}*{b}")


def chain_sum(plus: list[int], minus: list[int]) -> Script:
    """ "sum 580-390-142"."""
    while True:
        yield ("line", " ".join(["plus", *map(str, plus)]))
        if minus:
            yield ("line", " ".join(["minus", *map(str, minus)]))
        added = yield from _total(plus)
        taken = yield from _total(minus)
        left, right = plus, minus
        if not minus:
            yield ("line", f"={added}")
            right = [added]
        elif (yield from _binary(added, "?", taken)).rpartition(" ")[2][1:2] == "<":
            rest = _result((yield from _binary(taken, "-", added)))
            yield ("line", f"=-{rest}")
            left = [*plus, rest]
        else:
            rest = _result((yield from _binary(added, "-", taken)))
            yield ("line", f"={rest}")
            right = [*minus, rest]
        x = yield from _nines(*left)
        y = yield from _nines(*right)
        if (yield from _agree(x, y)):
            return


def simple_equations(a: int, b: int, c: int, letter: str) -> Script:
    """ "eq 51*e+19=4099": a, b and c of a*e+b=c."""
    factor = abs(a)
    terms = sorted((t for t in ((c, -b) if a > 0 else (b, -c)) if t), key=lambda t: t < 0)
    first, second = terms[0], terms[1] if len(terms) > 1 else 0
    unknown = letter if factor == 1 else f"{factor}*{letter}"
    while True:
        yield ("line", f"{unknown}={first}{f'{second:+d}' if second else ''}")
        value = first
        if second:
            sign = "+" if second > 0 else "-"
            value = _result((yield from _binary(first, sign, abs(second))))
        if factor > 1:
            remainder = value
            if value >= factor or factor < 10:
                value, remainder = yield from _divide(value, factor)
            if remainder:
                yield ("line", "no")
                continue
        yield ("line", f"{letter}={value}")
        left = yield from _nines(value)
        if factor > 1:
            times = yield from _nines(factor)
            line = yield ("head", f"{times}*{left}%9")
            left = _int(re.search(r"=([0-9])$", line))
        if second < 0:
            left = yield from _nines(left, -second)
        right = yield from _nines(*([first, second] if second > 0 else [first]))
        if (yield from _agree(left, right)):
            return
