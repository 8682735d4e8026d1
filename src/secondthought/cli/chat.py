"""`secondthought chat`: a conversation, turn by turn."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from secondthought.cli.ask import NO_ANSWER_HELD, AnswerWriter, unsure
from secondthought.cli.errors import say
from secondthought.cli.interrupt import on_interrupt
from secondthought.cli.options import (
    EffortOption,
    MinConfidenceOption,
    ModelOption,
    SeedOption,
)
from secondthought.cli.view import Thinking, ThoughtView
from secondthought.effort import DEFAULT, Effort
from secondthought.messages import BadInput, Message, Problem

if TYPE_CHECKING:
    from secondthought.loop.base import Stop
    from secondthought.reasoner import Reasoner
    from secondthought.trace import Trace

HELP = """\
/effort [LEVEL]  show or set how hard to think
/new             forget the conversation
/help            this list
/quit            leave (so does Ctrl-D)
Ctrl-C ends the thought and has the answer now; once more, it ends the answer too."""


def chat_command(
    effort: EffortOption = DEFAULT.value,
    model: ModelOption = None,
    thinking: Annotated[
        Thinking | None, typer.Option(help="What of the thoughts to show on stderr.")
    ] = None,
    min_confidence: MinConfidenceOption = None,
    seed: SeedOption = 0,
) -> None:
    """Talk with the model; it remembers the turns. /help lists what else it understands."""
    from secondthought.reasoner import Reasoner

    reasoner = Reasoner(model, effort=effort)
    with asyncio.Runner() as runner:
        try:
            Session(reasoner, thinking, seed, runner, min_confidence).run()
        finally:
            runner.run(reasoner.close())


class Session:
    def __init__(
        self,
        reasoner: Reasoner,
        thinking: Thinking | None,
        seed: int,
        runner: asyncio.Runner,
        min_confidence: float | None = None,
    ) -> None:
        reasoner.policy(min_confidence=min_confidence)  # refused now, not at every turn
        self._reasoner = reasoner
        self._thinking = thinking
        self._seed = seed
        self._runner = runner
        self._min_confidence = min_confidence
        self._messages: list[Message] = []
        self._terminal = sys.stdin.isatty()

    def run(self) -> None:
        if self._terminal:
            _line_editing()
            print(f"{self._reasoner.model.name} · effort {self._reasoner.effort} · /help")
        while (line := self._read()) is not None:
            text = line.strip()
            if text in ("/quit", "/exit"):
                return
            if text.startswith("/"):
                self.command(text)
            elif text:
                self.turn(text)

    def _read(self) -> str | None:
        """The next line; None at the end of the input."""
        try:
            return input("> " if self._terminal else "")
        except EOFError:
            if self._terminal:
                print()
            return None
        except KeyboardInterrupt:  # a line begun and given up
            print()
            return ""
        except UnicodeDecodeError:
            say("the input is not UTF-8 text; give plain text")
            return ""

    def command(self, text: str) -> None:
        name, _, value = text.partition(" ")
        if name == "/effort" and value.strip() in set(Effort):
            self._reasoner.effort = Effort(value.strip())
        elif name == "/effort" and value.strip():
            say(f"there is no effort {value.strip()!r}; choose one of {', '.join(Effort)}")
        elif name == "/effort":
            print(f"effort {self._reasoner.effort}")
        elif name == "/new":
            self._messages.clear()
        elif name == "/help":
            print(HELP)
        else:
            say(f"there is no command {name}; /help lists them")

    def turn(self, text: str) -> None:
        problem = Problem((*self._messages, Message("user", text)))
        try:
            trace = self._runner.run(self._answer(problem))
        except BadInput as error:
            say(str(error))
            return
        # A turn without an answer leaves no trace in the conversation: it can be asked again.
        if trace is not None and trace.answer.strip():
            self._messages += [Message("user", text), Message("assistant", trace.answer)]

    async def _answer(self, problem: Problem) -> Trace | None:
        from secondthought.loop.base import Stop
        from secondthought.trace import AnswerDelta, Failed, Finished, StopReason, ThoughtDelta

        stop, answer = Stop(), AnswerWriter()
        trace: Trace | None = None
        least = self._min_confidence
        policy = None if least is None else self._reasoner.policy(min_confidence=least)
        stream = self._reasoner.stream(problem, seed=self._seed, policy=policy, stop=stop)
        async with aclosing(stream) as events:
            with on_interrupt(lambda: _press(stop)), ThoughtView(self._thinking) as view:
                async for event in events:
                    if isinstance(event, ThoughtDelta) and not event.taken_back:
                        view.push(event.text)
                    elif isinstance(event, AnswerDelta):
                        view.stop()
                        answer.write(event.text)
                    elif isinstance(event, Failed):
                        view.stop()
                        answer.end()
                        say(event.message + _advice(event.kind))
                    elif isinstance(event, Finished):
                        trace = event.trace
                answer.end()
        if trace is not None and trace.error is None:
            view.sum_up(trace)
            if trace.withheld:
                print(unsure(trace), file=sys.stderr)
            elif trace.gave_up:
                print(NO_ANSWER_HELD, file=sys.stderr)
            elif trace.finish_reason is StopReason.LENGTH:
                print("The answer is cut at the limit of tokens.", file=sys.stderr)
        return trace


def _press(stop: Stop) -> None:
    if stop.reason is None:
        stop.answer_now()
    else:
        stop.cancel()


def _advice(kind: str) -> str:
    return " (/new forgets the conversation)" if kind == "context" else ""


def _line_editing() -> None:
    """Arrow keys and the history of this session, where the system has readline."""
    with suppress(ImportError):
        import readline  # noqa: F401  # pyright: ignore[reportUnusedImport]
