"""`secondthought compare`: one question, once without and once with a second thought."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated

import typer

from secondthought.cli.ask import NO_ANSWER_HELD, as_object
from secondthought.cli.checked import checked
from secondthought.cli.errors import INTERRUPTED, code_of, say
from secondthought.cli.interrupt import on_interrupt
from secondthought.cli.options import EffortOption, MaxTokensOption, ModelOption, SeedOption
from secondthought.cli.text import read_question, safe
from secondthought.cli.view import ThoughtView
from secondthought.effort import DEFAULT, Effort
from secondthought.messages import BadInput

if TYPE_CHECKING:
    from rich.console import RenderableType

    from secondthought.trace import Trace

_TWO_COLUMNS = 80  # from this width on


def compare_command(
    question: Annotated[
        str | None, typer.Argument(help='The question, or "-" to read it from standard input.')
    ] = None,
    effort: EffortOption = DEFAULT.value,
    model: ModelOption = None,
    max_tokens: MaxTokensOption = None,
    seed: SeedOption = 0,
    json_: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of two columns.")
    ] = False,
) -> None:
    """Ask once without a thought (open loop) and once with it (closed loop), side by side."""
    if effort == Effort.NONE:
        raise BadInput("effort none is the open loop itself; choose another for the closed loop")
    text = read_question(question)
    code = asyncio.run(_compare(text, effort, model, max_tokens, seed, json_))
    if code:
        raise typer.Exit(code)


async def _compare(
    question: str,
    effort: str,
    model: str | None,
    max_tokens: int | None,
    seed: int,
    as_json: bool,
) -> int:
    from secondthought.loop.base import Stop
    from secondthought.messages import Problem
    from secondthought.reasoner import Reasoner, check
    from secondthought.trace import Failed, Finished, StopReason, ThoughtDelta

    check(Problem.ask(question))
    traces: list[Trace] = []
    code = 0
    async with Reasoner(model, effort=effort) as reasoner:
        # One after the other: side by side they would take each other's time.
        for level in (Effort.NONE, reasoner.effort):
            stop = Stop()
            stream = reasoner.stream(question, level, seed=seed, max_tokens=max_tokens, stop=stop)
            async with aclosing(stream) as events:
                with on_interrupt(stop.cancel), ThoughtView(None) as view:
                    async for event in events:
                        if isinstance(event, ThoughtDelta) and not event.taken_back:
                            view.push(event.text)
                        elif isinstance(event, Failed):
                            view.stop()
                            say(event.message)
                            code = code_of(event.kind)
                        elif isinstance(event, Finished):
                            traces.append(event.trace)
            if traces[-1].finish_reason is StopReason.CANCELLED:
                code = INTERRUPTED
            if code:
                break
    if as_json:
        print(json.dumps(_as_object(question, traces), ensure_ascii=False))
    else:
        _show(traces)
    return code


def agree(open_loop: Trace, closed_loop: Trace) -> bool:
    """Whether both gave the same answer, case, blanks and a last full stop apart."""
    first, second = (_plain(trace.answer) for trace in (open_loop, closed_loop))
    return first == second


def _plain(answer: str) -> str:
    return " ".join(answer.split()).rstrip(".").casefold()


def _as_object(question: str, traces: list[Trace]) -> dict[str, object]:
    closed = as_object(traces[1]) if len(traces) > 1 else None
    return {
        "question": question,
        "open": as_object(traces[0]),
        "closed": closed,
        "agree": agree(*traces) if closed else None,
    }


def _show(traces: list[Trace]) -> None:
    from rich.console import Console, Group
    from rich.table import Table
    from rich.text import Text

    from secondthought.trace import StopReason

    console = Console(highlight=False)
    columns: list[RenderableType] = []
    for title, trace in zip(("Open loop", "Closed loop"), traces, strict=False):
        columns.append(
            Group(
                Text(f"{title} ({trace.effort})", style="bold"),
                Text(safe(trace.answer) or "(no answer)"),
                Text(_cost(trace), style="dim"),
            )
        )
    if console.width >= _TWO_COLUMNS:
        table = Table.grid(expand=True, padding=(0, 4, 0, 0))
        for _ in columns:
            table.add_column(ratio=1)
        table.add_row(*columns)
        console.print(table)
    else:
        for column in columns:
            console.print(column)
            console.print()
    if len(traces) > 1 and traces[1].finish_reason is not StopReason.CANCELLED:
        console.print(_verdict(*traces), soft_wrap=True)
    sys.stdout.flush()


def _cost(trace: Trace) -> str:
    usage = trace.ledger.usage
    parts = [f"{usage.completion_tokens:,} tokens, {trace.seconds:.2f} s"]
    if usage.reasoning_tokens:
        parts.append(f"{usage.reasoning_tokens:,} of them thought")
        parts.append("" if trace.abstained else checked(trace.thought))
    return " · ".join(part for part in parts if part)


def _verdict(open_loop: Trace, closed_loop: Trace) -> str:
    if closed_loop.gave_up:
        return NO_ANSWER_HELD
    if agree(open_loop, closed_loop):
        extra = (
            closed_loop.ledger.usage.completion_tokens - open_loop.ledger.usage.completion_tokens
        )
        return f"The answers agree; the thought cost {extra:,} tokens more."
    return "The answers differ."
