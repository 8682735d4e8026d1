"""A run of reinforcement learning: draw questions, sample, verify, learn, measure; resumable.

    DIR/step-N.pt        weights, optimiser, curriculum, counters; the last two are kept
    DIR/metrics.jsonl    one line a step, one line a probe
    DIR/recipe.jsonl     the options, and from which step on: a line at the start and whenever a
                         resume changes one
    DIR/samples.jsonl    a few thoughts and answers at every probe, always to the same questions
    DIR/model/, best/    the last and the best weights as servable checkpoint folders

Everything random follows from counters in the checkpoint, so a killed run goes on exactly as it
would have: bit for bit on a CPU with the same number of threads.
"""

# torch types some functions only in part
# pyright: reportUnknownMemberType=false
from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch import Tensor

from secondthought import __version__
from secondthought.messages import BadInput
from secondthought.tasks import catalogue
from secondthought.tasks.base import Item, Task
from secondthought.train import checkpoint, tensorboard
from secondthought.train.checkpoint import Diverged
from secondthought.train.curriculum import Curriculum, Seen, Unsettled
from secondthought.train.ema import Ema
from secondthought.train.episodes import Ask, Group, Limits, OutOfScope, play, question
from secondthought.train.export import CannotWrite, write_checkpoint
from secondthought.train.folder import read_model
from secondthought.train.lessons import lessons, tries
from secondthought.train.model import Shape, Transformer, to_hf
from secondthought.train.precision import PRECISIONS, find_device
from secondthought.train.rl import Learner, Update, actions
from secondthought.train.rl_measure import Collected, measures, probe, tokens_of
from secondthought.train.rollouts import EngineSampler, Sampler

RL_SEEDS = range(3 * 10**8, 6 * 10**8)
"""Seeds of the questions: training ground."""
SEEDS_A_RUN = 10**7
ANCHOR_DIRECT = 0.25
"""How many anchor questions are to be answered at once, so that effort none is kept too."""
APART = 4
"""Steps' worth of questions that have to wait before one is asked again."""
PATIENCE = 3
"""Updates in a row that may be not finite."""


