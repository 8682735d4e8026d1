from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from secondthought.messages import BadInput
from secondthought.routines.parse import parse
from secondthought.routines.schema import problems
from secondthought.routines.tools import Tools

SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "minLength": 2},
        "count": {"type": "integer", "minimum": 1, "maximum": 5},
        "cabin": {"enum": ["economy", "business"]},
        "bags": {"type": "array", "items": {"$ref": "#/$defs/Bag"}},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["id"],
    "$defs": {
        "Bag": {"type": "object", "properties": {"kg": {"type": "number"}}, "required": ["kg"]}
    },
}
MODULE = '''
from typing import Literal

def get_order(order_id: str, deep: bool = False) -> dict:
    """Read an order."""
    return {"id": order_id}
get_order.effect = "read"

def pay(amount: float, how: Literal["card", "cash"]) -> None: ...

def _hidden() -> None: ...
'''


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ({"id": "ab"}, 0),
        ({"id": "ab", "count": 2, "cabin": "business", "bags": [{"kg": 3}], "note": None}, 0),
        ({"id": "ab", "count": 2.0}, 0),
        ({}, 1),
        ({"id": "a"}, 1),
        ({"id": 7}, 1),
        ({"id": "ab", "count": 6}, 1),
        ({"id": "ab", "count": 1.5}, 1),
        ({"id": "ab", "count": True}, 1),
        ({"id": "ab", "cabin": "first"}, 1),
        ({"id": "ab", "bags": [{"kg": "3"}, {}]}, 2),
        ({"id": "ab", "note": 3}, 1),
        ({"id": "ab", "other": 3}, 1),
        ([], 1),
    ],
)
def test_values_are_checked_against_the_schema(value: Any, wrong: int) -> None:
    closed = {**SCHEMA, "additionalProperties": False}
    assert len(problems(value, closed)) == wrong


def test_a_schema_that_cannot_be_checked_is_refused() -> None:
    tool = {"name": "f", "parameters": {"properties": {"a": {"pattern": "^x"}}}}
    with pytest.raises(BadInput, match="pattern"):
        Tools.of([tool])


def test_a_python_module_gives_tools_with_schemas(tmp_path: Path) -> None:
    path = tmp_path / "tools.py"
    path.write_text(MODULE, "utf-8")
    tools = Tools.load(path)
    assert [t.name for t in tools] == ["get_order", "pay"]
    order, pay = tools.functions["get_order"], tools.functions["pay"]
    assert (order.required, order.names, order.effect) == (
        ["order_id"],
        ["order_id", "deep"],
        "read",
    )
    assert order.run is not None
    assert order.run(order_id="1") == {"id": "1"}
    assert not pay.problems({"amount": 2, "how": "card"})
    assert len(pay.problems({"amount": "x", "how": "gold", "tip": 1})) == 3
    assert pay.writes
    assert not order.writes


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{}"),
        ("b.json", "[{}]"),
        ("c.json", "nonsense"),
        ("d.py", "def f(:"),
        ("e.py", "x = 1"),
        ("f.py", "def f(*args): ..."),
        ("g.py", "1 / 0"),
    ],
)
def test_broken_tool_files_are_refused_in_one_line(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput) as error:
        Tools.load(path)
    assert "\n" not in str(error.value)


def test_definitions_of_a_routine_serve_as_tools() -> None:
    routine = parse("1. x\n\nFunction Definitions:\n\n- `f(a: integer, b?)`: Does it.\n")
    tool = Tools.declared(routine.functions).functions["f"]
    assert not tool.problems({"a": 1})
    assert tool.problems({"a": "x"})
    assert tool.problems({"b": 1})


def test_the_published_schemas_load(data: Path) -> None:
    for name in ("tau_bench_airline_tools", "tau_bench_retail_tools"):
        path = data / "policies" / f"{name}.json"
        tools = Tools.load(path)
        assert len(list(tools)) == len(json.loads(path.read_text("utf-8")))
