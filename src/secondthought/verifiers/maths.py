"""The answer is this expression, mathematically: 1/2, 0.5 and \\frac{2}{4} are the same.

Reading and comparing is the work of math-verify (https://github.com/huggingface/Math-Verify),
on sympy, which evaluates text and may compute for ever: so all of it runs in the killable
child, without network, and what comes back is one word.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from secondthought.isolation import Isolated, IsolationError
from secondthought.messages import BadInput, Problem
from secondthought.trace import Verdict
from secondthought.verifiers.base import Level, Trust
from secondthought.verifiers.guard import cannot_tell

_COMPARE = "secondthought.verifiers.comparing:compare"
_FEEDBACK = {
    "different": "this is not the right value",
    "unreadable": r"no expression can be read from the answer; write it as \boxed{...}",
}


class Maths:
    """want: the expression, LaTeX or plain. seconds: for one comparison.

    Raises BadInput when math-verify is not installed.
    """

    name = "maths"
    trust: Trust = "sound"
    level: Level = "answer"

    def __init__(self, want: str, *, seconds: float = 10.0) -> None:
        if find_spec("math_verify") is None:
            raise BadInput(
                "comparing mathematics needs math-verify; install it: "
                "pip install 'secondthought[maths]'"
            )
        self._want = want
        self._seconds = seconds

    async def judge(self, problem: Problem, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        return [await self._judge(candidate) for candidate in candidates]

    async def _judge(self, candidate: str) -> Verdict:
        try:
            found = await _child(self._seconds)(self._want, candidate)
        except IsolationError as error:
            return cannot_tell(f"the comparison {error}", self.name)
        if found not in ("same", *_FEEDBACK):
            return cannot_tell("the child process spoke nonsense", self.name)
        return Verdict.of(found == "same", _FEEDBACK.get(found, ""), verifier=self.name)


_children: dict[float, Isolated] = {}


def _child(seconds: float) -> Isolated:
    """One child for all comparisons: importing sympy takes a second."""
    return _children.setdefault(seconds, Isolated(_COMPARE, seconds=seconds))
