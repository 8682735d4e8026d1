"""The doctor over servers that have what it should find."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from upstreams import Fault, Upstream

from secondthought.doctor import Report, examine
from secondthought.models.base import ModelError
from secondthought.models.remote.client import Client
from secondthought.models.remote.model import Remote

THOUGHT = " ".join(f"t{i}" for i in range(200))
CALL = {"name": "weather", "arguments": '{"town": "Oslo"}'}


def server(
    dialect: str, thought: str = THOUGHT, answer: str = "It is 5", **options: Any
) -> tuple[Upstream, Remote]:
    def script(question: str) -> tuple[str, str]:
        return ("hm", "ok") if question.startswith("Reply with") else (thought, answer)

    upstream = Upstream(dialect, script, **options)
    client = Client(upstream.url, transport=upstream.transport())
    return upstream, Remote(f"{upstream.url}#m", client=client)


async def examined(dialect: str, thought: str = THOUGHT, **options: Any) -> dict[str, str]:
    report = await examine(server(dialect, thought, **options)[1])
    assert report.healthy is all(f.status != "broken" for f in report.findings)
    return statuses(report)


def statuses(report: Report) -> dict[str, str]:
    return {finding.name: finding.status for finding in report.findings}


async def test_a_server_that_has_everything() -> None:
    found = await examined("vllm", tool_calls=[CALL])
    assert found.pop("answers when a thought eats the limit") == "no"
    assert found.pop("refuses what it does not have") == "no"
    assert set(found.values()) == {"yes"}


@pytest.mark.parametrize("shape", ["tags", "open"])
async def test_thoughts_within_the_answer_break_the_contract(shape: str) -> None:
    found = await examined("vllm", shape=shape)
    assert found["thinks"] == "broken"
    assert found["answers through the loop"] == "yes"


@pytest.mark.parametrize("answer", ["5<|end|>", "<｜User｜>How many?<｜Assistant｜>5", "5</s>"])
async def test_markers_of_the_template_in_the_answer_break_the_contract(answer: str) -> None:
    found = await examined("other", answer=answer)
    assert found["answers"] == "broken"


async def test_a_model_that_thinks_on_after_its_budget() -> None:
    found = await examined("llama.cpp", answer="106 is even</think> It is 5")
    assert found["holds a thought to a budget"] == "no"


async def test_budgets_and_continuations_that_do_not_hold() -> None:
    found = await examined("vllm", budget=False, continues=False)
    assert found["holds a thought to a budget"] == "no"
    assert found["goes on after a thought"] == "no"
    assert found["answers through the loop"] == "yes"


async def test_a_switch_that_does_nothing() -> None:
    found = await examined("llama.cpp", obeys_off=False, budget=False)
    assert found["thinking can be switched off"] == "no"


async def test_thought_tokens_that_are_not_told_apart() -> None:
    assert (await examined("ollama"))["counts tokens"] == "no"


async def test_a_model_that_does_not_think() -> None:
    found = await examined("other", shape="none")
    assert (found["thinks"], found["answers"]) == ("no", "yes")
    assert found["thinking can be switched off"] == "unknown"


@pytest.mark.parametrize(
    ("how", "number", "name"),
    [
        ("empty", 0, "answers"),
        ("no_usage", 0, "counts tokens"),
        ("wrong_field", 1, "thinking can be switched off"),
    ],
)
async def test_faults_are_found(how: str, number: int, name: str) -> None:
    upstream, model = server("deepseek")
    await model.ready()
    upstream.faults = [*[Fault()] * number, Fault(how)]
    report = await examine(model)
    assert statuses(report)[name] == "broken"
    assert not report.healthy


async def test_a_check_that_fails_leaves_the_others() -> None:
    upstream, model = server("deepseek")
    await model.ready()
    upstream.faults = [Fault(), Fault(status=422)]
    found = statuses(await examine(model))
    assert found["thinking can be switched off"] == "unknown"
    assert found["answers through the loop"] == "yes"


async def test_it_says_what_it_cost() -> None:
    upstream, model = server("vllm")
    report = await examine(model)
    assert report.requests == len(upstream.requests) - 2  # the probe's look and the loop's call
    assert report.tokens >= sum(upstream.made.values()) - 1


@pytest.mark.parametrize(
    ("calls_again", "said"),
    [(False, "called with a thought, then answered 'It is 5'"), (True, "then called again")],
)
async def test_what_comes_after_a_tool_s_result(calls_again: bool, said: str) -> None:
    upstream, model = server("vllm", tool_calls=[CALL], calls_again=calls_again)
    if calls_again:
        upstream.script = lambda q: (THOUGHT, "" if "weather" in q else "It is 5")
    findings = {finding.name: finding for finding in (await examine(model)).findings}
    assert findings["tools together with thinking"].said.endswith(said)


@pytest.mark.parametrize("fault", [Fault(status=404), Fault("malformed"), Fault(status=500)])
async def test_what_does_not_answer_the_first_question_cannot_be_examined(fault: Fault) -> None:
    upstream, model = server("deepseek")
    await model.ready()
    model.client._retries = 0  # pyright: ignore[reportPrivateUsage]
    upstream.faults = [fault]
    with pytest.raises(ModelError):
        await examine(model)


async def test_a_key_that_is_refused_ends_it() -> None:
    upstream, model = server("vllm")
    upstream.faults = [Fault(status=401, paths="/models")]
    with pytest.raises(ModelError, match="its key comes from the environment"):
        await examine(model)
