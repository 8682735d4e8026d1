"""A sampler on torch with a static key/value cache, for rollouts on a GPU.

All rows of a call decode side by side; when half of them have ended, the rest move together
into a batch of half the size. The limits of a row and the noise are those of the engine
(`models/engine/scheduler.py`, `sampling.py`), so both samplers draw the same tokens from the
same seed, up to rounding.

Shapes in names: B rows, T tokens, V vocabulary, K key/value heads, E head size, W cache window.
"""

# torch types some functions only in part
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from secondthought.models.base import ModelError
from secondthought.models.engine.engine import Rollout
from secondthought.models.engine.row import GUARD_EVERY, NEWLINE, circles
from secondthought.models.engine.tokenizer import END, PAD, THINK, UNTHINK, VOCAB
from secondthought.trace import StopReason
from secondthought.train.model import Block, Transformer, from_hf, rotate

WINDOW = 128
"""The cache is read in windows of this many tokens, so that short rows do not pay for long ones."""
_THOUGHT, _FIRST, _ANSWER, _DONE = 0, 1, 2, 3


class TorchSampler:
    """Samples from a copy of the network on `device`, in `dtype` (log-probs in float32)."""

    def __init__(
        self,
        model: Transformer,
        *,
        device: str = "cuda",
        dtype: torch.dtype = torch.float32,
        max_rows: int = 512,
    ) -> None:
        self.model = Transformer(model.shape).to(device=device, dtype=dtype)
        self.model.load_state_dict(model.state_dict())
        self.device, self.max_rows = torch.device(device), max_rows
        masks = torch.full((3, VOCAB), float("-inf"), device=self.device)
        masks[:, :256] = 0
        masks[_THOUGHT, UNTHINK] = masks[_ANSWER, END] = 0
        self._masks = masks

    def load(self, weights: dict[str, Tensor]) -> None:
        self.model.load_state_dict(from_hf(weights, self.model.shape))

    def close(self) -> None: ...

    @torch.no_grad()
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
        """One completion a prompt, in order. Raises ModelError "context" for a prompt that does
        not fit with its limits, as the engine does."""
        watch = watch or [None] * len(prompts)
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        found: dict[int, Rollout] = {}
        for start in range(0, len(order), self.max_rows):
            rows = order[start : start + self.max_rows]
            made = self._batch(
                [prompts[i] for i in rows],
                [seeds[i] for i in rows],
                [watch[i] for i in rows],
                temperature,
                max_thought,
                max_answer,
            )
            found.update(zip(rows, made, strict=True))
        return [found[i] for i in range(len(prompts))]

    def _batch(
        self,
        prompts: Sequence[Sequence[int]],
        seeds: Sequence[int],
        watch: Sequence[Callable[[bytes], bool] | None],
        temperature: float,
        max_thought: int,
        max_answer: int,
    ) -> list[Rollout]:
        rows = [
            _Row(prompt, max_thought, max_answer, watched)
            for prompt, watched in zip(prompts, watch, strict=True)
        ]
        room = max(len(p) + row.needs for p, row in zip(prompts, rows, strict=True))
        if room > self.model.shape.context:
            raise ModelError(
                f"prompt + thought + answer may take {room} tokens; this model holds "
                f"{self.model.shape.context}",
                "context",
            )
        cache = _Cache(self.model, len(rows), room, self.device)
        lengths = torch.tensor([len(p) for p in prompts], device=self.device)
        seeds_B = torch.tensor([_signed(s) for s in seeds], device=self.device)
        logits = self._prefill(prompts, lengths, cache)
        live = list(range(len(rows)))
        while True:
            states = torch.tensor([min(rows[i].state, _ANSWER) for i in live], device=self.device)
            scores = logits + self._masks[states]
            if temperature:
                scores += temperature * gumbel(seeds_B, lengths, VOCAB)
            chosen = scores.argmax(1).cpu().numpy()
            for slot, i in enumerate(live):
                if rows[i].closing is not None and rows[i].state == _THOUGHT:
                    if chosen[slot] == UNTHINK:  # it ended by itself just in time
                        rows[i].closing = None
                    chosen[slot] = UNTHINK
            tokens = torch.from_numpy(chosen).to(self.device)
            picked = logits.log_softmax(1).gather(1, tokens[:, None])[:, 0]
            logprobs = cast(list[float], picked.tolist())
            for i, token, logprob in zip(live, chosen.tolist(), logprobs, strict=True):
                if rows[i].state != _DONE:
                    rows[i].take(token, logprob)
            running = [slot for slot, i in enumerate(live) if rows[i].state != _DONE]
            if not running:
                return [row.rollout() for row in rows]
            if 2 * len(running) <= len(live):
                kept = torch.tensor(running, device=self.device)
                cache.keep(kept)
                lengths, seeds_B, tokens = lengths[kept], seeds_B[kept], tokens[kept]
                live = [live[slot] for slot in running]
            logits = self._decode(tokens, lengths, cache)
            lengths += 1
            # rows that have ended are fed along until the next move; they must not run over
            lengths.clamp_(max=room - 1)

    def _prefill(self, prompts: Sequence[Sequence[int]], lengths: Tensor, cache: _Cache) -> Tensor:
        """Read right-padded prompts; float32 logits_BV after each one's last token."""
        B, T = len(prompts), int(lengths.max())
        ids = torch.full((B, T), PAD, device=self.device)
        for row, prompt in enumerate(prompts):
            ids[row, : len(prompt)] = torch.tensor(prompt, device=self.device)
        mask = torch.ones(T, T, dtype=torch.bool, device=self.device).tril()[None, None]
        positions = torch.arange(T, device=self.device).expand(B, T)
        return self._forward(ids, positions, mask, cache, T)[
            torch.arange(B, device=self.device), lengths - 1
        ].float()

    def _decode(self, tokens: Tensor, lengths: Tensor, cache: _Cache) -> Tensor:
        """One token for every row, which holds lengths_B tokens so far; float32 logits_BV."""
        used = int(lengths.max()) + 1
        window = min(cache.room, -(-used // WINDOW) * WINDOW)
        seen = torch.arange(window, device=self.device) <= lengths[:, None]
        hidden = self._forward(
            tokens[:, None], lengths[:, None], seen[:, None, None], cache, window
        )
        return hidden[:, 0].float()

    def _forward(
        self, ids_BT: Tensor, positions_BT: Tensor, mask: Tensor, cache: _Cache, window: int
    ) -> Tensor:
        model = self.model
        x = model.embed(ids_BT)
        cos = model.cos[:, 0][positions_BT][:, :, None].to(x.dtype)
        sin = model.sin[:, 0][positions_BT][:, :, None].to(x.dtype)
        for layer, module in enumerate(model.blocks):
            block = cast(Block, module)
            B, T, _ = x.shape
            qkv = block.qkv(block.norm1(x)).view(B, T, -1, block.head_size)
            q, k, v = qkv.split([block.heads, block.kv_heads, block.kv_heads], dim=2)
            q = rotate(block.q_norm(q), cos, sin).transpose(1, 2)
            k = rotate(block.k_norm(k), cos, sin)
            keys, values = cache.write(layer, positions_BT, k, v, window)
            y = F.scaled_dot_product_attention(q, keys, values, attn_mask=mask, enable_gqa=True)
            x = x + block.o(y.transpose(1, 2).reshape(B, T, -1))
            gate, up = block.gate_up(block.norm2(x)).chunk(2, dim=-1)
            x = x + block.down(F.silu(gate) * up)
        return F.linear(model.norm(x), model.embed.weight)


class _Cache:
    """Keys and values [layers, B, room, K, E], written at a row's own position."""

    def __init__(self, model: Transformer, rows: int, room: int, device: torch.device) -> None:
        s = model.shape
        size = (s.layers, rows, room, s.kv_heads, s.head_size)
        self.keys = torch.zeros(size, device=device, dtype=model.embed.weight.dtype)
        self.values = torch.zeros_like(self.keys)
        self.room = room

    def write(
        self, layer: int, positions_BT: Tensor, k_BTKE: Tensor, v_BTKE: Tensor, window: int
    ) -> tuple[Tensor, Tensor]:
        """Store new entries; returns the layer's first `window` entries, each BKWE."""
        rows = torch.arange(len(positions_BT), device=positions_BT.device)[:, None]
        self.keys[layer][rows, positions_BT] = k_BTKE
        self.values[layer][rows, positions_BT] = v_BTKE
        return (
            self.keys[layer, :, :window].transpose(1, 2),
            self.values[layer, :, :window].transpose(1, 2),
        )

    def keep(self, rows: Tensor) -> None:
        self.keys, self.values = self.keys[:, rows], self.values[:, rows]


class _Row:
    """One sample under the engine's limits; the rules of `Scheduler._take`."""

    def __init__(
        self,
        prompt: Sequence[int],
        max_thought: int,
        max_answer: int,
        watch: Callable[[bytes], bool] | None = None,
    ) -> None:
        self.watch = watch
        marks = (i for i in reversed(prompt) if i in (THINK, UNTHINK))
        self.state = _THOUGHT if next(marks, None) == THINK else _FIRST
        self.max_thought, self.max_answer = max_thought, max_answer
        self.ids: list[int] = []
        self.logprobs: list[float] = []
        self.thought_len = 0
        self.forced = False
        self.why = StopReason.STOP
        self.closing: StopReason | None = None
        if self.state == _THOUGHT and max_thought <= 1:
            self.closing = StopReason.THOUGHT_CAP

    @property
    def needs(self) -> int:
        """Tokens that may follow the prompt."""
        return (max(1, self.max_thought) if self.state == _THOUGHT else 0) + self.max_answer

    def take(self, token: int, logprob: float) -> None:
        self.ids.append(token)
        self.logprobs.append(logprob)
        count = len(self.ids)
        if self.state == _THOUGHT:
            if token == UNTHINK:
                self.state, self.thought_len = _FIRST, count
                self.forced = self.closing is not None
            elif count >= self.max_thought - 1:
                self.closing = StopReason.THOUGHT_CAP
            elif count % GUARD_EVERY == 0 and circles(bytes(self.ids[-256:])):
                self.closing = StopReason.REPETITION
            if self.watch is not None and token == NEWLINE and self.watch(bytes(self.ids)):
                self.state, self.why, self.thought_len = _DONE, StopReason.CANCELLED, count
            return
        self.state = _ANSWER
        if token == END:
            self.state, self.why = _DONE, self.closing or StopReason.STOP
        elif count - self.thought_len >= self.max_answer:
            self.state, self.why = _DONE, StopReason.LENGTH

    def rollout(self) -> Rollout:
        return Rollout(self.ids, self.logprobs, self.why, self.thought_len, self.forced)


# --- the engine's noise, in torch's signed integers ---------------------------------------------


def _signed(seed: int) -> int:
    """The low 64 bits as a signed integer: torch multiplies those with the same wrap-around."""
    low = seed & 0xFFFFFFFFFFFFFFFF
    return low - (1 << 64) if low >> 63 else low


_STEP = _signed(0x9E3779B97F4A7C15)
_MIX1 = _signed(0xBF58476D1CE4E5B9)
_MIX2 = _signed(0x94D049BB133111EB)


def _shift(x: Tensor, bits: int) -> Tensor:
    """A logical shift to the right: torch's keeps the sign."""
    return (x >> bits) & ((1 << (64 - bits)) - 1)


def _mix(x: Tensor) -> Tensor:
    x = (x ^ _shift(x, 30)) * _MIX1
    x = (x ^ _shift(x, 27)) * _MIX2
    return x ^ _shift(x, 31)


def gumbel(seeds_B: Tensor, positions_B: Tensor, vocab: int) -> Tensor:
    """`sampling.gumbel` on any device: the same numbers from the same seeds."""
    key = _mix(_mix(seeds_B + _STEP) + positions_B * _STEP)
    ids: NDArray[np.int64] = np.arange(1, vocab + 1, dtype=np.int64)
    bits = _mix(key[:, None] + torch.from_numpy(ids).to(seeds_B.device) * _STEP)
    uniform = (_shift(bits, 41).float() + 0.5) * 2.0**-23
    return -(-uniform.log()).log()
