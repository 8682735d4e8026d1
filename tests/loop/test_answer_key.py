"""The answer key stays out: no strategy can reach the scorer of an item."""

from __future__ import annotations

import ast
import gc
import types
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from random import Random
from typing import Any

import pytest

from secondthought import Policy, Problem, Reasoner
from secondthought.loop import base
from secondthought.loop.base import Context
from secondthought.models.scripted import Scripted
from secondthought.tasks import catalogue
from secondthought.tasks.base import Item

LOOP = Path(base.__file__).parent
FILES = sorted(LOOP.glob("*.py"))
# A parser of steps, one of expressions, and what compares a thought with its answer: none of them
# holds, makes or scores items.
ALLOWED = {f"secondthought.tasks.{name}" for name in ("steps", "expression", "conclusions")}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in ALLOWED or alias.name[:1].islower() else f"{node.module}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_loop_imports_nothing_that_knows_answers(file: Path) -> None:
    names = {name for name in imported(file) if name.startswith("secondthought.")}
    for name in names:
        room = name.split(".")[1]
        assert room in ("effort", "loop", "messages", "models", "tasks", "trace", "verifiers")
        assert room != "tasks" or any(name.startswith(allowed) for allowed in ALLOWED), name
    # No way around imports: the only dynamic one is of the loop's own strategies.
    text = file.read_text("utf-8")
    assert file.name == "compose.py" or "import_module" not in text
    assert not any(word in text for word in ("__import__", "eval(", "exec(", "sys.modules"))


def test_the_modules_that_are_allowed_know_no_items() -> None:
    for name in ALLOWED:
        file = LOOP.parent / "tasks" / f"{name.rpartition('.')[2]}.py"
        text = file.read_text("utf-8")
        assert "Item" not in text
        assert "tasks.base" not in text
        assert "catalogue" not in text


def test_a_problem_has_no_room_for_an_answer() -> None:
    asked = {"messages", "tools", "tool_choice", "parallel_tool_calls", "format"}
    assert {f.name for f in fields(Problem)} == {*asked, "verifiers"}


def reachable(start: Any) -> Iterator[Any]:
    """Every object that can be reached from this one without going through code or classes."""
    waiting, seen = [start], set[int]()
    while waiting:
        thing = waiting.pop()
        code = types.ModuleType | type | types.FunctionType | types.CodeType | types.FrameType
        if id(thing) in seen or isinstance(thing, code):
            continue
        seen.add(id(thing))
        yield thing
        waiting += gc.get_referents(thing)


@pytest.mark.parametrize("name", catalogue.names())
async def test_from_what_a_strategy_is_given_no_item_can_be_reached(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from secondthought.loop import direct

    given: list[tuple[Problem, Context]] = []
    run = direct.run

    async def spy(problem: Problem, ctx: Context) -> Any:
        given.append((problem, ctx))
        return await run(problem, ctx)

    monkeypatch.setattr(direct, "run", spy)
    task = catalogue.task(name)
    item = task.generate(Random(3), task.default_level)
    model = Scripted.of({"answer": "x"})
    await Reasoner(model).answer(item.problem, policy=Policy("direct", 0, 10))
    ((problem, ctx),) = given
    held = [*reachable(problem), *reachable(ctx)]
    assert any(thing is model for thing in held)  # the walk does get around
    assert not [thing for thing in held if isinstance(thing, Item)]
    assert not [thing for thing in held if thing is item.data or thing is item.answer]
