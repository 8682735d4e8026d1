"""Events of a stream -> deltas: where the answer stands, limits, counts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.messages import Message
from secondthought.models.base import Delta, ModelError, Request
from secondthought.models.remote.reply import Reply
from secondthought.models.remote.tokens import Rate
from secondthought.trace import StopReason

ASK = Request([Message("user", "What?")], max_thought=20, max_answer=10)
ANSWER = replace(ASK, think=False, max_thought=0)


def event(finish: str | None = None, **said: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": said, "finish_reason": finish}]}


def read(request: Request, *events: dict[str, Any], **options: Any) -> tuple[str, str, Delta]:
    reply = Reply(0, request, **options)
    deltas: list[Delta] = []
    for one in events:
        if not reply.done:
            deltas += reply.read(one)
    deltas += reply.end()
    assert [d.kind for d in deltas].count("end") == 1
    end = deltas.pop()
    texts = {
        kind: "".join(d.text for d in deltas if d.kind == kind) for kind in ("thought", "answer")
    }
    return texts["thought"], texts["answer"], end


def words(name: str, count: int) -> list[dict[str, Any]]:
    return [event(**{name: f"w{i} "}) for i in range(count)]


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning", "thinking"])
def test_a_thought_in_a_field_of_its_own(name: str) -> None:
    thought, answer, end = read(
        ASK, event(**{name: "hm"}), event(content="yes"), event(finish="stop")
    )
    assert (thought, answer, end.stop) == ("hm", "yes", StopReason.STOP)


def test_the_same_thought_under_two_names_is_one() -> None:
    assert read(ASK, event(reasoning="hm", reasoning_content="hm"))[0] == "hm"


def test_an_answer_in_the_wrong_field_is_found_where_no_thought_was_wanted() -> None:
    thought, answer, end = read(ANSWER, *words("reasoning_content", 3), event(finish="stop"))
    assert (thought, answer) == ("", "w0 w1 w2 ")
    assert (end.thought_tokens, end.answer_tokens) == (0, 3)


def test_a_thought_that_was_not_wanted_is_never_shown_as_the_answer() -> None:
    thought, answer, end = read(
        ANSWER, *words("reasoning", 3), event(content="yes"), event(finish="stop")
    )
    assert (thought, answer) == ("w0 w1 w2 ", "yes")
    assert (end.thought_tokens, end.answer_tokens) == (3, 1)
    for finish in (event(finish="length"), event(content=" ")):
        assert read(ANSWER, *words("reasoning", 3), finish)[1].strip() == ""
    _, answer, end = read(ANSWER, *words("reasoning", 50))
    assert (answer, end.stop) == ("", StopReason.LENGTH)
    assert end.thought_tokens <= 10


def test_patience_with_a_thought_that_was_not_wanted() -> None:
    reply = Reply(0, ANSWER, patience=3)
    for one in words("reasoning", 5):
        list(reply.read(one))
    end = list(reply.end())[-1]
    assert (reply.done, reply.answer, reply.unwanted) == (True, "", "w0 w1 w2 ")
    assert (end.stop, end.thought_tokens) == (StopReason.LENGTH, 3)
    reply = Reply(0, ANSWER, patience=3)
    for one in (*words("reasoning", 2), event(content="yes"), event(finish="stop")):
        list(reply.read(one))
    assert (reply.done, reply.answer, reply.unwanted) == (False, "yes", "w0 w1 ")


def test_a_thought_that_never_closed_is_the_answer() -> None:
    request = replace(ASK, max_tokens=30)
    said, answer, end = read(request, *words("content", 5), event(finish="stop"), inside=True)
    assert said == answer == "w0 w1 w2 w3 w4 "
    assert (end.stop, end.thought_tokens, end.answer_tokens) == (StopReason.STOP, 0, 5)
    tight = replace(ASK, max_answer=3)
    _, answer, end = read(tight, *words("content", 5), event(finish="stop"), inside=True)
    assert (answer.split(), end.stop) == (["w0", "w1", "w2"], StopReason.LENGTH)
    assert (end.thought_tokens, end.answer_tokens) == (2, 3)
    ends_at_no = replace(request, stop=["w3"])
    assert read(ends_at_no, *words("content", 5), event(finish="stop"), inside=True)[1] == (
        "w0 w1 w2 "
    )


@pytest.mark.parametrize(
    "events",
    [
        [*words("content", 5), event(finish="length")],
        [*words("content", 5)],  # nobody says that it is complete
        [event(content="<think>"), *words("content", 5), event(finish="stop")],
        [*words("content", 5), event(content="</think>"), event(finish="stop")],
        [*words("reasoning", 5), event(finish="stop")],
    ],
)
def test_a_thought_without_an_answer_stays_one(events: list[dict[str, Any]]) -> None:
    assert read(replace(ASK, max_tokens=30), *events, inside=True)[1].strip() == ""


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(1, 7),
    st.sampled_from(["none", "running", "total"]),
)
def test_limits_hold_and_counts_add_up(thought: int, answer: int, bundle: int, counts: str) -> None:
    made, events = 0, []
    for name, count in (("reasoning", thought), ("content", answer)):
        for i in range(0, count, bundle):
            size = min(bundle, count - i)
            made += size
            one = event(**{name: "w " * size})
            if counts == "running":
                one["usage"] = {"prompt_tokens": 5, "completion_tokens": made}
            events.append(one)
    last = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": made}}
    told = [event(finish="stop"), *([last] if counts != "none" else [])]
    shown, said, end = read(ASK, *events, *told, rate=Rate())
    assert len(shown.split()) <= 20
    assert len(said.split()) <= 10
    assert shown.split() == ["w"] * min(thought, 20)
    if thought <= 20:
        assert said.split() == ["w"] * min(answer, 10)
        assert end.answer_tokens == min(answer, 10)
    assert end.thought_tokens == min(thought, 20)
    if counts == "none" and made:
        assert end.estimated
    if counts == "running" and made and thought <= 20 and answer <= 10:
        assert not end.estimated


def test_the_server_s_count_of_the_thought_is_taken() -> None:
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 40,
        "completion_tokens_details": {"reasoning_tokens": 30},
    }
    end = read(ASK, event(content="yes"), event(finish="stop"), {"choices": [], "usage": usage})[2]
    assert (end.prompt_tokens, end.thought_tokens, end.answer_tokens) == (9, 30, 10)
    assert not end.estimated


def test_a_count_of_nought_for_a_thought_that_was_shown_is_no_count() -> None:
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 8,
        "completion_tokens_details": {"reasoning_tokens": 0},
    }
    end = read(ASK, *words("reasoning", 6), *words("content", 2), {"choices": [], "usage": usage})[
        2
    ]
    assert (end.thought_tokens, end.answer_tokens, end.estimated) == (6, 2, True)


def test_pieces_of_several_tokens_are_learned_from_a_reply_that_was_counted() -> None:
    rate = Rate()
    assert rate.of("abcdefgh") == 1
    rate.learn(pieces=10, size=400, tokens=100)
    assert rate.of("abcdefgh") == 2
    rate = Rate()
    rate.learn(pieces=100, size=900, tokens=101)
    assert rate.of("a long single token") == 1


def test_a_thought_that_ate_everything() -> None:
    usage = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 20}}
    _, answer, end = read(ASK, event(content=""), event(finish="length"), usage)
    assert (answer, end.stop) == ("", StopReason.THOUGHT_CAP)
    assert (end.thought_tokens, end.answer_tokens) == (20, 0)


@given(st.lists(st.integers(0, 20), max_size=8))
def test_a_stop_string_ends_the_answer_and_never_the_thought(cuts: list[int]) -> None:
    text, ends = "one END two", [0, *sorted(min(c, 11) for c in cuts), 11]
    pieces = [text[a:b] for a, b in pairwise(ends)]
    request = replace(ASK, stop=["END", "never"], max_answer=50)
    events = [event(content=piece) for piece in pieces]
    thought, answer, end = read(request, event(reasoning="at the END"), *events)
    assert (thought, answer, end.stop) == ("at the END", "one ", StopReason.STOP)
    assert read(request, event(content="one EN"), event(finish="stop"))[1] == "one EN"


def call_pieces(*pieces: dict[str, Any]) -> list[dict[str, Any]]:
    return [event(tool_calls=[piece]) for piece in pieces]


def test_tool_calls_are_put_together() -> None:
    reply = Reply(3, ASK)
    events = [
        event(reasoning="I look it up"),
        *call_pieces(
            {"index": 0, "id": "a", "function": {"name": "look_up", "arguments": ""}},
            {"index": 0, "function": {"arguments": '{"x"'}},
            {"index": 1, "function": {"name": "other", "arguments": {"y": 2}}},
            {"index": 0, "function": {"arguments": ": 1}"}},
        ),
        event(finish="stop"),
    ]
    deltas = [d for e in events for d in reply.read(e)] + list(reply.end())
    calls = [d.tool_call for d in deltas if d.tool_call is not None]
    assert [(c.id, c.name, c.arguments) for c in calls] == [
        ("a", "look_up", '{"x": 1}'),
        ("call_3_1", "other", '{"y": 2}'),
    ]
    assert deltas[-1].stop is StopReason.TOOL_CALLS


def test_calls_under_one_index_stay_apart() -> None:
    """As Gemini's compatible endpoint sends parallel calls."""
    calls = [
        {"index": 0, "id": id, "function": {"name": "look_up", "arguments": arguments}}
        for id, arguments in (("a", '{"x": 1}'), ("b", '{"x": 2}'), ("c", '{"x": 3}'))
    ]
    reply = Reply(0, ASK)
    for piece in call_pieces(*calls):
        list(reply.read(piece))
    made = [d.tool_call for d in reply.end() if d.tool_call is not None]
    assert [(c.id, c.arguments) for c in made] == [
        ("a", '{"x": 1}'),
        ("b", '{"x": 2}'),
        ("c", '{"x": 3}'),
    ]


