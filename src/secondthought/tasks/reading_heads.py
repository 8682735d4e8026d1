"""First lines of thoughts: which task is it, and does the line say what the conversation asks?

Numbers, words and expressions of the first line must stand in the conversation. People say "six"
and "twice" too: where the conversation has such words, a number that is not found is no mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from secondthought.tasks.asked import asked
from secondthought.tasks.reading import LineJudge, Marks, Piece, unpadded, words

_LONGEST = 20_000  # characters of a conversation that are looked at, from its end
# fmt: off
_SPELT = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)
# fmt: on
_VALUES = {word: n if n <= 20 else 10 * n - 180 for n, word in enumerate(_SPELT)}
_ENGLISH = re.compile(rf"\b(?:{'|'.join(_SPELT)})(?=\b|ty|s\b)", re.IGNORECASE)
_MANY = re.compile(
    r"\b(?:hundred|thousand|million|dozen|twice|double|triple|thrice|half|squared?|cubed?)s?\b"
    r"|[두세네]\s?배|제곱|다섯|여섯|일곱|여덟|아홉|열두|스물|[일이삼사오육칠팔구][십백천]|[0-9십백천]\s?만"
    r"|(?<![가-힣])(?:[십백천][일이삼사오육칠팔구]|(?:열|서른|마흔|쉰)?(?:하나|둘|셋|넷)|열)"
    r"(?=[을를과와은는이가에의\s,.?]|$)",
    re.IGNORECASE,
)
"""Words that may stand for any number."""
_BASES = {
    2: r"\bbinary\b|\bbits?\b|이진|\b0b",
    8: r"\boctal\b|팔진|\b0o",
    10: r"\bdecimal\b|\bdenary\b|십진",
    16: r"\bhex|십육진|\b0x",
    12: r"\bduodecimal\b|\bdozenal\b",
    3: r"\bternary\b",
}
_GRID = re.compile(
    r"(?:[1-4_.0](?:[ \t]?[1-4_.0]){3}[ \t]*\n){3}[1-4_.0](?:[ \t]?[1-4_.0]){3}(?![1-4_.0])"
)
_APART = re.compile(r"(?<![0-9])[0-9]{1,3}(?:[ '’\u00a0\u2009\u202f][0-9]{3})+(?![0-9])")
"""Thousands that no comma parts; perhaps a list of numbers."""
_SQUARED = re.compile(r"\bsquare|제곱|²|\^ ?\{?2|\*\* ?2|\bitself\b|자기|자신", re.IGNORECASE)
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_COMMA = r"(?:, ?| )(?:and )?"
_WRONG = "this is not in the question"


class Source:
    """The text of a conversation, as far as first lines are compared with it."""

    def __init__(self, text: str) -> None:
        text = text[-_LONGEST:].translate(_DIGITS)
        self.text = re.sub("[₀-₉]+", lambda m: f"_{m[0].translate(_SUBSCRIPTS)}", text)
        found = list(re.finditer(r"[0-9]+(?:,[0-9]{3})*(?![0-9])|[0-9]+", self.text))
        self.numbers: list[str] = []
        for match in found:
            self.numbers += [_plain(n) for n in match[0].split(",")]
        self._joined = {_plain(m[0].replace(",", "")) for m in found}
        apart = (re.sub("[^0-9]", "", m[0]) for m in _APART.finditer(self.text))
        self._joined.update(map(_plain, apart))
        self._spelt = {_VALUES[m[0].lower()] for m in _ENGLISH.finditer(self.text)}
        self._any = bool(_MANY.search(self.text)) or any(n >= 20 for n in self._spelt)

    @property
    def in_figures(self) -> bool:
        """No number is told in words: "two 8s"."""
        return bool(self.text) and not self._any and not self._spelt

    def number(self, written: str) -> bool | None:
        """Is this number in the conversation?"""
        plain = _plain(written)
        if not self.text:
            return None
        if plain in self.numbers or plain in self._joined:
            return True
        return None if self._any or (len(plain) < 3 and int(plain) in self._spelt) else False

    def spells(self, written: list[str]) -> bool:
        """May one of these numbers, or how often it is there, be told in words?"""
        return any(
            (len(n) < 3 and int(n) in self._spelt)
            or (written.count(n) > 1 and written.count(n) in self._spelt)
            for n in written
        )

    def joined(self, written: str) -> bool:
        """Does it stand there with its thousands apart?"""
        return _plain(written) in self._joined

    def negative(self, written: str) -> bool:
        """Does the number stand there with a minus before it, and nowhere without one?"""
        form = rf"(?<![0-9])0*{_plain(written)}(?![0-9])"
        signed = re.compile(r"(?:^|[^0-9)\s]|[^0-9)]\s|^\s)[-−]$")
        starts = [m.start() for m in re.finditer(form, self.text)]
        before = [self.text[max(0, start - 3) : start] for start in starts]
        return bool(before) and all(signed.search(three) for three in before)

    def found(self, form: str) -> bool:
        return re.search(form, self.text, re.IGNORECASE) is not None


def opened(line: str, source: str) -> tuple[LineJudge | None, list[Piece]]:
    """The judge of the thought that begins with this line, and the line's own pieces; (None, [])
    for a thought that is not in a task's dialect."""
    if len(line) > 2000:
        return None, []
    for form, begin in _HEADS:
        if match := form.fullmatch(line.rstrip()):
            marks = Marks(line)
            if not asked(key := line.split(maxsplit=1)[0], source):
                marks.add(0, len(key), "task", False, "nobody asked for this")
                return None, marks.pieces
            judge = begin(marks, match, source)
            return judge, marks.pieces
    if source and (bad := _MISSHAPEN.match(line)):
        marks = Marks(line)
        marks.add(0, bad.end(), "copy", False, _WRONG)
        return None, marks.pieces
    if source and (task := re.search(r"(?:^|\n)sheet (\S+)\s*$", source)):
        marks = Marks(line)
        _sheet(marks, task[1])
        return None, marks.pieces
    return None, []


