"""One sample of a model as it comes: text to the branch, counts, lines held back and judged.

A strategy that takes steps back needs each line judged before it is shown; so a line waits here
until it is complete, and the first step that fails ends the call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from secondthought.loop.base import Answer, Context
from secondthought.loop.repetition import RepetitionGuard
from secondthought.messages import ToolCall
from secondthought.models.base import NO_PATH, Delta, DeltaKind, Path, Request, confidence
from secondthought.tasks.steps import KEYS, goes_on, in_dialect, key, repeats
from secondthought.trace import Evidence, Step, StepDone, StopReason, ThoughtDelta


@dataclass(frozen=True, slots=True)
class Refused:
    """The end of a line, from its first failed step on: no part of the branch's thought.

    steps: of the line from there. at: characters of the thought before it. tokens: what the line
    took since it was last gone on with, booked by who asked for it. path: the tokens of `text`,
    where the model tells them. first: nothing that was judged stands before it in its line, nor
    the beginning of the step itself.
    """

    text: str
    steps: tuple[Step, ...]
    at: int
    tokens: int
    path: Path = NO_PATH
    first: bool = False

    @property
    def word(self) -> bool:
        """Whether it is one word with the blank or line end behind it: nothing that comes after
        had a part in the verdict."""
        return _WORD.fullmatch(self.text) is not None

    @property
    def repeats(self) -> bool:
        """Whether it fails because it was tried before: then no other way to say it will do."""
        first = next((step for step in self.steps if step.failed), None)
        return first is not None and repeats(first)


@dataclass(slots=True)
class Generated:
    """What one call brought.

    stop: the model's reason, or the limit at which this side cut it; a thought that was cut is
    without its answer. open: cut at the end of a step or below the floor, to be gone on with.
    refused: the line that ended the call, see `generate`; its tokens are in none of the counts.
    pending: what stands of a held line that is not complete; not shown and not in the record yet.
    path: the tokens that this call added to it. line: those that it added to the first line that
    it completed. first: its first token.
    logprob: sum over the thought's tokens, where the model knows them. confidence: the model's,
    that its answer is right. went_on: the thought, which was closed by force, went on where the
    answer should be; that is not in `answer`. hopeless: the thought was dropped, no answer is
    wanted of it.
    """

    stop: StopReason = StopReason.ERROR
    answer: str = ""
    tool_calls: list[ToolCall] = field(default_factory=list[ToolCall])
    prompt_tokens: int = 0
    thought_tokens: int = 0
    answer_tokens: int = 0
    estimated: bool = False
    open: bool = False
    refused: Refused | None = None
    pending: str = ""
    path: Path = NO_PATH
    line: Path = NO_PATH
    first: Path = NO_PATH
    logprob: float = 0.0
    confidence: float | None = None
    went_on: bool = False
    hopeless: bool = False

    @property
    def answered(self) -> bool:
        return bool(self.answer.strip() or self.tool_calls)

    def end_as(self, last: Generated) -> None:
        """Take what the last of several calls ended with; the counts stay."""
        self.stop, self.answer, self.tool_calls = last.stop, last.answer, last.tool_calls
        self.confidence = last.confidence

    def as_answer(self, branch: str, stop: StopReason) -> Answer:
        calls = tuple(self.tool_calls)
        return Answer(self.answer, branch, stop, calls, confidence=self.confidence)


def _asked(request: Request) -> str:
    """What a thought's steps are read against. An earlier answer is no part of the question: what
    was wrong there must not pass for a word of it. A number is: it may be gone on with."""
    return "\n".join(
        message.text
        for message in request.messages
        if message.role != "assistant" or _NUMBER.fullmatch(message.text)
    )


_CUT = (StopReason.THOUGHT_CAP, StopReason.REPETITION)
"""How a thought ends that was closed by force: how sure its answer is, nobody has measured."""
_NUMBER = re.compile(r"\s*-?[0-9][0-9,.]*\s*")
_LONGEST_LINE = 1000
"""Characters after which a held line goes on unjudged."""
_KEY = 12
"""No task's key is as long, with the blank after it."""
_EQUATION = re.compile(r"\d.*[=<>]|[=<>].*\d")
_WORD = re.compile(r" *[^\s]+\s| *\n")


