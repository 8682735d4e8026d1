"""Thoughts read back: every step with a verdict. The reading half of `worksheet` and the tasks.

A line of the worksheet's dialect is followed word by word: from its head and the words so far
it is known what the next word must say. A step fails when its arithmetic is false, and also
when it is true but took a wrong digit; the words after it are judged by what was written, so
one slip is one failed step. Lines of other kinds are cut into words; those that state an
equation ("6*41=246", "+44=290" going on from the word before, "5>4") are judged on their own.

The first line of a thought names its task. A judge of that task (`reading_heads.opened`) follows
the lines and says more: whether they agree with the lines before and with the conversation.
What nobody can judge is kind "text", CANNOT_TELL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from copy import copy, deepcopy
from dataclasses import dataclass, replace

from secondthought.tasks import expression, reading_heads
from secondthought.tasks.reading import (
    TRIED,
    WORD,
    LineJudge,
    Piece,
    judged,
    overlay,
    unknown,
    unpadded,
)
from secondthought.tasks.reading_example import Example
from secondthought.tasks.worksheet import DIGITS, first_chunk, order
from secondthought.trace import Outcome, Step, Verdict

KEYS = frozenset(
    {
        "base",
        "caesar",
        "cipher",
        "eq",
        "gcd",
        "knights",
        "letter",
        "make",
        "mul",
        "spell",
        "sudoku",
        "sum",
        "target",
    }
)
"""The words with which the thoughts of the built-in tasks begin (`Task.key`)."""

_CALCULATED = re.compile(r"[0-9)]\s?[=<>]|[0-9]:(?:\s|$)|%9")
_GRID_ROW = re.compile(r"[0-9_ ]+")

Expected = tuple[str, str | re.Pattern[str]]
"""(kind of the next word, what it must say, or the form of a free one, such as a guess)."""
Reading = Generator[Expected, str, None]
"""Yields what the next word must be and is sent what it is (or should be, if it is misshapen)."""

_LONGEST = 4000  # characters of a line that is compared with others
_HEAD = re.compile(r"[0-9,]+/[0-9]+(?= [0-9]:)|[-0-9,+*/?%]{1,400}:(?= )")
_RELATION = re.compile(r"!=|[<=>]")
_NOTHING = re.compile(r"(?!)")
_GUESS = re.compile(r"[0-9]:")
_ADDEND = re.compile(r"\+[0-9]+:")
_CLAIM = re.compile(r"[-+*/%()0-9<=>!]+")
_WRAPPED = re.compile(r"([0-9]+-[0-9]+=-[0-9]+)\+26(=[0-9]+)")


def key(thought: str) -> str:
    """The first word of a thought; of a built-in task's it is one of `KEYS`."""
    return next(iter(thought.split(maxsplit=1)), "")


def in_dialect(thought: str) -> bool:
    """Whether a thought is of a built-in task."""
    return key(thought) in KEYS


def names_span(thought: str) -> bool:
    """Whether the first line of this thought says where the text that is asked about begins and
    ends: it may hold in each word, and be wrong."""
    return key(thought) in ("caesar", "cipher")


def searches(thought: str) -> bool:
    """Whether this thought is a search: another one may yet find what the last ones missed. Where a
    thought reads or calculates, what has failed some times mostly fails again."""
    return key(thought) in ("make", "target")


def is_named(thought: str) -> bool:
    """Whether the operation of this thought must be named in the question (`asked`), in words that
    no question of another kind is asked in: remainders are asked for as divisors are."""
    return key(thought) == "spell"


def goes_on(answer: str) -> bool:
    """Whether what should be the answer to a built-in task reads like more of a thought: it
    calculates, or it has lines that are no rows of a grid."""
    lines = answer.strip().splitlines()
    if len(lines) > 1 and not all(_GRID_ROW.fullmatch(line.strip()) for line in lines):
        return True
    return _CALCULATED.search(answer) is not None


def equation(text: str) -> Verdict:
    """Judge a relation between integer expressions: "6*41=246", "8*7%9=2", "34*27=238+680=918".

    Expressions have + - * / and brackets; "%" only before one last digit. All relations of a
    chain must hold, but "3-18=-15+26=11" says -15, and with 26 more (once round the alphabet) 11.
    CANNOT_TELL for anything else; never raises, never evaluates code.
    """
    claim = text.strip()
    if wrapped := _WRAPPED.fullmatch(claim):
        start = wrapped[1]
        halves = (equation(start), equation(f"{start.partition('=')[2]}+26{wrapped[2]}"))
        return next((v for v in halves if not v.passed), halves[0])
    if len(claim) > expression.MAX_LENGTH or not _CLAIM.fullmatch(claim.replace(" ", "")):
        return unknown()
    signs: list[str] = _RELATION.findall(claim)
    sides: list[str] = _RELATION.split(claim)
    if not signs:
        return unknown()
    try:
        values = [_value(side) for side in sides]
    except expression.ExpressionError:
        return unknown()
    for i, sign in enumerate(signs):
        if not _holds[sign](values[i], values[i + 1]):
            return judged(False, f"{sides[i]}{sign}{sides[i + 1]} is not true")
    return judged(True)


