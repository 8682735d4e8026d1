"""The loss of reinforcement learning on verified answers, and one update.

GRPO (Shao et al., 2024) with the repairs that later work found:
- advantage = return - mean of its group, not divided by the standard deviation, and a constant
  normaliser instead of each answer's length (Dr. GRPO, Liu et al., 2025); or token by token, by a
  critic (`credit`);
- an upper clip wider than the lower one (DAPO, Yu et al., 2025), against loss of entropy;
- truncated importance correction for the difference between the sampler's and the trainer's
  arithmetic (Yao et al., 2025): each token is weighed by min(p_trainer / p_sampler, 2);
- a penalty on length for right answers only, in proportion to how often the group was right:
  a penalty on wrong ones teaches to fail fast. (A group that is always right has no variance and
  is left out: there the length is not trained.)

For the token at t of attempt i, with r = p_now / p_old, both by the trainer:

    loss = - sum_i,t  tis_it * min(r_it A_i, clip(r_it, 1 - 0.2, 1 + 0.28) A_i) / (attempts * 256)

Shapes in names: B rows, T tokens, V vocabulary.
"""

# torch types some functions only in part
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
from __future__ import annotations

import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from secondthought.models.engine.tokenizer import PAD
from secondthought.train.batches import LENGTHS
from secondthought.train.episodes import Group
from secondthought.train.model import Transformer
from secondthought.train.precision import autocast, fast_precision
from secondthought.train.rollouts import Segment

CLIP_LOW, CLIP_HIGH = 0.2, 0.28
TRUNCATE_AT = 2.0
"""Largest importance weight of a token."""
TYPICAL_TOKENS = 256
"""The constant normaliser; a typical length keeps the size of the gradient readable."""
MAX_NORM = 1.0


@dataclass(frozen=True, slots=True)
class Action:
    """A segment and the advantage of its episode, or of each of the segment's tokens. old: the
    trainer's log-probs of these before the step, where they are known."""

    segment: Segment
    advantage: float | NDArray[np.float32]
    old: NDArray[np.float32] | None = None


def returns(group: Group, length_penalty: float) -> list[float | None]:
    """Each attempt's return after the length penalty; None where it cannot be known.

    A right first answer loses up to `length_penalty` (well below 1), in proportion to its
    completion's length between the shortest and longest right one and to the group's pass rate.
    Of an attempt with two turns it is their mean: that there was a complaint is not its doing.
    """
    values = [e.value for e in group.episodes]
    right = [i for i, e in enumerate(group.episodes) if e.right and values[i] == 1.0]
    known = sum(v is not None for v in values)
    if not right or not length_penalty:
        return values
    turns = {i: group.episodes[i].segments for i in right}
    lengths = {i: sum(len(s.ids) for s in found) / len(found) for i, found in turns.items()}
    shortest, longest = min(lengths.values()), max(lengths.values())
    for i in right if longest > shortest else ():
        share = (lengths[i] - shortest) / (longest - shortest)
        values[i] = 1.0 - length_penalty * share * len(right) / known
    return values


def actions(group: Group, length_penalty: float) -> list[Action]:
    """The segments of a group that carry loss, with their advantages; none without variance.

    An earlier turn shares the episode's return, but a wrong one is never encouraged by its
    repair and a right one never blamed for what came after.
    """
    if not group.varied:
        return []
    values = returns(group, length_penalty)
    known = [v for v in values if v is not None]
    mean = sum(known) / len(known)
    found: list[Action] = []
    for episode, value in zip(group.episodes, values, strict=True):
        if value is None:
            continue
        for segment in episode.segments:
            advantage = value - mean
            if segment.judged is not None:
                advantage = max(advantage, 0.0) if segment.judged else min(advantage, 0.0)
            if advantage and any(segment.mask):
                found.append(Action(segment, advantage))
    return found


