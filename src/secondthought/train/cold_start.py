"""Cold start: a model from nothing, taught by worked traces.

Muon (Jordan et al., 2024) for matrices, AdamW for embeddings and norms; warm-up, constant, then
decay on a branch of its own (WSD, Hu et al., 2024), so that the constant phase can be taken up
again for ever; weights averaged (EMA) for every judgement. One file of metrics, one checkpoint
with everything a resume needs: killed at any moment, the run goes on from its last checkpoint.

    DIR/step-N.pt        weights, EMA, optimisers, position in the data
    DIR/metrics.jsonl    one line a log interval: loss, tokens, rate; one line a probe
    DIR/model/           the averaged weights as a servable checkpoint folder
"""

# torch types some functions only in part
# pyright: reportUnknownMemberType=false
from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from secondthought.messages import BadInput
from secondthought.tasks import catalogue
from secondthought.tasks.base import TRAIN_SEEDS
from secondthought.train import checkpoint
from secondthought.train.batches import LENGTHS, Feeder, MicroBatch, Plan
from secondthought.train.checkpoint import Diverged
from secondthought.train.ema import Ema
from secondthought.train.folder import read_model
from secondthought.train.model import (
    SHAPES,
    Shape,
    Transformer,
    loss_sum,
    run_block,
    to_hf,
)
from secondthought.train.precision import autocast, fast_precision, find_device

PATIENCE = 3
"""Steps in a row that may be not finite."""
DOCUMENTS_A_CHUNK = 8192
"""Enough that few rows of a length are left over for the next one."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is. Only `size` is a dial; the rest follows the measured recipe.

    tokens: length of the constant phase. decay_tokens: length of the branch that is shipped.
    step_tokens: padded tokens of one optimiser step. first_document: the training document
    the run begins with (documents are numbered; see `train.mixture`). source: hash of the weights
    that a run began from which are not its own; such a run reads other documents than the one
    that made them, and no easy levels first. traces, wrong_answers: files of `train rejection`:
    the model's own right thoughts, and its own mistakes to mend.
    """

    size: str = "5m"
    tasks: tuple[str, ...] = field(default_factory=catalogue.names)
    tokens: int = 160_000_000
    decay_tokens: int = 0
    step_tokens: int = 16_384
    micro_tokens: int = 8_192
    learning_rate: float = 2e-3
    weight_decay: float = 0.1
    warmup_steps: int = 100
    ema: float = 0.998
    seed: int = 0
    first_document: int = 0
    source: str | None = None
    answer_only: bool = False
    traces: str | None = None
    wrong_answers: str | None = None
    probe_seconds: float = 600.0
    save_seconds: float = 300.0

    @property
    def shape(self) -> Shape:
        return SHAPES[self.size]


def optimisers(model: Transformer, recipe: Recipe) -> list[torch.optim.Optimizer]:
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    rest = [p for n, p in model.named_parameters() if p.ndim != 2 or "embed" in n]
    return [
        torch.optim.Muon(
            matrices,
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            adjust_lr_fn="match_rms_adamw",
        ),
        torch.optim.AdamW(rest, lr=recipe.learning_rate, betas=(0.9, 0.95), weight_decay=0.0),
    ]


