"""Is a task fit to teach and to measure? Its properties, and answers that must never pass.

A scorer with a hole teaches the hole: reinforcement learning finds an answer that is always
accepted, and an evaluation counts it. So a task is also asked to refuse the answers of policies
that do not solve anything: nothing, the same answer always, the question back, all numbers at
once, noise without end, several answers at once, characters that only look like digits.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from secondthought.tasks.base import Item, Task

ITEMS = 20  # a level
CONSTANT_SHARE = 1 / 2  # of the default level's items, at most, may have one answer
MILLISECONDS = 50.0  # to generate, demonstrate and verify, on average; also to refuse a long text
_LONG = 20_000


@dataclass(frozen=True, slots=True)
class Result:
    """One property. detail: why it failed, with the first example; else what was seen."""

    name: str
    ok: bool
    detail: str = ""


class _Broken(Exception):
    """A property does not hold."""


def check(task: Task, *, seed: int = 0) -> list[Result]:
    """All properties of a task, in order; what the task raises is a failure, not an error."""
    results: list[Result] = []
    shape = _result("is well formed", lambda: _well_formed(task))
    results.append(shape)
    made: list[Item] = []
    results.append(_result("makes items at every level", lambda: _make(task, seed, made)))
    if not all(result.ok for result in results):
        return results
    properties: list[tuple[str, Callable[[], str | None]]] = [
        ("same seed, same item and trace", lambda: _deterministic(task, seed)),
        ("refuses unknown levels", lambda: _levels(task)),
        ("items say what they are", lambda: _items(task, made)),
        ("the right answer passes", lambda: _oracle(task, made)),
        ("demonstrations end right", lambda: _demonstrations(task, made)),
        ("near misses fail", lambda: _near_misses(task, made)),
        ("feedback keeps the answer", lambda: _feedback(task, made)),
    ]
    results += [_result(name, test) for name, test in properties]
    results += [
        _result(f"{name} fails", lambda policy=policy: _policy(task, made, policy))
        for name, policy in POLICIES.items()
    ]
    results.append(_result("no constant answer wins", lambda: _constant(task, seed)))
    results.append(_result("is fast", lambda: _fast(task, seed)))
    return results


# --- answers of policies that solve nothing ------------------------------------------------


def _numbers(item: Item) -> str:
    found: list[str] = re.findall(r"-?\d+", item.question)
    return " ".join([*found, *map(str, range(101))])


POLICIES: dict[str, Callable[[Item, Item], str]] = {
    "an empty answer": lambda item, other: "",
    "white space": lambda item, other: " \n\t ",
    "the question back": lambda item, other: item.question,
    "all numbers at once": lambda item, other: _numbers(item),
    "the right answer or another": lambda item, other: f"{item.answer} or {other.answer}",
    "another answer or the right one": lambda item, other: f"{other.answer} or {item.answer}",
    "a list of answers": lambda item, other: f"1. {other.answer}\n2. {item.answer}",
    "two boxed answers": lambda item, other: rf"\boxed{{{item.answer}}} \boxed{{{other.answer}}}",
    "the right answer with a tail": lambda item, other: f"{item.answer}7q",
    "the right answer crossed out": lambda item, other: f"not {item.answer}",
    "very long noise": lambda item, other: "9" * _LONG,
    "very deep brackets": lambda item, other: "(" * _LONG,
    "the answer in very long noise": lambda item, other: f"{'x ' * _LONG}{item.answer}{' y' * 99}",
    "a tower of powers": lambda item, other: "9**9**9**9",
    "code": lambda item, other: "__import__('os').getcwd()",
    "a null byte": lambda item, other: f"{item.answer}\x00{other.answer}",
    "half a surrogate": lambda item, other: "\ud800",
    "digits of other scripts": lambda item, other: _disguised(item.answer),
    "not a number": lambda item, other: "nan",
}
"""What each says to an item; `other` is an item with another answer."""


def _disguised(answer: str) -> str:
    """Digits as superscripts, which str.isdigit() takes and a reader does not; else a sign."""
    shown = answer.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return shown if shown != answer else "²"


# --- properties ----------------------------------------------------------------------------


def _result(name: str, test: Callable[[], str | None]) -> Result:
    try:
        return Result(name, True, test() or "")
    except _Broken as broken:
        return Result(name, False, str(broken))
    except Exception as error:  # the task may be anybody's code and raise anything
        return Result(name, False, f"raised {type(error).__name__}: {error}")


def _require(holds: object, why: str) -> None:
    if not holds:
        raise _Broken(why)


def _brief(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def _well_formed(task: Task) -> None:
    _require(re.fullmatch(r"[a-z0-9_]+", task.name), f"name {task.name!r}: use a-z, 0-9 and _")
    _require(re.fullmatch(r"[a-z]{2,8}", task.key), f"key {task.key!r}: use 2 to 8 letters a-z")
    _require(task.title, "the title is empty")
    _require(len(task.levels), "there are no levels")
    _require(task.default_level in task.levels, f"default_level {task.default_level} is no level")


def _make(task: Task, seed: int, made: list[Item]) -> str:
    for level in task.levels:
        items = [task.generate(Random(seed + i), level) for i in range(ITEMS)]
        kinds = len({item.question for item in items})
        _require(kinds > ITEMS // 2, f"level {level}: {ITEMS} seeds give {kinds} questions")
        made += items
    return f"{len(made)} items"


def _deterministic(task: Task, seed: int) -> None:
    for level in task.levels:
        first, again = (task.generate(Random(seed), level) for _ in range(2))
        _require(first == again, f"level {level}, seed {seed}: two different items")
        one, two = (task.demonstrate(first, Random(1)) for _ in range(2))
        _require(one == two, f"level {level}, seed {seed}: two different traces for one rng")


def _levels(task: Task) -> None:
    for level in (task.levels[0] - 1, task.levels[-1] + 1):
        try:
            task.generate(Random(0), level)
        except ValueError:
            continue
        raise _Broken(f"level {level} gives an item; raise ValueError")


def _items(task: Task, made: list[Item]) -> None:
    for item in made:
        _require(item.task == task.name, f"an item says that its task is {item.task!r}")
        _require(item.level in task.levels, f"an item says that its level is {item.level}")
        _require(item.question.strip(), "a question is empty")
        _require(item.answer.strip(), f"no answer to {_brief(item.question)}")
        try:
            json.dumps(dict(item.data))
        except (TypeError, ValueError) as error:
            raise _Broken(f"data is not JSON: {error}") from None


def _oracle(task: Task, made: list[Item]) -> str:
    for item in made:
        for text in (item.answer, f" {item.answer}\n"):
            verdict = task.verify(item, text)
            _require(
                verdict.passed, f"{_brief(item.question)}: {_brief(text)} fails: {verdict.feedback}"
            )
    return f"{len(made)} of {len(made)}"


def _demonstrations(task: Task, made: list[Item]) -> str:
    longest = 0
    for item in made:
        shown = task.demonstrate(item, Random(item.question))
        question = _brief(item.question)
        _require(task.verify(item, shown.answer).passed, f"{question}: ends in a wrong answer")
        first = shown.thought.split(maxsplit=1)[:1]
        _require(first == [task.key], f"{question}: does not begin with the key {task.key!r}")
        _require(not shown.thought.endswith("\n"), f"{question}: ends in a line end")
        longest = max(longest, len(shown.thought.encode()))
    return f"longest thought {longest:,} bytes"


def _near_misses(task: Task, made: list[Item]) -> str:
    seen = 0
    for item in made:
        for text in task.near_misses(item, Random(1)):
            seen += 1
            _require(
                not task.verify(item, text).passed,
                f"{_brief(item.question)}: {_brief(text)} passes",
            )
    return f"{seen} answers" if seen else "none given; near_misses() helps training"


def _feedback(task: Task, made: list[Item]) -> None:
    for item in made:
        gold = re.compile(rf"(?<!\w){re.escape(item.answer)}(?!\w)")
        for wrong in (*task.near_misses(item, Random(2))[:3], "", "x"):
            for text in (task.verify(item, wrong).feedback, task.hint(item, wrong, Random(3))):
                _require(not gold.search(text), f"{_brief(text)} holds the answer {item.answer!r}")


def _policy(task: Task, made: list[Item], policy: Callable[[Item, Item], str]) -> str:
    count = 0
    for item, other in _pairs(made):
        text = policy(item, other)
        started = time.perf_counter()
        verdict = task.verify(item, text)
        took = 1000 * (time.perf_counter() - started)
        _require(not verdict.passed, f"{_brief(text)} passes; the answer is {_brief(item.answer)}")
        _require(verdict.error is None, f"{_brief(text)}: the scorer broke: {verdict.error}")
        _require(took <= 20 * MILLISECONDS, f"{_brief(text)} took {took:.0f} ms to refuse")
        count += 1
    return f"{count} answers"


def _pairs(made: list[Item]) -> Iterator[tuple[Item, Item]]:
    """Each item with one of the same level whose answer is another."""
    for item in made:
        for other in made:
            if other.level == item.level and other.answer.strip() != item.answer.strip():
                yield item, other
                break


def _constant(task: Task, seed: int) -> str:
    shares: dict[int, float] = {}
    for level in task.levels:
        items = [task.generate(Random(seed + i), level) for i in range(5 * ITEMS)]
        answer, _ = Counter(item.answer for item in items).most_common(1)[0]
        shares[level] = sum(task.verify(item, answer).passed for item in items) / len(items)
        _require(
            level != task.default_level or shares[level] <= CONSTANT_SHARE,
            f"level {level}: {_brief(answer)} is right in {shares[level]:.0%}",
        )
    worst = max(shares, key=lambda level: shares[level])
    return f"the best one is right in {shares[worst]:.0%}, at level {worst}"


def _fast(task: Task, seed: int) -> str:
    started = time.perf_counter()
    for i in range(ITEMS):
        item = task.generate(Random(seed + i), task.default_level)
        task.verify(item, task.demonstrate(item, Random(i)).answer)
    took = 1000 * (time.perf_counter() - started) / ITEMS
    _require(took <= MILLISECONDS, f"{took:.1f} ms an item; {MILLISECONDS:.0f} is the limit")
    return f"{took:.2f} ms an item"
