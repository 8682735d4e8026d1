"""Servers that others wrote, with the shipped weights, asked through ours.

What they say is not scripted, so it is held against what our own engine makes of the same weights:
greedy, all of them must say the same. `transformers serve` runs here, llama.cpp's server where
SECONDTHOUGHT_LLAMA_CPP names a Python that has `xllamacpp` (llama.cpp's own server in a wheel).
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

openai = pytest.importorskip("openai")

from secondthought import Policy, Reasoner, Trace
from secondthought.doctor import examine
from secondthought.models import embedded
from secondthought.models.remote.model import Remote

START = 150  # seconds within which a server must be up, on a busy machine too
QUESTION = "What is 12 * 7?"
WHOLE = Policy("think", 512, 64)
SERVING = ("fastapi", "uvicorn", "pydantic", "openai", "rich", "torch", "accelerate")
LLAMA_CPP = "SECONDTHOUGHT_LLAMA_CPP"
SERVER = """
import sys, time, xllamacpp
wanted = xllamacpp.CommonParams()
wanted.model.path, wanted.port = sys.argv[1], int(sys.argv[2])
wanted.n_ctx, wanted.n_parallel = 4096, 1
wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(wanted)
while True:
    time.sleep(60)
"""

# What the doctor finds of all of them, and where each differs.
FINDINGS = {
    "thinks": "yes",
    "answers": "yes",
    "counts tokens": "no",
    "thinking can be switched off": "yes",
    "holds a thought to a budget": "no",
    "goes on after a thought": "no",
    "answers when a thought eats the limit": "no",
    "stop strings end the answer only": "broken",
    "tools together with thinking": "no",
    "answers through the loop": "yes",
}
LONG = (
    "holds a thought to a budget",
    "answers when a thought eats the limit",
    "stop strings end the answer only",
)
FOUND = {
    # A model that it cannot load is its own fault to it.
    "transformers": FINDINGS | {"refuses what it does not have": "broken"},
    "llama.cpp": FINDINGS
    | {"holds a thought to a budget": "yes", "refuses what it does not have": "no"},
}


@dataclass(frozen=True)
class Served:
    """kind: a key of `FOUND`. model: as after `-m`."""

    kind: str
    model: str


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextmanager
def running(
    command: list[str], page: str, log: Path, **env: str
) -> Iterator[subprocess.Popen[Any]]:
    """The process, once `page` answers; ended by its own handle."""
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            env={**os.environ, **env},
        )
    try:
        end = time.monotonic() + START
        while not answers(page):
            assert process.poll() is None, f"it did not start: {log.read_text()[-2000:]}"
            assert time.monotonic() < end, f"not up in {START} s: {log.read_text()[-2000:]}"
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(page: str) -> bool:
    try:
        with urllib.request.urlopen(page, timeout=5) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module")
def weights() -> Path:
    return embedded.find("secondthought-5m")


@pytest.fixture(scope="module")
def transformers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of `transformers serve`; it loads the folder that is named as the model."""
    for module in ("transformers", *SERVING):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"needs {module}: pip install 'transformers[serving]'")
    folder, port = tmp_path_factory.mktemp("transformers"), free_port()
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve"]
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--dtype", "float32"]
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hf"), "CUDA_VISIBLE_DEVICES": ""}
    page = f"http://127.0.0.1:{port}/health"
    with running([*command, *options], page, folder / "log", **offline):
        yield f"http://127.0.0.1:{port}/v1"


