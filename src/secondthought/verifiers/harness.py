"""Runs inside the sandbox: tests a solution and reports. Imports nothing of ours.

Its folder holds `solution.py` and `tests.py`. stdin holds one secret word. The report is one
line of JSON on stdout with that word, so that a program which ends early or prints "all
passed" has not passed. What the solution and the tests print goes to stderr.
"""

from __future__ import annotations

import json
import linecache
import os
import sys
import traceback
import types
from collections.abc import Callable
from typing import Any

_OURS = ("solution.py", "tests.py")


def main() -> None:
    secret = sys.stdin.readline().strip()
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    broken = _attempt(lambda: _compiled("tests"))
    ran, failures = (1, []) if broken else test()
    result = {"secret": secret, "ran": ran, "failures": failures, "broken": broken}
    print(json.dumps(result), file=report, flush=True)
    os._exit(0)  # threads and exit handlers of the solution are not waited for


def test() -> tuple[int, list[str]]:
    """How many tests were run, and what went wrong, in order."""
    sys.path.insert(0, os.getcwd())
    solution = types.ModuleType("solution")
    if problem := _attempt(lambda: _execute(solution)):
        return 1, [problem]
    # The tests see the solution's names as if they stood below it, and as module `solution`.
    tests = types.ModuleType("tests")
    names = {name: value for name, value in vars(solution).items() if not name.startswith("__")}
    vars(tests).update(names)
    if problem := _attempt(lambda: _execute(tests)):
        return 1, [problem]
    cases = _functions(tests) + _cases(tests)
    results = [_attempt(case) for case in cases]
    return max(1, len(cases)), [problem for problem in results if problem]


def _execute(module: types.ModuleType) -> None:
    module.__file__ = os.path.abspath(f"{module.__name__}.py")
    sys.modules[module.__name__] = module
    exec(_compiled(module.__name__), vars(module))


def _compiled(name: str) -> types.CodeType:
    path = os.path.abspath(f"{name}.py")
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return compile(file.read(), path, "exec", dont_inherit=True)


def _functions(tests: types.ModuleType) -> list[Callable[[], Any]]:
    """Functions `test_...` of the tests themselves."""
    return [
        value
        for name, value in vars(tests).items()
        if name.startswith("test")
        and isinstance(value, types.FunctionType)
        and value.__globals__ is vars(tests)
    ]


def _cases(tests: types.ModuleType) -> list[Callable[[], Any]]:
    """Methods of the tests' `unittest.TestCase` classes."""
    unittest: Any = sys.modules.get("unittest")  # imported only by tests that need it: it is slow
    found: list[Callable[[], Any]] = []
    for value in list(vars(tests).values()) if unittest else ():
        mine = isinstance(value, type) and value.__module__ == "tests"
        if mine and issubclass(value, unittest.TestCase):
            cases = unittest.defaultTestLoader.loadTestsFromTestCase(value)
            found += [case.debug for case in cases]
    return found


def _attempt(case: Callable[[], Any]) -> str:
    """ "" when it went well, else what happened, in a few lines that a model can use.

    A test that skips itself has not gone well: the solution could make it do so.
    """
    try:
        case()
    except SystemExit:
        return "the program ended itself (SystemExit)"
    except BaseException as error:
        return _describe(error)
    return ""


def _describe(error: BaseException) -> str:
    kind = "".join(traceback.format_exception_only(error)).strip()
    lines: list[str] = []
    for frame, number in traceback.walk_tb(error.__traceback__):
        name = os.path.basename(frame.f_code.co_filename)
        if name in _OURS:
            text = linecache.getline(frame.f_code.co_filename, number).strip()
            lines.append(f"{name}, line {number}: {text}")
            if isinstance(error, AssertionError) and (value := _left_side(text, frame)):
                kind += f"\n{value}"
    return "\n".join([*lines[-3:], kind])[:1000]


def _left_side(text: str, frame: types.FrameType) -> str:
    """What the left side of a failed `assert a == b` is: the most useful thing to know."""
    import ast

    try:
        statement = ast.parse(text).body[0]
        if not (isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Compare)):
            return ""
        left = ast.Expression(statement.test.left)
        value = eval(compile(left, "left", "eval"), frame.f_globals, frame.f_locals)
        return f"{ast.unparse(left)} is {value!r:.200}"
    except BaseException:
        return ""


if __name__ == "__main__":
    main()
