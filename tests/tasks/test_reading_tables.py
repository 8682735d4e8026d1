"""The example of a cipher as a thought follows it: pairs of words, lines of a keyword's table."""

from __future__ import annotations

from random import Random

import pytest

from secondthought.tasks.ciphers import aligned
from secondthought.tasks.example_cipher import ExampleCipher
from secondthought.tasks.reading_tables import paired
from secondthought.tasks.steps import parse
from tests.tasks.readings import failed

ATBASH = "rh z nvgslw gszg -> Is a method that\nUse the example above to decode: gszg rh"
KEYWORD = "gctr kbr gctr cnm -> made use made acq\nUse the example above to decode: rc"


def wrong(lines: str, question: str) -> list[str]:
    return [step.text for step in failed(parse(lines, question))]


def head(code: str, plain: str, question: str = ATBASH) -> list[str]:
    first, last = ("gszg", "rh") if question == ATBASH else ("rc", "rc")
    return wrong(f"cipher {code} {plain} of {first} to {last}\n", question)


@pytest.mark.parametrize("pair", ["rh is", "z a", "nvgslw method", "gszg that"])
def test_any_two_words_side_by_side_begin_a_thought(pair: str) -> None:
    assert head(*pair.split()) == []


@pytest.mark.parametrize("pair", ["rh method", "z is", "nvgslw that", "rh a", "gszg method"])
def test_words_that_do_not_stand_side_by_side_are_found(pair: str) -> None:
    assert head(*pair.split()) == [pair.split()[1]]


def test_the_lengths_of_a_text_reversed_as_a_whole_need_not_agree() -> None:
    question = "gnirts eht si -> is the string\nUse the example above to decode: tac eht"
    tokens = ["GNIRTS", "EHT", "SI", "IS", "THE", "STRING", "TAC", "EHT"]
    assert wrong("cipher gnirts is of tac to eht\n", question) == []
    assert paired(tokens, "si", "string")
    assert not paired(tokens, "gnirts", "the")


def test_words_are_passed_side_by_side_up_to_one_that_tells_the_rule() -> None:
    first = "cipher rh is of gszg to rh\n"
    assert wrong(f"{first}then rh is z a nvgslw method\n", ATBASH) == []
    assert wrong(f"{first}then rh is z method\n", ATBASH) == ["method"]
    assert wrong(f"{first}then rh is nvgslw method\n", ATBASH) == ["nvgslw", "method"]
    assert wrong(f"{first}then rh is z\n", ATBASH) == ["z"]


def test_the_second_word_is_named_before_its_letters_are_compared() -> None:
    question = "xjiq jnhp -> Well done\nUse the example above to decode: bc"
    lines = "cipher xjiq well of bc to bc\nshift x-w 24-23=1 j-e 10-5=5 "
    assert wrong(f"{lines}next jnhp done j-d 10-4=6", question) == []
    assert wrong(f"{lines}next jnhp well j-w 10-23=-13+26=13", question) == ["well"]
    assert wrong(f"{lines}next jnhp done n-d 14-4=10", question) == ["n-d"]
    assert wrong(f"{lines}next j-d 10-4=6", question) == [], "as older weights write it"


def test_a_whole_text_is_reversed_where_its_first_code_is_the_last_word() -> None:
    question = "gnirts eht si -> is the string\nUse the example above to decode: tac eht"
    lines = "cipher gnirts is of tac to eht\nthen gnirts is eht the\nreverse the eht "
    assert wrong(f"{lines}yes\n", question) == []
    assert wrong(f"{lines}no\n", question) == ["no"]
    assert wrong(f"{lines}yes\nreverse all string gnirts yes\n", question) == []
    assert wrong(f"{lines}yes\nreverse all string gnirts no\n", question) == ["no"]
    assert wrong(f"{lines}yes\nreverse all the eht yes\n", question) == [], "cannot be told"


TABLE = [
    "GCTR........made GmCaTdRe",
    "KBR.........use KuBsRe",
    "CNM.........acq CaNcMq",
]


