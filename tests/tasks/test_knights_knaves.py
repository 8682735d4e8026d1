import re
from random import Random

import pytest

from secondthought.tasks.base import Item
from secondthought.tasks.knights_knaves import KnightsKnaves
from tests.tasks.properties import TaskProperties

TASK = KnightsKnaves()
DATA = {
    "names": ["Joseph", "Zoey"],
    "roles": ["angel", "devil"],
    "statements": [
        ["or", ["is", 0, True], ["is", 1, True]],
        ["if", ["is", 1, True], ["is", 0, True]],
    ],
}


def _item(data: dict = DATA) -> Item:
    problem = TASK.generate(Random(0), 2).problem
    return Item("knights_knaves", 2, problem, "Joseph is an angel, and Zoey is an angel", data)


def test_the_thought_line_by_line() -> None:
    thoughts = {TASK.demonstrate(_item(), Random(seed)).thought for seed in range(60)}
    cases = [
        "A+ B+: A+ t or t, t ok; B+ if t then t, t ok",
        "A+ B-: A+ t or f, t ok; B- if f then t, t no",
        "A- B+: A- f or t, t no",
        "A- B-: A- f or f, f ok; B- if f then f, t no",
    ]
    head = [
        "knights A Joseph, B Zoey, + angel, - devil",
        "A: Joseph angel or Zoey angel = A+ or B+",
        "B: if Zoey angel then Joseph angel = if B+ then A+",
    ]
    assert min(thoughts, key=len).split("\n") == [*head, *cases, "left A+ B+ yes"]
    slipped = [t.split("\n") for t in thoughts if " no\nA+ B+" in t and t.count("left") == 2]
    assert slipped
    for lines in slipped:
        assert lines[7] in ("left none no", "left A+ B+; A+ B- no", "left A+ B+; A- B- no")
        assert lines[8:] == [*cases, "left A+ B+ yes"]


def test_nested_statements_are_worked_out_from_inside() -> None:
    nested = ["iff", ["and", ["is", 0, True], ["is", 1, False]], ["not", ["or", *_parts()]]]
    data = {**DATA, "statements": [nested, ["or", ["is", 0, False], ["is", 1, True]]]}
    thoughts = [TASK.demonstrate(_item(data), Random(seed)).thought for seed in range(9)]
    lines = min(thoughts, key=len).split("\n")
    said = "(Joseph angel and Zoey devil) iff (not (Joseph angel or Zoey angel))"
    assert lines[1] == f"A: {said} = (A+ and B-) iff (not (A+ or B+))"
    worked = "(t and f) iff (not (t or t)), f iff (not t), f iff f, t ok"
    assert lines[3] == f"A+ B+: A+ {worked}; B+ f or t, t ok"


def _parts() -> list[list]:
    return [["is", 0, True], ["is", 1, True]]


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("Joseph is an angel, and Zoey is an angel.", True),
        ("joseph is a angel and zoey is an angel", True),
        ("Zoey is an angel, Joseph is an angel", True),
        ("Joseph: angel, Zoey: angel", True),
        ("Joseph is an angel, and Zoey is a devil", False),
        ("Joseph is an angel", False),
        ("Joseph is an angel, Joseph is an angel", False),
        ("Joseph is an angel, and Zoey is an angel, and Zoey is a devil", False),
        ("Joseph is not an angel, and Zoey is an angel", False),
        ("Joseph is a angel/devil, and Zoey is a angel/devil", False),
        ("Joseph is a knight, and Zoey is a knight", False),
        ("angel angel", False),
        ("Both are angels", False),
    ],
)
def test_answers_are_judged_from_the_question(text: str, ok: bool) -> None:
    assert TASK.check_answer(DATA, text).passed is ok


def test_feedback_names_the_contradiction() -> None:
    feedback = TASK.check_answer(DATA, "Joseph is a devil, Zoey is an angel").feedback
    assert feedback == "then Joseph would be a devil and say something true"


def test_korean_answers() -> None:
    item = TASK.generate(Random(5), 2, language="ko")
    a, b = item.data["names"]
    roles = dict(part.split(" ") for part in item.answer.split(", "))
    assert TASK.verify(item, item.answer).passed
    assert TASK.verify(item, f"{a}은 {roles[a]}, {b}는 {roles[b]}입니다.").passed
    other = next(r for r in item.data["roles"] if r != roles[a])
    assert not TASK.verify(item, f"{a} {other}, {b} {roles[b]}").passed


def test_questions_say_what_the_data_say() -> None:
    """reasoning-gym reads the same statements and finds the same solution."""
    pytest.importorskip("reasoning_gym")
    from reasoning_gym.logic.knights_knaves import KnightsKnavesDataset

    def gym(statement):
        kind, *parts = statement
        if kind == "is":
            return ("telling-truth" if parts[1] else "lying", parts[0])
        return ({"if": "->", "iff": "<=>"}.get(kind, kind), *map(gym, parts))

    for level in TASK.levels:
        for seed in range(30):
            item = TASK.generate(Random(seed), level)
            statements = [gym(s) for s in item.data["statements"]]
            (solution,) = KnightsKnavesDataset.find_solution(statements)
            knight, knave = item.data["roles"]
            words = [knight if truthful else knave for truthful in solution]
            answer = ", ".join(f"{n} {w}" for n, w in zip(item.data["names"], words, strict=True))
            assert TASK.verify(item, answer).passed


def test_verdicts_agree_with_reasoning_gym() -> None:
    gym = pytest.importorskip("reasoning_gym")
    dataset = gym.create_dataset("knights_knaves", seed=1, size=5)
    for seed in range(60):
        item = TASK.generate(Random(seed), 2, wording="gym")
        for text in (item.answer, f"{item.answer}.", *TASK.near_misses(item, Random(seed))):
            right = dataset.score_answer(text, {"answer": item.answer}) == 1.0
            assert TASK.verify(item, text).passed == right, text


def test_the_gym_wording_is_the_gyms() -> None:
    gym = pytest.importorskip("reasoning_gym")
    ours = {_skeleton(TASK.generate(Random(s), 2, wording="gym")) for s in range(300)}
    theirs = set()
    for entry in gym.create_dataset("knights_knaves", seed=1, size=300):
        meta = entry["metadata"]
        roles = [meta["knight_knave_terms"]["knight"], meta["knight_knave_terms"]["knave"]]
        data = {"names": list(meta["names"]), "roles": roles}
        theirs.add(_skeleton(Item("", 2, type(_item().problem).ask(entry["question"]), "", data)))
    assert ours & theirs
    assert len(ours - theirs) < 2  # sentences that one side happened not to draw


def _skeleton(item: Item) -> str:
    """The words around the claims."""
    text = item.question
    for word, mark in (
        *((n, "N") for n in item.data["names"]),
        *zip(item.data["roles"], "KV", strict=True),
    ):
        text = re.sub(rf"\ban? {word}\b", f"a {mark}", text, flags=re.IGNORECASE)
        text = re.sub(rf"{word}", mark, text, flags=re.IGNORECASE)
    return re.sub(r"(?<=N, and N\.).*(?=So who)", " ", text)


class TestKnightsKnaves(TaskProperties):
    task = TASK

    def needed(self, item: Item) -> list[str]:
        return [*item.data["names"], *item.data["roles"]]
