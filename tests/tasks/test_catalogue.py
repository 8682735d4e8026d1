import pytest

from secondthought.messages import BadInput
from secondthought.tasks import catalogue

OWN = """
from secondthought.tasks.base import Demonstration, Item, Task
from secondthought.messages import Problem
from secondthought.trace import Verdict

class Echo(Task):
    name, key, title, levels, default_level = "echo", "echo", "Echo", range(1, 2), 1
    def generate(self, rng, level, *, split="eval", wording="own", language="en"):
        return Item("echo", level, Problem.ask("Say hi."), "hi", {})
    def demonstrate(self, item, rng, *, hint=None):
        return Demonstration.of(["echo hi"], "hi")
    def verify(self, item, text):
        return Verdict.of(text == "hi")

class Abstract(Task):
    name, key, title, levels, default_level = "a", "aa", "A", range(1, 2), 1

class Unnamed(Echo.__base__):
    pass

class NoTask:
    pass

number = 3
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(OWN)
    return path


@pytest.mark.parametrize("name", catalogue.names())
def test_every_built_in_task(name):
    task = catalogue.task(name)
    assert task.name == name
    assert task.default_level in task.levels
    assert catalogue.task(name) is task


def test_keys_are_all_different():
    keys = [catalogue.task(name).key for name in catalogue.names()]
    assert len(set(keys)) == len(keys) == 13


def test_own_task(own):
    task = catalogue.task(f"{own}:Echo")
    assert task.name == "echo"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gdc", "did you mean gcd?"),
        ("Mini-Sudoku", "did you mean mini_sudoku?"),
        ("xyzzy", "choose one of example_cipher"),
        ("", "choose one of"),
        ("missing.py:Mine", "no file 'missing.py'"),
        ("{own}", "names no class"),
        ("{own}:Nothing", "no class 'Nothing'"),
        ("{own}:NoTask", "not a task"),
        ("{own}:number", "not a task"),
        ("{own}:Unnamed", "lacks name, key"),
        ("{own}:Abstract", "cannot be made"),
    ],
)
def test_errors_are_one_clear_line(own, name, says):
    with pytest.raises(BadInput) as caught:
        catalogue.task(name.format(own=own))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["def (", "import not_a_module_at_all", "1 / 0"])
def test_a_file_that_cannot_be_imported(tmp_path, text):
    path = tmp_path / "broken.py"
    path.write_text(text)
    with pytest.raises(BadInput, match="cannot be imported"):
        catalogue.task(f"{path}:Mine")
