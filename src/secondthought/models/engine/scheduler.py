"""Continuous batching: rows join and leave the batch at every token, on one thread of its own.

A row is one sample: a prompt, its limits, and what it has generated. Each step feeds every
live row its last token and chooses the next one. A row that has ended leaves at once and the
last row moves into its place, so the batch is always the first rows of the cache.

What a row has computed is kept for a while (`starts.py`): a prompt that begins with the tokens
of a row that ended or still runs is computed only from there on. So a thought that was cut costs
nothing to go on with, and many samples of one prompt read it once.

The limits that a row holds:
- The thought runs to the </think> token; in it no other marker can be chosen, so <|end|> cannot
  cut a reply off before its answer. When `max_thought` is all but used, or when the thought runs
  in circles, </think> is written by force.
- The answer runs to <|end|>, to a stop string or to `max_answer`; no other marker can be chosen,
  and <|end|> not as its first token: an answer is never empty.
Both markers count as tokens of the part that they end.
"""

from __future__ import annotations

import threading
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from secondthought.models.base import ModelError
from secondthought.models.engine import sampling
from secondthought.models.engine.checkpoint import Weights
from secondthought.models.engine.reading import Reading
from secondthought.models.engine.row import GUARD_EVERY, NEWLINE, Row, Token, circles
from secondthought.models.engine.session import Session
from secondthought.models.engine.starts import Start, Starts, begin_alike
from secondthought.models.engine.tokenizer import END, SCORE, UNSCORED, UNTHINK, VOCAB
from secondthought.trace import StopReason

STARTS_BYTES = 128 * 2**20  # some 20,000 tokens of the shipped model

_THOUGHT, _FIRST, _ANSWER = 0, 1, 2  # rows of the mask: what may be chosen


def _masks() -> NDArray[np.float32]:
    masks = np.zeros((3, VOCAB), np.float32)
    masks[:, 256:] = -np.inf
    masks[_THOUGHT, UNTHINK] = masks[_ANSWER, END] = 0
    return masks


