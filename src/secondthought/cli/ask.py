"""`secondthought ask`: one question, the answer alone on stdout."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import aclosing
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secondthought.cli.errors import FAILED, INTERRUPTED, code_of, say
from secondthought.cli.interrupt import on_interrupt
from secondthought.cli.options import (
    EffortOption,
    MaxTokensOption,
    MinConfidenceOption,
    ModelOption,
    SeedOption,
)
from secondthought.cli.text import read_question, safe
from secondthought.cli.verifying import (
    TestsOption,
    UnsafeOption,
    VerifierOption,
    given,
    policy_of,
    report,
    verdicts,
)
from secondthought.cli.view import Thinking, ThoughtView
from secondthought.effort import DEFAULT, SHORT

if TYPE_CHECKING:
    from secondthought.trace import Failed, Trace
    from secondthought.verifiers.base import Verifier


def ask_command(
    question: Annotated[
        str | None, typer.Argument(help='The question, or "-" to read it from standard input.')
    ] = None,
    effort: EffortOption = DEFAULT.value,
    model: ModelOption = None,
    thinking: Annotated[
        Thinking | None,
        typer.Option(
            help="What of the thought to show on stderr: all of it, its last lines and then one "
            "that sums it up, or nothing. Default: line on a terminal, none elsewhere."
        ),
    ] = None,
    max_tokens: MaxTokensOption = None,
    min_confidence: MinConfidenceOption = None,
    seed: SeedOption = 0,
    tests: TestsOption = None,
    verifier: VerifierOption = None,
    no_sandbox: UnsafeOption = False,
    json_: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of the answer.")
    ] = False,
) -> None:
    """Think, then answer. The answer alone stands on stdout.

    With --tests or --verifier the model answers again while the answer does not pass, three
    times at most; the exit code is 1 if none did."""
    text = read_question(question)
    verifiers = given(tests, verifier, not no_sandbox)
    code = asyncio.run(
        _ask(text, effort, model, thinking, max_tokens, min_confidence, seed, verifiers, json_)
    )
    if code:
        raise typer.Exit(code)


async def _ask(
    question: str,
    effort: str,
    model: str | None,
    thinking: Thinking | None,
    max_tokens: int | None,
    min_confidence: float | None,
    seed: int,
    verifiers: tuple[Verifier, ...],
    as_json: bool,
) -> int:
    from secondthought.loop.base import Stop
    from secondthought.messages import Problem
    from secondthought.reasoner import Reasoner, check
    from secondthought.trace import AnswerDelta, Failed, Finished, ThoughtDelta

    problem = replace(Problem.ask(question), verifiers=verifiers)
    check(problem)
    stop, failed, trace = Stop(), None, None
    async with Reasoner(model, effort=effort) as reasoner:
        with on_interrupt(stop.cancel), ThoughtView(thinking) as view:
            policy = await policy_of(reasoner, verifiers, stop) if verifiers else None
            if min_confidence is not None:
                policy = replace(policy or reasoner.policy(), min_confidence=min_confidence)
            stream = reasoner.stream(
                problem, seed=seed, max_tokens=max_tokens, policy=policy, stop=stop
            )
            async with aclosing(stream) as events:
                answer = AnswerWriter(silent=as_json)
                async for event in events:
                    if isinstance(event, ThoughtDelta) and not event.taken_back:
                        view.push(event.text)
                    elif isinstance(event, AnswerDelta):
                        view.stop()
                        answer.write(event.text)
                    elif isinstance(event, Failed):
                        failed = event
                    elif isinstance(event, Finished):
                        trace = event.trace
                answer.end()
    assert trace is not None  # a stream ends with Finished
    return await _report(trace, failed, view, thinking, bool(verifiers), as_json)


async def _report(
    trace: Trace,
    failed: Failed | None,
    view: ThoughtView,
    thinking: Thinking | None,
    checked: bool,
    as_json: bool,
) -> int:
    """Everything after the answer; returns the exit code."""
    from secondthought.trace import StopReason

    cancelled, thought = trace.finish_reason is StopReason.CANCELLED, safe(thought_of(trace))
    if as_json:
        shown = as_object(trace)
        if thinking is Thinking.NONE:
            shown["thinking"] = None
        if checked:
            shown["verdicts"] = [asdict(verdict) for verdict in verdicts(trace)]
        print(json.dumps(shown, ensure_ascii=False))
    elif cancelled and not trace.answer and thinking not in (Thinking.FULL, Thinking.NONE):
        print(thought, end="\n" if thought else "", file=sys.stderr)  # must not be lost
    view.sum_up(trace)
    if failed is not None:
        say(failed.message)
        return code_of(failed.kind)
    if cancelled:
        return INTERRUPTED
    if trace.withheld:
        print(unsure(trace), file=sys.stderr)
    elif trace.gave_up:
        print(NO_ANSWER_HELD, file=sys.stderr)
    elif trace.abstained:
        from secondthought.cli.unknown import hint

        print(await hint(), file=sys.stderr)
    if trace.abstained:
        return FAILED if checked else 0
    if not trace.answer.strip():
        called = trace.finish_reason is StopReason.TOOL_CALLS
        why = "called a tool, and ask has none; reword the question"
        say(f"the model {why if called else 'gave no answer; allow it more with --max-tokens'}")
        return FAILED
    if note := limited(trace):
        print(note, file=sys.stderr)
    if checked:
        line, passed = report(trace)
        if not passed:
            say(line)
            return FAILED
        print(line, file=sys.stderr)
    return 0


NO_ANSWER_HELD = (
    "No answer held: each was refuted by its own steps or by what the question asks for. "
    "A higher effort (-e high) may find one."
)
"""One line for stderr: the model knows this kind of question, and did not solve it."""


def limited(trace: Trace) -> str:
    """One line for stderr: what the limit of tokens has taken from the answer; "" if nothing."""
    from secondthought.trace import StopReason

    cut = trace.finish_reason is StopReason.LENGTH
    if _unthought(trace):
        also = ", and the answer is cut" if cut else ""
        return (
            f"The limit left no room for a thought{also}: up to {SHORT} tokens are kept for the "
            "answer; allow more with --max-tokens."
        )
    return "The answer is cut at the limit of tokens; allow more with --max-tokens." if cut else ""


def _unthought(trace: Trace) -> bool:
    """Whether a limit has taken all tokens that a thought was to have."""
    policy = trace.policy
    limited = policy.get("max_tokens") is not None and not policy.get("thought_tokens")
    return limited and "direct" not in str(policy.get("strategy", ""))


class AnswerWriter:
    """The answer on stdout as it comes, made safe for a terminal, with a line end at its end."""

    def __init__(self, *, silent: bool = False) -> None:
        self._silent = silent
        self._terminal = sys.stdout.isatty()
        self._last = "\n"

    def write(self, text: str) -> None:
        text = safe(text) if self._terminal else text
        if text and not self._silent:
            print(text, end="", flush=True)
            self._last = text

    def end(self) -> None:
        if not self._last.endswith("\n"):
            print(flush=True)
            self._last = "\n"


def unsure(trace: Trace) -> str:
    """One line for stderr: why there is no answer."""
    how = "not known how likely it is right"
    if trace.confidence is not None:
        how = f"{trace.confidence:.0%} likely to be right"
    return f"There was an answer; it is {how}, and --min-confidence asks for more."


def thought_of(trace: Trace) -> str:
    return "\n".join(branch.thought for branch in trace.branches if branch.thought)


def as_object(trace: Trace) -> dict[str, Any]:
    """The object that --json prints."""
    usage = trace.ledger.usage
    return {
        "model": trace.model,
        "effort": trace.effort,
        "answer": trace.answer,
        "abstained": trace.abstained,
        "gave_up": trace.gave_up,
        "confidence": None if trace.confidence is None else round(trace.confidence, 4),
        "finish_reason": trace.finish_reason.value,
        "usage": {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "reasoning_tokens": usage.reasoning_tokens,
        },
        "seconds": round(trace.seconds, 4),
        "thinking": thought_of(trace),
    }
