"""Episodes: questions are asked in groups, answered, verified, and complained about.

A group is one question with several attempts. In a feedback group a wrong answer is followed by
a true complaint (a hint, or only "wrong"), sometimes a right one by a false complaint, and the
policy answers again; the episode has one return. The second prompt is made of the ids of the
first turn: history drops the thought, as everywhere, but the answer stands as it was sampled.

With `until_wrong` an attempt ends at its first step that a program finds wrong (`refuted`): it has
no answer, and counts as a wrong one.

A verifier that breaks is never a wrong answer: such an attempt has no return, and too many of
them end the run with `VerifierFailed`. Nothing but the verifier's verdict on the answer enters
a return: a monitor's finding would teach the policy to hide its thoughts.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import ClassVar

from secondthought.messages import BadInput, Message, Problem
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Rollout
from secondthought.tasks.base import (
    DONT_KNOW,
    UNKNOWN_THOUGHT,
    Demonstration,
    Item,
    Language,
    Split,
    Task,
    Wording,
)
from secondthought.tasks.phrasing import phrase
from secondthought.trace import Outcome, StopReason, Verdict
from secondthought.train import refuted, unknown, wordings
from secondthought.train.mixture import GYM_SHARE, KOREAN_SHARE, SYSTEM_SHARE
from secondthought.train.rollouts import CLOSED, Sampler, Segment

REPAIRED = 0.5
"""Return of an answer that was right only after a complaint; a first right answer returns 1."""
FALSE_COMPLAINTS = 0.25
"""How many right answers of a feedback group are complained about all the same."""
_BROKEN_SHARE, _FEW_BROKEN = 0.05, 3
"""A run ends when more of a batch's answers than this could not be verified, and more than a few;
or all of them."""
_ENDED = (StopReason.STOP, *CLOSED)


class VerifierFailed(BadInput):
    """A task's verifier breaks on too many answers; training on the rest would mislead."""


class OutOfScope(Task):
    """Questions that the small model must decline, as an anchor: without them, a policy that is
    never paid for "I don't know." forgets to say it."""

    name: ClassVar[str] = "out_of_scope"
    key: ClassVar[str] = "scope"
    title: ClassVar[str] = "Decline what is out of scope"
    levels: ClassVar[range] = range(1, 2)
    default_level: ClassVar[int] = 1

    def generate(
        self,
        rng: Random,
        level: int,
        *,
        split: Split = "eval",
        wording: Wording = "own",
        language: Language = "en",
    ) -> Item:
        question = Problem.ask(unknown.question(rng))
        return Item(self.name, level, question, DONT_KNOW, {}, wording, language)

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        return Demonstration.of([UNKNOWN_THOUGHT], DONT_KNOW)

    def verify(self, item: Item, text: str) -> Verdict:
        return Verdict.of(text.strip() == DONT_KNOW, "the question is out of scope")


@dataclass(frozen=True, slots=True)
class Limits:
    """Tokens of one turn's thought and answer, and of the network's whole context."""

    thought: int = 1000
    answer: int = 200
    context: int = 4096


@dataclass(frozen=True, slots=True)
class Ask:
    """One question for a group. number: of the group in its run; all its seeds follow from it.
    target: of a task that is trained for, not of an anchor. again: the number that the question
    was first asked with; None for a new one."""

    number: int
    task: Task
    item: Item
    think: bool = True
    feedback: bool = False
    target: bool = True
    again: int | None = None

    @property
    def prompt(self) -> list[int]:
        return tokenizer.prompt(self.item.problem.messages, think=self.think)


