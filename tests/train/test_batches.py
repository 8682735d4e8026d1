"""Every document is trained once, on the right targets, whatever its length."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from secondthought.train.batches import LENGTHS, cut, rows


@given(st.lists(st.integers(1, LENGTHS[-1] + 50), max_size=60), st.integers(0, 5))
def test_cut_keeps_every_fitting_document(lengths: list[int], seed: int) -> None:
    documents = [([i % 256] * n, [True] * n) for i, n in enumerate(lengths)]
    batches = cut(documents, 4096, seed)
    fitting = [n for n in lengths if 2 <= n <= LENGTHS[-1]]
    assert sum(b.tokens for b in batches) == sum(fitting)
    assert sum(int((b.targets_BT != -100).sum()) for b in batches) == sum(n - 1 for n in fitting)
    for batch in batches:
        assert batch.ids_BT.shape[1] in LENGTHS
        assert batch.ids_BT.size <= max(4096, LENGTHS[-1])


def test_targets_are_the_next_ids_where_loss_is_on() -> None:
    batch = rows([([10, 11, 12, 13], [False, False, True, True])], 6)
    assert batch.ids_BT.tolist() == [[10, 11, 12, 13, 256, 256]]
    assert batch.targets_BT.tolist() == [[-100, 12, 13, -100, -100, -100]]


def test_order_depends_on_the_seed_only() -> None:
    documents = [([n % 256] * n, [True] * n) for n in range(2, 500, 3)]
    first, again, other = cut(documents, 2048, 1), cut(documents, 2048, 1), cut(documents, 2048, 2)
    assert all(np.array_equal(a.ids_BT, b.ids_BT) for a, b in zip(first, again, strict=True))
    assert [b.ids_BT.shape for b in first] != [b.ids_BT.shape for b in other]
