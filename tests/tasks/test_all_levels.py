"""No item of any level stops a long run: each has a thought, with and without a hint."""

from __future__ import annotations

from random import Random

import pytest

from secondthought.tasks import catalogue
from secondthought.tasks.base import TRAIN_SEEDS


@pytest.mark.parametrize("name", catalogue.names())
def test_every_item_can_be_demonstrated(name: str) -> None:
    task = catalogue.task(name)
    for level in task.levels:
        for i in range(100):
            rng = Random(TRAIN_SEEDS.start + i)
            item = task.generate(rng, level, split="train")
            assert task.verify(item, task.demonstrate(item, rng).answer).passed
            for wrong in task.near_misses(item, rng)[:1]:
                hint = task.hint(item, wrong, rng)
                shown = task.demonstrate(item, rng, hint=hint or None)
                assert task.verify(item, shown.answer).passed
