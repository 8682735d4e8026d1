"""Soft mode: a free model under the guard; the conversation stops and goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from secondthought.messages import BadInput
from secondthought.models.scripted import Scripted
from secondthought.reasoner import Reasoner
from secondthought.routines.audit import audit
from secondthought.routines.model import Routine
from secondthought.routines.parse import parse
from secondthought.routines.soft import MAX_CALLS, SoftRunner, SoftState
from secondthought.routines.state import read_state
from secondthought.routines.tools import Tools, from_callable
from secondthought.routines.transcripts import load_transcripts
from secondthought.routines.words import WORDS

SHOP = parse(
    '1. Ask the customer: "Order number, please?" -> order_id\n'
    "2. `call get_order(order_id)` -> order\n"
    '3. Confirm with the customer: "Refund {order_id}?"\n4. `call refund(order_id)`\n'
    "5. If it fails, then:\n   - `call transfer_to_human(order_id)`\n"
    '6. Ask the customer: "Is there anything else, please?"\n7. `call case_resolution()`\n\n'
    "Function Definitions:\n- `get_order(order_id: string)`: Reads.\n  Effect: read\n"
    "- `refund(order_id: string)`: Refunds.\n  Effect: write\n"
    "- `transfer_to_human(order_id: string)`: Hands over.\n  Effect: generic\n"
    "- `case_resolution()`: Ends.\n  Effect: generic\n"
)


def get_order(order_id: str) -> dict[str, Any]:
    return {"total": 8}


def refund(order_id: str) -> str:
    return "done"


def transfer_to_human(order_id: str) -> None: ...


def case_resolution() -> None: ...


def soft(
    *turns: dict[str, Any], state: SoftState | None = None, shop: Routine = SHOP
) -> SoftRunner:
    functions = (get_order, refund, transfer_to_human, case_resolution)
    tools = Tools({f.__name__: from_callable(f) for f in functions})
    return SoftRunner(shop, tools, Reasoner(Scripted.of(*turns)), state=state)


def call(name: str, **arguments: Any) -> dict[str, Any]:
    return {"tool_calls": [{"name": name, "arguments": arguments}]}


ASKED = (call("get_order", order_id="A-100"), {"answer": "Shall I refund it?"})
DONE = (
    call("refund", order_id="A-100"),
    {"answer": "Done. Is there anything else?"},
    call("case_resolution"),
)


async def test_a_conversation_goes_on_from_its_json_and_an_earlier_offer_still_counts() -> None:
    first = soft(*ASKED)
    assert await first.go("Refund A-100, please.") == "Shall I refund it?"
    saved = read_state(SoftState, first.state.model_dump_json())
    assert saved == first.state
    second = soft(*DONE, state=saved)
    await second.go("Yes, please.")
    await second.go("no")
    assert (second.stopped, second.over) == ([], True)
    assert second.guard.writes("refund")


async def test_what_was_said_before_the_break_still_makes_an_argument_new() -> None:
    first = soft(*ASKED)
    await first.go("Refund A-100, please.")
    second = soft(call("refund", order_id="B-2000"), {"answer": "Sorry."}, state=first.state)
    await second.go("Yes, and B-2000 too")
    assert [s.name for s in second.stopped] == ["refund"]


async def test_the_conformance_is_that_of_the_calls_that_were_made(tmp_path: Path) -> None:
    runner = soft(call("refund", order_id="A-100"), *ASKED, *DONE)
    await runner.go("Refund A-100, please.")
    await runner.go("Yes, please.")
    await runner.go("no")
    assert [s.name for s in runner.stopped] == ["refund"]
    report = audit(SHOP, runner.transcript(), runner.guard.tools)
    assert [c.name for c in report.calls] == ["get_order", "refund", "case_resolution"]
    assert report.stopped == []
    assert {report.steps[key] for key in "123467"} == {"followed"}
    path = tmp_path / "talk.json"
    path.write_text(runner.state.model_dump_json(), "utf-8")
    (read,) = load_transcripts(path)
    assert next(c.name for t in read.turns for c in t.calls) == "refund"


async def test_a_model_that_never_stops_calling_ends_with_a_human() -> None:
    runner = soft(*[call("get_order", order_id="A-100")] * (MAX_CALLS + 1))
    assert await runner.go("hi") == WORDS["en"].unknown
    assert runner.over
    assert runner.messages[-1].text == WORDS["en"].unknown


async def test_a_transfer_ends_the_talk_after_a_last_word() -> None:
    runner = soft(call("transfer_to_human", order_id="A-100"), {"answer": "A colleague comes."})
    assert await runner.go("A human, please. It is A-100.") == "A colleague comes."
    assert runner.over


async def test_a_state_of_another_routine_is_refused() -> None:
    state = soft().state
    with pytest.raises(BadInput, match="has changed"):
        soft(state=state, shop=parse("1. Escalate\n"))


def test_arguments_that_are_no_json_are_no_arguments() -> None:
    """Python reads NaN, and a schema's limits would let it pass."""
    from secondthought.routines.soft import _arguments  # pyright: ignore[reportPrivateUsage]

    assert _arguments('{"amount": NaN}') == '{"amount": NaN}'
    assert _arguments('{"amount": 1}') == {"amount": 1}
