"""One streamed reply -> `Delta`s: thought and answer told apart, the limits held, tokens counted.

Nothing here trusts the server: not that it holds a limit, not that it puts a thought where a
thought belongs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import accumulate, pairwise

from secondthought.messages import ToolCall
from secondthought.models.base import Delta, ModelError, Request
from secondthought.models.remote.think_tags import Splitter, overlap
from secondthought.models.remote.tokens import Counter, Part, Rate, estimate
from secondthought.models.remote.untrusted import (
    Json,
    an_object,
    choices,
    objects,
    said,
    text,
    whole,
)
from secondthought.trace import StopReason

THOUGHT_FIELDS = ("reasoning_content", "reasoning", "thinking")

_ENDS = {"length": StopReason.LENGTH, "max_tokens": StopReason.LENGTH}
_BREAKS = ("error", "abort", "insufficient_system_resource")
"""Finish reasons of vLLM, SGLang, OpenRouter and DeepSeek for a reply that failed on its way."""


class Reply:
    """Feed it the events of one sample's stream with `read`, then take `end`.

    request: whose limits hold. Where no thought is wanted (`think` off, or `max_thought` 0) what
    the server calls a thought is held back: some servers put the answer into the wrong field, and
    it is the answer if nothing else comes. inside: the text begins within a thought (see
    `Splitter`). prompt_tokens: an estimate, for servers that do not tell. rate: what is
    known of this server's pieces. patience: tokens of an unwanted thought at which the reply is
    ended; None = as many as the answer may have.

    done: a limit was reached; the stream should be closed, nothing more is taken.
    """

    def __init__(
        self,
        sample: int,
        request: Request,
        *,
        inside: bool = False,
        prompt_tokens: int = 0,
        rate: Rate | None = None,
        patience: int | None = None,
    ) -> None:
        self.done = False
        self.answer = ""
        self.in_field = False
        """The thought came in a field of its own."""
        self.shown = False
        """A thought was seen, in whichever place."""
        self.unwanted = ""
        """The thought that came although none was wanted, once it is clear that it is one."""
        self.unclosed = False
        """The reply was to begin within a thought, and ended as if it were complete without ever
        closing it: it was the answer."""
        self.counter = Counter(prompt_tokens, rate or Rate())
        self.splitter = Splitter(inside=inside)
        self.stop: StopReason | None = None
        self._sample = sample
        self._request = request
        self._wants_thought = request.think and request.max_thought > 0
        self._patience = request.answer_limit(0) if patience is None else patience
        self._held: list[tuple[str, int]] = []  # unwanted thought, or the answer misplaced
        self._guessed = inside and request.thought_prefix is None
        self._assumed = ""  # text that is a thought only if a closing tag follows
        self._stops = [s for s in request.stop if s]
        self._tail = ""  # the end of the answer that may yet become a stop string
        self._calls = list[_Call]()
        self._at = dict[int, _Call]()  # the last one under each index
        self._filtered = self._broke_off = False
        self._lost = False  # tokens came that nobody took

    @property
    def broke_budget(self) -> bool:
        """The thought went on past `max_thought`."""
        return self.done and self.stop is StopReason.THOUGHT_CAP

    @property
    def cut_short(self) -> bool:
        """The server ended the reply at its limit of tokens."""
        return not self.done and self.stop is StopReason.LENGTH

    @property
    def hidden(self) -> bool:
        """There was a thought that nobody was shown."""
        silent = self.cut_short and not self.answer and not self._calls
        return not self.shown and bool(self.counter.reasoning or silent)

    def read(self, event: Json) -> Iterator[Delta]:
        """The deltas of one event."""
        pieces: list[tuple[Part, str]] = []
        for choice in choices(event):
            new = said(choice)
            pieces += self._pieces(new)
            if calls := new.get("tool_calls"):
                self._take_calls(objects(calls))
            if isinstance(reason := choice.get("finish_reason"), str):
                self._filtered = reason == "content_filter"
                self._broke_off = reason in _BREAKS
                self.stop = _ENDS.get(reason, StopReason.STOP)
        tokens = self.counter.brought(event, "".join(words for _, words in pieces))
        if not pieces and self.shown and not self.answer:  # a tag, or half a character
            self.counter.add("thought", tokens)
        for (part, words), share in zip(pieces, _shares(pieces, tokens), strict=True):
            yield from self._say(part, words, share)

    def end(self) -> Iterator[Delta]:
        """What was held back, the tool calls, and the delta of kind "end". Raises ModelError for
        an answer that the server's content filter took away, or that the server broke off."""
        ended = not self.done
        if ended and self._broke_off:
            raise ModelError("the server broke its answer off, and says no more of it", "server")
        if ended:
            for part, words in self.splitter.end():
                yield from self._say(part, words, estimate(words))
            if self._tail:
                self.answer += self._tail
                yield self._delta("answer", self._tail)
        calls = [call for call in self._calls if call.name]
        if ended and self.stop is not StopReason.LENGTH and not self.answer and not calls:
            held, self._held = self._held, []
            if held:  # what came without words, as its end mark, was no thought either
                self.counter.answer, self.counter.thought = self.counter.thought, 0
            for words, tokens in held:
                yield from self._say("answer", words, tokens)
        for words, tokens in self._held:
            self.counter.add("thought", tokens)
            self.unwanted += words
        complete = self.stop is StopReason.STOP and not calls and not self.answer
        if ended and complete and self._assumed.strip() and not self.splitter.closed:
            yield from self._never_closed()
        if self._filtered and not self.answer and not calls:
            raise ModelError("the server's content filter kept the answer back", "bad_request")
        for i, call in enumerate(calls):
            made = ToolCall(call.id or f"call_{self._sample}_{i}", call.name, call.arguments)
            yield Delta(self._sample, "tool_call", tool_call=made)
        answered = bool(self.answer or calls)
        thought, answer, exact = self.counter.totals(ended=ended, answered=answered)
        yield Delta(
            self._sample,
            "end",
            stop=StopReason.TOOL_CALLS if calls else self._why(),
            prompt_tokens=self.counter.prompt,
            thought_tokens=thought,
            answer_tokens=answer,
            estimated=self._lost or not (exact and self.counter.prompt_known),
        )

    def _why(self) -> StopReason:
        if self._wants_thought and not self.answer.strip() and self.stop is StopReason.LENGTH:
            return StopReason.THOUGHT_CAP  # the thought ate everything
        return self.stop or StopReason.STOP

    def _pieces(self, said: Json) -> list[tuple[Part, str]]:
        pieces: list[tuple[Part, str]] = []
        # Some servers send the same thought under two names.
        if thought := next((t for name in THOUGHT_FIELDS if (t := text(said.get(name)))), ""):
            self.in_field = True
            pieces.append(("thought", thought))
        if content := text(said.get("content")) or text(said.get("refusal")):
            if self.in_field:
                pieces.append(("answer", content))
            else:
                pieces += self.splitter.push(content)
        return pieces

    def _say(self, part: Part, words: str, tokens: int) -> Iterator[Delta]:
        if self.done or not words:
            return
        self.shown = self.shown or part == "thought"
        if part == "thought" and not self._wants_thought:
            self._held.append((words, tokens))
            if sum(n for _, n in self._held) >= self._patience:
                self._limit(StopReason.LENGTH)
            return
        if part == "answer" and self._held:  # so it was a thought
            held, self._held = self._held, []
            self.unwanted = "".join(thought for thought, _ in held)
            for thought, n in held:
                self.counter.add("thought", n)
                if not self._request.think:
                    yield from self._deltas("thought", thought, n)
        if part == "thought":
            room = self._request.max_thought - self.counter.thought
        else:
            room = self._request.answer_limit(self.counter.thought) - self.counter.answer
        if tokens > room:
            room = max(room, 0)
            words, tokens = words[: len(words) * room // tokens], room
            self._limit(StopReason.THOUGHT_CAP if part == "thought" else StopReason.LENGTH)
            self._lost = True
        self.counter.add(part, tokens)
        if part == "thought" and self._guessed and not self.splitter.opened and not self.in_field:
            self._assumed += words
        if part == "answer":
            words = self._before_stop(words)
            self.answer += words
        if words:
            yield from self._deltas(part, words, tokens)

    def _never_closed(self) -> Iterator[Delta]:
        """What was taken for a thought is the answer. In one delta: its tokens are no new ones."""
        self.unclosed = True
        tokens, room = self.counter.thought, self._request.answer_limit(0)
        self.answer = self._before_stop(self._assumed) + self._tail
        if tokens > room:
            self.answer, self.stop = (
                self.answer[: len(self.answer) * room // tokens],
                StopReason.LENGTH,
            )
        self.counter.thought, self.counter.answer = max(0, tokens - room), min(tokens, room)
        yield self._delta("answer", self.answer)

    def _before_stop(self, words: str) -> str:
        """The answer up to a stop string; what may yet become one waits."""
        if not self._stops:
            return words
        held, self._tail = self._tail + words, ""
        if cuts := [held.index(s) for s in self._stops if s in held]:
            self._limit(StopReason.STOP)
            return held[: min(cuts)]
        keep = max(overlap(held, s) for s in self._stops)
        self._tail = held[len(held) - keep :]
        return held[: len(held) - keep]

    def _limit(self, stop: StopReason) -> None:
        self.stop, self.done = stop, True

    def _deltas(self, part: Part, words: str, tokens: int) -> Iterator[Delta]:
        """One delta a token, as readers count them: a piece of several tokens is cut evenly."""
        size, tokens = len(words), max(1, min(tokens, len(words)))
        for i in range(tokens):
            yield self._delta(part, words[size * i // tokens : size * (i + 1) // tokens])

    def _delta(self, part: Part, words: str) -> Delta:
        counter = self.counter
        return Delta(
            self._sample,
            part,
            words,
            prompt_tokens=counter.prompt,
            estimated=not counter.exact,
        )

    def _take_calls(self, pieces: list[Json]) -> None:
        for position, piece in enumerate(pieces):
            index = whole(piece.get("index"))
            index = position if index is None else index
            function = an_object(piece.get("function"))
            id, name = text(piece.get("id")), text(function.get("name"))
            call = self._at.get(index)
            # Gemini gives the same index to all calls, each of them whole.
            if call is None or (id and name and call.id and call.name and id != call.id):
                call = self._at[index] = _Call()
                self._calls.append(call)
            call.id = call.id or id
            call.name += name
            arguments = function.get("arguments") or ""
            # Some servers parse the arguments' JSON for us.
            call.arguments += arguments if isinstance(arguments, str) else json.dumps(arguments)


class _Call:
    """A tool call as its pieces come."""

    def __init__(self) -> None:
        self.id = self.name = self.arguments = ""


def _shares(pieces: list[tuple[Part, str]], tokens: int) -> list[int]:
    """An event's tokens over its pieces, by their length; they add up to them."""
    if len(pieces) < 2:
        return [tokens] * len(pieces)
    size = sum(len(words) for _, words in pieces)
    ends = [0, *(round(tokens * at / size) for at in accumulate(len(w) for _, w in pieces))]
    return [end - start for start, end in pairwise(ends)]
