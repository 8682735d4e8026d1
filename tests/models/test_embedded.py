import asyncio
import time

import pytest

from secondthought.messages import BadInput, Message
from secondthought.models import embedded
from secondthought.models.base import Model, ModelError, Request, collect
from secondthought.models.embedded import Embedded
from secondthought.models.engine import tokenizer
from secondthought.models.engine.tokenizer import END, THINK, UNTHINK
from secondthought.trace import StopReason

ASK = (Message("user", "?"),)


@pytest.fixture(scope="module")
def model(random_folder):
    model = Embedded.load(random_folder)
    yield model
    asyncio.run(model.close())


async def until_free(model):
    for _ in range(1000):
        if not model.engine.scheduler._rows:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("rows stayed in the batch")


async def test_samples_are_those_of_their_seeds(model):
    assert isinstance(model, Model)
    request = Request(ASK, seeds=(4, 9, 4), temperature=1.0, max_thought=30, max_answer=20)
    first, second, third = await collect(model, request)
    assert first == third
    assert first.thought_ids != second.thought_ids
    [alone] = await collect(model, Request(ASK, True, (9,), 1.0, 1.0, 30, 20))
    assert alone == second
    prompt = tokenizer.prompt(ASK, think=True)
    [rollout] = model.engine.generate_ids(
        [prompt], seeds=[9], temperature=1.0, max_thought=30, max_answer=20
    )
    assert rollout.ids == second.thought_ids + second.answer_ids
    assert rollout.logprobs == second.logprobs
    assert second.prompt_tokens == len(prompt)
    assert (second.thought_tokens, second.answer_tokens) == (
        len(second.thought_ids),
        len(second.answer_ids),
    )
    assert second.thought == tokenizer.decode(second.thought_ids)
    assert second.answer == tokenizer.decode(second.answer_ids)


async def test_characters_arrive_whole(chain_folder):
    thought, answer = "한국", "🙂"  # no byte occurs twice, so a chain can say them
    model = Embedded.load(chain_folder([THINK, *thought.encode(), UNTHINK, *answer.encode(), END]))
    pieces = [d async for d in model.generate(Request(ASK))]
    await model.close()
    assert [d.text for d in pieces if d.text] == ["한", "국", "🙂"]
    assert [d.kind for d in pieces] == ["thought"] * 7 + ["answer"] * 5 + ["end"]
    ids = [i for d in pieces for i in d.ids]
    assert ids == [*thought.encode(), UNTHINK, *answer.encode(), END]


async def test_a_character_that_stays_broken_becomes_one_mark(chain_folder):
    model = Embedded.load(chain_folder([THINK, 0xED, 0x95, UNTHINK, *b"ok", END]))
    [sample] = await collect(model, Request(ASK))
    await model.close()
    assert (sample.thought, sample.answer) == ("\ufffd", "ok")
    assert sample.thought_ids == [0xED, 0x95, UNTHINK]


async def test_nothing_of_a_stop_string_leaves(chain_folder):
    model = Embedded.load(chain_folder([THINK, *b"abc", UNTHINK, *b"12-x345", END]))
    for stop, answer in ((("x3",), "12-"), (("-y", "34"), "12-x"), (("xy", "45?"), "12-x345")):
        pieces = [d async for d in model.generate(Request(ASK, stop=stop))]
        assert "".join(d.text for d in pieces if d.kind == "answer") == answer
        assert pieces[-1].stop is StopReason.STOP
    await model.close()


@pytest.fixture
def slow(model, monkeypatch):
    """A step takes 2 ms at least, so that a busy machine's event loop can keep up."""
    session = model.engine.scheduler.session
    decode = session.decode
    monkeypatch.setattr(session, "decode", lambda *a: (time.sleep(0.002), decode(*a))[1])


@pytest.mark.parametrize("think", [True, False])
async def test_what_the_thought_leaves_of_a_common_limit_is_the_answers(model, think):
    limits = {"max_thought": 20, "max_answer": 5, "repetition_guard": False}
    (alone,) = await collect(model, Request(ASK, think=think, **limits))
    assert (alone.stop, alone.answer_tokens) == (StopReason.LENGTH, 5)
    (shared,) = await collect(model, Request(ASK, think=think, max_tokens=60, **limits))
    assert (shared.stop, shared.thought_tokens) == (StopReason.LENGTH, alone.thought_tokens)
    assert shared.thought_tokens + shared.answer_tokens == 60


async def test_a_common_limit_above_the_context_is_cut_to_it(model):
    request = Request(ASK, think=False, max_answer=5, max_tokens=10**6, repetition_guard=False)
    (sample,) = await collect(model, request)
    context = model.capabilities.context
    assert sample.prompt_tokens + sample.answer_tokens <= context


async def test_closing_the_stream_frees_its_rows(model, slow):
    stream = model.generate(
        Request(ASK, seeds=range(6), max_thought=450, max_answer=9, repetition_guard=False)
    )
    async for delta in stream:
        assert delta.kind == "thought"
        break
    await stream.aclose()
    await until_free(model)


async def test_a_cancelled_task_frees_its_rows(model, slow):
    request = Request(ASK, seeds=range(6), max_thought=450, max_answer=9, repetition_guard=False)
    task = asyncio.create_task(collect(model, request))
    await asyncio.sleep(0.03)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until_free(model)


async def test_many_askers_at_once_each_get_their_own(model):
    def request(i):
        return Request((Message("user", f"{i}"),), True, (i,), 1.0, 1.0, 12 + i % 20, 8)

    together = await asyncio.gather(*(collect(model, request(i)) for i in range(150)))
    for i in (0, 77, 149):
        assert await collect(model, request(i)) == together[i]


async def test_without_a_thought(model):
    for request in (Request(ASK, think=False), Request(ASK, max_thought=0)):
        [sample] = await collect(model, request)
        assert (sample.thought, sample.thought_tokens) == ("", 0)
        assert sample.answer_tokens > 0


async def test_the_thought_is_cut_to_the_context_and_the_answer_kept(model):
    request = Request(ASK, max_thought=100_000, max_answer=50, repetition_guard=False)
    [sample] = await collect(model, request)
    assert sample.prompt_tokens + sample.thought_tokens <= 512 - 50
    assert sample.answer_tokens > 0
    with pytest.raises(ModelError) as error:
        await collect(model, Request((Message("user", "x" * 500),), max_answer=50))
    assert error.value.kind == "context"


async def test_a_thought_prefix_is_gone_on_with(chain_folder):
    model = Embedded.load(chain_folder([THINK, *b"abcd", UNTHINK, *b"ok", END]))
    [sample] = await collect(model, Request(ASK, thought_prefix="ab"))
    [closed] = await collect(model, Request(ASK, thought_prefix="ab", max_thought=0))
    await model.close()
    assert (sample.thought, sample.answer) == ("cd", "ok")
    assert (closed.thought, closed.answer) == ("", "ok")


def test_find(random_folder, tmp_path, monkeypatch):
    assert embedded.find(random_folder) == random_folder
    shipped = tmp_path / "secondthought-5m"
    shipped.mkdir()
    (shipped / "config.json").write_text("{}")
    monkeypatch.setattr(embedded, "SHIPPED", tmp_path)
    assert embedded.find("mini") == embedded.find("secondthought-5m") == shipped
    other = tmp_path / "copies" / "secondthought-5m"
    other.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert embedded.find("copies/secondthought-5m").resolve() == other
    with pytest.raises(BadInput, match=r"'maxi'.*secondthought-5m, mini"):
        embedded.find("maxi")
    with pytest.raises(BadInput):
        embedded.find("")
