"""Feedback turns: a wrong first answer, what the asker says of it, and the second thought.

Wrong answers look like the small model's own, read from `secondthought eval hints`: ciphers decoded
with other letters, read on beyond their end or repeated without end; expressions of the right
numbers that miss the target; products with several wrong digits; "I don't know." The second
thought copies the hint as it was said, in its second line, and takes another course: in Countdown
and 24 it does not begin again with what the wrong answer began with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from secondthought.messages import BadInput, Problem
from secondthought.tasks.base import DONT_KNOW, Demonstration, Item, Task
from secondthought.tasks.expression import ExpressionError, parse
from secondthought.tasks.phrasing import phrase
from secondthought.train import wordings

OFTEN = {"example_cipher": 3.0, "countdown": 3.0, "products": 3.0, "puzzle24": 3.0}
"""Tasks that make up more of the feedback than of other documents."""
FALSE_SHARE = 0.25
"""How many complaints are about a right answer, which has to be kept."""
_LOOKALIKE = 0.7
_REFUSED = 0.3
"""A thought whose steps do not hold ends in "I don't know." as often as in a wrong answer."""
_COURSES = 4
_LETTERS = "etaoinshrdlucmfwygpbvkxqjz"


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """A model's own wrong answer, to be complained about in feedback documents."""

    item: Item
    wrong: str


@cache
def read_wrong_answers(path: str | Path) -> dict[str, tuple[WrongAnswer, ...]]:
    """By task, the lines {"task", "level", "question", "data", "answer", "wrong"} of a file.

    `answer` is the item's right answer, `data` its structure. Raises BadInput for a bad line.
    """
    found: dict[str, list[WrongAnswer]] = {}
    for number, line in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            problem = Problem.ask(str(row["question"]))
            item = Item(row["task"], int(row["level"]), problem, row["answer"], row["data"])
            found.setdefault(item.task, []).append(WrongAnswer(item, str(row["wrong"])))
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(
                f"{path}, line {number}: {error!r}; a line needs task, level, question, data, "
                "answer and wrong"
            ) from error
    return {name: tuple(rows) for name, rows in found.items()}


def wrong_answers(task: Task, item: Item, rng: Random) -> list[str]:
    """Wrong answers, near misses or such as the model gives; none for a task without either."""
    near = task.near_misses(item, rng)
    if near and rng.random() < _REFUSED:
        return [DONT_KNOW]
    make = _LOOKALIKES.get(task.name)
    found = make(item, rng) if make is not None and rng.random() < _LOOKALIKE else near
    return [wrong for wrong in found if not task.verify(item, wrong).passed]


def reason(task: Task, item: Item, wrong: str, rng: Random) -> str:
    """A true hint, or what is wrong, as it is said and copied; "" where there is none."""
    hint = task.hint(item, wrong, rng)
    if not hint or rng.random() < 0.1:
        hint = task.verify(item, wrong).feedback or hint
    return hint.rstrip(".")


def complaint(hint: str, korean: bool, rng: Random) -> str:
    """What the asker says; hint: the reason, if one is given."""
    if hint:
        said = wordings.WRONG_BECAUSE_KO if korean else wordings.WRONG_BECAUSE
        return phrase(rng, said, decorate=rng.random() < 0.5, hint=hint)
    return phrase(rng, wordings.WRONG_KO if korean else wordings.WRONG)


def second_thought(task: Task, item: Item, wrong: str, hint: str, rng: Random) -> Demonstration:
    """The worked trace after a wrong answer: another course than that answer's, and a short one."""
    if task.name not in ("countdown", "puzzle24"):
        return task.demonstrate(item, rng, hint=hint or None)
    shown = [task.demonstrate(item, rng, hint=hint or None) for _ in range(_COURSES)]
    begun = re.match(r"\([0-9]+[-+*/][0-9]+\)|[0-9]+[*/][0-9]+", wrong)
    start = begun[0] if begun and begun[0] not in shown[0].answer else ""

    def again(demonstration: Demonstration) -> tuple[bool, int]:
        thought = demonstration.thought
        return bool(start) and start in thought, len(thought)

    return min(shown, key=again)


