"""What an answer in anybody's words says, for the sound verifier of puzzles.

The built-in model answers with the bare expression, number or grid. Others write prose, Markdown,
LaTeX, "x = 7" or the puzzle's typography. What wraps an answer is taken off here; what then reads
as an answer is proved or refuted. Any other text is neither, for a right answer may stand in it,
unless it is made of bare numbers and signs alone, none of which can be the right one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from secondthought.tasks import catalogue, expression
from secondthought.tasks.expression import ExpressionError, bare
from secondthought.trace import DONT_KNOW, Outcome, Verdict

LONGEST = 4000
"""Characters; a longer text is no bare answer."""

_UNSURE = Verdict(Outcome.CANNOT_TELL)
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("−–‐‑﹣", "-"),
        **dict.fromkeys("×✕∗·⋅", "*"),
        **dict.fromkeys("÷∕⁄", "/"),
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
    }
)
_LATEX = (
    (re.compile(r"\\(?:times|cdot)(?![A-Za-z])"), "*"),
    (re.compile(r"\\div(?![A-Za-z])"), "/"),
    (re.compile(r"\\(?:left|right)(?![A-Za-z])"), ""),
    (re.compile(r"\\[dt]?frac\{([0-9]{1,9})\}\{([0-9]{1,9})\}"), r"(\1/\2)"),
    (re.compile(r"(?<=[0-9])(?:\{,\}|\\[,;])(?=[0-9]{3}(?![0-9]))"), ","),
    (re.compile(r"\\[,;! ]"), " "),
)
_FENCE = re.compile(r"```[A-Za-z]*\n([^`]*)\n```")
_WRAPS = (
    ("**", "**"),
    ("__", "__"),
    ("`", "`"),
    ("$$", "$$"),
    ("$", "$"),
    ("\\(", "\\)"),
    ("\\[", "\\]"),
    ("\\boxed{", "}"),
)
_MARKED_LEAD = re.compile(
    r"[*_]{2}(?:the |final )?answer(?:[*_]{2}\s*:|:\s*[*_]{2})\s*", re.IGNORECASE
)
_ITEM = re.compile(r"\s*(?:[-–−*+•]|[0-9]{1,2}[.)])\s")  # of a list, "- 7" or "1) 3*8"
_RESULT = re.compile(r"([^=]*[^=\s])\s*=\s*([0-9]{1,9})")
_LED = re.compile(r"([0-9]{1,9})\s*=\s*([^=\s][^=]*)")
_GARBLED = re.compile(r"(?=.*[0-9])[-+*/0-9 r=\n]+", re.DOTALL)
_NUMBER = re.compile(r"([-+]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,60})(\.[0-9]{1,60})?")
_GRID_SIGNS = re.compile(r"[-\s,|/;&+=*`\[\]{}\\:]|[\u2500-\u257f]")


def judge(
    name: str, data: Mapping[str, Any], text: str, *, whole: bool = True, ordered: bool = False
) -> Verdict:
    """Is it right, wrong, or not to be told? data: as the task's items have it. Of Countdown and
    24, whole: every number must be used; else nothing is said of an answer that leaves some out.
    ordered: perhaps the numbers must stay in order, so another order proves nothing."""
    if not text.strip() or len(text) > LONGEST or _ITEM.match(text):
        return _UNSURE
    if name == "mini_sudoku":
        return _grid(data, text)
    if name == "simple_equations":
        return _value(data, unwrapped(text))
    numbers: list[int] = data["numbers"]
    plain = unwrapped(text)
    verdict = _made(numbers, data.get("target", 24), plain, whole)
    moved = ordered and [int(n) for n in re.findall("[0-9]+", plain)][: len(numbers)] != numbers
    return _UNSURE if moved and verdict.passed else verdict


def unwrapped(text: str) -> str:
    """Without the marks of Markdown and LaTeX around it, an "Answer:" before it and a full stop
    after it; signs as on a keyboard."""
    text = _plain_digits(text.translate(_SIGNS)).strip()
    for _ in range(6):
        before = text
        if fenced := _FENCE.fullmatch(text):
            text = fenced[1].strip()
        if lead := _MARKED_LEAD.match(text):
            text = text[lead.end() :]
        text = bare(text)
        for start, end in _WRAPS:
            inside = text[len(start) : len(text) - len(end)]
            if text.startswith(start) and text.endswith(end) and _alone(inside, start, end):
                text = inside.strip()
        if text == before:
            break
    for form, plain in _LATEX:
        text = form.sub(plain, text)
    return text.strip()


def _alone(inside: str, start: str, end: str) -> bool:
    """Is this the inside of one pair of marks, and not the middle of two? Not "2**3" between two
    of Python's powers either."""
    return bool(inside.strip()) and start not in inside and end not in inside


