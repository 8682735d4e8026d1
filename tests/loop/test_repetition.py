from random import Random

from hypothesis import given
from hypothesis import strategies as st

from secondthought.loop.repetition import RepetitionGuard
from secondthought.tasks import catalogue


def loops(text: str, piece: int = 5) -> bool:
    guard = RepetitionGuard()
    return any(guard.push(text[i : i + piece]) for i in range(0, len(text), piece))


@given(st.text(min_size=1, max_size=60), st.text(max_size=200), st.integers(1, 40))
def test_a_unit_again_and_again_is_a_loop(unit: str, before: str, piece: int) -> None:
    assert loops(before + unit * (1 + 700 // len(unit)), piece)


def test_a_long_paragraph_again_and_again_is_a_loop() -> None:
    rng = Random(1)
    paragraph = "".join(rng.choice("abcdefgh ") for _ in range(900))
    assert loops(paragraph * 6)
    assert not loops(paragraph * 3)


def test_counting_on_is_no_loop() -> None:
    assert not loops("\n".join(f"try {n}: no" for n in range(2000)))


def test_worked_traces_are_no_loops() -> None:
    for name in ("products", "gcd", "countdown", "caesar_cipher", "example_cipher"):
        task = catalogue.task(name)
        for seed in range(20):
            item = task.generate(Random(seed), task.levels[-1])
            assert not loops(task.demonstrate(item, Random(seed)).thought)