def parse(thought: str, source: str = "") -> list[Step]:
    """All steps of a thought in order, each with its verdict and its span of characters.

    source: the text of the conversation's messages, joined by line ends; without it, what was
    copied from there is CANNOT_TELL. Never raises. A step is a word of a line that is judged; what
    lies between (words, blanks aside) is kind "text". The last line may be unfinished: what it
    lacks does not count against it.
    """
    reader = Reader(source)
    at = 0
    for line in thought.split("\n"):
        end = at + len(line)
        reader.read(line, at, ended=end < len(thought))
        at = end + 1
    return reader.steps


def _value(side: str):
    body, percent, modulus = side.partition("%")
    value = expression.parse(unpadded(body)).value
    if not percent:
        return value
    if len(modulus) != 1 or modulus not in "23456789":
        raise expression.ExpressionError("only a digit may follow %")
    return value % int(modulus)


_holds: dict[str, Callable[[object, object], bool]] = {
    "=": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
    "<": lambda x, y: x < y,  # type: ignore[operator]
    ">": lambda x, y: x > y,  # type: ignore[operator]
}


@dataclass(slots=True)
class _Product:
    """The state of a product between its rows. high, low: digits of the product so far."""

    a: str
    rest: str
    high: str
    low: str = ""


def repeats(step: Step) -> bool:
    """Whether a step of a search comes back to what the search has refused."""
    return step.verdict is not None and step.verdict.feedback == TRIED


