"""Our tasks for other trainers: verl (parquet files and a reward function), and Prime Intellect's
`verifiers` (an environment module, which prime-rl trains on).

Both score with this package's own verifiers, so it has to be installed where they run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from secondthought.messages import BadInput
from secondthought.tasks.scoring import reference
from secondthought.train.questions import VALIDATION_SEEDS, Row, rows

Format = Literal["verl", "verifiers"]

REWARD = '''\
"""The reward of the questions beside this file, for verl. Needs the package secondthought.

    custom_reward_function.path=reward.py  custom_reward_function.name=compute_score
"""

from secondthought.tasks.scoring import score


def compute_score(data_source, solution_str, ground_truth, extra_info=None, **kwargs):
    """1.0 for a right answer, 0.0 for a wrong one. What stands before </think> is not read, and
    of the rest what follows the last line that begins with "Answer:". Raises where the task's
    verifier gives no verdict: that is not a wrong answer."""
    return score(extra_info["item"], solution_str)
'''

ENVIRONMENT = '''\
"""Puzzles of secondthought for Prime Intellect's `verifiers`: a taskset (verifiers 0.4 and later),
or, with earlier versions, an environment by `load_environment`."""

import asyncio
import json

import verifiers

from secondthought.tasks.scoring import score
from secondthought.train.questions import VALIDATION_SEEDS, rows

TASKS = [
{tasks}]
N, N_EVAL, LEVEL, FIRST = {n}, {n_eval}, {level!r}, {first}

if hasattr(verifiers, "SingleTurnEnv"):
    from datasets import Dataset

    __all__ = ["load_environment"]

    def load_environment(tasks=TASKS, n=N, n_eval=N_EVAL, level=LEVEL, first=FIRST):
        """n questions to train on and n_eval others to watch it. level: default, each task's own.
        first: how many training seeds to leave out, so that runs can differ."""
        tasks = tasks.split(",") if isinstance(tasks, str) else list(tasks)
        train = list(rows(tasks, n, level=level, first=first))
        shown = {{row.item.question for row in train}}  # a task of small support repeats itself
        watched = rows(tasks, n_eval, level=level, seeds=VALIDATION_SEEDS)
        watched = [row for row in watched if row.item.question not in shown]
        return verifiers.SingleTurnEnv(
            dataset=Dataset.from_list([_row(row) for row in train]),
            eval_dataset=Dataset.from_list([_row(row) for row in watched]),
            rubric=verifiers.Rubric(funcs=[right]),
        )

    def right(completion, info, **kwargs) -> float:
        """1.0 for a right answer, 0.0 for a wrong one."""
        info = json.loads(info) if isinstance(info, str) else info
        return score(info["item"], _text(completion))

    def _row(row):
        info = json.dumps({{"item": row.packed}}, ensure_ascii=False)
        return {{"prompt": row.messages, "answer": row.item.answer, "info": info}}

    def _text(completion):
        """The last message's text, however this version of verifiers holds it."""
        if isinstance(completion, str):
            return completion
        last = completion[-1]
        return (last["content"] if isinstance(last, dict) else last.content) or ""

else:
    import verifiers.v1 as vf

    __all__ = ["Puzzles"]

    class PuzzleData(vf.TaskData):
        item: str
        answer: str

    class Puzzle(vf.Task[PuzzleData]):
        @vf.reward(weight=1.0)
        async def right(self, trace: vf.Trace) -> float:
            """1.0 for a right answer, 0.0 for a wrong one."""
            return await asyncio.to_thread(score, self.data.item, trace.last_reply)

        async def validate(self, runtime: vf.Runtime) -> bool:
            return await asyncio.to_thread(score, self.data.item, self.data.answer) == 1.0

    class PuzzlesConfig(vf.TasksetConfig):
        tasks: list[str] = TASKS
        n: int = N
        """How many questions."""
        level: int | None = LEVEL
        """None: each task's own."""
        first: int = FIRST
        """How many training seeds to leave out, so that runs can differ."""
        validation: bool = False
        """Other questions, to watch a training run by."""

    class Puzzles(vf.Taskset[Puzzle, PuzzlesConfig]):
        def load(self):
            wanted = self.config
            seeds = {{"seeds": VALIDATION_SEEDS}} if wanted.validation else {{}}
            names = wanted.tasks
            for row in rows(names, wanted.n, level=wanted.level, first=wanted.first, **seeds):
                data = PuzzleData(
                    id=str(row.seed),
                    prompt=row.messages[-1]["content"],
                    item=row.packed,
                    answer=row.item.answer,
                )
                yield Puzzle(data, self.config.task)
