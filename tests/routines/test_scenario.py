from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from secondthought.messages import BadInput
from secondthought.routines.coverage import coverage
from secondthought.routines.format import format_routine
from secondthought.routines.graph import build
from secondthought.routines.model import Routine
from secondthought.routines.parse import parse
from secondthought.routines.scenario import Expect, Scenario, load_scenarios, play
from tests.routines.conftest import EXAMPLES


@pytest.mark.parametrize("name", ["returns", "membership"])
async def test_the_shipped_scenarios_pass_and_take_every_branch(name: str) -> None:
    text = (EXAMPLES / f"{name}.routine.md").read_text("utf-8")
    routine = parse(text)
    assert format_routine(routine) == text
    outcomes = [await play(routine, s) for s in load_scenarios(EXAMPLES / f"{name}.scenarios.toml")]
    assert [o.failures for o in outcomes] == [()] * len(outcomes)
    covered = coverage(build(routine), [o.state for o in outcomes])
    assert covered.full, covered


async def test_without_a_scenario_its_branch_is_missed(returns: Routine) -> None:
    scenarios = load_scenarios(EXAMPLES / "returns.scenarios.toml")
    kept = [s for s in scenarios if "defect" not in s.name]
    assert len(kept) < len(scenarios)
    states = [(await play(returns, s)).state for s in kept]
    covered = coverage(build(returns), states)
    assert {"5b:yes", "5b:no"} <= set(covered.missed_branches)


async def test_differences_are_told(returns: Routine) -> None:
    wrong = Scenario(
        name="x",
        customer=["A-1, a@example.com", "more"],
        tools={"verify_customer": [{"verified": False}]},
        expect=Expect(status="resolved", calls=[], visits=["4a"], says=["hooray"], values={"a": 1}),
    )
    outcome = await play(returns, wrong)
    assert [failure.split()[0] for failure in outcome.failures] == [
        "the", "status", "calls", "step", "nothing", "a",
    ]  # fmt: skip


async def test_a_scenario_that_stops_too_early_fails(returns: Routine) -> None:
    outcome = await play(returns, Scenario(name="x"))
    assert "waits for the customer" in outcome.failures[0]


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({"tools": {"get_ordr": [1]}}, "no tool 'get_ordr'"),
        ({"decide": {"the box is opn": True}}, "no condition or step 'the box is opn'"),
    ],
)
async def test_a_slip_in_a_name_is_not_passed_over(
    returns: Routine, slip: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        await play(returns, Scenario(name="x", **slip))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no [[scenario]]"),
        ("= 3", "TOML"),
        ("a = " + "[" * 3000 + "]" * 3000, "TOML"),
        ("[[scenario]]\nname = 3", "scenario 1, name"),
        ('[[scenario]]\nname = "a"\nreplies = []', "scenario 1, replies"),
    ],
)
def test_broken_scenario_files_are_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=words.replace("[", r"\[")):
        load_scenarios(path)
