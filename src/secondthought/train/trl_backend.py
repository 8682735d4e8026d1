"""Past one machine: TRL's stable trainers on our tasks, for models from about half a billion
parameters. Needs the extra `trl`.

What is ours is thin: questions from training seeds, the tasks' verifiers as the reward, worked
traces as demonstrations, the metrics under our names. Everything else is TRL's and is set by
TRL's own options (`GRPOConfig`, `SFTConfig`, `ModelConfig`): LoRA, vLLM, DeepSpeed, batch sizes.
Under `accelerate launch` every process runs this file; TRL divides the work.
"""

# trl, datasets and transformers type their functions only in part
# pyright: reportUnknownMemberType=false, reportMissingImports=false, reportUnknownVariableType=false
# TRL exports its names lazily, and types its parser too narrowly for its own use of it
# pyright: reportPrivateImportUsage=false, reportArgumentType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportUntypedBaseClass=false, reportMissingTypeStubs=false
from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import AutoTokenizer, TrainerCallback
from trl import (
    GRPOConfig,
    GRPOTrainer,
    ModelConfig,
    SFTConfig,
    SFTTrainer,
    TrlParser,
    get_peft_config,
    get_quantization_config,
)

from secondthought.messages import BadInput
from secondthought.models.engine.tokenizer import MARKERS, VOCAB
from secondthought.tasks.scoring import Unscorable, score
from secondthought.train import checkpoint
from secondthought.train.episodes import VerifierFailed, too_many_broken
from secondthought.train.export import CannotWrite, write_checkpoint
from secondthought.train.questions import Row, rows

NAMES = {
    "reward": "reward",
    "frac_reward_zero_std": "zero_variance",
    "entropy": "entropy",
    "completions/clipped_ratio": "truncated",
    "completions/mean_length": "length",
    "sampling/sampling_logp_difference/mean": "logprob_gap",
    "sampling/sampling_logp_difference/max": "logprob_gap_max",
    "length_right": "length_right",
    "length_wrong": "length_wrong",
    "unverified": "unverified",
    "clip_ratio/region_mean": "clipped",
    "grad_norm": "gradient_norm",
    "learning_rate": "learning_rate",
    "loss": "loss",
    "num_tokens": "tokens",
    "step_time": "step_seconds",
    "mean_token_accuracy": "token_accuracy",
}
"""TRL's names of what is measured, and ours; the reward tells TRL those that are the same."""
LONGEST = 4096
"""Tokens of a worked trace; TRL's own 1024 would cut one in thirteen of the ciphers', in our
tokens."""


def reinforce(
    model: str,
    names: Sequence[str],
    out: Path,
    *,
    steps: int,
    groups: int = 32,
    size: int = 16,
    level: int | None = None,
    max_tokens: int = 1200,
    learning_rate: float | None = None,
    seed: int = 0,
    options: Sequence[str] = (),
) -> Path:
    """GRPO by TRL with the tasks' verifiers as the reward; the folder of the trained model.

    model: a Hugging Face name or folder. groups x size completions a step over all processes.
    options: of TRL, as on its command line; they have the last word.
    Goes on from the last checkpoint in `out`. Raises BadInput, VerifierFailed.
    """
    defaults: dict[str, Any] = {
        "max_steps": steps,
        "num_generations": size,
        "max_completion_length": max_tokens,
        # our own trainer's loss, see `train/rl.py`
        "loss_type": "dr_grpo",
        "scale_rewards": "none",
        "epsilon": 0.2,
        "epsilon_high": 0.28,
        # as there, what is cut off has no right answer and counts as wrong: were it left out,
        # to never come to an end would cost nothing
        "mask_truncated_completions": False,
    }
    if learning_rate is not None:
        defaults["learning_rate"] = learning_rate
    _refuse_others(out, "rl")
    tokenizer = _tokenizer(model)
    config, of_model = _settings(GRPOConfig, out, seed, defaults, options, groups * size)
    wanted = config.generation_batch_size // config.num_generations * config.max_steps
    data = [
        {"prompt": row.messages, "item": row.packed}
        for row in _questions(tokenizer, names, wanted, level, seed)
    ]
    reward = answer_is_right(tokenizer)
    settings = model, of_model, config, tokenizer, data, out
    trainer = _trainer(GRPOTrainer, *settings, reward_funcs=[reward])
    return _train(trainer, tokenizer, out)


