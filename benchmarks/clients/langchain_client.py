"""langchain-openai's ChatOpenAI, over both APIs."""

from __future__ import annotations

from features import (
    APIS,
    BASE,
    CITY,
    HELLO,
    KEY,
    MODEL,
    SUM,
    City,
    add,
    efforts,
    equal,
    hidden,
    run,
)
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

called = []


@tool("add")
def add_tool(a: int, b: int) -> int:
    """Add two numbers."""
    called.append((a, b))
    return a + b


def model(api, **options):
    options["use_responses_api"] = api == "responses"
    return ChatOpenAI(base_url=BASE, api_key=KEY, model=MODEL, max_retries=0, **options)


def text(message):
    return message.text if isinstance(message.text, str) else message.text()


def plain(api):
    equal(text(model(api).invoke("hi")), HELLO)


def streamed(api):
    chunks = list(model(api, stream_usage=True).stream("hi"))
    equal("".join(text(chunk) for chunk in chunks), HELLO)
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    equal(whole.usage_metadata["output_tokens"] > 0, True)


def tools():
    for api in APIS:
        called.clear()
        bound = model(api).bind_tools([add_tool])
        messages = [HumanMessage(add(api))]
        messages.append(bound.invoke(messages))
        for call in messages[-1].tool_calls:
            messages.append(
                ToolMessage(str(add_tool.invoke(call["args"])), tool_call_id=call["id"])
            )
        equal(called, [(2, 3)])
        equal(text(bound.invoke(messages)), SUM)


def structured():
    for api in APIS:
        equal(model(api).with_structured_output(City).invoke(CITY), City(city="Seoul"))


def reasoning_tokens(message):
    return message.usage_metadata.get("output_token_details", {}).get("reasoning")


def effort():
    efforts(lambda level: reasoning_tokens(model("chat", reasoning_effort=level).invoke("hi")))
    efforts(
        lambda level: reasoning_tokens(model("responses", reasoning={"effort": level}).invoke("hi"))
    )


def thought_hidden():
    for api in APIS:
        message = model(api).invoke("hi")
        hidden(message.model_dump_json(), reasoning_tokens(message))


run(
    chat=lambda: plain("chat"),
    chat_stream=lambda: streamed("chat"),
    responses=lambda: plain("responses"),
    responses_stream=lambda: streamed("responses"),
    tools=tools,
    structured=structured,
    effort=effort,
    hidden=thought_hidden,
)
