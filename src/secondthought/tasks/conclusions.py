"""Whether an answer is the one that its thought comes to.

A small model may think rightly and then write something else. A thought of a built-in task says
what its answer must be: it stands there, or it is put together from what stands there.
"""

from __future__ import annotations

import re

from secondthought.tasks import expression
from secondthought.tasks.steps import KEYS, key

_CIPHERS = ("caesar", "cipher")
_GATHERED = re.compile(r"^text (.*?)( yes| no)?$", re.MULTILINE)
_COUNT = re.compile(r"\n([0-9]+)\s*$")
_TARGET = re.compile(r"\s*(?:target|make) ([0-9]{1,9}):((?: [0-9]{1,6})+)\s*(?:\n|$)")
_GRID = re.compile(r"^([1-4]{4}(?: [1-4]{4}){3})$", re.MULTILINE)
_CARRIED = re.compile(r"(?<=[0-9a-z]),(?=[0-9a-z])")


def concludes(thought: str, answer: str) -> bool:
    """Whether a thought comes to this answer, as far as that can be seen.

    A decoded text is all of the thought's last "text", the count of a letter its last line; an
    expression has the numbers of its first line and comes to the target there; a grid is the last
    one. Of most other built-in tasks the answer stands somewhere in the thought. True where nobody
    can tell: of knights and knaves, and of thoughts in no dialect.
    """
    first = key(thought)
    if first in _CIPHERS and (gathered := _GATHERED.findall(thought.lower())):
        text, verdict = gathered[-1]
        return _plain(answer) in (_plain(text), _plain(text + verdict))
    if first == "letter" and (count := _COUNT.search(thought)):
        return answer.strip(" .") == count[1]
    if first in ("target", "make"):
        head = _TARGET.match(thought)
        return head is None or _makes(answer, [int(n) for n in head[2].split()], int(head[1]))
    if first == "sudoku":
        grids = _GRID.findall(thought)
        return not grids or _plain(answer) == _plain(grids[-1])
    if first == "knights" or first not in KEYS:
        return True
    plain = re.escape(_CARRIED.sub("", answer.strip().lower()))
    form = rf"(?:(?<![0-9a-z.])|[=r ])0*{plain}(?![0-9a-z])"
    return re.search(form, _CARRIED.sub("", thought.lower())) is not None


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _makes(answer: str, numbers: list[int], target: int) -> bool:
    return expression.judge(expression.bare(answer), numbers, target).passed
