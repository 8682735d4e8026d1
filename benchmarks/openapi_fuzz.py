"""Schemathesis over the server's own OpenAPI document: no 500, and no reply that the document
does not allow.

    python benchmarks/openapi_fuzz.py
    python benchmarks/openapi_fuzz.py --examples 500 --cache ~/.cache/compat

Schemathesis gets a venv of its own in the cache, as the clients of `compat.py` do. It does not
know which model there is and which responses are stored: hooks put in a name and an id for half
of its requests. Exit code: Schemathesis's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from compat import MODEL, Client, environment, serve

TOOL = Client("schemathesis", "", ("schemathesis==4.32.5",))
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance"
CHECKS += ",response_schema_conformance"
HOOKS = """
import itertools
import schemathesis

turn = itertools.count()

@schemathesis.hook
def map_body(ctx, body):
    if isinstance(body, dict) and next(turn) % 2:
        body["model"] = {model!r}
        if "tools" in body and "tool_choice" in body:
            body.pop("tool_choice")  # this model never calls one
    return body

@schemathesis.hook
def map_path_parameters(ctx, parameters):
    if parameters and "id" in parameters and next(turn) % 2:
        parameters["id"] = {model!r} if "models" in ctx.operation.path else {id!r}
    return parameters
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=100, help="of each operation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "compat")
    options = parser.parse_args()
    program = environment(TOOL, options.cache.expanduser()).with_name("schemathesis")
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as (url, secrets):
        key = secrets["COMPAT_OPERATOR"]
        hooks = Path(name) / "compat_hooks.py"
        hooks.write_text(HOOKS.format(model=MODEL, id=stored(url, key)), "utf-8")
        command = [str(program), "run", f"{url}/openapi.json", "--checks", CHECKS]
        command += ["--max-examples", str(options.examples), "--seed", str(options.seed)]
        command += ["--phases", "examples,coverage,fuzzing"]
        command += ["--header", f"Authorization: Bearer {key}"]
        variables = {"PYTHONPATH": name, "SCHEMATHESIS_HOOKS": "compat_hooks"}
        return subprocess.run(command, env={**os.environ, **variables}, cwd=name).returncode


def stored(url: str, key: str) -> str:
    """The id of a response that is there."""
    body = json.dumps({"model": MODEL, "input": "hi", "background": True}).encode()
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(f"{url}/v1/responses", body, headers)
    ) as reply:
        return json.load(reply)["id"]


if __name__ == "__main__":
    sys.exit(main())
