"""Steps that do not hold are taken back, kept in the trace, and paid for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from random import Random

import pytest

from secondthought import Policy, Reasoner, Request, Stop, Trace
from secondthought.loop.backtrack import AFRESH, MOST, STUCK, TRIES, WARMER, WORTH
from secondthought.models.base import Delta
from secondthought.models.scripted import CAPABILITIES
from secondthought.trace import Event, Finished, Outcome, StopReason, ThoughtDelta

POLICY = Policy("backtrack", 400, 32)


class Writer:
    """Goes on with a thought as `says(prefix, tries)` has it, a character a token.

    tries: how often it was asked to go on from exactly there.
    """

    name = "writer"
    capabilities = CAPABILITIES

    def __init__(self, says: Callable[[str, int], str], answer: str = "done") -> None:
        self.says, self.answer = says, answer
        self.requests: list[Request] = []
        self.spoken = 0

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        prefix = request.thought_prefix or ""
        tries = sum((r.thought_prefix or "") == prefix for r in self.requests)
        self.requests.append(request)
        thought = self.says(prefix, tries) if request.max_thought else ""
        for char in thought[: request.max_thought]:
            self.spoken += 1
            yield Delta(0, "thought", char, ids=(ord(char),), prompt_tokens=3)
        self.spoken += 1
        yield Delta(0, "answer", self.answer, ids=(0,), prompt_tokens=3)
        stop = StopReason.STOP if len(thought) <= request.max_thought else StopReason.THOUGHT_CAP
        shown = min(len(thought), request.max_thought)
        yield Delta(0, "end", stop=stop, prompt_tokens=3, thought_tokens=shown, answer_tokens=1)

    async def close(self) -> None: ...


async def run(model: Writer, policy: Policy = POLICY) -> Trace:
    trace = await Reasoner(model).answer("What is it?", policy=policy)
    assert trace.ledger.usage.completion_tokens <= model.spoken
    assert trace.ledger.usage.reasoning_tokens <= policy.thought_tokens
    return trace


def mends(whole: str, wrong: str, right: str, after: int) -> Callable[[str, int], str]:
    """Writes `whole` with `wrong` in it, and `right` instead from the try number `after` on."""

    def says(prefix: str, tries: int) -> str:
        text = whole.replace("{}", right if tries >= after or right in prefix else wrong)
        return text[len(prefix) :] if text.startswith(prefix) else ""

    return says


async def test_a_failed_step_is_made_again_and_the_rest_of_the_line_kept() -> None:
    model = Writer(mends("7*8=56 8*8={} 9*8=72\n2+2=4\nso yes", "65", "64", after=1))
    trace = await run(model)
    assert trace.thought == "7*8=56 8*8=64 9*8=72\n2+2=4\nso yes"
    assert trace.answer == "done"
    first, second = trace.branches[1:]
    assert (first.parent, first.at, first.thought) == ("main", 6, " 8*8=65 9*8=72\n")
    assert (second.parent, second.at, second.thought) == ("main", 6, " 8*8=65 ")
    assert next(s.verdict.outcome for s in first.steps if s.verdict) is Outcome.FAILED
    assert all(
        s.verdict is None or s.verdict.outcome is not Outcome.FAILED
        for s in trace.branches[0].steps
    )
    assert [r.temperature for r in model.requests] == [0.0, WARMER[0], WARMER[1], 0.0]
    assert len({r.seeds for r in model.requests[1:3]}) == 2
    # the steps point at the text that they were read from
    for branch in trace.branches:
        assert all(branch.thought[s.start : s.end] == s.text for s in branch.steps)


async def test_once_a_step_has_failed_lines_are_stopped_at_the_next_that_does() -> None:
    says = {"": "1+1=3 and so on\n", "1+1=2\n": "2+2=5 and so on\n", "1+1=2\n2+2=4\n": "yes"}
    mended = {"": "1+1=2\n", "1+1=2\n": "2+2=4\n"}

    def say(prefix: str, tries: int) -> str:
        return mended[prefix] if tries and prefix in mended else says[prefix]

    trace = await run(Writer(say))
    assert trace.thought == "1+1=2\n2+2=4\nyes"
    assert [b.thought for b in trace.branches[1:]] == ["1+1=3 and so on\n", "2+2=5 "]


async def test_what_was_taken_back_is_in_the_ledger() -> None:
    model = Writer(mends("1+1={}\nyes", "3", "2", after=1))
    trace = await run(model)
    lost = len("1+1=3\n")
    booked = {e.branch: e.generated for e in trace.ledger.entries if e.phase == "thought"}
    assert booked == {"main": len("1+1=2\nyes"), "main.back1": lost}


async def test_a_last_line_that_does_not_hold_shows_no_answer_yet() -> None:
    model = Writer(mends("so\n2+2={}", "5", "4", after=1))
    trace = await run(model)
    assert trace.thought == "so\n2+2=4"
    assert trace.answer == "done"
    assert trace.branches[1].thought == "2+2=5"


async def test_a_step_that_never_holds_stands_in_the_end() -> None:
    model = Writer(mends("1+1={}\nyes", "3", "2", after=99))
    trace = await run(model)
    assert trace.thought == "1+1=3\nyes"
    assert len(trace.branches) == 1 + 1 + len(WARMER)
    assert trace.branches[0].steps[0].verdict is not None
    assert trace.branches[0].steps[0].verdict.outcome is Outcome.FAILED


async def test_a_line_whose_end_never_holds_is_begun_anew_and_was_not_shown() -> None:
    def says(prefix: str, tries: int) -> str:
        if prefix.startswith("1+1=2\n9-5=4"):
            return "\nyes" if prefix.endswith("4") else "yes"
        if prefix == "1+1=2\n":
            return "9-5=4\nyes"
        return "1+1=2\n9-4=5 9/4=2\nyes"[len(prefix) :]

    model = Writer(says)
    told = [event async for event in Reasoner(model).stream("What is it?", policy=POLICY)]
    trace = told[-1].trace  # pyright: ignore
    assert trace.thought == "1+1=2\n9-5=4\nyes"
    shown = [e.text for e in told if isinstance(e, ThoughtDelta) and not e.taken_back]
    assert "".join(shown) == trace.thought
    lost = [branch.thought for branch in trace.branches[1:]]
    assert lost == [" 9/4=2\n", *[" 9/4=2\n"] * TRIES, "9-4=5"]
    assert [r.temperature for r in model.requests][-2:] == [AFRESH[0], 0.0]
    assert trace.ledger.usage.reasoning_tokens == sum(
        e.generated for e in trace.ledger.entries if e.phase == "thought"
    )


async def test_a_wrong_step_that_stands_within_a_line_is_known_to_be_wrong() -> None:
    line = "12+34: 2+4+0=06 {} =046\nyes"
    model = Writer(mends(line, "1+4+0=05", "1+3+0=04", after=99))  # true, but not these digits
    trace = await run(model)
    assert trace.thought == line.format("1+4+0=05")
    verdicts = {s.text: s.verdict.outcome for s in trace.branches[0].steps if s.verdict}
    assert verdicts["1+4+0=05"] is Outcome.FAILED
    texts = [s.text for s in trace.branches[0].steps]
    assert texts.count("2+4+0=06") == 1


async def test_a_model_that_is_always_wrong_is_not_corrected_for_ever() -> None:
    wrong = "1+1=3\n" * 40
    model = Writer(lambda prefix, tries: wrong[len(prefix) :])
    trace = await run(model, replace(POLICY, thought_tokens=4000))
    assert len(trace.branches) == 1 + MOST
    assert trace.thought == wrong
    assert trace.answer == "done"


async def test_the_budget_holds_with_what_is_taken_back() -> None:
    wrong = "1+1=3\n" * 40
    model = Writer(lambda prefix, tries: wrong[len(prefix) :])
    trace = await run(model, replace(POLICY, thought_tokens=50))
    assert trace.finish_reason is StopReason.THOUGHT_CAP
    assert trace.ledger.usage.reasoning_tokens == 50
    assert trace.answer == "done"


async def test_words_do_not_wait_and_lines_of_a_dialect_do() -> None:
    for thought, shown in (
        ("so it is clear\nyes", ["so ", "i"]),
        ("caesar ZH\nyg\nxf", ["caesar ZH\n", "yg\n"]),
        ("well 1+1=2 is\nso", ["well ", "1+1=2 is\n", "s"]),
    ):
        model = Writer(lambda prefix, tries, thought=thought: thought)
        told = Reasoner(model).stream("decrypt ZH", policy=POLICY)
        heard = [e.text async for e in told if isinstance(e, ThoughtDelta)]
        assert heard[: len(shown)] == shown
        assert "".join(heard) == thought


async def test_a_step_in_words_that_were_shown_cannot_be_taken_back_but_the_rest_can() -> None:
    model = Writer(mends("so then 1+1={} it is\nyes", "3", "2", after=1))
    trace = await run(model)
    assert trace.thought == "so then 1+1=2 it is\nyes"
    told = [step.text for step in trace.branches[0].steps]
    assert told == ["so then", "1+1=2", "it is", "yes"]


@pytest.mark.parametrize("thought", ["so it is\nhm", "", "3 apples\n"])
async def test_a_thought_without_steps_is_thought_once(thought: str) -> None:
    model = Writer(lambda prefix, tries: thought)
    trace = await run(model)
    assert trace.thought == thought
    assert len(model.requests) == 1


class Avoids(Writer):
    """Draws the likeliest of its ways that it shall not avoid; tells tokens and likelihoods."""

    def __init__(self, ways: dict[str, list[str]]) -> None:
        super().__init__(lambda prefix, tries: "")
        self.ways = ways

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        prefix = request.thought_prefix or ""
        self.requests.append(request)
        avoided = ["".join(map(chr, path.ids)) for path in request.avoid]
        assert all(len(path.ids) == len(path.logprobs) for path in request.avoid)
        ways = self.ways.get(prefix, [""])
        thought = next(way for way in ways if not any(way.startswith(a) for a in avoided))
        for char in thought:
            self.spoken += 1
            yield Delta(0, "thought", char, ids=(ord(char),), logprobs=(-0.5,), prompt_tokens=3)
        self.spoken += 1
        yield Delta(0, "answer", self.answer, ids=(0,), prompt_tokens=3)
        yield Delta(
            0, "end", stop=StopReason.STOP, prompt_tokens=3, thought_tokens=len(thought),
            answer_tokens=1,
        )  # fmt: skip


async def test_what_failed_is_to_be_avoided_where_it_failed() -> None:
    wrong = " 8*8=65 1+1=2\n"
    model = Avoids({"": ["7*8=56" + wrong], "7*8=56": [wrong, " 8*8=64\n"]})
    trace = await run(model)
    assert trace.thought == "7*8=56 8*8=64\n"
    told = [["".join(map(chr, path.ids)) for path in r.avoid] for r in model.requests]
    # when a whole line has failed, nobody knows what behind the word had a part in it
    assert told == [[], [], [" 8*8=65 "], []]


async def test_a_line_begun_anew_is_another_one() -> None:
    """Where no word mends it, what stood of the line is what has to be avoided."""
    hopeless = [f" 12/5={n} yes\n" for n in range(10)]
    model = Avoids({"": ["6+6=12" + hopeless[0], "5+5=10 10/5=2\n"], "6+6=12": hopeless})
    trace = await run(model)
    assert trace.thought == "5+5=10 10/5=2\n"
    begun = next(r for r in model.requests[1:] if not r.thought_prefix)
    [path] = begun.avoid
    assert bytes(path.ids) == b"6+6=12"


async def test_a_word_of_notation_is_no_mistake_that_a_line_is_begun_anew_for() -> None:
    """Nothing that is judged stands before the step, so that only the step can be wrong."""
    wrong = [f" {n}+{n}=7\n" for n in range(4)]
    begun = "1+1=2\ncheck"
    model = Avoids({"": [begun + wrong[0]], begun: [*wrong, " 3+4=7\n"]})
    trace = await run(model)
    assert trace.thought == "1+1=2\ncheck 3+4=7\n"


AGAIN = Policy("again(backtrack)", 8192, 32, rounds=3)


async def test_a_thought_in_which_a_wrong_step_would_stand_is_dropped_for_another() -> None:
    model = Writer(mends("1+1={}\nyes", "3", "2", after=1 + len(WARMER)))
    trace = await run(model, AGAIN)
    assert (trace.committed, trace.thought, trace.answer) == ("main.2", "1+1=2\nyes", "done")
    dropped = trace.branch("main.1")
    assert (dropped.stop, dropped.answer, dropped.thought) == (StopReason.CANCELLED, "", "")
    assert len([b for b in trace.branches if b.name.startswith("main.1.")]) == 1 + len(WARMER)
    # no answer was asked for
    assert all(request.max_thought for request in model.requests)


async def test_the_last_thought_is_not_dropped_and_a_short_one_neither() -> None:
    for policy, rounds in ((AGAIN, 3), (replace(AGAIN, thought_tokens=2 * WORTH), 3)):
        model = Writer(mends("1+1={}\nyes", "3", "2", after=999))
        trace = await run(model, replace(policy, rounds=rounds))
        stood = [b for b in trace.branches if b.name.count(".") == 1 and b.thought]
        assert stood
        assert (trace.answer, trace.thought) == ("done", "1+1=3\nyes")


async def test_a_line_that_takes_too_long_is_given_up_with_its_thought() -> None:
    """Each way to go on fails, and each line that is begun anew as well."""
    starts = [f"{n}+6={n + 6}" for n in range(1, 20)]
    fails = [f" 12/{n}=5\n" for n in range(30, 90)]
    model = Avoids({"": [s + fails[0] for s in starts], **dict.fromkeys(starts, fails)})
    trace = await run(model, replace(AGAIN, rounds=2))
    dropped = trace.branch("main.1")
    assert dropped.stop is StopReason.CANCELLED
    lost = [b for b in trace.branches if b.name.startswith("main.1.")]
    assert len([b for b in lost if any(step.failed for step in b.steps)]) == STUCK


async def test_a_text_is_looked_for_elsewhere_after_two_thoughts_came_to_nothing() -> None:
    """Each word of such a first line may hold, and the line be wrong."""
    wrong, right = "cipher ab my of ef to gh\n", "cipher ab my of ef to ij\n"
    fails = [f"1+1={n}\n" for n in range(3, 90)]
    begun = [head + fails[0] for head in (wrong, right)]
    model = Avoids({"": [*begun, "hm"], wrong: fails, right: fails})
    await Reasoner(model).answer("'ab cd' is \"my wo\". Decode ef gh ij!", policy=AGAIN)
    fresh = [r for r in model.requests if r.thought_prefix is None and r.max_thought]
    told = [["".join(map(chr, path.ids)) for path in r.avoid] for r in fresh]
    assert told == [[], [], [wrong]]


async def test_no_thought_is_dropped_that_no_other_can_follow() -> None:
    """What is left of the pool may pay one more thought and not two, of which one is an answer."""
    rng = Random(1)
    words = "".join(rng.choice("abcdefghijklmnop ") for _ in range(1500))
    model = Writer(mends(words + "\n1+1={}\nyes", "3", "2", after=999))
    trace = await run(model, Policy("again(backtrack)", 8192, 1024, rounds=9))
    assert trace.thought.endswith("\n1+1=3\nyes")
    # no answer was asked for without a thought
    assert all(request.max_thought for request in model.requests)


async def test_no_thought_is_dropped_when_the_answer_is_wanted_now() -> None:
    model, stop = Writer(mends("so\n1+1={}\nyes", "3", "2", after=999)), Stop()
    told: list[Event] = []

    def send(event: Event) -> None:
        told.append(event)
        if event.branch == f"main.1.back{1 + len(WARMER)}":
            stop.answer_now()

    await Reasoner(model).tell(send, "What is it?", policy=AGAIN, stop=stop)
    trace = next(event.trace for event in told if isinstance(event, Finished))
    assert (trace.committed, trace.thought, trace.answer) == ("main.1", "so\n", "done")
