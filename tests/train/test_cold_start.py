"""A run killed at any moment goes on exactly where its last checkpoint stood."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from secondthought.messages import BadInput
from secondthought.train import checkpoint, cold_start
from secondthought.train.batches import build
from secondthought.train.cold_start import Recipe, Run, start
from secondthought.train.export import write_checkpoint
from secondthought.train.model import SHAPES, Shape, to_hf

RECIPE = Recipe(
    size="tiny", tasks=("gcd", "products"), tokens=60_000, step_tokens=4096, micro_tokens=2048
)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        SHAPES, "tiny", Shape(width=32, layers=1, heads=2, kv_heads=1, ffn=48, head_size=16)
    )
    monkeypatch.setattr(cold_start, "DOCUMENTS_A_CHUNK", 48)
    torch.set_num_threads(1)


def _steps(run: Run, n: int) -> list[float]:
    """n optimiser steps as `events` takes them, without its worker process."""
    losses: list[float] = []
    plans = run.plans()
    while len(losses) < n:
        plan = next(plans)
        if run.plan is None or plan.first != run.plan.first:
            run.plan, run.micro = plan, 0
            run.chunk = plan.first // cold_start.DOCUMENTS_A_CHUNK
        batches = build(plan, run.recipe.micro_tokens)
        while run.micro + 2 <= len(batches) and len(losses) < n:
            losses.append(run.train_step(batches[run.micro : run.micro + 2]))
            run.micro += 2
    return losses


def test_resume_is_exact(tmp_path: Path) -> None:
    whole = start(tmp_path / "whole", RECIPE, device="cpu", compile=False)
    expected = _steps(whole, 6)
    part = start(tmp_path / "part", RECIPE, device="cpu", compile=False)
    assert _steps(part, 3) == expected[:3]
    part.save()
    resumed = start(tmp_path / "part", RECIPE, device="cpu", compile=False)
    assert resumed.step == 3
    assert _steps(resumed, 3) == expected[3:]
    for name, value in whole.ema.average.items():
        assert torch.equal(value, resumed.ema.average[name]), name


def test_what_is_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Here:
        """A `Feeder` without a process of its own."""

        def __init__(self, plans: Any, micro_tokens: int, workers: int) -> None:
            self.chunks = ((plan, build(plan, micro_tokens)) for plan in plans)

        def __iter__(self) -> Any:
            return self.chunks

        def close(self) -> None: ...

    monkeypatch.setattr(cold_start, "Feeder", Here)
    run = start(tmp_path, replace(RECIPE, warmup_steps=2), device="cpu", compile=False)
    records = list(run.events())
    assert run.tokens >= RECIPE.tokens
    assert records
    assert all(r["loss"] > 0 and r["gradient_norm"] > 0 and r["skipped"] == 0 for r in records)
    lines = (tmp_path / "metrics.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["step"] for line in lines] == [r["step"] for r in records]


def test_loss_falls_and_the_export_loads(tmp_path: Path) -> None:
    run = start(tmp_path, replace(RECIPE, warmup_steps=2), device="cpu", compile=False)
    losses = _steps(run, 12)
    assert sum(losses[-3:]) < 0.9 * sum(losses[:3])
    from secondthought.models.engine.engine import Engine

    engine = Engine.load(run.export(), threads=1)
    try:
        [rollout] = engine.generate_ids([[261, 65, 257, 262, 258]], max_thought=8, max_answer=8)
    finally:
        engine.close()
    assert len(rollout.ids) >= 2


def test_decay_branch_ends_at_rate_zero(tmp_path: Path) -> None:
    run = start(tmp_path / "a", replace(RECIPE, warmup_steps=1), device="cpu", compile=False)
    _steps(run, 2)
    run.save()
    source = checkpoint.latest(tmp_path / "a")
    recipe = replace(RECIPE, warmup_steps=1, decay_tokens=20_000)
    branch = start(tmp_path / "b", recipe, source=source, device="cpu", compile=False)
    assert branch.learning_rate() == pytest.approx(recipe.learning_rate)
    assert branch.end == run.tokens + 20_000
    branch.tokens = branch.end
    assert branch.learning_rate() == 0
    branch.save()
    decayed = checkpoint.latest(tmp_path / "b")
    onward = replace(RECIPE, warmup_steps=1)
    again = start(tmp_path / "c", onward, source=decayed, device="cpu", compile=False)
    assert again.tokens == branch.end
    assert again.learning_rate() == RECIPE.learning_rate
    assert again.end == RECIPE.tokens


def test_wrong_size_and_broken_file_are_named(tmp_path: Path) -> None:
    start(tmp_path, RECIPE, device="cpu", compile=False).save()
    with pytest.raises(BadInput, match="size tiny, not 5m"):
        start(tmp_path, replace(RECIPE, size="5m"), device="cpu", compile=False)
    with pytest.raises(BadInput, match="unknown size"):
        start(tmp_path / "x", replace(RECIPE, size="7b"), device="cpu", compile=False)
    broken = checkpoint.latest(tmp_path)
    assert broken is not None
    broken.write_bytes(b"not a checkpoint")
    with pytest.raises(BadInput, match="not a readable checkpoint"):
        start(tmp_path, RECIPE, device="cpu", compile=False)


def test_checkpoints_are_atomic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in (1, 2, 3):
        checkpoint.save(tmp_path, step, {"step": step}, keep=2)
    assert [p.name for p in checkpoint.found(tmp_path)] == ["step-0000002.pt", "step-0000003.pt"]

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(BadInput, match="No space left"):
        checkpoint.save(tmp_path, 4, {"step": 4})
    assert [p.name for p in checkpoint.found(tmp_path)] == ["step-0000002.pt", "step-0000003.pt"]
    assert not list(tmp_path.glob("*.part"))


def test_a_model_folder_is_a_beginning(tmp_path: Path) -> None:
    first = start(tmp_path / "a", RECIPE, device="cpu", compile=False)
    _steps(first, 2)
    run = start(tmp_path / "b", RECIPE, source=first.export(), device="cpu", compile=False)
    assert run.step == 0
    for name, value in first.ema.average.items():  # rounded to bf16 on the way
        assert torch.allclose(run.model.state_dict()[name], value, rtol=0.01, atol=1e-4), name
    turned = replace(run.recipe.shape, rope_theta=500.0).hf_config()
    state = to_hf(first.ema.average, run.recipe.shape)
    other = write_checkpoint(tmp_path / "turned", state, turned)
    with pytest.raises(BadInput, match="no model of size tiny"):  # it would be read wrongly
        start(tmp_path / "d", RECIPE, source=other, device="cpu", compile=False)
    big, folder = replace(RECIPE, size="5m"), first.export()
    with pytest.raises(BadInput, match="no model of size 5m"):
        start(tmp_path / "c", big, source=folder, device="cpu", compile=False)


def test_a_step_that_is_not_finite_changes_no_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(tmp_path, RECIPE, device="cpu", compile=False)
    _steps(run, 2)
    before = {k: v.clone() for k, v in run.model.state_dict().items()}
    whole = cold_start.loss_sum

    def infinite(*args: Any) -> Any:
        return whole(*args) * float("inf")

    with monkeypatch.context() as patch:
        patch.setattr(cold_start, "loss_sum", infinite)
        _steps(run, cold_start.PATIENCE - 1)
        for name, value in run.model.state_dict().items():
            assert torch.equal(value, before[name]), name
        with pytest.raises(BadInput, match="not finite"):
            _steps(run, 1)
    assert run.skipped == cold_start.PATIENCE
    run.failures = 0
    assert _steps(run, 1)[0] > 0
    assert all(bool(v.isfinite().all()) for v in run.model.state_dict().values())


def test_the_log_of_a_killed_run_does_not_run_back(tmp_path: Path) -> None:
    run = start(tmp_path, RECIPE, device="cpu", compile=False)
    _steps(run, 2)
    run.save()
    run.log({"step": 2, "loss": 1.0})
    run.log({"step": 5, "loss": 0.5})  # after the checkpoint: will happen again
    start(tmp_path, RECIPE, device="cpu", compile=False)
    assert (tmp_path / "metrics.jsonl").read_text("utf-8").count("\n") == 1


def test_a_task_of_ones_own_is_weighed_by_its_accuracy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parity = f"{Path(__file__).parent / 'parity.py'}:Parity"
    run = start(tmp_path, replace(RECIPE, tasks=("gcd", parity)), device="cpu", compile=False)
    monkeypatch.setattr(
        "secondthought.train.probe.probe", lambda *_, **__: {"gcd": 1.0, parity: 0.25}
    )
    run.probe()
    assert run.accuracy == {"gcd": 1.0, "parity": 0.25}
    assert next(run.plans()).weights == pytest.approx({"gcd": 0.1, "parity": 0.85})


def test_a_run_of_reinforcement_learning_is_none_of_cold_start(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, 1, {"kind": "rl", "recipe": {"size": 8}})
    with pytest.raises(BadInput, match="of another kind"):
        start(tmp_path, RECIPE, device="cpu", compile=False)


def test_a_run_that_left_no_checkpoint_leaves_no_lines_in_the_next_ones_log(tmp_path: Path) -> None:
    run = start(tmp_path, RECIPE, device="cpu", compile=False)
    run.log({"step": 10, "loss": 1.0})  # killed before the first checkpoint
    run = start(tmp_path, RECIPE, device="cpu", compile=False)
    run.log({"step": 10, "loss": 2.0})
    assert (tmp_path / "metrics.jsonl").read_text("utf-8") == '{"step": 10, "loss": 2.0}\n'
    assert (tmp_path / "metrics.jsonl.old").is_file()


def test_going_on_makes_no_other_thing_of_a_run(tmp_path: Path) -> None:
    run = start(tmp_path / "a", RECIPE, device="cpu", compile=False)
    run.save()
    decay = replace(RECIPE, decay_tokens=20_000)
    with pytest.raises(BadInput, match=r"at the constant rate.*another --out"):
        start(tmp_path / "a", decay, device="cpu", compile=False)
    with pytest.raises(BadInput, match="a run with thoughts"):
        start(tmp_path / "a", replace(RECIPE, answer_only=True), device="cpu", compile=False)
    source = checkpoint.latest(tmp_path / "a")
    start(tmp_path / "b", decay, source=source, device="cpu", compile=False).save()
    assert start(tmp_path / "b", decay, source=source, device="cpu", compile=False).decay_from == 0
    with pytest.raises(BadInput, match="holds a decay; repeat its --decay"):
        start(tmp_path / "b", RECIPE, device="cpu", compile=False)


def test_a_folder_that_takes_nothing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot make the folder"):
        start(tmp_path / "file" / "run", RECIPE, device="cpu", compile=False)
    run = start(tmp_path / "run", RECIPE, device="cpu", compile=False)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(BadInput, match=r"cannot write .*No space left"):
            run.log({"step": 1})


def test_the_checkpoint_before_a_broken_one_is_named(tmp_path: Path) -> None:
    run = start(tmp_path, RECIPE, device="cpu", compile=False)
    run.save()
    (tmp_path / "step-0000009.pt").write_bytes(b"torn")
    with pytest.raises(BadInput, match=r"remove it to go on from step-0000000\.pt"):
        start(tmp_path, RECIPE, device="cpu", compile=False)


def test_a_file_of_another_program_is_named(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(1)}, tmp_path / "step-0000001.pt")
    with pytest.raises(BadInput, match="of another program"):
        start(tmp_path, RECIPE, device="cpu", compile=False)
    torch.save([1, 2], tmp_path / "step-0000001.pt")
    with pytest.raises(BadInput, match="of another program"):
        start(tmp_path, RECIPE, device="cpu", compile=False)
