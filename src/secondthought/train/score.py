"""Teach a finished model how sure it may be: the learned score of `models/engine/score.py`.

The model answers fresh training questions as it will be asked (the whole loop, one thought each,
sampled), some of them also without a thought, and questions out of its scope that it should have
declined. Where each answer ends, the last hidden state goes into a logistic regression on whether
the answer was right. Its weights become the row of the marker <|score|>, which nothing else uses;
no other byte of the weights changes. Answers that are "I don't know." or were cut are left out:
they are never scored.

A second, small regression weighs the marker with the rest of the evidence (log-probs, steps that
do not hold). All that is reported is out of fold: each answer is scored by regressions that did
not see it, nor another answer to its question.
"""

# torch types some functions only in part
# pyright: reportUnknownMemberType=false
from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from secondthought.effort import SAMPLING, Effort, Policy
from secondthought.loop.judging import thought_score
from secondthought.messages import BadInput
from secondthought.models.base import ModelError
from secondthought.models.embedded import Embedded
from secondthought.models.engine.checkpoint import from_bf16, hash_of, header_of, to_bf16
from secondthought.models.engine.score import Score, signals
from secondthought.models.engine.tokenizer import (
    ASSISTANT,
    END,
    SCORE,
    UNSCORED,
    UNTHINK,
    encode,
    prompt,
)
from secondthought.reasoner import Reasoner
from secondthought.stats import Estimate, auc
from secondthought.tasks.base import Task
from secondthought.trace import Evidence, Trace
from secondthought.train.episodes import Ask, OutOfScope, judge, question
from secondthought.train.folder import read_model
from secondthought.train.model import Transformer

Floats = NDArray[np.float64]

