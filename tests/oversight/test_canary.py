"""A canary in a hidden thought gets out nowhere: not in answers, errors, logs or summaries."""

from __future__ import annotations

import dataclasses
import json
import logging
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondthought.models.base import ModelError
from secondthought.oversight.contradiction import contradicts_own_check
from secondthought.oversight.disclosure import (
    Visibility,
    error_message,
    log_error,
    log_fields,
    outgoing_event,
    outgoing_trace,
)
from secondthought.oversight.leak import LeakGuard
from secondthought.oversight.seal import seal
from secondthought.oversight.summary import Summary
from secondthought.trace import (
    AnswerDelta,
    Branch,
    BranchEnded,
    BranchStarted,
    CandidateReady,
    Event,
    Failed,
    Finished,
    Outcome,
    Retried,
    Step,
    StepDone,
    StopReason,
    ThoughtDelta,
    ToolCalled,
    Trace,
    Verdict,
    VerdictReached,
)
from tests.oversight.thoughts import ENCODINGS, canaries, forms, words

PROMPT = "Please add up the numbers and say how you know it."
INNOCENT = "The result is 42. It follows from the numbers that you gave. "


def everything(thought: str, answer: list[str], guard: LeakGuard) -> list[Event]:
    """One of each event, with the thought wherever there is room for a text."""
    verdict = Verdict(Outcome.FAILED, 0.0, thought, error=thought, verifier="schema")
    step = Step(thought, "text", verdict)
    trace = Trace(
        "m",
        "medium",
        "vote",
        answer="".join(answer),
        branches=[
            Branch("main.1", thought, thought, [step], [verdict], StopReason.STOP),
            Branch("main.2", thought, "".join(answer)),
        ],
        error=thought,
    )
    trace.ledger.add("main.1", "thought", len(thought))
    return [
        BranchStarted(strategy="vote"),
        *(ThoughtDelta(text=thought[i : i + 7]) for i in range(0, len(thought), 7)),
        StepDone(step=step),
        CandidateReady(answer=thought),
        VerdictReached(verdict=verdict),
        *(AnswerDelta(text=text) for text in answer),
        BranchEnded(reason=StopReason.STOP),
        Failed(message=f"upstream said: {thought}", kind="bad_request"),
        Finished(trace=trace),
    ]


def received(events: list[Event], mode: Visibility, guard: LeakGuard) -> str:
    """All that reaches a user, as a server would put it together from the functions here."""
    summary, out = Summary("en", guard), list[Any]()
    for event in events:
        if isinstance(event, ThoughtDelta):
            guard.think(event.text, event.branch)
        out += summary.push(event)
        gone = outgoing_event(event, mode)
        if isinstance(gone, AnswerDelta):
            out.append(guard.push(gone.text))
        elif isinstance(gone, Finished):
            assert isinstance(event, Finished)
            out.append(guard.finish())
            out += summary.finish(event.trace)
            out += [seal(event.trace).digest, contradicts_own_check(event.trace)]
            if guard.leak is None:
                out.append(dataclasses.asdict(gone))
            else:  # the answer itself was the leak
                out += [guard.leak.how, dataclasses.asdict(gone.trace) | {"answer": ""}]
        elif gone is not None:
            out.append(dataclasses.asdict(gone))
    return "\n".join(
        piece if isinstance(piece, str) else json.dumps(piece, ensure_ascii=False, default=str)
        for piece in out
    )


@settings(max_examples=500)
@given(
    canaries,
    st.lists(words, min_size=8, max_size=40),
    st.integers(0, 2**32),
    st.sampled_from(sorted(ENCODINGS)),
    st.sampled_from([Visibility.HIDDEN, Visibility.SUMMARY]),
)
def test_a_canary_never_leaves(
    canary: str, around: list[str], seed: int, encoding: str, mode: Visibility
) -> None:
    rng = Random(seed)
    place = rng.randrange(len(around) + 1)
    thought_words = [*around[:place], canary, *around[place:]]
    thought = " ".join(thought_words)
    # What the answer repeats: at least 8 words, the canary among them.
    first = rng.randrange(max(0, place - 7), min(place, len(thought_words) - 8) + 1)
    last = rng.randrange(max(first + 8, place + 1), len(thought_words) + 1)
    leaked = ENCODINGS[encoding](" ".join(thought_words[first:last]))
    text = rng.choice(["", INNOCENT]) + leaked + rng.choice(["", " ", "\n" + INNOCENT])
    answer: list[str] = []
    while text:
        size = rng.randrange(1, 12)
        answer.append(text[:size])
        text = text[size:]

    guard = LeakGuard([PROMPT])
    got = received(everything(thought, answer, guard), mode, guard).lower()
    assert guard.leak is not None
    for form in forms(canary):
        assert form not in got


@settings(max_examples=200)
@given(canaries, st.lists(words, max_size=20), st.data())
def test_errors_and_logs_hold_no_thought(
    canary: str, around: list[str], data: st.DataObject
) -> None:
    thought = " ".join([*around, canary])
    kind = data.draw(st.sampled_from(["server", "bad_request", "context", "nobody knows it"]))
    cause = ModelError(thought, kind)
    with pytest.raises(KeyError) as raised:
        raise KeyError(thought) from cause
    said = [log_error(raised.value), error_message(raised.value, Visibility.HIDDEN)]
    said.append(error_message(cause, Visibility.SUMMARY))
    trace = Trace("m", "low", "think", answer=thought, branches=[Branch("main", thought, thought)])
    trace.error = thought
    said += [json.dumps(log_fields(trace)), repr(outgoing_trace(trace, Visibility.HIDDEN).branches)]
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, said[0], None, None)
    said.append(record.getMessage())
    for form in forms(canary):
        assert form not in "\n".join(said).lower()
    assert "KeyError at test_canary.py:" in said[0]
    assert "from ModelError" in said[0]


def test_every_kind_of_event_is_decided() -> None:
    """A kind that is new is in this list or does not leave."""
    leave = {AnswerDelta, ToolCalled, BranchStarted, BranchEnded, VerdictReached, Failed, Finished}
    stay = {ThoughtDelta, StepDone, CandidateReady, Retried}
    kinds = [kind for kind in Event.__subclasses__() if kind.__module__ == Event.__module__]
    names = {kind.__name__ for kind in kinds}
    assert names == {kind.__name__ for kind in leave | stay}

    class New(Event):
        pass

    assert outgoing_event(New(), Visibility.SUMMARY) is None