def attempts(group: Group, length_penalty: float) -> list[Action]:
    """The segments of a group that may carry loss, each with its episode's return in place of an
    advantage: what `credit.credited` begins from."""
    pairs = zip(group.episodes, returns(group, length_penalty), strict=True)
    return [
        Action(segment, value)
        for episode, value in pairs
        for segment in episode.segments
        if value is not None and any(segment.mask)
    ]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one padded length. ids [B, T] int64; the others [B, T - 1], at the position that
    predicts the token: mask, the sampler's log-probs, advantages, the trainer's log-probs before
    the step (None where not all are known). tokens: unpadded."""

    ids: NDArray[np.int64]
    mask: NDArray[np.bool_]
    logprobs: NDArray[np.float32]
    advantages: NDArray[np.float32]
    old: NDArray[np.float32] | None
    tokens: int


def batches(found: Sequence[Action], micro_tokens: int) -> list[Batch]:
    """Actions sorted by length, in batches of about `micro_tokens` padded tokens."""
    return [_batch([found[i] for i in rows]) for rows in _together(found, micro_tokens)]


def _together(found: Sequence[Action], micro_tokens: int) -> list[list[int]]:
    """Which actions make a batch, by their places; the last of each is its longest."""
    made: list[list[int]] = [[]]
    for i in sorted(range(len(found)), key=lambda i: _length(found[i])):
        if made[-1] and _padded(_length(found[i])) * (len(made[-1]) + 1) > micro_tokens:
            made.append([])
        made[-1].append(i)
    return made if found else []


def _length(action: Action) -> int:
    return len(action.segment.prompt) + len(action.segment.ids)


def _padded(n: int) -> int:
    """The next of the few lengths that batches have."""
    return next((length for length in LENGTHS if length >= n), -(-n // 512) * 512)


def _batch(row: Sequence[Action]) -> Batch:
    """The last one is the longest."""
    length = _padded(_length(row[-1]))
    size = (len(row), length - 1)
    ids = np.full((len(row), length), PAD, dtype=np.int64)
    mask = np.zeros(size, dtype=np.bool_)
    logprobs = np.zeros(size, dtype=np.float32)
    advantages = np.zeros(size, dtype=np.float32)
    old = None if any(a.old is None for a in row) else np.zeros(size, dtype=np.float32)
    tokens = 0
    for r, action in enumerate(row):
        segment = action.segment
        start, end = len(segment.prompt), len(segment.prompt) + len(segment.ids)
        ids[r, :start] = segment.prompt
        ids[r, start:end] = segment.ids
        mask[r, start - 1 : end - 1] = segment.mask
        logprobs[r, start - 1 : end - 1] = segment.logprobs
        advantages[r, start - 1 : end - 1] = action.advantage
        if old is not None and action.old is not None:
            old[r, start - 1 : end - 1] = action.old
        tokens += end
    return Batch(ids, mask, logprobs, advantages, old, tokens)


@dataclass(frozen=True, slots=True)
class Looked:
    """Of a segment: the last hidden states [tokens, width] from which its tokens were chosen, and
    the tokens' log-probs."""

    states: NDArray[np.float32]
    logprobs: NDArray[np.float32]


@dataclass(slots=True)
class Update:
    """What an update did, as means over its action tokens (the gap: nats, absolute; gap_max: its
    largest, at one token)."""

    loss: float = 0.0
    entropy: float = 0.0
    gap: float = 0.0
    gap_max: float = 0.0
    truncated_weights: float = 0.0
    clipped: float = 0.0
    gradient_norm: float = 0.0
    tokens: int = 0
    finite: bool = True


