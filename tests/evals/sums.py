"""A task of our own for the tests of evals, loaded as a user's would be."""

from random import Random

from secondthought.messages import Problem
from secondthought.tasks.base import Demonstration, Item, Task
from secondthought.trace import Verdict

ASK = {"own": "{a} + {b} = ?", "held_out": "sum of {a} and {b}?", "gym": "Add {a} to {b}."}


class Sums(Task):
    name = "sums"
    key = "sums"
    title = "Sums"
    levels = range(1, 4)
    default_level = 2

    def generate(self, rng, level, *, split="eval", wording="own", language="en"):
        a, b = rng.randrange(10**level), rng.randrange(10**level)
        text = "{a} 더하기 {b}?" if language == "ko" else ASK[wording]
        problem = Problem.ask(text.format(a=a, b=b))
        return Item(
            "sums", level, problem, str(a + b), {"sum": a + b}, wording=wording, language=language
        )

    def demonstrate(self, item, rng, *, hint=None):
        return Demonstration.of(["sums"], item.answer)

    def verify(self, item, text):
        return Verdict.of(text.strip() == str(item.data["sum"]), "the sum is off")

    def hint(self, item, wrong, rng: Random):
        return f"{wrong} is off, the last digit is {item.answer[-1]}"

    def near_misses(self, item, rng):
        return [item.answer, f"-{int(item.answer) + 1}"]
