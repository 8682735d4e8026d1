"""One answer to a request while it is made: what the loop tells becomes what may leave.

The guard looks at every piece of the answer first; a thought leaves only as far as the asker may
see it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from secondthought.effort import Effort, Policy
from secondthought.loop.base import Stop
from secondthought.messages import BadInput, Problem, ToolCall
from secondthought.models.base import ModelError
from secondthought.oversight import disclosure
from secondthought.oversight.disclosure import Visibility
from secondthought.oversight.extraction import Notice, language_of
from secondthought.oversight.summary import Summary
from secondthought.reasoner import Reasoner
from secondthought.server import errors
from secondthought.server.errors import ApiError
from secondthought.server.guard import Guard
from secondthought.server.ids import new_id
from secondthought.server.logs import log_failure
from secondthought.server.wire.tools import Format, Toolbox
from secondthought.trace import (
    AnswerDelta,
    BranchEnded,
    Event,
    Failed,
    Finished,
    StopReason,
    ThoughtDelta,
    ToolCalled,
    Trace,
    Verdict,
)
from secondthought.verifiers.base import Verifier
from secondthought.verifiers.guard import judge


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryDelta(Event):
    """A sentence of the thought's summary."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Event):
    """A run has ended: its finish reason is known."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One answer that is wanted.

    max_tokens: of thought and answer together. stops: end the answer. checks: verifiers that came
    with the request; format: the first of them is its schema's, if it has one. mode: how much of
    the thought the asker sees. summary: which kind of summary is wanted, if any. notice: what was
    noticed of an attempt to get the hidden thought.
    """

    problem: Problem
    effort: Effort
    policy: Policy
    seed: int
    max_tokens: int | None = None
    stops: tuple[str, ...] = ()
    toolbox: Toolbox = field(default_factory=Toolbox)
    format: Format = field(default_factory=Format)
    mode: Visibility = Visibility.HIDDEN
    summary: str | None = None
    notice: Notice | None = None

    def sibling(self, index: int) -> Ask:
        """The same for the answer of this index among n: another seed."""
        return replace(self, seed=(self.seed + index) & (2**63 - 1)) if index else self