def _plain(number: str) -> str:
    return number.lstrip("0") or "0"


def _more(numbers: list[str], told: list[str]) -> bool:
    """Is one of the numbers written more often than it was told?"""
    return any(numbers.count(n) > told.count(n) for n in numbers)


def _each(marks: Marks, source: Source, *spans: tuple[int, int]) -> list[bool | None]:
    ways: list[bool | None] = []
    for start, end in spans:
        known = source.number(marks.line[start:end])
        marks.add(start, end, "copy", known, _WRONG)
        ways.append(known)
    return ways


def _spans(match: re.Match[str], *groups: int) -> list[tuple[int, int]]:
    return [match.span(group) for group in groups]


# --- letters ------------------------------------------------------------------------------------


def _letter(marks: Marks, match: re.Match[str], source: str) -> LineJudge:
    from secondthought.tasks.reading_letters import Counting

    target = match[1]
    # "how many r's", "how many rs", "철자 r를"
    form = rf"(?<![a-z0-9]){re.escape(target)}(?:['’]?s)?(?![a-z0-9])"
    ok = Source(source).found(form) if source else None
    marks.add(*match.span(1), "copy", ok, _WRONG)
    return Counting(target, source[-_LONGEST:])


def _spell(marks: Marks, match: re.Match[str], source: str) -> LineJudge:
    from secondthought.tasks.reading_letters import Spelling

    form = rf"(?<![a-z0-9]){re.escape(match[1])}(?![a-z0-9])"
    ok = Source(source).found(form) if source else None
    marks.add(*match.span(1), "copy", ok, _WRONG)
    return Spelling(match[1])


def _caesar(marks: Marks, match: re.Match[str], source: str) -> LineJudge:
    from secondthought.tasks.reading_ciphers import Caesar

    judge = Caesar(match[1], source[-_LONGEST:])
    marks.add(*match.span(1), "copy", judge.copied, "the text does not begin so")
    if match[2]:
        marks.add(*match.span(2), "copy", judge.text.ends(match[2]), "no word of it begins so")
    return judge


def _cipher(marks: Marks, match: re.Match[str], source: str) -> LineJudge:
    from secondthought.tasks.reading_example import Example

    judge = Example(match[1], match[2], source[-_LONGEST:])
    for span, ok in zip(_spans(match, 1, 2), judge.copied, strict=True):
        marks.add(*span, "copy", ok, "this is no word of the example")
    if match[3]:
        first, last = judge.text.stands(match[3].upper(), match[4].upper())
        if judge.text.only(match[3].upper(), match[1].upper()):
            first = False  # that is the example
        for span, ok in zip(_spans(match, 3, 4), (first, last), strict=True):
            marks.add(*span, "copy", ok, "no word of it begins so")
    return judge


# --- puzzles ------------------------------------------------------------------------------------