class Reader:
    """Reads a thought line by line: `read(line, offset)` appends to `steps`.

    It holds plain data, which `fork` copies. source: as for `parse`.
    """

    def __init__(self, source: str = "") -> None:
        self.steps: list[Step] = []
        self._source = source
        self._begun = False
        self._judge: LineJudge | None = None
        self._product: _Product | None = None
        self._next_division = ""  # the head that must follow while digits are to be brought down
        self._written = ""  # digits of a base conversion written so far

    def fork(self) -> Reader:
        """A reader that goes on from here by itself, without the steps so far."""
        other = copy(self)
        other.steps = []
        other._judge = deepcopy(self._judge)
        other._product = copy(self._product)
        return other

    def read(self, line: str, offset: int, *, ended: bool = True) -> None:
        """Read the next line, without its line end, which begins at `offset` of the thought.

        ended: the line is whole, so what it lacks counts against it.
        """
        known = len(self.steps)
        pieces = self._pieces(line, ended)
        if self._judge is None or self._judge.sheet:
            self._sheet(line, offset)
        else:
            for word in WORD.finditer(line):
                self._text(line, word.start(), word.end(), offset)
        self.steps[known:] = overlay(self.steps[known:], pieces, line, offset)

    def read_lines(self, text: str, offset: int) -> None:
        """Read complete lines, the first of which begins at `offset` of the thought."""
        for line in text.removesuffix("\n").split("\n"):
            self.read(line, offset)
            offset += len(line) + 1

    def _pieces(self, line: str, ended: bool) -> list[Piece]:
        """What the judge of the thought's task says to a line; the first line chooses it."""
        if not self._begun:
            if not line.strip():
                return []
            self._begun = True
            self._judge, pieces = reading_heads.opened(line, self._source)
            return pieces if ended else []
        if self._judge is None or len(line) > _LONGEST:
            return []
        if line.startswith("hint: "):
            if isinstance(self._judge, Example):
                self._judge.hinted(line)
            return []
        pieces = self._judge.read(line, ended)
        if ended and not pieces and not self._judge.sheet and (word := WORD.search(line)):
            why = judged(False, "no line of this thought begins so")
            return [Piece(word.start(), word.end(), "text", why)]
        return pieces

    def _sheet(self, line: str, offset: int) -> None:
        head = _HEAD.match(line)
        opened = self._open(head[0]) if head else None
        if head is None or opened is None:
            self._words(line, 0, offset)
            product = re.search(r"(?:^| )([0-9]{1,60})\*([0-9]{1,60})$", line)
            if product:
                a, b = product.groups()
                self._product = _Product(a, b, "0" * len(a))
            return
        kind, verdict, reading = opened
        self._add(kind, line, 0, head.end(), offset, verdict)
        self._words(line, head.end(), offset, reading)

    def _words(self, line: str, start: int, offset: int, reading: Reading | None = None) -> None:
        """Judge the words of a line from `start`, as long as possible by what `reading` expects."""
        expected = next(reading, None) if reading else None
        before = ""  # last value of an equation, from which a piece like "+44=139" goes on
        for match in WORD.finditer(line, start):
            word = match[0]
            kind, right = expected or ("", _NOTHING)
            if reading is None or (isinstance(right, re.Pattern) and not right.fullmatch(word)):
                expected = None
                before = self._free(line, match.start(), match.end(), offset, before)
                continue
            if isinstance(right, re.Pattern):
                self._add(kind, line, match.start(), match.end(), offset, unknown())
                sent = word
            else:
                if "," not in right:
                    word = word.partition(",")[0]
                end = match.start() + len(word)
                verdict = judged(word == right, "" if word == right else _why(word, right))
                self._add(kind, line, match.start(), end, offset, verdict)
                self._text(line, end, match.end(), offset)
                sent = word if _shape(word) == _shape(right) else right
            try:
                expected = reading.send(sent)
            except StopIteration:
                expected = None

    def _free(self, line: str, start: int, end: int, offset: int, before: str) -> str:
        """A word outside of any grammar; returns the value that the next piece goes on from."""
        word = line[start:end]
        claim = word.partition(",")[0].rstrip(";.")
        bare = claim
        if claim.count("(") != claim.count(")"):  # a bracket over several pieces: left to right
            bare = claim.replace("(", "").replace(")", "")
        whole = before + bare if before and bare[:1] in "+-*/<>" else bare
        verdict = equation(whole)
        if verdict.outcome is Outcome.CANNOT_TELL:
            digit = re.fullmatch(r"([a-z]):([0-9]{2})", claim)
            if digit:
                ok = DIGITS.index(digit[1]) == int(digit[2])
                self._add("digit", line, start, end, offset, judged(ok, f"{claim} is not so"))
            else:
                self._text(line, start, end, offset)
            return ""
        kind = "relation" if re.search(r"[<>!]", claim) else "equation"
        self._add(kind, line, start, start + len(claim), offset, verdict)
        self._text(line, start + len(claim), end, offset)
        last = _RELATION.split(claim)[-1]
        return last if kind == "equation" and re.fullmatch(r"-?[0-9]+", last) else before

    def _text(self, line: str, start: int, end: int, offset: int) -> None:
        """Neighbouring words of text are one step; punctuation alone is none."""
        if line[start:end] in ("", ",", ".", ";"):
            return
        last = self.steps[-1] if self.steps else None
        between = line[last.end - offset : start] if last and last.end >= offset else "x"
        if last and last.kind == "text" and not between.strip():
            text = line[last.start - offset : end]
            self.steps[-1] = replace(last, text=text, end=offset + end)
        else:
            self._add("text", line, start, end, offset, unknown())

    def _add(
        self, kind: str, line: str, start: int, end: int, offset: int, verdict: Verdict
    ) -> None:
        self.steps.append(Step(line[start:end], kind, verdict, offset + start, offset + end))

    # --- the lines of the dialect --------------------------------------------------------------

    def _open(self, head: str) -> tuple[str, Verdict, Reading] | None:
        """The grammar that a line's head announces: its kind, the head's verdict, the reading."""
        if m := re.fullmatch(r"([0-9]+)([+-])([0-9]+):", head):
            x, sign, y = m.groups()
            if len(x) == len(y):
                reading = _sum(x, y) if sign == "+" else _difference(x, y)
                return ("sum" if sign == "+" else "difference"), unknown(), reading
        elif m := re.fullmatch(r"([0-9]*),([0-9]):", head):
            if self._product is not None:
                state = self._product
                ok = state.rest == m[1] + m[2]
                state.rest = m[1]
                verdict = judged(ok, "" if ok else "this is not the next digit of the factor")
                return "row", verdict, _row(state, m[2])
        elif m := re.fullmatch(r"([0-9]{1,60})\*([0-9]{1,2})\+([0-9]{1,2}):", head):
            return "scale", unknown(), _scale(m[1], int(m[2]), int(m[3]))
        elif m := re.fullmatch(r"([0-9]+)(?:,([0-9]+))?/([0-9]{2,60})", head):
            due, self._next_division = self._next_division, ""
            chunk, rest, divisor = m[1], m[2] or "", m[3]
            if len(chunk) == len(divisor) + 1:
                verdict = judged(due == head, "the digits do not follow") if due else unknown()
                return "division", verdict, self._division(chunk, rest, divisor)
        elif m := re.fullmatch(r"([0-9]{1,60})/([0-9]{1,2}):", head):
            if 2 <= int(m[2]) <= 36:
                return "division", unknown(), self._small_division(m[1], int(m[2]))
        elif m := re.fullmatch(r"([0-9]+)%9:", head):
            return "nines", unknown(), _nines(m[1])
        elif (m := re.fullmatch(r"([0-9]+)\?([0-9]+):", head)) and len(m[1]) == len(m[2]):
            return "compare", unknown(), _compare(m[1], m[2])
        return None

    def _small_division(self, number: str, divisor: int) -> Reading:
        width = len(str(divisor))
        quotient, remainder = "", number
        if int(number) >= divisor:  # else the number itself remains
            chunk, rest = first_chunk(number, divisor)
            while True:
                digit, left = divmod(int(chunk), divisor)
                if digit > 9:  # only after a slip: the remainder was too large
                    return
                word = yield "quotient", f"{chunk}={divisor}*{digit}+{left:0{width}d}"
                quotient += word[-width - 2]
                remainder = word[-width:]
                if not rest:
                    break
                chunk, rest = remainder + rest[0], rest[1:]
        yield "result", f"={quotient or 0}"
        word = yield "result", f"r{int(remainder):0{width}d}"
        value = int(word[1:])
        if value < len(DIGITS):
            written = yield "digits", DIGITS[value] + self._written
            self._written = written if quotient else ""

    def _division(self, chunk: str, rest: str, divisor: str) -> Reading:
        while True:
            guess = yield "guess", _GUESS
            digit = int(guess[0])
            carry, missing = 0, ""
            if digit:
                for c, d in zip(reversed(chunk), reversed(divisor), strict=False):
                    word = yield "multiple", f"{d}*{digit}+{carry}={int(d) * digit + carry:02d}"
                    multiple = int(word[-2:])
                    more = (int(c) - multiple) % 10
                    word = yield "missing", f"+{more}={(multiple + more) // 10}{c}"
                    missing = word[1] + missing
                    carry = int(word[-2])
                sign = order(carry, chunk[0])
                yield "relation", f"{carry}{sign}{chunk[0]}"
            else:
                sign, missing = order("0", chunk[0]), chunk[1:]
            if sign == "=":
                sign = order(missing, divisor)
                word = yield "remainder", f"r{missing}{sign}{divisor}"
                missing = word[1 : 1 + len(missing)]
                if sign == "<":
                    if rest:
                        tail = f",{rest[1:]}" if rest[1:] else ""
                        self._next_division = f"{missing}{rest[0]}{tail}/{divisor}"
                    return
            yield "no", "no"


