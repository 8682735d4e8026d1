from __future__ import annotations

import re
from random import Random

import pytest

from secondthought.models.scripted import Scripted
from secondthought.oversight.leak import LeakGuard
from secondthought.oversight.summary import _SENTENCES, Summary  # pyright: ignore
from secondthought.reasoner import Reasoner
from secondthought.tasks import catalogue
from secondthought.tasks.base import DONT_KNOW, UNKNOWN_THOUGHT, Language
from secondthought.trace import AnswerDelta, Finished, StopReason, ThoughtDelta, Trace

TEMPLATES = [
    {re.escape(pair[side]).replace(r"\{n\}", r"[0-9,]+") for pair in _SENTENCES.values()}
    for side in (0, 1)
]


async def summed_up(thought: str, answer: str, language: Language = "en") -> tuple[list[str], int]:
    """The sentences, and how many of them came before the answer."""
    model = Scripted.of({"thought": thought, "answer": answer})
    summary, said, before = Summary(language, LeakGuard()), list[str](), 0
    async for event in Reasoner(model).stream("a question", "low"):
        if isinstance(event, AnswerDelta) and not before:
            before = len(said)
        said += summary.push(event)
        if isinstance(event, Finished):
            said += summary.finish(event.trace)
    return said, before


@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize("language", ["en", "ko"])
async def test_sentences_come_while_it_thinks_and_are_templates(
    name: str, language: Language
) -> None:
    task = catalogue.task(name)
    shown = task.demonstrate(task.generate(Random(3), task.default_level), Random(3))
    said, before = await summed_up(shown.thought, shown.answer, language)
    side = 1 if language == "ko" else 0
    assert said[0] == _SENTENCES[name][side]
    assert before >= 1
    assert said[-2] == _SENTENCES["holds"][side]
    assert all(any(re.fullmatch(form, s) for form in TEMPLATES[side]) for s in said)
    assert len(said) == len(set(said))


async def test_a_thought_in_words_has_phases_and_counts() -> None:
    rng = Random(1)
    thought = "Okay, a canary.\n" + " ".join(str(rng.random()) for _ in range(297))
    said, _ = await summed_up(thought, "42")
    assert said == [
        "Thinking the question through.",
        "256 tokens of thought so far.",
        "Thought for 300 tokens.",
    ]
    assert "canary" not in " ".join(said)


async def test_how_a_thought_ended_is_told() -> None:
    cut = Trace("m", "low", "think", finish_reason=StopReason.THOUGHT_CAP)
    cut.ledger.add("main", "thought", 1200)
    said = Summary().finish(cut)
    assert said == ["The thought was cut at its limit.", "Thought for 1,200 tokens."]
    said, _ = await summed_up(UNKNOWN_THOUGHT, DONT_KNOW)
    assert said[0] == "This seems to be out of scope."
    said, _ = await summed_up("gcd 12 18\n18/12: 18=12*1+5 =1 r5\n5 no", "5")
    assert "That did not work out; going back." in said
    assert "The result was checked, and the check does not hold." in said


def test_no_thought_no_summary() -> None:
    assert Summary().finish(Trace("m", "none", "direct", answer="42")) == []


def test_a_sentence_that_the_thought_holds_word_for_word_is_left_out() -> None:
    guard = LeakGuard()
    guard.think(_SENTENCES["fails"][0])
    summary = Summary("en", guard)
    assert guard.check(_SENTENCES["fails"][0]) is not None
    assert summary._say("fails") == []  # pyright: ignore[reportPrivateUsage]
    said = summary.push(ThoughtDelta(text="x", tokens=300))
    assert said[-1] == "300 tokens of thought so far."
