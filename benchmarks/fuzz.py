"""20,000 broken requests over one kept-alive connection: no 500, no hang.

    python benchmarks/fuzz.py
    python benchmarks/fuzz.py --requests 2000 --seed 7 --url http://127.0.0.1:8080
    python benchmarks/fuzz.py --db postgresql://tester@127.0.0.1:5433/postgres

Starts `secondthought serve` with a scripted model (or asks the server at --url) and sends valid
requests that were changed at random: other types, huge numbers, deep nesting, half surrogates,
NUL, unknown names; bytes that are no UTF-8, bodies that end early; wrong methods, paths, queries,
content types and headers. Prints how many replies had which status. A fault is

- a status from 500 up (the same request can be made again by --seed and its number), but for
  the 502 that says that the model called no tool where one was required: this one never does,
- no reply within --patience seconds,
- a JSON reply that is none, or an error that has not OpenAI's form.

Exit code 1 when there was one. Now and then a plain request checks that answers still come.
"""

from __future__ import annotations

import argparse
import copy
import http.client
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from serving import serving

TOOL = {"name": "f", "description": "d", "parameters": {"type": "object", "properties": {}}}
CHAT: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": [{"type": "text", "text": "hi"}]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "5"},
    ],
    "max_completion_tokens": 50,
    "reasoning_effort": "low",
    "n": 1,
    "stop": ["x"],
    "seed": 1,
    "temperature": 0.5,
    "stream": False,
    "stream_options": {"include_usage": True},
    "response_format": {"type": "text"},
    "tools": [{"type": "function", "function": TOOL}, {"type": "custom", "custom": {"name": "c"}}],
    "tool_choice": "auto",
    "parallel_tool_calls": True,
    "metadata": {"a": "b"},
    "top_p": 1,
    "user": "u",
    "logit_bias": {},
    "service_tier": "auto",
}
RESPONSE: dict[str, Any] = {
    "input": [
        {"role": "user", "content": "hi"},
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": None},
        {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "5"},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "and?"}]},
    ],
    "instructions": "be kind",
    "reasoning": {"effort": "low", "summary": "auto"},
    "max_output_tokens": 50,
    "stream": False,
    "include": ["reasoning.encrypted_content"],
    "store": False,
    "previous_response_id": None,
    "background": False,
    "tools": [
        {"type": "function", **TOOL, "strict": False},
        {"type": "namespace", "name": "g", "description": "d", "tools": [{"type": "custom"}]},
        {"type": "web_search"},
    ],
    "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": []},
    "text": {"format": {"type": "text"}, "verbosity": "low"},
    "temperature": 0,
    "metadata": {},
    "truncation": "auto",
}
COUNT = {name: RESPONSE[name] for name in ("input", "instructions", "reasoning", "tools", "text")}
SCHEMA = {"type": "json_schema", "name": "n", "schema": {"type": "object"}}
CHECKS = [{"type": "numeric", "value": 3, "relative": 0.1}]
BODIES = {
    "/v1/chat/completions": CHAT,
    "/v1/responses": RESPONSE,
    "/v1/responses/input_tokens": COUNT,
}
OTHERS = (
    "/v1/models",
    "/v1/models/{}",
    "/v1/responses/{}",
    "/v1/responses/{}/cancel",
    "/v1/responses/{}/input_items",
    "/v1/responses/{}/answer_now",
    "/v1/responses/compact",
    "/v1/chat/completions/{}/answer_now",
    "/v1/traces/{}",
    "/v1/traces/{}/inspection",
    "/page/about",
    "/page/{}",
    "/inspect/{}",
    "/openapi.json",
    "/{}",
)
IDS = ("resp_1", "x", "%00", "%ff", "..%2f..", "a/b", "%F0%9F%98%80", "resp_" + "0" * 3000, "%")
QUERIES = ("", "?limit=0", "?limit=%D9%A3", "?after=%00", "?stream=true&starting_after=1e9", "?&=&")
QUERIES += ("?stream=true&starting_after=-", "?choice=99999999999", "?order=%ff&limit=100")
HEADERS = (
    ("content-type", "text/plain"),
    ("content-type", "application/x-www-form-urlencoded; charset=\xff"),
    ("content-type", ""),
    ("content-encoding", "gzip"),
    ("authorization", "Bearer \xe9\xff"),
    ("authorization", "Basic Og=="),
    ("authorization", "x" * 5000),
    ("accept", "text/event-stream"),
    ("origin", "http://[::1"),
    ("origin", "null"),
    ("host", "["),
    ("host", "127.0.0.1:notaport"),
    ("if-none-match", "W/,,\xfe"),
    ("expect", "200-maybe"),
    ("idempotency-key", "a"),
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**31,
    2**63,
    -(2**64),
    10**300,
    1e308,
    float("nan"),
    float("inf"),
    "",
    "x",
    "\x00",
    "\ud800",
    "\u202e\U0001f600",
    "a" * 70_000,
    "resp_00000000000000000000000000000000",
    [],
    {},
    [[]],
    [None],
    {"type": None},
    {"type": "json_schema", "schema": {"$ref": "#"}},
    {"type": "function", "name": "f", "parameters": {"$ref": "http://127.0.0.1:1/"}},
    {"": ""},
    [0] * 3000,
)


