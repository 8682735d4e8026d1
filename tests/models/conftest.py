"""Two tiny checkpoints made with numpy: one random, one whose every next token we decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from secondthought.models.engine.checkpoint import Config, Weights
from secondthought.models.engine.engine import Engine
from secondthought.train.export import qwen3_config, write_checkpoint

TINY = qwen3_config(
    hidden=64, layers=2, heads=4, kv_heads=2, head_dim=16, ffn=96, context=512, rope_theta=5e3
)


def random_weights(seed: int) -> Weights:
    c = Config.from_json(TINY)
    rng = np.random.default_rng(seed)

    def matrix(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.2, shape).astype(np.float32)

    weights = {
        "model.embed_tokens.weight": matrix(c.vocab, c.hidden),
        "model.norm.weight": 1 + matrix(c.hidden),
    }
    for i in range(c.layers):
        layer = f"model.layers.{i}."
        weights |= {
            layer + "input_layernorm.weight": 1 + matrix(c.hidden),
            layer + "post_attention_layernorm.weight": 1 + matrix(c.hidden),
            layer + "self_attn.q_norm.weight": 1 + matrix(c.head_dim),
            layer + "self_attn.k_norm.weight": 1 + matrix(c.head_dim),
            layer + "self_attn.q_proj.weight": matrix(c.heads * c.head_dim, c.hidden),
            layer + "self_attn.k_proj.weight": matrix(c.kv_heads * c.head_dim, c.hidden),
            layer + "self_attn.v_proj.weight": matrix(c.kv_heads * c.head_dim, c.hidden),
            layer + "self_attn.o_proj.weight": matrix(c.hidden, c.heads * c.head_dim),
            layer + "mlp.gate_proj.weight": matrix(c.ffn, c.hidden),
            layer + "mlp.up_proj.weight": matrix(c.ffn, c.hidden),
            layer + "mlp.down_proj.weight": matrix(c.hidden, c.ffn),
        }
    return weights


@pytest.fixture(scope="session")
def random_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("onnx")
    return write_checkpoint(tmp_path_factory.mktemp("random"), random_weights(1), TINY)


@pytest.fixture(scope="session")
def random_engine(random_folder: Path) -> Iterator[Engine]:
    engine = Engine.load(random_folder, max_rows=24)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def other_weights() -> Weights:
    """Weights for `random_folder`'s network that are not its own."""
    return random_weights(2)


@pytest.fixture
def chain_folder(tmp_path: Path) -> Callable[..., Path]:
    """A network without attention whose next token follows from the last one alone.

    Each chain is a sequence of ids; every token is followed by the next one in its chain.
    """
    pytest.importorskip("onnx")

    def make(*chains: Iterable[int], context: int = 512) -> Path:
        config = qwen3_config(
            hidden=320, layers=1, heads=1, kv_heads=1, head_dim=16, ffn=8, context=context
        )
        config["tie_word_embeddings"] = False
        c = Config.from_json(config)
        head = np.zeros((c.vocab, c.hidden), np.float32)
        for chain in chains:
            for last, following in pairwise(chain):
                head[following, last] = 1
        layer = "model.layers.0."
        weights = {
            "model.embed_tokens.weight": np.eye(c.vocab),
            "lm_head.weight": head,
            "model.norm.weight": np.ones(c.hidden),
            layer + "input_layernorm.weight": np.ones(c.hidden),
            layer + "post_attention_layernorm.weight": np.ones(c.hidden),
            layer + "self_attn.q_norm.weight": np.ones(16),
            layer + "self_attn.k_norm.weight": np.ones(16),
            layer + "self_attn.o_proj.weight": np.zeros((c.hidden, 16)),
            layer + "mlp.gate_proj.weight": np.zeros((8, c.hidden)),
            layer + "mlp.up_proj.weight": np.zeros((8, c.hidden)),
            layer + "mlp.down_proj.weight": np.zeros((c.hidden, 8)),
        }
        for part in "qkv":
            weights[f"{layer}self_attn.{part}_proj.weight"] = np.zeros((16, c.hidden))
        return write_checkpoint(tmp_path / "chain", weights, config)

    return make
