"""The critic tells states apart, and its advantages put the credit where they change."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from secondthought.trace import StopReason
from secondthought.train.credit import LAMBDA, Critic, advantages, credited
from secondthought.train.model import Shape, Transformer
from secondthought.train.rl import Action, Learner, Looked
from secondthought.train.rollouts import Segment


def action(value: float, length: int = 6, judged: bool | None = None) -> Action:
    ids = [65] * (length - 1) + [257]
    mask = [True] * length
    return Action(Segment([261, 65], ids, [-1.0] * length, mask, 0, StopReason.STOP, judged), value)


def seen(states: np.ndarray) -> Looked:
    return Looked(states, np.full(len(states), -1.0, np.float32))


def test_the_critic_tells_states_apart() -> None:
    rng = np.random.default_rng(1)
    states = rng.normal(size=(4000, 8))
    right = rng.random(4000) < 1 / (1 + np.exp(-2 * states[:, 0]))
    critic = Critic.fit(states[:3000], right[:3000].astype(float))
    found = critic.values(states[3000:].astype(np.float32))
    assert found[right[3000:]].mean() - found[~right[3000:]].mean() > 0.2
    assert found.mean() == pytest.approx(right[3000:].mean(), abs=0.05)


def test_advantages_are_the_faded_sum_of_what_changes() -> None:
    values = np.array([0.4, 0.5, 0.1])
    want = [
        (0.5 - 0.4) + LAMBDA * ((0.1 - 0.5) + LAMBDA * (0.0 - 0.1)),
        (0.1 - 0.5) + LAMBDA * (0.0 - 0.1),
        0.0 - 0.1,
    ]
    assert advantages(values, 0.0) == pytest.approx(want)


def test_the_token_that_lost_it_is_blamed_most() -> None:
    """State 0 is open, state 1 is lost: the token between them is the mistake."""

    found = [action(float(i % 2)) for i in range(200)]
    looked: list[Looked] = []
    for a in found:  # a right attempt stays in state 0, a wrong one falls at its third token
        state = np.zeros((6, 2), np.float32)
        state[:, 0] = 1
        if not a.advantage:
            state[3:] = [0, 1]
        looked.append(seen(state))
    made = credited(found, [i // 2 for i in range(200)], looked)
    wrong = made[0].advantage
    assert wrong.argmin() == 2
    assert abs(wrong[4]) < abs(wrong[2]) / 2
    assert (made[1].advantage > 0).all()


def test_a_first_turn_is_never_paid_for_its_repair() -> None:
    rng = np.random.default_rng(0)
    found = [action(0.5, judged=False), action(1.0), action(0.0), action(0.0, judged=True)]
    looked = [seen(rng.normal(size=(6, 4)).astype(np.float32)) for _ in found]
    made = credited(found, [0, 1, 2, 3], looked)
    assert (made[0].advantage <= 0).all()
    assert (made[3].advantage >= 0).all()


def test_one_question_teaches_nothing() -> None:
    looked = [seen(np.zeros((6, 2), np.float32))] * 2
    assert credited([action(1.0), action(0.0)], [0, 0], looked) == []


def test_the_learners_hidden_states_are_those_its_tokens_were_chosen_from() -> None:
    shape = Shape(width=16, layers=1, heads=1, kv_heads=1, ffn=16, head_size=16, context=700)
    model = Transformer(shape)
    learner = Learner(model, learning_rate=1e-3, precision=torch.float32, micro_tokens=64)
    found = [action(1.0, 9), action(0.0, 4), action(0.0, 300)]
    for a, looked in zip(found, learner.look(found), strict=True):
        ids = torch.tensor([[*a.segment.prompt, *a.segment.ids]])
        want = model.hidden(ids)[0, 1:-1].detach().numpy()
        assert looked.states.shape == (len(a.segment.ids), 16)
        np.testing.assert_allclose(looked.states, want, rtol=1e-3, atol=1e-4)
        logs = model(ids)[0, 1:-1].log_softmax(-1).detach()
        said = logs.gather(-1, ids[0, 2:, None])[:, 0].numpy()
        np.testing.assert_allclose(looked.logprobs, said, rtol=1e-3, atol=1e-4)
