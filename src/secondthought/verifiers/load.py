"""Verifiers of your own, from a file: `--verifier ./mine.py:f`.

    # mine.py
    def f(question: str, answer: str) -> bool | float | tuple[bool, str] | None:
        return answer.strip().isdigit(), "give digits only"

A function runs in a child process that is killed when it takes too long; a class or an object
with `judge` (see `verifiers.base`) runs in this one and may use the model.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, cast, get_args

from secondthought.isolation import Isolated, IsolationError
from secondthought.messages import BadInput, Problem
from secondthought.trace import Outcome, Verdict
from secondthought.verifiers.base import Level, Trust, Verifier
from secondthought.verifiers.guard import cannot_tell

_PASSES = 0.5  # a score from here on is a pass


def load(spec: str, *, seconds: float = 30.0) -> Verifier:
    """The verifier that "./mine.py:name" names. seconds: of one call of a function.

    The file is yours: it is imported and run with all your rights. Raises BadInput.
    """
    path, colon, name = spec.rpartition(":")
    if not colon or not path.endswith(".py") or not name:
        raise BadInput(f"{spec!r} names no verifier; write ./file.py:name")
    found = _find(Path(path), name)
    if inspect.isclass(found):
        try:
            found = found()
        except Exception as error:
            raise BadInput(f"{name} of {path} cannot be made without arguments: {error}") from None
    if isinstance(found, Verifier):
        if found.trust not in get_args(Trust) or found.level not in get_args(Level):
            raise BadInput(f"{name} of {path} has no known trust or level; see docs/verifiers.md")
        return found
    if inspect.isfunction(found) and not inspect.iscoroutinefunction(found):
        trust: Any = getattr(found, "trust", "sound")
        if trust not in get_args(Trust):
            raise BadInput(f"{name}.trust is {trust!r}; use one of {', '.join(get_args(Trust))}")
        return Function(Path(path), name, trust=trust, seconds=seconds)
    raise BadInput(
        f"{name} of {path} is no verifier; write a function of (question, answer), "
        "or a class with name, trust, level and judge"
    )


class Function:
    """A function of (question, answer) in a file, as a verifier. It may give True or False, a
    score from 0 to 1 (0.5 passes), None for "cannot tell", or one of these and the reason."""

    level: Level = "answer"

    def __init__(self, file: Path, name: str, *, trust: Trust = "sound", seconds: float) -> None:
        self.name = name
        self.trust: Trust = trust
        # Not confined: it is the user's own code and may need the network or files.
        target = f"{file.resolve()}:{name}"
        self._call = Isolated(target, seconds=seconds, confined=False)

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        return [await self._judge(problem.question, candidate) for candidate in candidates]

    async def _judge(self, question: str, candidate: str) -> Verdict:
        try:
            verdict = as_verdict(await self._call(question, candidate))
        except (IsolationError, TypeError, ValueError) as error:
            return cannot_tell(str(error), self.name)
        return replace(verdict, verifier=self.name)


def as_verdict(value: Any) -> Verdict:
    """What a function gave back, as a verdict. Raises TypeError or ValueError."""
    reason = ""
    if isinstance(value, list | tuple):
        pair = cast(Sequence[Any], value)
        if len(pair) != 2 or not isinstance(pair[1], str):
            raise TypeError("gave a sequence that is not (verdict, reason)")
        value, reason = pair
    if value is None:
        return Verdict(Outcome.CANNOT_TELL, feedback=reason)
    if isinstance(value, bool):
        return Verdict.of(value, reason)
    if not isinstance(value, int | float):
        raise TypeError(f"gave a {type(value).__name__}, not a bool, a score or None")
    if not 0 <= value <= 1:
        raise ValueError(f"gave the score {value}, which is not from 0 to 1")
    return Verdict(Outcome.PASSED if value >= _PASSES else Outcome.FAILED, float(value), reason)


def _find(path: Path, name: str) -> Any:
    if not path.is_file():
        raise BadInput(f"there is no file {str(path)!r}; give the path of a Python file")
    # A name of its own: the file must not hide, or be taken for, a module of the same name.
    module_name = f"_verifier_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]}"
    spec = spec_from_file_location(module_name, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[module_name] = module
    sys.path.insert(0, str(path.resolve().parent))
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        raise BadInput(f"{path} cannot be imported: {text}") from None
    finally:
        sys.path.pop(0)
    try:
        return getattr(module, name)
    except AttributeError:
        raise BadInput(f"{path} has no {name!r}") from None
