"""The network on ONNX Runtime: prefill and decode on numpy buffers, keys and values in place.

A decode step binds memory by address, so nothing is copied and Python's share of a step stays
under 100 microseconds. `Cache` is plain numpy: rows are moved and copied by slicing.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secondthought.messages import BadInput
from secondthought.models.engine.checkpoint import Checkpoint, Config, Weights
from secondthought.models.engine.graph import weight_shapes

ort: Any = importlib.import_module("onnxruntime")  # it ships no types

FIRST_ROWS, FIRST_LENGTH = 8, 1024


class Cache:
    """Keys and values of all rows: data [2 * layers, rows, kv_heads, length, head_dim].

    Grown by doubling. Untouched pages of a fresh array cost address space, not memory.
    """

    def __init__(self, config: Config, rows: int, length: int) -> None:
        shape = (2 * config.layers, rows, config.kv_heads, length, config.head_dim)
        self.data: NDArray[np.float32] = np.empty(shape, np.float32)

    @property
    def rows(self) -> int:
        return self.data.shape[1]

    @property
    def length(self) -> int:
        return self.data.shape[3]

    def grown(self, config: Config, rows: int, length: int, lengths: NDArray[np.int32]) -> Cache:
        """A cache with at least this room, holding this one's first len(lengths) rows."""
        new_rows, new_length = self.rows, self.length
        while new_rows < rows:
            new_rows *= 2
        while new_length < length:
            new_length *= 2
        grown = Cache(config, new_rows, new_length)
        for row, used in enumerate(lengths):
            grown.data[:, row, :, :used] = self.data[:, row, :, :used]
        return grown

    def move(self, source: int, target: int, length: int) -> None:
        self.data[:, target, :, :length] = self.data[:, source, :, :length]