def _sudoku(marks: Marks, match: re.Match[str], source: str) -> LineJudge:
    from secondthought.tasks.reading_sudoku import Sudoku

    rows = match[1].split()
    grids = [
        [re.sub(r"[ \t]", "", row).translate(str.maketrans(".0", "__")) for row in g.split("\n")]
        for g in _GRID.findall(source[-_LONGEST:])
    ]
    told = rows if rows in grids else grids[-1] if grids else None
    for i, word in enumerate(words(marks.line)[1:]):
        marks.word(word, "grid", None if told is None else word[0] == told[i], _WRONG)
    return Sudoku(match[1])


def _knights(marks: Marks, match: re.Match[str], source: str) -> LineJudge | None:
    from secondthought.tasks.reading_knights import Knights
    from secondthought.tasks.statements import LETTERS

    people = list(re.finditer(r"([A-Z]) ([^,+]+), ", match[1]))
    names = [m[2] for m in people]
    if not people or len(people) > 5:
        return None
    known = Source(source)
    spans = [(m.start(2) + match.start(1), m.end(2) + match.start(1)) for m in people]
    for k, (start, end) in enumerate(spans):
        # Korean particles follow a name without a blank.
        name = re.escape(marks.line[start:end])
        form = rf"(?<![^\W_]){name}(?![a-z0-9])"
        ok = known.found(form) and names.index(names[k]) == k if source else None
        if marks.line[start - 2] != LETTERS[k]:
            ok = False
        marks.add(start - 2, end, "copy", ok, _WRONG)
    for start, end in _spans(match, 2, 3):
        ok = known.found(re.escape(marks.line[start:end])) if source else None
        marks.add(start - 2, end, "copy", ok and match[2] != match[3], _WRONG)
    return Knights(names, (match[2], match[3]), source[-_LONGEST:])


def _target(marks: Marks, match: re.Match[str], source: str) -> LineJudge:
    from secondthought.tasks.reading_targets import Target

    known = Source(source)
    backward = match[1] == "make"
    target = int(match[2])
    found = known.number(match[2]) if not backward or target != 24 else True
    marks.add(*match.span(2), "copy", found, _WRONG)
    numbers = words(match[3])
    written = [_plain(m[0]) for m in numbers]
    ways = _each(
        marks, known, *((m.start() + match.start(3), m.end() + match.start(3)) for m in numbers)
    )
    clear = source and False not in ways and not known.spells(written)
    if clear and not _listed(written, match[2], known.text):
        marks.lacks("these are not just the numbers of the question")
    return Target(target, [int(n) for n in written], backward=backward)


def _listed(numbers: list[str], target: str, text: str) -> bool:
    """Do the numbers stand in the conversation in this order, in a list that does not go on?"""
    gap = r"(?:[^0-9]{1,12}?)"
    form = rf"(?<![0-9.]){gap.join(f'0*{n}' for n in numbers)}(?![0-9])"
    rows = list(re.finditer(form, text))
    if not rows:
        # Told in another order or with words between: all of them are there, that must do, but
        # no number more often than it was told, and not a list that differs in one number.
        told = [_plain(n) for n in re.findall(r"[0-9]+", text)]
        return not _more(numbers, told) and not _one_off(numbers, text)
    for row in rows:
        gaps = {*re.findall(r"[^0-9]+", row[0]), " and ", ", and ", " & "}
        after = re.match(r"([^0-9]+)([0-9]+)", text[row.end() : row.end() + 40])
        before = re.search(r"([0-9]+)([^0-9]+)$", text[max(0, row.start() - 40) : row.start()])
        more = after and after[1] in gaps and _plain(after[2]) != _plain(target)
        less = before and before[2] in gaps and _plain(before[1]) != _plain(target)
        if not more and not less:
            return True
    return False


def _one_off(numbers: list[str], text: str) -> bool:
    """Does a list stand there that differs in just one number?"""
    forms = [f"0*{n}" for n in numbers]
    return len(numbers) > 2 and any(
        re.search(
            rf"(?<![0-9]){_COMMA.join([*forms[:i], '[0-9]+', *forms[i + 1 :]])}(?![0-9])", text
        )
        for i in range(len(numbers))
    )


# --- arithmetic ---------------------------------------------------------------------------------


def _mul(marks: Marks, match: re.Match[str], source: str) -> LineJudge:
    from secondthought.tasks.reading_sheets import Sheet, products

    known = Source(source)
    for group in (1, 2):
        found = known.number(match[group])
        twice = match[1] == match[2] and known.numbers.count(_plain(match[1])) < 2
        if found and group == 2 and twice and known.found(_SQUARED.pattern):
            found = None
        elif found and (known.negative(match[group]) or (group == 2 and twice)):
            found = False  # of a negative number this dialect works out no product
        marks.add(*match.span(group), "copy", found, _WRONG)
    return Sheet(partial(products, int(match[1]), int(match[2])))


