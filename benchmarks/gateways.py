"""Gateways in front of one upstream server, ours and others, for benchmarks that compare them.

Each of the others lives in an environment of its own:

    python -m venv litellm && litellm/bin/pip install 'litellm[proxy]'
    python -m venv optillm && optillm/bin/pip install optillm

optillm's requirements have several GB of PyTorch in them, which none of the ways measured here
needs; without it: `pip install --no-deps optillm`, then `pip install openai flask z3-solver
networkx numpy cerebras_cloud_sdk aiohttp tiktoken math-verify pyyaml requests`.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 600  # litellm takes long on a busy machine


@dataclass(frozen=True)
class Gateway:
    """One that runs. url: up to and with /v1. model: what to call the upstream's model "m"."""

    name: str
    url: str
    model: str
    pid: int


@contextmanager
def running(name: str, environment: str, upstream: str) -> Iterator[Gateway]:
    """Start one and stop it. name: secondthought, litellm, optillm, or optillm-self-consistency.
    environment: the folder of its virtual environment, "" for this one. upstream: up to and with
    /v1. Raises RuntimeError with the end of its output if it does not start."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        command, model = _command(name, environment, upstream, port, Path(folder))
        with output.open("wb") as file:
            process = subprocess.Popen(
                command,
                stdout=file,
                stderr=file,
                cwd=folder,
                env={**os.environ, "OPENAI_API_KEY": "none", "NO_PROXY": "127.0.0.1"},
            )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _listens(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    said = output.read_text("utf-8", "replace")[-2000:]
                    raise RuntimeError(f"{name} does not start:\n{said}")
                time.sleep(0.2)
            yield Gateway(name, f"http://127.0.0.1:{port}/v1", model, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _command(
    name: str, environment: str, upstream: str, port: int, folder: Path
) -> tuple[list[str], str]:
    programs = Path(environment or sys.prefix) / "bin"
    if name == "secondthought":
        command = [str(programs / "python"), "-m", "secondthought.cli.main", "serve"]
        command += ["-m", f"{upstream}#m", "--name", "m", "--db", str(folder / "server.db")]
        # One call of the upstream for each of a client's, as the others make.
        return [*command, "--port", str(port), "--effort", "none"], "m"
    if name == "litellm":
        parameters = {"model": "openai/m", "api_base": upstream, "api_key": "none"}
        models = {
            "model_list": [{"model_name": "m", "litellm_params": parameters}],
            "general_settings": {"dangerously_permit_weak_or_unset_master_key": True},
        }
        config = folder / "config.yaml"
        config.write_text(json.dumps(models))  # JSON is YAML
        command = [str(programs / "litellm"), "--config", str(config), "--host", "127.0.0.1"]
        return [*command, "--port", str(port), "--telemetry", "False"], "m"
    if name in ("optillm", "optillm-self-consistency"):
        command = [str(programs / "optillm"), "--base-url", upstream, "--port", str(port)]
        command += ["--log", "warning"]
        return command, "m" if name == "optillm" else "self_consistency-m"
    raise ValueError(f"no gateway {name!r} is known")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
