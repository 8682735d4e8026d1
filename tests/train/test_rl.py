"""The loss, the advantages, and that an update moves the policy the right way."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from secondthought.messages import Problem
from secondthought.tasks.base import Item
from secondthought.trace import Outcome, StopReason, Verdict
from secondthought.train import rl
from secondthought.train.episodes import Ask, Episode, Group
from secondthought.train.model import Shape, Transformer
from secondthought.train.rollouts import Segment
from tests.train.parity import Parity

ITEM = Item("parity", 1, Problem.ask("even 1"), "b", {})
ASK = Ask(0, Parity(), ITEM)


def segment(length: int = 4, stop: StopReason = StopReason.STOP, judged: bool | None = None):
    ids = [65] * (length - 1) + [257]
    return Segment([261, 65, 257], ids, [-1.0] * length, [True] * length, 0, stop, judged)


def attempt(right: bool, length: int = 4, stop: StopReason = StopReason.STOP) -> Episode:
    return Episode((segment(length, stop),), ("b",), (Verdict.of(right),))


def repaired(first: bool, last: bool) -> Episode:
    turns = (segment(4, judged=first), segment(6))
    return Episode(turns, ("a", "b"), (Verdict.of(first), Verdict.of(last)))


def advantages(*episodes: Episode, penalty: float = 0.0) -> list[float]:
    return [a.advantage for a in rl.actions(Group(ASK, episodes), penalty)]


def test_advantage_is_centred_and_not_scaled() -> None:
    got = advantages(attempt(True), attempt(False), attempt(False), attempt(False))
    assert got == pytest.approx([0.75, -0.25, -0.25, -0.25])


@pytest.mark.parametrize("right", [True, False])
def test_a_group_without_variance_teaches_nothing(right: bool) -> None:
    group = Group(ASK, tuple(attempt(right, length=4 + i) for i in range(4)))
    assert not group.varied
    assert rl.actions(group, 0.1) == []


def test_length_costs_right_answers_only() -> None:
    group = Group(ASK, (attempt(True, 4), attempt(True, 8), attempt(False, 4), attempt(False, 90)))
    # two of four right: half of the penalty for the longest right one, nothing for wrong ones
    assert rl.returns(group, 0.2) == pytest.approx([1.0, 1.0 - 0.2 * 0.5, 0.0, 0.0])
    assert rl.returns(group, 0.0) == [1.0, 1.0, 0.0, 0.0]


def test_a_complaint_does_not_make_an_answer_long() -> None:
    kept = Episode((segment(4, judged=True), segment(4)), ("b", "b"), (Verdict.of(True),) * 2)
    group = Group(ASK, (kept, attempt(True, 4), attempt(True, 6), attempt(False, 4)))
    assert rl.returns(group, 0.2) == pytest.approx([1.0, 1.0, 1.0 - 0.2 * 0.75, 0.0])


def test_cut_off_and_unverified_attempts_are_left_out() -> None:
    error = Episode((segment(),), ("b",), (Verdict(Outcome.CANNOT_TELL, error="boom"),))
    cut = attempt(False, stop=StopReason.LENGTH)
    assert error.value is None
    assert advantages(attempt(True), attempt(False), cut, error) == pytest.approx([0.5, -0.5])


def test_a_repair_pays_its_own_turn_only() -> None:
    # returns: 0.5 for the repaired, 0 for the rest: mean 1/8
    wrong = (attempt(False), attempt(False), attempt(False))
    got = rl.actions(Group(ASK, (repaired(False, True), *wrong)), 0.0)
    assert [(a.segment.judged, a.advantage) for a in got] == [
        (None, pytest.approx(0.375)),  # the second turn; the wrong first one is not encouraged
        *[(None, pytest.approx(-0.125))] * 3,
    ]
    # a right answer given up after a false complaint: only the turn that gave it up is blamed
    got = rl.actions(Group(ASK, (repaired(True, False), attempt(True))), 0.0)
    assert [(a.segment.judged, a.advantage) for a in got] == [(None, -0.5), (None, 0.5)]


def test_an_attempt_may_fill_the_context() -> None:
    """It is padded to 768 tokens, which this network need not hold otherwise."""
    shape = Shape(width=16, layers=1, heads=1, kv_heads=1, ffn=16, head_size=16, context=700)
    learner = rl.Learner(Transformer(shape), learning_rate=1e-3, precision=torch.float32)
    full = Segment([65] * 300, [66] * 400, [-5.0] * 400, [True] * 400, 0, StopReason.STOP)
    assert learner.step([rl.Action(full, 1.0)], 1, 1e-3).finite


def test_token_loss_clips_and_truncates() -> None:
    old = torch.zeros(5, dtype=torch.float64)
    ratio = torch.tensor([1.0, 1.5, 1.1, 0.5, 0.5], dtype=torch.float64)
    sign = torch.tensor([1.0, 1.0, -1.0, 1.0, -1.0], dtype=torch.float64)
    now = ratio.log().requires_grad_()
    loss, clipped, weight = rl.token_loss(now, old, old, sign)
    assert loss.tolist() == pytest.approx([-1.0, -1.28, 1.1, -0.5, 0.8])
    assert clipped.tolist() == [False, True, False, False, True]
    loss.sum().backward()
    assert [g != 0 for g in now.grad.tolist()] == [True, False, True, True, False]
    sampler = torch.tensor([0.0, -0.5, -9.0, 0.5, 0.0], dtype=torch.float64)
    _, _, weight = rl.token_loss(now.detach(), old, sampler, sign)
    assert weight.tolist() == pytest.approx([1.0, math.e**0.5, 2.0, math.e**-0.5, 1.0])


def test_batches_put_everything_at_the_token_it_belongs_to() -> None:
    long = Segment(
        [1, 2, 3], [4, 5, 6], [-0.1, -0.2, -0.3], [True, False, True], 0, StopReason.STOP
    )
    huge = Segment([7] * 600, [8] * 100, [-1.0] * 100, [True] * 100, 0, StopReason.STOP)
    small, large = rl.batches([rl.Action(huge, 2.0), rl.Action(long, -0.5)], 1024)
    assert small.ids.shape == (1, 64)
    assert large.ids.shape == (1, 768)
    assert small.tokens == 6
    at = np.flatnonzero(small.mask[0]).tolist()
    assert at == [2, 4]
    assert small.ids[0, [a + 1 for a in at]].tolist() == [4, 6]
    assert small.logprobs[0, at].tolist() == pytest.approx([-0.1, -0.3])
    assert small.advantages[0].tolist() == [0, 0, -0.5, -0.5, -0.5, *[0] * 58]
    assert int(large.mask.sum()) == 100


def _learner(updates: int = 1, micro: int = 1024) -> rl.Learner:
    torch.manual_seed(0)
    model = Transformer(Shape(width=32, layers=1, heads=2, kv_heads=1, ffn=48, head_size=16))
    return rl.Learner(
        model,
        learning_rate=1e-2,
        precision=torch.float32,
        updates=updates,
        micro_tokens=micro,
    )


def _actions(learner: rl.Learner, n: int = 8) -> list[rl.Action]:
    """Attempts with true log-probs; those that begin with "A" are good."""
    rng = Random(0)
    found: list[rl.Action] = []
    for i in range(n):
        ids = [65 + i % 2, *(rng.randrange(256) for _ in range(3 + i)), 257]
        prompt = [261, 90, 257, 262, 258, 259]
        with torch.no_grad():
            logs = learner.model(torch.tensor([[*prompt, *ids]]))[0].log_softmax(-1)
        logprobs = [float(logs[len(prompt) - 1 + j, t]) for j, t in enumerate(ids)]
        made = Segment(prompt, ids, logprobs, [True] * len(ids), 0, StopReason.STOP)
        found.append(rl.Action(made, 0.5 if i % 2 == 0 else -0.5))
    return found


@pytest.mark.parametrize("updates", [1, 2])
def test_an_update_makes_good_attempts_likelier(updates: int) -> None:
    learner = _learner(updates, micro=256)
    found = _actions(learner)
    done = learner.step(found, len(found), 1e-2)
    assert done.finite
    assert done.gap < 1e-5  # the "sampler" was the same network in the same precision
    assert done.truncated_weights == 0
    assert 0 < done.entropy < math.log(320) + 1e-3
    with torch.no_grad():
        logs = learner.model(torch.tensor([found[0].segment.prompt]))[0, -1].log_softmax(-1)
    good, bad = float(logs[65]), float(logs[66])
    assert good > found[0].segment.logprobs[0]
    assert bad < found[1].segment.logprobs[0]


def test_micro_batches_do_not_change_the_gradient() -> None:
    states = []
    for micro in (64, 4096):
        learner = _learner(micro=micro)
        found = _actions(learner)
        learner.step(found, len(found), 1e-3)
        states.append(learner.model.state_dict())
    for name, value in states[0].items():
        torch.testing.assert_close(value, states[1][name], rtol=0, atol=3e-4)


def test_loss_and_gradient_are_those_of_the_docstring() -> None:
    """An attempt's tokens are added up, not averaged, over a constant that counts all attempts."""
    learner = _learner()
    rng, found = Random(1), list[rl.Action]()
    for action in _actions(learner):
        off = [p + rng.uniform(-1.0, 1.0) for p in action.segment.logprobs]  # another arithmetic
        found.append(rl.Action(replace(action.segment, logprobs=off), rng.uniform(-1, 1)))
    attempts = 20  # twelve more were in groups without variance
    loss = torch.zeros(())
    for action in found:
        segment, start = action.segment, len(action.segment.prompt)
        logs = learner.model(torch.tensor([[*segment.prompt, *segment.ids]]))[0].log_softmax(-1)
        for t, token in enumerate(segment.ids):
            now = logs[start - 1 + t, token]
            weight = (now.detach() - segment.logprobs[t]).exp().clamp(max=2)
            loss = loss - weight * (now - now.detach()).exp() * action.advantage
    loss = loss / (attempts * 256)
    gradients = torch.autograd.grad(loss, list(learner.model.parameters()))
    norm = float(torch.stack([g.norm() for g in gradients]).norm())
    done = learner.step(found, attempts, 1e-3)
    assert done.loss == pytest.approx(float(loss), rel=1e-4)
    assert done.gradient_norm == pytest.approx(norm, rel=1e-4)


def test_the_end_token_is_trained() -> None:
    learner = _learner()
    found = [a for a in _actions(learner) if a.advantage > 0]
    last = found[0].segment
    before = last.logprobs[-1]
    learner.step(found, len(found), 1e-2)
    with torch.no_grad():
        logs = learner.model(torch.tensor([[*last.prompt, *last.ids]]))[0, -2].log_softmax(-1)
    assert float(logs[257]) > before + 0.01


@pytest.mark.parametrize("updates", [1, 2])
def test_numbers_that_are_not_finite_change_nothing(updates: int) -> None:
    """Neither do the parts of the same update that came before them."""
    learner, twin = _learner(updates, micro=256), _learner(updates, micro=256)
    found = _actions(learner)
    poisoned = rl.Action(found[-1].segment, math.nan)  # a long one: it is in the last batch
    assert not learner.step([*found[:-1], poisoned], 8, 1e-2).finite
    for name, value in learner.model.state_dict().items():
        assert torch.equal(value, twin.model.state_dict()[name]), name
    assert learner.step(found, 8, 1e-2).finite
    twin.step(found, 8, 1e-2)  # of the optimiser nothing is left either
    for name, value in learner.model.state_dict().items():
        assert torch.equal(value, twin.model.state_dict()[name]), name
