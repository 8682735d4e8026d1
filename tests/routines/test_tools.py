from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from secondthought.messages import BadInput
from secondthought.routines.parse import parse
from secondthought.routines.schema import problems
from secondthought.routines.tools import Tools
from secondthought.routines.validate.check import check

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


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        ({"type": "integer"}, "x", "a must be integer, not string"),
        ({"type": ["string", "null"]}, 3, "a must be string or null, not integer"),
        ({"anyOf": [{"type": "array"}, {"type": "null"}]}, 3, "a must be array or null, not "
         "integer"),
        ({"enum": ["x", "y"]}, "z", "a is 'z'; choose one of x, y"),
        ({"items": {"type": "number"}}, [1, "2"], "a[1] must be number, not string"),
        ({"minimum": 3}, 2, "a: 2 is less than the minimum of 3"),
        ({"pattern": "^x"}, "y", "a: 'y' does not match '^x'"),
        ({"$ref": "#/$defs/none"}, 1, "the tool's schema has no /$defs/none"),
        ({"$ref": "http://127.0.0.1:9/x.json"}, 1, "the tool's schema has no http://127.0.0.1:9/x.json"),
    ],
)  # fmt: skip
def test_a_problem_is_told_in_one_plain_line(schema: Any, value: Any, told: str) -> None:
    assert problems({"a": value}, {"properties": {"a": schema}}) == [told]


def test_missing_and_unknown_parameters_are_named() -> None:
    (tool,) = Tools.of([{"name": "f", "parameters": {"properties": {"a": {}}, "required": ["a"]}}])
    assert tool.problems({"b": 1}) == [
        "there is no parameter 'b'; there are a",
        "'a' is missing",
    ]


def test_a_value_that_is_nested_without_end_is_a_problem_not_a_crash() -> None:
    value: Any = []
    for _ in range(3000):
        value = [value]
    schema = {
        "properties": {"a": {"$ref": "#/$defs/T"}},
        "$defs": {"T": {"items": {"$ref": "#/$defs/T"}}},
    }
    assert problems({"a": value}, schema) == ["the arguments are nested too deeply"]


@pytest.mark.parametrize("broken", [{"type": "strin"}, {"required": 3}, {"minLength": "x"}])
def test_a_schema_that_is_none_is_refused(broken: Any) -> None:
    with pytest.raises(BadInput, match="the schema of f in the tools is broken"):
        Tools.of(
            [
                {
                    "name": "f",
                    "parameters": {"properties": {"a": broken}} if "type" in broken else broken,
                }
            ]
        )


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
        ("h.py", "def f(x: 'Foo'): ..."),
        ("j.py", "def f(model_config: int): ..."),
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


def test_a_definition_must_agree_with_its_tool_in_types_and_effect() -> None:
    tools = Tools.of(
        [
            {
                "name": "pay",
                "effect": "write",
                "parameters": {"properties": {"n": {"type": "integer"}}},
            },
        ]
    )

    def found(definition: str) -> list[str]:
        text = f"1. `call pay(n)`\n\nFunction Definitions:\n\n- {definition}\n"
        return [f.message for f in check(parse(text), tools=tools) if f.code == "E26"]

    assert found("`pay(n: integer?)`: Pays.\n  Effect: write") == []
    assert found("`pay(n: number?)`: Pays.") == []
    assert found("`pay(n: string?)`: Pays.") == ["n of the tool pay is integer, not string"]
    assert found("`pay(n?)`: Pays.\n  Effect: read") == [
        "the tool pay is write, the definition says read"
    ]


def test_the_published_schemas_load(data: Path) -> None:
    for name in ("tau_bench_airline_tools", "tau_bench_retail_tools"):
        path = data / "policies" / f"{name}.json"
        tools = Tools.load(path)
        assert len(list(tools)) == len(json.loads(path.read_text("utf-8")))
