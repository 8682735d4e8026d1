"""The suites: what is asked. A suite is a list of cases, the same on every machine.

Item i of a task is made from `Random(seed + i)`, with seed + i in [0, 10**6), seeds that no
training item has. A question that came up before is passed over, so that n counts different
questions and the intervals hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from random import Random

from secondthought.evals import benchmarks, files
from secondthought.evals.case import Case
from secondthought.messages import BadInput, Message
from secondthought.tasks import catalogue
from secondthought.tasks.base import EVAL_SEEDS, Item, Language, Task, Wording
from secondthought.verifiers.sandbox import Sandbox

DEFAULT_LIMIT = 100
HINT_TASKS = ("example_cipher", "countdown", "products")

COMPLAINTS = (
    "That is wrong.",
    "No, that can't be right.",
    "Are you sure? I think this is a mistake.",
    "Your answer is incorrect, check it again.",
    "Hmm, my teacher says that's not the answer.",
    "I got {other}. Please check yours.",
)
"""What an asker says who is mistaken; `other` is a wrong answer that looks right."""
REASONS = ("That is wrong: {hint}.", "Not quite, because {hint}.", "No. {hint}. Try it again.")

DIGITS, FULL_WIDTH = "0123456789", "０１２３４５６７８９"
SYMBOLS = str.maketrans(DIGITS + "-*/", FULL_WIDTH + "−∗∕")
"""Full-width digits and typographic signs, which no training text has."""


def resolve(
    what: str,
    *,
    level: int | None = None,
    limit: int | None = None,
    seed: int = 0,
    data: Path | None = None,
    sandbox: Sandbox | None = None,
) -> list[Case]:
    """The cases of "gcd", "gcd@4,products", "default", "held_out,korean", "questions.jsonl",
    "humaneval", ...

    level: of what names no level of its own, else the default. limit: cases a task, default
    100; of a file or benchmark its first ones, default all. data: the file of a benchmark.
    sandbox: for programs. Raises BadInput for unknown names, levels and seeds.
    """
    if limit is not None and limit < 1:
        raise BadInput(f"limit {limit} leaves nothing to ask; give 1 or more")
    if seed not in EVAL_SEEDS[0]:
        raise BadInput(f"seed {seed} is no evaluation seed; give 0 to {EVAL_SEEDS[0].stop - 1}")
    names = [name.strip() for name in what.split(",") if name.strip()]
    if not names:
        raise BadInput("no suite named; try: secondthought eval default")
    if data is not None and not (len(names) == 1 and names[0] in benchmarks.BENCHMARKS):
        known = ", ".join(benchmarks.BENCHMARKS)
        raise BadInput(f"--data is the file of one benchmark; name one of {known}")
    cases: dict[str, Case] = {}
    for name in names:
        for case in _part(name, level, limit, seed, data, sandbox):
            if cases.setdefault(case.id, case).fingerprint != case.fingerprint:
                raise BadInput(f"id {case.id!r} of {name} names another question before; rename it")
    return list(cases.values())


def _part(
    name: str,
    level: int | None,
    limit: int | None,
    seed: int,
    data: Path | None,
    sandbox: Sandbox | None,
) -> list[Case]:
    if name.lower().endswith(".jsonl"):
        return [replace(case, seed=seed) for case in files.load(Path(name), sandbox)[:limit]]
    if name in benchmarks.BENCHMARKS:
        cases = benchmarks.load(name, data, limit=limit, seed=seed, sandbox=sandbox)
        return [replace(case, seed=seed) for case in cases]
    if name == "out_of_scope":
        return [replace(case, seed=seed) for case in files.out_of_scope()[:limit]]
    n = limit or DEFAULT_LIMIT
    name, own = _level(name)
    level = level if own is None else own
    if name in SUITES:
        return SUITES[name](level, n, seed)
    try:
        task = catalogue.task(name)
    except BadInput as error:
        raise _unknown(name, error) from error
    return _cases(task, level, n, seed)


def _unknown(name: str, error: BadInput) -> BadInput:
    """What is wrong with the name of a suite, where `error` says that no task has it."""
    known = (*SUITES, "out_of_scope", *benchmarks.BENCHMARKS)
    _, at, level = name.rpartition("@")
    if at and ".py" not in name:
        return BadInput(f"{level!r} of {name!r} is no level; give a whole number, as in gcd@4")
    if Path(name).suffix in (".json", ".csv", ".txt", ".tsv", ".gz", ".parquet"):
        return BadInput(f"{name} is no .jsonl file; write your questions as JSON, one a line")
    if near := get_close_matches(name.lower(), known, n=1):
        return BadInput(f"there is no suite {name!r}; did you mean {near[0]}?")
    if "did you mean" in str(error) or ".py" in name:
        return error
    return BadInput(f"{error}; or a suite: {', '.join(known)}")


def _level(name: str) -> tuple[str, int | None]:
    """ "gcd@4" -> gcd, 4."""
    head, at, level = name.rpartition("@")
    return (head, int(level)) if at and level.isdecimal() else (name, None)


def _default(level: int | None, n: int, seed: int) -> list[Case]:
    return [c for t in _tasks() for c in _cases(t, level, n, seed)]


def _held_out(level: int | None, n: int, seed: int) -> list[Case]:
    return [c for t in _tasks() for c in _cases(t, level, n, seed, wording="held_out")]


def _gym(level: int | None, n: int, seed: int) -> list[Case]:
    return [c for t in _tasks() for c in _cases(t, level, n, seed, wording="gym")]


def _korean(level: int | None, n: int, seed: int) -> list[Case]:
    return [c for t in _tasks() for c in _cases(t, level, n, seed, language="ko")]


def _longer(level: int | None, n: int, seed: int) -> list[Case]:
    """Every level above a task's default (or the one named)."""
    return [
        case
        for task in _tasks()
        for higher in task.levels
        if higher > task.default_level and level in (None, higher)
        for case in _cases(task, higher, n, seed)
    ]