class Learner:
    """The policy, its optimiser and the update. updates: optimiser steps on one set of rollouts,
    each on its part of them; for all parts but the first, the log-probs before the first are
    computed for the ratio."""

    def __init__(
        self,
        model: Transformer,
        *,
        learning_rate: float,
        precision: torch.dtype | None = None,
        updates: int = 1,
        micro_tokens: int = 16_384,
    ) -> None:
        self.model = model
        self.learning_rate = learning_rate
        self.optimiser = torch.optim.AdamW(
            model.parameters(), lr=learning_rate, betas=(0.9, 0.95), weight_decay=0.0
        )
        self.device = next(model.parameters()).device
        self.precision = precision or fast_precision(self.device)
        self.updates, self.micro_tokens = updates, micro_tokens

    def step(self, found: Sequence[Action], attempts: int, rate: float) -> Update:
        """Learn from all actions of `attempts` attempts at learning rate `rate`.

        A part whose loss or gradient is not finite ends the update, and what earlier parts have
        changed is taken back; `Update.finite` is false.
        """
        made = batches(found, self.micro_tokens)
        if not made:
            return Update()
        parts = min(self.updates, len(made))
        # the first part is learned from before anything has changed: its own are the old ones
        old = [self._before(b) if i % parts else None for i, b in enumerate(made)]
        total = Update(tokens=sum(b.tokens for b in made))
        counted = sum(int(b.mask.sum()) for b in made)
        state = self.model.state_dict(), self.optimiser.state_dict()
        before = deepcopy(state) if parts > 1 else state
        for part in range(parts):
            # every part has short and long rows: batches are sorted by length
            chosen = range(part, len(made), parts)
            share = attempts * sum(made[i].mask.sum() for i in chosen) / counted
            self.optimiser.zero_grad(set_to_none=True)
            for i in chosen:
                self._accumulate(made[i], old[i], share * TYPICAL_TOKENS, counted, total)
            norm = float(nn.utils.clip_grad_norm_(self.model.parameters(), MAX_NORM))
            if not (math.isfinite(norm) and math.isfinite(total.loss)):
                self.optimiser.zero_grad(set_to_none=True)
                if part:
                    self.model.load_state_dict(before[0])
                    self.optimiser.load_state_dict(before[1])
                total.finite = False
                return total
            for group in self.optimiser.param_groups:
                group["lr"] = rate
            self.optimiser.step()
            total.gradient_norm += norm / parts
        self.optimiser.zero_grad(set_to_none=True)
        return total

    def _accumulate(
        self, batch: Batch, old: Tensor | None, normaliser: float, counted: int, total: Update
    ) -> None:
        """Gradients of one batch, and its part of the means."""
        now, entropy = self._evaluate(batch)
        mask = self._tensor(batch.mask)
        sampler = self._tensor(batch.logprobs)
        loss, clipped, weight = token_loss(
            now, now.detach() if old is None else old, sampler, self._tensor(batch.advantages)
        )
        loss = (loss * mask).sum() / normaliser
        loss.backward()
        with torch.no_grad():
            first = now if old is None else old
            gap = (first - sampler).abs()
            sums = torch.stack(
                [
                    (value.float() * mask).sum()
                    for value in (entropy, gap, weight >= TRUNCATE_AT, clipped)
                ]
            ).cpu()
            worst = float((gap * mask).max())
        total.loss += float(loss.detach())
        total.entropy += float(sums[0]) / counted
        total.gap += float(sums[1]) / counted
        total.gap_max = max(total.gap_max, worst)
        total.truncated_weights += float(sums[2]) / counted
        total.clipped += float(sums[3]) / counted

    def _evaluate(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Log-probs of the next ids, and the entropy there, [B, T - 1]; the latter detached."""
        ids = self._tensor(batch.ids)
        with autocast(self.device, self.precision):
            logits = self.model(ids)[:, :-1]
        logs = logits.float().log_softmax(-1)
        with torch.no_grad():
            entropy = -(logs.exp() * logs).sum(-1)
        return logs.gather(-1, ids[:, 1:, None])[..., 0], entropy

    @torch.no_grad()
    def look(self, found: Sequence[Action]) -> list[Looked]:
        """What the network says of each action as it is now."""
        made: dict[int, Looked] = {}
        for rows in _together(found, self.micro_tokens):
            batch = _batch([found[i] for i in rows])
            with autocast(self.device, self.precision):
                ids = self._tensor(batch.ids)
                hidden = self.model.hidden(ids)
                logits = self.model.predict(hidden)[:, :-1]
            logs = logits.float().log_softmax(-1).gather(-1, ids[:, 1:, None])[..., 0]
            pairs = zip(hidden.float().cpu().numpy(), logs.cpu().numpy(), strict=True)
            for i, (states, logprobs) in zip(rows, pairs, strict=True):
                start = len(found[i].segment.prompt) - 1
                part = slice(start, start + len(found[i].segment.ids))
                made[i] = Looked(states[part].copy(), logprobs[part].copy())
        return [made[i] for i in range(len(found))]

    @torch.no_grad()
    def _before(self, batch: Batch) -> Tensor:
        return self._evaluate(batch)[0] if batch.old is None else self._tensor(batch.old)

    def _tensor(self, array: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(array).to(self.device)


def token_loss(
    now: Tensor, old: Tensor, sampler: Tensor, advantages: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Loss of each token, whether the clip took its gradient, and its importance weight.

    now, old: log-probs by the trainer, now and before the first update on these rollouts;
    sampler: those of the sampler. All of one shape.
    """
    weight = (old - sampler).exp().clamp(max=TRUNCATE_AT).detach()
    ratio = (now - old).exp()
    bounded = ratio.clamp(1 - CLIP_LOW, 1 + CLIP_HIGH)
    plain, cautious = ratio * advantages, bounded * advantages
    return -weight * torch.minimum(plain, cautious), cautious < plain, weight