def changed(value: Any, dice: random.Random) -> Any:
    """The body with one to four places changed."""
    body = copy.deepcopy(value)
    rest = sorted(set(body) - {"model", "messages", "input"})
    for name in dice.sample(rest, dice.randrange(len(rest) + 1)):
        del body[name]  # else most faults would hide behind the first one
    if dice.random() < 0.1:
        body["verifiers"] = copy.deepcopy(CHECKS)
    if dice.random() < 0.03:
        body["text"] = {"format": copy.deepcopy(SCHEMA)}
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        change(body, dice)
    return body


def change(body: Any, dice: random.Random) -> None:
    node = body
    while True:
        names = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not names:
            break
        name = dice.choice(names)
        if isinstance(node[name], dict | list) and dice.random() < 0.7:
            node = node[name]
            continue
        kind = dice.random()
        if kind < 0.6:
            node[name] = copy.deepcopy(dice.choice(VALUES))
        elif kind < 0.7:
            del node[name]
        elif kind < 0.8:
            node[name] = nested(dice)
        elif kind < 0.9 and isinstance(node, list):
            node.extend(copy.deepcopy(node[name]) for _ in range(dice.choice((1, 2, 200))))
        else:
            node[name] = copy.deepcopy(body[dice.choice(list(body))]) if body else None
        return
    if isinstance(node, dict):
        node[dice.choice(("x", "type", "n", "\x00"))] = copy.deepcopy(dice.choice(VALUES))


def nested(dice: random.Random) -> Any:
    value: Any = 1
    for _ in range(dice.choice((5, 60, 120, 130, 400))):
        value = [value] if dice.random() < 0.5 else {"a": value}
    return value


def raw(body: Any, dice: random.Random) -> bytes:
    """As bytes, sometimes broken ones."""
    text = json.dumps(body, ensure_ascii=dice.random() < 0.7).encode("utf-8", "surrogatepass")
    kind = dice.random()
    if kind < 0.05:
        return text[: dice.randrange(len(text) + 1)]
    if kind < 0.10:
        at = dice.randrange(len(text) + 1)
        return text[:at] + dice.randbytes(dice.randint(1, 4)) + text[at:]
    if kind < 0.12:
        return dice.choice((b"[", b'{"a":', b"\xff")) * dice.choice((1, 50_000))
    if kind < 0.13:
        return b'{"model":"m","n":' + b"9" * 5000 + b"}"
    if kind < 0.14:
        return b'{"model":"m","temperature":1e999}'
    return text


