"""The small Qwen3-shaped transformer, written for training speed.

The same function as transformers' `Qwen3ForCausalLM` (a test compares them), but query, key and
value are one matrix product, as are gate and up, and attention over short rows is two plain
products: about 1.3 times as fast on a CPU. `to_hf` and `from_hf` translate the weights.

Shapes in names: B rows, T tokens a row, D width, H query heads, K key/value heads, E head size.
"""

# torch types some functions only in part
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from secondthought.models.engine.tokenizer import VOCAB
from secondthought.train.export import qwen3_config

IGNORE = -100
"""Target of a position without loss."""
PLAIN_ATTENTION = 768
"""Rows up to this length attend by plain matrix products on a CPU; above it, they take too much
memory and the fused kernel wins."""
QUERY_BLOCK = 128
"""Queries of one plain product. It meets only the keys up to its own end, so that half of the
causal square is never computed: about 1.2 times as fast a step at 256 to 640 tokens a row."""


@dataclass(frozen=True, slots=True)
class Shape:
    width: int
    layers: int
    heads: int
    kv_heads: int
    ffn: int
    head_size: int = 64
    vocab: int = VOCAB
    context: int = 4096
    rope_theta: float = 10000.0

    def hf_config(self) -> dict[str, Any]:
        """The config.json of a `Qwen3ForCausalLM` of this shape."""
        return qwen3_config(
            hidden=self.width,
            layers=self.layers,
            heads=self.heads,
            kv_heads=self.kv_heads,
            head_dim=self.head_size,
            ffn=self.ffn,
            context=self.context,
            rope_theta=self.rope_theta,
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


SHAPES = {
    "1m": Shape(width=128, layers=6, heads=4, kv_heads=2, ffn=352, head_size=32),
    "5m": Shape(width=256, layers=6, heads=4, kv_heads=2, ffn=704),
    "12m": Shape(width=384, layers=8, heads=6, kv_heads=2, ffn=1056),
}
"""The one dial of cold start. The smallest is for one task, to try things out."""


class RMSNorm(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        x32 = x.float()
        scale = torch.rsqrt(x32.pow(2).mean(-1, keepdim=True) + 1e-6)
        return (x32 * scale).to(x.dtype) * self.weight.to(x.dtype)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)


class Block(nn.Module):
    def __init__(self, s: Shape) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_size = s.heads, s.kv_heads, s.head_size
        self.norm1, self.norm2 = RMSNorm(s.width), RMSNorm(s.width)
        self.q_norm, self.k_norm = RMSNorm(s.head_size), RMSNorm(s.head_size)
        self.qkv = nn.Linear(s.width, (s.heads + 2 * s.kv_heads) * s.head_size, bias=False)
        self.o = nn.Linear(s.heads * s.head_size, s.width, bias=False)
        self.gate_up = nn.Linear(s.width, 2 * s.ffn, bias=False)
        self.down = nn.Linear(s.ffn, s.width, bias=False)

    def forward(self, x_BTD: Tensor, cos: Tensor, sin: Tensor, mask_TT: Tensor) -> Tensor:
        B, T, _ = x_BTD.shape
        qkv = self.qkv(self.norm1(x_BTD)).view(B, T, -1, self.head_size)
        q, k, v = qkv.split([self.heads, self.kv_heads, self.kv_heads], dim=2)
        q = rotate(self.q_norm(q), cos, sin).transpose(1, 2)
        k = rotate(self.k_norm(k), cos, sin).transpose(1, 2)
        v = v.transpose(1, 2)
        if x_BTD.is_cuda or T > PLAIN_ATTENTION:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        else:
            y = self.plain_attention(q, k, v, mask_TT)
        x_BTD = x_BTD + self.o(y.transpose(1, 2).reshape(B, T, -1))
        gate, up = self.gate_up(self.norm2(x_BTD)).chunk(2, dim=-1)
        return x_BTD + self.down(F.silu(gate) * up)

    def plain_attention(self, q: Tensor, k: Tensor, v: Tensor, mask_TT: Tensor) -> Tensor:
        """Causal attention of q (B, H, T, E) to k, v (B, K, T, E): (B, H, T, E)."""
        B, H, T, E = q.shape
        group = H // self.kv_heads
        q = (q * E**-0.5).view(B, self.kv_heads, group, T, E)
        blocks: list[Tensor] = []
        for start in range(0, T, QUERY_BLOCK):
            end = min(T, start + QUERY_BLOCK)
            rows = group * (end - start)
            queries = q[:, :, :, start:end].reshape(B, self.kv_heads, rows, E)
            scores = (queries @ k[:, :, :end].transpose(-1, -2)).float()
            scores = scores.view(B, self.kv_heads, group, end - start, end)
            scores = scores.masked_fill(mask_TT[start:end, :end], float("-inf"))
            weights = scores.softmax(-1).to(v.dtype).view(B, self.kv_heads, rows, end)
            blocks.append((weights @ v[:, :, :end]).view(B, H, end - start, E))
        return torch.cat(blocks, dim=2)


def run_block(block: Block, x: Tensor, cos: Tensor, sin: Tensor, mask_TT: Tensor) -> Tensor:
    """One block called; compiled, it serves all of them."""
    return block(x, cos, sin, mask_TT)


RunBlock = Callable[[Block, Tensor, Tensor, Tensor, Tensor], Tensor]


class Transformer(nn.Module):
    """forward(ids_BT) -> logits_BTV in the autocast type. run: `run_block`, or it compiled."""

    cos: Tensor
    sin: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Embedding(shape.vocab, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = RMSNorm(shape.width)
        half = torch.arange(0, shape.head_size, 2, dtype=torch.float32) / shape.head_size
        # rows are padded, at most to the next 512 tokens: also those that fill the context
        longest = -(-shape.context // 512) * 512
        angles = torch.arange(longest)[:, None] * shape.rope_theta**-half
        self.register_buffer("cos", angles.cos()[:, None], persistent=False)
        self.register_buffer("sin", angles.sin()[:, None], persistent=False)
        self.apply(self._init)
        for block in self.blocks:  # residual branches start small (GPT-2)
            for name in ("o", "down"):
                nn.init.normal_(getattr(block, name).weight, std=0.02 / (2 * shape.layers) ** 0.5)

    @staticmethod
    def _init(module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)

    def forward(self, ids_BT: Tensor, run: RunBlock = run_block) -> Tensor:
        return self.predict(self.hidden(ids_BT, run))

    def predict(self, hidden_BTD: Tensor) -> Tensor:
        """The logits of the next token."""
        return F.linear(hidden_BTD, self.embed.weight)

    def hidden(self, ids_BT: Tensor, run: RunBlock = run_block) -> Tensor:
        """The last hidden states, normalised, [B, T, D]."""
        T = ids_BT.shape[1]
        x = self.embed(ids_BT)
        if torch.is_autocast_enabled(x.device.type):
            x = x.to(torch.get_autocast_dtype(x.device.type))
        cos, sin = self.cos[:T].to(x.dtype), self.sin[:T].to(x.dtype)
        mask_TT = torch.ones(T, T, dtype=torch.bool, device=x.device).triu(1)
        for block in self.blocks:
            x = run(cast(Block, block), x, cos, sin, mask_TT)
        return self.norm(x)


def loss_sum(
    model: Transformer, ids_BT: Tensor, targets_BT: Tensor, run: RunBlock = run_block
) -> Tensor:
    """Summed cross-entropy (nats) over the positions whose target is not IGNORE."""
    logits = model(ids_BT, run).float()
    return F.cross_entropy(
        logits.view(-1, logits.shape[-1]), targets_BT.view(-1), ignore_index=IGNORE, reduction="sum"
    )


_BLOCK_NAMES = (
    ("norm1", "input_layernorm"),
    ("norm2", "post_attention_layernorm"),
    ("q_norm", "self_attn.q_norm"),
    ("k_norm", "self_attn.k_norm"),
    ("o", "self_attn.o_proj"),
    ("down", "mlp.down_proj"),
)


def to_hf(state: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """Our state dict as `Qwen3ForCausalLM` names it."""
    out = {
        "model.embed_tokens.weight": state["embed.weight"],
        "model.norm.weight": state["norm.weight"],
    }
    sizes = [n * shape.head_size for n in (shape.heads, shape.kv_heads, shape.kv_heads)]
    for i in range(shape.layers):
        ours, theirs = f"blocks.{i}.", f"model.layers.{i}."
        for a, b in _BLOCK_NAMES:
            out[f"{theirs}{b}.weight"] = state[f"{ours}{a}.weight"]
        for name, part in zip("qkv", state[f"{ours}qkv.weight"].split(sizes), strict=True):
            out[f"{theirs}self_attn.{name}_proj.weight"] = part
        gate, up = state[f"{ours}gate_up.weight"].chunk(2)
        out[f"{theirs}mlp.gate_proj.weight"] = gate
        out[f"{theirs}mlp.up_proj.weight"] = up
    return out


def from_hf(state: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """The inverse of `to_hf`."""
    out = {
        "embed.weight": state["model.embed_tokens.weight"],
        "norm.weight": state["model.norm.weight"],
    }
    for i in range(shape.layers):
        ours, theirs = f"blocks.{i}.", f"model.layers.{i}."
        for a, b in _BLOCK_NAMES:
            out[f"{ours}{a}.weight"] = state[f"{theirs}{b}.weight"]
        out[f"{ours}qkv.weight"] = torch.cat(
            [state[f"{theirs}self_attn.{n}_proj.weight"] for n in "qkv"]
        )
        out[f"{ours}gate_up.weight"] = torch.cat(
            [state[f"{theirs}mlp.{n}_proj.weight"] for n in ("gate", "up")]
        )
    return out