def imitate(
    model: str,
    names: Sequence[str],
    out: Path,
    *,
    steps: int,
    questions: int = 10_000,
    level: int | None = None,
    learning_rate: float | None = None,
    seed: int = 0,
    options: Sequence[str] = (),
) -> Path:
    """Supervised fine-tuning by TRL on worked traces; the folder of the trained model.

    As in our own cold start the loss stands on thought and answer only, and not on steps that
    are shown as wrong. Arguments as in `reinforce`; questions: how many are drawn.
    """
    defaults: dict[str, Any] = {"max_steps": steps, "max_length": LONGEST}
    if learning_rate is not None:
        defaults["learning_rate"] = learning_rate
    _refuse_others(out, "sft")
    tokenizer = _tokenizer(model)
    config, of_model = _settings(SFTConfig, out, seed, defaults, options)
    found = _questions(tokenizer, names, questions, level, seed)
    documents = _whole([document(tokenizer, row) for row in found], config.max_length)
    trainer = _trainer(SFTTrainer, model, of_model, config, tokenizer, documents, out)
    return _train(trainer, tokenizer, out)


# --- the reward ----------------------------------------------------------------------------


def answer_is_right(tokenizer: Any) -> Callable[..., list[float | None]]:
    """TRL's reward function: 1 for a right answer, 0 for a wrong one, None where the verifier
    gave no verdict (TRL leaves such a completion out). It has TRL log what TRL does not know:
    tokens of right and of wrong completions, and the share without a verdict. Raises
    VerifierFailed."""
    read = reader(tokenizer)

    def right(
        completion_ids: list[list[int]],
        item: list[str],
        log_metric: Callable[[str, float], object] = lambda name, value: None,
        **_: Any,
    ) -> list[float | None]:
        found = [
            _reward(packed, read(ids)) for packed, ids in zip(item, completion_ids, strict=True)
        ]
        broken = [reason for reason in found if isinstance(reason, str)]
        if too_many_broken(len(broken), len(found)):
            raise VerifierFailed(f"{len(broken)} of {len(found)} answers unverified: {broken[0]}")
        log_metric("unverified", len(broken) / len(found))
        for name, reward in (("length_right", 1.0), ("length_wrong", 0.0)):
            lengths = [
                len(ids) for ids, r in zip(completion_ids, found, strict=True) if r == reward
            ]
            if lengths:
                log_metric(name, sum(lengths) / len(lengths))
        return [None if isinstance(reward, str) else reward for reward in found]

    return right


def _reward(packed: str, reply: str) -> float | str:
    try:
        return score(packed, reply)
    except Unscorable as error:
        return str(error)


def reader(tokenizer: Any) -> Callable[[Sequence[int]], str]:
    """From completion ids to the reply. Decoding drops special tokens, and for many tokenizers
    </think> is one: what stands before it is cut away here, by its id.

    A template that itself opens the thought makes a completion without </think> a thought that
    never ended: its reply is empty.
    """
    closing = tokenizer.convert_tokens_to_ids("</think>")
    known = closing is not None and closing != tokenizer.unk_token_id
    asked: str = tokenizer.apply_chat_template(
        [{"role": "user", "content": ""}], add_generation_prompt=True, tokenize=False
    )
    opened = asked.rstrip().endswith("<think>")

    def read(ids: Sequence[int]) -> str:
        ids = list(ids)
        if known and closing in ids:
            ids = ids[len(ids) - ids[::-1].index(closing) :]
        elif known and opened:
            return ""
        return tokenizer.decode(ids, skip_special_tokens=True)

    return read


# --- demonstrations --------------------------------------------------------------------------


