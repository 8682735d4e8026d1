"""Do the clients that people use work against the server as they are?

    python benchmarks/compat.py                       # all of them
    python benchmarks/compat.py --only curl,codex --cache ~/.cache/compat --json table.json

Makes an environment for each client (a venv of wheels alone, or an npm folder) in the cache,
starts `secondthought serve` with a scripted model and two keys, runs the client's script in
`clients/`, and prints a table. Exit code 1 when a feature of a client fails.

A cell says what the client did with the feature: ok, fails and why, or nothing where the client
or its script has no such thing. The features:

chat, responses            an answer; Responses also stored, gone on with and counted
chat_stream, ..._stream    the same answer, streamed, with its usage
tools                      a whole tool loop, over each API that the client speaks
structured                 an answer by a JSON schema, parsed by the client
effort                     none does not think, high does, by the client's own count
hidden                     with a user's key: reasoning tokens counted, no word of the thought
shown                      with an operator's key: the thought, where the client passes it on
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serving import serving

from secondthought.server import keys
from secondthought.server.store import Store

CLIENTS = Path(__file__).parent / "clients"
MODEL = "scripted"
FEATURES = (
    "chat",
    "chat_stream",
    "responses",
    "responses_stream",
    "tools",
    "structured",
    "effort",
    "hidden",
    "shown",
)


@dataclass(frozen=True)
class Client:
    """One client. packages: what its environment is made of, the first one names it."""

    name: str
    script: str
    packages: tuple[str, ...]
    kind: str = "pip"  # or npm, or system

    @property
    def label(self) -> str:
        if self.kind == "system":
            return version_of(self.name)
        return self.packages[0].replace("==", " ").removeprefix("@openai/").replace("@", " ")


ALL = (
    Client("openai-3", "openai_client", ("openai==3.54.0",)),
    Client("openai-2", "openai_client", ("openai==2.54.0",)),
    Client("openai-agents", "agents_client", ("openai-agents==0.24.0",)),
    Client("langchain-openai", "langchain_client", ("langchain-openai==1.7.3",)),
    Client("litellm", "litellm_client", ("litellm==1.106.2", "mcp==2.3.0")),
    Client("inspect-ai", "inspect_client", ("inspect-ai==0.3.285", "openai==3.54.0")),
    Client("codex", "codex_client", ("@openai/codex@0.169.0",), kind="npm"),
    Client("curl", "curl_client", (), kind="system"),
)


def script() -> list[dict[str, Any]]:
    """What the model says; see `clients/features.py` for the questions."""
    thought = "the pelican greets whoever comes "
    turns: list[dict[str, Any]] = []
    for client in ALL:
        for api in ("chat", "responses"):
            asked = rf"^add {client.name} {api}$"
            call = {"name": "add", "arguments": {"a": 2, "b": 3}}
            turns.append({"match": asked, "thought": "I add. ", "tool_calls": [call]})
            turns.append({"match": asked, "thought": "There it is. ", "answer": "It is 5."})
        asked = f"^write {client.name}$"
        for command in ("echo second thought > note.txt", "cat note.txt"):
            call = {"name": "exec_command", "arguments": {"cmd": command}}
            turns.append({"match": asked, "thought": "Then this. ", "tool_calls": [call]})
        turns.append({"match": asked, "thought": "Done. ", "answer": "The note is written."})
    turns.append({"match": "^structured", "thought": "A city. ", "answer": '{"city": "Seoul"}'})
    return [*turns, {"thought": thought, "answer": "hello there friend"}]


# --- environments ------------------------------------------------------------------------------


def environment(client: Client, cache: Path) -> Path:
    """The program that runs the client's script (its Python, or the client), made if need be."""
    folder = cache / client.packages[0].removeprefix("@").replace("/", "-").replace("==", "-")
    npm = client.kind == "npm"
    program = folder / ("node_modules/.bin/codex" if npm else "bin/python")
    done = folder / "complete"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        if npm:
            command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder)]
        else:
            venv.create(folder, with_pip=True)
            command = [str(program), "-m", "pip", "install", "--only-binary", ":all:", "-q"]
        subprocess.run([*command, *client.packages], check=True)
        done.touch()
    return program


def version_of(program: str) -> str:
    text = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return " ".join(text.split()[:2])


# --- the server --------------------------------------------------------------------------------


@contextmanager
def serve(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A running server: its URL, and a key of each scope."""
    secrets = asyncio.run(_keys(folder / "server.db"))
    with serving(folder, script(), "--name", MODEL) as (url, _):
        yield url, secrets


async def _keys(db: Path) -> dict[str, str]:
    store = await Store.open(f"sqlite+aiosqlite:///{db}")
    try:
        return {
            "COMPAT_KEY": await keys.create(store, "compat", "user", None),
            "COMPAT_OPERATOR": await keys.create(store, "compat", "operator", None),
        }
    finally:
        await store.close()


# --- the clients -------------------------------------------------------------------------------


def tried(client: Client, cache: Path, shared: dict[str, str]) -> dict[str, str]:
    """What became of each feature."""
    python = Path(sys.executable)
    variables = {**os.environ, **shared, "COMPAT_CLIENT": client.name}
    try:
        if client.kind == "npm":
            variables["COMPAT_CODEX"] = str(environment(client, cache))
        elif client.kind == "pip":
            python = environment(client, cache)
        done = subprocess.run(
            [str(python), str(CLIENTS / f"{client.script}.py")],
            env=variables,
            capture_output=True,
            text=True,
            timeout=900,
        )
        return json.loads(done.stdout.splitlines()[-1])
    except subprocess.CalledProcessError as error:
        return {"chat": f"fails: it cannot be installed ({error.returncode})"}
    except subprocess.TimeoutExpired:
        return {"chat": "fails: it hangs"}
    except (IndexError, ValueError):
        return {"chat": f"fails: {done.stderr.strip().splitlines()[-1:]}"}


def table(found: dict[str, dict[str, str]]) -> str:
    lines = ["| client | " + " | ".join(f.replace("_", " ") for f in FEATURES) + " |"]
    lines.append("| --- |" + " --- |" * len(FEATURES))
    for label, features in found.items():
        cells = (features.get(name, "").replace("|", "/") for name in FEATURES)
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="names of clients, with commas between")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "compat")
    parser.add_argument("--json", type=Path, help="write the results there too")
    options = parser.parse_args()
    wanted = set(filter(None, options.only.split(",")))
    if unknown := wanted - {client.name for client in ALL}:
        parser.error(f"no client is named {', '.join(sorted(unknown))}")
    clients = [client for client in ALL if not wanted or client.name in wanted]
    found: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as (url, secrets):
        shared = {**secrets, "COMPAT_URL": url, "COMPAT_MODEL": MODEL, "COMPAT_FOLDER": name}
        for client in clients:
            print(f"{client.name} ...", file=sys.stderr)
            found[client.label] = tried(client, options.cache.expanduser(), shared)
    print(table(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    fails = (text != "ok" for features in found.values() for text in features.values())
    return 1 if any(fails) else 0


if __name__ == "__main__":
    sys.exit(main())
