"""Going on from what is computed: the same numbers as without, and less work."""

import time
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.messages import Message
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Engine
from secondthought.models.engine.row import Row
from secondthought.models.engine.starts import Start, Starts, read_at_once
from secondthought.models.engine.tokenizer import END, THINK, UNTHINK
from secondthought.trace import StopReason

QUESTIONS = [f"{i}, what comes " + "then " * (i % 7) for i in range(12)]


def ask(text, think=True, thought=""):
    return tokenizer.prompt([Message("user", text)], think=think, thought_prefix=thought)


def start(ids, read, size=1):
    return Start(ids, read, np.zeros((1, 1, len(ids), size), np.float32))


@pytest.fixture
def engine(random_folder):
    engine = Engine.load(random_folder, max_rows=8)
    yield engine
    engine.close()


def forgetful(engine, monkeypatch):
    """The engine with no start for any row."""
    monkeypatch.setattr(engine.scheduler, "_start", lambda row: (None, 0))


def chat(engine, temperature, together):
    """Questions thought about, cut, gone on with, mended, closed, and asked on: all rollouts."""
    limits = {"temperature": temperature, "max_answer": 12}
    found = []

    def run(prompts, **more):
        groups = [prompts] if together else [[prompt] for prompt in prompts]
        first = len(found)
        for i, group in enumerate(groups):
            seeds = range(i, i + len(group))
            found.extend(engine.generate_ids(group, seeds=seeds, **limits, **more))
        return found[first:]

    prompts = [ask(question) for question in QUESTIONS]
    thoughts = run(prompts, max_thought=40)
    cut = [
        p + r.ids[: min(3 * i, r.thought_len - 1)]
        for i, (p, r) in enumerate(zip(prompts, thoughts, strict=True))
    ]
    run(cut, max_thought=30)
    run([[*prompt, *b" No: "] for prompt in cut], max_thought=20)
    run([[*prompt, UNTHINK] for prompt in cut])
    run([ask(question, think=False) for question in QUESTIONS])
    run([ask(question + "and then?") for question in QUESTIONS], max_thought=9)
    run(prompts, max_thought=25)
    return found


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_rows_are_the_same_to_the_last_bit_with_a_start_and_without(
    engine, random_folder, monkeypatch, temperature, together
):
    got = chat(engine, temperature, together)
    other = Engine.load(random_folder, max_rows=8)
    forgetful(other, monkeypatch)
    assert chat(other, temperature, together) == got
    other.close()
    assert other.scheduler.reused < engine.scheduler.reused
    assert engine.scheduler.computed < other.scheduler.computed / 2


def test_a_thought_that_was_cut_while_it_ran_costs_nothing_to_go_on_with(engine):
    prompt = ask("What is it?")
    limits = {"temperature": 1.0, "seed": 3, "max_answer": 5, "repetition_guard": False}
    whole = Row(prompt, max_thought=300, **limits)
    cut = Row(prompt, max_thought=300, **limits)
    engine.scheduler.submit([whole])
    assert whole.done.wait(60)
    engine.scheduler._starts.clear()
    engine.scheduler.submit([cut])
    while len(cut.ids) < 20:
        assert cut.why is None
    engine.scheduler.cancel([cut])
    assert cut.done.wait(60)
    assert cut.why is StopReason.CANCELLED
    before = engine.scheduler.computed
    rest = Row([*prompt, *whole.ids[:20]], max_thought=280, **limits)
    engine.scheduler.submit([rest])
    assert rest.done.wait(60)
    assert engine.scheduler.computed - before <= 1
    assert whole.ids[:20] + rest.ids == whole.ids
    assert whole.logprobs[:20] + rest.logprobs == whole.logprobs


def test_a_sample_that_comes_later_reads_its_prompt_no_more(engine):
    prompt = ask("What is it, then, and why?")
    engine.generate_ids([prompt] * 3, temperature=1.0, max_thought=9, max_answer=5)
    assert engine.scheduler.computed == len(prompt)
    engine.generate_ids([prompt] * 2, temperature=1.0, max_thought=9, max_answer=5)
    assert engine.scheduler.computed == len(prompt) + 2


def test_memory_is_bounded_and_what_is_dropped_is_computed_again(engine, random_folder):
    starts = engine.scheduler._starts
    starts.most = 3 * 10**5
    prompts = [ask(question) for question in QUESTIONS]
    first = engine.generate_ids(prompts, max_thought=40, max_answer=9)
    _settle(engine)
    assert 0 < starts.bytes <= starts.most
    assert starts.bytes == sum(s.entries.nbytes for s in starts)
    assert len(list(starts)) < len(prompts)
    assert engine.generate_ids(prompts, max_thought=40, max_answer=9) == first
    starts.most = 0
    engine.generate_ids(prompts[:2], max_thought=4, max_answer=9)
    _settle(engine)
    assert (starts.bytes, list(starts)) == (0, [])


def _settle(engine):
    """Wait until the engine's thread has kept what rows computed that have ended: who waits for
    a row may hear of its end a moment earlier."""
    until = time.monotonic() + 5
    while engine.scheduler._rows and time.monotonic() < until:
        time.sleep(0.001)


@given(st.lists(st.tuples(st.lists(st.integers(0, 1), min_size=1, max_size=9), st.integers(0, 2))))
def test_what_is_kept_begins_nothing_else_that_is_kept(rows):
    starts = Starts(200)
    for ids, read in rows:
        starts.keep(start(ids, read))
        kept = list(starts)
        assert kept[-1].ids == ids
        assert starts.bytes == sum(4 * len(s.ids) for s in kept) <= 200
        assert not any(
            a.read == b.read and b.ids[: len(a.ids)] == a.ids for a, b in combinations(kept, 2)
        )


def test_only_what_was_computed_in_the_same_way_serves():
    ids = list(range(30))
    assert start(ids, 20).serves(ids, 20) == 30
    assert start(ids, 20).serves([*ids[:25], 99], 20) == 25
    assert start(ids, 20).serves(ids, 10) == 10
    assert start(ids, 20).serves(ids, 30) == 20
    assert start(ids[:5], 5).serves(ids, 20) == 5
    assert start([7, *ids], 20).serves(ids, 20) == 0


def test_what_is_read_at_once_ends_where_the_thought_begins():
    asked = ask("a?")
    assert read_at_once(asked) == len(asked)
    assert read_at_once([*asked, *b"well"]) == len(asked)
    assert read_at_once([*asked, *b"well", UNTHINK]) == len(asked)
    assert read_at_once([*asked, UNTHINK, *b"so"]) == len(asked) + 1
    assert read_at_once([*b"no markers", END]) == 11
    assert read_at_once([THINK]) == 1
