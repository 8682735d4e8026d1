"""An attempt is ended at its first step that a program finds wrong.

What a thought says after a wrong step is mostly lost: of 669 sampled Countdown thoughts with one,
37 came right in the end, of 483 without one, 471; and it came after a fifth of their tokens. Run
to their ends such attempts are most of what is sampled and learned from, and nearly all of that
is noise: every token after the mistake is blamed for it. Ended there, as `backtrack` takes back
what does not hold, the attempt counts as wrong, and what is blamed is what led to it. That is for
thoughts that search. Those that check themselves and begin anew (products, ciphers) mend some of
their mistakes, which must be let happen to be learned.

The judge is `tasks/steps.py`: from the question and the lines before, never from the key. What it
cannot judge (a task of one's own, prose) is never refuted. It is arithmetic and copying that it
reads, not intent: no monitor's finding is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Rollout
from secondthought.tasks.steps import Reader
from secondthought.trace import StopReason

REFUTED = StopReason.CANCELLED
"""How an attempt stopped that was ended so: nothing else cancels one."""


class Watch:
    """Reads one thought as it grows, each line once. source: the text of the question's messages.

    Called with all bytes of the thought so far at the end of each line, it says whether a step of
    it is wrong.
    """

    def __init__(self, source: str) -> None:
        self._reader = Reader(source)
        self._read = 0
        self.wrong: int | None = None
        """Bytes of the thought up to the end of its first wrong step; None: there is none."""

    def __call__(self, thought: bytes) -> bool:
        while self.wrong is None and (end := thought.find(b"\n", self._read)) >= 0:
            self._line(thought[self._read : end], ended=True)
            self._read = end + 1
        return self.wrong is not None

    def ended(self, rollout: Rollout) -> Rollout:
        """The rollout up to the end of its first wrong step, or as it is where there is none."""
        thought = bytes(i for i in rollout.ids[: rollout.thought_len] if i < 256)
        if not self(thought):
            self._line(thought[self._read :], ended=False)
        if self.wrong is None:
            return rollout
        return replace(
            rollout,
            ids=rollout.ids[: self.wrong],
            logprobs=rollout.logprobs[: self.wrong],
            stop=REFUTED,
            thought_len=self.wrong,
            forced=False,
        )

    def _line(self, line: bytes, *, ended: bool) -> None:
        text = line.decode("utf-8", "replace")
        known = len(self._reader.steps)
        self._reader.read(text, 0, ended=ended)
        wrong = next((step for step in self._reader.steps[known:] if step.failed), None)
        if wrong is not None:
            # a line that is no UTF-8 has no place in bytes for it: it is wrong as a whole
            whole = "\ufffd" in text
            size = len(line) if whole else len(text[: wrong.end].encode())
            self.wrong = self._read + size


def source(prompt: Sequence[int]) -> str:
    """The text of a prompt's messages that are not the assistant's, joined by line ends."""
    texts: list[str] = []
    role = tokenizer.PAD
    start = 0
    for at, token in enumerate(prompt):
        if token in (tokenizer.SYSTEM, tokenizer.USER, tokenizer.TOOL, tokenizer.ASSISTANT):
            role, start = token, at + 1
        elif token == tokenizer.END and role != tokenizer.ASSISTANT:
            texts.append(tokenizer.decode(prompt[start:at]))
    return "\n".join(texts)
