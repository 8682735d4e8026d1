"""The Codex CLI: a session of two turns; in the first one the model runs a command that writes a
file, reads it with a second command, and answers."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

from features import BASE, HELLO, KEY, MODEL, NAME, efforts, equal, hidden, run

CONFIG = """
model = {model}
model_provider = "secondthought"
[model_providers.secondthought]
name = "secondthought"
base_url = {base}
env_key = "SECONDTHOUGHT_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
"""
home = Path(tempfile.mkdtemp(prefix="codex-", dir=os.environ["COMPAT_FOLDER"]))
work = home / "work"
work.mkdir()
(home / "config.toml").write_text(
    CONFIG.format(model=json.dumps(MODEL), base=json.dumps(BASE)), "utf-8"
)


def codex(*words, effort=None):
    """The events of one turn, what stood on stderr left out."""
    command = [os.environ["COMPAT_CODEX"], "exec", "--json", "--skip-git-repo-check"]
    command += ["--dangerously-bypass-approvals-and-sandbox"]
    if effort is not None:
        command += ["-c", f'model_reasoning_effort="{effort}"']
    environment = {**os.environ, "CODEX_HOME": str(home), "SECONDTHOUGHT_KEY": KEY}
    done = subprocess.run(
        [*command, *words],
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
    )
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    failed = [e for e in found if e["type"] in ("turn.failed", "error")]
    if failed or done.returncode:
        raise AssertionError(failed or done.stderr[-300:])
    return found


def items(found, kind):
    whole = [e["item"] for e in found if e["type"] == "item.completed"]
    return [item for item in whole if item["type"] == kind]


def tools():
    found = codex(f"write {NAME}")
    ran = [item["aggregated_output"] for item in items(found, "command_execution")]
    equal(ran, ["", "second thought\n"])
    equal((work / "note.txt").read_text(), "second thought\n")
    equal(items(found, "agent_message")[-1]["text"], "The note is written.")
    again = codex("resume", "--last", "hi")
    equal(items(again, "agent_message")[-1]["text"], HELLO)


def reasoning_tokens(found):
    return found[-1]["usage"]["reasoning_output_tokens"]


def thought_hidden():
    found = codex("hi")
    hidden(json.dumps(found), reasoning_tokens(found))


run(
    responses_stream=lambda: equal(items(codex("hi"), "agent_message")[-1]["text"], HELLO),
    tools=tools,
    effort=lambda: efforts(lambda level: reasoning_tokens(codex("hi", effort=level))),
    hidden=thought_hidden,
)
