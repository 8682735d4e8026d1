"""The synchronous face of the engine, for evaluations and reinforcement learning.

engine = Engine.load("weights/secondthought-5m")
rollouts = engine.generate_ids(prompts, seeds=range(len(prompts)), temperature=1.0)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from secondthought.models.base import ModelError
from secondthought.models.engine.checkpoint import Checkpoint, Weights
from secondthought.models.engine.row import Row
from secondthought.models.engine.scheduler import Scheduler
from secondthought.models.engine.session import Session
from secondthought.trace import StopReason


@dataclass(frozen=True, slots=True)
class Rollout:
    """One finished sample, in tokens.

    ids: all generated tokens, </think> and <|end|> included; logprobs: of each, under the
    network's full softmax at temperature 1. ids[:thought_len] is the thought with its
    </think>, the rest the answer. forced: the engine wrote that </think> (at thought_len - 1),
    so it is no action of the network. stop LENGTH: cut off, so no <|end|>.
    """

    ids: list[int]
    logprobs: list[float]
    stop: StopReason
    thought_len: int
    forced: bool

    @property
    def answer_ids(self) -> list[int]:
        return self.ids[self.thought_len :]


class Engine:
    """One checkpoint, loaded and ready. Thread-safe; calls share one batch."""

    def __init__(self, checkpoint: Checkpoint, *, max_rows: int = 128, threads: int = 2) -> None:
        self.config = checkpoint.config
        self.weights_hash = checkpoint.weights_hash
        self.score = checkpoint.score
        session = Session.load(checkpoint, threads=threads)
        self.scheduler = Scheduler(session, max_rows=max_rows)

    @classmethod
    def load(cls, folder: str | Path, *, max_rows: int = 128, threads: int = 2) -> Engine:
        """Raises BadInput for a folder that is no checkpoint."""
        return cls(Checkpoint.read(folder), max_rows=max_rows, threads=threads)

    def generate_ids(
        self,
        prompts: Sequence[Sequence[int]],
        *,
        seeds: Sequence[int] | None = None,
        temperature: float = 0.0,
        top_p: float = 1.0,
        max_thought: int = 1024,
        max_answer: int = 256,
        stop: Sequence[str] = (),
        repetition_guard: bool = True,
        watch: Sequence[Callable[[bytes], bool] | None] = (),
    ) -> list[Rollout]:
        """One rollout a prompt, in order; blocks until all are done.

        seeds: one a prompt (default 0, 1, 2, ...). watch: none, or one a prompt (`Row`). Equal
        prompts that stand side by side are read once. Raises ModelError: "context" when a prompt
        and its limits do not fit.
        """
        seeds = range(len(prompts)) if seeds is None else seeds
        watch = watch or [None] * len(prompts)
        rows = [
            Row(
                prompt=prompt,
                seed=seed,
                temperature=temperature,
                top_p=top_p,
                max_thought=max_thought,
                max_answer=max_answer,
                stop=tuple(s.encode() for s in stop),
                repetition_guard=repetition_guard,
                watch=watched,
            )
            for prompt, seed, watched in zip(prompts, seeds, watch, strict=True)
        ]
        self.scheduler.submit(rows)
        try:
            return [_rollout(row) for row in rows]
        finally:
            self.scheduler.cancel(rows)

    def swap_weights(self, weights: Weights) -> None:
        """Go on with other weights of the same shape (Hugging Face names, float32).

        Waits until no row is live. `weights_hash` still names the folder that was loaded; the
        score was that folder's, and is no more.
        """
        self.score = None
        self.scheduler.swap_weights(weights)

    def close(self) -> None:
        self.scheduler.close()


def _rollout(row: Row) -> Rollout:
    row.done.wait()
    if row.error is not None:
        raise ModelError(f"the engine failed: {row.error}", "server") from row.error
    assert row.why is not None
    return Rollout(row.ids, row.logprobs, row.why, row.thought_len, row.forced)
