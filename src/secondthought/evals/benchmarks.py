"""Published benchmarks, in the formats in which they are published.

The data is not part of this package: it is read from a file that you name, or loaded from the
Hugging Face hub by the `datasets` library. The questions are put in our own words; the answer is
what the reply marks as such, read by the verifiers. GPQA's choices are shuffled by the seed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from secondthought.evals import kinds, tables
from secondthought.evals.case import Case
from secondthought.messages import BadInput
from secondthought.reasoner import check
from secondthought.verifiers.sandbox import Sandbox

_NUMBER = 'End with a line "Answer: " and the number alone.'
_BOXED = r"Put the final answer, and nothing else, in \boxed{}."
_PROGRAM = (
    "Complete this Python function. Reply with the whole function in one block of Python code."
)
_MMLU_COLUMNS = ["question", "A", "B", "C", "D", "answer"]  # its CSV files have no header


@dataclass(frozen=True, slots=True)
class Benchmark:
    """case: one record to a case; the seed is for shuffling, the sandbox for programs.
    hub: name, configuration and split on the Hugging Face hub. source: who made it."""

    case: Callable[[Mapping[str, Any], int, Random, Sandbox | None], Case]
    hub: tuple[str, str | None, str]
    source: str
    programs: bool = False


def load(
    name: str,
    data: Path | None = None,
    *,
    limit: int | None = None,
    seed: int = 0,
    sandbox: Sandbox | None = None,
) -> list[Case]:
    """The cases of a benchmark. data: its file or folder; None = from the hub. limit: only the
    first ones of each group (MMLU's subjects, MATH's levels). seed: of the order of GPQA's
    choices. sandbox: for programs; None = the default one.

    Raises BadInput for data that cannot be read, or has not the published columns: the record is
    named. Programs raise it too where there is no sandbox.
    """
    benchmark = BENCHMARKS[name]
    records = tables.from_hub(*benchmark.hub) if data is None else _read(name, data)
    if benchmark.programs:
        sandbox = sandbox or Sandbox()
    cases: dict[str, Case] = {}
    groups: Counter[str] = Counter()
    for number, record in enumerate(records, 1):
        where = f"{data or benchmark.hub[0]} record {number}"
        try:
            case = benchmark.case(record, number, Random(f"{seed}/{number}"), sandbox)
            check(case.problem)
        except BadInput as error:
            raise BadInput(f"{where} is none of {name}: {error}") from None
        if case.id in cases:
            raise BadInput(f"{where}: id {case.id!r} stands twice; make ids unique")
        groups[case.group] += 1
        if limit is None or groups[case.group] <= limit:
            cases[case.id] = case
    if not cases:
        raise BadInput(f"{data} holds no records")
    return list(cases.values())


def _read(name: str, data: Path) -> list[tables.Record]:
    records = tables.read(data)
    if name == "mmlu" and not (records and _any(records[0], "question", "Question")):
        records = tables.read(data, _MMLU_COLUMNS)
    return records


def _humaneval(record: Mapping[str, Any], number: int, rng: Random, box: Sandbox | None) -> Case:
    """M. Chen et al. 2021: task_id, prompt, test, entry_point."""
    assert box is not None
    begun, function = _text(record, "prompt"), _text(record, "entry_point")
    return kinds.code(
        _text(record, "task_id"),
        "humaneval",
        "humaneval",
        f"{_PROGRAM}\n\n```python\n{begun.strip()}\n```",
        f"{_text(record, 'test')}\n\ncheck({function})\n",
        box,
        begun=begun,
        function=function,
    )


def _mmlu(record: Mapping[str, Any], number: int, rng: Random, box: Sandbox | None) -> Case:
    """D. Hendrycks et al. 2021: CSV files (question, A to D, letter), by subject; on the hub
    question, subject, choices, index."""
    subject = _any(record, "subject", "Subject") or re.sub(
        r"_(test|val|dev)$", "", _any(record, "file") or ""
    )
    choices = record.get("choices") or [_text(record, letter) for letter in "ABCD"]
    right = _index(_any(record, "answer", "Answer"), len(choices))
    question = _text(record, "question", "Question")
    group = f"mmlu {subject}".strip()
    return kinds.choice(f"mmlu/{number}", "mmlu", group, question, _texts(choices), right)


def _gpqa(record: Mapping[str, Any], number: int, rng: Random, box: Sandbox | None) -> Case:
    """D. Rein et al. 2023: Question, Correct Answer, Incorrect Answer 1 to 3, Record ID."""
    right = _text(record, "Correct Answer")
    wrong = [_text(record, f"Incorrect Answer {i}") for i in (1, 2, 3)]
    order = [0, 1, 2, 3]
    rng.shuffle(order)
    choices = [[right, *wrong][i] for i in order]
    id = _any(record, "Record ID") or f"gpqa/{number}"
    return kinds.choice(id, "gpqa", "gpqa", _text(record, "Question"), choices, order.index(0))


def _aime(record: Mapping[str, Any], number: int, rng: Random, box: Sandbox | None) -> Case:
    """The American Invitational Mathematics Examination: problem and answer, under any of the
    names that its copies on the hub have."""
    question = _text(record, "problem", "Problem", "question", "Question")
    want = _text(record, "answer", "Answer")
    id = f"aime/{_any(record, 'id', 'ID') or number}"
    return kinds.numeric(id, "aime", "aime", f"{question}\n\n{_NUMBER}", want)


def _math500(record: Mapping[str, Any], number: int, rng: Random, box: Sandbox | None) -> Case:
    """H. Lightman et al. 2023, of MATH (D. Hendrycks et al. 2021): problem, answer, level,
    subject, unique_id."""
    question, want = _text(record, "problem"), _text(record, "answer")
    id = _any(record, "unique_id") or f"math500/{number}"
    level = _any(record, "level")
    group = f"math500 level {level}" if level else "math500"
    return kinds.maths(id, "math500", group, f"{question}\n\n{_BOXED}", want)


def _gsm8k(record: Mapping[str, Any], number: int, rng: Random, box: Sandbox | None) -> Case:
    """K. Cobbe et al. 2021: question, and an answer whose last line is "#### 42"."""
    solution = _text(record, "answer")
    _, mark, want = solution.rpartition("####")
    if not mark:
        raise BadInput("'answer' has no line '#### NUMBER'")
    question = f"{_text(record, 'question')}\n\n{_NUMBER}"
    return kinds.numeric(f"gsm8k/{number}", "gsm8k", "gsm8k", question, want.strip())


BENCHMARKS: dict[str, Benchmark] = {
    "humaneval": Benchmark(
        _humaneval,
        ("openai/openai_humaneval", None, "test"),
        "github.com/openai/human-eval, HumanEval.jsonl.gz",
        programs=True,
    ),
    "mmlu": Benchmark(
        _mmlu, ("cais/mmlu", "all", "test"), "github.com/hendrycks/test, a folder of CSV files"
    ),
    "gpqa": Benchmark(
        _gpqa,
        ("Idavidrein/gpqa", "gpqa_diamond", "train"),
        "github.com/idavidrein/gpqa, gpqa_diamond.csv",
    ),
    "aime": Benchmark(
        _aime, ("HuggingFaceH4/aime_2024", None, "train"), "the hub: HuggingFaceH4/aime_2024"
    ),
    "math500": Benchmark(
        _math500, ("HuggingFaceH4/MATH-500", None, "test"), "github.com/openai/prm800k, test.jsonl"
    ),
    "gsm8k": Benchmark(
        _gsm8k, ("openai/gsm8k", "main", "test"), "github.com/openai/grade-school-math, test.jsonl"
    ),
}


def _any(record: Mapping[str, Any], *names: str) -> str | None:
    """The first of these columns that is there and not empty, as text."""
    for name in names:
        value = record.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            whole = isinstance(value, float) and value.is_integer()
            return str(int(value) if whole else value)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _text(record: Mapping[str, Any], *names: str) -> str:
    value = _any(record, *names)
    if value is None:
        there = ", ".join(str(name) for name in record if name != "file")[:200]
        raise BadInput(f"the column {names[0]!r} is missing or empty; it has {there or 'none'}")
    return value


def _texts(values: Sequence[Any]) -> list[str]:
    return [str(value) for value in values]


def _index(answer: str | None, choices: int) -> int:
    """ "B" or "1" is the second one."""
    if answer is not None:
        answer = answer.strip().upper()
        if answer.isdecimal() and int(answer) < choices:
            return int(answer)
        if len(answer) == 1 and answer in kinds.LETTERS[:choices]:
            return kinds.LETTERS.index(answer)
    raise BadInput(f"'answer' is {answer!r}; it must be a letter or the index of a choice")
