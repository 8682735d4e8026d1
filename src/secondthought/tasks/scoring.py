"""Items for other programs: an item as one line of JSON, and the score of a reply to it.

Trainers of other projects carry strings from their data set to their reward function. `pack`
makes such a string of an item; `score` judges a model's whole reply by it, with the task's own
verifier, in a child process: whatever a reply does to a verifier, the trainer goes on.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from secondthought.isolation import Isolated, IsolationError
from secondthought.messages import BadInput, Problem
from secondthought.tasks import catalogue
from secondthought.tasks.base import Item, Task

SECONDS = 5.0
"""Of one verification, at most; the built-in tasks need milliseconds."""

INSTRUCTION = (
    "Think as long as you need. Then write your final answer on a new line that begins with "
    '"Answer:", and nothing after it.'
)
"""What a model that is not trained here is told, so that its answer can be found."""

_ANSWER = re.compile(r"^[ \t*#>_]*(?:the )?(?:final )?answer[ \t*_]*:[ \t*_]*", re.I | re.M)


class Unscorable(BadInput):
    """There is no verdict: the verifier broke, hung, or could not tell. That is no wrong answer."""


def reference(name: str) -> str:
    """A task's name as other processes can use it: the file of one's own task as a whole path."""
    path, colon, class_name = name.rpartition(":")
    return f"{Path(path).resolve()}:{class_name}" if colon and path.endswith(".py") else name


def pack(name: str, item: Item) -> str:
    """The item as JSON. name: of its task, as `catalogue.task` takes it."""
    return json.dumps(
        {
            "task": reference(name),
            "level": item.level,
            "question": item.question,
            "answer": item.answer,
            "data": dict(item.data),
            "wording": item.wording,
            "language": item.language,
        },
        ensure_ascii=False,
    )


def unpack(packed: str) -> tuple[Task, Item]:
    """Raises BadInput for text that `pack` did not write."""
    try:
        row: dict[str, Any] = json.loads(packed)
        task = catalogue.task(row["task"])
        item = Item(
            task.name,
            row["level"],
            Problem.ask(row["question"]),
            row["answer"],
            row["data"],
            row["wording"],
            row["language"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"no packed item: {type(error).__name__}: {error}") from error
    return task, item


def final_answer(reply: str) -> str:
    """What a reply gives as its answer: what stands after its thought and after its last line
    that begins with "Answer:"; without such a line all of it. A thought that never ends has none.
    """
    _, closed, rest = reply.rpartition("</think>")
    if not closed and "<think>" in reply:
        return ""
    marks = list(_ANSWER.finditer(rest))
    return (rest[marks[-1].end() :] if marks else rest).strip().removesuffix("**").rstrip()


def judge(packed: str, answer: str) -> bool | str:
    """Whether the answer is right; a text says why that cannot be known. Runs in the child."""
    task, item = unpack(packed)
    verdict = task.verify(item, answer)
    if verdict.error is not None or verdict.outcome == "cannot_tell":
        return verdict.error or "it could not tell"
    return verdict.passed


@cache
def _child(confined: bool) -> Isolated:
    return Isolated(judge, seconds=SECONDS, confined=confined)


def score(packed: str, reply: str) -> float:
    """1.0 for a right reply, 0.0 for a wrong one. Raises Unscorable, BadInput.

    Verifiers of built-in tasks run without network and right to write; those of one's own file
    may do what that file's author may.
    """
    name = str(json.loads(packed)["task"])
    try:
        found = _child(name in catalogue.names()).call(packed, final_answer(reply))
    except IsolationError as error:
        raise Unscorable(f"the verifier of {name} gave no verdict: {error}") from error
    if isinstance(found, str):
        raise Unscorable(f"the verifier of {name} gave no verdict: {found}")
    return float(found)
