"""Results as logs of Inspect (https://inspect.aisi.org.uk), to be looked at by `inspect view`.

One log for each model and effort. It is written as the JSON form of Inspect's `EvalLog` (log
version 2), without Inspect: that package brings some eighty others, and nothing of it is needed
to write a documented format. Samples of one question are Inspect's epochs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from secondthought import __version__
from secondthought.evals import results
from secondthought.evals.report import summarise
from secondthought.evals.results import Row
from secondthought.messages import BadInput

_SCORER = "secondthought"

Json = dict[str, Any]


def write(path: Path, folder: Path) -> list[Path]:
    """Write the result file `path` as logs into `folder`. Raises BadInput."""
    rows, summary = results.read(path)
    if not rows:
        raise BadInput(f"{path} holds no answers; run that evaluation first")
    made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    parts: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        parts[row.model, row.effort].append(row)
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for (model, effort), part in parts.items():
            suite = str((summary or {}).get("suite", "questions"))
            name = re.sub(r"[^\w.-]+", "-", f"{suite}_{effort}_{model}").strip("-")[:120]
            # Inspect tells logs apart by file names that begin with a time.
            target = folder / f"{made:%Y-%m-%dT%H-%M-%S+00-00}_{name}.json"
            content = log(part, suite, made, finished=summary is not None)
            target.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
            written.append(target)
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be written: {error.strerror}; choose another folder"
        ) from error
    return written


def log(rows: Sequence[Row], suite: str, made: datetime, *, finished: bool = True) -> Json:
    """The `EvalLog` of one model at one effort. made: when; finished: no question is missing."""
    first = rows[0]
    model = f"secondthought/{first.model or first.weights or 'model'}"
    figures = summarise(rows)["models"][first.model]["efforts"][first.effort]["all"]
    accuracy = figures["accuracy"]
    ids = list(dict.fromkeys(row.id for row in rows))
    epochs = 1 + max(row.sample for row in rows)
    done = [row for row in rows if row.error is None]
    run = _id(suite, model, first.effort, str(made))
    metrics = {
        "accuracy": {"name": "accuracy", "value": accuracy["value"]},
        "low": {"name": "low", "value": accuracy["low"]},
        "high": {"name": "high", "value": accuracy["high"]},
    }
    return {
        "version": 2,
        "status": "success" if finished else "cancelled",
        "eval": {
            "eval_id": _id("eval", run),
            "run_id": run,
            "created": made.isoformat(),
            "task": suite,
            "task_id": _id("task", suite),
            "task_args": {"effort": first.effort, "seed": first.seed},
            "dataset": {
                "name": suite,
                "samples": len(ids),
                "sample_ids": ids,
                "shuffled": False,
            },
            "model": model,
            "config": {"epochs": epochs},
            "packages": {"secondthought": __version__},
            "metadata": {"weights": first.weights, "effort": first.effort},
        },
        "plan": {"name": "plan", "steps": [{"solver": "secondthought", "params": {}}]},
        "results": {
            "total_samples": len(ids) * epochs,
            "completed_samples": len(done),
            "scores": [{"name": _SCORER, "scorer": _SCORER, "params": {}, "metrics": metrics}],
        },
        "stats": {
            "started_at": made.isoformat(),
            "completed_at": made.isoformat(),
            "model_usage": {model: _usage(done)},
        },
        "samples": [_sample(row, model) for row in rows],
    }


def _sample(row: Row, model: str) -> Json:
    usage = _usage([row])
    message = {"role": "assistant", "content": row.got, "source": "generate", "model": model}
    sample: Json = {
        "id": row.id,
        "epoch": row.sample + 1,
        "input": row.question,
        "target": row.want,
        "messages": [{"role": "user", "content": row.question, "source": "input"}, message],
        "output": {
            "model": model,
            "choices": [{"message": message, "stop_reason": _stop(row)}],
            "usage": usage,
            "time": row.seconds,
        },
        "scores": {
            _SCORER: {
                "value": "C" if row.correct else "I",
                "answer": row.got,
                "explanation": row.feedback or None,
            }
        },
        "metadata": {
            "group": row.group,
            "finish_reason": row.finish_reason,
            "refused": row.refused,
            "gave_up": row.gave_up,
            "retries": row.retries,
            "score_without_key": row.score,
            "scored_by": row.scored_by,
        },
        "model_usage": {model: usage},
        "total_time": row.seconds,
        "working_time": row.seconds,
    }
    if row.error is not None:
        sample["error"] = {"message": row.error, "traceback": "", "traceback_ansi": ""}
    return sample


def _usage(rows: Sequence[Row]) -> Json:
    prompt = sum(row.prompt_tokens for row in rows)
    output = sum(row.completion_tokens for row in rows)
    return {
        "input_tokens": prompt,
        "output_tokens": output,
        "total_tokens": prompt + output,
        "reasoning_tokens": sum(row.reasoning_tokens for row in rows),
    }


def _stop(row: Row) -> str:
    """Inspect's word for why an answer ended; a thought that was cut was still answered."""
    if row.finish_reason in ("length", "deadline"):
        return "max_tokens"
    return "unknown" if row.error is not None else "stop"


def _id(*parts: str) -> str:
    """An id that is the same when the same results are exported again."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:22]
