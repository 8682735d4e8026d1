from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest

from secondthought.tasks import catalogue
from secondthought.tasks.base import Demonstration, Item
from secondthought.tasks.check import check
from secondthought.tasks.gcd import Gcd
from secondthought.trace import Verdict


@pytest.mark.parametrize("name", catalogue.names())
def test_the_built_in_tasks_pass(name: str) -> None:
    failed = [result for result in check(catalogue.task(name)) if not result.ok]
    assert failed == []


class Unstable(Gcd):
    def generate(self, rng: Random, level: int, **options: Any) -> Item:
        return super().generate(Random(time.perf_counter_ns()), level, **options)


class Lenient(Gcd):
    def verify(self, item: Item, text: str) -> Verdict:
        return Verdict.of(item.answer in text.split())


class Yielding(Gcd):
    def verify(self, item: Item, text: str) -> Verdict:
        return Verdict.of(not text.strip() or super().verify(item, text).passed)


class Evaluating(Gcd):
    def verify(self, item: Item, text: str) -> Verdict:
        return Verdict.of(int(text) == int(item.answer))


class Telling(Gcd):
    def verify(self, item: Item, text: str) -> Verdict:
        return Verdict.of(super().verify(item, text).passed, f"it is {item.answer}")


class Wrong(Gcd):
    def demonstrate(self, item: Item, rng: Random, **options: Any) -> Demonstration:
        return Demonstration.of([super().demonstrate(item, rng, **options).thought], "0")


class Monotonous(Gcd):
    def generate(self, rng: Random, level: int, **options: Any) -> Item:
        item = super().generate(rng, level, **options)
        while item.answer != "1":
            item = super().generate(rng, level, **options)
        return item


class Slow(Gcd):
    levels = range(3, 4)

    def demonstrate(self, item: Item, rng: Random, **options: Any) -> Demonstration:
        time.sleep(0.06)
        return super().demonstrate(item, rng, **options)


@pytest.mark.parametrize(
    ("broken", "names"),
    [
        (Unstable(), ["same seed, same item and trace"]),
        (Lenient(), ["all numbers at once fails", "a list of answers fails"]),
        (Yielding(), ["an empty answer fails", "white space fails"]),
        (Evaluating(), ["an empty answer fails", "code fails"]),
        (Telling(), ["feedback keeps the answer"]),
        (Wrong(), ["demonstrations end right"]),
        (Monotonous(), ["no constant answer wins"]),
        (Slow(), ["is fast"]),
    ],
)
def test_each_fault_is_found(broken: Gcd, names: list[str]) -> None:
    failed = {result.name for result in check(broken) if not result.ok}
    assert set(names) <= failed


def test_a_task_that_makes_nothing_is_a_failure_not_a_crash() -> None:
    class Empty(Gcd):
        def generate(self, rng: Random, level: int, **options: Any) -> Item:
            raise RuntimeError("not yet")

    (*_, last) = check(Empty())
    assert (last.ok, last.detail) == (False, "raised RuntimeError: not yet")
