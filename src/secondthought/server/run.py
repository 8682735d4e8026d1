"""One answer to a request while it is made: what the loop tells becomes what may leave.

The guard looks at every piece of the answer first; a thought leaves only as far as the asker may
see it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from secondthought.effort import Effort, Policy
from secondthought.loop.base import Stop
from secondthought.messages import BadInput, Problem, ToolCall
from secondthought.models.base import Model, ModelError
from secondthought.oversight import disclosure
from secondthought.oversight.disclosure import Visibility
from secondthought.oversight.extraction import Notice, language_of
from secondthought.oversight.summary import Summary
from secondthought.reasoner import Reasoner
from secondthought.server import errors, written
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

_NO_LIMIT = 2**31


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
    noticed of an attempt to get the hidden thought. param: the parameter of the conversation.
    written: the summary is the model's own; the answer waits for it.
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
    param: str = "messages"
    written: bool = False

    def sibling(self, index: int) -> Ask:
        """The same for the answer of this index among n: another seed."""
        return replace(self, seed=(self.seed + index) & (2**63 - 1)) if index else self


class Run:
    """One answer. text, calls: what has left of it. After the end: `trace`, `verdicts` of the
    request's checks, and `error` if there is no answer. finish: OpenAI's finish reason. account:
    what accounts.py has made of it."""

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
        self.account: dict[str, Any] | None = None
        self._tell = tell
        self._said = said
        self._thought: list[str] = []
        self._shown: list[str] = []
        self._telling: str | None = None  # the branch whose thought is being shown
        self._untold: set[str] = set()
        self._guard = Guard(
            ask.problem,
            stops=ask.stops,
            whole=ask.format.checked or ask.written,
            secret=not ask.mode.shows_thought,
        )
        self._summary: Summary | None = None
        self._sentences: list[str] = []  # of the summary that are not told yet
        self._waiting: list[ToolCalled] = []  # calls that wait for it
        if ask.summary is not None and ask.mode.shows_summary:
            language = language_of(ask.problem.question)
            self._summary = Summary(language, self._guard.leaks)
        self._cut = False  # by a stop string, a first call or a leak: nothing more leaves
        self._offered = {tool.name for tool in ask.toolbox.tools}
        self._unknown = False  # a tool was called that was not offered

    @property
    def thought(self) -> str:
        """The thought that led to the answer, as far as it has come."""
        return self.trace.thought if self.trace is not None else "".join(self._thought)

    @property
    def shown_thought(self) -> str:
        """What the asker may see of it: the thought, or its summary."""
        return "".join(self._shown)

    @property
    def ended(self) -> str:
        """Why it ended: what was cut here has the reason of that, not that the model was
        stopped."""
        if self.leaked:
            return "leak"
        if self._cut:
            return "tool_calls" if self.calls else "stop"
        return "error" if self.trace is None else self.trace.finish_reason.value

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
            await self._finish(reasoner.model)
        except BadInput as error:
            self.error = errors.bad(str(error), ask.param, "invalid_value")
        except ModelError as error:
            self.error = errors.of_model(error, ask.mode, ask.param)
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
            self._sum_up(event)
            if self.ask.written:
                self._waiting.append(event)
            elif not self._cut:
                self._call(event)
        elif isinstance(event, Failed):
            error = ModelError(event.message, event.kind, retry_after=event.retry_after)
            self.error = errors.of_model(error, self.ask.mode, self.ask.param)
        elif isinstance(event, Finished):
            self.trace = event.trace
        else:
            self._pass(event)
            self._sum_up(event)

    def _sum_up(self, event: Event) -> None:
        if self._summary is not None:
            self._tell_summary(self._summary.push(event))

    def _tell_summary(self, sentences: list[str]) -> None:
        if self.ask.written and self.trace is None:
            self._sentences += sentences
            return
        for sentence in sentences:
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
        if self._guard.caught == "stop" and not self._guard.whole:
            text += self._guard.finish()
        if text:
            self.text += text
            if event is None or event.text != text:
                event = AnswerDelta(text=text)
            self._pass(event)
        self._see()

    def _see(self) -> None:
        """Whether the guard has caught something: then nothing more leaves."""
        self.leaked = self._guard.caught == "leak"
        if self._guard.caught is not None and not self._cut:
            self._cut = True
            self.stop.cancel()

    def _call(self, event: ToolCalled) -> None:
        if event.name not in self._offered:
            self._unknown = True  # its name is text of the model's that nobody has looked at
            return
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

    async def _write_summary(self, model: Model, trace: Trace) -> list[str]:
        """The model's own summary, or that of the templates if there is none that may leave."""
        most = self.ask.max_tokens
        room = _NO_LIMIT if most is None else most - trace.ledger.generated()
        unwanted = self.error is not None or (self.stop.cancelled and not self._cut)
        if unwanted or room < written.LEAST or not self.thought:
            return self._sentences
        question = self.ask.problem.question
        found = await written.write(
            model,
            question,
            self.thought,
            language_of(question),
            room=room,
            unwanted=lambda: self.stop.cancelled and not self._cut,
        )
        trace.ledger.add(
            trace.committed,
            "summary",
            found.tokens,
            sent=found.sent,
            estimated=found.estimated,
        )
        leaks = self._guard.leaks
        safe = found.text and (leaks is None or leaks.check(found.text) is None)
        return [found.text] if safe else self._sentences

    async def _finish(self, model: Model) -> None:
        trace = self.trace
        assert trace is not None  # a stream ends with Finished
        if self._summary is not None:
            self._sentences += self._summary.finish(trace)
            if self.ask.written:
                self._sentences = await self._write_summary(model, trace)
            self._tell_summary(self._sentences)
        checks, guard = self.ask.problem.verifiers, self._guard
        # What a stop string has cut is judged as it would leave; the trace holds more.
        stopped = guard.caught == "stop"
        answer = self.text + guard.held if stopped else trace.answer
        waits = stopped and guard.whole
        called = self.calls or self._waiting
        if checks and (answer.strip() or waits) and not called and self.error is None:
            self.verdicts = await _judge(checks, self.ask.problem, trace, answer)
        if (waits or not self._cut) and self._in_form():
            self._say(guard.finish())
        for call in self._waiting:
            if not self._cut:
                self._call(call)
        self.finish = self._finish_reason(trace.finish_reason)
        if self.error is not None or self.calls:
            return
        if self._unknown and not (self.text or self.refusal or self.leaked):
            text = "The model called a tool that this request does not offer."
            self.error = ApiError(502, text, code="unknown_tool_called")
        elif self.ask.toolbox.must and self.finish == "stop":
            text = "The model called none of the tools of which tool_choice requires one."
            self.error = ApiError(502, text, param="tool_choice", code="tool_call_missing")

    def _in_form(self) -> bool:
        """Whether the answer has the format that was asked for; else it is a refusal."""
        cut = self.ended in (StopReason.LENGTH, StopReason.DEADLINE)
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


async def _judge(
    checks: Sequence[Verifier], problem: Problem, trace: Trace, answer: str
) -> list[Verdict]:
    """What the checks say of the answer; what the loop has already asked is not asked again."""
    branch = trace.branch(trace.committed)
    told = {v.verifier: v for v in branch.verdicts} if branch.answer == answer else {}
    found: list[Verdict] = []
    names = [check.name for check in checks]
    for check in checks:
        verdict = told.get(check.name) if names.count(check.name) == 1 else None
        if verdict is None:
            (verdict,) = await judge(check, problem, [answer], None)
        found.append(verdict)
    return found
