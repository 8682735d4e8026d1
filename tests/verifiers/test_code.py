"""Programs judged by their tests: right ones pass, wrong and dishonest ones do not."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from secondthought.messages import BadInput, Problem
from secondthought.trace import Outcome, Verdict
from secondthought.verifiers import code as module
from secondthought.verifiers.code import (
    Case,
    ProgramTests,
    PythonTests,
    read_code,
    verifier_of,
)
from secondthought.verifiers.sandbox import Limits, Ran, Sandbox, SandboxError

pytestmark = pytest.mark.needs("bwrap", "prlimit", "setpriv")

PROBLEM = Problem.ask("Write it.")
QUICK = Limits(seconds=5, cpu=1)


@cache
def box() -> Sandbox:
    return Sandbox(QUICK)


def judge(verifier: PythonTests | ProgramTests, *answers: str) -> list[Verdict]:
    return asyncio.run(verifier.judge(PROBLEM, answers, None))


def python(tests: str, answer: str) -> Verdict:
    return judge(PythonTests.of(tests, box()), answer)[0]


ADD = "def add(a, b):\n    return a + b\n"
TEST_ADD = "assert add(2, 3) == 5\nassert add(-1, 1) == 0\n"


# --- HumanEval -------------------------------------------------------------------------------


def humaneval() -> list[dict[str, Any]]:
    beside = Path(__file__).parents[2].parent / "shared/data/HumanEval.jsonl.gz"
    file = Path(os.environ.get("SECONDTHOUGHT_HUMANEVAL", beside))
    if not file.is_file():
        pytest.skip("needs HumanEval.jsonl.gz; name it in SECONDTHOUGHT_HUMANEVAL")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


BREAKAGES = (
    "    return None\n",
    "    raise ValueError('no')\n",
    "    import sys; sys.exit(0)\n",
    "    import os; os._exit(0)\n",
    "    return (\n",
    "    return {solution}(*([None] * 9))\n",
    "    print('ok'); return object()\n",
    "    import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n",
)


def verdicts(rows: Sequence[dict[str, Any]], answers: Sequence[str]) -> list[Verdict]:
    async def one(row: dict[str, Any], answer: str) -> Verdict:
        tests = f"{row['test']}\ncheck({row['entry_point']})\n"
        return (await PythonTests.of(tests, generous).judge(PROBLEM, [answer], None))[0]

    generous = Sandbox(Limits(seconds=60, cpu=20))

    async def all_() -> list[Verdict]:
        return await asyncio.gather(*(one(r, a) for r, a in zip(rows, answers, strict=True)))

    return asyncio.run(all_())


def test_the_reference_solutions_of_humaneval_pass() -> None:
    rows = humaneval()
    found = verdicts(rows, [row["prompt"] + row["canonical_solution"] for row in rows])
    assert len(found) == 164
    assert [(r["task_id"], v) for r, v in zip(rows, found, strict=True) if not v.passed] == []


def test_broken_solutions_of_humaneval_fail() -> None:
    rows = humaneval()
    answers = [
        row["prompt"] + BREAKAGES[i % len(BREAKAGES)].format(solution=row["entry_point"])
        for i, row in enumerate(rows)
    ]
    found = verdicts(rows, answers)
    assert {v.outcome for v in found} == {Outcome.FAILED}
    assert all(v.feedback and v.error is None for v in found)


# --- Python tests ----------------------------------------------------------------------------


def test_plain_asserts_say_which_one_failed_and_what_came_instead() -> None:
    assert python(TEST_ADD, ADD) == Verdict(
        Outcome.PASSED, 1.0, seconds=pytest.approx(1, abs=30), verifier="python tests"
    )
    wrong = python(TEST_ADD, "def add(a, b):\n    return abs(a) + b\n")
    assert wrong.outcome is Outcome.FAILED
    assert wrong.feedback == (
        "tests.py, line 2: assert add(-1, 1) == 0\nAssertionError\nadd(-1, 1) is 2"
    )
    broken = python(TEST_ADD, "def add(a, b):\n    return a + c\n")
    assert "solution.py, line 2: return a + c\nNameError: name 'c'" in broken.feedback
    assert "SyntaxError" in python(TEST_ADD, "def add(a, b) return a").feedback


def test_functions_and_unittest_classes_are_counted() -> None:
    tests = """
