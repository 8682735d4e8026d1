"""The tasks by name, each imported when it is asked for, and tasks of a user's own.

A user's own task stands in a file of theirs and is named `path/to/file.py:ClassName`.
That file is imported, so it runs with the user's rights, like any script that they start.
"""

from __future__ import annotations

import importlib
import importlib.util
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import ModuleType

from secondthought.messages import BadInput
from secondthought.tasks.base import Task

_NAMES = (
    "example_cipher",
    "caesar_cipher",
    "countdown",
    "puzzle24",
    "mini_sudoku",
    "knights_knaves",
    "letter_counting",
    "spell_backward",
    "products",
    "chain_sum",
    "simple_equations",
    "gcd",
    "base_conversion",
)


def names() -> tuple[str, ...]:
    """The names of the built-in tasks, in the order in which they are shown."""
    return _NAMES


def task(name: str) -> Task:
    """The task of this name: a built-in one, or a user's own as `path.py:ClassName`.

    A built-in task is made once and shared: tasks hold no state.

    Raises BadInput for an unknown name, and for a file or class that cannot be used.
    """
    if name in _NAMES:
        return _built_in(name)
    path, colon, class_name = name.rpartition(":")
    if colon and path.endswith(".py"):
        return _own(Path(path), class_name)
    if name.endswith(".py"):
        raise BadInput(f"task {name!r} names no class; write it as {name}:ClassName")
    near = get_close_matches(name.lower().replace("-", "_").replace(" ", "_"), _NAMES, n=1)
    advice = f"did you mean {near[0]}?" if near else "choose one of " + ", ".join(_NAMES)
    raise BadInput(f"there is no task {name!r}; {advice}")


@cache
def _built_in(name: str) -> Task:
    module = importlib.import_module(f"secondthought.tasks.{name}")
    class_name = "".join(part.capitalize() for part in name.split("_"))
    return getattr(module, class_name)()


def _own(path: Path, class_name: str) -> Task:
    cls = getattr(_load(path), class_name, None)
    if cls is None:
        raise BadInput(f"{path} has no class {class_name!r}; name a subclass of Task in it")
    if not (isinstance(cls, type) and issubclass(cls, Task)):
        raise BadInput(
            f"{class_name} in {path} is not a task; derive it from secondthought.tasks.base.Task"
        )
    missing = [
        f for f in ("name", "key", "title", "levels", "default_level") if not hasattr(cls, f)
    ]
    if missing:
        raise BadInput(f"task {class_name} in {path} lacks {', '.join(missing)}; set them there")
    try:
        return cls()
    except Exception as error:  # the user's code may raise anything
        raise BadInput(
            f"task {class_name} in {path} cannot be made: {_one_line(error)}; "
            "it must take no arguments and define generate, demonstrate and verify"
        ) from error


def _load(path: Path) -> ModuleType:
    if not path.is_file():
        raise BadInput(f"there is no file {str(path)!r}; give the path of a Python file")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None  # a path that ends in .py always has a loader
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # the user's code may raise anything
        raise BadInput(f"{path} cannot be imported: {_one_line(error)}; mend it first") from error
    return module


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
