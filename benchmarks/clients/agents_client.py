"""openai-agents, over Responses and over Chat Completions."""

from __future__ import annotations

import asyncio

from agents import (
    Agent,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    function_tool,
    set_tracing_disabled,
)
from features import (
    APIS,
    BASE,
    CITY,
    HELLO,
    KEY,
    MODEL,
    OPERATOR,
    SUM,
    City,
    add,
    efforts,
    equal,
    hidden,
    run,
    shown,
)
from openai import AsyncOpenAI
from openai.types.shared import Reasoning

set_tracing_disabled(True)
MODELS = {"chat": OpenAIChatCompletionsModel, "responses": OpenAIResponsesModel}
called = []


@function_tool(name_override="add")
def add_tool(a: int, b: int) -> int:
    """Add two numbers."""
    called.append((a, b))
    return a + b


def agent(api, key=KEY, **options):
    official = AsyncOpenAI(base_url=BASE, api_key=key, max_retries=0)
    model = MODELS[api](model=MODEL, openai_client=official)
    return Agent(name="helper", instructions="Be kind.", model=model, **options)


def ask(api, question="hi", **options):
    return asyncio.run(Runner.run(agent(api, **options), question))


async def streamed(api):
    result = Runner.run_streamed(agent(api), "hi")
    kinds = [event.type async for event in result.stream_events()]
    equal("raw_response_event" in kinds, True)
    equal(result.final_output, HELLO)


def tools():
    for api in APIS:
        called.clear()
        equal(ask(api, add(api), tools=[add_tool]).final_output, SUM)
        equal(called, [(2, 3)])


def structured():
    for api in APIS:
        equal(ask(api, CITY, output_type=City).final_output, City(city="Seoul"))


def reasoning_tokens(result):
    return result.context_wrapper.usage.output_tokens_details.reasoning_tokens


def effort():
    for api in APIS:
        efforts(
            lambda level, api=api: reasoning_tokens(
                ask(api, model_settings=ModelSettings(reasoning=Reasoning(effort=level)))
            )
        )


def thought_hidden():
    for api in APIS:
        result = ask(api)
        hidden(repr(result.raw_responses), reasoning_tokens(result))


def thought_shown():
    for api in APIS:
        shown(ask(api, key=OPERATOR).raw_responses)


run(
    chat=lambda: equal(ask("chat").final_output, HELLO),
    chat_stream=lambda: asyncio.run(streamed("chat")),
    responses=lambda: equal(ask("responses").final_output, HELLO),
    responses_stream=lambda: asyncio.run(streamed("responses")),
    tools=tools,
    structured=structured,
    effort=effort,
    hidden=thought_hidden,
    shown=thought_shown,
)