import unittest
from solution import add

def test_one(): assert add(1, 1) == 2
def test_two(): assert add(2, 2) == 5
class Case(unittest.TestCase):
    def setUp(self): self.x = 3
    def test_three(self): self.assertEqual(add(self.x, 0), 3)
    def test_four(self): self.assertEqual(add(self.x, 1), 3)
"""
    verdict = python(tests, ADD)
    assert (verdict.outcome, verdict.score) == (Outcome.FAILED, 0.5)
    assert verdict.feedback.startswith("2 of 4 tests fail, the first one:\ntests.py, line 6")


def test_code_is_taken_out_of_the_reply() -> None:
    reply = f"First:\n```bash\npip install x\n```\nThen\n```python\n{ADD}```\nand `add(1, 2)`."
    assert read_code(reply) == ADD
    assert read_code(f"```\n{ADD}") == ADD  # cut off before the fence closed
    assert read_code(ADD) == ADD
    assert read_code("~~~py\nx = '''\n```\n'''\n~~~") == "x = '''\n```\n'''\n"
    assert python(TEST_ADD, reply).passed


USAGE = "import solution\n# how to use it, at length, in many words\nprint(add(1, 2), add(2, 3))\n"


@pytest.mark.parametrize(
    ("blocks", "tests", "program"),
    [
        ([ADD, USAGE], TEST_ADD, 0),
        ([ADD, USAGE], "", 0),
        ([USAGE, ADD], "", 1),
        (["def add(a, b):\n    return a - b  # wrong, as will be seen\n", ADD], TEST_ADD, 1),
        ([ADD, "def main():\n    print(add(1, 2), add(3, 4), add(5, 6))\n"], TEST_ADD, 0),
        ([ADD, "class Test:\n    def test_add(self):\n        assert add(1, 2) == 3\n"], "add", 0),
        (["print(input())\n", "1\n"], "", 0),
    ],
)
def test_the_program_is_the_block_that_defines_what_is_tested(
    blocks: list[str], tests: str, program: int
) -> None:
    reply = "\n".join(f"Some words.\n```python\n{block}```" for block in blocks)
    assert read_code(reply, tests) == blocks[program]


def test_a_usage_example_that_is_longer_than_the_program_does_no_harm() -> None:
    reply = f"```python\n{ADD}```\nUse it so:\n```python\n{USAGE}```"
    assert python(TEST_ADD, reply).passed


def test_a_main_block_does_not_run_and_prints_do_no_harm() -> None:
    answer = ADD + 'print("passed")\nif __name__ == "__main__":\n    raise SystemExit(1)\n'
    assert python(TEST_ADD, answer).passed


@pytest.mark.parametrize(
    "answer",
    [
        "import sys; sys.exit(0)",
        "import os; os._exit(0)",
        'print(\'{"secret": "", "ran": 1, "failures": []}\', flush=True)\nimport os; os._exit(0)',
        "import atexit, os\natexit.register(os._exit, 0)\nraise SystemExit",
        "class SkipTest(Exception): pass\ndef add(a, b): raise SkipTest",
        "import unittest\ndef add(a, b): raise unittest.SkipTest('later')",
        "def test_mine(): pass\ndef check(f): pass\n",
        "import threading, os\nthreading.Timer(0, os._exit, (0,)).start()\nwhile True: pass",
        "import os, signal; os.kill(os.getppid(), signal.SIGKILL); os.kill(1, signal.SIGKILL)",
        "",
        "no code at all",
    ],
)
def test_an_answer_that_only_ends_well_has_not_passed(answer: str) -> None:
    verdict = python(TEST_ADD, answer)
    assert verdict.outcome is Outcome.FAILED
    assert verdict.feedback


@pytest.mark.parametrize(
    ("answer", "feedback"),
    [
        ("while True: pass", "more than 1 s of CPU time"),
        ("import time; time.sleep(60)", "did not end within 5 s"),
        ("x = bytearray(1 << 40)", "MemoryError"),
        ("while True: print('x' * 1000)", "printed more than 64 KiB"),
        ("def add(a, b): return add(a, b)", "RecursionError"),
        ("import os; os.kill(os.getpid(), 11)", "ended by signal 11"),
    ],
)
def test_a_program_that_meets_a_limit_has_failed_and_is_told(answer: str, feedback: str) -> None:
    verdict = python(TEST_ADD, answer)
    assert verdict.outcome is Outcome.FAILED
    assert verdict.error is None
    assert feedback in verdict.feedback


def test_feedback_is_short_and_plain() -> None:
    verdict = python("assert f() == 1", "def f(): raise ValueError('\\x1b[31m' + 'x' * 100_000)")
    assert len(verdict.feedback) <= 800
    assert "\x1b" not in verdict.feedback


def test_a_sandbox_that_breaks_is_cannot_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any, **__: Any) -> Ran:
        raise SandboxError("no space left")

    verifiers = [PythonTests.of(TEST_ADD, box()), ProgramTests([Case(output="1")], box())]
    monkeypatch.setattr(module.Sandbox, "run", broken)
    for verifier in verifiers:
        for verdict in judge(verifier, ADD, ADD):
            assert verdict.outcome is Outcome.CANNOT_TELL
            assert verdict.error == "the sandbox broke: no space left"


def test_tests_that_cannot_be_compiled_are_no_failure_of_the_program() -> None:
    verdict = python("assert add(1, 1) ==", ADD)
    assert verdict.outcome is Outcome.CANNOT_TELL
    assert "the tests cannot be compiled" in str(verdict.error)
    assert "SyntaxError" in str(verdict.error)


# --- programs --------------------------------------------------------------------------------

SUM = "import sys\nprint(sum(map(int, sys.stdin.read().split())))"


def test_programs_are_judged_by_what_they_print() -> None:
    cases = [Case(input="1 2\n", output="3\n"), Case(input="-1 1", output="0"), Case(output="0")]
    right, wrong, crash = judge(
        ProgramTests(cases, box()), SUM, SUM.replace("(int", "(lambda x: abs(int(x))"), "1 / 0"
    )
    assert right.passed
    assert (wrong.outcome, wrong.score) == (Outcome.FAILED, 1 / 3)
    assert wrong.feedback == "for the input '-1 1': it printed '2\\n' and should print '0'"
    assert "status 1: ZeroDivisionError: division by zero" in crash.feedback


def test_a_program_reads_until_the_end_and_a_main_block_runs() -> None:
    answer = f"if __name__ == '__main__':\n    {SUM.replace(chr(10), chr(10) + '    ')}"
    big = " ".join(["1"] * 200_000)
    assert judge(ProgramTests([Case(input=big, output="200000")], box()), answer)[0].passed


def test_white_space_at_the_end_makes_no_difference_but_inside_it_does() -> None:
    program = ProgramTests([Case(output="a\n b\n")], box())
    same, other = judge(program, "print('a  \\n b\\n\\n')", "print('a\\nb')")
    assert same.passed
    assert not other.passed


# --- files -----------------------------------------------------------------------------------


def test_a_file_of_tests_or_of_cases(tmp_path: Path) -> None:
    tests, cases, lines = (tmp_path / name for name in ("t.py", "c.json", "c.jsonl"))
    tests.write_text("\ufeff" + TEST_ADD)  # the mark that editors of Windows write
    lines.write_text('{"input": "1 2", "output": "3"}\n \n{"input": "\u2028", "output": "0"}\n')
    cases.write_text('\ufeff[{"input": "1 2", "output": "3"}]')
    assert judge(verifier_of(tests, box()), ADD)[0].passed
    for file in (cases, lines):
        assert judge(verifier_of(str(file), box()), SUM)[0].passed


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("t.py", "assert add(", "t.py is no Python"),
        ("t.py", " \n", "there are no tests"),
        ("t.py", "\0", "no Python"),
        ("t.txt", "x", "tests stand in a .py file"),
        ("c.json", "[]", "there are no cases"),
        ("c.json", "{", "no list of cases"),
        ("c.jsonl", '{"output": "1"}\n{"input": "1"}', r"case 1.output: Field required"),
        ("none.py", None, "there is no file"),
    ],
)
def test_a_bad_file_is_told_in_one_line(
    name: str, text: str | None, message: str, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(BadInput, match=message) as caught:
        verifier_of(tmp_path / name, box())
    assert "\n" not in str(caught.value)
