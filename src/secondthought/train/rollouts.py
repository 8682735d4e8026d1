"""Rollouts: what a sampler gives to reinforcement learning, and the sampler on ONNX Runtime.

A sampler draws completions from the policy at temperature 1 and tells the log-probability that
it itself gave to each token. Prompt and completion ids are kept as they were; nothing is ever
decoded and encoded again on the way to the loss.

Two samplers: `EngineSampler` (this file; the engine that also serves, on a CPU) and
`torch_sampler.TorchSampler` (a static key/value cache, for CUDA). Both draw the same noise, so
the same seed gives the same tokens up to rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from secondthought.models.engine.engine import Engine, Rollout
from secondthought.trace import StopReason

if TYPE_CHECKING:
    from torch import Tensor

CLOSED = (StopReason.THOUGHT_CAP, StopReason.REPETITION)
"""Stop reasons of a thought that was closed by force and answered."""


class Sampler(Protocol):
    """What reinforcement learning needs of an engine."""

    def load(self, weights: dict[str, Tensor]) -> None:
        """Sample from these weights (Hugging Face names, float32) from now on."""
        ...

    def generate(
        self,
        prompts: Sequence[Sequence[int]],
        seeds: Sequence[int],
        *,
        temperature: float = 1.0,
        max_thought: int = 1024,
        max_answer: int = 256,
        watch: Sequence[Callable[[bytes], bool] | None] = (),
    ) -> list[Rollout]:
        """One completion a prompt, in order; the same seed gives the same completion. watch: none,
        or one a prompt: told the thought so far at its line ends, it may end it (CANCELLED)."""
        ...

    def close(self) -> None: ...


class EngineSampler:
    """The engine that serves, with the weights of the moment; `folder` gives its shape."""

    def __init__(self, folder: str | Path, *, max_rows: int = 128, threads: int = 2) -> None:
        self._engine = Engine.load(folder, max_rows=max_rows, threads=threads)

    def load(self, weights: dict[str, Tensor]) -> None:
        from secondthought.train.export import as_numpy

        # copies: the engine reads this memory while the trainer already changes its own
        self._engine.swap_weights({k: v.copy() for k, v in as_numpy(weights).items()})

    def generate(
        self,
        prompts: Sequence[Sequence[int]],
        seeds: Sequence[int],
        *,
        temperature: float = 1.0,
        max_thought: int = 1024,
        max_answer: int = 256,
        watch: Sequence[Callable[[bytes], bool] | None] = (),
    ) -> list[Rollout]:
        return self._engine.generate_ids(
            prompts,
            seeds=seeds,
            temperature=temperature,
            max_thought=max_thought,
            max_answer=max_answer,
            watch=watch,
        )

    def close(self) -> None:
        self._engine.close()


@dataclass(frozen=True, slots=True)
class Segment:
    """One turn of an episode, in tokens: what the network saw and what it did.

    prompt, ids: token ids; logprobs: the sampler's, one for each of `ids`, under the full
    softmax at temperature 1. mask: which of `ids` are actions that carry loss. judged: of a turn
    that was followed by another: whether its own answer was right.
    """

    prompt: Sequence[int]
    ids: list[int]
    logprobs: list[float]
    mask: list[bool]
    thought_len: int
    stop: StopReason
    judged: bool | None = None

    @classmethod
    def of(cls, prompt: Sequence[int], rollout: Rollout, *, judged: bool | None = None) -> Segment:
        return cls(
            prompt,
            rollout.ids,
            rollout.logprobs,
            loss_mask(rollout),
            rollout.thought_len,
            rollout.stop,
            judged,
        )


def loss_mask(rollout: Rollout) -> list[bool]:
    """Which tokens of a completion carry loss.

    - Cut off in its answer: none; nobody knows what it would have become.
    - A thought closed at its cap or because it went in circles: all but the closing token, which
      the engine wrote. Not to come to an end is the policy's own doing. Were the thought left
      out, as DAPO leaves out what is cut off, what is wrong would cost and what never ends would
      not: in 32 steps on Countdown the thoughts at the cap went from 26 to 45 %.
    - Ended at a step that is wrong (`refuted`): all.
    - Else all, <|end|> included: without it a policy never learns to stop.
    """
    n = len(rollout.ids)
    if rollout.stop not in (StopReason.STOP, StopReason.CANCELLED, *CLOSED):
        return [False] * n
    mask = [True] * n
    if rollout.forced:
        mask[rollout.thought_len - 1] = False
    return mask
