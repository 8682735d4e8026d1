import json
import re
import tomllib
from collections import Counter
from importlib.resources import files
from random import Random

import pytest

from secondthought.tasks import catalogue
from secondthought.train import replaced, unknown

# Words of the kinds that only the frozen file may have.
HELD_OUT = re.compile(
    r"\blcm\b|common multiple|median|encrypt|encipher|\^2|²|squared|quadratic|"
    r"digit sum|sum of the digits|remainder|\bmod\b|divide|prime factor|roman|morse|braille|6x6|"
    r"most common|palindrome|how many ways can|syllogism|capital of|weather|poem|python|french|"
    r"\bsin\(|\bcos\(|integral|integrate|probability|area of|recipe|joke|day of the week|"
    r"kakuro|nonogram|crossword|futoshiki|queens instead|"
    r"최소공배수|십자말|네모로직|중앙값|암호화|나머지|소인수|로마|모스",
    re.IGNORECASE,
)


def frozen():
    text = files("secondthought.evals").joinpath("data", "out_of_scope.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def plain(text):
    return " ".join(text.lower().split()).rstrip(" .?!")


@pytest.mark.parametrize("group", ["near", "foreign", "replaced", "far", "noise"])
def test_each_kind_makes_questions(group):
    rng = Random(1)
    for kind in unknown.kinds(group):
        made = {unknown.question(rng, kind) for _ in range(100)}
        assert len(made) >= 10, kind
        assert max(map(len, made)) <= 700, kind


def test_a_question_is_a_function_of_the_generator():
    assert unknown.question(Random(5)) == unknown.question(Random(5))
    made = {unknown.question(Random(i)) for i in range(2000)}
    assert len(made) > 1700


def test_unknown_kind():
    with pytest.raises(KeyError):
        unknown.question(Random(1), "lcm")


def test_the_frozen_file_is_large_enough():
    rows = frozen()
    kinds = Counter(row["kind"] for row in rows)
    assert len(kinds) >= 30
    assert min(kinds.values()) >= 10
    assert len(rows) >= 400
    assert sum("near" in row for row in rows) >= 80
    assert {row["near"] for row in rows if "near" in row} <= set(catalogue.names())
    assert {"lcm", "median", "square_equation", "encrypt"} <= set(kinds)
    for part in ("id", "question"):
        assert len({row[part] for row in rows}) == len(rows)
    assert all(row["question"].strip() for row in rows)


def test_training_has_no_kind_and_no_text_of_the_frozen_file():
    rows = frozen()
    assert not {row["kind"] for row in rows} & set(unknown.kinds())
    held = {plain(row["question"]) for row in rows} - {""}
    rng = Random(3)
    for _ in range(30_000):
        assert plain(unknown.question(rng)) not in held


def test_training_never_asks_what_is_held_out():
    text = files("secondthought.train").joinpath("unknown.toml").read_text("utf-8")
    for group in tomllib.loads(text).values():
        for kind, templates in group.items():
            for template in templates:
                assert not HELD_OUT.search(template), kind
    rng = Random(4)
    for _ in range(2000):
        assert not HELD_OUT.search(unknown.question(rng, "other_statistic"))


def test_a_foreign_word_is_none_that_we_ask_with_and_none_that_is_held_out():
    """Else the model would learn to refuse its own tasks, or what the frozen file asks."""
    foreign = set(replaced.foreign_words())
    assert len(foreign) > 10_000
    assert not foreign & {"divisor", "shift", "backwards", "base", "letters", "solve", "decode"}
    assert not [word for word in foreign if HELD_OUT.search(word)]


@pytest.mark.parametrize("kind", list(replaced.KINDS))
def test_a_replaced_operation_is_neither_ours_nor_held_out(kind):
    rng = Random(5)
    ours = re.compile(
        r"\b(gcd|hcf|gcf|divisor|factor|times|product|base|binary)\b|[*×]|공약수", re.I
    )
    for _ in range(300):
        made = unknown.question(rng, kind)
        if kind != "asked_about":
            assert not ours.search(made), made
            assert not HELD_OUT.search(made), made


def test_an_abbreviation_is_none_that_means_something():
    rng = Random(6)
    made = {replaced.abbreviation(rng).lower() for _ in range(5000)}
    assert not made & {"gcd", "gdc", "hcf", "gcf", "lcm", "mod", "max", "min"}
