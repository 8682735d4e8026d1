"""Tokens of one reply: by the server's own count where it gives one, else estimated."""

from __future__ import annotations

import math
from typing import Literal

from secondthought.models.remote.untrusted import Json, an_object, choices, whole

Part = Literal["thought", "answer"]


def estimate(text: str) -> int:
    """Tokens of a text by its bytes, some 4 a token."""
    return math.ceil(len(text.encode("utf-8", "replace")) / 4)


class Rate:
    """How many tokens a server sends in a piece, learned from replies that it counted itself.

    Until there is one, a short piece is a token, as most servers send one at a time; but words
    apart are tokens apart.
    """

    def __init__(self) -> None:
        self._pieces = self._bytes = self._tokens = 0

    def learn(self, pieces: int, size: int, tokens: int) -> None:
        """Take a whole reply into account. size: bytes of its text."""
        self._pieces += pieces
        self._bytes += size
        self._tokens += tokens

    def of(self, text: str) -> float:
        """Tokens of one piece."""
        size = len(text.encode("utf-8", "replace"))
        if not self._bytes:
            return max(len(text.split()), size / 4 if size > 12 else min(size, 1))
        if self._pieces > 0.9 * self._tokens:
            return min(size, 1)
        return size * self._tokens / self._bytes


class Counter:
    """Counts while the reply comes. prompt: tokens of the prompt, an estimate until `prompt_known`.

    A server that counts in every event is believed; for others, `rate` estimates.
    """

    def __init__(self, prompt: int, rate: Rate) -> None:
        self.prompt = prompt
        self.prompt_known = False
        self.thought = 0
        self.answer = 0
        self._running = True
        self._rate = rate
        self._pieces = self._bytes = 0
        self._fraction = 0.0
        self._seen = 0
        self._total: int | None = None
        self._reasoning: int | None = None

    def brought(self, event: Json, text: str) -> int:
        """Tokens that an event brought, whose text this is. Reads its usage on the way."""
        total = self._read(event)
        if not choices(event):
            return 0  # the last event, with the totals
        if text:
            self._pieces += 1
            self._bytes += len(text.encode("utf-8", "replace"))
        if total is None or total < self._seen or (text and total == self._seen):
            self._running = self._running and not text
            whole_and_rest = self._rate.of(text) + self._fraction
            tokens = int(whole_and_rest)
            self._fraction = whole_and_rest - tokens
            return tokens
        tokens, self._seen = total - self._seen, total
        return tokens

    def add(self, part: Part, tokens: int) -> None:
        if part == "thought":
            self.thought += tokens
        else:
            self.answer += tokens

    @property
    def exact(self) -> bool:
        """Nothing was estimated so far."""
        return self.prompt_known and self._running

    @property
    def reasoning(self) -> int | None:
        """The server's own count of the thought, shown or not; None = it gives none."""
        return self._reasoning

    def totals(self, *, ended: bool, answered: bool) -> tuple[int, int, bool]:
        """Tokens of thought and answer, and whether they are exact.

        ended: the reply came to its end, so that the server's totals hold for what was taken.
        answered: something of an answer came; else every token was thought, seen or not.
        """
        if not ended or self._total is None:
            return self.thought, self.answer, self._running
        total, mine = self._total, self.thought + self.answer
        if self._pieces and (not self._reasoning or self.thought):
            self._rate.learn(self._pieces, self._bytes, total)
        if not answered:
            return total, 0, True
        # A server that counts no reasoning says 0 of a thought that it showed: no count at all.
        if self._reasoning is not None and (self._reasoning or not self.thought):
            thought, exact = min(self._reasoning, total), True
        elif not self.thought:
            thought, exact = 0, True
        else:
            share = self.thought if self._running else round(total * self.thought / mine)
            thought, exact = min(share, total), self._running
        return thought, total - thought, exact

    def _read(self, event: Json) -> int | None:
        """The total of tokens so far, if the event tells."""
        if usage := an_object(event.get("usage")):
            if prompt := whole(usage.get("prompt_tokens")):
                self.prompt, self.prompt_known = prompt, True
            details = an_object(usage.get("completion_tokens_details"))
            # SGLang has it beside the details.
            self._reasoning = whole(details.get("reasoning_tokens", usage.get("reasoning_tokens")))
            self._total = whole(usage.get("completion_tokens"))
            if self._total is not None and self._reasoning:
                # xAI and Gemini do not count the thought among the completion's tokens.
                apart = self._total + self._reasoning
                if whole(usage.get("total_tokens")) == (prompt or 0) + apart:
                    self._total = apart
        elif timings := an_object(event.get("timings")):  # llama.cpp
            new, cached = whole(timings.get("prompt_n")), whole(timings.get("cache_n"))
            if new is not None and cached is not None:
                self.prompt, self.prompt_known = new + cached, True
            self._total = whole(timings.get("predicted_n"))
        else:
            return None
        return self._total
