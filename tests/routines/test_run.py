from __future__ import annotations

from typing import Any

import pytest

from secondthought.messages import BadInput
from secondthought.models.scripted import Scripted
from secondthought.reasoner import Reasoner
from secondthought.routines.mind import Guided, Plain
from secondthought.routines.model import Routine
from secondthought.routines.parse import parse
from secondthought.routines.run import MAX_CALLS, Runner
from secondthought.routines.state import State, load_state
from secondthought.routines.tools import ToolError, Tools, from_callable
from secondthought.routines.words import WORDS

END = '8. Ask the customer: "Is there anything else, please?"\n9. `call case_resolution()`\n'
PAY = """
Function Definitions:
- `pay(amount: number, card: string)`: Pays.
  Effect: write
- `look(card: string) -> account`: Looks.
  Effect: read
"""


def tools(**functions: Any) -> Tools:
    return Tools({name: from_callable(function) for name, function in functions.items()})


async def talk(runner: Runner, *replies: str, state: State | None = None) -> State:
    state = state or runner.start()
    await runner.go(state)
    for reply in replies:
        await runner.go(state, reply)
    return state


def routine(steps: str) -> Routine:
    return parse(f"{steps}\n{END}{PAY}")


PAYING = routine(
    '1. Ask the customer: "Which card, please?" -> card\n'
    '2. Ask the customer: "How much, please?" -> amount\n'
    '3. Confirm with the customer: "Pay {amount} with {card}?"\n'
    "4. If the customer agrees, then:\n   4a. `call pay(amount, card)`\n"
)


async def test_a_conversation_runs_to_its_end_and_calls_with_typed_arguments() -> None:
    paid: list[Any] = []

    def pay(amount: float, card: str) -> None:
        paid.append((amount, card))

    state = await talk(Runner(PAYING, tools(pay=pay)), "visa 12", "$1,200", "yes", "no")
    assert (state.status, paid) == ("resolved", [(1200, "visa 12")])
    assert state.log[-1].text == "resolved"


async def test_a_no_skips_the_write() -> None:
    state = await talk(Runner(PAYING), "visa", "12", "no", "no")
    assert (state.status, state.calls) == ("resolved", [c for c in state.calls if c.name != "pay"])


@pytest.mark.parametrize("reply", ["yes, but with my other card", "how much is that?", "maybe"])
async def test_only_an_explicit_yes_confirms_and_the_third_try_ends_with_a_human(
    reply: str,
) -> None:
    state = await talk(Runner(PAYING), "visa", "12", reply)
    assert state.pending == "confirm"
    for _ in range(2):
        await Runner(PAYING).go(state, reply)
    assert state.status == "escalated"
    assert not any(call.name == "pay" for call in state.calls)


async def test_a_write_without_a_yes_is_stopped() -> None:
    state = await talk(Runner(routine('1. `call pay(12, "visa")`\n')))
    assert (state.status, state.calls) == ("escalated", [])
    assert "without a yes" in state.reason


async def test_a_yes_that_is_older_than_an_argument_does_not_count() -> None:
    late = routine(
        '1. Ask the customer: "Card, please?" -> card\n2. Confirm with the customer: "Pay?"\n'
        '3. Ask the customer: "Another card, please?" -> card\n4. `call pay(12, card)`\n'
    )
    state = await talk(Runner(late), "visa", "yes", "amex")
    assert (state.status, state.calls) == ("escalated", [])
    assert "card changed" in state.reason


async def test_a_yes_to_a_plain_question_counts_inside_its_branch_only() -> None:
    inside = routine(
        '1. Ask the customer: "Shall I pay, please?"\n'
        '2. If the customer agrees, then:\n   - `call pay(12, "visa")`\n'
    )
    outside = routine(
        '1. Ask the customer: "Is it raining, please?"\n2. If the customer says yes, then:\n'
        '   - Say: "Take a coat."\n3. `call pay(12, "visa")`\n'
    )
    assert [c.name for c in (await talk(Runner(inside), "yes")).calls] == ["pay"]
    stopped = await talk(Runner(outside), "yes")
    assert (stopped.status, stopped.calls) == ("escalated", [])


async def test_arguments_that_do_not_fit_the_schema_are_stopped() -> None:
    state = await talk(Runner(PAYING), "visa", "plenty", "yes")
    assert state.status == "escalated"
    assert "must be number" in state.reason


async def test_a_missing_value_is_stopped_not_made_up() -> None:
    state = await talk(Runner(routine("1. `call look(card)`\n")))
    assert (state.status, state.calls) == ("escalated", [])


async def test_only_the_routines_own_tools_are_called() -> None:
    def other() -> None: ...

    state = await talk(Runner(routine("1. `call nuke()`\n"), tools(other=other)))
    assert "nuke is not a tool" in state.reason


async def test_visits_are_bounded() -> None:
    loop = routine('1. Say: "a"\n2. Say: "b"\n3. Proceed to step 1\n')
    state = await talk(Runner(loop, max_visits=5))
    assert (state.status, state.visits["1"]) == ("escalated", 6)


