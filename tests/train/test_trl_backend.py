"""TRL's trainers on our tasks: one real step, two processes, the reward, the demonstrations."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("trl", reason="needs TRL: pip install 'secondthought[trl]'")

import numpy as np
from transformers import AutoModelForCausalLM, AutoTokenizer

from secondthought.cli.main import main
from secondthought.messages import BadInput, Message
from secondthought.models.engine import tokenizer as ours
from secondthought.models.engine.checkpoint import Checkpoint
from secondthought.models.engine.engine import Engine
from secondthought.train.episodes import VerifierFailed
from secondthought.train.export import CannotWrite
from secondthought.train.questions import Row, rows
from secondthought.train.trl_backend import (
    _Log,
    answer_is_right,
    document,
    imitate,
    reader,
    reinforce,
)
from tests.train.conftest import PARITY

EXAMPLE = Path(__file__).parents[2] / "examples" / "trl" / "cpu.yaml"
BROKEN = PARITY.replace("Parity", "Broken")


@pytest.fixture(scope="module")
def tokens(tiny_folder: Path) -> Any:
    return AutoTokenizer.from_pretrained(tiny_folder)


def metrics(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "metrics.jsonl").read_text("utf-8").splitlines()]


def test_grpo_learns_serves_and_goes_on(tiny_folder: Path, tmp_path: Path) -> None:
    def train(steps: int) -> Path:
        return reinforce(
            str(tiny_folder), [PARITY], tmp_path, steps=steps, groups=4, size=8, max_tokens=24,
            learning_rate=1e-2, options=["--config", str(EXAMPLE), "--save_steps", "1"],
        )  # fmt: skip

    folder = train(1)
    [first] = metrics(tmp_path)
    assert 0 < first["reward"] < 1
    assert first["gradient_norm"] > 0
    assert first["unverified"] == 0
    whole = first["reward"] * first["length_right"]
    whole += (1 - first["reward"]) * first["length_wrong"]
    assert whole == pytest.approx(first["length"], rel=1e-4)
    assert first["trl"]["completions/mean_length"] == first["length"]
    before, after = Checkpoint.read(tiny_folder), Checkpoint.read(folder)
    assert before.config == after.config
    assert any(not np.array_equal(before.weights[k], after.weights[k]) for k in before.weights)
    engine = Engine.load(folder)
    prompt = ours.prompt([Message("user", "even 1")], think=True)
    assert engine.generate_ids([prompt], max_thought=8, max_answer=8)[0].ids
    engine.close()
    assert AutoModelForCausalLM.from_pretrained(folder).num_parameters() > 0

    # killed while it saved, when it had logged more than it had saved
    (tmp_path / "checkpoint-2").mkdir()
    with (tmp_path / "metrics.jsonl").open("a") as log:
        log.write('{"step": 2}\n')
    train(2)
    assert [row["step"] for row in metrics(tmp_path)] == [1, 2]
    with pytest.raises(BadInput, match="holds a run of `train rl`"):
        imitate(str(tiny_folder), [PARITY], tmp_path, steps=3)


def test_two_processes_over_gloo_are_one_run(tiny_folder: Path, tmp_path: Path) -> None:
    launch = "-m torch.distributed.run --standalone --nproc_per_node 2 -m secondthought.cli.main"
    command = f"train rl --backend trl -m {tiny_folder} --tasks {PARITY} --out {tmp_path} --seed 1"
    sizes = "--steps 1 --groups 2 --size 8 --max-thought 12 --max-answer 8 --learning-rate 0.01"
    done = subprocess.run(
        [sys.executable, *f"{launch} {command} {sizes}".split()],
        capture_output=True, text=True, timeout=600,
        env={**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    [row] = metrics(tmp_path)
    assert row["processes"] == 2
    assert 0 <= row["reward"] <= 1
    assert (tmp_path / "model" / "graph.onnx").is_file()


def test_sft_shows_traces_and_lora_is_trls_own(tiny_folder: Path, tmp_path: Path) -> None:
    options = ["--use_peft", "true", "--lora_r", "2", "--per_device_train_batch_size", "2"]
    folder = imitate(
        str(tiny_folder), [PARITY], tmp_path, steps=2, questions=4, learning_rate=1e-2,
        options=options,
    )  # fmt: skip
    losses = [row["loss"] for row in metrics(tmp_path)]
    assert len(losses) == 2
    assert losses[1] < losses[0]
    assert (folder / "adapter_model.safetensors").is_file()


def test_no_trace_is_cut(
    tokens: Any, tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from trl import SFTTrainer

    shown: list[list[int]] = []
    with pytest.MonkeyPatch.context() as patch:

        def ends(self: Any, **_: Any) -> None:
            shown.extend(self.train_dataset["input_ids"])
            raise KeyboardInterrupt

        patch.setattr(SFTTrainer, "train", ends)
        for options in ((), ("--max_length", "500")):
            with pytest.raises(KeyboardInterrupt):
                imitate(
                    str(tiny_folder), ["example_cipher"], tmp_path, steps=1, questions=60,
                    options=options,
                )  # fmt: skip
            assert all(ids[-1] == ours.END for ids in shown)
            assert (max(map(len, shown)) > 1024) == (not options)
            shown.clear()
    assert "of 60 worked traces have more than 500 tokens" in capsys.readouterr().err
    with pytest.raises(BadInput, match="every worked trace has more than 9 tokens"):
        imitate(
            str(tiny_folder), [PARITY], tmp_path, steps=1, questions=2,
            options=["--max_length", "9"],
        )  # fmt: skip


def test_what_is_missing_is_said(tiny_folder: Path, tmp_path: Path) -> None:
    bare = shutil.copytree(tiny_folder, tmp_path / "bare")
    (bare / "model.safetensors").unlink()
    with pytest.raises(BadInput, match=r"cannot begin with .*bare: .*model\.safetensors"):
        imitate(str(bare), [PARITY], tmp_path / "out", steps=1, questions=2)
    if importlib.util.find_spec("tensorboard") is None:
        with pytest.raises(BadInput, match=r"cannot begin with .*TensorBoard"):
            imitate(
                str(tiny_folder), [PARITY], tmp_path / "out", steps=1, questions=2,
                options=["--report_to", "tensorboard"],
            )  # fmt: skip
    if importlib.util.find_spec("vllm") is None:
        with pytest.raises(BadInput, match=r"cannot begin with .*vLLM is not available"):
            reinforce(
                str(tiny_folder), [PARITY], tmp_path / "out", steps=1, groups=1, size=2,
                options=["--use_vllm", "true"],
            )  # fmt: skip


def test_a_log_that_takes_no_more_has_a_name(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")  # a file in the folder's place, as a full disk would
    state = SimpleNamespace(is_world_process_zero=True, global_step=1)
    with pytest.raises(CannotWrite, match=r"cannot write .*metrics\.jsonl"):
        _Log(tmp_path / "out").on_log(SimpleNamespace(world_size=1), state, None, {"loss": 1.0})


def test_a_run_of_our_own_is_left_alone(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "step-0000001.pt").write_bytes(b"")
    with pytest.raises(BadInput, match="of our own trainer"):
        reinforce(str(tiny_folder), [PARITY], tmp_path, steps=1)


def test_the_reward_is_the_verifiers_verdict_on_what_follows_the_thought(tokens: Any) -> None:
    [row] = rows([PARITY], 1, instruct=False)
    assert row.item.answer == "b"
    right = answer_is_right(tokens)
    thought = ours.encode("a a a")
    completions = [
        [*thought, ours.UNTHINK, *ours.encode("b"), ours.END],
        [*thought, ours.UNTHINK, *ours.encode("a"), ours.END],
        ours.encode("b"),  # a thought that never ended
        [ours.UNTHINK, ours.END],
    ]
    assert right(completion_ids=completions, item=[row.packed] * 4) == [1.0, 0.0, 0.0, 0.0]


def test_a_broken_verifier_is_no_wrong_answer(tokens: Any) -> None:
    [good], [bad] = rows([PARITY], 1), rows([BROKEN], 1)
    reply = [ours.UNTHINK, *ours.encode("b"), ours.END]
    right = answer_is_right(tokens)
    found = right(completion_ids=[reply] * 40, item=[bad.packed, *[good.packed] * 39])
    assert found == [None, *[1.0] * 39]
    logged: dict[str, float] = {}
    right(
        completion_ids=[reply] * 20,
        item=[bad.packed, *[good.packed] * 19],
        log_metric=logged.__setitem__,
    )
    assert logged == {"unverified": 0.05, "length_right": 3}
    assert right(completion_ids=[reply] * 2, item=[bad.packed, good.packed]) == [None, 1.0]
    with pytest.raises(VerifierFailed, match=r"4 of 8 answers unverified.*no such server"):
        right(completion_ids=[reply] * 8, item=[bad.packed, good.packed] * 4)
    with pytest.raises(VerifierFailed, match=r"1 of 1 answers unverified"):
        right(completion_ids=[reply], item=[bad.packed])


def test_a_reply_without_thinking_tokens_is_read_whole() -> None:
    plain = SimpleNamespace(
        unk_token_id=0,
        convert_tokens_to_ids=lambda token: 0,
        apply_chat_template=lambda messages, **_: "user assistant",
        decode=lambda ids, skip_special_tokens: bytes(ids).decode(),
    )
    assert reader(plain)(list(b"Answer: 5")) == "Answer: 5"


@pytest.mark.parametrize("name", ["countdown", "mini_sudoku"])
def test_a_demonstration_carries_loss_where_our_own_has_it(tokens: Any, name: str) -> None:
    for row in rows([name], 20, instruct=False):
        shown = row.demonstrate()
        found = document(tokens, row)
        ids, labels = found["input_ids"], found["labels"]
        prompt = ours.prompt([Message(m["role"], m["content"]) for m in row.messages], think=True)
        reply = [*ours.encode(shown.thought), ours.UNTHINK, *ours.encode(shown.answer), ours.END]
        assert ids == prompt + reply
        kept = [span.loss for span in shown.spans for _ in ours.encode(span.text)]
        loss = [*[False] * len(prompt), *kept, *[True] * (len(reply) - len(kept))]
        assert labels == [i if one else -100 for i, one in zip(ids, loss, strict=True)]


def test_a_foreign_model_is_told_how_to_answer() -> None:
    rowed: list[Row] = list(rows(["gcd", "products"], 4))
    assert [row.item.task for row in rowed] == ["gcd", "products"] * 2
    assert all('begins with "Answer:"' in row.messages[0]["content"] for row in rowed)
    assert len({row.item.question for row in rowed}) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--anchor 0.1 -m mini", "--anchor is of our own trainer"),
        ("-m /no/such", "no model that transformers can load"),
        ("-m mini --level 99", "has levels"),
        ("-m mini --groups 3 --size 5 -- --per_device_train_batch_size 8", "do not divide"),
        ("-m mini -- --no_such_option 3", "TRL's options"),
    ],
)
def test_bad_input_is_said(
    tmp_path: Path, arguments: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = f"train rl --backend trl --tasks gcd --out {tmp_path} {arguments}"
    with pytest.raises(SystemExit) as left:
        main(command.split())
    assert left.value.code == 2
    assert said in capsys.readouterr().err


def test_questions_stay_on_training_ground() -> None:
    with pytest.raises(BadInput, match="leave the training seeds"):
        list(rows(["gcd"], 10, first=98 * 10**6 + 10**6))


def test_the_example_configs_are_understood(tmp_path: Path) -> None:
    """Every option in them is TRL's; none of those for GPUs can be run here."""
    from trl import GRPOConfig

    from secondthought.train.trl_backend import _settings

    folder = Path(__file__).parents[2] / "examples" / "trl"
    read = {}
    for name in ("cpu", "one_gpu", "eight_gpus"):
        options = ["--config", str(folder / f"{name}.yaml")]
        defaults = {"num_generations": 16}
        read[name], of_model = _settings(GRPOConfig, tmp_path, 0, defaults, options, batch=512)
        assert read[name].generation_batch_size == 512
        assert read[name].report_to in ([], ["none"]), "the extra `trl` brings no TensorBoard"
        assert read[name].gradient_accumulation_steps == read[name].steps_per_generation
        assert of_model.use_peft == (name == "one_gpu")
    assert read["eight_gpus"].use_vllm
    assert read["eight_gpus"].per_device_train_batch_size == 4
    assert not read["cpu"].gradient_checkpointing
