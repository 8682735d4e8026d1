"""The network as an ONNX graph without weights. Needs the `onnx` package; loading it does not.

Inputs, for B rows of S new tokens each and a cache of capacity T:
    ids [B, S] int64; lengths [B] int32 = tokens of each row after this call, minus 1;
    total [] int32 = the largest of those + 1; last [B] int64 = which of the B * S positions
    gives each row's logits; key_i, value_i [B, kv_heads, T, head_dim] for each layer i.
Outputs: logits [B, vocab]; new_key_i, new_value_i, bound to the same memory as the inputs,
so that GroupQueryAttention appends to the cache in place.

Rows may have different lengths. A first call takes S > 1 tokens, right-padded; with tokens
in the cache S is 1 (the operator allows more for B = 1 only). The weights are declared as
external and handed over when a session is made: a swap of weights needs no new file.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from secondthought.models.engine.checkpoint import Config

OPSET, IR_VERSION = 17, 8  # old enough for every onnxruntime this package allows


def weight_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the arrays that the graph expects, matrices as [in, out].

    Query, key and value are one matrix, gate and up another: fewer, larger products.
    """
    c = config
    shapes: dict[str, tuple[int, ...]] = {
        "embed": (c.vocab, c.hidden),
        "head": (c.hidden, c.vocab),
        "norm": (c.hidden,),
        "cos": (c.context, c.head_dim // 2),
        "sin": (c.context, c.head_dim // 2),
    }
    for i in range(c.layers):
        shapes |= {
            f"{i}.norm1": (c.hidden,),
            f"{i}.qkv": (c.hidden, (c.heads + 2 * c.kv_heads) * c.head_dim),
            f"{i}.q_norm": (c.head_dim,),
            f"{i}.k_norm": (c.head_dim,),
            f"{i}.out": (c.heads * c.head_dim, c.hidden),
            f"{i}.norm2": (c.hidden,),
            f"{i}.gate_up": (c.hidden, 2 * c.ffn),
            f"{i}.down": (c.ffn, c.hidden),
        }
    return shapes


def build(config: Config) -> bytes:
    """The serialized graph. Raises ImportError without `onnx` (extra `train`)."""
    onnx: Any = importlib.import_module("onnx")  # optional, and without types
    helper, number = onnx.helper, onnx.TensorProto
    c = config
    q_size, kv_size = c.heads * c.head_dim, c.kv_heads * c.head_dim
    nodes: list[Any] = []
    constants: list[Any] = []

    def node(op: str, inputs: Sequence[str], *outputs: str, **attributes: Any) -> str:
        ours = ("GroupQueryAttention", "SkipSimplifiedLayerNormalization", "QuickGelu")
        domain = "com.microsoft" if op in ours else ""
        nodes.append(helper.make_node(op, inputs, outputs, domain=domain, **attributes))
        return outputs[0]

    def constant(name: str, values: list[int]) -> str:
        constants.append(helper.make_tensor(name, number.INT64, [len(values)], values))
        return name

    def norm(x: str, scale: str, out: str) -> str:
        return node("SimplifiedLayerNormalization", [x, scale], out, axis=-1, epsilon=c.norm_eps)

    def add_norm(x: str, residual: str, scale: str, out: str) -> tuple[str, str]:
        """Residual addition and the norm after it: (normed, sum)."""
        outputs = (out, "", "", f"{out}.sum")
        node(
            "SkipSimplifiedLayerNormalization",
            [x, residual, scale],
            *outputs,
            epsilon=c.norm_eps,
        )
        return out, f"{out}.sum"

    qkv_parts = constant("qkv_parts", [q_size, kv_size, kv_size])
    per_head = constant("per_head", [0, 0, -1, c.head_dim])
    all_heads = constant("all_heads", [0, 0, -1])
    flat = constant("flat", [-1, c.hidden])

    residual = node("Gather", ["embed", "ids"], "embedded")
    x = norm(residual, "0.norm1", "0.n1")
    for i in range(c.layers):
        node("MatMul", [x, f"{i}.qkv"], f"{i}.qkv_x")
        node("Split", [f"{i}.qkv_x", qkv_parts], f"{i}.q", f"{i}.k", f"{i}.v", axis=-1)
        for part in ("q", "k"):  # Qwen3 norms each head's query and key before the rotation
            heads = node("Reshape", [f"{i}.{part}", per_head], f"{i}.{part}_heads")
            normed = norm(heads, f"{i}.{part}_norm", f"{i}.{part}_normed")
            node("Reshape", [normed, all_heads], f"{i}.{part}_flat")
        attended = node(
            "GroupQueryAttention",
            [
                *(f"{i}.q_flat", f"{i}.k_flat", f"{i}.v"),
                *(f"key_{i}", f"value_{i}", "lengths", "total", "cos", "sin"),
            ],
            *(f"{i}.attended", f"new_key_{i}", f"new_value_{i}"),
            num_heads=c.heads,
            kv_num_heads=c.kv_heads,
            do_rotary=1,
        )
        mixed = node("MatMul", [attended, f"{i}.out"], f"{i}.mixed")
        x, residual = add_norm(mixed, residual, f"{i}.norm2", f"{i}.n2")
        node("MatMul", [x, f"{i}.gate_up"], f"{i}.gate_up_x")
        node("Split", [f"{i}.gate_up_x"], f"{i}.gate", f"{i}.up", axis=-1)
        # QuickGelu with alpha 1 is x * sigmoid(x): SiLU in one node
        node("QuickGelu", [f"{i}.gate"], f"{i}.silu", alpha=1.0)
        node("Mul", [f"{i}.silu", f"{i}.up"], f"{i}.gated")
        down = node("MatMul", [f"{i}.gated", f"{i}.down"], f"{i}.down_x")
        after = "norm" if i == c.layers - 1 else f"{i + 1}.norm1"
        x, residual = add_norm(down, residual, after, f"{i}.n3")
    node("Reshape", [x, flat], "positions")
    node("Gather", ["positions", "last"], "chosen")
    node("MatMul", ["chosen", "head"], "logits")

    def value(name: str, kind: int, shape: list[Any]) -> Any:
        return helper.make_tensor_value_info(name, kind, shape)

    cache = ["B", c.kv_heads, "T", c.head_dim]
    inputs = [
        value("ids", number.INT64, ["B", "S"]),
        value("lengths", number.INT32, ["B"]),
        value("total", number.INT32, []),
        value("last", number.INT64, ["B"]),
    ]
    outputs = [value("logits", number.FLOAT, ["B", c.vocab])]
    for i in range(c.layers):
        for part in ("key", "value"):
            inputs.append(value(f"{part}_{i}", number.FLOAT, cache))
            outputs.append(value(f"new_{part}_{i}", number.FLOAT, cache))
    weights = [_external(number, name, shape) for name, shape in weight_shapes(config).items()]
    graph = helper.make_graph(nodes, "qwen3", inputs, outputs, [*constants, *weights])
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, producer_name="secondthought")
    model.ir_version = IR_VERSION
    return model.SerializeToString()


def _external(number: Any, name: str, shape: tuple[int, ...]) -> Any:
    """A float32 initializer whose values are handed over when the session is made."""
    tensor = number(name=name, data_type=number.FLOAT, dims=shape)
    tensor.data_location = number.EXTERNAL
    tensor.external_data.add(key="location", value="weights")
    return tensor