def document(tokenizer: Any, row: Row) -> dict[str, list[int]]:
    """input_ids and labels of a question, its worked trace and its answer."""
    shown = row.demonstrate()
    if is_ours(tokenizer):
        opened, closed = "<think>", "</think>"
        answer = shown.answer
    else:
        opened, closed = "<think>\n", "\n</think>\n\n"
        answer = f"Answer:{chr(10) if chr(10) in shown.answer else ' '}{shown.answer}"
    reply = f"{opened}{shown.thought}{closed}{answer}"
    text: str = tokenizer.apply_chat_template(
        [*row.messages, {"role": "assistant", "content": reply}], tokenize=False
    )
    asked = tokenizer.apply_chat_template(row.messages, add_generation_prompt=True, tokenize=False)
    pairs = zip(asked, text, strict=False)
    start = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(asked), len(text)))
    thought = text.find(shown.thought, start)
    if thought < 0:
        raise BadInput(
            "this model's chat template leaves out the thought of the last turn; choose a model "
            "that thinks, or give it another template"
        )
    wrong: list[tuple[int, int]] = []
    at = thought
    for span in shown.spans:
        if not span.loss:
            wrong.append((at, at + len(span.text)))
        at += len(span.text)
    found = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    labels = [
        -100 if a < start or any(a < end and b > begin for begin, end in wrong) else id
        for id, (a, b) in zip(found["input_ids"], found["offset_mapping"], strict=True)
    ]
    return {"input_ids": list(found["input_ids"]), "labels": labels}


def _whole(
    documents: list[dict[str, list[int]]], longest: int | None
) -> list[dict[str, list[int]]]:
    """Those that TRL would not cut: a trace without its end teaches never to come to one."""
    kept = [d for d in documents if longest is None or len(d["input_ids"]) <= longest]
    if not kept:
        raise BadInput(
            f"every worked trace has more than {longest} tokens; raise --max_length after --"
        )
    if len(kept) < len(documents):
        left = len(documents) - len(kept)
        print(
            f"{left} of {len(documents)} worked traces have more than {longest} tokens and are "
            "left out",
            file=sys.stderr,
        )
    return kept


# --- what both share -------------------------------------------------------------------------


def is_ours(tokenizer: Any) -> bool:
    """Whether these are this project's tokens: bytes and markers."""
    return len(tokenizer) == VOCAB and tokenizer.convert_ids_to_tokens(VOCAB - 1) == MARKERS[-1]


def _questions(
    tokenizer: Any, names: Sequence[str], n: int, level: int | None, seed: int
) -> list[Row]:
    found = rows(names, n, level=level, first=seed * 10**6, instruct=not is_ours(tokenizer))
    return list(found)


def _tokenizer(model: str) -> Any:
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(model, padding_side="left")
    except (OSError, ValueError) as error:
        first = str(error).strip().split("\n")[0]
        raise BadInput(f"{model} is no model that transformers can load: {first}") from error
    if tokenizer.chat_template is None:
        raise BadInput(f"{model} has no chat template; choose an instruction-tuned model")
    return tokenizer


@dataclass
class _Sizes:
    """What the user tells TRL of batches; 0 = nothing."""

    per_device_train_batch_size: int = 0
    gradient_accumulation_steps: int = 0
    steps_per_generation: int = 0
    generation_batch_size: int = 0


def _settings(
    kind: type[Any],
    out: Path,
    seed: int,
    defaults: Mapping[str, Any],
    options: Sequence[str],
    batch: int | None = None,
) -> tuple[Any, Any]:
    """TRL's settings: its defaults, over them ours, over them what the user says to TRL.

    batch: completions a step over all processes, where the user says nothing else to TRL.
    """
    cuda = torch.cuda.is_available()
    parser: Any = TrlParser((kind, ModelConfig))
    parser.set_defaults_with_config(
        output_dir=str(out),
        seed=seed,
        logging_steps=1,
        save_steps=50,
        save_total_limit=2,
        report_to="none",
        use_cpu=not cuda,
        bf16=cuda and torch.cuda.is_bf16_supported(),
        **defaults,
    )
    try:
        if batch is not None:
            parser.set_defaults_with_config(**_micro_batches(batch, options))
        config, of_model = parser.parse_args_and_config(list(options))
    except SystemExit as error:  # argparse has said on stderr what it did not understand
        raise BadInput("TRL does not take the options after --; see its line above") from error
    except (ValueError, OSError) as error:
        raise BadInput(f"TRL's options: {error}") from error
    config.model_init_kwargs = {
        "revision": of_model.model_revision,
        "trust_remote_code": config.trust_remote_code,
        "attn_implementation": of_model.attn_implementation,
        "dtype": of_model.dtype,
        **(config.model_init_kwargs or {}),
    }
    return config, of_model