class Scheduler:
    """Runs rows on a session. All methods may be called from any thread.

    max_rows: rows generated side by side; others wait in the order they came. computed, reused:
    tokens of prompts since the beginning: those that went through the network, and those whose
    keys and values were there.
    """

    def __init__(self, session: Session, *, max_rows: int = 128) -> None:
        self.session = session
        self.max_rows = max_rows
        self._condition = threading.Condition()
        self._inbox: deque[Row] = deque()
        self._cancelled: set[Row] = set()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._idle = threading.Event()
        self._idle.set()
        # of the engine's thread alone, [max_rows]: entry i belongs to rows[i]
        self._rows: list[Row] = []
        self._tokens = np.zeros(max_rows, np.int64)
        self._lengths = np.zeros(max_rows, np.int32)
        self._seeds = np.zeros(max_rows, np.uint64)
        self._temperature = np.zeros(max_rows, np.float32)
        self._top_p = np.ones(max_rows, np.float32)
        self._state = np.zeros(max_rows, np.int64)
        self._masks = _masks()
        self._starts = Starts(STARTS_BYTES)
        self.computed = self.reused = 0
        self._outbox: dict[AbstractEventLoop, list[Token]] = {}

    # --- from any thread ------------------------------------------------------------------

    def submit(self, rows: Sequence[Row]) -> None:
        """Queue rows. Raises ModelError "context" for one that cannot fit, before any starts."""
        context = self.session.config.context
        for row in rows:
            if not row.prompt or row.max_answer < 1:
                raise ValueError("a row needs a prompt and room for an answer")
            if row.needs > context:
                raise ModelError(
                    f"prompt ({len(row.prompt)} tokens) + thought + answer may take {row.needs} "
                    f"tokens; this model holds {context}",
                    "context",
                )
        with self._condition:
            if self._closed:
                raise ModelError("the model was closed", "connection")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
                self._thread.start()
            self._inbox.extend(rows)
            self._idle.clear()
            self._condition.notify()

    def cancel(self, rows: Sequence[Row]) -> None:
        """End rows with CANCELLED before their next token. Ended rows stay as they are."""
        with self._condition:
            self._cancelled.update(row for row in rows if row.why is None)
            self._condition.notify()

    def swap_weights(self, weights: Weights) -> None:
        """Other weights of the same shape. Waits until no row is live."""
        while True:
            self._idle.wait()
            with self._condition:
                if self._idle.is_set():
                    self.session.swap_weights(weights)
                    self._starts.clear()
                    return

    def close(self) -> None:
        """Cancel all rows and end the thread. Idempotent."""
        with self._condition:
            self._closed = True
            self._condition.notify()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    # --- on the engine's thread -----------------------------------------------------------

    def _run(self) -> None:
        waiting: deque[Row] = deque()
        while True:
            with self._condition:
                while not (self._inbox or self._cancelled or waiting or self._rows):
                    if self._closed:
                        self._idle.set()
                        return
                    self.session.shrink()
                    self._idle.set()
                    self._condition.wait()
                waiting.extend(self._inbox)
                self._inbox.clear()
                cancelled, self._cancelled = self._cancelled, set[Row]()
                if self._closed:
                    cancelled = {*waiting, *self._rows}
            try:
                self._drop(cancelled, waiting)
                self._step(waiting)
            except Exception as error:  # whatever broke, no asker may wait for ever
                for row in [*waiting, *self._rows]:
                    if row.why is None:
                        row.error = error
                        self._end(row, StopReason.ERROR)
                waiting.clear()
                self._rows.clear()
            self._deliver()

    def _drop(self, cancelled: set[Row], waiting: deque[Row]) -> None:
        if not cancelled:
            return
        for row in cancelled:
            if row.why is None:
                self._end(row, StopReason.CANCELLED)
        kept = [row for row in waiting if row.why is None]
        waiting.clear()
        waiting.extend(kept)
        self._compact()

    def _step(self, waiting: deque[Row]) -> None:
        """One token for every row: decode those that run, then read the prompts of new ones."""
        live = len(self._rows)
        if live:
            self.session.reserve(live, int(self._lengths[:live].max()) + 1, self._lengths[:live])
            logits = self.session.decode(self._tokens[:live], self._lengths[:live])
            self._lengths[:live] += 1
            self._advance(0, logits)
            self._compact()
        if waiting and len(self._rows) < self.max_rows:
            logits = self._admit(waiting)
            if len(logits):
                self._advance(len(self._rows) - len(logits), logits)
                self._compact()

    def _admit(self, waiting: deque[Row]) -> NDArray[np.float32]:
        """Seat waiting rows while there are places and not too much is to be read for them.

        Returns the logits [B, vocab] after what was read for the last B rows. Those before them
        start beyond what is read at once: they need none, and go on with the next step.
        """
        reading, taken = Reading(), 0
        for row in waiting:
            if len(self._rows) + len(reading) == self.max_rows:
                break
            start, known = self._start(row)
            if start is not None and known >= row.read < len(row.prompt):
                self._go_on(row, start, known)
            elif not reading.add(row, start, known):
                break
            taken += 1
        after: list[NDArray[np.float32]] = []
        for row, logits, entries, known in reading.read(self.session):
            self._seat(row, entries, row.read, known)
            after.append(logits)
        for _ in range(taken):  # only now: had something failed, they would be told
            waiting.popleft()
        return np.array(after)

    def _go_on(self, row: Row, start: Start, known: int) -> None:
        """Seat a row that is beyond what is read at once; its next token is the first unknown."""
        known = min(known, len(row.prompt) - 1)
        self._seat(row, start.entries, known, known)
        self._tokens[len(self._rows) - 1] = row.prompt[known]
        row.given += 1

    def _start(self, row: Row) -> tuple[Start | None, int]:
        """What a row can go on from, and how many of its tokens are there."""
        best, most = None, 0
        alike = (i for i, other in enumerate(self._rows) if begin_alike(other.prompt, row.prompt))
        for start in chain(self._starts, map(self._computed, alike)):
            if (known := start.serves(row.prompt, row.read)) > most:
                best, most = start, known
        return best, most

    def _computed(self, slot: int) -> Start:
        """What the network has computed of a row, as a view of the cache."""
        row, length = self._rows[slot], int(self._lengths[slot])
        ids = [*row.prompt, *row.ids][:length]
        return Start(ids, row.read, self.session.cache.data[:, slot, :, :length])

    def _seat(self, row: Row, entries: NDArray[np.float32], length: int, known: int) -> None:
        """Give a row the next place and the keys and values of its first `length` tokens, of
        which so many were known before it came."""
        slot = len(self._rows)
        self.session.reserve(slot + 1, length + 1, self._lengths[:slot])
        self.session.cache.data[:, slot, :, :length] = entries[:, :, :length]
        self._rows.append(row)
        row.given = length
        self.reused += known
        self.computed += len(row.prompt) - known
        self._lengths[slot] = length
        self._seeds[slot] = row.seed & 0xFFFFFFFFFFFFFFFF
        self._temperature[slot] = row.temperature
        self._top_p[slot] = row.top_p
        self._state[slot] = _THOUGHT if row.thinking else _FIRST

    def _advance(self, start: int, logits: NDArray[np.float32]) -> None:
        """Choose the next token of rows start, start + 1, ... and see what follows from it."""
        part = slice(start, start + len(logits))
        masks = self._masks[self._state[part]]
        for mask, row in zip(masks, self._rows[part], strict=True):
            if row.avoid and row.given == len(row.prompt):
                lost = sampling.discount(row.avoid, len(row.ids), row.temperature)
                mask[[*lost]] += [*lost.values()]
        chosen = sampling.choose(
            logits,
            masks,
            self._seeds[part],
            self._lengths[part],
            self._temperature[part],
            self._top_p[part],
        )
        rows = self._rows[part]
        for i, row in enumerate(rows):
            if row.given < len(row.prompt):
                chosen[i] = row.prompt[row.given]
            elif row.closing is not None and row.thinking:
                if chosen[i] == UNTHINK:  # it ended by itself just in time
                    row.closing = None
                chosen[i] = UNTHINK
        self._tokens[part] = chosen
        logprobs: list[float] = sampling.logprobs(logits, chosen).tolist()
        ids: list[int] = chosen.tolist()
        for i, row in enumerate(rows):
            if row.given < len(row.prompt):
                row.given += 1
                continue
            if ids[i] == END:
                row.marker = float(logits[i, SCORE] - logits[i, UNSCORED])
            self._take(row, start + i, ids[i], logprobs[i])

    def _take(self, row: Row, slot: int, token: int, logprob: float) -> None:
        row.ids.append(token)
        row.logprobs.append(logprob)
        if row.avoid:
            at = len(row.ids)
            row.avoid = tuple(p for p in row.avoid if len(p.ids) > at and p.ids[at - 1] == token)
        if row.thinking:
            forced = row.closing is not None
            count = len(row.ids)
            if token == UNTHINK:
                row.thinking = False
                row.forced = forced
                row.thought_len = count
                row.max_answer = max(row.max_answer, row.max_tokens - count)
                self._state[slot] = _FIRST
            elif count >= row.max_thought - 1:
                row.closing = StopReason.THOUGHT_CAP
            elif (
                row.repetition_guard and count % GUARD_EVERY == 0 and circles(bytes(row.ids[-256:]))
            ):
                row.closing = StopReason.REPETITION
            if row.watch is not None and token == NEWLINE and row.watch(bytes(row.ids)):
                self._end(row, StopReason.CANCELLED, token, logprob)
                return
            self._tell(Token(row, token, logprob, "thought", forced))
            return
        self._state[slot] = _ANSWER
        why = None
        if token == END or (row.stop and self._stopped(row)):
            why = row.closing or StopReason.STOP
        elif row.answer_len >= row.max_answer:
            why = StopReason.LENGTH
        if why is None:
            self._tell(Token(row, token, logprob))
        else:
            self._end(row, why, token, logprob)

    def _stopped(self, row: Row) -> bool:
        longest = max(map(len, row.stop))
        tail = bytes(row.ids[max(row.thought_len, len(row.ids) - longest) :])
        return tail.endswith(row.stop)

    def _end(
        self, row: Row, why: StopReason, token: int | None = None, logprob: float = 0.0
    ) -> None:
        row.why = why
        if row.thinking:
            row.thought_len = len(row.ids)
        self._tell(Token(row, token, logprob, stop=why))
        row.done.set()

    def _compact(self) -> None:
        """Take out rows that have ended; the last row moves into the hole."""
        for slot in range(len(self._rows) - 1, -1, -1):
            if self._rows[slot].why is None:
                continue
            ended = self._computed(slot)
            self._starts.keep(replace(ended, entries=ended.entries.copy()))
            last = len(self._rows) - 1
            if slot != last:
                self.session.cache.move(last, slot, int(self._lengths[last]))
                self._rows[slot] = self._rows[last]
                for values in (self._tokens, self._lengths, self._seeds, self._state):
                    values[slot] = values[last]
                self._temperature[slot] = self._temperature[last]
                self._top_p[slot] = self._top_p[last]
            self._rows.pop()

    def _tell(self, token: Token) -> None:
        if token.row.loop is not None:
            self._outbox.setdefault(token.row.loop, []).append(token)

    def _deliver(self) -> None:
        """Hand all tokens of this step over: one call into each event loop, not one a token."""
        for loop, tokens in self._outbox.items():
            try:
                loop.call_soon_threadsafe(_hear, tokens)
            except RuntimeError:  # the loop is gone, and with it whoever listened
                self.cancel([token.row for token in tokens])
        self._outbox.clear()


def _hear(tokens: list[Token]) -> None:
    for token in tokens:
        if token.row.listener is not None:
            token.row.listener(token)
