import re
from collections import Counter
from itertools import pairwise
from random import Random

from secondthought.tasks import steps
from secondthought.tasks.ciphers import shift
from secondthought.trace import Outcome
from secondthought.train import drills


def test_drills_are_right_and_in_the_dialect():
    passed = Counter()
    for i in range(1200):
        drilled = drills.drill(Random(i))
        thought = "".join(span.text for span in drilled.thought)
        verdicts = [step.verdict for step in steps.parse(thought)]
        assert not any(v and v.outcome is Outcome.FAILED for v in verdicts), thought
        passed[any(v and v.outcome is Outcome.PASSED for v in verdicts)] += 1
        assert drilled.answer
        assert not thought.endswith("\n")
    assert passed[True] > 800  # tables of letters and casting out nines have no judge of their own


def test_a_running_calculation_looks_as_in_countdown():
    drilled = drills._sums(Random(3))
    assert drilled.asked.count("+") + drilled.asked.count("-") >= 1
    assert drilled.thought[0].text.endswith(f"={drilled.answer}")


def test_words_are_read_through_the_table():
    for i in range(50):
        drilled = drills._table(Random(i))
        table, *codes = drilled.asked.split()
        key = {table[k]: table[k + 1] for k in range(0, 52, 2)}
        assert len(key) == 26
        assert drilled.answer == " ".join("".join(key[c] for c in code) for code in codes)


def test_a_text_is_moved_back_until_it_is_english():
    for i in range(50):
        drilled = drills._english(Random(i))
        lines = drilled.thought[0].text.splitlines()
        assert [line for line in lines if line.isupper()] == drilled.asked.split("; ")
        assert lines[-1] == f"{drilled.answer} yes"
        for above, line in pairwise(lines):
            if not line.isupper():
                assert shift(above.removesuffix(" yes").lower(), -1) == line.removesuffix(" yes")


def test_a_substitution_is_read_from_its_example():
    for i in range(50):
        drilled = drills._substitution(Random(i))
        rows = re.findall(r"^([A-Z]+)\.*([a-z]+) \S+$", drilled.thought[0].text, re.MULTILINE)
        lines = drilled.thought[0].text.splitlines()[len(rows) :]
        assert len(rows) == len(set(rows)) >= 2
        key = {c: p for row in rows for c, p in zip(*row, strict=True)}
        codes = drilled.asked.rpartition("; ")[2].upper().split()
        assert drilled.answer.split() == ["".join(key[c] for c in code) for code in codes]
        assert [line.split()[1] for line in lines] == drilled.answer.split()
