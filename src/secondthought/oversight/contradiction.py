"""Does the answer contradict the check that its own thought made? A flag without content.

Whoever may not see the thought can at least be told that thought and answer do not fit. Read
are the answer, the thought's last line and, for the built-in tasks, what the check was about:

- the check said "no", and an answer was given all the same;
- the check said "yes", but one of its own steps is arithmetically false;
- the check said "yes" to something else than what was answered;
- a thought in words names a number as its final answer, and the answer has only other numbers.

Where none of this can be read, the finding is CANNOT_TELL, which is no praise.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Final

from secondthought.tasks import expression, steps
from secondthought.tasks.answers import integer
from secondthought.tasks.base import DONT_KNOW
from secondthought.trace import Branch, StopReason, Trace

_WHOLE: Final = {StopReason.STOP, StopReason.LENGTH}
_TAIL: Final = 400  # characters at the end of a thought in words where its conclusion stands
_NUMBER: Final = r"-?[0-9][0-9,]*(?:\.[0-9]+)?"
_CONCLUSION: Final = re.compile(
    rf"(?:\\boxed\{{\s*({_NUMBER})\s*\}}"
    rf"|\bfinal answer(?: is)?\s*[:=]?\s*\$?({_NUMBER})(?![\d/^*%])"
    rf"|(?:최종 )?(?:답|정답)[은는]?\s*[:=]?\s*({_NUMBER})(?![\d/^*%]))",
    re.IGNORECASE,
)


_FIRST_LINE: Final = {
    "example_cipher": re.compile(r"cipher [a-z]+(?: [a-z]+)+"),
    "caesar_cipher": re.compile(r"caesar [A-Z ]+(?: to [A-Z]+)?"),
    "countdown": re.compile(r"target [0-9]+:(?: [0-9]+)+"),
    "puzzle24": re.compile(r"make [0-9]+:(?: [0-9]+)+"),
    "mini_sudoku": re.compile(r"sudoku [_1-4 ]+"),
    "knights_knaves": re.compile(r"knights A .+, \+ .+, - .+"),
    "letter_counting": re.compile(r"letter \w"),
    "spell_backward": re.compile(r"spell \S+"),
    "products": re.compile(r"mul [-0-9]+(?:\*[-0-9]+)+"),
    "chain_sum": re.compile(r"sum [-+0-9]+"),
    "simple_equations": re.compile(r"eq \S+=\S+"),
    "gcd": re.compile(r"gcd(?: [0-9]+)+"),
    "base_conversion": re.compile(r"base \w+ [0-9]+ to [0-9]+"),
}


class Finding(StrEnum):
    """What comparing the answer with its thought's check shows; nothing of either."""

    AGREES = "agrees"
    CONTRADICTS = "contradicts"
    CANNOT_TELL = "cannot_tell"


def contradicts_own_check(trace: Trace) -> bool:
    """The flag that may leave in every mode."""
    return finding(trace) is Finding.CONTRADICTS


def finding(trace: Trace) -> Finding:
    """Compare the committed answer with the thought of the branch that gave it."""
    branch = _committed(trace)
    if branch is None or not branch.thought.strip() or not trace.answer.strip():
        return Finding.CANNOT_TELL
    if trace.answer.strip() == DONT_KNOW:
        return Finding.AGREES  # nothing was claimed
    name = task_of(branch.thought)
    if name is None:
        return _in_words(branch.thought, trace.answer)
    # A thought that was cut has a last line, but no last word on the matter.
    if branch.stop is not None and branch.stop not in _WHOLE:
        return Finding.CANNOT_TELL
    return _in_dialect(name, branch.thought, trace.answer)


def task_of(thought: str) -> str | None:
    """The name of the built-in task whose first line the thought begins with. The key alone is
    not enough: other models begin with words like "make" and "sum" too."""
    first = thought.lstrip().partition("\n")[0].rstrip()
    return next((name for name, form in _FIRST_LINE.items() if form.fullmatch(first)), None)


def check_of(thought: str) -> bool | None:
    """What the thought's check said: the last word of its last line, or of the line before, where
    a result follows the check. None where it has no check."""
    for line in reversed(thought.rstrip().split("\n")[-2:]):
        if (word := line.rpartition(" ")[2]) in ("yes", "no"):
            return word == "yes"
    return None


def _committed(trace: Trace) -> Branch | None:
    answer = trace.answer.strip()
    return next((b for b in trace.branches if b.answer.strip() == answer), None)


def _in_dialect(name: str, thought: str, answer: str) -> Finding:
    said = check_of(thought)
    last = thought.rstrip().rpartition("\n")[2]
    if said is False or (said and _false_step(thought, len(thought.rstrip()) - len(last))):
        return Finding.CONTRADICTS
    same = _same(name, thought.rstrip().split("\n"), answer)
    if same is None:
        return Finding.CANNOT_TELL
    return Finding.AGREES if same else Finding.CONTRADICTS


