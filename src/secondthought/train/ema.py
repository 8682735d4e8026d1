"""The average of the weights over the last steps: what is measured and shipped.

A step's weights hold the noise of that step; their average holds less of it, at the price of
lagging behind (Polyak and Juditsky 1992; for reinforcement learning of language models Ramé et al.
2024, arXiv 2406.16768).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn


class Ema:
    """Exponential average of the weights, with the usual start-up correction."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.average = {k: v.detach().clone() for k, v in model.state_dict().items()}

    def restore(self, average: Mapping[str, Tensor]) -> None:
        """Take up a saved average, of the same network on whatever device."""
        for name, value in self.average.items():
            value.copy_(average[name])

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, value in model.state_dict().items():
            self.average[name].lerp_(value, 1 - decay)