@pytest.fixture(scope="module")
def inline(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weights with a tokenizer that does not tell thought and answer apart, as many have."""
    folder = tmp_path_factory.mktemp("inline") / "model"
    shutil.copytree(weights, folder)
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text("utf-8"))
    config["response_template"] = {
        "start_anchor": "<|assistant|><think>",
        "fields": {"content": {"close": "<|end|>", "content": "text"}},
    }
    path.write_text(json.dumps(config), "utf-8")
    return folder


@pytest.fixture(scope="module")
def llama_cpp(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (python := os.environ.get(LLAMA_CPP)):
        pytest.skip(f"needs {LLAMA_CPP}, a Python that has xllamacpp")
    from secondthought.train.gguf import write_gguf

    folder, port = tmp_path_factory.mktemp("llama.cpp"), free_port()
    model = write_gguf(weights, folder / "model.gguf")
    page = f"http://127.0.0.1:{port}/health"
    with running([python, "-c", SERVER, str(model), str(port)], page, folder / "log"):
        yield f"http://127.0.0.1:{port}/v1"


@pytest.fixture(scope="module", params=FOUND)
def served(request: pytest.FixtureRequest, weights: Path) -> Served:
    if request.param == "llama.cpp":
        return Served("llama.cpp", request.getfixturevalue("llama_cpp"))
    return Served("transformers", f"{request.getfixturevalue('transformers')}#{weights}")


async def asked(model: str | None, policy: Policy) -> Trace:
    async with Reasoner(model) if model else Reasoner() as reasoner:
        return await reasoner.answer(QUESTION, policy=policy)


async def test_the_doctor_finds_what_there_is(served: Served) -> None:
    report = await examine(Remote(served.model))
    found = {finding.name: finding.status for finding in report.findings}
    # Other weights may think too little about the doctor's question to show some of it.
    wanted = FOUND[served.kind]
    shown = {name: "unknown" for name in LONG if found[name] == "unknown"}
    assert found == wanted | shown


async def test_thought_and_answer_are_those_of_our_own_engine(served: Served) -> None:
    ours, theirs = await asked(None, WHOLE), await asked(served.model, WHOLE)
    assert theirs.answer == ours.answer
    assert theirs.branches[0].thought == ours.branches[0].thought
    assert theirs.ledger.usage.completion_tokens == ours.ledger.usage.completion_tokens
    # None of them counts a thought for itself; the markers around it are one or two of its tokens.
    gap = theirs.ledger.usage.reasoning_tokens - ours.ledger.usage.reasoning_tokens
    assert abs(gap) <= 2
    assert theirs.finish_reason == ours.finish_reason == "stop"


async def test_a_thought_inline_is_told_apart(transformers: str, inline: Path) -> None:
    model = Remote(f"{transformers}#{inline}")
    ours = await asked(None, WHOLE)
    async with Reasoner(model) as reasoner:
        theirs = await reasoner.answer(QUESTION, policy=WHOLE)
        short = await reasoner.answer(QUESTION, policy=Policy("think", 8, 32))
        direct = await reasoner.answer(QUESTION, policy=Policy("direct", 0, 64))
    assert model.shape == "open"
    assert (theirs.answer, theirs.branches[0].thought) == (ours.answer, ours.branches[0].thought)
    assert short.answer.strip()
    assert short.ledger.usage.reasoning_tokens <= 8
    assert "</think>" not in short.answer + direct.answer


async def test_without_a_thought_too(served: Served) -> None:
    direct = Policy("direct", 0, 64)
    ours, theirs = await asked(None, direct), await asked(served.model, direct)
    assert theirs.answer == ours.answer
    assert theirs.ledger.usage.reasoning_tokens == 0


@pytest.mark.parametrize("cap", [1, 8, 40])
async def test_the_cap_forces_an_answer(served: Served, cap: int) -> None:
    trace = await asked(served.model, Policy("think", cap, 32))
    assert trace.answer.strip()
    assert trace.branches[0].thought
    assert trace.ledger.usage.reasoning_tokens <= cap
    assert trace.ledger.usage.completion_tokens <= cap + 32
    assert not trace.retries


def test_the_command_never_answers_nothing(served: Served, run: Any) -> None:
    done = run("ask", QUESTION, "-m", served.model, "--max-tokens", "8", "--json")
    told = json.loads(done.stdout)
    assert told["answer"].strip()
    assert told["usage"]["completion_tokens"] <= 8


async def test_a_stream_through_our_own_server(served: Served, tmp_path: Path) -> None:
    ours = await asked(None, WHOLE)
    port = free_port()
    command = [sys.executable, "-m", "secondthought.cli.main", "serve", "-m", served.model]
    options = ["--port", str(port), "--db", str(tmp_path / "server.db")]
    with running([*command, *options], f"http://127.0.0.1:{port}/health", tmp_path / "log"):
        client = openai.OpenAI(
            base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0
        )
        stream = client.chat.completions.create(
            model=served.model,
            messages=[{"role": "user", "content": QUESTION}],
            reasoning_effort="low",
            temperature=0,
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = list(stream)
        client.close()
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == ours.answer
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage is not None
    details = chunks[-1].usage.completion_tokens_details
    assert details is not None
    assert abs((details.reasoning_tokens or 0) - ours.ledger.usage.reasoning_tokens) <= 2