async def test_calls_are_bounded() -> None:
    text = "".join(f'{n}. `call look("x")`\n' for n in range(1, MAX_CALLS + 3))
    state = await talk(Runner(parse(text + PAY)))
    assert (state.status, len(state.calls)) == ("escalated", MAX_CALLS)


async def test_a_failing_tool_goes_to_its_branch_or_to_a_human() -> None:
    def look(card: str) -> dict[str, Any]:
        raise ToolError("down")

    caught = routine(
        '1. `call look("x")` -> account\n'
        '2. If it failed {error != ""}, then:\n   2a. Say: "Sorry."\n'
    )
    state = await talk(Runner(caught, tools(look=look)), "no")
    assert (state.status, state.visits.get("2a")) == ("resolved", 1)
    bare = await talk(Runner(routine('1. `call look("x")`\n'), tools(look=look)))
    assert bare.status == "escalated"
    assert "down" in bare.reason


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_what_cannot_be_decided_is_said_and_goes_to_a_human(language: str) -> None:
    unsure = routine('1. If the moon is full, then:\n   1a. Say: "Howl."\n')
    unsure.language = language
    runner = Runner(unsure)
    state = runner.start()
    assert await runner.go(state) == [WORDS[language].unknown]
    assert state.status == "escalated"
    assert "the moon is full" in state.reason


async def test_giving_up_never_jumps_into_a_branch_that_no_path_has_led_to() -> None:
    """The steps behind such a jump would run without the checks that stand before them."""
    text = (
        '1. If the moon is full, then:\n   1a. Say: "Howl."\n'
        '2. If it is odd, then:\n   2a. Say: "I don\'t know that."\n'
        '   2b. Confirm with the customer: "Pay?"\n   2c. `call pay(12, "visa")`\n'
    )
    state = await talk(Runner(routine(text)))
    assert (state.status, state.visits) == ("escalated", {"1": 1})


async def test_a_routine_bounds_its_own_loop_by_counting_visits() -> None:
    text = (
        '1. Ask the customer: "Number, please?" -> card\n'
        '2. If it is no number {card != "7" and visits("1") < 3}, then:\n'
        "   2a. Proceed to step 1\n"
        '3. Else if it is still none {card != "7"}, then:\n   3a. Escalate: three tries\n'
    )
    runner = Runner(routine(text))
    assert (await talk(runner, "a", "b", "c")).reason == "three tries"
    assert (await talk(runner, "a", "7", "no")).status == "resolved"


async def test_a_routine_cannot_call_a_writing_tool_harmless() -> None:
    def look(card: str) -> None: ...

    look.effect = "write"  # type: ignore[attr-defined]
    state = await talk(Runner(routine('1. `call look("x")`\n'), tools(look=look)))
    assert (state.status, state.calls) == ("escalated", [])
    assert "without a yes" in state.reason


async def test_a_conversation_goes_on_from_its_json() -> None:
    runner = Runner(PAYING)
    state = await talk(runner, "visa")
    again = load_state(state.model_dump_json(), PAYING)
    assert again == state
    assert (await runner.go(again, "12")) == ["Pay 12 with visa?"]
    with pytest.raises(BadInput, match="has changed"):
        load_state(state.model_dump_json(), routine('1. Say: "x"\n'))
    with pytest.raises(BadInput, match="no saved conversation"):
        load_state("{}", PAYING)


async def test_replies_that_nobody_waits_for_are_refused() -> None:
    runner = Runner(PAYING)
    state = await talk(runner, "visa", "12", "no", "no")
    with pytest.raises(BadInput, match="over"):
        await runner.go(state, "hello?")


async def test_a_further_wish_starts_anew_and_needs_a_new_yes() -> None:
    runner = Runner(PAYING)
    state = await talk(
        runner, "visa", "12", "yes", "yes, another payment", "amex", "13", "no", "no"
    )
    assert [c.arguments for c in state.calls if c.name == "pay"] == [{"amount": 12, "card": "visa"}]
    assert state.status == "resolved"


@pytest.mark.parametrize(
    "end",
    [
        "9. If the customer has no further questions, then:\n   9a. `call case_resolution()`\n",
        "9. If the customer has no further questions, then:\n   9a. `call case_resolution()`\n"
        "10. Else:\n   10a. Proceed to step 1\n",
    ],
)
async def test_a_further_wish_is_not_closed_by_the_branch_for_no_further_wish(end: str) -> None:
    steps = (
        '1. Ask the customer: "Which card, please?" -> card\n'
        '2. Confirm with the customer: "Pay 1 with {card}?"\n'
        "3. If the customer agrees, then:\n   3a. `call pay(1, card)`\n"
        '8. Ask the customer: "Is there anything else, please?"\n'
    )
    runner = Runner(parse(f"{steps}{end}{PAY}"))
    state = await talk(runner, "visa", "yes", "one more, please")
    assert (state.at, state.yes_at) == ("1", None)
    for reply in ("amex", "no", "no"):
        await runner.go(state, reply)
    assert (state.status, state.values["card"]) == ("resolved", "amex")


