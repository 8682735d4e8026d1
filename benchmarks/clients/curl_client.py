"""curl, as a shell script would use it."""

from __future__ import annotations

import json
import subprocess

from features import (
    BASE,
    CITY,
    HELLO,
    KEY,
    MODEL,
    OPERATOR,
    PARAMETERS,
    SUM,
    add,
    efforts,
    equal,
    hidden,
    run,
    shown,
    user,
)


def curl(path, body, key=KEY, *options):
    command = ["curl", "-sS", "-N", "--fail-with-body", BASE + path, "-d", json.dumps(body)]
    command += ["-H", f"Authorization: Bearer {key}", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise AssertionError(done.stdout or done.stderr)
    return done.stdout


def chat(text="hi", key=KEY, **more):
    body = {"model": MODEL, "messages": user(text), **more}
    return json.loads(curl("/chat/completions", body, key))


def respond(key=KEY, **more):
    return json.loads(curl("/responses", {"model": MODEL, "input": "hi", **more}, key))


def events(text):
    data = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
    equal(data[-1], "[DONE]")
    return [json.loads(line) for line in data[:-1]]


def content(reply):
    return reply["choices"][0]["message"]["content"]


def chat_stream():
    found = events(
        curl("/chat/completions", {"model": MODEL, "messages": user("hi"), "stream": True})
    )
    equal("".join(e["choices"][0]["delta"].get("content", "") for e in found), HELLO)


def responses():
    (message,) = [item for item in respond()["output"] if item["type"] == "message"]
    equal(message["content"][0]["text"], HELLO)


def responses_stream():
    found = events(curl("/responses", {"model": MODEL, "input": "hi", "stream": True}))
    equal(found[-1]["type"], "response.completed")


def tools():
    function = {"name": "add", "parameters": PARAMETERS}
    tools = [{"type": "function", "function": function}]
    messages = user(add("chat"))
    body = {"model": MODEL, "messages": messages, "tools": tools}
    message = json.loads(curl("/chat/completions", body))["choices"][0]["message"]
    call = message["tool_calls"][0]["id"]
    messages += [message, {"role": "tool", "tool_call_id": call, "content": "5"}]
    equal(content(json.loads(curl("/chat/completions", body))), SUM)


def structured():
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    format = {"type": "json_schema", "json_schema": {"name": "city", "schema": schema}}
    equal(json.loads(content(chat(CITY, response_format=format))), {"city": "Seoul"})


def reasoning_tokens(reply):
    return reply["usage"]["completion_tokens_details"]["reasoning_tokens"]


def thought_hidden():
    reply = chat()
    hidden(json.dumps(reply), reasoning_tokens(reply))


run(
    chat=lambda: equal(content(chat()), HELLO),
    chat_stream=chat_stream,
    responses=responses,
    responses_stream=responses_stream,
    tools=tools,
    structured=structured,
    effort=lambda: efforts(lambda level: reasoning_tokens(chat(reasoning_effort=level))),
    hidden=thought_hidden,
    shown=lambda: shown(chat(key=OPERATOR)["choices"][0]["message"]["reasoning_content"]),
)
