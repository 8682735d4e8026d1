"""Tokens of one reply: by the server's own count where it gives one, else estimated."""

from __future__ import annotations

import math
from typing import Literal

from secondthought.models.remote.untrusted import Json, an_object, choices, whole

Part = Literal["thought", "answer"]


def estimate(text: str) -> int:
    """Tokens of a text by its bytes, some 4 a token. A piece of up to 12 bytes is one: most
    servers send a token at a time."""
    size = len(text.encode("utf-8", "replace"))
    return math.ceil(size / 4) if size > 12 else min(size, 1)


class Counter:
    """Counts while the reply comes. prompt: tokens of the prompt, an estimate until `prompt_known`.

    running: the server counts in every event, so that each one's tokens are known exactly.
    """

    def __init__(self, prompt: int) -> None:
        self.prompt = prompt
        self.prompt_known = False
        self.thought = 0
        self.answer = 0
        self._running = True
        self._seen = 0
        self._total: int | None = None
        self._reasoning: int | None = None

    def brought(self, event: Json, text: str) -> int:
        """Tokens that an event brought, whose text this is. Reads its usage on the way."""
        total = self._read(event)
        if not choices(event):
            return 0  # the last event, with the totals
        if total is None or total < self._seen or (text and total == self._seen):
            self._running = self._running and not text
            return estimate(text)
        tokens, self._seen = total - self._seen, total
        return tokens

    def add(self, part: Part, tokens: int) -> None:
        if part == "thought":
            self.thought += tokens
        else:
            self.answer += tokens

    @property
    def hidden(self) -> int:
        """Tokens of a thought that the server counted and did not show."""
        return 0 if self.thought else self._reasoning or 0

    def totals(self, *, ended: bool) -> tuple[int, int, bool]:
        """Tokens of thought and answer, and whether they are exact. ended: the reply came to its
        end, so that the server's totals are known and hold for all that was taken."""
        if not ended or self._total is None:
            return self.thought, self.answer, self._running
        total, mine = self._total, self.thought + self.answer
        # A server that counts no reasoning says 0 of a thought that it showed: no count at all.
        if self._reasoning is not None and (self._reasoning or not self.thought):
            thought, exact = min(self._reasoning, total), True
        elif not self.thought or not self.answer:
            thought, exact = total if self.thought else 0, True
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
            self._reasoning = whole(details.get("reasoning_tokens"))
            self._total = whole(usage.get("completion_tokens"))
        elif timings := an_object(event.get("timings")):  # llama.cpp
            new, cached = whole(timings.get("prompt_n")), whole(timings.get("cache_n"))
            if new is not None and cached is not None:
                self.prompt, self.prompt_known = new + cached, True
            self._total = whole(timings.get("predicted_n"))
        else:
            return None
        return self._total
