"""Rows through the scheduler: what they generate, when they end, and that company is no matter."""

import threading

import numpy as np
import pytest

from secondthought.messages import Message
from secondthought.models.base import ModelError, Path
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Engine
from secondthought.models.engine.row import Row, circles
from secondthought.models.engine.scheduler import Scheduler
from secondthought.models.engine.tokenizer import END, THINK, UNTHINK
from secondthought.trace import StopReason

HI = tokenizer.encode("hi")


def ask(text, think=True):
    return tokenizer.prompt([Message("user", text)], think=think)


def allowed(thinking, first):
    mask = np.full(320, -np.inf)
    mask[:256] = 0
    if thinking:
        mask[UNTHINK] = 0
    elif not first:
        mask[END] = 0
    return mask


def test_greedy_and_logprobs_equal_transformers(random_engine, random_folder):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    reference = transformers.AutoModelForCausalLM.from_pretrained(
        random_folder, dtype=torch.float32
    ).eval()
    asks = [ask("x" * n, think=n % 2 == 0) for n in (1, 8, 30, 77, 13)]
    rollouts = random_engine.generate_ids(
        asks, max_thought=30, max_answer=20, repetition_guard=False
    )
    compared = 0
    for prompt, got in zip(asks, rollouts, strict=True):
        with torch.no_grad():
            logits = reference(torch.tensor([prompt + got.ids])).logits[0, len(prompt) - 1 : -1]
        logprobs = torch.log_softmax(logits.double(), -1).numpy()
        chosen = logprobs[np.arange(len(got.ids)), got.ids]
        np.testing.assert_allclose(got.logprobs, chosen, atol=1e-4)
        for at, token in enumerate(got.ids):
            if got.forced and at == got.thought_len - 1:
                continue
            thinking = at < got.thought_len
            scores = logprobs[at] + allowed(thinking, at == got.thought_len)
            best, second = np.argsort(-scores)[:2]
            if scores[best] - scores[second] >= 1e-4:
                assert token == best
                compared += 1
    assert compared > 150


def test_a_seed_gives_the_same_tokens_alone_and_in_any_batch(random_engine):
    """60 rows through 24 places: rows join, leave and move all the time."""
    asks = [ask(f"{i}" * (1 + i % 40)) for i in range(60)]
    limits = {"temperature": 1.0, "max_thought": 60, "max_answer": 25}
    together = random_engine.generate_ids(asks, seeds=range(100, 160), **limits)
    for i in (0, 7, 23, 24, 59):
        assert random_engine.generate_ids([asks[i]], seeds=[100 + i], **limits) == [together[i]]
    again = random_engine.generate_ids(asks[::-1], seeds=range(159, 99, -1), **limits)
    assert again[::-1] == together
    assert len({tuple(r.ids) for r in together}) == 60


def test_one_prompt_with_many_seeds_is_read_once(random_engine, monkeypatch):
    sizes = []
    session = random_engine.scheduler.session
    prefill = session.prefill
    monkeypatch.setattr(session, "prefill", lambda p: (sizes.append(len(p)), prefill(p))[1])
    rollouts = random_engine.generate_ids(
        [ask("same")] * 10, temperature=1.0, max_thought=9, max_answer=5
    )
    assert sizes == [1]
    assert len({tuple(r.ids) for r in rollouts}) == 10
    alone = random_engine.generate_ids(
        [ask("same")], seeds=[6], temperature=1.0, max_thought=9, max_answer=5
    )
    assert alone == [rollouts[6]]


def test_a_prefix_of_a_sample_goes_on_as_the_sample_did(random_engine):
    """Noise goes by place in the sequence, so a thought can be cut and taken up again."""
    prompt = ask("go on")
    limits = {"seeds": [5], "temperature": 1.0, "max_answer": 4}
    whole = random_engine.generate_ids([prompt], max_thought=40, **limits)[0]
    assert whole.thought_len > 12
    rest = random_engine.generate_ids([prompt + whole.ids[:10]], max_thought=30, **limits)[0]
    assert whole.ids[:10] + rest.ids == whole.ids
    assert whole.logprobs[:10] + rest.logprobs == whole.logprobs