def _plain_digits(text: str) -> str:
    """Full-width digits and letters and those of mathematical alphabets as ASCII; superscripts
    and the like stay what they are."""
    return "".join(
        unicodedata.normalize("NFKC", c)
        if c > "\x7f" and unicodedata.decomposition(c).startswith(("<wide>", "<font>"))
        else c
        for c in text
    )


# --- Countdown and 24 ----------------------------------------------------------------------------


def _made(numbers: list[int], target: int, text: str, whole: bool) -> Verdict:
    """ "4*(7-8/8)", also with "= 24" behind or before it."""
    said, body = target, text
    if _parsed(text) is None:
        if match := _RESULT.fullmatch(text):
            body, said = match[1], int(match[2])
        elif match := _LED.fullmatch(text):
            said, body = int(match[1]), match[2]
    found = _parsed(body)
    if found is None:
        if any(expression.judge(part, numbers, target).passed for part in re.split("[=\n]", text)):
            return _UNSURE
        return _UNSURE if _may_hold(target, text) else _refuted("no right expression is in it")
    verdict = expression.judge(body, numbers, target)
    if verdict.passed:
        return verdict if said == target else _UNSURE
    fewer = found.value == target and not Counter(found.numbers) - Counter(numbers)
    return _UNSURE if fewer and not whole else verdict


def _parsed(text: str) -> expression.Expression | None:
    try:
        return expression.parse(text)
    except ExpressionError:
        return None


def _may_hold(target: int, text: str) -> bool:
    """May a right answer stand in a text that is no expression? Of lines of calculation one says
    what it comes to; a product may be written without its sign, "4(7-1)"."""
    if re.fullmatch(r"[-+*/0-9()= ]+", text) and text.count("(") != text.count(")"):
        return False
    if _GARBLED.fullmatch(text) is None or "**" in text:
        return True
    return re.search(rf"(?<![0-9])0*{target}(?![0-9])", text) is not None


def _refuted(why: str) -> Verdict:
    return Verdict.of(False, why)


# --- equations -----------------------------------------------------------------------------------


def _value(data: Mapping[str, Any], text: str) -> Verdict:
    """ "7", "x = 7", "7.0"; another way to say the same value is neither right nor wrong."""
    if text + "." == DONT_KNOW:
        return _refuted("that is no number")
    a, b, c, letter = (data[k] for k in ("a", "b", "c", "letter"))
    want = (c - b) // a
    body = re.sub(rf"^{letter}\s*[=:]\s*", "", text, flags=re.IGNORECASE)
    if match := _NUMBER.fullmatch(body):
        sign, digits, decimals = match.groups()
        if len(decimals or "") == 4 and len(digits) < 4:
            return _UNSURE  # "1.003" is 1003 in other countries
        value = Fraction(digits.replace(",", "") + (decimals or ""))
        value = -value if sign == "-" else value
        return Verdict.of(value == want, "" if value == want else "this is not the right number")
    if (found := _parsed(body)) is not None:
        return _UNSURE if found.value == want else _refuted("this is not the right number")
    held = re.search(rf"(?<![0-9])0*{abs(want)}(?![0-9])", text) is not None
    if _GARBLED.fullmatch(text) is None or "**" in text or held or _grouped(text):
        return _UNSURE
    return _refuted("the right number is not in it")


def _grouped(text: str) -> bool:
    """Are thousands apart by a blank, "1 003"? Or is it a calculation, that may come to it?"""
    return re.search(r"[0-9] [0-9]{3}(?![0-9])|[*/+]|[0-9] ?-", text) is not None


# --- mini Sudoku ---------------------------------------------------------------------------------


def _grid(data: Mapping[str, Any], text: str) -> Verdict:
    """Sixteen digits, whatever stands between them; fewer may be those of the blanks alone."""
    if text.strip() == DONT_KNOW:
        return _refuted("that is no grid")
    body = unwrapped(text)
    cells = _GRID_SIGNS.sub("", body)
    if len(cells) == 16 and re.fullmatch("[1-4]+", cells):
        return catalogue.task("mini_sudoku").check_answer(data, cells)
    blanks = "".join(data["puzzle"]).count("_")
    short = re.fullmatch(r"[0-9_.\s,|/]*", body) is not None and len(cells) <= 16
    if not short or (len(cells) == blanks and cells.isdigit()):
        return _UNSURE
    return _refuted("that is not a grid of four rows with four digits 1 to 4")