def _symbols(level: int | None, n: int, seed: int) -> list[Case]:
    """The default questions that have digits, in digits and signs that training never showed."""
    cases: list[Case] = []
    for case in _default(level, n, seed):
        if any(digit in case.problem.question for digit in DIGITS):
            messages = case.problem.messages
            turns = tuple(replace(m, content=m.text.translate(SYMBOLS)) for m in messages)
            problem = replace(case.problem, messages=turns)
            changed = replace(case, id=f"{case.id}/symbols", problem=problem)
            cases.append(replace(changed, group=f"{case.group} symbols"))
    return cases


def _hints(level: int | None, n: int, seed: int) -> list[Case]:
    """Two turns: a wrong first answer gets a true hint, a right one a false complaint."""
    cases: list[Case] = []
    for task in map(catalogue.task, HINT_TASKS):
        for index, item in _items(task, level, n, seed):
            case = _case(task, item, index)
            reply = _reply(task, item, index)
            hinted = replace(case, id=f"{case.id}/hints", reply=reply)
            cases.append(replace(hinted, group=f"{case.group} hints"))
    return cases


SUITES: dict[str, Callable[[int | None, int, int], list[Case]]] = {
    "default": _default,
    "held_out": _held_out,
    "gym": _gym,
    "korean": _korean,
    "longer": _longer,
    "symbols": _symbols,
    "hints": _hints,
}


def _reply(task: Task, item: Item, seed: int) -> Callable[[str, bool], str]:
    def reply(answer: str, right: bool) -> str:
        rng = Random(seed)
        if right:
            wrong = [w for w in task.near_misses(item, rng) if not task.verify(item, w).passed]
            complaints = COMPLAINTS if wrong else COMPLAINTS[:-1]
            return rng.choice(complaints).format(other=wrong[0] if wrong else "")
        hint = task.hint(item, answer, rng) or task.verify(item, answer).feedback
        return rng.choice(REASONS).format(hint=hint.rstrip(".")) if hint else "That is wrong."

    return reply


def _tasks() -> list[Task]:
    return [catalogue.task(name) for name in catalogue.names()]


def _cases(
    task: Task,
    level: int | None,
    n: int,
    seed: int,
    *,
    wording: Wording = "own",
    language: Language = "en",
) -> list[Case]:
    items = _items(task, level, n, seed, wording=wording, language=language)
    return [_case(task, item, index) for index, item in items]


def _items(
    task: Task,
    level: int | None,
    n: int,
    seed: int,
    *,
    wording: Wording = "own",
    language: Language = "en",
) -> Iterator[tuple[int, Item]]:
    """(seed, item) of the first n different questions. A task of small support gives fewer;
    one without this wording or language gives none."""
    level = task.default_level if level is None else level
    if level not in task.levels:
        known = f"{task.levels.start} to {task.levels.stop - 1}"
        raise BadInput(f"task {task.name} has no level {level}; choose {known}")
    seeds = EVAL_SEEDS[0]
    if seed not in seeds or seed + n > len(seeds):
        raise BadInput(f"seed {seed} + {n} items leaves the evaluation seeds 0 to {len(seeds)}")
    seen: set[str] = set()
    for index in range(seed, min(seed + 20 * n, len(seeds))):
        item = task.generate(Random(index), level, wording=wording, language=language)
        if (item.wording, item.language) != (wording, language):
            return
        if item.question in seen:
            continue
        seen.add(item.question)
        yield index, item
        if len(seen) == n:
            return


def _case(task: Task, item: Item, seed: int) -> Case:
    marks = [] if item.wording == "own" else [item.wording]
    marks += [] if item.language == "en" else [item.language]
    level = "" if item.level == task.default_level else f"@{item.level}"
    return Case(
        id="/".join((f"{task.name}@{item.level}", *marks, str(seed))),
        task=task.name,
        group=" ".join((f"{task.name}{level}", *marks)),
        problem=item.problem,
        want=item.answer,
        score=lambda got: task.verify(item, got).passed,
        seed=seed,
    )


def conversation(case: Case, answer: str, right: bool) -> tuple[Message, ...]:
    """The turns of a two-turn case up to the asker's second one."""
    assert case.reply is not None
    reply = Message("user", case.reply(answer, right))
    return (*case.problem.messages, Message("assistant", answer), reply)