@pytest.mark.parametrize("cap", [0, 1, 2, 17])
def test_a_thought_at_its_cap_is_closed_and_answered(chain_folder, cap):
    folder = chain_folder([THINK, *b"ab", *b"ab"], [UNTHINK, *b"xyz", END])
    engine = Engine.load(folder)
    [got] = engine.generate_ids([ask("?")], max_thought=cap, max_answer=9)
    engine.close()
    assert got.thought_len == max(cap, 1)
    assert got.ids[got.thought_len - 1] == UNTHINK
    assert got.forced
    assert got.answer_ids == [*b"xyz", END]
    assert got.stop is StopReason.THOUGHT_CAP


def test_a_thought_that_ends_in_time_is_not_forced(chain_folder):
    engine = Engine.load(chain_folder([THINK, *b"ok", UNTHINK, *b"yes", END]))
    [got] = engine.generate_ids([ask("?")], max_thought=3, max_answer=4)
    [none] = engine.generate_ids([ask("?", think=False)], max_answer=4)
    engine.close()
    assert (got.ids, got.thought_len, got.stop, got.forced) == (
        [*b"ok", UNTHINK, *b"yes", END],
        3,
        StopReason.STOP,
        False,
    )
    assert (none.ids, none.thought_len, none.stop) == ([*b"yes", END], 0, StopReason.STOP)


def test_markers_come_only_where_they_belong(chain_folder):
    """A network that wants <|end|> in its thought and at once in its answer."""
    engine = Engine.load(chain_folder([THINK, END], [UNTHINK, END], [0, 0]))
    [got] = engine.generate_ids([ask("?")], max_thought=5, max_answer=5)
    engine.close()
    assert all(i < 256 for i in got.ids[:4])
    assert got.ids[4] == UNTHINK
    assert got.answer_ids[0] < 256


def test_the_answer_ends_at_its_limit_or_a_stop_string_but_the_thought_does_not(chain_folder):
    engine = Engine.load(chain_folder([THINK, *b"ab", UNTHINK, *b"cdefgh", *b"cdefgh"], [*b"hc"]))
    limits = {"max_thought": 20, "max_answer": 10}
    [long] = engine.generate_ids([ask("?")], **limits)
    [cut] = engine.generate_ids([ask("?")], stop=["ab", "ef"], **limits)
    [again] = engine.generate_ids([ask("?")], stop=["hc", "zzz"], **limits)
    engine.close()
    assert (long.stop, bytes(long.answer_ids)) == (StopReason.LENGTH, b"cdefghcdef")
    assert (cut.stop, bytes(cut.answer_ids)) == (StopReason.STOP, b"cdef")
    assert bytes(again.answer_ids) == b"cdefghc"


def test_a_thought_in_circles_is_closed(chain_folder):
    folder = chain_folder([THINK, *b"wait. ", ord("w")], [UNTHINK, *b"42", END])
    engine = Engine.load(folder)
    [guarded] = engine.generate_ids([ask("?")], max_thought=400, max_answer=5)
    [free] = engine.generate_ids([ask("?")], max_thought=400, max_answer=5, repetition_guard=False)
    engine.close()
    assert guarded.stop is StopReason.REPETITION
    assert 192 <= guarded.thought_len < 260
    assert guarded.answer_ids == [*b"42", END]
    assert (free.stop, free.thought_len) == (StopReason.THOUGHT_CAP, 400)


def test_circles():
    assert circles(b"x" * 192)
    assert circles(b"noise" + b"abc" * 64)
    assert circles(bytes(range(64)) * 4)
    assert not circles(b"x" * 191)
    assert not circles(bytes(range(65)) * 4)
    assert not circles(b"9+9=18 " * 12)
    assert not circles(b"abc" * 64 + b"!")
    assert not circles(b"".join(b"%d. " % i for i in range(90)))


def test_a_prompt_that_cannot_fit_is_refused_before_any_row_starts(random_engine):
    with pytest.raises(ModelError, match="512") as error:
        random_engine.generate_ids([HI, ask("x" * 300)], max_thought=200, max_answer=100)
    assert error.value.kind == "context"
    assert not random_engine.scheduler._inbox