class Session:
    """One set of weights, loaded. Not safe for two threads at once.

    threads: of the matrix products. Results are bitwise the same for a row alone and in any
    batch, on the same machine and onnxruntime build, with the same number of threads.
    """

    def __init__(self, config: Config, graph: Path, weights: Weights, *, threads: int = 2) -> None:
        self.config = config
        self._graph = graph
        self._threads = threads
        self._session = self._open(weights)
        self.cache = Cache(config, FIRST_ROWS, FIRST_LENGTH)
        self._bindings: dict[int, Any] = {}  # one for each batch size
        self._make_buffers()

    @classmethod
    def load(cls, checkpoint: Checkpoint, *, threads: int = 2) -> Session:
        return cls(checkpoint.config, checkpoint.graph, checkpoint.weights, threads=threads)

    def swap_weights(self, weights: Weights) -> None:
        """Other weights of the same shape, in milliseconds. What the cache holds is void."""
        self._session = self._open(weights)
        self._bindings.clear()

    def reserve(self, rows: int, length: int, lengths: NDArray[np.int32]) -> None:
        """Make room for `rows` rows of `length` tokens; `lengths`: what live rows hold now."""
        if rows > self.cache.rows or length > self.cache.length:
            self.cache = self.cache.grown(self.config, rows, length, lengths)
            self._bindings.clear()
            self._make_buffers()

    def shrink(self) -> None:
        """Give the memory of a large cache back; call it when no row is live."""
        if self.cache.rows > FIRST_ROWS or self.cache.length > FIRST_LENGTH:
            self.cache = Cache(self.config, FIRST_ROWS, FIRST_LENGTH)
            self._bindings.clear()
            self._make_buffers()

    def prefill(
        self, prompts: Sequence[Sequence[int]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Read B prompts of any lengths >= 1 at once, right-padded to S tokens, an even number.

        Returns logits [B, vocab] after each prompt's last token, and the keys and values
        [2 * layers, B, kv_heads, S, head_dim] in a buffer of its own: a first call against the
        large cache is slow. Copy rows from it into the cache.
        """
        batch = len(prompts)
        # Attention takes the tokens in blocks, and rounds otherwise in a block of one: an even
        # number leaves none, so that no prompt's numbers depend on the padding beside it.
        longest = _even(max(map(len, prompts)))
        ids = np.zeros((batch, longest), np.int64)
        for row, prompt in enumerate(prompts):
            ids[row, : len(prompt)] = prompt
        lengths = np.array([len(p) - 1 for p in prompts], np.int32)
        last = np.arange(batch, dtype=np.int64) * longest + lengths
        total = np.array(longest, np.int32)
        data = Cache(self.config, batch, longest).data
        logits = np.empty((batch, self.config.vocab), np.float32)
        binding = self._bind(ids, lengths, total, last, logits, data)
        self._session.run_with_iobinding(binding)
        return logits, data

    def read_on(
        self, prompt: Sequence[int], known: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
        """As `prefill`, for one prompt whose first tokens were read before, to the same numbers.

        known: their keys and values [2 * layers, kv_heads, 1 or more tokens, head_dim]. Returned
        last: how many of them were made use of. The prompt's last two tokens are always read.
        """
        size = len(prompt)
        # Past tokens leave no room for padding: an even number is made by reading one more.
        used = size - _even(max(2, size - known.shape[2]))
        ids = np.array([prompt[used:]], np.int64)
        lengths = np.array([size - 1], np.int32)
        last = np.array([size - used - 1], np.int64)
        total = np.array(size, np.int32)
        cache = Cache(self.config, 1, size).data
        cache[:, 0, :, :used] = known[:, :, :used]
        logits = np.empty((1, self.config.vocab), np.float32)
        binding = self._bind(ids, lengths, total, last, logits, cache)
        self._session.run_with_iobinding(binding)
        return logits, cache, used

    def decode(self, tokens: NDArray[np.int64], lengths: NDArray[np.int32]) -> NDArray[np.float32]:
        """One token for each of the cache's first B rows.

        tokens [B]; lengths [B]: tokens each row holds already. Returns logits [B, vocab], a view
        that the next call overwrites.
        """
        batch = len(tokens)
        binding = self._bindings.get(batch)
        if binding is None:
            binding = self._bind(
                self._ids[:batch],
                self._lengths[:batch],
                self._total,
                self._last[:batch],
                self._logits[:batch],
                self.cache.data[:, :batch],
            )
            self._bindings[batch] = binding
        self._ids[:batch, 0] = tokens
        self._lengths[:batch] = lengths
        self._total[...] = lengths.max() + 1
        self._session.run_with_iobinding(binding)
        return self._logits[:batch]

    # --- inside ---------------------------------------------------------------------------

    def _open(self, weights: Weights) -> Any:
        options = ort.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        arrays = arrange(weights, self.config)
        values = [ort.OrtValue.ortvalue_from_numpy(a) for a in arrays.values()]
        options.add_external_initializers(list(arrays), values)
        self._arrays = arrays  # the session reads this memory as long as it lives
        return ort.InferenceSession(
            str(self._graph), sess_options=options, providers=["CPUExecutionProvider"]
        )

    def _make_buffers(self) -> None:
        rows = self.cache.rows
        self._ids = np.zeros((rows, 1), np.int64)
        self._lengths = np.zeros(rows, np.int32)
        self._total = np.zeros((), np.int32)
        self._last = np.arange(rows, dtype=np.int64)
        self._logits = np.empty((rows, self.config.vocab), np.float32)

    def _bind(
        self,
        ids: NDArray[np.int64],
        lengths: NDArray[np.int32],
        total: NDArray[np.int32],
        last: NDArray[np.int64],
        logits: NDArray[np.float32],
        cache: NDArray[np.float32],
    ) -> Any:
        binding = self._session.io_binding()

        def bind_input(name: str, array: NDArray[Any]) -> None:
            address = array.__array_interface__["data"][0]
            binding.bind_input(name, "cpu", 0, array.dtype.type, array.shape, address)

        def bind_output(name: str, array: NDArray[Any]) -> None:
            address = array.__array_interface__["data"][0]
            binding.bind_output(name, "cpu", 0, array.dtype.type, array.shape, address)

        bind_input("ids", ids)
        bind_input("lengths", lengths)
        bind_input("total", total)
        bind_input("last", last)
        bind_output("logits", logits)
        for i in range(self.config.layers):
            for part, array in (("key", cache[2 * i]), ("value", cache[2 * i + 1])):
                bind_input(f"{part}_{i}", array)
                bind_output(f"new_{part}_{i}", array)
        return binding


def _even(count: int) -> int:
    return count + count % 2


def arrange(weights: Weights, config: Config) -> Weights:
    """Hugging Face's parameters as the arrays of `graph.weight_shapes`. Raises BadInput."""
    w = weights
    try:
        embed = w["model.embed_tokens.weight"]
        head = w.get("lm_head.weight", embed)  # tied when absent
        frequencies = config.rope_theta ** (
            -np.arange(0, config.head_dim, 2, dtype=np.float64) / config.head_dim
        )
        angles = np.outer(np.arange(config.context), frequencies)
        arrays = {
            "embed": embed,
            "head": head.T,
            "norm": w["model.norm.weight"],
            "cos": np.cos(angles),
            "sin": np.sin(angles),
        }
        for i in range(config.layers):
            layer = f"model.layers.{i}."
            attention, mlp = layer + "self_attn.", layer + "mlp."
            qkv = [w[f"{attention}{part}_proj.weight"] for part in "qkv"]
            gate_up = [w[f"{mlp}{part}_proj.weight"] for part in ("gate", "up")]
            arrays |= {
                f"{i}.norm1": w[layer + "input_layernorm.weight"],
                f"{i}.qkv": np.concatenate(qkv).T,
                f"{i}.q_norm": w[attention + "q_norm.weight"],
                f"{i}.k_norm": w[attention + "k_norm.weight"],
                f"{i}.out": w[attention + "o_proj.weight"].T,
                f"{i}.norm2": w[layer + "post_attention_layernorm.weight"],
                f"{i}.gate_up": np.concatenate(gate_up).T,
                f"{i}.down": w[mlp + "down_proj.weight"].T,
            }
    except KeyError as error:
        raise BadInput(f"the weights lack {error}; they are not those of this config") from error
    for name, shape in weight_shapes(config).items():
        if arrays[name].shape != shape:
            raise BadInput(f"weights {name} have shape {arrays[name].shape}, config wants {shape}")
    return {name: np.ascontiguousarray(a, dtype=np.float32) for name, a in arrays.items()}