SEEDS = range(2 * 10**8, 3 * 10**8)
"""Seeds of the questions: training ground."""
IN_FLIGHT = 64
DIRECT = 0.25
"""How many of the questions are also asked for an answer at once, for efforts that do so."""
FOLDS = 5
LEAST = 20  # right answers, and wrong ones, without which there is nothing to fit
PENALTIES = (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""Strengths of the ridge that are tried, on hidden states of variance 1."""
_BATCH_TOKENS = 8192


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of the model to a training question.

    ids: prompt, thought, answer and the markers between, <|end|> last. evidence: as the loop saw
    it; its marker means nothing yet. steps: the share of the thought's steps that hold.
    """

    task: str
    ids: list[int]
    right: bool
    evidence: Evidence
    steps: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """row: what the marker's row is to be, above that of UNSCORED. bias, factors: as in `Score`.
    figures: how many answers, how many of them right, and how well each signal tells them apart
    (AUC and its interval), those without a thought apart."""

    row: Floats
    bias: float
    factors: dict[str, float]
    figures: dict[str, Any]


def collect(
    folder: Path,
    tasks: Sequence[Task],
    n: int,
    *,
    effort: Effort = Effort.MEDIUM,
    threads: int = 2,
    seed: int = 0,
    on_answer: Callable[[int], object] = lambda done: None,
) -> list[Answered]:
    """Ask n questions, the tasks taking turns, one in so many out of scope; what was answered.

    Raises BadInput when the seeds do not reach, ModelError when the model fails.
    """
    if not 0 <= seed <= len(SEEDS) - n:
        raise BadInput(f"--seed {seed} with {n} questions is out of range; use less")
    asked = _collect(folder, [*tasks, OutOfScope()], n, effort, threads, seed, on_answer)
    try:
        return asyncio.run(asked)
    except ExceptionGroup as several:  # of the workers; one says what the matter is
        raise several.exceptions[0] from several


async def _collect(
    folder: Path,
    tasks: Sequence[Task],
    n: int,
    effort: Effort,
    threads: int,
    seed: int,
    on_answer: Callable[[int], object],
) -> list[Answered]:
    numbers, kept, done = iter(range(n)), dict[int, list[Answered]](), 0
    async with Reasoner(Embedded.load(folder, threads=threads)) as reasoner:
        policy = reasoner.policy(effort)
        if not policy.temperature:
            policy = replace(policy, temperature=SAMPLING)
        direct = reasoner.policy(Effort.NONE, temperature=SAMPLING)

        async def ask(i: int, question: Ask, policy: Policy) -> list[Answered]:
            try:
                trace = await reasoner.answer(question.item.problem, seed=i, policy=policy)
            except ModelError as error:
                if error.kind == "context":  # a question too long for this model
                    return []
                raise
            return _answered(question, trace)

        async def work() -> None:
            nonlocal done
            for i in numbers:  # the workers share one iterator
                rng, task = Random(SEEDS[seed + i]), tasks[i % len(tasks)]
                asked = Ask(i, task, question(rng, task, task.default_level))
                kept[i] = await ask(i, asked, policy)
                if rng.random() < DIRECT:
                    kept[i] += await ask(i, asked, direct)
                done += 1
                on_answer(done)

        async with asyncio.TaskGroup() as group:
            for _ in range(IN_FLIGHT):
                group.create_task(work())
    return [one for i in sorted(kept) for one in kept[i]]


def _answered(ask: Ask, trace: Trace) -> list[Answered]:
    """The answer, or none where no score is for it. A thought may have come in several calls; its
    bytes are its tokens, so that the whole of it can be read as one."""
    branch = trace.branch(trace.committed)
    if branch.evidence is None or trace.abstained or "\ufffd" in trace.thought + trace.answer:
        return []
    verdict = judge(ask, trace.answer)
    if verdict.error is not None:
        return []
    thinks = branch.evidence.thought is not None
    messages = ask.item.problem.messages
    head = prompt(messages, think=thinks, thought_prefix=trace.thought)
    ids = [*head, *([UNTHINK] if thinks else []), *encode(trace.answer), END]
    steps = thought_score(trace.steps(trace.committed))
    return [Answered(ask.task.name, ids, verdict.passed, branch.evidence, steps)]


def states(folder: Path, answers: Sequence[Answered]) -> Floats:
    """The last hidden state [n, width] of each answer: that which led to its <|end|>, after the
    final norm, as the output matrix meets it."""
    weights, shape, _ = read_model(folder)
    model = Transformer(shape).eval()
    model.load_state_dict(weights)
    kept: list[torch.Tensor] = []

    def keep(_module: Any, _inputs: Any, out: torch.Tensor) -> None:
        kept.append(out)

    model.norm.register_forward_hook(keep)
    hidden = np.zeros((len(answers), shape.width))
    for batch in _batches(answers):
        longest = max(len(answers[i].ids) for i in batch)
        rows = [answers[i].ids + [END] * (longest - len(answers[i].ids)) for i in batch]
        with torch.no_grad():
            model(torch.tensor(rows))
        last = kept.pop().double().numpy()
        for row, i in enumerate(batch):
            hidden[i] = last[row, len(answers[i].ids) - 2]
    return hidden


def _batches(answers: Sequence[Answered]) -> list[list[int]]:
    """Numbers of answers of similar length, few enough to be read at once."""
    batches: list[list[int]] = []
    for i in sorted(range(len(answers)), key=lambda i: len(answers[i].ids)):
        if not batches or (len(batches[-1]) + 1) * len(answers[i].ids) > _BATCH_TOKENS:
            batches.append([])
        batches[-1].append(i)
    return batches


@dataclass(frozen=True, slots=True)
class _Probe:
    """A regression on hidden states: an answer's log-odds are hidden @ slope + bias. odds: of each
    answer, out of fold."""

    penalty: float
    slope: Floats
    bias: float
    odds: Floats


def fit(answers: Sequence[Answered], hidden: Floats, *, seed: int = 0) -> Fitted:
    """The marker's weights, and what the confidence is made of. hidden: `states` of the answers.
    Raises BadInput where too few answers are right, or wrong."""
    right = np.array([float(one.right) for one in answers])
    if min(right.sum(), (1 - right).sum()) < LEAST:
        raise BadInput(
            f"{right.sum():.0f} of {len(right)} answers are right; a score needs {LEAST} right "
            "and as many wrong ones: raise --limit, or choose tasks that the model half knows"
        )
    folds = _folds(answers, seed)
    probe = _probe(hidden, right, folds)
    found = [signals(one.evidence) for one in answers]
    columns = {name: np.array([one[name] for one in found]) for name in found[0]}
    columns["marker"] = probe.odds
    factors, bias, confidence = _weighed(columns, right, folds)
    # The row is the probe's slope, scaled so that the marker stays as improbable as it was; factor
    # and bias take up the rest.
    unit = max(1e-9, float((hidden @ probe.slope).std()))
    bias += factors["marker"] * probe.bias
    factors["marker"] *= unit
    columns["failed"] = -columns["failed"]
    columns["share of steps that hold"] = np.array([one.steps for one in answers])
    thought = columns.pop("no_thought") == 0
    told = {"confidence": confidence, **columns}
    figures: dict[str, Any] = {
        "penalty": probe.penalty,
        "with_thought": _figures(told, right, thought),
        "without_thought": _figures(told, right, ~thought),
    }
    return Fitted(probe.slope / unit, bias, factors, figures)


def _folds(answers: Sequence[Answered], seed: int) -> NDArray[np.int64]:
    """The fold of each answer. All answers to one question share it: the one given at once would
    tell of the one given after a thought."""
    asked = [tuple(one.ids[: one.ids.index(ASSISTANT)]) for one in answers]
    numbers = {question: i for i, question in enumerate(dict.fromkeys(asked))}
    fold = np.random.default_rng(seed).permutation(len(numbers)) % FOLDS
    return fold[[numbers[question] for question in asked]]


def _probe(hidden: Floats, right: Floats, folds: NDArray[np.int64]) -> _Probe:
    """By the penalty that does best out of fold."""
    centre, spread = hidden.mean(0), hidden.std(0) + 1e-6
    scaled = (hidden - centre) / spread
    tried = {penalty: _out_of_fold(scaled, right, folds, penalty) for penalty in PENALTIES}
    penalty = min(PENALTIES, key=lambda p: _loss(tried[p], right))
    w, b = logistic(scaled, right, penalty)
    slope = w / spread
    return _Probe(penalty, slope, float(b - centre @ slope), tried[penalty])


def _weighed(
    columns: dict[str, Floats], right: Floats, folds: NDArray[np.int64]
) -> tuple[dict[str, float], float, Floats]:
    """(factors of the signals, bias, the confidence in each answer, out of fold)"""
    table = np.column_stack(list(columns.values()))
    middle, width = table.mean(0), table.std(0)
    width[width < 1e-9] = np.inf  # what never differs weighs nothing
    table = (table - middle) / width
    confidence = 1 / (1 + np.exp(-_out_of_fold(table, right, folds, 1.0)))
    weights, bias = logistic(table, right, 1.0)
    factors = dict(zip(columns, (weights / width).tolist(), strict=True))
    return factors, bias - float(weights @ (middle / width)), confidence


def _figures(told: dict[str, Floats], right: Floats, part: NDArray[np.bool_]) -> dict[str, Any]:
    """Of a part of the answers: how many, how many right, and what tells them apart how well."""
    if not part.any():
        return {"answers": 0, "right": None, "brier": None, "auc": {}}
    return {
        "answers": int(part.sum()),
        "right": round(float(right[part].mean()), 4),
        "brier": round(float(((told["confidence"] - right)[part] ** 2).mean()), 4),
        "auc": {name: _rounded(auc(v[part], right[part] > 0)) for name, v in told.items()},
    }


def _out_of_fold(x: Floats, right: Floats, folds: NDArray[np.int64], penalty: float) -> Floats:
    """Log-odds of each answer by a regression on the other folds."""
    out = np.zeros(len(right))
    for fold in range(FOLDS):
        w, b = logistic(x[folds != fold], right[folds != fold], penalty)
        out[folds == fold] = x[folds == fold] @ w + b
    return out


def logistic(x: Floats, right: Floats, penalty: float) -> tuple[Floats, float]:
    """Weights [d] and bias of a ridge logistic regression of right [n] (0 or 1) on x [n, d], by
    Newton's method; the bias carries no penalty. Steps that gain nothing are halved."""
    x = np.column_stack([x, np.ones(len(x))])
    ridge = np.full(x.shape[1], penalty)
    ridge[-1] = 1e-9
    w = np.zeros(x.shape[1])

    def cost(w: Floats) -> float:
        return len(x) * _loss(x @ w, right) + 0.5 * float(ridge @ w**2)

    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -500, 500)))
        gradient = x.T @ (p - right) + ridge * w
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + np.diag(ridge + 1e-9), gradient)
        size = 1.0
        while cost(w - size * step) > cost(w) and size > 1e-6:
            size /= 2
        w = w - size * step
        if abs(size * step).max() < 1e-8:
            break
    return w[:-1], float(w[-1])