def request(dice: random.Random, model: str) -> tuple[str, str, bytes, dict[str, str]]:
    """(method, path, body, headers)"""
    headers = {"content-type": "application/json"}
    method, body = "POST", b""
    if dice.random() < 0.85:
        path = dice.choice(list(BODIES))
        body = raw(changed({"model": model, **BODIES[path]}, dice), dice)
    else:
        path = dice.choice(OTHERS).format(dice.choice(IDS)) + dice.choice(QUERIES)
        method = dice.choice(("GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS", "BREW"))
        if dice.random() < 0.3:
            body = dice.randbytes(dice.randrange(200))
    if dice.random() < 0.15:
        name, value = dice.choice(HEADERS)
        headers[name] = value
    return method, path, body, headers


class Client:
    """One connection, opened again when the server has closed it."""

    def __init__(self, url: str, patience: float) -> None:
        where = urlsplit(url)
        assert where.hostname is not None
        self._connection = http.client.HTTPConnection(where.hostname, where.port, timeout=patience)
        self.opened = 0

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
        """(status, content type, body). Raises TimeoutError."""
        for again in (True, False):
            connection = self._connection
            if connection.sock is None:
                connection.connect()
                self.opened += 1
            try:
                connection.putrequest(method, path, skip_host="host" in headers)
                for name, value in {**headers, "content-length": str(len(body))}.items():
                    connection.putheader(name, value.encode("latin-1"))
                connection.endheaders(body)
                reply = connection.getresponse()
                return reply.status, reply.headers.get_content_type(), reply.read()
            except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
                connection.close()
                if not again:
                    raise
        raise AssertionError


_FIELDS = {"message", "type", "param", "code"}


def fault(status: int, kind: str, body: bytes) -> str | None:
    if status >= 500 and not (status == 502 and b'"tool_call_missing"' in body):
        return f"status {status}: {body[:200]!r}"
    if kind == "application/json" and body:
        try:
            value = json.loads(body, parse_constant=_refuse)
        except ValueError as error:
            return f"no JSON ({error}): {body[:200]!r}"
        if status >= 400:
            found = value.get("error") if isinstance(value, dict) else None
            if not isinstance(found, dict) or not set(found) >= _FIELDS:
                return f"no error of OpenAI's form: {body[:200]!r}"
    return None


def _refuse(name: str) -> None:
    raise ValueError(name)


def fuzz(url: str, model: str, requests: int, seed: int, patience: float) -> int:
    """Returns the number of faults."""
    client, statuses, faults = Client(url, patience), Counter[int](), 0
    plain = json.dumps({"model": model, "messages": [{"role": "user", "content": "hi"}]}).encode()
    slowest, start = 0.0, time.monotonic()
    for number in range(requests):
        dice = random.Random(f"{seed}.{number}")
        sent = request(dice, model)
        if number % 500 == 499:
            sent = ("POST", "/v1/chat/completions", plain, {})
        began = time.monotonic()
        try:
            status, kind, body = client.send(*sent)
            found = fault(status, kind, body)
            if sent[2] == plain and status != 200:
                found = f"a plain request got {status}: {body[:200]!r}"
        except (TimeoutError, OSError, http.client.HTTPException) as error:
            status, found = 0, f"no reply: {error!r}"
            client = Client(url, patience)
        slowest = max(slowest, time.monotonic() - began)
        statuses[status] += 1
        if found is not None:
            faults += 1
            print(f"{number}: {sent[0]} {sent[1][:80]} {sent[2][:150]!r}\n    {found[:300]}")
    seconds = time.monotonic() - start
    counts = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    print(f"{requests} requests in {seconds:.0f} s over {client.opened} connections; {counts}")
    print(f"slowest reply {slowest:.2f} s; {faults} faults")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--patience", type=float, default=60.0)
    parser.add_argument("--url", help="of a running server")
    parser.add_argument("--model", default="scripted", help="a name that it knows")
    parser.add_argument("--db", help="as for serve; default: a new SQLite file")
    options = parser.parse_args()
    rest = (options.model, options.requests, options.seed, options.patience)
    if options.url:
        return 1 if fuzz(options.url, *rest) else 0
    turn = {"thought": "one two three ", "answer": "four"}
    words = ("--name", options.model, *(("--db", options.db) if options.db else ()))
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), [turn], *words) as (url, _),
    ):
        return 1 if fuzz(url, *rest) else 0


if __name__ == "__main__":
    sys.exit(main())
