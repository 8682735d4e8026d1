"""How a thought checked itself, read from the thought alone."""

from __future__ import annotations

from secondthought.tasks import catalogue


def task_of(thought: str) -> str | None:
    """The name of the built-in task whose key is the first word of the thought."""
    key = thought.split(maxsplit=1)[0] if thought.strip() else ""
    for name in catalogue.names():
        if catalogue.task(name).key == key:
            return name
    return None


def checked(thought: str) -> str:
    """ "checked by re-encrypting ✓", with ✗ when the last check said no; "" without a check."""
    lines = thought.strip().split("\n")
    verdict = lines[-1].rsplit(" ", 1)[-1]
    if verdict not in ("yes", "no"):
        return ""
    name = task_of(thought)
    how = catalogue.task(name).check if name else ""
    return f"checked {how} {'✓' if verdict == 'yes' else '✗'}" if how else ""