def _loss(log_odds: Floats, right: Floats) -> float:
    """Mean cross-entropy, in nats."""
    return float(np.logaddexp(0, np.where(right > 0, -log_odds, log_odds)).mean())


def _rounded(estimate: Estimate) -> list[float]:
    return [round(v, 4) for v in (estimate.value, estimate.low, estimate.high)]


def install(folder: Path, fitted: Fitted) -> Score:
    """Write the marker's row into model.safetensors, where nothing else changes, and score.json.
    Raises BadInput when that cannot be written."""
    path = folder / "model.safetensors"
    try:
        data = with_row(path.read_bytes(), fitted.row)
        hash = hash_of(data)
        score = Score(hash, fitted.bias, fitted.factors, fitted.figures)
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.replace(path)
        score.write(folder)
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be written: {error.strerror or error}; copy it and name the copy"
        ) from error
    return score


def with_row(data: bytes, row: Floats) -> bytes:
    """A safetensors file with the row of UNSCORED plus this one as the row of SCORE, in the
    file's own number type; all other bytes as they were. Raises BadInput for another type."""
    header, start = header_of(data)
    entry = header.get("lm_head.weight") or header["model.embed_tokens.weight"]
    if entry["dtype"] not in ("BF16", "F32"):
        raise BadInput(f"the weights are of type {entry['dtype']}; this writes BF16 and F32 only")
    half = entry["dtype"] == "BF16"
    width = entry["shape"][1] * (2 if half else 4)
    start += entry["data_offsets"][0]
    beside = data[start + UNSCORED * width : start + (UNSCORED + 1) * width]
    if half:
        new = to_bf16(from_bf16(beside) + row)
    else:
        new = (np.frombuffer(beside, "<f4") + row).astype("<f4").tobytes()
    at = start + SCORE * width
    return data[:at] + new + data[at + width :]
