"""inspect-ai: its OpenAI-compatible provider (Chat), and its OpenAI provider (Responses)."""

from __future__ import annotations

import asyncio

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
from inspect_ai.model import (
    ChatMessageUser,
    GenerateConfig,
    ResponseSchema,
    execute_tools,
    get_model,
)
from inspect_ai.tool import tool
from inspect_ai.util import json_schema

called = []


@tool(name="add")
def add_tool():
    async def execute(a: int, b: int) -> int:
        """Add two numbers.

        Args:
            a: One number.
            b: The other.
        """
        called.append((a, b))
        return a + b

    return execute


def model(api, key=KEY, streams=False, **config):
    config = GenerateConfig(max_retries=0, **config)
    if api == "chat":
        name, options = f"openai-api/secondthought/{MODEL}", {"stream": True} if streams else {}
    else:
        name, options = f"openai/{MODEL}", {"responses_api": True}
    return get_model(name, base_url=BASE, api_key=key, config=config, memoize=False, **options)


def ask(api, question="hi", **options):
    return asyncio.run(model(api, **options).generate(question))


async def loop(api):
    called.clear()
    asked, tools = model(api), [add_tool()]
    messages = [ChatMessageUser(content=add(api))]
    first = await asked.generate(messages, tools=tools)
    messages.append(first.message)
    messages += (await execute_tools(messages, tools)).messages
    equal(called, [(2, 3)])
    equal((await asked.generate(messages, tools=tools)).completion, SUM)


def tools():
    for api in APIS:
        asyncio.run(loop(api))


def structured():
    schema = ResponseSchema(name="city", json_schema=json_schema(City))
    for api in APIS:
        found = ask(api, CITY, response_schema=schema).completion
        equal(City.model_validate_json(found), City(city="Seoul"))


def effort():
    for api in APIS:
        efforts(lambda level, api=api: ask(api, reasoning_effort=level).usage.reasoning_tokens)


def thought_hidden():
    for api in APIS:
        output = ask(api)
        hidden(output.model_dump_json(), output.usage.reasoning_tokens)


run(
    chat=lambda: equal(ask("chat").completion, HELLO),
    chat_stream=lambda: equal(ask("chat", streams=True).completion, HELLO),
    responses=lambda: equal(ask("responses").completion, HELLO),
    tools=tools,
    structured=structured,
    effort=effort,
    hidden=thought_hidden,
    shown=lambda: shown(ask("chat", key=OPERATOR).message.content),
)
