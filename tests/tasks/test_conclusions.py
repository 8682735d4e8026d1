"""An answer is compared with what its thought comes to."""

from __future__ import annotations

from random import Random

from secondthought.tasks.catalogue import names, task
from secondthought.tasks.conclusions import concludes


def test_demonstrations_come_to_their_answers_and_to_no_others() -> None:
    for name in names():
        one, wrong = task(name), 0
        for seed in range(40):
            item = one.generate(Random(seed), one.default_level)
            shown = one.demonstrate(item, Random(seed))
            assert concludes(shown.thought, shown.answer), (name, seed)
            wrong += not concludes(shown.thought, shown.answer + "1")
        # a small number may stand there; who is a knight is told in other words
        assert wrong == 0 if name == "knights_knaves" else wrong > 30, name


def test_an_answer_copied_wrongly_is_none_of_the_thought() -> None:
    thought = "base 255 10 to 2\n255/2: 02=2*1+0 =127 r1 1\n1/2: =0 r1 11111111\n255=255 yes"
    assert concludes(thought, "11111111")
    assert not concludes(thought, "111111111")
    assert not concludes("spell what\nw1h2|h2w1\ntahw\ncheck w1h2 yes", "tah")
    decoded = "caesar QFC ...\ntext she is dreaming dreaming yes\ncheck dreaming BPCYKGLE yes"
    assert concludes(decoded, "SHE IS DREAMING DREAMING")
    assert not concludes(decoded, "SHE IS DREAMING"), "a part of the text is not the text"
    assert concludes("cipher a b of c\ntext say no\ncheck say XYZ yes", "say no")
    counted = "letter o\nquo=1ited\ncheck quoited+1=1 yes\n1"
    assert concludes(counted, "1")
    assert not concludes(counted.replace("quo", "4quo"), "4")
    assert concludes("mul 12*3\n,3: 2*3+0+0=06 1*3+0+0=03 =03,6", "36")
    assert concludes("I multiply: 12 times 3 is 36.", "37"), "nobody can tell"


def test_an_expression_is_made_of_the_numbers_of_its_thought() -> None:
    thought = "target 156: 20 18 36 78\n(18+20)=38 -36=2 *78=156 yes"
    assert concludes(thought, "(18+20-36)*78")
    assert concludes(thought, "The answer is (20+18-36)*78."), "another order is right, too"
    assert not concludes(thought, "(78-20)*18-36")
    assert not concludes(thought, "(18+20-36)*78=156 yes\n(18+20")
    assert not concludes("make 24: 4 7 8 8\n...", "4*7-8+4")
    assert concludes("target what: 1", "5"), "a first line that cannot be read"


def test_a_grid_is_the_last_one_of_its_thought() -> None:
    thought = "sudoku _413 2413 3241 4132\n2413 1324 3241 4132\nc yes"
    assert concludes(thought, "2 4 1 3\n1 3 2 4\n3 2 4 1\n4 1 3 2")
    assert not concludes(thought, "2 4 1 3\n1 3 2 4\n3 2 4 1\n4 1 3 1")