async def test_no_further_item_is_not_taken_for_no_further_wish() -> None:
    text = "1. If there is no other flight, then:\n   1a. Escalate: no flight\n"
    assert (await talk(Runner(routine(text)))).reason.startswith("it cannot be told")


async def test_what_was_looked_up_by_a_newer_word_needs_a_newer_yes() -> None:
    """The second account was never agreed to, though no asked variable stands in the call."""
    text = (
        '1. Ask the customer: "Which card, please?" -> card\n'
        "2. `call look(card)` -> account\n"
        '3. If it is new {visits("4") < 1}, then:\n'
        '   3a. Confirm with the customer: "Pay 1 from {card}?"\n'
        "4. `call pay(1, account.card)`\n"
        '5. Ask the customer: "Which other card, please?" -> card\n'
        "6. Proceed to step 2\n"
    )
    paid: list[str] = []

    def pay(amount: float, card: str) -> None:
        paid.append(card)

    def look(card: str) -> dict[str, str]:
        return {"card": card}

    state = await talk(Runner(routine(text), tools(pay=pay, look=look)), "visa", "yes", "amex")
    assert (state.status, paid) == ("escalated", ["visa"])
    assert "account changed" in state.reason


@pytest.mark.parametrize("amount", ["nan", "inf", "-Infinity", "1e999"])
async def test_a_number_that_is_none_is_no_amount(amount: str) -> None:
    state = await talk(Runner(PAYING), "visa", amount, "yes")
    assert (state.status, [c for c in state.calls if c.name == "pay"]) == ("escalated", [])


@pytest.mark.parametrize(
    "change",
    [{"at": "77"}, {"at": "3", "status": "running", "yes_inside": "77"}, {"at": "4"}],
)
async def test_a_state_that_stands_nowhere_is_refused(change: dict[str, Any]) -> None:
    saved = (await talk(Runner(PAYING), "visa")).model_copy(update=change)
    with pytest.raises(BadInput, match="at no step"):
        await Runner(PAYING).go(saved, "12" if saved.status == "waiting" else None)


async def test_an_answer_that_holds_not_all_values_is_asked_for_again() -> None:
    both = routine('1. Ask the customer: "Card and amount, please?" -> card, amount\n')
    runner = Runner(both)
    state = await talk(runner, "my card")
    assert state.pending == "ask"
    await runner.go(state, "visa, 12")
    assert (state.values["card"], state.values["amount"]) == ("visa", "12")


async def test_the_log_holds_every_step_and_decision() -> None:
    state = await talk(Runner(PAYING), "visa", "12", "yes", "no")
    assert [e.step for e in state.log if e.kind == "step"] == ["1", "2", "3", "4", "4a", "8", "9"]
    assert [e.text for e in state.log if e.kind == "decision"] == ["yes"]


async def test_decisions_of_a_script_may_change_from_visit_to_visit() -> None:
    loop = routine('1. Say: "a"\n2. If it is late, then:\n   2a. Proceed to step 1\n')
    state = await talk(Runner(loop, mind=Plain({"it is late": [True, True, False]})))
    assert state.visits["1"] == 3


async def test_guided_lets_the_model_phrase_extract_and_decide() -> None:
    model = Scripted.of(
        {"match": "instruction", "answer": "Hello, what shall it be?"},
        {"match": "JSON object", "answer": 'Sure: {"card": "visa 12", "extra": 1}'},
        {"match": "condition hold", "answer": "Yes."},
    )
    guided = routine(
        "1. Greet the customer.\n"
        '2. Ask the customer: "Which card, please?" -> card\n'
        "3. If the customer sounds tired, then:\n   3a. Escalate: tired\n"
    )
    runner = Runner(guided, mind=Guided(Reasoner(model)))
    state = runner.start()
    assert (await runner.go(state))[0] == "Hello, what shall it be?"
    await runner.go(state, "the blue one, visa 12 I think")
    assert (state.status, state.reason, state.values["card"]) == ("escalated", "tired", "visa 12")


async def test_guided_takes_nonsense_of_a_model_for_cannot_tell() -> None:
    model = Scripted.of({"answer": "Hmm, {broken"})
    guided = routine(
        '1. Ask the customer: "Which card, please?" -> card\n2. If it is odd, then:\n   - x\n'
    )
    runner = Runner(guided, mind=Guided(Reasoner(model)))
    state = await talk(runner, "a long reply without it")
    assert state.pending == "ask"  # asked again, nothing invented
    await runner.go(state, "visa")
    assert (state.status, state.values["card"]) == ("escalated", "visa")


async def test_a_plain_yes_is_never_asked_of_the_model() -> None:
    model = Scripted.of({"answer": "no"})
    runner = Runner(PAYING, mind=Guided(Reasoner(model)))
    state = await talk(runner, "visa", "12", "yes")
    assert [c.name for c in state.calls] == ["pay"]
    assert model.requests == []