def _gcd(marks: Marks, match: re.Match[str], source: str) -> LineJudge:
    from secondthought.tasks.reading_sheets import Sheet, gcd

    found, known = words(marks.line)[1:], Source(source)
    told = _each(marks, known, *(m.span() for m in found))
    written = [_plain(m[0]) for m in found]
    if known.in_figures and all(told) and _more(written, known.numbers):
        marks.lacks("a number stands here more often than it was told")
    elif source and len(written) < 2:
        marks.lacks("one number has no common divisor")
    return Sheet(partial(gcd, [int(m[0]) for m in found]))


def _base(marks: Marks, match: re.Match[str], source: str) -> LineJudge | None:
    from secondthought.tasks.reading_sheets import Sheet, base_conversion

    known = Source(source)
    number, start, end = match[1], int(match[2]), int(match[3])
    form = rf"(?<![a-z0-9])(?:0[xob])?0*{re.escape(number.lstrip('0') or '0')}(?![a-z0-9])"
    ok = known.found(form) or known.joined(number) if source else None
    marks.add(*match.span(1), "copy", ok, _WRONG)
    own = _bases_of(known.text, form)
    for group, base in ((2, start), (3, end)):
        if (group == 2 and len(own) == 1 and start not in own) or (group == 3 and start == end):
            marks.add(*match.span(group), "copy", False, "the number is not in this base")
            continue
        told = known.number(match[group])
        if told is False and (base == 10 or any(known.found(name) for name in _named(base))):
            # Ten goes without saying.
            told = None if base == 10 and not known.found(_BASES[10]) else True
        marks.add(*match.span(group), "copy", told, _WRONG)
    if not (2 <= start <= 36 and 2 <= end <= 36):
        return None
    return Sheet(partial(base_conversion, number, start, end))


def _named(base: int) -> list[str]:
    return [_BASES[base]] if base in _BASES else []


def _bases_of(text: str, number: str) -> set[int]:
    """The bases that are said right beside a number to be its own: "octal 661", "2fd (base-16)",
    "138, read in hex". number: a pattern."""
    ways = (
        rf"{_ANY_BASE}(?: (?:number|numeral|value|figure):?)? {number}",
        rf"{number} ?\((?:in |from )?{_ANY_BASE}",
        rf"{number}, (?:read|given|written|noted|a number) in {_ANY_BASE}",
    )
    said = {m["base"] for way in ways for m in re.finditer(way, text, re.IGNORECASE)}
    return {base for name in said for base in _called(name) if 2 <= base <= 36}


_ANY_BASE = rf"(?P<base>\bbase[ -]?[0-9]{{1,2}}(?![0-9])|{'|'.join(_BASES.values())})"


def _called(name: str) -> list[int]:
    if name[:4].lower() == "base":
        return [int(name[4:].lstrip(" -"))]
    return [base for base, form in _BASES.items() if re.search(form, name, re.IGNORECASE)]


def _sum(marks: Marks, match: re.Match[str], source: str) -> LineJudge:
    from secondthought.tasks.reading_sheets import Sheet, chain_sum

    terms = [(m.start() + match.start(1), m[0]) for m in re.finditer(r"[-+]?[0-9]+", match[1])]
    known = Source(source)
    # An expression ends with its line: an answer "-22" may stand on the next one.
    text = re.sub(r"[^\S\n]+", " ", known.text).replace("−", "-").replace("–", "-")
    numbers = [term.lstrip("+-") for _, term in terms]
    signs = ["-" if term[0] == "-" else "+" for _, term in terms]
    same = re.search(_expression(numbers, signs) + r"(?! ?[-+] ?[0-9])", text)
    turned = re.search(_expression(numbers, ["-+"] * len(signs)), text)
    for start, term in terms:
        ok = known.number(term.lstrip("+-"))
        if ok:
            # All numbers in this order, but with other signs or more of them: a slip.
            ok = True if same else False if turned and len(terms) > 1 else None
        marks.add(start, start + len(term), "copy", ok, _WRONG)
    plus = [int(n) for sign, n in zip(signs, numbers, strict=True) if sign == "+"]
    minus = [int(n) for sign, n in zip(signs, numbers, strict=True) if sign == "-"]
    return Sheet(partial(chain_sum, plus, minus))


def _expression(numbers: list[str], signs: list[str]) -> str:
    """A form that finds the numbers with one of these signs before each but the first."""
    gaps = ["", *(f" ?[{sign}] ?" for sign in signs[1:])]
    body = "".join(f"{gap}0*{_plain(n)}" for gap, n in zip(gaps, numbers, strict=True))
    return f"(?<![0-9]){body}(?![0-9])"