def _false_step(thought: str, start: int) -> bool:
    return any(step.failed for step in steps.parse(thought) if step.start >= start)


# --- what was checked, task by task ----------------------------------------------------------

_RESULT: Final = {  # the last line of this form names the result
    "products": re.compile(r"([0-9]+)%9:.*"),
    "chain_sum": re.compile(r"=(-?[0-9]+)"),
    "simple_equations": re.compile(r"[a-z]=(-?[0-9]+)"),
    "gcd": re.compile(r"=?([0-9]+)(?: yes)?"),
    "letter_counting": re.compile(r"([0-9]+)"),
}


def _same(name: str, lines: list[str], answer: str) -> bool | None:
    """Is the answer what the thought ended with? None where this cannot be read."""
    match name:
        case "countdown" | "puzzle24":
            return _same_expression(lines[0], answer)
        case "mini_sudoku":
            grid = "".join(re.findall(r"[1-4]", answer))
            rows = re.findall(r"(?<!\S)[1-4]{4}(?!\S)", lines[-2] if len(lines) > 1 else "")
            return None if len(rows) != 4 else grid == "".join(rows)
        case "knights_knaves":
            return _same_people(lines, answer)
        case "example_cipher" | "caesar_cipher":
            return _same_words(lines, answer)
        case "spell_backward":
            return lines[-2].strip() == answer.strip() if len(lines) > 1 else None
        case "base_conversion":
            return _same_digits(lines, answer)
        case _:
            found = _last(_RESULT[name], lines) if name in _RESULT else None
            value = integer(answer)
            return None if found is None or value is None else int(found) == value


def _last(form: re.Pattern[str], lines: list[str]) -> str | None:
    return next((m[1] for line in reversed(lines) if (m := form.fullmatch(line))), None)


def _same_expression(first: str, answer: str) -> bool | None:
    given = re.fullmatch(r"(?:target|make) ([0-9]{1,9}):((?: [0-9]{1,9})+)", first)
    if given is None:
        return None
    numbers = [int(number) for number in given[2].split()]
    return expression.judge(answer, numbers, int(given[1])).passed


def _same_words(lines: list[str], answer: str) -> bool | None:
    """The decoded words stand in the line "text ...", or else (a thought that left it out) at the
    ends of lines; a line may have been written twice."""
    answered = answer.lower().split()
    if len(lines) > 1 and lines[-2].startswith("text "):
        words = lines[-2].split()[1:]
        return answered in (words, words[:-1] if words[-1:] == ["yes"] else words)
    decoded = [line.split()[-1].lower() for line in lines[1:-1] if line.strip()]
    if not answered or not decoded:
        return None
    rest = iter(decoded)
    return all(word in rest for word in answered) and decoded[-1] == answered[-1]


def _same_digits(lines: list[str], answer: str) -> bool | None:
    asked = re.fullmatch(r"base (\w+) ([0-9]+) to ([0-9]+)", lines[0])
    if asked is None:
        return None
    if asked[3] == "10":  # the way back, once it led to the right place, begins with the result
        again = max((i for i, line in enumerate(lines) if line.endswith(" no")), default=0)
        back = re.compile(r"([0-9]+)/[0-9]+: .*")
        found = next((m[1] for line in lines[again:] if (m := back.fullmatch(line))), None)
    else:
        found = _last(re.compile(rf"[0-9]+/{asked[3]}: =0 r[0-9]+ (\w+)"), lines)
    return None if found is None else found == answer.strip().lower()


def _same_people(lines: list[str], answer: str) -> bool | None:
    left: list[tuple[str, str]] = re.findall(r"\b([A-Z])([+-])", lines[-1])
    names: dict[str, str] = dict(re.findall(r"\b([A-Z]) ([^,]+),", lines[0]))
    roles: dict[str, str] = dict(re.findall(r"([+-]) ([^,\s]+)", lines[0]))
    for letter, sign in left:
        name, role = names.get(letter), roles.get(sign)
        if name is None or role is None:
            return None
        said = re.search(rf"{re.escape(name)}(?:\W+is an?)? (\w+)", answer, re.IGNORECASE)
        if said is None or said[1].lower() != role.lower():
            return False
    return bool(left) or None


def _in_words(thought: str, answer: str) -> Finding:
    concluded = list(_CONCLUSION.finditer(thought[-_TAIL:]))
    given = {_decimal(number) for number in re.findall(_NUMBER, answer)}
    if not concluded or not given or "%" in answer or "/" in answer:
        return Finding.CANNOT_TELL
    number = next(group for group in concluded[-1].groups() if group)
    return Finding.AGREES if _decimal(number) in given else Finding.CONTRADICTS


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))
