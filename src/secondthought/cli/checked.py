"""How a thought checked itself, read from the thought, and what the step parser says to it."""

from __future__ import annotations

from secondthought.oversight.contradiction import task_of
from secondthought.tasks import catalogue
from secondthought.tasks.steps import parse
from secondthought.trace import Step


def checked(thought: str) -> str:
    """ "checked by re-encrypting ✓", with ✗ when the last check said no; "" without a check.

    The check is the model's own. Where the parser finds a wrong step that the thought has not
    taken back, that is said too.
    """
    lines = thought.strip().split("\n")
    verdict = lines[-1].rsplit(" ", 1)[-1]
    if verdict not in ("yes", "no"):
        return ""
    name = task_of(thought)
    how = catalogue.task(name).check if name else ""
    if not how:
        return ""
    mark = f"checked {how} {'✓' if verdict == 'yes' else '✗'}"
    wrong = wrong_step(thought) if verdict == "yes" else None
    return mark if wrong is None else f"{mark} but {wrong.text} is wrong"


def wrong_step(thought: str) -> Step | None:
    """The first wrong step after the last line that ends in "no": the thought saw those before."""
    noticed = 0
    offset = 0
    for line in thought.splitlines(keepends=True):
        offset += len(line)
        if line.split()[-1:] == ["no"]:
            noticed = offset
    for step in parse(thought):
        if step.start >= noticed and step.failed:
            return step
    return None