LOGS = ("metrics.jsonl", "samples.jsonl", "recipe.jsonl")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is.

    tasks: those to get better at. steps: in all, earlier ones of the same run included.
    groups, size: questions a step and attempts at each. anchor: share of the questions that come
    from all other tasks, to keep them. feedback: share of questions whose wrong answers are
    complained about and tried again. again: up to this share of the tasks' questions are earlier
    ones that were answered both right and wrong. length_penalty: what the longest right answer
    loses. refills: how often groups without variance are replaced in a step. updates: optimiser
    steps on one set of rollouts. ema: what is kept of the average of the weights at each step.
    critic: advantages token by token (`credit`), of all groups.
    until_wrong: the tasks' attempts end at their first step that is wrong (`refuted`).
    max_thought, max_answer: tokens. precision: of the trainer,
    "bfloat16", "float32" or "auto", what is fast here; the sampler on a CPU is float32.
    """

    tasks: tuple[str, ...]
    steps: int = 100
    groups: int = 32
    size: int = 16
    anchor: float = 0.2
    feedback: float = 0.1
    again: float = 0.5
    length_penalty: float = 0.05
    refills: int = 2
    learning_rate: float = 1e-4
    updates: int = 1
    ema: float = 0.9
    critic: bool = False
    until_wrong: bool = False
    max_thought: int = 1000
    max_answer: int = 200
    precision: str = "auto"
    seed: int = 0
    probe_steps: int = 10
    probe_items: int = 64
    save_seconds: float = 60.0


class Run:
    """One run: state, and the loop over steps. `stop = True` ends it after the step under way."""

    def __init__(
        self,
        out: Path,
        recipe: Recipe,
        weights: dict[str, Tensor],
        shape: Shape,
        source: dict[str, str],
        *,
        device: str = "auto",
        threads: int = 2,
        state: dict[str, Any] | None = None,
    ) -> None:
        """A fresh run of these weights, or the one that `state` tells of gone on with."""
        device = find_device(device).type
        self.threads = threads
        self.out, self.recipe, self.shape, self.source = out, recipe, shape, source
        self.targets = [catalogue.task(name) for name in recipe.tasks]
        self.anchors = [catalogue.task(n) for n in catalogue.names() if n not in recipe.tasks]
        self.anchors.append(OutOfScope())
        self.limits = Limits(recipe.max_thought, recipe.max_answer, shape.context)
        self.model = Transformer(shape)
        self.model.load_state_dict(weights)
        self.model.to(device)
        self.ema = Ema(self.model, recipe.ema)
        self.learner = Learner(
            self.model,
            learning_rate=recipe.learning_rate,
            precision=PRECISIONS.get(recipe.precision),
            updates=recipe.updates,
            micro_tokens=8_192 if device == "cpu" else 65_536,
        )
        self.curriculum = Curriculum([*self.targets, *self.anchors])
        self.unsettled = Unsettled()
        self.step = self.number = self.skipped = self.sampled = self.trained = 0
        self.failures = 0
        self.flops = self.seconds = 0.0
        self.best = -1.0
        self.stop = False
        self.parameters = sum(p.numel() for p in self.model.parameters())
        with _writing(out):
            out.mkdir(parents=True, exist_ok=True)
        if state is not None:
            self.restore(state)
        self.export("model")
        self.sampler: Sampler
        if device == "cpu":
            torch.set_num_threads(threads)
            self.sampler = EngineSampler(out / "model", threads=threads)
        else:
            from secondthought.train.torch_sampler import TorchSampler

            self.sampler = TorchSampler(self.model, device=device)

    # --- state ---------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return {
            "kind": "rl",
            "recipe": asdict(self.recipe),
            "shape": self.shape.as_dict(),
            "source": self.source,
            "model": self.model.state_dict(),
            "ema": self.ema.average,
            "optimiser": self.learner.optimiser.state_dict(),
            "curriculum": self.curriculum.state(),
            "unsettled": self.unsettled.state(),
            "step": self.step,
            "number": self.number,
            "skipped": self.skipped,
            "failures": self.failures,
            "sampled": self.sampled,
            "trained": self.trained,
            "flops": self.flops,
            "seconds": self.seconds,
            "best": self.best,
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.ema.restore(state.get("ema", state["model"]))
        self.learner.optimiser.load_state_dict(state["optimiser"])
        self.curriculum.restore(state["curriculum"])
        self.unsettled.restore(state.get("unsettled", []))
        for name in ("step", "number", "skipped", "failures", "sampled", "trained"):
            setattr(self, name, state[name])
        self.flops, self.seconds, self.best = state["flops"], state["seconds"], state["best"]
        # what was logged after the checkpoint will happen again
        for name in LOGS:
            checkpoint.forget(self.out / name, self.step)

    def save(self) -> None:
        """Raises CannotWrite; the checkpoints that are there stay whole."""
        checkpoint.save(self.out, self.step, self.state())
        self.export("model")

    def weights(self) -> dict[str, Tensor]:
        """The policy under Hugging Face's names."""
        return to_hf(self.model.state_dict(), self.shape)

    def average(self) -> dict[str, Tensor]:
        """The average of the policies of the last steps, which is what is measured and kept."""
        return to_hf(self.ema.average, self.shape)

    def export(self, name: str) -> Path:
        """The average as a checkpoint folder, DIR/name."""
        return write_checkpoint(self.out / name, self.average(), self.shape.hf_config())

    def close(self) -> None:
        self.sampler.close()

    # --- questions -----------------------------------------------------------------------

    def ask(self, target: bool) -> Ask:
        """The next question; everything about it follows from its number and what was before."""
        number, self.number = self.number, self.number + 1
        rng = Random(f"ask {self._seed(number)}")
        # anchors all alike: one that is never looked at is the one that is lost
        tasks = [rng.choice(self.anchors)] if not target else self.targets
        task = self.curriculum.draw_task(rng, tasks)
        level = self.curriculum.draw(rng, task)
        feedback = rng.random() < self.recipe.feedback and not isinstance(task, OutOfScope)
        if not target:
            think = rng.random() >= ANCHOR_DIRECT
            return Ask(number, task, self._item(number, task, level), think, feedback, target)
        # not before some others have come between
        enough = len(self.unsettled) >= APART * self.recipe.groups
        if enough and rng.random() < self.recipe.again:
            seen = self.unsettled.take()
            task = next(task for task in self.targets if task.name == seen.task)
            item = self._item(seen.number, task, seen.level)
            return Ask(number, task, item, feedback=feedback, again=seen.number)
        return Ask(number, task, self._item(number, task, level), feedback=feedback)

    def _item(self, number: int, task: Task, level: int) -> Item:
        return question(Random(self._seed(number)), task, level)

    def _seed(self, number: int) -> int:
        return RL_SEEDS.start + self.recipe.seed * SEEDS_A_RUN + number % SEEDS_A_RUN

    def collect(self) -> Collected:
        """Groups with variance, as many as the recipe wants or the refills give."""
        anchors = round(self.recipe.anchor * self.recipe.groups)
        wanted = {True: self.recipe.groups - anchors, False: anchors}
        kept, seen, first = list[Group](), list[Group](), list[Group]()
        verifying = 0.0
        for _ in range(1 + self.recipe.refills):
            asks = [self.ask(target) for target, n in wanted.items() for _ in range(n)]
            groups, seconds = play(
                self.sampler,
                asks,
                self.recipe.size,
                self.limits,
                seed=self.recipe.seed,
                until_wrong=self.recipe.until_wrong,
            )
            verifying += seconds
            first = first or groups
            seen += groups
            for group in groups:
                ask = group.ask
                right = sum(e.right for e in group.episodes)
                if ask.think and ask.again is None:
                    self.curriculum.record(ask.task.name, ask.item.level, self.recipe.size, right)
                if group.varied:
                    kept.append(group)
                    wanted[ask.target] -= 1
                    if ask.target:
                        number = ask.number if ask.again is None else ask.again
                        self.unsettled.put(Seen(number, ask.task.name, ask.item.level))
            if self.recipe.critic or not any(wanted.values()):
                break
        return Collected(kept, seen, first, verifying)

    # --- the loop ------------------------------------------------------------------------

    def learning_rate(self) -> float:
        """Warm-up over five steps, constant, and down to a tenth over the last fifth."""
        peak, steps = self.recipe.learning_rate, self.recipe.steps
        left = (steps - self.step) / max(1.0, steps / 5)
        return peak * min(1.0, (self.step + 1) / 5) * max(0.1, min(1.0, left))

    def train_step(self) -> dict[str, Any]:
        """One step; its record. Raises VerifierFailed, Diverged, CannotWrite."""
        started = time.perf_counter()
        self.sampler.load(self.weights())
        collected = self.collect()
        both = self.recipe.critic and self.recipe.until_wrong
        tried = tries(collected, self.sampler, self._seed(self.number)) if both else []
        rolled = time.perf_counter()
        if self.recipe.critic:
            found = lessons(collected, tried, self.learner, self.recipe.length_penalty)
        else:
            found = [a for g in collected.kept for a in actions(g, self.recipe.length_penalty)]
        rate = self.learning_rate()
        update = self.learner.step(found, self.recipe.groups * self.recipe.size, rate)
        if update.finite:
            self.failures = 0
            self.ema.update(self.model, self.step)
        else:
            self.skipped, self.failures = self.skipped + 1, self.failures + 1
            if self.failures >= PATIENCE:
                raise Diverged(
                    f"{PATIENCE} updates in a row were not finite, the last at step {self.step}; "
                    "go on from the last checkpoint with a smaller --learning-rate"
                )
        self.step += 1
        record = self._record(collected, update, rate, started, rolled)
        self.log("metrics.jsonl", record)
        return record

    def _record(
        self, collected: Collected, update: Update, rate: float, started: float, rolled: float
    ) -> dict[str, Any]:
        sampled, prompts = tokens_of(collected.seen)
        now = time.perf_counter()
        took = now - started
        self.sampled += sampled
        self.trained += update.tokens
        # 2 operations a parameter and token forward, 4 backward; prompts of a group are read once
        self.flops += self.parameters * 2 * (sampled + prompts / self.recipe.size)
        self.flops += self.parameters * 6 * update.tokens
        self.seconds += took
        return {
            "step": self.step,
            **measures(collected, update, self.recipe.length_penalty),
            "k": self.recipe.size,
            "skipped": self.skipped,
            "learning_rate": rate,
            "sampled": self.sampled,
            "trained": self.trained,
            "flops": self.flops,
            "seconds": self.seconds,
            "tokens_per_second": (sampled + update.tokens) / took,
            "sampled_per_second": sampled / (rolled - started),
            "shares": {
                "rollout": (rolled - started - collected.verifying) / took,
                "verification": collected.verifying / took,
                "training": (now - rolled) / took,
            },
            "eta_seconds": (self.recipe.steps - self.step) * self.seconds / self.step,
            "rates": self.curriculum.rates(),
        }

    def probe(self) -> dict[str, Any]:
        """Accuracy on unseen questions, always the same ones; keeps the best weights."""
        started = time.perf_counter()
        self.sampler.load(self.average())
        n = self.recipe.probe_items
        found, samples = probe(self.sampler, self.targets, self.anchors, n, self.limits)
        better = found["score"] > self.best
        self.best = max(self.best, found["score"])
        record: dict[str, Any] = {
            "step": self.step,
            **found,
            "best": self.best,
            "items": n,
            "sampled": self.sampled,
            "trained": self.trained,
            "flops": self.flops,
            "seconds": self.seconds,
            "probe_seconds": time.perf_counter() - started,
        }
        self.log("metrics.jsonl", record)
        for sample in samples:
            self.log("samples.jsonl", {"step": self.step, **sample})
        # only now: a run killed between a checkpoint and its log would never measure this again
        if better:
            self.export("best")
            if self.step:  # a resume must know what it has to beat
                self.save()
        return record

    def note(self) -> None:
        """A line in recipe.jsonl, unless all is as its last line says."""
        now = {
            "recipe": {**asdict(self.recipe), "tasks": list(self.recipe.tasks)},
            "source": self.source,
            "parameters": self.parameters,
            "device": self.learner.device.type,
            "trained_in": str(self.learner.precision).removeprefix("torch."),
            "threads": self.threads,
            "version": __version__,
        }
        path = self.out / "recipe.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
        if not lines or {**json.loads(lines[-1]), "step": 0} != {"step": 0, **now}:
            self.log(path.name, {"step": self.step, **now})

    def log(self, name: str, record: dict[str, Any]) -> None:
        with _writing(self.out), (self.out / name).open("a", encoding="utf-8") as file:
            file.write(
                json.dumps(checkpoint.finite(record), ensure_ascii=False, allow_nan=False) + "\n"
            )

    def events(self) -> Iterator[dict[str, Any]]:
        """Train to the end; yields every step's and probe's record."""
        board = tensorboard.Writer(self.out)
        last_save = time.monotonic()
        if self.step == 0:
            yield self.probe()
        while self.step < self.recipe.steps and not self.stop:
            record = self.train_step()
            with _writing(self.out):
                board.add(self.step, record)
            yield record
            if self.step % self.recipe.probe_steps == 0 or self.step == self.recipe.steps:
                record = self.probe()
                with _writing(self.out):
                    board.add(self.step, record)
                yield record
            if time.monotonic() - last_save > self.recipe.save_seconds:
                self.save()
                last_save = time.monotonic()
        self.save()


