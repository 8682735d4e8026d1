"""The network against transformers, and rows against themselves."""

import numpy as np
import pytest

from secondthought.models.engine.checkpoint import Checkpoint
from secondthought.models.engine.session import Session

LENGTHS = (1, 5, 37, 120)


@pytest.fixture
def session(random_folder):
    return Session.load(Checkpoint.read(random_folder))


def prompts(seed=0, lengths=LENGTHS):
    rng = np.random.default_rng(seed)
    return [rng.integers(0, 256, n).tolist() for n in lengths]


def admit(session, rows):
    logits, entries = session.prefill(rows)
    session.reserve(len(rows), max(map(len, rows)) + 1, np.zeros(0, np.int32))
    for i, row in enumerate(rows):
        session.cache.data[:, i, :, : len(row)] = entries[:, i, :, : len(row)]
    return logits, np.array([len(r) for r in rows], np.int32)


def test_ragged_prefill_and_decode_equal_transformers(session, random_folder):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    reference = transformers.AutoModelForCausalLM.from_pretrained(
        random_folder, dtype=torch.float32
    ).eval()

    def expected(row):
        with torch.no_grad():
            return reference(torch.tensor([row])).logits[0, -1].numpy()

    rows = prompts()
    logits, lengths = admit(session, rows)
    rng = np.random.default_rng(9)
    for _ in range(12):
        for row, got in zip(rows, logits, strict=True):
            np.testing.assert_allclose(got, expected(row), atol=2e-4)
        tokens = rng.integers(0, 320, len(rows))
        logits = session.decode(tokens, lengths)
        lengths += 1
        for row, token in zip(rows, tokens, strict=True):
            row.append(int(token))


def test_a_row_is_bitwise_the_same_alone_and_in_a_ragged_batch(session, random_folder):
    other = Session.load(Checkpoint.read(random_folder))
    rows = prompts(4, (3, 90, 17, 41, 64, 8, 25, 33, 2, 71, 11))
    together, lengths = admit(session, rows)
    for pick in (0, 4, 7, 10):  # 33 tokens are one more than a block of this network's attention
        alone, length = admit(other, [rows[pick]])
        assert np.array_equal(alone[0], together[pick])
    tokens = np.arange(len(rows)) + 65
    for _ in range(30):  # `other` holds the last row
        batch = session.decode(tokens, lengths)[-1].copy()
        single = other.decode(tokens[-1:], length)[0]
        assert np.array_equal(batch, single)
        lengths += 1
        length += 1


def test_a_prompt_that_is_read_on_has_the_numbers_of_one_that_is_read(session):
    for size in (2, 3, 8, 33, 65, 120):
        [prompt] = prompts(size, (size,))
        logits, entries = session.prefill([prompt])
        for known in sorted({1, 2, size // 2, size - 2, size - 1, size}):
            if not 0 < known <= size:
                continue
            after, got, used = session.read_on(prompt, entries[:, 0, :, :known])
            assert used <= min(known, size - 2)
            assert known - used <= 3
            assert np.array_equal(after, logits)
            assert np.array_equal(got[:, 0], entries[:, 0, :, :size])


def test_growing_keeps_what_rows_hold(session, random_folder):
    rows = prompts(2)
    _, lengths = admit(session, rows)
    tokens = np.full(len(rows), 97)
    before = session.decode(tokens, lengths).copy()
    session.reserve(100, 3000, lengths)
    assert session.cache.rows >= 100
    assert session.cache.length >= 3000
    assert np.array_equal(session.decode(tokens, lengths), before)


def test_swapped_weights_are_used_and_can_be_swapped_back(session, random_folder, other_weights):
    rows = prompts(3)
    first = session.prefill(rows)[0]
    old = Checkpoint.read(random_folder).weights
    session.swap_weights(other_weights)
    second = session.prefill(rows)[0]
    assert np.abs(first - second).max() > 0.5
    session.swap_weights(old)
    assert np.array_equal(session.prefill(rows)[0], first)