@dataclass(frozen=True, slots=True)
class Episode:
    """One attempt: its turns and what the verifier said of each turn's answer."""

    segments: tuple[Segment, ...]
    answers: tuple[str, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def right(self) -> bool:
        """The first answer was right."""
        return self.verdicts[0].passed

    @property
    def broken(self) -> Verdict | None:
        """A verdict that the verifier could not give."""
        return next((v for v in self.verdicts if _no_verdict(v)), None)

    @property
    def value(self) -> float | None:
        """The return before any length penalty; None where it cannot be known."""
        if self.broken is not None:
            return None
        if self.segments[-1].stop not in (*_ENDED, refuted.REFUTED):
            return None
        if not self.verdicts[-1].passed:
            return 0.0
        return 1.0 if self.right else REPAIRED

    @property
    def refuted(self) -> bool:
        """It was ended at a step that is wrong."""
        return self.segments[-1].stop is refuted.REFUTED

    @property
    def truncated(self) -> bool:
        cut = (StopReason.THOUGHT_CAP, StopReason.LENGTH)
        return any(s.stop in cut for s in self.segments)


@dataclass(frozen=True, slots=True)
class Group:
    """One question and its attempts."""

    ask: Ask
    episodes: tuple[Episode, ...]

    @property
    def varied(self) -> bool:
        """Some returns differ, so that there is something to learn."""
        return len({e.value for e in self.episodes if e.value is not None}) > 1


def question(rng: Random, task: Task, level: int) -> Item:
    """A training item in one of the wordings of the training documents."""
    wording: Wording = "gym" if rng.random() < GYM_SHARE else "own"
    korean = wording == "own" and rng.random() < KOREAN_SHARE
    language: Language = "ko" if korean else "en"
    system = rng.choice(wordings.SYSTEM) if rng.random() < SYSTEM_SHARE else None
    item = task.generate(rng, level, split="train", wording=wording, language=language)
    if system is None:
        return item
    messages = (Message("system", system), *item.problem.messages)
    return replace(item, problem=replace(item.problem, messages=messages))


def play(
    sampler: Sampler,
    asks: Sequence[Ask],
    size: int,
    limits: Limits,
    *,
    temperature: float = 1.0,
    seed: int = 0,
    until_wrong: bool = False,
) -> tuple[list[Group], float]:
    """`size` attempts at each question, and the seconds that verifying took. seed: of the run;
    with the groups' numbers it makes the seeds of the sampling. until_wrong: attempts at targets
    end at their first step that is wrong.

    Raises VerifierFailed.
    """
    first = seed << 32  # runs with other seeds draw other noise for a group of the same number
    prompts = [(ask, i, ask.prompt) for ask in asks for i in range(size)]
    rollouts = _sample(sampler, prompts, limits, first, 0, temperature, until_wrong)
    started = time.perf_counter()
    answers = [tokenizer.decode(r.answer_ids) for r in rollouts]
    verdicts = [
        _judged(ask, rollout, text)
        for (ask, _, _), rollout, text in zip(prompts, rollouts, answers, strict=True)
    ]
    _demand_verdicts(asks, [(p[0], v) for p, v in zip(prompts, verdicts, strict=True)])
    again: dict[int, list[int]] = {}
    for n, (ask, i, prompt) in enumerate(prompts):
        if ask.feedback and rollouts[n].stop in _ENDED and not _no_verdict(verdicts[n]):
            rng = Random(f"{first + ask.number} {i}")
            if not verdicts[n].passed or rng.random() < FALSE_COMPLAINTS:
                text = complaint(rng, ask, answers[n], verdicts[n])
                after = follow_up(prompt, rollouts[n], text, think=ask.think)
                if len(after) + limits.thought + limits.answer <= limits.context:
                    again[n] = after
    verifying = time.perf_counter() - started
    followed = [(prompts[n][0], prompts[n][1], after) for n, after in again.items()]
    second = _sample(sampler, followed, limits, first, 1, temperature, until_wrong)
    seconds = dict(zip(again, second, strict=True))
    started = time.perf_counter()
    episodes: list[Episode] = []
    for n, (ask, _, prompt) in enumerate(prompts):
        if n not in seconds:
            segment = Segment.of(prompt, rollouts[n])
            episodes.append(Episode((segment,), (answers[n],), (verdicts[n],)))
            continue
        text = tokenizer.decode(seconds[n].answer_ids)
        segments = (
            Segment.of(prompt, rollouts[n], judged=verdicts[n].passed),
            Segment.of(again[n], seconds[n]),
        )
        last = _judged(ask, seconds[n], text)
        episodes.append(Episode(segments, (answers[n], text), (verdicts[n], last)))
    verifying += time.perf_counter() - started
    groups = [Group(ask, tuple(episodes[g * size : (g + 1) * size])) for g, ask in enumerate(asks)]
    return groups, verifying


def judge(ask: Ask, text: str) -> Verdict:
    """The task's verdict; what its verifier raises becomes a verdict with an error."""
    try:
        return ask.task.verify(ask.item, text)
    except Exception as error:  # the task may be anybody's code
        return Verdict(Outcome.CANNOT_TELL, error=f"{type(error).__name__}: {error}")


def _judged(ask: Ask, rollout: Rollout, text: str) -> Verdict:
    if rollout.stop is refuted.REFUTED:
        return Verdict.of(False, "a step of the thought is wrong")
    return judge(ask, text)


def complaint(rng: Random, ask: Ask, answer: str, verdict: Verdict) -> str:
    """What a person would say: a reason where the answer is wrong and one is at hand."""
    korean = ask.item.language == "ko"
    try:
        hint = "" if verdict.passed else ask.task.hint(ask.item, answer, rng)
    except Exception as error:  # the task may be anybody's code
        raise VerifierFailed(
            f"task {ask.task.name} cannot give a hint: {type(error).__name__}: {error}; mend its "
            "`hint`, or train without --feedback"
        ) from error
    if hint and rng.random() < 2 / 3:
        templates = wordings.WRONG_BECAUSE_KO if korean else wordings.WRONG_BECAUSE
        return phrase(rng, templates, hint=hint)
    return phrase(rng, wordings.WRONG_KO if korean else wordings.WRONG)


def follow_up(prompt: Sequence[int], rollout: Rollout, text: str, *, think: bool) -> list[int]:
    """The prompt of the next turn, from the ids of the last one: its thought is dropped."""
    head = list(prompt[: len(prompt) - (1 if think else 2)])  # up to <|assistant|>
    opened = [tokenizer.ASSISTANT, tokenizer.THINK]
    if not think:
        opened.append(tokenizer.UNTHINK)
    return [*head, *rollout.answer_ids, *tokenizer.turn(Message("user", text)), *opened]


def _no_verdict(verdict: Verdict) -> bool:
    return verdict.error is not None or verdict.outcome is Outcome.CANNOT_TELL


def _sample(
    sampler: Sampler,
    prompts: Sequence[tuple[Ask, int, list[int]]],
    limits: Limits,
    first: int,
    turn: int,
    temperature: float,
    until_wrong: bool,
) -> list[Rollout]:
    if not prompts:
        return []
    watches = [
        refuted.Watch(refuted.source(prompt)) if until_wrong and ask.think and ask.target else None
        for ask, _, prompt in prompts
    ]
    rollouts = sampler.generate(
        [prompt for _, _, prompt in prompts],
        [((first + ask.number) << 16) + (turn << 12) + i for ask, i, _ in prompts],
        temperature=temperature,
        max_thought=limits.thought,
        max_answer=limits.answer,
        watch=watches,
    )
    pairs = zip(watches, rollouts, strict=True)
    return [rollout if watch is None else watch.ended(rollout) for watch, rollout in pairs]


def too_many_broken(broken: int, answers: int) -> bool:
    """Whether so many of a batch's answers without a verdict mean that the verifier is broken."""
    few = broken <= _FEW_BROKEN and broken < answers
    return broken > 0 and not few and broken > _BROKEN_SHARE * answers


def _demand_verdicts(asks: Sequence[Ask], judged: Sequence[tuple[Ask, Verdict]]) -> None:
    broken = [(ask, verdict) for ask, verdict in judged if _no_verdict(verdict)]
    if too_many_broken(len(broken), len(judged)):
        ask, verdict = broken[0]
        raise VerifierFailed(
            f"the verifier of {ask.task.name} broke on {len(broken)} of {len(judged)} answers: "
            f"{verdict.error or 'it could not tell'}; mend it (secondthought tasks check) and run "
            "the command again"
        )