class Run:
    """One answer. text, calls: what has left of it. After the end: `trace`, `verdicts` of the
    request's checks, and `error` if there is no answer. finish: OpenAI's finish reason."""

    def __init__(
        self,
        ask: Ask,
        index: int,
        tell: Callable[[Event], None],
        said: Callable[[], None],
    ) -> None:
        self.ask = ask
        self.index = index
        self.stop = Stop()
        self.text = ""
        self.refusal: str | None = None
        self.calls: list[ToolCall] = []
        self.trace: Trace | None = None
        self.verdicts: list[Verdict] = []
        self.error: ApiError | None = None
        self.finish = "stop"
        self.leaked = False
        self._tell = tell
        self._said = said
        self._thought: list[str] = []
        self._shown: list[str] = []
        self._telling: str | None = None  # the branch whose thought is being shown
        self._untold: set[str] = set()
        self._guard = Guard(
            ask.problem,
            stops=ask.stops,
            whole=ask.format.checked,
            secret=not ask.mode.shows_thought,
        )
        self._summary: Summary | None = None
        if ask.summary is not None and ask.mode.shows_summary:
            language = language_of(ask.problem.question)
            self._summary = Summary(language, self._guard.leaks)
        self._cut = False  # by a stop string, a first call or a leak: nothing more leaves

    @property
    def thought(self) -> str:
        """The thought that led to the answer, as far as it has come."""
        return self.trace.thought if self.trace is not None else "".join(self._thought)

    @property
    def shown_thought(self) -> str:
        """What the asker may see of it: the thought, or its summary."""
        return "".join(self._shown)

    async def answer(self, reasoner: Reasoner) -> None:
        """Make it. Never raises for what a model or an asker did; sets `error`."""
        ask = self.ask
        try:
            await reasoner.tell(
                self._take,
                ask.problem,
                ask.effort,
                seed=ask.seed,
                max_tokens=ask.max_tokens,
                policy=ask.policy,
                stop=self.stop,
            )
            await self._finish()
        except BadInput as error:
            self.error = errors.bad(str(error), "messages", "invalid_value")
        except ModelError as error:
            self.error = errors.of_model(error, ask.mode)
        except Exception as error:
            log_failure("an answer failed", error)
            self.error = ApiError(500, "The server failed to answer.", code="server_error")

    def let_go(self) -> None:
        """Tell nobody any more. It and who it tells hold each other, and a trace that waits for the
        collector of cycles is a trace in memory: 113 MB after ten minutes of 500 streams."""
        self._tell = self._said = _nobody

    def _take(self, event: Event) -> None:
        if isinstance(event, AnswerDelta):
            self._said()
            if self._summary is not None:
                self._sum_up(event)
            if not self._cut:
                self._say(self._guard.push(event.text), event)
        elif isinstance(event, ThoughtDelta):
            self._said()
            self._guard.think(event.text, event.branch)
            if event.branch == "main":
                self._thought.append(event.text)
            self._show(event)
            self._sum_up(event)
        elif isinstance(event, ToolCalled):
            self._said()
            if not self._cut:
                self._call(event)
        elif isinstance(event, Failed):
            self.error = errors.of_model(ModelError(event.message, event.kind), self.ask.mode)
        elif isinstance(event, Finished):
            self.trace = event.trace
        else:
            self._pass(event)
            self._sum_up(event)

    def _sum_up(self, event: Event) -> None:
        for sentence in self._summary.push(event) if self._summary is not None else ():
            if not self.ask.mode.shows_thought:
                self._shown.append(f"{sentence}\n")
            self._tell(SummaryDelta(text=sentence, choice=self.index))

    def _show(self, event: ThoughtDelta) -> None:
        """One branch at a time: a text of several at once nobody could read. What began beside
        the one that is shown stays out; the trace has it."""
        if event.taken_back:
            return
        if self._telling is None and event.branch not in self._untold:
            self._telling = event.branch
            if self._shown:
                event = replace(event, text=f"\n\n{event.text}")
        if event.branch == self._telling:
            self._pass(event)
        else:
            self._untold.add(event.branch)

    def _pass(self, event: Event) -> None:
        if isinstance(event, BranchEnded) and event.branch == self._telling:
            self._telling = None
        shown = disclosure.outgoing_event(event, self.ask.mode)
        if shown is not None:
            if isinstance(shown, ThoughtDelta):
                self._shown.append(shown.text)
            self._tell(replace(shown, choice=self.index) if self.index else shown)

    def _say(self, text: str, event: AnswerDelta | None = None) -> None:
        """Text that may leave. event: which brought it, to be sent on where it holds just this."""
        if self._guard.caught == "stop":
            text += self._guard.finish()
        if text:
            self.text += text
            if event is None or event.text != text:
                event = AnswerDelta(text=text)
            self._pass(event)
        self._see()

    def _see(self) -> None:
        """Whether the guard has caught something: then nothing more leaves."""
        if self._guard.caught is not None and not self._cut:
            self._cut = True
            self.leaked = self._guard.caught == "leak"
            self.stop.cancel()

    def _call(self, event: ToolCalled) -> None:
        if not self._guard.clean(event.arguments):
            self._see()
            return
        # Our own id: it is what the thought is kept by, and models' ids are often not unique.
        call = ToolCall(new_id("call"), event.name, event.arguments)
        self.calls.append(call)
        self._pass(replace(event, id=call.id))
        if self.ask.toolbox.one:
            self._cut = True
            self.stop.cancel()

    async def _finish(self) -> None:
        trace = self.trace
        assert trace is not None  # a stream ends with Finished
        checks = self.ask.problem.verifiers
        if checks and trace.answer.strip() and not self.calls and self.error is None:
            self.verdicts = await _judge(checks, self.ask.problem, trace)
        if not self._cut and self._in_form(trace):
            self._say(self._guard.finish())
        self.finish = self._finish_reason(trace.finish_reason)
        must = self.ask.toolbox.must
        if must and not self.calls and self.error is None and self.finish == "stop":
            text = "The model called none of the tools of which tool_choice requires one."
            self.error = ApiError(502, text, param="tool_choice", code="tool_call_missing")

    def _in_form(self, trace: Trace) -> bool:
        """Whether the answer has the format that was asked for; else it is a refusal."""
        cut = trace.finish_reason in (StopReason.LENGTH, StopReason.DEADLINE)
        if self.ask.format.checked and self.verdicts and not cut:
            verdict = self.verdicts[0]
            if not verdict.passed:
                why = verdict.feedback if self.ask.mode.shows_thought else ""
                self.refusal = "The model gave no answer in the format that was asked for"
                self.refusal += f": {why}" if why else "."
                return False
        return True

    def _finish_reason(self, reason: StopReason) -> str:
        if self.leaked:
            return "content_filter"
        if self.calls:
            return "tool_calls"
        if self._cut:
            return "stop"
        if reason in (StopReason.LENGTH, StopReason.DEADLINE):
            return "length"
        if not self.text and not self.refusal:
            return "length"  # the budget went into the thought: o1's form of an empty answer
        return "stop"


def _nobody(*_: object) -> None:
    pass


async def _judge(checks: Sequence[Verifier], problem: Problem, trace: Trace) -> list[Verdict]:
    """What the checks say of the answer; what the loop has already asked is not asked again."""
    branch = trace.branch(trace.committed)
    told = {v.verifier: v for v in branch.verdicts} if branch.answer == trace.answer else {}
    found: list[Verdict] = []
    names = [check.name for check in checks]
    for check in checks:
        verdict = told.get(check.name) if names.count(check.name) == 1 else None
        if verdict is None:
            (verdict,) = await judge(check, problem, [trace.answer], None)
        found.append(verdict)
    return found