def test_pieces_of_one_call_belong_together_also_under_new_ids() -> None:
    """As older builds of vLLM send them: every piece has an id of its own, the first one a name."""
    pieces = call_pieces(
        {"index": 0, "id": "a", "function": {"name": "look_up"}},
        {"index": 0, "id": "b", "function": {"arguments": '{"x"'}},
        {"index": 0, "id": "c", "function": {"arguments": ": 1}"}},
    )
    reply = Reply(0, ASK)
    for piece in pieces:
        list(reply.read(piece))
    (call,) = [d.tool_call for d in reply.end() if d.tool_call is not None]
    assert (call.id, call.arguments) == ("a", '{"x": 1}')


@pytest.mark.parametrize(
    ("usage", "thought", "answer"),
    [
        # of xAI's documentation: 32 + 9 + 94 = 135
        ({"prompt_tokens": 32, "completion_tokens": 9, "total_tokens": 135}, 94, 9),
        ({"prompt_tokens": 32, "completion_tokens": 103, "total_tokens": 135}, 94, 9),
        ({"prompt_tokens": 32, "completion_tokens": 103}, 94, 9),
    ],
)
def test_a_thought_that_is_counted_apart_is_counted(
    usage: dict[str, Any], thought: int, answer: int
) -> None:
    details = {"completion_tokens_details": {"reasoning_tokens": 94}}
    request = replace(ASK, max_thought=200, max_answer=200)
    end = read(
        request, event(content="ok", finish="stop"), {"choices": [], "usage": usage | details}
    )[2]
    assert (end.thought_tokens, end.answer_tokens) == (thought, answer)


def test_a_filtered_answer_is_an_error() -> None:
    with pytest.raises(ModelError, match="content filter"):
        read(ASK, event(finish="content_filter"))
    assert read(ASK, event(content="half"), event(finish="content_filter"))[1] == "half"


@pytest.mark.parametrize("reason", ["abort", "error"])
def test_an_answer_that_the_server_broke_off_is_no_whole_one(reason: str) -> None:
    reply = Reply(0, ASK)
    list(reply.read(event(content="half an")))
    list(reply.read(event(finish=reason)))
    with pytest.raises(ModelError, match="broke its answer off"):
        list(reply.end())


def test_the_answer_has_what_the_thought_left() -> None:
    request = replace(ASK, max_tokens=30)
    for thought, most in ((0, 30), (5, 25), (20, 10)):
        events = [*words("reasoning", thought), *words("content", 50)]
        assert len(read(request, *events)[1].split()) == most


NAMES = (
    "choices delta content tool_calls function usage finish_reason reasoning index id name "
    "arguments completion_tokens timings"
)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES.split()),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


@given(st.lists(st.dictionaries(st.sampled_from(["choices", "usage"]), json), max_size=4))
def test_no_json_breaks_it(events: list[dict[str, Any]]) -> None:
    read(ASK, *events)