class Sample:
    """Takes the deltas of one sample: text to the branch, counts to `out`, limits watched."""

    def __init__(
        self,
        ctx: Context,
        request: Request,
        out: Generated,
        step: int | None,
        floor: int,
        hold: bool,
        word: bool,
        eager: bool,
        pending: str,
    ) -> None:
        self.ctx = ctx
        self.out = out
        self._request = request
        self._step = step
        self._floor = min(floor, request.max_thought)
        self._holds_budget = ctx.model.capabilities.budget
        self._guard = RepetitionGuard() if request.repetition_guard else None
        self._hold, self._word, self._eager = hold, word, eager
        self._held, self._held_tokens = "", 0
        self._trail: list[tuple[int, Path]] = []  # of what is held: characters, tokens
        self._held_logprobs: list[float] = []
        self._answer_logprobs: list[float] = []
        self._begun = ""  # the part of the line that stands in the thought already
        self._unread = 0  # characters of that part that this call brought
        self._line_start = len(ctx.record.thought)
        before = ctx.prefix + ctx.record.thought
        self._opening = (before + pending).lstrip()[
            :_KEY
        ]  # how the thought begins: tells its dialect
        if before:
            # The grammar of a line may have been announced by one before it.
            self._begun = before.rpartition("\n")[2]
            before = before.removesuffix(self._begun)
        self._lines = ctx.known.reader(_asked(request), before, len(ctx.prefix))
        self._pending = pending
        if pending and not hold:
            self._show(pending, ())  # its steps are read with the rest of the line
        self._blank = ""  # white space before the answer, kept back until there is an answer
        self._closed = request.think and not request.max_thought and bool(request.thought_prefix)
        self._guess: str | None = None  # an answer to a thought closed by force, not said yet

    def take(self, delta: Delta) -> StopReason | None:
        """Book one delta. Returns the limit that ends the call, or None to go on. A delta that
        would pass a limit is cut off: it is neither shown nor booked."""
        out = self.out
        tokens = len(delta.ids) or int(bool(delta.text))
        if delta.prompt_tokens:
            out.prompt_tokens, out.estimated = delta.prompt_tokens, delta.estimated
        if (over := self._over(delta.kind, tokens)) is not None:
            return over
        if delta.kind == "answer" and not out.answer and out.thought_tokens < self._floor:
            # The thought ended too soon: what would begin here is no answer, and is not shown.
            if out.thought_tokens + tokens <= self._request.max_thought:
                out.thought_tokens += tokens
            out.open = True
            return StopReason.STOP
        if delta.kind == "thought":
            out.thought_tokens += tokens
            out.logprob += sum(delta.logprobs)
            if not out.first.ids:
                out.first = Path(delta.ids[:1], delta.logprobs[:1])
            self._closed = self._closed or delta.forced
            if not delta.forced:
                (self._held_logprobs if self._hold else self.ctx.logprobs).extend(delta.logprobs)
            if self._hold:
                self._trail.append((len(delta.text), Path(delta.ids, delta.logprobs)))
                return self._hold_back(delta.text, tokens) or self._thought_limit(delta.text)
            self._think(delta.text, tokens)
            return self._thought_limit(delta.text)
        if delta.kind == "answer":
            if not self._release_last(tokens):
                return StopReason.STOP  # the last line does not hold: no answer is shown
            self.finish()
            out.answer_tokens += tokens
            self._answer_logprobs += delta.logprobs
            if self._goes_on(delta.text):
                out.went_on = True
                return StopReason.THOUGHT_CAP
        elif delta.kind == "tool_call" and delta.tool_call is not None:
            out.tool_calls.append(delta.tool_call)
            self.ctx.call(delta.tool_call)
        elif delta.kind == "retry" and delta.retry is not None:
            self.ctx.retried(delta.retry)
        elif delta.kind == "end":
            if not self._release_last(0):
                return StopReason.STOP
            self.settle()
            out.stop = delta.stop or StopReason.STOP
            if delta.thought_tokens or delta.answer_tokens:
                out.thought_tokens = delta.thought_tokens
                out.answer_tokens = delta.answer_tokens
                out.estimated = delta.estimated
            else:  # who said something and counts nothing has not counted
                out.estimated = delta.estimated or out.thought_tokens + out.answer_tokens > 0
            if not self.ctx.forced and delta.stop not in _CUT:
                self._weigh(delta.marker)
        return None

    def _over(self, kind: DeltaKind, tokens: int) -> StopReason | None:
        """The limit that so many more tokens would pass."""
        request, out = self._request, self.out
        # A model that thinks although it was told not to: both have the answer's tokens.
        both = out.thought_tokens + out.answer_tokens + tokens > request.answer_limit(0)
        if kind == "thought":
            if request.think and out.thought_tokens + tokens > request.max_thought:
                return StopReason.THOUGHT_CAP
            return StopReason.LENGTH if both and not request.think else None
        if kind == "answer":
            over = out.answer_tokens + tokens > request.answer_limit(out.thought_tokens)
            return StopReason.LENGTH if over or (both and not request.think) else None
        return None

    def _weigh(self, marker: float | None) -> None:
        """Note what is known of the finished answer, and how sure that makes the model."""
        ctx, said = self.ctx, self.ctx.logprobs
        thought = any(branch.thought.strip() for branch in ctx.trace.chain(ctx.branch))
        if marker is None or not self._answer_logprobs or (thought and not said):
            return
        ctx.record.evidence = Evidence(
            marker,
            sum(said) / len(said) if thought else None,
            min(self._answer_logprobs),
            sum(step.failed for step in ctx.trace.steps(ctx.branch)),
        )
        self.out.confidence = confidence(ctx.model, ctx.record.evidence)
        ctx.record.confidence = self.out.confidence

    def _think(self, text: str, tokens: int) -> None:
        self.ctx.record.thought += text
        self.ctx.emit(ThoughtDelta(text=text, tokens=tokens))
        if "\n" in text:
            end = self.ctx.record.thought.rindex("\n") + 1
            self._steps(end)

    def _hold_back(self, text: str, tokens: int) -> StopReason | None:
        """Keep text until its line is complete; let good lines go, end the call at a bad one."""
        self._held += text
        self._held_tokens += tokens
        if len(self._opening) < _KEY:
            self._opening = (self._opening + text).lstrip()[:_KEY]
        if self._word and (end := _WORD.match(self._held)):
            self._release(end[0], ended=end[0].endswith("\n"))
            self._held, self.out.open = "", True
            return StopReason.STOP
        if self._eager and text.endswith(" ") and self._fails():
            self._release(self._held, ended=False)
            return StopReason.STOP
        while "\n" in self._held:
            if not self._release(self._held[: self._held.index("\n") + 1]):
                return StopReason.STOP
        if self._held and self._in_words():
            line = self._pending + self._held
            self._show(line, ())
            self._begun += line
            self._unread += len(line)
        return None

    def _fails(self) -> bool:
        """Whether a step of the line that is held fails already, before the line is whole."""
        reader, begun = self._lines.fork(), self._begun + self._pending
        reader.read(begun + self._held, 0, ended=False)
        return any(step.failed and step.end > len(begun) for step in reader.steps)

    def _in_words(self) -> bool:
        """Whether what is held need not wait: words, in a thought that is in no task's dialect.
        An equation waits for the end of its line, a word with a digit for its own end."""
        if len(self._held) > _LONGEST_LINE:
            return True
        word = key(self._opening)
        if word in KEYS or (len(self._opening) < _KEY and self._opening == word):
            return False
        *whole, last = self._held.split(" ")
        if any(char.isdigit() for char in last) or not self._held.strip():
            return False
        return not any(_EQUATION.search(word) for word in whole)

    def _release_last(self, more: int) -> bool:
        """As `_release`, for the last line, which has no line end. more: tokens after it that are
        lost with it."""
        if not self._held and not self._pending:
            return True
        self._held_tokens += more
        return self._release(self._held, lost=more)

    def _release(self, line: str, *, ended: bool = True, lost: int = 0) -> bool:
        """Judge the line that stands first in what is held; show it, or leave what of it holds.

        ended: the line is whole. lost: of the tokens that are held, those that came after it.
        """
        line = self._pending + line
        at, known = len(self.ctx.record.thought), len(self._lines.steps)
        self._lines.read((self._begun + line).rstrip("\n"), at - len(self._begun), ended=ended)
        steps = tuple(step for step in self._lines.steps[known:] if step.end > at - self._unread)
        bad = next((i for i, s in enumerate(steps) if s.failed and s.end > at), None)
        if bad is not None:
            # words that stood when this call began stand still: a step of many words, of which
            # only the first would be sampled anew, would come again as it was
            good = line[: max(len(self._pending), steps[bad].start - at)].rstrip(" ")
            text, begin = line[len(good) :], at + len(good)
            path = self._path(len(good) - len(self._pending), len(text))
            inside = self._pending and steps[bad].start - at < len(self._pending.rstrip(" "))
            first = not inside and not any(s.judged or s.kind != "text" for s in steps[:bad])
            self.out.refused = Refused(text, steps[bad:], begin, self._held_tokens, path, first)
            self.out.thought_tokens -= self._held_tokens - lost
            self._held_tokens = 0
            self._held_logprobs.clear()
            self._leave(good, steps[:bad])
        elif ended:
            if not self.out.line.ids:
                self.out.line = self._path(0, len(line) - len(self._pending))
            self._begun, self._unread = "", 0
            self._show(line, steps)
        else:
            # a blank goes with the word after it, which may be a line end instead
            self._leave(line.rstrip(" "), steps)
        return bad is None

    def _leave(self, line: str, steps: Sequence[Step]) -> None:
        """Leave the thought open within a line, of which so much holds and is not shown yet."""
        self._record([step for step in steps if step.end <= len(self.ctx.record.thought)])
        self._begun, self._unread = "", 0
        self.out.open, self.out.pending = True, line
        self.out.path = self._path(0, len(line) - len(self._pending))
        self.ctx.logprobs += self._held_logprobs
        self._held_logprobs.clear()
        self._pending = self._held = ""

    def _path(self, start: int, length: int) -> Path:
        """The tokens of so many characters that are held, from the start-th on; none where these
        do not begin and end with a token."""
        path, at, end = NO_PATH, 0, start + length
        if start < 0:
            return path
        for characters, tokens in self._trail:
            after = at + characters
            if at < start < after or at < end < after:
                return NO_PATH
            if start <= at < end:
                path += tokens
            at = after
        return path

    def _show(self, line: str, steps: Sequence[Step]) -> None:
        """Add what was held to the thought, and the steps that are read."""
        if line:  # of tokens that hold two lines, the first one has all
            self.ctx.record.thought += line
            self.ctx.emit(ThoughtDelta(text=line, tokens=self._held_tokens))
            shown = max(0, len(line) - len(self._pending))
            self._held = self._held[shown:]
            while self._trail and shown > 0:
                shown -= self._trail.pop(0)[0]
            self._held_tokens, self._pending = 0, ""
            self.ctx.logprobs += self._held_logprobs
            self._held_logprobs.clear()
        self._record(steps)

    def _record(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self.ctx.record.steps.append(step)
            self.ctx.emit(StepDone(step=step))

    def _steps(self, end: int) -> None:
        """Read the lines that are complete: everything before `end`."""
        at, known = self._line_start, len(self._lines.steps)
        read = self._begun + self.ctx.record.thought[at:end]
        self._lines.read_lines(read, at - len(self._begun))
        self._begun, self._line_start = "", end
        self._record([step for step in self._lines.steps[known:] if step.end > at])

    def _thought_limit(self, text: str) -> StopReason | None:
        request, used = self._request, self.out.thought_tokens
        if not request.think:
            return StopReason.LENGTH if used >= request.answer_limit(0) else None
        # A model that holds the budget closes its thought exactly at the cap; another is cut
        # there, which may hit a thought that was about to end: the cap is hard.
        if not self._holds_budget and used >= request.max_thought:
            return StopReason.THOUGHT_CAP
        if self._guard is not None and self._guard.push(text):
            return StopReason.REPETITION
        if self._step is not None:
            line = "\n" in text and bool(self.ctx.record.thought.strip())
            if line or used >= self._step:
                self.out.open = True
                return StopReason.STOP
        return None

    def _goes_on(self, text: str) -> bool:
        """Say the next piece of the answer. A small model may take a thought of its dialect that
        was closed by force for a pause, so its answer waits until it is whole. Whether it is none:
        it reads like the thought's next lines, or takes half of the tokens kept for an answer."""
        closed = self._guess is None and self._closed and not self.out.answer
        if closed and in_dialect(self.ctx.prefix + self.ctx.record.thought):
            self._guess = ""
        if self._guess is None:
            self._say(text)
            return False
        self._guess += text
        if goes_on(self._guess) or 2 * self.out.answer_tokens > self._request.max_answer:
            self._guess = ""
            return True
        return False

    def settle(self) -> None:
        """Say an answer that was waited for."""
        guess, self._guess = self._guess, None
        if guess:
            self._say(guess)

    def _say(self, text: str) -> None:
        if not self.out.answer and not text.strip():
            self._blank += text
            return
        text, self._blank = self._blank + text, ""
        self.out.answer += text
        self.ctx.say(text)

    def finish(self) -> None:
        """The thought's last line, which has no line end."""
        thought = self.ctx.record.thought
        if not self._hold:
            if self._line_start < len(thought):
                self._steps(len(thought))
        elif self._pending or self._held or self._unread:
            # words, or a line that was cut: it stands as it is
            at, known = len(thought) - self._unread, len(self._lines.steps)
            line = self._pending + self._held
            begun = self._begun + line
            self._lines.read(begun, len(thought) - len(self._begun), ended=False)
            self._show(line, [s for s in self._lines.steps[known:] if s.end > at])
            self._begun, self._unread = "", 0
