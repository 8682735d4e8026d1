from random import Random

import pytest

from secondthought.tasks import english
from secondthought.tasks.caesar_cipher import PREFIX, CaesarCipher
from secondthought.tasks.ciphers import shift
from tests.tasks.properties import TaskProperties

TASK = CaesarCipher()


class TestCaesarCipher(TaskProperties):
    task = TASK

    def needed(self, item):
        return [item.data["shown"]]


def test_encryption_of_a_known_text():
    assert shift("I came, I saw!", 3) == "L fdph, L vdz!"
    assert shift(shift("Xyz abc", 17), -17) == "Xyz abc"


def test_the_thought_reaches_the_plaintext_line_by_line():
    item = TASK.generate(Random(5), 3)
    lines = TASK.demonstrate(item, Random(1)).thought.split("\n")
    rotation = item.data["rotation"]
    head, _, last = lines[0].removeprefix("caesar ").partition(" to ")
    assert item.data["shown"].upper().endswith(last)
    assert len(head) <= PREFIX
    for above, below in zip([head, *lines[1:]], lines[1 : rotation + 1], strict=False):
        assert shift(above.lower(), -1) == below.removesuffix(" yes")
    assert lines[rotation].endswith(" yes")
    assert item.answer.lower().startswith(lines[rotation].removesuffix(" yes"))


def test_words_and_case():
    item = TASK.generate(Random(5), 3)
    assert TASK.verify(item, item.answer.lower()).passed
    assert not TASK.verify(item, item.answer.replace(" ", "")).passed


def test_training_and_evaluation_share_no_plaintext():
    texts = {
        split: {
            TASK.generate(Random(seed), level, split=split).answer
            for level in (1, 3)
            for seed in range(300)
        }
        for split in ("train", "eval")
    }
    train = "\n".join(" ".join(s.split()).upper() for s in english.sentences("train"))
    assert not texts["train"] & texts["eval"]
    assert not [t for t in texts["eval"] if len(t.split()) >= 5 and t in train]


def test_same_items_and_verdicts_as_reasoning_gym():
    gym = pytest.importorskip("reasoning_gym")
    data = gym.create_dataset("caesar_cipher", seed=11, size=30)
    item = TASK.generate(Random(5), 3, wording="gym")
    entry = {"answer": item.answer, "question": item.question, "metadata": {}}
    assert data.score_answer(item.answer, entry) == 1.0
    for wrong in TASK.near_misses(item, Random(1)):
        assert data.score_answer(wrong, entry) < 1.0
    before, after = data[0]["question"].split(data[0]["metadata"]["cipher_text"])
    assert item.question.startswith(before)
    assert item.question.endswith(after)
