"""Scenario files: conversations that a routine must handle as told, for `routine test` and CI.

[[scenario]]
name = "refund within 30 days"
customer = ["A-1001", "yes", "no, thanks"]        # the replies, in order
decide = { "the box is open" = false }            # conditions without a predicate
tools.get_order = [{ days = 3 }]                  # results in order; the last one stays
tools.refund = [{ error = "bank is closed" }]     # a call that fails
values = { now = "2024-05-15" }                   # known before the start
expect.status = "resolved"
expect.calls = ["get_order", "refund_order"]
expect.visits = ["3a"]
expect.says = ["5 days"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from secondthought.messages import BadInput
from secondthought.routines.graph import build
from secondthought.routines.mind import Plain
from secondthought.routines.model import Routine
from secondthought.routines.run import Runner
from secondthought.routines.state import State
from secondthought.routines.tools import ToolError, ToolFunction, Tools


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Expect(_Part):
    """What must come out; a field that is not given is not compared."""

    status: str | None = None
    calls: list[str] | None = None
    visits: list[str] = []
    says: list[str] = []
    values: dict[str, Any] = {}


class Scenario(_Part):
    name: str
    customer: list[str] = []
    decide: dict[str, bool | list[bool]] = {}
    tools: dict[str, list[Any]] = {}
    values: dict[str, Any] = {}
    expect: Expect = Expect()


@dataclass(frozen=True, slots=True)
class Outcome:
    """failures: what differs from the expectation, one line each."""

    scenario: Scenario
    state: State
    failures: tuple[str, ...]


def load_scenarios(path: str | Path) -> list[Scenario]:
    """From a TOML file. Raises BadInput, naming the scenario that is wrong."""
    path = Path(path)
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadInput(f"there is no scenario file {str(path)!r}; give a .toml file") from None
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"scenario file {path} cannot be read as TOML: {error}") from None
    rows = raw.get("scenario")
    if not isinstance(rows, list) or not rows:
        raise BadInput(f"scenario file {path} has no [[scenario]]; write at least one")
    found: list[Scenario] = []
    for number, row in enumerate(rows, 1):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        try:
            found.append(Scenario.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "scenario"
            raise BadInput(f"{path}, scenario {number}, {where}: {first['msg']}") from None
    return found


async def play(routine: Routine, scenario: Scenario, tools: Tools | None = None) -> Outcome:
    """One conversation with the replies and results of the scenario; real tools are not called.

    Raises BadInput for results of a tool, or decisions of a step, that there is not.
    """
    tools = tools or Tools.declared(routine.functions)
    _refuse_strangers(routine, scenario, tools)
    recorded = Tools({t.name: replace(t, run=_recorded(t, scenario)) for t in tools})
    runner = Runner(routine, recorded, Plain(scenario.decide))
    state = runner.start(scenario.values)
    said = await runner.go(state)
    failures: list[str] = []
    for reply in scenario.customer:
        if state.over:
            failures.append(f"the conversation ended before the reply {reply!r}")
            break
        said += await runner.go(state, reply)
    if not state.over:
        failures.append(f"the scenario ends while step {state.at} waits for the customer")
    return Outcome(scenario, state, (*failures, *_compare(scenario.expect, state, said)))


def _refuse_strangers(routine: Routine, scenario: Scenario, tools: Tools) -> None:
    """A name with a slip of the pen would be passed over in silence."""
    nodes = build(routine).nodes
    conditions = {n.step.clause.condition for n in nodes.values() if n.step.clause.kind == "branch"}
    for what, names, known in (
        ("tool", scenario.tools, {tool.name for tool in tools}),
        ("condition or step", scenario.decide, {*nodes, *conditions}),
    ):
        for name in names:
            if name not in known:
                raise BadInput(f"scenario {scenario.name!r}: the routine has no {what} {name!r}")


def _recorded(tool: ToolFunction, scenario: Scenario) -> Callable[..., Any]:
    results = list(scenario.tools.get(tool.name, [None]))

    def run(**_: Any) -> Any:
        result: Any = results.pop(0) if len(results) > 1 else results[0] if results else None
        if isinstance(result, dict) and set(result) == {"error"}:  # pyright: ignore[reportUnknownArgumentType]
            raise ToolError(str(result["error"]))  # pyright: ignore[reportUnknownArgumentType]
        return result  # pyright: ignore[reportUnknownVariableType]

    return run


def _compare(expect: Expect, state: State, said: list[str]) -> list[str]:
    found: list[str] = []
    if expect.status is not None and state.status != expect.status:
        about = f" ({state.reason})" if state.reason else ""
        found.append(f"status is {state.status}{about}, expected {expect.status}")
    calls = [entry.name for entry in state.calls]
    if expect.calls is not None and calls != expect.calls:
        found.append(f"calls are {', '.join(calls) or 'none'}, expected {', '.join(expect.calls)}")
    for key in expect.visits:
        if key not in state.visits:
            found.append(f"step {key} was not visited")
    everything = "\n".join(said)
    for text in expect.says:
        if text not in everything:
            found.append(f"nothing was said with {text!r}")
    for name, value in expect.values.items():
        if state.values.get(name) != value:
            found.append(f"{name} is {state.values.get(name)!r}, expected {value!r}")
    return found
