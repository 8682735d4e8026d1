"""Verifiers that a user gives on the command line, and what they found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secondthought.effort import Policy
from secondthought.trace import Outcome

if TYPE_CHECKING:
    from secondthought.loop.base import Stop
    from secondthought.reasoner import Reasoner
    from secondthought.trace import Branch, Trace, Verdict
    from secondthought.verifiers.base import Verifier

TestsOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The answer is a Python program: run it on these tests in a sandbox, and let the "
        "model mend it. A .py file of asserts and test_ functions, or a .json or .jsonl file of "
        '{"input", "output"}.',
    ),
]
VerifierOption = Annotated[
    list[str] | None,
    typer.Option(metavar="FILE.py:NAME", help="A verifier of your own; may be repeated."),
]
UnsafeOption = Annotated[
    bool,
    typer.Option("--no-sandbox", help="Run the model's program as you, unprotected."),
]


def given(tests: Path | None, specs: Sequence[str] | None, sandbox: bool) -> tuple[Verifier, ...]:
    """The verifiers of the options. Raises BadInput."""
    found: list[Verifier] = []
    if tests is not None:
        from secondthought.verifiers.code import verifier_of
        from secondthought.verifiers.sandbox import Sandbox

        found.append(verifier_of(tests, Sandbox(isolated=sandbox)))
    if specs:
        from secondthought.verifiers.load import load

        found += [load(spec) for spec in specs]
    return tuple(found)


async def policy_of(reasoner: Reasoner, verifiers: Sequence[Verifier], stop: Stop) -> Policy:
    """The reasoner's policy, made to answer again when one of these says no; each round has all
    the tokens of one answer. What the model can do is found out first, until `stop` is pressed."""
    from secondthought.loop.compose import revising

    await reasoner.ready(stop, seconds=reasoner.policy().seconds)
    row = reasoner.policy()
    again = revising(row, verifiers)
    if again is row:
        return row
    return replace(again, thought_tokens=again.rounds * (row.thought_tokens + 2 * row.reserve))


def verdicts(trace: Trace) -> list[Verdict]:
    """What was found of the committed answer, by those who could tell or broke."""
    return _told(trace.branch(trace.committed))


def _told(branch: Branch) -> list[Verdict]:
    told = branch.verdicts
    return [v for v in told if v.error is not None or v.outcome is not Outcome.CANNOT_TELL]


def report(trace: Trace) -> tuple[str, bool]:
    """One line for stderr on the committed answer, and whether it passed."""
    found = verdicts(trace)
    judged = [branch.name for branch in trace.branches if _told(branch)]
    which = "the answer"
    if found and len(judged) > 1:
        which = f"answer {judged.index(trace.committed) + 1}"
    for verdict in found:
        if not verdict.passed:
            why = verdict.error or verdict.feedback
            told = "cannot tell" if verdict.error else "says no"
            return f"{which} is not verified: {verdict.verifier} {told}: {why}", False
    if not found:
        return "the answer was not checked; allow it more with --max-tokens or -e", False
    return f"verified: {which} passes {', '.join(v.verifier for v in found)}", True
