"""How the server holds up under many slow streams at once.

    python benchmarks/server_load.py --streams 500 --rate 20 --seconds 60

Starts `secondthought serve` with a scripted model that says `rate` tokens a second, opens the
streams, and prints: tokens, errors, how much later than they should tokens came (the gap to the
one before, less 1/rate), CPU seconds of the server for each 1,000 tokens, and its memory.
With --overhead it measures instead how long one short request takes, and how many it answers a
second, beside the bare loop in the same process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--rate", type=float, default=20.0, help="tokens a second and stream")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--reasoning", default="hidden")
    parser.add_argument("--overhead", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        process, url, model = start(Path(folder), options)
        try:
            if options.overhead:
                asyncio.run(overhead(url, model, Path(folder) / "script.json"))
            else:
                asyncio.run(load(process.pid, url, model, options))
        finally:
            process.terminate()
            process.wait()


def start(folder: Path, options: argparse.Namespace) -> tuple[subprocess.Popen[str], str, str]:
    tokens = int(options.seconds * options.rate)
    slow = {
        "match": "slow",
        "answer": "".join(f"word{i} " for i in range(tokens)),
        "tokens_per_second": options.rate,
    }
    quick = {"thought": "one two three ", "answer": "four"}
    script = folder / "script.json"
    script.write_text(json.dumps([slow, quick]), "utf-8")
    model = f"script:{script}"
    command = [sys.executable, "-m", "secondthought.cli.main", "serve", "-m", model, "--port", "0"]
    command += ["--db", str(folder / "server.db"), "--reasoning", options.reasoning]
    command += ["--concurrent", "10000"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    url = next(line.split()[-1] for line in process.stdout if "page" in line)
    return process, url.removeprefix("http://").rstrip("/"), model


async def load(pid: int, url: str, model: str, options: argparse.Namespace) -> None:
    gaps: list[float] = []
    failed = 0
    body = {
        "model": model,
        "stream": True,
        "reasoning_effort": "none",
        "max_completion_tokens": 1_000_000,
        "messages": [{"role": "user", "content": "slow"}],
    }
    request = http(url, "/v1/chat/completions", body)
    host, port = url.split(":")

    async def stream(delay: float) -> None:
        nonlocal failed
        await asyncio.sleep(delay)
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request)
        last = 0.0
        async for line in reader:
            if line.startswith(b'data: {"error') or (
                line.startswith(b"HTTP/1.1 ") and b" 200 " not in line
            ):
                failed += 1
            if b'"content":"word' in line:
                now = time.perf_counter()
                for _ in range(line.count(b"word")):
                    gaps.append(now - last - 1 / options.rate if last else 0.0)
                    last = now
            if line.startswith(b"data: [DONE]"):
                break
        writer.close()

    await asyncio.sleep(0.5)
    began, cpu = time.perf_counter(), cpu_seconds(pid)
    await asyncio.gather(*(stream(i / options.streams) for i in range(options.streams)))
    took, cpu = time.perf_counter() - began, cpu_seconds(pid) - cpu
    gaps.sort()
    expected = options.streams * int(options.seconds * options.rate)
    print(f"streams {options.streams}  tokens {len(gaps):,} of {expected:,}  errors {failed}")
    late = {p: 1000 * gaps[min(len(gaps) - 1, int(p / 100 * len(gaps)))] for p in (50, 99, 99.9)}
    print("late, ms:", "  ".join(f"p{p:g} {value:.0f}" for p, value in late.items()))
    print(
        f"server: {1000 * cpu / max(1, len(gaps)):.3f} CPU s / 1,000 tokens, {cpu / took:.2f} cores"
    )
    print(f"memory: {memory(pid)} MB after {took:.0f} s")


async def overhead(url: str, model: str, script: Path) -> None:
    from secondthought.models.scripted import Scripted
    from secondthought.reasoner import Reasoner

    reasoner = Reasoner(Scripted.load(script))
    bare = []
    for _ in range(300):
        began = time.perf_counter()
        await reasoner.answer("hi")
        bare.append(time.perf_counter() - began)
    host, port = url.split(":")
    request = http(
        url,
        "/v1/chat/completions",
        {"model": model, "messages": [{"role": "user", "content": "hi"}]},
    )
    served: list[float] = []

    async def ask(count: int) -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for _ in range(count):
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            served.append(time.perf_counter() - began)
        writer.close()

    await ask(300)
    alone = sorted(served)[150]
    print(f"one asker: {1000 * sorted(bare)[150]:.2f} ms bare, {1000 * alone:.2f} ms served")
    began = time.perf_counter()
    await asyncio.gather(*(ask(100) for _ in range(16)))
    print(f"16 askers: {1600 / (time.perf_counter() - began):.0f} requests/s")


def http(url: str, path: str, body: object) -> bytes:
    data = json.dumps(body).encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: {url}\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        + data
    )


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
