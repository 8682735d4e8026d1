"""A task that an untrained network gets right half of the time, and soon always."""

from typing import ClassVar

from secondthought.messages import Problem
from secondthought.tasks.base import Demonstration, Item, Task
from secondthought.trace import Verdict


class Parity(Task):
    """Answer with a first character whose code is even; level 2 wants it odd."""

    name: ClassVar[str] = "parity"
    key: ClassVar[str] = "parity"
    title: ClassVar[str] = "Even or odd"
    levels: ClassVar[range] = range(1, 3)
    default_level: ClassVar[int] = 1

    def generate(self, rng, level, *, split="eval", wording="own", language="en"):
        question = Problem.ask(f"{'even' if level == 1 else 'odd'} {rng.randrange(100)}")
        return Item(self.name, level, question, "b" if level == 1 else "a", {"level": level})

    def demonstrate(self, item, rng, *, hint=None):
        return Demonstration.of(["parity yes"], item.answer)

    def verify(self, item, text):
        return Verdict.of(text[:1] != "" and ord(text[0]) % 2 == item.level - 1, "wrong parity")

    def hint(self, item, wrong, rng):
        return "look at the code"


class Broken(Parity):
    """Its verifier raises."""

    name: ClassVar[str] = "broken"

    def verify(self, item, text):
        raise RuntimeError("no such server")


class Even(Parity):
    """Always even: what a network can learn in a few steps."""

    name: ClassVar[str] = "even"
    levels: ClassVar[range] = range(1, 2)