def _micro_batches(batch: int, options: Sequence[str]) -> dict[str, int]:
    """The micro-batch, and how many make `batch`: one optimiser step on each set of rollouts."""
    said = TrlParser(_Sizes).parse_args_and_config(
        list(options), return_remaining_strings=True, fail_with_unknown_args=False
    )[0]
    if said.gradient_accumulation_steps or said.steps_per_generation or said.generation_batch_size:
        return {}
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    micro = said.per_device_train_batch_size or gcd(8, max(1, batch // processes))
    if batch % (micro * processes):
        raise ValueError(
            f"{batch} completions a step do not divide into {processes} processes with "
            f"micro-batches of {micro}; change --groups or --size"
        )
    return {
        "per_device_train_batch_size": micro,
        "gradient_accumulation_steps": batch // (micro * processes),
    }


def _trainer(
    kind: type[Any],
    model: str,
    of_model: Any,
    config: Any,
    tokenizer: Any,
    data: list[dict[str, Any]],
    out: Path,
    **more: Any,
) -> Any:
    """TRL's trainer. Raises BadInput where the weights or a package are missing, or an option does
    not fit the others."""
    try:
        return kind(
            model=model,
            args=config,
            train_dataset=Dataset.from_list(data),
            processing_class=tokenizer,
            peft_config=get_peft_config(of_model),
            quantization_config=get_quantization_config(of_model),
            callbacks=[_Log(out)],
            **more,
        )
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        said = " ".join(str(error).split())
        raise BadInput(f"TRL cannot begin with {model}: {said}") from error


def _refuse_others(out: Path, kind: str) -> None:
    """Raises BadInput where `out` holds a run that these trainers, or this one, did not make."""
    if checkpoint.latest(out) is not None:
        raise BadInput(f"{out} holds a run of our own trainer; name another --out")
    if _last(out) is None:
        return
    path = out / "metrics.jsonl"
    made = "rl" if path.is_file() and '"reward": ' in path.read_text("utf-8") else "sft"
    if made != kind:
        raise BadInput(f"{out} holds a run of `train {made}`; name another --out")


def _last(out: Path) -> Path | None:
    """TRL's newest checkpoint that is whole: its state is what is written last."""
    found = [
        (int(p.parent.name[11:]), p.parent) for p in out.glob("checkpoint-*/trainer_state.json")
    ]
    return max(found)[1] if found else None


def _train(trainer: Any, tokenizer: Any, out: Path) -> Path:
    last = _last(out)
    if trainer.accelerator.is_main_process:
        if last is None:
            checkpoint.put_aside(out / "metrics.jsonl")
        else:  # what was logged after the checkpoint will happen again
            checkpoint.forget(out / "metrics.jsonl", int(last.name[11:]))
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    folder = out / "model"
    trainer.save_model(str(folder))
    peft = hasattr(trainer.accelerator.unwrap_model(trainer.model), "peft_config")
    if is_ours(tokenizer) and not peft and trainer.accelerator.is_main_process:
        network = trainer.accelerator.unwrap_model(trainer.model)
        write_checkpoint(folder, network.state_dict(), network.config.to_dict())
    trainer.accelerator.wait_for_everyone()
    trainer.end()
    return folder


class _Log(TrainerCallback):
    """What TRL measures, line by line in OUT/metrics.jsonl: our names, and all of TRL's."""

    def __init__(self, out: Path) -> None:
        self._path = out / "metrics.jsonl"

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        if not state.is_world_process_zero or not logs or "train_runtime" in logs:
            return
        found = checkpoint.finite(logs)
        ours = {ours: found[theirs] for theirs, ours in NAMES.items() if theirs in found}
        record = {
            "step": state.global_step,
            "backend": "trl",
            "processes": args.world_size,
            **ours,
            "trl": found,
        }
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
        except OSError as error:
            raise CannotWrite(
                f"cannot write {self._path}: {error.strerror or error}; free some space and run "
                "the command again: it goes on from the last checkpoint"
            ) from error
