"""Questions from JSONL files, a user's own and the frozen out-of-scope file, and their scoring."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from secondthought.evals import kinds
from secondthought.evals.case import Case, refused
from secondthought.messages import BadInput, Problem
from secondthought.reasoner import check
from secondthought.tasks import catalogue
from secondthought.tasks.base import DONT_KNOW, Item
from secondthought.verifiers.sandbox import Sandbox

KINDS = ("text", "choice", "numeric", "maths", "code", "schema")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(\D|$))")


def same(got: str, want: str) -> bool:
    """Equal but for case, white space and a final full stop; numbers by value (1,000 = 1000.0).

    Text is compared, never evaluated.
    """
    a, b = (_plain(text) for text in (got, want))
    if a == b:
        return True
    x, y = (_THOUSANDS.sub("", text) for text in (a, b))
    if _NUMBER.fullmatch(x) and _NUMBER.fullmatch(y):
        return Decimal(x) == Decimal(y)
    return False


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text)  # a file of a Mac may hold Hangul in pieces
    return " ".join(text.split()).casefold().removesuffix(".")


def load(path: Path, sandbox: Sandbox | None = None) -> list[Case]:
    """The questions of a file of {"id", "question", "answer"[, "task", "kind", ...]} lines.

    kind: "text", the default: answers are compared as `same` does; "numeric" and "maths": by
    value; "choice": `choices` are listed, `answer` is a letter; "schema": `schema` allows it, no
    answer; "code": a Python program that passes `tests`, no answer, judged in the sandbox (None =
    the default one). With `metadata`, `task` names a task and its own scorer judges (metadata =
    the item's data). Blank lines are skipped. Raises BadInput naming the file, line and fault.
    """
    try:
        text = path.read_text("utf-8-sig")  # editors of Windows write a mark of three bytes
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}; check the path") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text; save it as UTF-8 JSON lines") from error
    cases: dict[str, Case] = {}
    for where, record in _records(text, str(path)):
        if record.get("kind") == "code":
            sandbox = sandbox or Sandbox()
        case = _case(record, where, sandbox)
        if case.id in cases:
            raise BadInput(f"{where}: id {case.id!r} stands twice; make ids unique")
        cases[case.id] = case
    if not cases:
        raise BadInput(f'{path} holds no questions; write lines {{"id", "question", "answer"}}')
    return list(cases.values())


def out_of_scope() -> list[Case]:
    """The frozen file of questions outside every task, data/out_of_scope.jsonl."""
    name = "out_of_scope.jsonl"
    text = files("secondthought.evals").joinpath("data", name).read_text("utf-8")
    return refusable(text, name)


def refusable(text: str, name: str) -> list[Case]:
    """Cases of {"id", "kind", "question"[, "answer"]} lines: right is exactly "I don't know.",
    or the answer where one is given. Raises BadInput naming the line."""
    return [_refusable(record, where) for where, record in _records(text, name)]


def _refusable(record: dict[str, Any], where: str) -> Case:
    question = _text(record, "question", where)
    want = "" if record.get("answer") is None else _text(record, "answer", where)

    def score(got: str) -> bool:
        return refused(got) or (bool(want) and same(got, want))

    return Case(
        id=_text(record, "id", where),
        task="out_of_scope",
        group=_text(record, "kind", where),
        problem=Problem.ask(question),
        want=want or DONT_KNOW,
        score=score,
        in_scope=False,
    )


def _case(record: dict[str, Any], where: str, sandbox: Sandbox | None) -> Case:
    id = _text(record, "id", where)
    task = _text(record, "task", where) if "task" in record else "questions"
    question = _text(record, "question", where)
    kind = record.get("kind", "text")
    try:
        check(Problem.ask(question))
        if kind != "text":
            return _of_kind(kind, (id, task, task, question), record, where, sandbox)
    except BadInput as error:
        raise error if str(error).startswith(where) else BadInput(f"{where}: {error}") from error
    want = _text(record, "answer", where)
    problem = Problem.ask(question)
    score = _own_scorer(want)
    if record.get("metadata") is not None:
        score = _task_scorer(task, problem, want, record["metadata"], where)
        judged = json.dumps([task, record["metadata"]], sort_keys=True)
        return Case(id, task, task, problem, want, score, judged=judged)
    return Case(id, task, task, problem, want, score)


def _of_kind(
    kind: Any,
    head: tuple[str, str, str, str],
    record: dict[str, Any],
    where: str,
    sandbox: Sandbox | None,
) -> Case:
    """head: id, task, group, question."""
    match kind:
        case "numeric":
            return replace(kinds.numeric(*head, _text(record, "answer", where)), judged=kind)
        case "maths":
            return replace(kinds.maths(*head, _text(record, "answer", where)), judged=kind)
        case "choice":
            choices = _a(list, record, "choices", where)
            letters = kinds.LETTERS[: len(choices)]
            answer = _text(record, "answer", where).strip().upper()
            if len(answer) != 1 or answer not in letters:
                raise BadInput(f"{where}: 'answer' is {answer!r}; give one letter of {letters}")
            if not all(isinstance(c, str | int | float) for c in choices):
                raise BadInput(f"{where}: 'choices' holds more than texts and numbers")
            return kinds.choice(*head, [str(c) for c in choices], letters.index(answer))
        case "schema":
            return kinds.schema(*head, _a(dict, record, "schema", where))
        case "code":
            assert sandbox is not None
            return kinds.code(*head, _text(record, "tests", where), sandbox)
        case _:
            raise BadInput(f"{where}: there is no kind {kind!r}; choose from {', '.join(KINDS)}")


def _a(kind: type[Any], record: dict[str, Any], key: str, where: str) -> Any:
    value = record.get(key)
    if not isinstance(value, kind):
        form = "a list" if kind is list else "an object"
        raise BadInput(f"{where}: {key!r} is missing or not {form}")
    return value


def _own_scorer(want: str) -> Callable[[str], bool]:
    return lambda got: same(got, want)


def _task_scorer(
    name: str, problem: Problem, want: str, metadata: Any, where: str
) -> Callable[[str], bool]:
    if not isinstance(metadata, dict):
        raise BadInput(f"{where}: metadata is not an object; give the item's data as one")
    try:
        task = catalogue.task(name)
    except BadInput as error:
        raise BadInput(f"{where}: {error} (metadata needs a task)") from error
    data = cast(dict[str, Any], metadata)
    item = Item(task.name, task.default_level, problem, want, data)
    try:
        fits = task.verify(item, want).passed
    except Exception as error:  # a task reads its data freely; here it comes from a stranger
        raise BadInput(
            f"{where}: metadata does not fit task {name} ({type(error).__name__}: {error}); "
            "leave it out to compare answers as text"
        ) from error
    if not fits:
        raise BadInput(f"{where}: task {name} rejects the answer {want!r} itself; mend the line")
    return lambda got: task.verify(item, got).passed


def _records(text: str, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, object) of every line that is not blank. Raises BadInput with the line number."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{name} line {number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{where}: not JSON ({error}); write one object a line") from error
        if not isinstance(record, dict):
            raise BadInput(f'{where}: not an object; write {{"id", "question", "answer"}}')
        if _HALF.search(line) and not _encodes(record):
            raise BadInput(f"{where}: holds half a character (\\ud800 to \\udfff); give plain text")
        yield where, cast(dict[str, Any], record)


def _encodes(record: Any) -> bool:
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(record: dict[str, Any], key: str, where: str) -> str:
    value = record.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        fault = "is not a text or number"
        if value is None or value == "":
            fault = "is missing" if value is None else "is empty"
        needed = "every line needs id, question and answer"
        if key not in ("id", "question", "answer"):
            needed = "this kind of question needs it"
        raise BadInput(f"{where}: {key!r} {fault}; {needed}")
    return value