_TERM = re.compile(r"([-+]?)(?:([0-9]{1,12})\*)?([a-z])|([-+]?[0-9]{1,12})")


def _eq(marks: Marks, match: re.Match[str], source: str) -> LineJudge | None:
    from secondthought.tasks.reading_sheets import Sheet, simple_equations

    known = Source(re.sub(r"\s+", " ", source).replace("−", "-").replace("–", "-"))
    tokens: list[str] = re.findall(r"[0-9]+|[a-z]|[-+=]", match[1])
    gap = r" ?\*? ?"
    exact = gap.join(map(re.escape, tokens))
    free = gap.join("[a-z]" if t.isalpha() else "[-+]" if t in "+-" else t for t in tokens)
    start, end = r"(?<![a-z0-9])", r"(?![0-9])"
    same = known.found(start + exact + end)
    numbers = re.finditer(r"[0-9]+", match[1])
    missing = [m for m in numbers if known.number(m[0]) is False]
    ok: bool | None = None
    if not source:
        pass
    elif same:
        ok = True
    elif missing or known.found(start + free + end) or "=" in known.text:
        ok = False  # where equations are told by their sign, another one is not the question's
    marks.add(*match.span(1), "copy", ok, _WRONG)
    a = b = 0
    letter = ""
    left, _, right = match[1].partition("=")
    at = 0
    while at < len(left):
        term = _TERM.match(left, at)
        if term is None:
            return None
        if term[3]:
            a += int(f"{term[1]}{term[2] or 1}")
            letter = term[3]
        else:
            b += int(term[4])
        at = term.end()
    if not a or not letter or (not int(right) and not b):
        return None
    return Sheet(partial(simple_equations, a, b, int(right), letter))


def _sheet(marks: Marks, asked: str) -> None:
    """A piece of arithmetic asked for by "sheet 12*3+4"; the worksheet pads with zeros."""
    head = re.match(r"[-0-9,+*/?%]+", marks.line)
    if head is None:
        return
    written = unpadded(head[0].replace(",", ""))
    marks.add(0, head.end(), "copy", written == asked, _WRONG)


_Begin = Callable[[Marks, re.Match[str], str], "LineJudge | None"]
_MISSHAPEN = re.compile(
    r"(?!eq [-+*0-9]*[a-z][-+0-9]*=-?[0-9]+$|sum -?[0-9]+(?:[-+][0-9]+)*$|mul [0-9]+\*[0-9]+$"
    r"|gcd(?: [0-9]+)+$)"
    r"(?:eq |mul |sum (?=[^\s=]*[0-9a-z+-][-+*=0-9]|-)|(?:gcd|base) (?=[0-9])).*"
    r"|cipher [a-z]+ [a-z]+ of [a-z]+ to(?:[^ a-z]| [a-z]+[^a-z]).*"
)
"""First lines with nothing that can be worked out: "sum ---", "eq x++1==2", "cipher ab my of cd to:
ef". What is only larger than a judge reads is none."""
_HEADS: tuple[tuple[re.Pattern[str], _Begin], ...] = (
    (re.compile(r"letter (\S)"), _letter),
    (re.compile(r"spell (\S{1,100})"), _spell),
    (re.compile(r"caesar ([A-Z]+(?: [A-Z]+)*)(?: to ([A-Z]+))?"), _caesar),
    (re.compile(r"cipher ([a-z]+) ([a-z]+)(?: of ([a-z]+) to ([a-z]+))?"), _cipher),
    (re.compile(r"sudoku ([0-9_]{4}(?: [0-9_]{4}){3})"), _sudoku),
    (re.compile(r"knights ((?:[A-Z] [^,+]+, )+)\+ ([^,]+), - ([^,]+)"), _knights),
    (re.compile(r"(target|make) ([0-9]{1,9}):((?: [0-9]{1,9}){1,12})"), _target),
    (re.compile(r"mul ([0-9]{1,30})\*([0-9]{1,30})"), _mul),
    (re.compile(r"gcd(?: [0-9]{1,12}){1,12}"), _gcd),
    (re.compile(r"base ([0-9a-z]{1,30}) ([0-9]{1,2}) to ([0-9]{1,2})"), _base),
    (re.compile(r"sum (-?[0-9]{1,30}(?:[-+][0-9]{1,30}){0,40})"), _sum),
    (re.compile(r"eq ([-+*0-9]{0,60}[a-z][-+0-9]{0,30}=-?[0-9]{1,12})"), _eq),
)