'''

PROJECT = """\
[project]
name = "secondthought-puzzles"
version = "0.1.0"
description = "Puzzles with exact verifiers: {tasks}"
requires-python = ">=3.11"
dependencies = ["secondthought", "verifiers>=0.1.14", "datasets"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build]
include = ["secondthought_puzzles.py"]
"""


def export(
    format: Format,
    names: Sequence[str],
    out: Path,
    *,
    n: int = 10_000,
    n_validation: int = 500,
    level: int | None = None,
    first: int = 0,
) -> list[Path]:
    """Write OUT; the files. Raises BadInput for a bad level, a full disk, or without `pyarrow`."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        if format == "verl":
            return _verl(names, out, n, n_validation, level, first)
        return _verifiers(names, out, n, n_validation, level, first)
    except OSError as error:
        raise BadInput(f"cannot write to {out}: {error.strerror or error}") from error


def verl_row(row: Row, split: str, index: int) -> dict[str, Any]:
    """The columns that verl documents. ground_truth is one right answer, for people to read;
    the reward goes by extra_info["item"]."""
    return {
        "data_source": f"secondthought/{row.item.task}",
        "prompt": row.messages,
        "ability": "puzzle",
        "reward_model": {"style": "rule", "ground_truth": row.item.answer},
        "extra_info": {
            "split": split,
            "index": index,
            "task": row.item.task,
            "level": row.item.level,
            "item": row.packed,
        },
    }


def _verl(
    names: Sequence[str], out: Path, n: int, n_validation: int, level: int | None, first: int
) -> list[Path]:
    try:
        import pyarrow  # pyright: ignore
        import pyarrow.parquet  # pyright: ignore
    except ImportError as error:
        raise BadInput(
            "parquet files need pyarrow; install it with: pip install 'secondthought[trl]'"
        ) from error
    written: list[Path] = []
    train = [*rows(names, n, level=level, first=first)]
    shown = {row.item.question for row in train}  # a task of small support repeats itself
    watched = rows(names, n_validation, level=level, seeds=VALIDATION_SEEDS)
    wanted = {
        "train": train,
        "validation": [row for row in watched if row.item.question not in shown],
    }
    for split, found in wanted.items():
        table: Any = pyarrow.Table.from_pylist(  # pyright: ignore
            [verl_row(row, split, i) for i, row in enumerate(found)]
        )
        path = out / f"{split}.parquet"
        part = path.with_name(path.name + ".part")
        pyarrow.parquet.write_table(table, part)  # pyright: ignore
        os.replace(part, path)
        written.append(path)
    (out / "reward.py").write_text(REWARD, "utf-8")
    return [*written, out / "reward.py"]


def _verifiers(
    names: Sequence[str], out: Path, n: int, n_validation: int, level: int | None, first: int
) -> list[Path]:
    # refuses what could not be loaded later
    next(iter(rows(names, n, level=level, first=first)))
    next(iter(rows(names, n_validation, level=level, seeds=VALIDATION_SEEDS)))
    tasks = [reference(name) for name in names]
    listed = "".join(f"    {json.dumps(task)},\n" for task in tasks)
    module = ENVIRONMENT.format(tasks=listed, n=n, n_eval=n_validation, level=level, first=first)
    files = {
        "secondthought_puzzles.py": module,
        "pyproject.toml": PROJECT.format(tasks=", ".join(Path(t).name for t in tasks)),
    }
    for name, text in files.items():
        (out / name).write_text(text, "utf-8")
    return [out / name for name in files]