def start(
    out: Path,
    recipe: Recipe,
    *,
    source: Path | None = None,
    device: str = "auto",
    threads: int = 2,
) -> Run:
    """A fresh run from the checkpoint folder `source`, or the one in `out` gone on with.

    On a resume the questions and groups follow the new recipe, so keep it but for `steps` if the
    run is to be the same. Raises BadInput for a folder that is no checkpoint of ours, or when
    `out` holds a run that began elsewhere.
    """
    if not 0 <= recipe.seed < len(RL_SEEDS) // SEEDS_A_RUN:
        raise BadInput(f"--seed {recipe.seed} is out of range; use 0 to 29")
    if round(recipe.anchor * recipe.groups) >= recipe.groups:
        raise BadInput(
            f"--anchor {recipe.anchor} of {recipe.groups} groups leaves no question of the tasks "
            "themselves; raise --groups, or lower --anchor"
        )
    checkpoint.refuse_trls(out)
    newest = checkpoint.latest(out)
    if newest is None:
        if source is None:
            raise BadInput(f"there is no run in {out} to go on with; name a model with -m")
        weights, shape, origin = read_model(source)
        run = Run(out, recipe, weights, shape, origin, device=device, threads=threads)
        for name in LOGS:
            checkpoint.put_aside(out / name)
        run.note()
        return run
    state = checkpoint.load(newest)
    if state.get("kind") != "rl":
        raise BadInput(f"{out} holds a run of another kind; name another --out")
    if source is not None:
        origin = read_model(source)[2]
        if origin["hash"] != state["source"]["hash"]:
            raise BadInput(
                f"the run in {out} began from the weights {state['source']['hash']}, not "
                f"{origin['hash']}; name another --out, or leave -m out to go on"
            )
    before = [catalogue.task(name).name for name in state["recipe"]["tasks"]]
    if before != [catalogue.task(name).name for name in recipe.tasks]:
        raise BadInput(
            f"the run in {out} is of {', '.join(before)}; name these tasks to go on, or another "
            "--out"
        )
    run = Run(
        out,
        recipe,
        state["model"],
        Shape(**state["shape"]),
        state["source"],
        device=device,
        threads=threads,
        state=state,
    )
    run.note()
    return run


@contextmanager
def _writing(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise CannotWrite(
            f"cannot write to {path}: {error.strerror or error}; free some space and run the "
            "command again: it goes on from the last checkpoint"
        ) from error