def test_a_row_may_fill_the_context_to_its_last_token(random_engine):
    prompt = ask("x" * 300)
    [got] = random_engine.generate_ids(
        [prompt], max_thought=512 - len(prompt) - 30, max_answer=30, repetition_guard=False
    )
    assert len(prompt) + len(got.ids) <= 512


def test_rows_that_ended_end_once_and_cancelled_rows_leave(random_engine):
    """Ends are counted where they happen: each row exactly once, whoever ends it."""
    scheduler = Scheduler(random_engine.scheduler.session, max_rows=8)
    ends = []
    end = scheduler._end

    def counted(row, why, *rest):
        ends.append(row)
        end(row, why, *rest)
        if row is rows[3]:  # here, not from the other thread, for which the engine does not wait
            scheduler.cancel(late)

    scheduler._end = counted
    rows = [Row(ask(f"{i}"), i, 1.0, max_thought=20 + i, max_answer=5 + i) for i in range(30)]
    late = [Row(ask("long"), i, 1.0, max_thought=400, max_answer=60) for i in range(4)]
    scheduler.submit(late + rows)
    for row in rows + late:
        assert row.done.wait(60)
    scheduler.cancel(rows)
    scheduler.close()
    assert len(ends) == len(set(ends)) == 34
    assert {row.why for row in late} == {StopReason.CANCELLED}
    assert StopReason.CANCELLED not in {row.why for row in rows}


def test_a_row_never_goes_on_as_it_shall_not(random_engine):
    """Its first tokens are forbidden one after the other, with their likelihoods."""
    found, avoid = [], ()
    for _ in range(12):
        row = Row(ask("hi"), 3, 1.0, max_thought=20, max_answer=20, avoid=avoid)
        random_engine.scheduler.submit([row])
        assert row.done.wait(60)
        found.append(tuple(row.ids[:2]))
        avoid = (*avoid, Path(tuple(row.ids[:2]), tuple(row.logprobs[:2])))
    assert len(set(found)) == len(found)
    # another seed, of which nothing is forbidden, is not disturbed by a neighbour
    other = [Row(ask("hi"), 4, 1.0, max_thought=20, max_answer=20) for _ in range(2)]
    random_engine.scheduler.submit([other[0]])
    assert other[0].done.wait(60)
    beside = Row(ask("hi"), 3, 1.0, max_thought=20, max_answer=20, avoid=avoid)
    random_engine.scheduler.submit([beside, other[1]])
    assert other[1].done.wait(60)
    assert other[0].ids == other[1].ids


def test_an_engine_that_breaks_fails_its_rows_and_goes_on(random_engine, monkeypatch):
    def broken(*_):
        raise RuntimeError("boom")

    for part in ("prefill", "decode"):
        with monkeypatch.context() as patch:
            patch.setattr(random_engine.scheduler.session, part, broken)
            with pytest.raises(ModelError, match="boom"):
                random_engine.generate_ids([ask(f"to {part}", think=False)] * 2)
    assert random_engine.generate_ids([HI], max_answer=3)[0].ids


def test_weights_swap_between_batches(random_folder, other_weights):
    engine = Engine.load(random_folder)
    first = engine.generate_ids([HI], max_answer=20)
    engine.swap_weights(other_weights)
    reused = engine.scheduler.reused
    assert engine.generate_ids([HI], max_answer=20) != first
    assert engine.scheduler.reused == reused
    engine.close()


def test_callers_in_many_threads_share_the_engine(random_engine):
    limits = {"temperature": 1.0, "max_thought": 20, "max_answer": 10}
    expected = random_engine.generate_ids([ask(f"{i}") for i in range(8)], **limits)
    got = {}

    def caller(i):
        got[i] = random_engine.generate_ids([ask(f"{i}")], seeds=[i], **limits)[0]

    threads = [threading.Thread(target=caller, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [got[i] for i in range(8)] == expected


def test_a_closed_engine_cancels_and_refuses(random_folder):
    engine = Engine.load(random_folder)
    row = Row(ask("long"), max_thought=400, max_answer=9, repetition_guard=False)
    engine.scheduler.submit([row])
    engine.close()
    assert row.why is StopReason.CANCELLED
    with pytest.raises(ModelError, match="closed"):
        engine.generate_ids([HI])
    engine.close()
