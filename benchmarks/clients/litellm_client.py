"""litellm as a client, over both APIs."""

from __future__ import annotations

import json
import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it asks the network for prices

import litellm
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

litellm.telemetry = False
OPTIONS = {"model": f"openai/{MODEL}", "api_base": BASE, "num_retries": 0}


def chat(text="hi", key=KEY, messages=None, **options):
    return litellm.completion(messages=messages or user(text), api_key=key, **OPTIONS, **options)


def respond(input="hi", key=KEY, **options):
    return litellm.responses(input=input, api_key=key, **OPTIONS, **options)


def text(response):
    messages = [item for item in response.output if item.type == "message"]
    return "".join(part.text for item in messages for part in item.content)


def chat_stream():
    chunks = list(chat(stream=True, stream_options={"include_usage": True}))
    whole = litellm.stream_chunk_builder(chunks)
    equal(whole.choices[0].message.content, HELLO)
    equal(whole.usage.completion_tokens > 0, True)


def responses_stream():
    events = list(respond(stream=True))
    deltas = (e.delta for e in events if e.type == "response.output_text.delta")
    equal("".join(deltas), HELLO)


def tools():
    function = {"name": "add", "description": "Add.", "parameters": PARAMETERS}
    tools = [{"type": "function", "function": function}]
    messages = user(add("chat"))
    first = chat(messages=messages, tools=tools).choices[0].message
    (call,) = first.tool_calls
    equal(json.loads(call.function.arguments), {"a": 2, "b": 3})
    messages += [first, {"role": "tool", "tool_call_id": call.id, "content": "5"}]
    equal(chat(messages=messages, tools=tools).choices[0].message.content, SUM)


def structured():
    content = chat(CITY, response_format=City).choices[0].message.content
    equal(City.model_validate_json(content), City(city="Seoul"))


def effort():
    # Of a model that it does not know, litellm has to be told that it may send this.
    allowed = {"allowed_openai_params": ["reasoning_effort"]}
    efforts(
        lambda level: (
            chat(reasoning_effort=level, **allowed).usage.completion_tokens_details.reasoning_tokens
        )
    )


def thought_hidden():
    reply = chat()
    tokens = reply.usage.completion_tokens_details.reasoning_tokens
    hidden(reply.model_dump_json(), tokens)


run(
    chat=lambda: equal(chat().choices[0].message.content, HELLO),
    chat_stream=chat_stream,
    responses=lambda: equal(text(respond()), HELLO),
    responses_stream=responses_stream,
    tools=tools,
    structured=structured,
    effort=effort,
    hidden=thought_hidden,
    shown=lambda: shown(chat(key=OPERATOR).choices[0].message.reasoning_content),
)
