from random import Random

import pytest

from secondthought.messages import Problem
from secondthought.tasks import simple_equations
from secondthought.tasks.base import Item
from secondthought.tasks.simple_equations import SimpleEquations
from tests.tasks.properties import TaskProperties


class TestSimpleEquations(TaskProperties):
    task = SimpleEquations()

    def needed(self, item: Item) -> list[str]:
        return [str(abs(item.data[k])) for k in ("a", "b", "c") if abs(item.data[k]) > 1]


def test_the_gym_level_has_the_gyms_questions() -> None:
    """Any equation of the gym is solved, and written as it is."""
    reasoning_gym = pytest.importorskip("reasoning_gym")
    task = SimpleEquations()
    for entry in reasoning_gym.create_dataset("simple_equations", size=60, seed=0):
        equation, letter = entry["metadata"]["equation"], entry["metadata"]["variable"]
        left, _, right = equation.partition(" = ")
        solution, c = int(entry["answer"]), int(right)
        if letter not in left:
            continue  # the unknown's terms cancelled out: any number solves it
        b = sum(int(t) for t in left.replace("- ", "-").split() if t.lstrip("-").isdigit())
        data = {"a": (c - b) // solution, "b": b, "c": c, "letter": letter}
        assert simple_equations.written(data["a"], b, c, letter) == equation
        assert entry["question"] in [
            t.format(x=letter, equation=equation) for t in simple_equations.GYM
        ]
        item = Item("simple_equations", 3, Problem(()), entry["answer"], data)
        assert task.verify(item, entry["answer"]).passed
        assert f"\n{letter}={solution}\n" in task.demonstrate(item, Random(0)).thought


@pytest.mark.parametrize(
    ("a", "b", "x"),
    [(1, 0, 5), (1, 5, 5), (-1, 5, 9), (-7, -3, 2), (7, -14, 2), (7, -30, 2), (-7, 14, 2)],
)
def test_every_sign(a: int, b: int, x: int) -> None:
    data = {"a": a, "b": b, "c": a * x + b, "letter": "k"}
    item = Item("simple_equations", 1, Problem(()), str(x), data)
    thought = SimpleEquations().demonstrate(item, Random(0)).thought
    assert f"\nk={x}\n" in thought
    assert thought.endswith(" yes")
    assert SimpleEquations().verify(item, f"k = {x}").passed
