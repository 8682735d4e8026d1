"""The official package; the same script for both majors."""

from __future__ import annotations

import json

from features import (
    BASE,
    CITY,
    HELLO,
    KEY,
    MODEL,
    OPERATOR,
    PARAMETERS,
    SUM,
    City,
    add,
    efforts,
    equal,
    hidden,
    run,
    shown,
    user,
)
from openai import OpenAI

client = OpenAI(base_url=BASE, api_key=KEY, max_retries=0)
operator = OpenAI(base_url=BASE, api_key=OPERATOR, max_retries=0)


def chat():
    reply = client.chat.completions.create(model=MODEL, messages=user("hi"))
    equal(reply.choices[0].message.content, HELLO)
    equal(reply.usage.total_tokens, reply.usage.prompt_tokens + reply.usage.completion_tokens)


def chat_stream():
    with client.chat.completions.stream(
        model=MODEL, messages=user("hi"), stream_options={"include_usage": True}
    ) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()
    equal("content.done" in kinds, True)
    equal(final.choices[0].message.content, HELLO)
    equal(final.usage.completion_tokens > 0, True)


def responses():
    reply = client.responses.create(model=MODEL, input="hi", instructions="Be kind.")
    equal((reply.output_text, reply.status), (HELLO, "completed"))
    again = client.responses.create(model=MODEL, input="and?", previous_response_id=reply.id)
    equal(again.output_text, HELLO)
    equal(client.responses.retrieve(reply.id).output_text, HELLO)
    counted = client.responses.input_tokens.count(model=MODEL, input="hi", instructions="Be kind.")
    equal(counted.input_tokens, reply.usage.input_tokens)


def responses_stream():
    with client.responses.stream(model=MODEL, input="hi") as stream:
        text = "".join(e.delta for e in stream if e.type == "response.output_text.delta")
        equal(stream.get_final_response().output_text, HELLO)
    equal(text, HELLO)


def tools():
    chat_tools()
    responses_tools()


def chat_tools():
    function = {"name": "add", "parameters": PARAMETERS}
    tools = [{"type": "function", "function": function}]
    messages = user(add("chat"))
    first = client.chat.completions.create(model=MODEL, messages=messages, tools=tools)
    (call,) = first.choices[0].message.tool_calls
    equal(json.loads(call.function.arguments), {"a": 2, "b": 3})
    messages.append(first.choices[0].message)
    messages.append({"role": "tool", "tool_call_id": call.id, "content": "5"})
    last = client.chat.completions.create(model=MODEL, messages=messages, tools=tools)
    equal(last.choices[0].message.content, SUM)


def responses_tools():
    tools = [{"type": "function", "name": "add", "parameters": PARAMETERS, "strict": True}]
    items = user(add("responses"))
    options = {"model": MODEL, "tools": tools, "store": False}
    options["include"] = ["reasoning.encrypted_content"]
    first = client.responses.create(input=items, **options)
    items += first.output
    call = next(item for item in first.output if item.type == "function_call")
    items.append({"type": "function_call_output", "call_id": call.call_id, "output": "5"})
    equal(client.responses.create(input=items, **options).output_text, SUM)


def structured():
    reply = client.chat.completions.parse(model=MODEL, messages=user(CITY), response_format=City)
    equal(reply.choices[0].message.parsed, City(city="Seoul"))
    parsed = client.responses.parse(model=MODEL, input=CITY, text_format=City).output_parsed
    equal(parsed, City(city="Seoul"))


def effort():
    def of(level):
        reply = client.responses.create(model=MODEL, input="hi", reasoning={"effort": level})
        equal(reply.reasoning.effort, level)
        return reply.usage.output_tokens_details.reasoning_tokens

    efforts(of)
    efforts(
        lambda level: (
            client.chat.completions.create(
                model=MODEL, messages=user("hi"), reasoning_effort=level
            ).usage.completion_tokens_details.reasoning_tokens
        )
    )


def thought_hidden():
    reply = client.chat.completions.create(model=MODEL, messages=user("hi"))
    details = reply.usage.completion_tokens_details
    hidden(reply.model_dump_json(), details.reasoning_tokens)
    reply = client.responses.create(model=MODEL, input="hi")
    hidden(reply.model_dump_json(), reply.usage.output_tokens_details.reasoning_tokens)


def thought_shown():
    reply = operator.chat.completions.create(model=MODEL, messages=user("hi"))
    shown(reply.choices[0].message.reasoning_content)
    reply = operator.responses.create(model=MODEL, input="hi")
    shown(reply.output[0].content)


run(
    chat=chat,
    chat_stream=chat_stream,
    responses=responses,
    responses_stream=responses_stream,
    tools=tools,
    structured=structured,
    effort=effort,
    hidden=thought_hidden,
    shown=thought_shown,
)