# --- wrong answers as the model gives them ------------------------------------------------------


def _misread(item: Item, rng: Random) -> list[str]:
    """A decoded text that is wrong: one of these kinds, drawn."""
    words = item.answer.upper().split()
    letters = "".join(words) if rng.random() < 0.6 else _LETTERS[: rng.randint(4, 12)].upper()

    def garbled(word: str, from_: int = 0) -> str:
        return word[:from_] + "".join(rng.choice(letters) for _ in word[from_:])

    kept = rng.randint(1, 2)
    at = rng.randrange(len(words))
    made: Callable[[], list[str]] = rng.choice(
        (
            lambda: [garbled(word, min(kept, len(word))) for word in words],
            lambda: [garbled(word) for word in words],
            lambda: [*words[:at], *(garbled(word, 1) for word in words[at:])],
            # read on into the rest of the sentence
            lambda: [*words, *(garbled("x" * rng.randint(2, 6)) for _ in range(rng.randint(1, 3)))],
            lambda: words[: max(1, len(words) - rng.randint(1, 3))],
            lambda: [word[::-1] for word in words],
            lambda: ["".join(_shifted(char, kept) for char in word) for word in words],
            # a thought that was cut off, and an answer without an end
            lambda: [*words[: at + 1], *[words[at]] * rng.randint(4, 24)],
            lambda: list(map(str, item.data.get("example", words[:1]))),
            lambda: list(map(str, item.data.get("cipher", words[::-1])))[: rng.randint(1, 8)],
        )
    )
    text = " ".join(made())
    return [text if rng.random() < 0.7 else text.upper()]


def _shifted(char: str, by: int) -> str:
    return chr((ord(char) - 65 + by) % 26 + 65) if "A" <= char <= "Z" else char


def _missed(item: Item, rng: Random) -> list[str]:
    """An expression of the given numbers, or all but one, that misses the target."""
    numbers: list[int] = list(item.data["numbers"])
    target = int(item.data.get("target", 24))
    left_out = rng.random() < 0.2 and len(numbers) > 2
    found: list[tuple[float, str]] = []
    for _ in range(rng.choice((1, 4, 12))):
        drawn = rng.sample(numbers, len(numbers) - left_out)
        text = _expression([str(n) for n in drawn], rng)
        try:
            found.append((abs(float(parse(text).value) - target), text))
        except ExpressionError:
            continue
    text = min(found)[1] if found else "+".join(map(str, numbers))
    if rng.random() < 0.06:
        text = rng.choice((text[:-1], f"{target}", text.split(")")[-1] or text, f"({text}"))
    return [text]


def _expression(numbers: list[str], rng: Random) -> str:
    """A core with * or /, and the other numbers added or subtracted."""
    first, second, *rest = numbers
    text = f"{first}{rng.choice('**/+')}{second}"
    if rest and rng.random() < 0.6:
        text = f"({first}{rng.choice('-+')}{second})*{rest.pop(0)}"
    return text + "".join(rng.choice("+-") + number for number in rest)


def _miscalculated(item: Item, rng: Random) -> list[str]:
    """A product with some wrong digits, now and then one too many or too few."""
    digits = list(item.answer)
    for _ in range(rng.randint(1, max(1, len(digits) // 2))):
        at = rng.randrange(len(digits))
        digits[at] = str(rng.randint(0 if at else 1, 9))
    share = rng.random()
    if share < 0.15 and len(digits) > 1:
        del digits[rng.randrange(1, len(digits))]
    elif share < 0.3:
        digits.insert(rng.randint(1, len(digits)), str(rng.randrange(10)))
    if share > 0.92:
        return [str(item.data["a"] + item.data["b"])]
    return ["".join(digits)]


_LOOKALIKES: dict[str, Callable[[Item, Random], list[str]]] = {
    "example_cipher": _misread,
    "caesar_cipher": _misread,
    "countdown": _missed,
    "puzzle24": _missed,
    "products": _miscalculated,
}
