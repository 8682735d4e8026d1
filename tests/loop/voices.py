"""Models and verifiers for the tests of the loop: every sample is random, by its seed alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from secondthought import ModelError, Request, StopReason, Verdict
from secondthought.models.base import Capabilities, Delta
from secondthought.models.scripted import CAPABILITIES, Scripted
from secondthought.trace import Evidence, Outcome

SURE = replace(CAPABILITIES, confidence=True)
LINES = ("7*8=56\n", "7*8=57\n", "so it\n", "no\n", "4+4=8 ", "hm ", "\n")


class Dice:
    """A model that throws dice: thoughts of words and lines, answers of a few words.

    It keeps the contract, but for what `capabilities` leaves out: without `budget` it ignores
    `max_thought`, without `extends` a prefix. mute: share of calls whose answer is blank.
    fails: share of calls that break. spoken: tokens made. open: running calls. heard: calls of
    which something was taken.
    """

    name = "dice"

    def __init__(
        self,
        capabilities: Capabilities = CAPABILITIES,
        *,
        length: int = 12,
        answers: Sequence[str] = ("4", "5"),
        mute: float = 0.0,
        fails: float = 0.0,
        delay: float = 0.0,
    ) -> None:
        self.capabilities = capabilities
        self.length, self.answers = length, answers
        self.mute, self.fails, self.delay = mute, fails, delay
        self.spoken = self.open = self.heard = 0
        self.requests: list[Request] = []

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        assert request.n == 1
        assert request.max_answer > 0
        self.requests.append(request)
        self.open += 1
        try:
            heard = False
            async for delta in self._sample(request):
                yield delta
                self.heard += not heard
                heard = True
        finally:
            self.open -= 1

    async def _sample(self, request: Request) -> AsyncIterator[Delta]:
        can = self.capabilities
        prefix = request.thought_prefix if can.extends else None
        rng = Random(f"{request.seeds[0]} {prefix} {len(request.messages)}")
        prompt = sum(len(m.text.split()) for m in request.messages)
        fails_at = rng.randrange(8) if rng.random() < self.fails else None
        answer = "" if rng.random() < self.mute else rng.choice(self.answers)
        thought = answered = 0

        async def token(kind: Any, text: str) -> Delta:
            await asyncio.sleep(self.delay)
            if thought + answered == fails_at:
                raise ModelError("the dice fell off the table", "connection")
            self.spoken += 1
            return Delta(0, kind, text, prompt_tokens=prompt, logprobs=(-rng.random(),))

        stop = StopReason.STOP
        while request.think and can.thinks and rng.random() > 1 / (1 + self.length):
            if (can.budget or not request.max_thought) and thought >= request.max_thought:
                stop = StopReason.THOUGHT_CAP
                break
            delta = await token("thought", rng.choice(LINES))
            thought += 1
            yield delta
        for word in answer.split() or [" "]:
            if answered >= request.answer_limit(thought):
                stop = StopReason.LENGTH
                break
            delta = await token("answer", f"{word} ")
            answered += 1
            yield delta
        yield Delta(
            0,
            "end",
            stop=stop,
            prompt_tokens=prompt,
            thought_tokens=thought,
            answer_tokens=answered,
        )

    async def close(self) -> None:
        pass


class Sure(Scripted):
    """Is as sure of an answer as `confidences` says; each token has the log-prob -0.5."""

    confidences: Mapping[str, float | None]

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        said = dict.fromkeys(range(request.n), "")
        async for delta in super().generate(request):
            if delta.kind == "end":
                yield replace(delta, marker=self.confidences.get(said[delta.sample].strip()))
                continue
            if delta.kind == "answer":
                said[delta.sample] += delta.text
            yield replace(delta, logprobs=(-0.5,))

    def confidence(self, evidence: Evidence) -> float | None:
        return evidence.marker


class Judge:
    """A verifier that passes texts with one of `passes` in them; `how` else: "fail", "unsure",
    "crash" or "hang"."""

    def __init__(
        self, *passes: str, trust: Any = "sound", level: Any = "answer", how: str = "fail"
    ) -> None:
        self.name = f"{trust} judge"
        self.trust, self.level = trust, level
        self._passes, self._how = passes, how
        self.judged: list[str] = []
        self.questions: list[str] = []

    async def judge(self, problem: Any, candidates: Sequence[str], ctx: Any) -> list[Verdict]:
        self.judged += candidates
        self.questions.append(problem.question)
        if self._how == "crash":
            raise RuntimeError("the judge fell asleep")
        if self._how == "hang":
            await asyncio.Event().wait()
        return [self._verdict(text) for text in candidates]

    def _verdict(self, text: str) -> Verdict:
        if any(word in text.split() for word in self._passes):
            return Verdict.of(True, verifier=self.name)
        if self._how == "unsure":
            return Verdict(Outcome.CANNOT_TELL, verifier=self.name)
        return Verdict.of(False, f"{text.strip()} will not do", verifier=self.name)
