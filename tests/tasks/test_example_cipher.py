import re
from itertools import pairwise
from random import Random

import pytest

from secondthought.tasks import english
from secondthought.tasks.ciphers import position
from secondthought.tasks.example_cipher import ExampleCipher, announcement
from tests.tasks.properties import TaskProperties

TASK = ExampleCipher()


def items(count=400, level=3, **options):
    return [TASK.generate(Random(seed), level, **options) for seed in range(count)]


class TestExampleCipher(TaskProperties):
    task = TASK

    def needed(self, item):
        data = item.data
        return [" ".join(data[name]) for name in ("example", "example_cipher", "cipher")]


def test_the_announced_problem():
    item = announcement()
    assert item.question == (
        "oyfjdnisdr rtqwainr acxz mynzbhhx -> Think step by step\n"
        "Use the example above to decode: "
        "oyekaijzdf aaptcg suaokybhai ouow aqht mynznvaatzacdfoulxxz"
    )
    shown = TASK.demonstrate(item, Random(3))
    assert shown.answer == "THERE ARE THREE RS IN STRAWBERRY"
    assert len(shown.thought) <= 700
    assert "pairs oy15+25=40 20t fj6+10=16 8h yes" in shown.thought
    assert TASK.verify(item, "there are three Rs in strawberry.").passed
    assert not TASK.verify(item, "THERE ARE TWO RS IN STRAWBERRY").passed


def test_every_number_of_a_pairs_thought_is_right():
    seen = 0
    for item in items(100):
        if item.data["rule"] != "pairs":
            continue
        shown = TASK.demonstrate(item, Random(1))
        if any(not span.loss for span in shown.spans):
            continue
        for first, second, a, b, total, half, char in re.findall(
            r"([a-z])([a-z])(\d+)\+(\d+)=(\d+) (\d+)([a-z])", shown.thought
        ):
            seen += 1
            assert (position(first), position(second), position(char)) == (
                int(a),
                int(b),
                int(half),
            )
            assert int(a) + int(b) == int(total) == 2 * int(half)
    assert seen > 300


def test_rules_hold_for_example_and_ciphertext():
    """Letters alike are encoded alike, and reversal is its own opposite."""
    for item in items():
        data = item.data
        pairs = [(data["example_cipher"], data["example"]), (data["cipher"], data["words"])]
        if data["rule"] in ("caesar", "atbash", "keyword"):
            table = {}
            for codes, words in pairs:
                for code, char in zip("".join(codes), "".join(words), strict=True):
                    assert table.setdefault(char, code) == code
        elif data["rule"] == "reverse all":
            for codes, words in pairs:
                assert " ".join(codes)[::-1] == " ".join(words)


def test_an_example_of_a_keyword_shows_every_letter():
    found = [item.data for item in items(split="train") if item.data["rule"] == "keyword"]
    assert len(found) > 20
    for data in found:
        assert set("".join(data["words"])) <= set("".join(data["example"]))


def test_the_mix_of_rules():
    rules = [item.data["rule"] for item in items(1000)]
    assert 0.3 < rules.count("pairs") / 1000 < 0.4
    assert len(set(rules)) == 8
    practised = [item.data["rule"] for item in items(1000, split="train")]
    assert practised.count("keyword") > 1.5 * rules.count("keyword")


def test_announced_texts_are_never_made_for_training():
    for item in items(1500, split="train"):
        texts = (english.letters_only(" ".join(item.data[n])) for n in ("example", "words"))
        for text in texts:
            for announced in english.ANNOUNCED:
                assert english.letters_only(announced) not in text


def test_evaluation_texts_are_not_in_training_text():
    for item in items(200):
        assert not english.in_training(item.data["words"])
        assert not english.in_training(item.data["example"])


@pytest.mark.parametrize("rule", ["pairs", "caesar", "atbash", "keyword"])
def test_a_hint_of_the_rule_replaces_the_search_for_it(rule):
    item = next(item for item in items() if item.data["rule"] == rule)
    hints = {TASK.hint(item, "", Random(seed)) for seed in range(5)}
    assert len(hints) == 1
    (hint,) = hints
    shown = TASK.demonstrate(item, Random(1), hint=hint)
    lines = shown.thought.split("\n")
    assert lines[1] == f"hint: {hint}"
    assert not [line for line in lines if line.startswith(("shift ", "sum ", "pairs "))]


def test_a_hint_names_the_wrong_word_and_the_thought_checks_it():
    item = announcement()
    wrong = "THERE ARE THREE QS IN STRAWBERRY"
    hints = {TASK.hint(item, wrong, Random(seed)) for seed in range(20)}
    assert {"word 4 is wrong", "the fourth word is wrong"} <= hints
    shown = TASK.demonstrate(item, Random(1), hint="the fourth word is wrong")
    assert shown.thought.endswith("\ncheck rs r36 s38 yes")


def test_an_answer_in_small_letters_where_asked():
    small = [item for item in items(split="train") if item.data["small"]]
    assert small
    for item in small:
        assert item.answer.islower()
        assert "case" in item.question or "small letters" in item.question


def test_a_refused_rule_does_not_fit_the_letters_tried():
    refused = 0
    for item in items(1500, level=2) + items(1500):
        for line in TASK.demonstrate(item, Random(1)).thought.split("\n"):
            if line.startswith("shift ") and line.endswith(" no"):
                refused += 1
                apart = [int(n) % 26 for n in re.findall(r"=(-?\d+)(?: |$)", line)]
                steps = {(b - a) % 26 for a, b in pairwise(apart)}
                assert steps not in ({0}, {1}), line
            if line.startswith("sum ") and line.endswith(" no"):
                assert re.findall(r"=(\d+)", line) != ["27", "27"], line
    assert refused > 300
