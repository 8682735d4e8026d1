from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from secondthought.messages import BadInput
from secondthought.models.scripted import Scripted
from secondthought.reasoner import Reasoner
from secondthought.routines.audit import Audit, audit
from secondthought.routines.model import Routine
from secondthought.routines.parse import parse
from secondthought.routines.soft import SoftRunner
from secondthought.routines.tools import Tools
from secondthought.routines.transcripts import Transcript, load_transcripts, read_messages
from tests.routines.conftest import HERE

LABELS = json.loads((HERE / "airline_labels.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def airline() -> Routine:
    return parse((HERE / "airline.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def tools(data: Path) -> Tools:
    return Tools.load(data / "policies" / "tau_bench_airline_tools.json")


@pytest.fixture(scope="module")
def transcripts(data: Path) -> list[Transcript]:
    return load_transcripts(data / "tau_bench_airline_gpt4o_transcripts.jsonl.gz")


def test_the_airline_routine_is_read_whole(airline: Routine) -> None:
    assert not airline.unread
    assert len(airline.steps) == 10


def measure(audits: dict[str, Audit], kind: str, key: str, wrong: bool) -> tuple[float, float, int]:
    """Precision, recall, and how many calls the labels call wrong."""
    right = false = missed = 0
    for row in LABELS:
        reported = {c.turn: c for c in audits[row["transcript"]].calls}
        for label in row["writes"]:
            if key not in label:
                continue
            found = any(v.kind == kind for v in reported[label["turn"]].violations)
            is_wrong = label[key] is wrong
            right += found and is_wrong
            false += found and not is_wrong
            missed += is_wrong and not found
    return right / (right + false), right / (right + missed), right + missed


def test_audit_against_the_hand_labels(
    airline: Routine, tools: Tools, transcripts: list[Transcript]
) -> None:
    assert len(LABELS) == 60
    audits = {t.name: audit(airline, t, tools) for t in transcripts}
    precision, recall, count = measure(audits, "unconfirmed", "confirmed", False)
    assert count == 23
    # The three false ones: a yes that came a turn before the customer chose how to pay (twice),
    # and "let's book it", which the list of yes-words does not hold.
    assert (round(precision, 2), recall) == (0.88, 1.0)
    precision, recall, count = measure(audits, "condition", "against_rule", True)
    assert (count, precision, recall) == (12, 1.0, 1.0)


async def test_a_live_run_stops_exactly_the_calls_that_audit_reports(
    airline: Routine, tools: Tools, transcripts: list[Transcript]
) -> None:
    """The recorded agent as a scripted model, the recorded results as tools."""
    replayed = calls = stopped = 0
    for transcript in transcripts:
        runner = await replay(airline, tools, transcript)
        report = audit(airline, transcript, tools)
        live = [(s.name, s.arguments) for s in runner.stopped]
        assert live == [(c.name, c.arguments) for c in report.stopped], transcript.name
        made = sum(len(m.tool_calls) for m in runner.messages)
        assert made == len(report.calls), transcript.name
        replayed += 1
        calls += made
        stopped += len(live)
    assert replayed == 100
    assert calls > 500
    assert stopped > 40


async def replay(airline: Routine, tools: Tools, transcript: Transcript) -> SoftRunner:
    turns: list[dict[str, Any]] = []
    results: list[Any] = []
    for turn in (t for t in transcript.turns if t.role == "assistant"):
        listed = [{"name": c.name, "arguments": c.arguments} for c in turn.calls]
        turns.append({"answer": turn.text, "tool_calls": listed})
        results += [c.result for c in turn.calls]
    turns.append({"answer": "Goodbye."})  # some recordings end with a call
    made = iter(range(len(results)))

    def recorded(**_: Any) -> Any:
        return results[done[-1]]

    done: list[int] = []
    live = Tools({t.name: replace(t, run=recorded) for t in tools})
    runner = SoftRunner(airline, live, Reasoner(Scripted.of(*turns)))
    check = runner.guard.check

    def counted(*args: Any, **options: Any) -> Any:
        done.append(next(made))  # also a stopped call uses up its recorded result
        return check(*args, **options)

    runner.guard.check = counted  # type: ignore[method-assign]
    for turn in transcript.turns:
        if turn.role == "user":
            await runner.go(turn.text)
    return runner


def test_every_recorded_call_fits_its_schema(
    airline: Routine, tools: Tools, transcripts: list[Transcript]
) -> None:
    kinds = [
        v.kind for t in transcripts for c in audit(airline, t, tools).calls for v in c.violations
    ]
    assert "bad_arguments" not in kinds
    assert "unknown_tool" not in kinds
    assert kinds.count("text_with_call") == 29  # counted by hand in the file


# --- small conversations ------------------------------------------------------------------

SHOP = parse(
    '1. Ask the customer: "Order number, please?" -> order_id\n'
    "2. `call get_order(order_id)` -> order\n"
    "3. If it is recent {order.days <= 30}, then:\n"
    '   3a. Confirm with the customer: "Refund {order_id}?"\n'
    "   3b. `call refund(order_id)`\n"
    '4. Ask the customer: "Is there anything else, please?"\n5. `call case_resolution()`\n\n'
    "Function Definitions:\n- `get_order(order_id: string)`: Reads.\n  Effect: read\n"
    "- `refund(order_id: string)`: Refunds.\n  Effect: write\n- `case_resolution()`: Ends.\n"
)


def message(role: str, text: str = "", *calls: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    listed = [
        {"id": f"c{i}", "function": {"name": n, "arguments": json.dumps(a)}}
        for i, (n, a) in enumerate(calls)
    ]
    return {"role": role, "content": text, "tool_calls": listed}


def talk(days: int, reply: str, *, order: str = "A-100", extra: str = "") -> Audit:
    messages = [
        message("user", "My order is A-100."),
        message("assistant", "", ("get_order", {"order_id": "A-100"})),
        {"role": "tool", "tool_call_id": "c0", "content": json.dumps({"days": days})},
        message("assistant", "Shall I refund it?"),
        message("user", reply),
        message("assistant", extra, ("refund", {"order_id": order})),
        {"role": "tool", "tool_call_id": "c0", "content": "done"},
        message("assistant", "Done. Anything else?"),
        message("user", "no"),
        message("assistant", "", ("case_resolution", {})),
    ]
    return audit(SHOP, read_messages(messages, "x"))


def kinds(report: Audit) -> list[str]:
    return [v.kind for c in report.calls for v in c.violations]


def test_a_sound_conversation_follows_every_observable_step() -> None:
    report = talk(3, "Yes, please.")
    assert kinds(report) == []
    assert {k: s for k, s in report.steps.items() if s != "not observable"} == {
        "1": "followed", "2": "followed", "3a": "followed", "3b": "followed",
        "4": "followed", "5": "followed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (talk(3, "Is that free?"), ["unconfirmed"]),
        (talk(3, "Yes, but for order B-200 instead.", order="B-200"), ["unconfirmed"]),
        (talk(3, "Yes, and B-200 too", order="B-200"), ["unconfirmed"]),
        (talk(60, "yes"), ["condition"]),
        (talk(60, "hm"), ["unconfirmed", "condition"]),
        (talk(3, "yes", extra="One moment."), ["text_with_call"]),
        (talk(3, "yes", order=""), []),
    ],
)
def test_what_breaks_a_rule_is_named(report: Audit, expected: list[str]) -> None:
    assert kinds(report) == expected


def test_steps_that_were_left_out_or_came_too_late() -> None:
    early = [
        message("user", "Refund A-100, please."),
        message("assistant", "", ("refund", {"order_id": "A-100"})),
        {"role": "tool", "tool_call_id": "c0", "content": "done"},
        message("assistant", "", ("get_order", {"order_id": "A-100"})),
        {"role": "tool", "tool_call_id": "c0", "content": "{}"},
    ]
    steps = audit(SHOP, read_messages(early, "x")).steps
    assert (steps["3a"], steps["3b"], steps["5"]) == ("skipped", "out of order", "not reached")


def test_several_calls_in_one_turn_and_tools_of_others() -> None:
    messages = [
        message("user", "Hi"),
        message("assistant", "", ("get_order", {"order_id": "A"}), ("drop_table", {})),
    ]
    assert kinds(audit(SHOP, read_messages(messages, "x"))) == [
        "several_calls", "unknown_tool", "several_calls",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["3", '{"a": 1}', "[3]", '[{"role": "assistant", "tool_calls": [{}]}]', "nonsense", "[[1]]",
     '[{"role": "assistant", "tool_calls": 5}]'],
)  # fmt: skip
def test_what_is_no_transcript_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput):
        load_transcripts(path)


def test_transcripts_of_both_forms_are_read(tmp_path: Path) -> None:
    messages = [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]
    (tmp_path / "a.json").write_text(json.dumps(messages), "utf-8")
    lines = [
        json.dumps({"task_id": 4, "trial": 1, "traj": messages}),
        json.dumps({"messages": messages}),
    ]
    (tmp_path / "b.jsonl").write_text("\n".join(lines), "utf-8")
    assert [t.turns[0].text for t in load_transcripts(tmp_path / "a.json")] == ["Hi"]
    assert [t.name for t in load_transcripts(tmp_path / "b.jsonl")] == ["4/1", "b.jsonl:1"]
