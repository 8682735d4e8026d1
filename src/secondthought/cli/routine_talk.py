"""Conversations of `secondthought routine run`: the person at the terminal is the customer."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from secondthought.cli.errors import FAILED, say
from secondthought.cli.routine_report import print_audit
from secondthought.cli.text import safe
from secondthought.messages import BadInput

if TYPE_CHECKING:
    from secondthought.routines.run import Runner
    from secondthought.routines.soft import SoftRunner, SoftState
    from secondthought.routines.state import State

Save = Callable[["State | SoftState"], None]


async def converse(runner: Runner, state: State, save: Save | None, *, log: bool) -> None:
    """Talk until the conversation or the input ends; `save` is called after every turn."""
    _speak([e.text for e in state.log if e.kind == "agent"][-1:])
    seen = len(state.log)
    said = await runner.go(state) if state.status == "running" else []
    while True:
        _speak(said)
        if log:
            _show_log(state, seen)
        seen = len(state.log)
        if save is not None:
            save(state)
        if state.over:
            break
        reply = _line()
        if reply is None:
            if save is not None:
                return
            say("the input ended before the conversation did")
            raise typer.Exit(FAILED)
        said = await runner.go(state, reply)
    if log:
        _show_coverage(runner, state)
    about = f": {state.reason}" if state.reason else ""
    print(safe(f"[{state.status}{about}]"), file=sys.stderr)
    if state.status in ("dropped", "failed"):
        raise typer.Exit(FAILED)


async def converse_softly(runner: SoftRunner, save: Save | None, *, log: bool) -> None:
    """Talk until the model ends the case or the input ends; the log ends with the conformance."""
    from secondthought.routines.audit import audit

    if runner.over:
        raise BadInput("this conversation is over; start a new one")
    _speak([m.text for m in runner.messages if m.role == "assistant"][-1:])
    while not runner.over and (reply := _line()) is not None:
        if not reply.strip():
            continue
        stopped = len(runner.stopped)
        _speak([await runner.go(reply)])
        for call in runner.stopped[stopped:]:
            reasons = "; ".join(v.message for v in call.violations if v.stops)
            print(safe(f"[stopped {call.name}: {reasons}]"), file=sys.stderr)
        if save is not None:
            save(runner.state)
    if log:
        print_audit(
            audit(runner.guard.routine, runner.transcript(), runner.guard.tools), sys.stderr
        )


async def operator(condition: str) -> bool | None:
    """Without a model the person at the terminal decides what nothing else does."""
    print(safe(f"[{condition}? yes/no]"), file=sys.stderr)
    return {"y": True, "n": False}.get((_line() or "").strip().lower()[:1])


def _speak(texts: list[str]) -> None:
    for text in texts:
        if text.strip():
            print(safe(text))


def _line() -> str | None:
    """The next line of the customer; None at the end of the input."""
    # Inside a running loop a first Ctrl-C only marks the task, which cannot notice while it reads.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return input("> " if sys.stdin.isatty() else "")
    except EOFError:
        return None
    except UnicodeDecodeError:
        raise BadInput("the input is not UTF-8 text; give plain text") from None
    finally:
        signal.signal(signal.SIGINT, before)


def _show_coverage(runner: Runner, state: State) -> None:
    from secondthought.routines.coverage import coverage

    seen = coverage(runner.graph, [state])
    text = f"steps {seen.steps_seen}/{seen.steps}, branches {seen.branches_seen}/{seen.branches}"
    print(f"[{text}]", file=sys.stderr)


def _show_log(state: State, first: int) -> None:
    for entry in state.log[first:]:
        if entry.kind in ("step", "decision", "call", "result", "stopped"):
            data = entry.arguments if entry.kind == "call" else entry.result
            shown = json.dumps(data, ensure_ascii=False) if data is not None else entry.text
            words = (entry.kind, entry.step, entry.name, shown)
            print(safe(f"[{' '.join(word for word in words if word)}]"), file=sys.stderr)