def _sum(x: str, y: str) -> Reading:
    carry, units = 0, ""
    for c, d in zip(reversed(x), reversed(y), strict=True):
        word = yield "column", f"{c}+{d}+{carry}={int(c) + int(d) + carry:02d}"
        carry, units = int(word[-2]), word[-1] + units
    yield "result", f"={carry}{units}"


def _difference(x: str, y: str) -> Reading:
    borrow, units = 0, ""
    for c, d in zip(reversed(x), reversed(y), strict=True):
        more = int(int(c) < int(d) + borrow)
        rest = 10 * more + int(c) - int(d) - borrow
        word = yield "column", f"{more}{c}-{d}-{borrow}={rest}"
        borrow, units = more, word[-1] + units
    yield "result", f"={units}"


def _row(state: _Product, digit: str) -> Reading:
    carry, units = 0, ""
    for d, h in zip(reversed(state.a), reversed(state.high), strict=True):
        total = int(d) * int(digit) + int(h) + carry
        word = yield "column", f"{d}*{digit}+{h}+{carry}={total:02d}"
        carry, units = int(word[-2]), word[-1] + units
    word = yield "result", f"={carry}{units[:-1]},{units[-1]}{state.low}"
    state.high, state.low = word[1 : 1 + len(state.a)], word[2 + len(state.a) :]


def _scale(x: str, factor: int, plus: int) -> Reading:
    carry, units = plus, ""
    for c in reversed(x):
        total = int(c) * factor + carry
        word = yield "column", f"{c}*{factor}+{carry}={total:02d}"
        carry, unit = divmod(int(word.rpartition("=")[2]), 10)
        units = f"{unit}{units}"
    yield "result", f"={carry or ''}{units}"


def _nines(number: str) -> Reading:
    remainder = 0
    while True:
        for c in number:
            word = yield "nines", f"{c}{(remainder + int(c)) % 9}"
            remainder = int(word[-1])
        number = (yield "addend", _ADDEND)[1:-1]


def _compare(x: str, y: str) -> Reading:
    for c, d in zip(x, y, strict=True):
        sign = order(c, d)
        yield "relation", f"{c}{sign}{d}"
        if sign != "=":
            return


def _shape(word: str) -> str:
    return re.sub(r"[0-9]", "0", word)


def _why(word: str, right: str) -> str:
    """Why a word is wrong, without saying what is right."""
    left, equals, _ = word.rpartition("=")
    if equals and left and left == right.rpartition("=")[0]:
        return f"{word} is not true"
    if equals and not left:
        return f"{word} is not what the digits before it give"
    return f"{word} does not use the digits that are due"
