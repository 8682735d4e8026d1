"""Second tries are added to the critic's advantages where they belong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from secondthought.trace import Verdict
from secondthought.train.episodes import Episode, Group
from secondthought.train.lessons import lessons
from secondthought.train.model import Shape, Transformer
from secondthought.train.rl import Learner
from secondthought.train.second_tries import SecondTry
from tests.train.test_rl import ASK, attempt
from tests.train.test_second_tries import attempt as wrong


def test_the_wrong_word_loses_what_the_other_one_gains() -> None:
    shape = Shape(width=16, layers=1, heads=1, kv_heads=1, ffn=16, head_size=16, context=700)
    learner = Learner(Transformer(shape), learning_rate=1e-3, precision=torch.float32)
    segment = wrong("hm\n2*3=5")
    lost = Episode((segment,), ("",), (Verdict.of(False),))
    groups = [Group(ASK, (attempt(True), lost)), Group(ASK, (attempt(True), attempt(False)))]
    collected: Any = SimpleNamespace(seen=groups)
    better = wrong("2*3=6 ")
    plain = lessons(collected, [], learner, 0.0)
    tried = lessons(collected, [SecondTry(1, 3, 0.4, better)], learner, 0.0)
    assert len(tried) == len(plain) + 1 == 5
    change = np.array(tried[1].advantage) - np.array(plain[1].advantage)
    assert change == pytest.approx([0, 0, 0, *[-0.4] * 5])
    assert tried[-1].segment is better
    assert tried[-1].advantage == 0.6
    assert tried[-1].old is not None
    assert len(tried[-1].old) == len(better.ids)
    assert np.array_equal(np.array(tried[0].advantage), np.array(plain[0].advantage))
