"""The training network is the same function as transformers' Qwen3."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from secondthought.train.model import IGNORE, Shape, Transformer, from_hf, loss_sum, to_hf

TINY = Shape(width=64, layers=2, heads=4, kv_heads=2, ffn=96, head_size=16, context=1024)


def _random() -> Transformer:
    torch.manual_seed(0)
    model = Transformer(TINY)
    for parameter in model.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.1)
        else:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    return model


@pytest.mark.parametrize("length", [1, 50, 400])  # 400: the fused attention
def test_equals_transformers(length: int) -> None:
    model = _random()
    config = TINY.hf_config()
    reference = transformers.Qwen3ForCausalLM(
        transformers.Qwen3Config(
            **{k: v for k, v in config.items() if k not in ("architectures", "model_type")}
        )
    )
    missing = reference.load_state_dict(to_hf(model.state_dict(), TINY), strict=False)
    assert missing.missing_keys == ["lm_head.weight"]  # tied to the embedding
    assert not missing.unexpected_keys
    ids = torch.randint(0, 320, (2, length))
    with torch.no_grad():
        assert torch.allclose(model(ids), reference(ids).logits, atol=2e-4)


def test_names_translate_back() -> None:
    state = _random().state_dict()
    back = from_hf(to_hf(state, TINY), TINY)
    assert back.keys() == state.keys()
    assert all(torch.equal(back[name], value) for name, value in state.items())


def test_loss_counts_only_targets() -> None:
    model = _random()
    ids = torch.randint(0, 320, (1, 8))
    targets = torch.full((1, 8), IGNORE)
    assert loss_sum(model, ids, targets).item() == 0
    targets[0, 3] = 7
    expected = -torch.log_softmax(model(ids)[0, 3], -1)[7]
    assert torch.isclose(loss_sum(model, ids, targets), expected, atol=1e-5)