class Run:
    """One training run: state, and the loop over steps."""

    def __init__(self, out: Path, recipe: Recipe, *, device: str = "auto", compile: bool = True):
        if recipe.size not in SHAPES:
            raise BadInput(f"unknown size {recipe.size!r}; choose one of {', '.join(SHAPES)}")
        self.out, self.recipe, self.device = out, recipe, find_device(device)
        torch.manual_seed(recipe.seed)
        self.model = Transformer(recipe.shape).to(self.device)
        self.precision = fast_precision(self.device)
        self.optimisers = optimisers(self.model, recipe)
        self.ema = Ema(self.model, recipe.ema)
        self.step = 0
        self.tokens = 0
        self.chunk = 0
        self.micro = 0
        self.names = [catalogue.task(name).name for name in recipe.tasks]
        self.weights = dict.fromkeys(self.names, 1.0)
        self.failures = self.skipped = 0
        self.gradient_norm = 0.0
        self.stop = False
        self.plan: Plan | None = None
        self.accuracy: dict[str, float] = {}
        self.decay_from: int | None = None
        self.seconds = 0.0
        self._full = {(recipe.micro_tokens // n, n) for n in LENGTHS if n <= 1024}
        # not the whole model: its blocks share one graph a shape, which compiles six times as fast
        self._compiled = torch.compile(run_block, dynamic=False) if compile else run_block
        # a graph per shape, all of them wanted; there is no public name for this limit
        torch._dynamo.config.recompile_limit = 64  # pyright: ignore[reportPrivateUsage]

    # --- state ---------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return {
            "kind": "cold start",
            "recipe": asdict(self.recipe),
            "model": self.model.state_dict(),
            "ema": self.ema.average,
            "optimisers": [o.state_dict() for o in self.optimisers],
            "step": self.step,
            "tokens": self.tokens,
            "chunk": self.chunk,
            "micro": self.micro,
            "weights": self.weights,
            "plan": asdict(self.plan) if self.plan else None,
            "accuracy": self.accuracy,
            "decay_from": self.decay_from,
            "seconds": self.seconds,
            "skipped": self.skipped,
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.ema.restore(state["ema"])
        for optimiser, saved in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        self.step, self.tokens = state["step"], state["tokens"]
        self.skipped = state.get("skipped", 0)
        self.chunk, self.micro = state["chunk"], state["micro"]
        self.weights = {t: state["weights"].get(t, 1.0) for t in self.names}
        # what was logged after the checkpoint will happen again
        checkpoint.forget(self.out / "metrics.jsonl", self.step)
        self.accuracy = state["accuracy"]
        self.decay_from, self.seconds = state["decay_from"], state["seconds"]
        self.plan = Plan(**state["plan"]) if state["plan"] else None

    def load_model(self, folder: Path) -> None:
        """Begin from a model's weights (see `export`) instead of random ones."""
        weights, shape, origin = read_model(folder)
        if replace(shape, context=self.recipe.shape.context) != self.recipe.shape:
            raise BadInput(f"{folder} is no model of size {self.recipe.size}")
        self.model.load_state_dict(weights)
        self.ema = Ema(self.model, self.recipe.ema)
        first = int(origin["hash"], 16) % (len(TRAIN_SEEDS) // 2)
        self.recipe = replace(self.recipe, source=origin["hash"], first_document=first)

    def save(self) -> None:
        checkpoint.save(self.out, self.step, self.state())

    def export(self) -> Path:
        """The averaged weights as a checkpoint folder, DIR/model."""
        from secondthought.train.export import write_checkpoint

        weights = {k: v.float().cpu() for k, v in self.ema.average.items()}
        folder = self.out / "model"
        write_checkpoint(folder, to_hf(weights, self.recipe.shape), self.recipe.shape.hf_config())
        made = {
            "recipe": asdict(self.recipe),
            "steps": self.step,
            "tokens": self.tokens,
            "decay_from_token": self.decay_from,
            "seconds": round(self.seconds),
        }
        try:
            (folder / "recipe.json").write_text(json.dumps(made, indent=2) + "\n", "utf-8")
        except OSError as error:
            raise BadInput(f"cannot write to {folder}: {error.strerror or error}") from error
        return folder

    # --- schedule ------------------------------------------------------------------------

    @property
    def end(self) -> int:
        """Tokens at which the run is over."""
        if self.decay_from is not None:
            return self.decay_from + self.recipe.decay_tokens
        return self.recipe.tokens

    @property
    def over(self) -> bool:
        return self.stop or self.tokens >= self.end

    def learning_rate(self) -> float:
        peak = self.recipe.learning_rate
        if self.step < self.recipe.warmup_steps:
            return peak * (self.step + 1) / self.recipe.warmup_steps
        if self.decay_from is not None:
            left = 1 - (self.tokens - self.decay_from) / max(1, self.recipe.decay_tokens)
            return peak * max(0.0, left)
        return peak

    def plans(self) -> Iterator[Plan]:
        """The chunk under way first (a resume), then new ones with the weights of the moment."""
        chunk = self.chunk
        if self.plan is not None and self.micro > 0:
            yield self.plan
            chunk += 1
        while True:
            # progress runs ahead of what is trained by the chunks in the queue: harmless
            yield Plan(
                first=self.recipe.first_document + chunk * DOCUMENTS_A_CHUNK,
                count=DOCUMENTS_A_CHUNK,
                tasks=self.recipe.tasks,
                weights=dict(self.weights),
                progress=1.0 if self.recipe.source else min(1.0, self.tokens / self.recipe.tokens),
                answer_only=self.recipe.answer_only,
                extra={"traces": self.recipe.traces, "wrong_answers": self.recipe.wrong_answers},
            )
            chunk += 1

    # --- the loop ------------------------------------------------------------------------

    def train_step(self, batches: list[MicroBatch]) -> float:
        """One optimiser step over some micro-batches; the mean loss in nats a target.

        A step whose loss or gradient is not finite changes no weights. Raises Diverged after
        `PATIENCE` of them in a row.
        """
        targets = sum(int((b.targets_BT != -100).sum()) for b in batches)
        rate = self.learning_rate()
        total = torch.zeros((), device=self.device)
        for batch in batches:
            ids = torch.from_numpy(batch.ids_BT).to(self.device)
            wanted = torch.from_numpy(batch.targets_BT).to(self.device)
            # rare shapes are not worth the time of compiling
            run = self._compiled if tuple(ids.shape) in self._full else run_block
            with autocast(self.device, self.precision):
                loss = loss_sum(self.model, ids, wanted, run) / targets
            loss.backward()
            total += loss.detach()
        mean = float(total)
        norm = float(nn.utils.clip_grad_norm_(self.model.parameters(), 1.0))
        finite = math.isfinite(mean) and math.isfinite(norm)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            if finite:
                optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        if finite:
            self.ema.update(self.model, self.step)
        self.failures = 0 if finite else self.failures + 1
        self.skipped += not finite
        self.gradient_norm = norm
        if self.failures >= PATIENCE:
            raise Diverged(
                f"{PATIENCE} steps in a row were not finite, the last at step {self.step}; the "
                "last checkpoint is sound: run the same command again, or begin anew"
            )
        self.step += 1
        self.tokens += sum(b.tokens for b in batches)
        return mean

    def log(self, record: dict[str, Any]) -> None:
        """Raises BadInput when the folder takes no more."""
        path = self.out / "metrics.jsonl"
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(checkpoint.finite(record), allow_nan=False) + "\n")
        except OSError as error:
            raise BadInput(
                f"cannot write {path}: {error.strerror or error}; free some space and run the "
                "command again: it goes on from the last checkpoint"
            ) from error

    def probe(self) -> dict[str, float]:
        """Greedy accuracy per task on unseen items with the averaged weights; sets the weights of
        the tasks to 0.1 + (1 - accuracy)."""
        from secondthought.train.probe import probe

        found = probe(self.export(), self.recipe.tasks, think=not self.recipe.answer_only)
        self.accuracy = dict(zip(self.names, found.values(), strict=True))
        self.weights = {name: 0.1 + 1 - share for name, share in self.accuracy.items()}
        self.log({"step": self.step, "tokens": self.tokens, "accuracy": self.accuracy})
        return self.accuracy

    def events(self) -> Iterator[dict[str, Any]]:
        """Train to the end, or to the end of the step under way once `stop` is set; yields a
        record every few steps (for a progress bar). Raises Diverged."""
        feeder = Feeder(self.plans(), self.recipe.micro_tokens, workers=1)
        a_step = max(1, self.recipe.step_tokens // self.recipe.micro_tokens)
        started = last_save = last_probe = time.monotonic()
        before = self.seconds
        window, norms = list[float](), list[float]()
        window_tokens, window_start = self.tokens, started
        try:
            for plan, batches in feeder:
                if self.plan is None or plan.first != self.plan.first:
                    self.plan, self.micro = plan, 0
                    self.chunk = (plan.first - self.recipe.first_document) // DOCUMENTS_A_CHUNK
                while self.micro + a_step <= len(batches) and not self.over:
                    window.append(self.train_step(batches[self.micro : self.micro + a_step]))
                    norms.append(self.gradient_norm)
                    self.micro += a_step
                    now = time.monotonic()
                    self.seconds = before + now - started
                    if len(window) >= 10:
                        rate = (self.tokens - window_tokens) / (now - window_start)
                        record = {
                            "step": self.step,
                            "tokens": self.tokens,
                            "loss": sum(window) / len(window),
                            "gradient_norm": sum(norms) / len(norms),
                            "skipped": self.skipped,
                            "learning_rate": self.learning_rate(),
                            "tokens_per_second": rate,
                            "eta_seconds": (self.end - self.tokens) / rate,
                            "seconds": self.seconds,
                        }
                        self.log(record)
                        yield record
                        window, norms = [], []
                        window_tokens, window_start = self.tokens, now
                    if now - last_save > self.recipe.save_seconds:
                        self.save()
                        last_save = now
                    if now - last_probe > self.recipe.probe_seconds:
                        self.probe()
                        yield {"accuracy": self.accuracy, "step": self.step}
                        last_probe = window_start = time.monotonic()
                if self.over:
                    break
                self.chunk, self.micro = self.chunk + 1, 0
        finally:
            feeder.close()
        self.save()  # not where something was raised: a step may be half done


def start(
    out: Path,
    recipe: Recipe,
    *,
    source: Path | None = None,
    device: str = "auto",
    compile: bool = True,
) -> Run:
    """A fresh run, or the one in `out` gone on with.

    source: another run's checkpoint (`step-N.pt`) to branch from; with `decay_tokens` the branch
    is the decay to ship. Without, it is the constant phase, also after a decay: so the tokens of
    the decay are not lost (WSD-S, Wen et al. 2024, arXiv 2410.05192). Or a model's folder: its
    weights, with everything else fresh. Raises BadInput when `out` holds a run of another size,
    or of another phase, or cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"cannot make the folder {out}: {error.strerror or error}") from error
    checkpoint.refuse_trls(out)
    own = checkpoint.latest(out)
    path = own or source
    if path is None or path.is_dir():
        run = Run(out, recipe, device=device, compile=compile)
        checkpoint.put_aside(out / "metrics.jsonl")
        if path is not None:
            run.load_model(path)
        return run
    state = checkpoint.load(path)
    if state.get("kind", "cold start") != "cold start":
        raise BadInput(f"{path} is of a run of another kind; name another folder")
    if state["recipe"]["size"] != recipe.size:
        raise BadInput(
            f"{path} is a run of size {state['recipe']['size']}, not {recipe.size}; "
            "name another --out or the same --size"
        )
    if own is not None:
        _demand_the_same(out, state, recipe)
    kept = {k: state["recipe"][k] for k in ("seed", "source", "first_document")}
    run = Run(out, replace(recipe, **kept), device=device, compile=compile)
    run.restore(state)
    if own is None:  # what branches off a decayed run goes on at the full rate (WSD-S)
        run.decay_from = run.tokens if recipe.decay_tokens else None
    return run


def _demand_the_same(out: Path, state: dict[str, Any], recipe: Recipe) -> None:
    """Raises BadInput where going on would silently make another thing of the run in `out`."""
    if recipe.decay_tokens and state["decay_from"] is None:
        raise BadInput(
            f"{out} holds a run at the constant rate, which stays as it is; name another --out "
            "for its decay"
        )
    if state["decay_from"] is not None and not recipe.decay_tokens:
        raise BadInput(
            f"{out} holds a decay; repeat its --decay and --source to go on, or name it as "
            "--source of another --out"
        )
    if recipe.answer_only != state["recipe"].get("answer_only", False):
        kind = "with" if recipe.answer_only else "without"
        raise BadInput(
            f"{out} holds a run {kind} thoughts; repeat its command to go on, or name another --out"
        )
