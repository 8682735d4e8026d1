"""The answer is a Python program that does what its tests say. Code runs in the sandbox only.

    verifier = verifier_of("tests.py")     # asserts, test_ functions, unittest
    verifier = verifier_of("cases.jsonl")  # {"input": "1 2\\n", "output": "3\\n"} a line

A program that breaks, takes too long or is killed has FAILED; a sandbox that breaks is
CANNOT_TELL.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from secondthought.messages import BadInput, Problem
from secondthought.trace import Outcome, Verdict
from secondthought.verifiers.base import Level, Trust
from secondthought.verifiers.guard import cannot_tell
from secondthought.verifiers.sandbox import PYTHON, Limits, Ran, Sandbox, SandboxError

_FENCE = re.compile(
    r"^[ \t]*(?P<marks>```+|~~~+)[ \t]*(?P<language>[\w+.-]*)[^\n]*\n(?P<code>.*?)"
    r"(?:^[ \t]*(?P=marks)[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_NAME = re.compile(r"[^\W\d]\w*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SHOWN = 800  # characters of feedback


class PythonTests:
    """file: a Python file of tests. They see the program's names directly and can import them
    from `solution`; plain asserts, functions `test_...` and unittest classes all count.

    Tests and program share a process: this proves what an honest program does, and an answer
    that attacks its tests from inside can deceive it (see docs/verifiers.md).
    Raises BadInput for a file that is no Python, and where there is no sandbox. Tests that
    cannot be compiled are CANNOT_TELL.
    """

    name = "python tests"
    trust: Trust = "sound"
    level: Level = "answer"

    def __init__(self, file: Path | str, sandbox: Sandbox | None = None) -> None:
        tests = _read(Path(file))
        try:
            compile(tests, "tests.py", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise BadInput(f"{file} is no Python: {error}") from None
        self._start(tests, sandbox)

    @classmethod
    def of(cls, tests: str, sandbox: Sandbox | None = None) -> PythonTests:
        """From the text of the tests, which this process does not even parse. Raises BadInput."""
        self = cls.__new__(cls)
        self._start(tests, sandbox)
        return self

    def _start(self, tests: str, sandbox: Sandbox | None) -> None:
        if not tests.strip():
            raise BadInput("there are no tests; write asserts or test_ functions")
        self._tests = tests
        self._sandbox = sandbox or Sandbox()

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        return [await self._judge(candidate) for candidate in candidates]

    async def _judge(self, candidate: str) -> Verdict:
        secret = secrets.token_hex(16)
        inside = {
            "harness.py": files("secondthought.verifiers")
            .joinpath("harness.py")
            .read_text("utf-8"),
            "solution.py": read_code(candidate, self._tests),
            "tests.py": self._tests,
        }
        try:
            ran = await self._sandbox.run(
                (*PYTHON, "harness.py"), files=inside, stdin=secret + "\n"
            )
        except SandboxError as error:
            return cannot_tell(f"the sandbox broke: {error}", self.name)
        return replace(self._verdict(ran, secret), verifier=self.name, seconds=ran.seconds)

    def _verdict(self, ran: Ran, secret: str) -> Verdict:
        report = _report(ran.stdout, secret)
        if report is None:
            why = _stopped(ran, self._sandbox.limits) or "the program ended before its tests did"
            return Verdict.of(False, why)
        if report.broken:
            return cannot_tell(f"the tests cannot be compiled: {_shown(report.broken)}", self.name)
        if not report.failures:
            return Verdict.of(True)
        failed, feedback = len(report.failures), report.failures[0]
        if report.ran > 1:
            feedback = f"{failed} of {report.ran} tests fail, the first one:\n{feedback}"
        return Verdict(Outcome.FAILED, 1 - failed / report.ran, _shown(feedback))


class Report(BaseModel):
    """What the harness says at its end. ran: tests; failures: what went wrong, in order;
    broken: why the tests themselves cannot be compiled, or ""."""

    secret: str
    ran: int = Field(ge=1)
    failures: list[str]
    broken: str


class Case(BaseModel):
    """One run of a program: what it reads, and what it must print."""

    model_config = ConfigDict(extra="forbid")
    input: str = ""
    output: str


class ProgramTests:
    """cases: what the program reads on stdin and must print on stdout; white space at the ends
    of lines and of the output makes no difference. Cases run one after the other, each in a
    fresh sandbox with all limits, until the first that fails; the score is the share before it.
    """

    name = "program tests"
    trust: Trust = "sound"
    level: Level = "answer"

    def __init__(self, cases: Sequence[Case], sandbox: Sandbox | None = None) -> None:
        if not cases:
            raise BadInput("there are no cases; give at least one input and output")
        self._cases = tuple(cases)
        self._sandbox = sandbox or Sandbox()

    @classmethod
    def load(cls, file: Path | str, sandbox: Sandbox | None = None) -> ProgramTests:
        """From a JSON list or JSON lines of {"input", "output"}. Raises BadInput."""
        text = _read(Path(file))
        try:
            one = text.lstrip().startswith("[")
            raw = (
                json.loads(text) if one else [json.loads(x) for x in text.split("\n") if x.strip()]
            )
            cases = TypeAdapter(list[Case]).validate_python(raw)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise BadInput(f"{file}, case {where}: {first['msg']}") from None
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{file} is no list of cases: {error}") from None
        return cls(cases, sandbox)

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        return [await self._judge(candidate) for candidate in candidates]

    async def _judge(self, candidate: str) -> Verdict:
        program = {"solution.py": read_code(candidate)}
        seconds = 0.0
        for number, case in enumerate(self._cases):
            try:
                ran = await self._sandbox.run(
                    (*PYTHON, "solution.py"), files=program, stdin=case.input
                )
            except SandboxError as error:
                return cannot_tell(f"the sandbox broke: {error}", self.name)
            seconds += ran.seconds
            if problem := self._problem(ran, case):
                score = number / len(self._cases)
                return Verdict(
                    Outcome.FAILED, score, _shown(problem), seconds=seconds, verifier=self.name
                )
        return replace(Verdict.of(True, verifier=self.name), seconds=seconds)

    def _problem(self, ran: Ran, case: Case) -> str:
        """What is wrong with a run, or ""."""
        if stopped := _stopped(ran, self._sandbox.limits):
            happened = stopped
        elif ran.code:
            happened = f"the program ended with status {ran.code}: {_last_line(ran.stderr)}"
        elif _lines(ran.stdout) != _lines(case.output):
            happened = f"it printed {ran.stdout[:200]!r} and should print {case.output[:200]!r}"
        else:
            return ""
        return f"for the input {case.input[:200]!r}: {happened}"


def verifier_of(file: Path | str, sandbox: Sandbox | None = None) -> PythonTests | ProgramTests:
    """The verifier of a file: .py holds tests, .json and .jsonl hold cases. Raises BadInput."""
    match Path(file).suffix:
        case ".py":
            return PythonTests(file, sandbox)
        case ".json" | ".jsonl":
            return ProgramTests.load(file, sandbox)
        case _:
            raise BadInput(f"{file}: tests stand in a .py file, cases in a .json or .jsonl file")


def read_code(answer: str, tests: str = "") -> str:
    """The program in a reply, of its fenced blocks of Python (or of no named language): the one
    that defines most of the names in the text of the tests, of equals the last; where none
    defines any, the last that defines a function or class; else the longest. Without blocks it
    is the whole reply."""
    blocks = [
        match["code"]
        for match in _FENCE.finditer(answer)
        if match["language"].lower() in ("", "py", "py3", "python", "python3")
    ]
    called = set(_NAME.findall(tests))

    def worth(number: int) -> tuple[int, bool, int]:
        code = blocks[number]
        defined = set(_DEFINED.findall(code))
        return len(defined & called), bool(defined), number if defined else len(code)

    return blocks[max(range(len(blocks)), key=worth)] if blocks else answer


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"there is no file {str(file)!r}; give the path of a file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} cannot be read: {error}") from None


def _report(stdout: str, secret: str) -> Report | None:
    """None where the harness did not come to its end."""
    try:
        report = Report.model_validate_json(stdout)
    except ValidationError:
        return None
    return report if secrets.compare_digest(report.secret.encode(), secret.encode()) else None


def _stopped(ran: Ran, limits: Limits) -> str:
    """The limit that a run met, or the signal that ended it, in words; else ""."""
    match ran.stopped:
        case "time":
            return f"the program did not end within {limits.seconds:g} s"
        case "cpu":
            return f"the program took more than {limits.cpu} s of CPU time"
        case "memory":
            return f"the program took more than {limits.memory >> 20} MiB of memory"
        case "output":
            return f"the program printed more than {limits.output >> 10} KiB"
        case "":
            return f"the program was ended by signal {ran.code - 128}" if ran.code > 128 else ""


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


def _shown(text: str) -> str:
    return _CONTROL.sub("?", text)[:_SHOWN]