def test_a_table_holds_each_word_of_the_example_once() -> None:
    assert wrong("\n".join(["cipher gctr made of rc to rc", *TABLE]), KEYWORD) == []
    repeated = ["cipher gctr made of rc to rc", *TABLE[:2], TABLE[0]]
    assert wrong("\n".join(repeated), KEYWORD)[0] == "GCTR"


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("KBR.........uze", "z"),
        ("KBT.........use", "KBT"),
        ("KBR........use", "........"),
        ("KBR.........us", "s"),
        ("KBR.........uses", "s"),
        ("KBR.........made", "m"),
        ("KBR.........Use", "Use"),
        ("KBR.........use x", "x"),
        ("KBR.........use KuBsR", "R"),
        ("KBR.........use KuBeRe", "e"),
        ("KBR.........use KuBsRere", "r"),
        ("KBR.........use KuBsRe x", "x"),
        ("KBR.........us KuBsRe", "R"),
    ],
)
def test_a_wrong_line_of_the_table_is_found(line: str, bad: str) -> None:
    found = wrong(f"cipher gctr made of rc to rc\n{TABLE[0]}\n{line}\n", KEYWORD)
    assert bad in found


def test_a_letter_that_stands_for_two_is_found_without_a_question() -> None:
    assert wrong(f"cipher gctr made\n{TABLE[0]}\nGB..........mu\n", "") == []
    assert wrong(f"cipher gctr made\n{TABLE[0]}\nGB..........nu\n", "") == ["n"]
    assert wrong(f"cipher gctr made\n{TABLE[0]}\nBK..........mu\n", "") == ["m"]


def test_a_line_of_the_table_that_is_cut_is_not_failed() -> None:
    for cut in range(1, len(TABLE[1]) + 1):
        assert wrong(f"cipher gctr made of rc to rc\n{TABLE[0]}\n{TABLE[1][:cut]}", KEYWORD) == []


def test_a_line_of_the_table_without_its_pairs_is_no_fault() -> None:
    rows = [row.split()[0] for row in TABLE]
    assert wrong("\n".join(["cipher gctr made of rc to rc", *rows, ""]), KEYWORD) == []


def test_a_table_of_the_older_form_is_read_without_a_crash() -> None:
    assert wrong("cipher gctr made of rc to rc\nGmCaTdRe KuBsRe\nRcCa ca\n", KEYWORD)


def test_demonstrations_show_every_pair_of_the_example_at_one_distance() -> None:
    task = ExampleCipher()
    seen = 0
    for seed in range(150):
        item = task.generate(Random(seed), 3, split="train")
        if item.data["rule"] != "keyword":
            continue
        seen += 1
        thought = task.demonstrate(item, Random(1)).thought
        rows = [line for line in thought.split("\n") if "." in line or line[:2].isupper()]
        pairs = zip(item.data["example_cipher"], item.data["example"], strict=True)
        assert rows == list(dict.fromkeys(aligned(*pair) for pair in pairs))
        assert all(line[12:].split()[0].islower() for line in rows)
    assert seen > 15


def test_demonstrations_begin_with_the_example_and_walk_to_a_word_that_tells() -> None:
    task = ExampleCipher()
    walked = 0
    for seed in range(200):
        item = task.generate(Random(seed), 3)
        example, codes = item.data["example"], item.data["example_cipher"]
        lines = task.demonstrate(item, Random(1)).thought.split("\n")
        assert lines[0].startswith(f"cipher {codes[0]} {example[0]} of ")
        assert lines[1].startswith("then ") == (len(example[0]) < 3)
        if lines[1].startswith("then "):
            walked += 1
            words = lines[1].split()[1:]
            half = len(words) // 2
            assert (words[::2], words[1::2]) == (codes[:half], example[:half])
            assert len(words[-1]) >= 3 > max(map(len, words[1:-2:2]))
    assert walked > 10
