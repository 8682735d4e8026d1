from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from secondthought import BadInput, Message, ModelError, Request, StopReason
from secondthought.models.base import collect
from secondthought.models.scripted import Call, Fail, Scripted, Turn


def request(text: str = "What?", **fields: Any) -> Request:
    return Request([Message("user", text)], **fields)


PAGE = (Path(__file__).parents[2] / "docs" / "remote-models.md").read_text("utf-8")
SECTION = PAGE[PAGE.index("## A model from a script") : PAGE.index("## The doctor")]


def test_the_page_names_every_field() -> None:
    table = SECTION[SECTION.index("| field of a turn") :]
    fields = {*Turn.model_fields, *Fail.model_fields, *Call.model_fields}
    assert [name for name in fields if f"`{name}`" not in table] == []


async def test_the_script_of_the_page_says_what_the_page_says(tmp_path: Path) -> None:
    (text,) = re.findall(r"^```json\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)
    (tmp_path / "script.json").write_text(text, "utf-8")
    model = Scripted.load(tmp_path / "script.json")
    (asked,) = await collect(model, request("How is the weather?"))
    assert [call.name for call in asked.tool_calls] == ["weather"]
    with pytest.raises(ModelError) as error:
        await collect(model, request("Are you busy?"))
    assert error.value.retry_after == 1
    assert [s.answer for s in await collect(model, request("busy?"))] == ["now I can"]
    with pytest.raises(ModelError, match="dropped"):
        await collect(model, request("broken?"))
    assert [s.answer for s in await collect(model, request("2 + 2?", seeds=(0, 1)))] == [
        "4",
        "four",
    ]


async def test_samples_cycle_through_the_answers_over_all_requests() -> None:
    model = Scripted.of({"thought": "a b", "answers": ["one", "two", "three"]})
    first = await collect(model, request(seeds=(0, 1)))
    second = await collect(model, request(seeds=(2, 3)))
    assert [s.answer for s in (*first, *second)] == ["one", "two", "three", "one"]
    assert [s.thought_tokens for s in first] == [2, 2]


async def test_turns_with_the_same_match_come_one_after_the_other() -> None:
    model = Scripted.of(
        {"match": "x", "answer": "1"}, {"match": "x", "answer": "2"}, {"answer": "else"}
    )
    said = [(await collect(model, request(text)))[0].answer for text in ("x", "y", "x", "x", "y")]
    assert said == ["1", "else", "2", "2", "else"]


async def test_a_thought_prefix_is_gone_on_with() -> None:
    model = Scripted.of({"thought": "one two three", "answer": "four"})
    (sample,) = await collect(model, request(thought_prefix="one "))
    assert (sample.thought, sample.thought_tokens) == ("two three", 2)


async def test_stop_strings_and_limits() -> None:
    model = Scripted.of({"thought": "a b c", "answer": "one two END three"})
    (sample,) = await collect(model, request(stop=["END"], max_thought=2))
    assert (sample.thought, sample.answer) == ("a b ", "one two ")
    assert sample.stop is StopReason.THOUGHT_CAP
    (sample,) = await collect(model, request(max_answer=1))
    assert (sample.answer, sample.stop) == ("one ", StopReason.LENGTH)


async def test_what_the_thought_leaves_of_a_common_limit_is_the_answers() -> None:
    model = Scripted.of({"thought": "a b c", "answer": "1 2 3 4 5 6 7 8"})
    (sample,) = await collect(model, request(max_answer=2, max_tokens=8))
    assert (sample.answer, sample.stop) == ("1 2 3 4 5 ", StopReason.LENGTH)
    (sample,) = await collect(model, request(max_answer=2, max_tokens=4))
    assert sample.answer == "1 2 "


@pytest.mark.parametrize(
    ("fail", "kind"),
    [
        ({"how": "drop"}, "connection"),
        ({"how": "malformed", "after_tokens": 2}, "malformed"),
        ({"status": 500}, "server"),
        ({"status": 401}, "auth"),
    ],
)
async def test_failures_are_typed(fail: dict[str, Any], kind: str) -> None:
    with pytest.raises(ModelError) as error:
        await collect(Scripted.of({"thought": "a b c", "fail": fail}), request())
    assert error.value.kind == kind


async def test_a_rate_limit_says_when_to_come_back() -> None:
    model = Scripted.of({"fail": {"status": 429, "retry_after": 1.5}}, {"answer": "x"})
    with pytest.raises(ModelError) as error:
        await collect(model, request())
    assert (error.value.kind, error.value.retry_after) == ("rate_limit", 1.5)
    assert (await collect(model, request()))[0].answer == "x"


async def test_a_question_that_is_in_no_turn() -> None:
    with pytest.raises(ModelError, match="no turn"):
        await collect(Scripted.of({"match": "^x$", "answer": "1"}), request("y"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "JSON"),
        ("{}", "list"),
        ("[]", "list"),
        ('[{"answer": 3}]', "turn 1, answer"),
        ('[{"answer": "x"}, {"match": "("}]', "turn 2, match"),
        ('[{"fail": {"how": "shout"}}]', "turn 1, fail.how"),
    ],
)
def test_a_bad_file_is_one_line(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(BadInput, match=why) as error:
        Scripted.load(path)
    assert "\n" not in str(error.value)


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "good.json"
    turn = {"match": "x", "answers": ["1"], "tool_calls": [{"name": "f"}], "fail": {"status": 429}}
    path.write_text(json.dumps([turn]))
    assert Scripted.load(path).name == f"script:{path}"


async def test_streams_on_one_schedule_share_its_ticks_and_one_that_is_cancelled_stops_no_other():
    model = Scripted.of({"answer": "a b c d", "tokens_per_second": 100})

    async def read() -> list[float]:
        clock = asyncio.get_running_loop().time
        start, times = clock(), list[float]()
        async for delta in model.generate(request(think=False)):
            if delta.kind == "answer":
                times.append(clock() - start)
        return times

    tasks = [asyncio.create_task(read()) for _ in range(20)]
    await asyncio.sleep(0.015)
    tasks[0].cancel()
    done = await asyncio.wait_for(asyncio.gather(*tasks[1:]), 5)
    for times in done:
        assert len(times) == 4
        assert all(time >= (k + 1) / 100 - 0.002 for k, time in enumerate(times))
    assert tasks[0].cancelled()
