"""A row: one sample that the engine generates, with its limits, and the tokens that are heard."""

from __future__ import annotations

import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from secondthought.models.base import Path
from secondthought.models.engine.starts import read_at_once
from secondthought.models.engine.tokenizer import THINK, UNTHINK
from secondthought.trace import StopReason

GUARD_EVERY, GUARD_PERIOD, GUARD_SPAN = 32, 64, 192
NEWLINE = ord("\n")


@dataclass(frozen=True, slots=True)
class Token:
    """What a listener hears of its row: one token, or (id None) only that the row has ended.

    part: which part of the reply it belongs to. stop: set on the row's last token.
    """

    row: Row
    id: int | None
    logprob: float = 0.0
    part: Literal["thought", "answer"] = "answer"
    forced: bool = False
    stop: StopReason | None = None


@dataclass(eq=False, slots=True)
class Row:
    """One sample to be generated, and then its result.

    prompt: token ids; whether it ends inside a thought shows from its last <think> or </think>.
    seed: any integer. max_thought, max_answer: tokens, hard, closing markers included (a thought
    that is open takes at least its closing marker). max_tokens: of both together: the answer may
    use what the thought left of them, if that is more than its own limit.
    avoid: how not to go on; of it is kept what the row may still do.
    stop: byte strings that end the answer.
    watch: told the thought so far at each of its line ends; True ends the row, CANCELLED. Called
    by the engine's thread.
    ids, logprobs: all generated tokens, markers and stop strings included, so that
    prompt + ids is exactly what the network saw. thought_len: ids[:thought_len] is the thought
    with its </think>. forced: that </think> was written by the engine. why: StopReason, set
    when the row has ended. marker: where the answer ended by itself, the log-odds there of the
    marker <|score|> against one that means nothing (see `score.py`).
    """

    prompt: Sequence[int]
    seed: int = 0
    temperature: float = 0.0
    top_p: float = 1.0
    max_thought: int = 1024
    max_answer: int = 256
    max_tokens: int = 0
    avoid: tuple[Path, ...] = ()
    stop: tuple[bytes, ...] = ()
    repetition_guard: bool = True
    watch: Callable[[bytes], bool] | None = None
    loop: AbstractEventLoop | None = None
    listener: Callable[[Token], None] | None = None
    ids: list[int] = field(default_factory=list[int])
    logprobs: list[float] = field(default_factory=list[float])
    thought_len: int = 0
    forced: bool = False
    why: StopReason | None = None
    marker: float | None = None
    error: BaseException | None = None
    closing: StopReason | None = None  # why the thought is to be closed at the next token
    given: int = 0  # tokens of the prompt that the network was given
    read: int = field(init=False)  # so many of them are read at once, the others one a step
    thinking: bool = field(init=False)
    done: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.prompt = list(self.prompt)
        self.read = read_at_once(self.prompt)
        marks = (i for i in reversed(self.prompt) if i in (THINK, UNTHINK))
        self.thinking = next(marks, None) == THINK
        if not self.thinking:
            self.max_answer = max(self.max_answer, self.max_tokens)
        elif self.max_thought <= 1:
            self.closing = StopReason.THOUGHT_CAP

    @property
    def answer_len(self) -> int:
        return len(self.ids) - self.thought_len

    @property
    def needs(self) -> int:
        """Cache entries that the row may come to use."""
        thought = max(1, self.max_thought) if self.thinking else 0
        return len(self.prompt) + max(thought + self.max_answer, self.max_tokens)


def circles(tail: bytes) -> bool:
    """Whether the tail ends in a loop: a period of at most 64 bytes, seen 4 times or more,
    over at least 192 bytes. Long enough that honest sums like 9+9=18 9+9=18 pass."""
    for period in range(1, GUARD_PERIOD + 1):
        span = max(GUARD_SPAN, 4 * period)
        if len(tail) >= span and tail[-span:-period] == tail[-span + period :]:
            return True
    return False
