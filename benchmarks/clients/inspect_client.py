"""inspect-ai: its OpenAI-compatible provider (Chat), and its OpenAI provider (Responses)."""

from __future__ import annotations

import asyncio

from features import (
    BASE,
    CITY,
    HELLO,
    KEY,
    MODEL,
    OPERATOR,
    SUM,
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
from pydantic import BaseModel

called = []


class City(BaseModel):
    city: str


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


def model(api, key=KEY, **config):
    config = GenerateConfig(max_retries=0, **config)
    if api == "chat":
        name, options = f"openai-api/secondthought/{MODEL}", {}
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
    for api in ("chat", "responses"):
        asyncio.run(loop(api))


def structured():
    schema = ResponseSchema(name="city", json_schema=json_schema(City))
    for api in ("chat", "responses"):
        found = ask(api, CITY, response_schema=schema).completion
        equal(City.model_validate_json(found), City(city="Seoul"))


def effort():
    for api in ("chat", "responses"):
        efforts(lambda level, api=api: ask(api, reasoning_effort=level).usage.reasoning_tokens)


def thought_hidden():
    for api in ("chat", "responses"):
        output = ask(api)
        hidden(output.model_dump_json(), output.usage.reasoning_tokens)


run(
    chat=lambda: equal(ask("chat").completion, HELLO),
    chat_stream=lambda: equal(
        asyncio.run(
            get_model(
                f"openai-api/secondthought/{MODEL}",
                base_url=BASE,
                api_key=KEY,
                memoize=False,
                stream=True,
            ).generate("hi")
        ).completion,
        HELLO,
    ),
    responses=lambda: equal(ask("responses").completion, HELLO),
    tools=tools,
    structured=structured,
    effort=effort,
    hidden=thought_hidden,
    shown=lambda: shown(ask("chat", key=OPERATOR).message.content),
)
