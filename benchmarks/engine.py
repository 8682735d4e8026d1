"""How fast the engine thinks, beside other runtimes on the same weights.

    python benchmarks/engine.py CHECKPOINT [--runs 5] [--batches 1,16,64] [--json out.json]

Real prompts of the tasks, ragged, read and continued to the end of the thought, with sampling,
one seed a row, and the log-prob of every token. The temperature is so low that all runtimes
write nearly the same tokens: the whole sampling path runs, on equal work. Runtimes take turns
within every run, so that a busy machine slows all of them alike. Reported: generated thought
tokens per second, prompt reading included; the median of the runs; and the median and range of
the ratios within runs.

transformers comes with the `train` extra. llama.cpp needs the package llama-cpp-python and
--gguf FILE, OpenVINO GenAI the package openvino-genai and --openvino FOLDER, both of the same
weights in float32. A runtime that is not there is named with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path
from random import Random
from statistics import median

from runtimes import LlamaCpp, OpenVino, Ours, Prompts, Transformers

from secondthought.models.engine import tokenizer
from secondthought.tasks import catalogue


def prompts(count: int, run: int, *, only: list[str] | None = None) -> Prompts:
    """`count` questions over all tasks in turn, others in every run."""
    tasks = [catalogue.task(name) for name in only or catalogue.names()]
    found: Prompts = []
    for i in range(run * count, (run + 1) * count):
        task = tasks[i % len(tasks)]
        item = task.generate(Random(900_000_000 + i), task.default_level)
        found.append(tokenizer.prompt(item.problem.messages, think=True))
    return found


def measure(a: argparse.Namespace) -> dict[str, object]:
    runtimes, skipped = [], {}
    for kind in (Ours, Transformers, LlamaCpp, OpenVino):
        try:
            runtimes.append(kind(a))
        except (ImportError, RuntimeError) as error:
            skipped[kind.name] = str(error).splitlines()[0]
    results = []
    for size in a.batches:
        speeds: dict[str, list[float]] = {runtime.name: [] for runtime in runtimes}
        tokens = {runtime.name: 0 for runtime in runtimes}
        for run in range(-1, a.runs):  # run -1 warms up and is not counted
            batch = prompts(size, max(run, 0), only=a.tasks)
            order = runtimes[run % len(runtimes) :] + runtimes[: run % len(runtimes)]
            for runtime in order:
                started = time.perf_counter()
                thoughts = runtime.run(batch, list(range(size)))
                seconds = time.perf_counter() - started
                if run >= 0:
                    generated = sum(len(ids) for ids, _ in thoughts)
                    tokens[runtime.name] += generated
                    speeds[runtime.name].append(generated / seconds)
        for name, values in speeds.items():
            ratios = [x / y for x, y in zip(speeds[Ours.name], values, strict=True)]
            results.append(
                {
                    "runtime": name,
                    "batch": size,
                    "tokens": tokens[name],
                    "tokens_per_second": median(values),
                    "runs": values,
                    "ratio": {"p50": median(ratios), "low": min(ratios), "high": max(ratios)},
                }
            )
            print(f"{name} at {size}: {median(values):,.0f} tokens/s", file=sys.stderr)
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    settings = {
        "threads": a.threads,
        "cap": a.cap,
        "temperature": a.temperature,
        "machine": machine,
    }
    weights = runtimes[0].engine.weights_hash
    return {"weights": weights, **settings, "skipped": skipped, "results": results}


def markdown(found: dict[str, object]) -> str:
    sizes = list(dict.fromkeys(r["batch"] for r in found["results"]))
    lines = [
        "| runtime | " + " | ".join(f"{s} | ours ÷ it" for s in sizes) + " |",
        "| --- |" + " --: | --: |" * len(sizes),
    ]
    for name in dict.fromkeys(r["runtime"] for r in found["results"]):
        line = f"| {name} |"
        for r in found["results"]:
            if r["runtime"] == name:
                q = r["ratio"]
                spread = (
                    "" if name == Ours.name else f"{q['p50']:.2f} ({q['low']:.2f}–{q['high']:.2f})"
                )
                line += f" {r['tokens_per_second']:,.0f} | {spread} |"
        lines.append(line)
    notes = [f"Skipped {name}: {reason}." for name, reason in found["skipped"].items()]
    head = f"Thought tokens/s by prompts at a time, weights {found['weights']}, {found['machine']}:"
    return "\n".join([head, "", *lines, "", *notes])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument(
        "--batches", type=lambda s: [int(n) for n in s.split(",")], default="1,16,64"
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cap", type=int, default=1024, help="tokens of a thought at most")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--temperature", type=float, default=0.01)
    parser.add_argument("--tasks", type=lambda s: s.split(","), help="default: all")
    parser.add_argument("--gguf", type=Path)
    parser.add_argument("--openvino", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    found = measure(arguments)
    print(markdown(found))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
