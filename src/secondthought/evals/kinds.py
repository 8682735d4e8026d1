"""Questions by the kind of their answer: how each is judged, and how votes count it.

The verifiers hold the answer key, so they stay with the case; the problem that the loop sees has
none of them. Programs run in the sandbox only, mathematics in the killable child only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from secondthought.evals.case import Case
from secondthought.isolation import Isolated
from secondthought.loop.base import Answer
from secondthought.loop.canonical import canonical
from secondthought.messages import AnswerFormat, BadInput, Problem
from secondthought.trace import StopReason, Verdict
from secondthought.verifiers.base import Level, Trust
from secondthought.verifiers.choice import Choice, read_choice
from secondthought.verifiers.code import PythonTests, read_code
from secondthought.verifiers.final import marked
from secondthought.verifiers.maths import Maths
from secondthought.verifiers.numeric import Numeric, read_number
from secondthought.verifiers.sandbox import Sandbox
from secondthought.verifiers.schema import Schema, fault

_MATHS_SECONDS = 30  # the first comparison loads sympy, beside a model at work
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def choice(
    id: str, task: str, group: str, question: str, choices: Sequence[str], right: int
) -> Case:
    """The choices are listed under the question as A, B, ... right: index of the right one.
    Raises BadInput for fewer than 2 choices, more than 26, or an index outside of them."""
    if not 2 <= len(choices) <= len(LETTERS) or not 0 <= right < len(choices):
        raise BadInput(f"choice {right} of {len(choices)} choices; give 2 to 26 and one of them")
    letters = LETTERS[: len(choices)]
    listed = "\n".join(f"{a}) {text.strip()}" for a, text in zip(letters, choices, strict=True))
    ask = f'End with a line "Answer: " and the letter of the right choice, {", ".join(letters)}.'
    return Case(
        id,
        task,
        group,
        _problem(f"{question.strip()}\n\n{listed}\n\n{ask}", AnswerFormat("choice")),
        letters[right],
        verifier=Choice(letters[right], letters),
        read=partial(read_choice, letters=letters),
    )


def numeric(id: str, task: str, group: str, question: str, want: str) -> Case:
    """Right is the number that the answer ends in. Raises BadInput where `want` holds none."""
    verifier, problem = Numeric(want), _problem(question, AnswerFormat("number"))
    return Case(id, task, group, problem, want, verifier=verifier, read=_number)


def maths(id: str, task: str, group: str, question: str, want: str) -> Case:
    """Right is what math-verify finds equal. Votes count equal texts, so 1/2 and 0.5 are one
    vote, and a and 2a/2 are two. Raises BadInput where math-verify is not installed."""
    verifier, problem = (
        Maths(want, seconds=_MATHS_SECONDS),
        _problem(question, AnswerFormat("expression")),
    )
    return Case(id, task, group, problem, want, verifier=verifier, read=_expression)


def schema(id: str, task: str, group: str, question: str, schema: Mapping[str, Any]) -> Case:
    """Right is JSON that the schema allows. Raises BadInput for a broken schema."""
    problem = _problem(question, AnswerFormat("json", schema))
    verifier = Schema(schema, child=_schemas())
    return Case(id, task, group, problem, json.dumps(schema), verifier=verifier)


@cache
def _schemas() -> Isolated:
    """One child for all: with one for each question, a file of 1,000 would fill the memory."""
    return Isolated(fault, seconds=5.0)


def code(
    id: str,
    task: str,
    group: str,
    question: str,
    tests: str,
    sandbox: Sandbox,
    *,
    begun: str = "",
    function: str = "",
) -> Case:
    """Right is a Python program that passes the tests (see `verifiers.code.PythonTests`).

    begun: a program that the answer may go on with; function: its name in there. No two
    programs are the same vote.
    """
    verifier = _Program(PythonTests.of(tests, sandbox), begun, function)
    return Case(id, task, group, _problem(question), tests, verifier=verifier, votes=False)


class _Program:
    """Tests of a program of which the question gave the beginning."""

    name = "python tests"
    trust: Trust = "sound"
    level: Level = "answer"

    def __init__(self, tests: PythonTests, begun: str, function: str) -> None:
        self._tests = tests
        self._begun = begun
        self._function = function

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        return await self._tests.judge(problem, [self._whole(c) for c in candidates], ctx)

    def _whole(self, answer: str) -> str:
        return program(answer, self._begun, self._function)


def program(answer: str, begun: str, function: str) -> str:
    """The whole program of an answer: what it wrote itself, after what stands before the function
    in `begun` (imports and helpers), or as the rest of `begun` where it does not define it."""
    code = read_code(answer, function)
    if not begun:
        return code
    defines = rf"^(?:async\s+)?def\s+{re.escape(function)}\b"
    if re.search(defines, code, re.MULTILINE) is None:
        return begun + code
    start = re.search(defines, begun, re.MULTILINE)
    return f"{begun[: start.start()] if start else ''}\n{code}"


def _problem(question: str, format: AnswerFormat | None = None) -> Problem:
    problem = Problem.ask(question)
    return Problem(problem.messages, format=format) if format else problem


def _number(answer: str) -> str | None:
    number = read_number(answer)
    return None if number is None else str(number)


def _expression(answer: str) -> str | None:
    return canonical(Answer(marked(answer) or answer, "", StopReason.STOP))
