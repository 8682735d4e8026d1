"""A tiny network as a checkpoint folder."""

from __future__ import annotations

from pathlib import Path

import pytest

PARITY = f"{Path(__file__).parent / 'parity.py'}:Parity"


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It has learned one thing: to end thoughts and answers of random bytes after a few tokens."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from secondthought.models.engine.tokenizer import ASSISTANT, END, PAD, THINK, UNTHINK, USER
    from secondthought.train.export import write_checkpoint
    from secondthought.train.model import Shape, Transformer, loss_sum, to_hf

    torch.set_num_threads(1)
    torch.manual_seed(3)
    shape = Shape(width=32, layers=2, heads=2, kv_heads=1, ffn=48, head_size=16, context=1024)
    model = Transformer(shape)
    adam = torch.optim.Adam(model.parameters(), lr=1e-2)
    marks = [USER, END, ASSISTANT, THINK, UNTHINK, END]
    for _ in range(80):
        ids = torch.randint(0, 256, (8, 20))
        ids[:, [0, 5, 6, 7, 11, 14]] = torch.tensor(marks)
        ids[:, 15:] = PAD
        targets = torch.full_like(ids, -100)
        targets[:, 7:14] = ids[:, 8:15]
        loss = loss_sum(model, ids, targets) / 56
        adam.zero_grad()
        loss.backward()
        adam.step()
    state = to_hf(model.state_dict(), shape)
    return write_checkpoint(tmp_path_factory.mktemp("tiny"), state, shape.hf_config())


@pytest.fixture
def parity() -> str:
    """The name of the task in `parity.py`, as a user would give it."""
    return PARITY


@pytest.fixture
def one_thread() -> None:
    pytest.importorskip("torch").set_num_threads(1)
