"""Training documents: what the small model sees, and on which tokens it is trained.

A document is one conversation that ends with an assistant turn: questions with their worked
traces, questions with the first lines of these alone, the same questions answered at once (empty
think block), complaints about an earlier answer, questions outside the scope, small
conversations, bare pieces of arithmetic. Loss stands on the last turn only, on its thought (but
for steps shown as wrong), answer and end.

Document i is a function of i and the arguments: its random generator is
`Random(TRAIN_SEEDS.start + i)`, so no evaluation seed is ever used, and any range of documents
can be made anywhere, in any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

from secondthought.messages import Message, Problem
from secondthought.models.engine import tokenizer
from secondthought.tasks import catalogue
from secondthought.tasks.base import (
    DONT_KNOW,
    TRAIN_SEEDS,
    UNKNOWN_THOUGHT,
    Item,
    Language,
    Span,
    Task,
    Wording,
)
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.split import belongs
from secondthought.tasks.wordings import rare
from secondthought.train import feedback, unknown, wordings
from secondthought.train.drills import drill
from secondthought.train.feedback import WrongAnswer, read_wrong_answers

SHARES = {
    "trace": 0.29,
    "cut": 0.05,
    "opening": 0.20,
    "direct": 0.13,
    "feedback": 0.08,
    "unknown": 0.12,
    "conversation": 0.03,
    "primitive": 0.10,
}
"""Shares of the kinds of documents, by number. A kind that does not fit the drawn task (feedback
where it has no near misses) becomes a trace.

An opening is a question and the first lines of its thought, nothing after. That is where a
question is read: which task it is, which of its words are data. It takes less than half of a
whole trace's tokens.

A cut trace ends anywhere, and the answer follows all the same: a thought may be closed by force,
and what comes then has to be an answer and not more of the thought. The closing marker carries no
loss there: when to end is learned from whole traces."""

OPENING_LINES = 2
"""An opening has one to this many lines."""
_MEASURED = 32
"""Documents from which the length of a task's documents is taken."""

WARM_UP = 0.12
"""Up to this progress, levels below the default are drawn more, from only those to none extra."""
DIRECT_SHARE = 0.2
"""How many unknown, feedback and conversation documents are answered without a thought."""
SYSTEM_SHARE = 0.2
GYM_SHARE = 0.25
_REFUSED_SHARE = 0.05
"""Of the feedback documents."""
KOREAN_SHARE = 0.1
"""Of the questions in our own wordings."""
WIDE_SHARE, WIDE_OPENINGS = 0.15, 0.7
"""Of the English ones among those, in rare wordings too: of whole documents and of openings, where
reading is learned."""


@dataclass(frozen=True, slots=True)
class Document:
    """ids: token ids of the whole conversation. loss: which of them are to be predicted."""

    ids: list[int]
    loss: list[bool]
    kind: str
    task: str = ""


@dataclass(frozen=True, slots=True)
class _Turn:
    """The last assistant turn and what stands before it. think=False: empty think block. lines:
    where a thought breaks off, if it does; cut: after what share of its characters it is closed
    by force."""

    messages: tuple[Message, ...]
    thought: tuple[Span, ...]
    answer: str
    kind: str
    task: str = ""
    think: bool = True
    lines: int | None = None
    cut: float = 1.0


def documents(
    first: int,
    count: int,
    *,
    tasks: Sequence[str | Task],
    weights: Mapping[str, float] | None = None,
    progress: float = 1.0,
    answer_only: bool = False,
    wrong_answers: str | Path | None = None,
    traces: str | Path | None = None,
    traces_share: float = 0.3,
) -> Iterator[Document]:
    """Documents first to first + count - 1.

    weights: how often each task is drawn, by name; 1 where not named. A task with short documents
    is drawn more: by the square root of its length, halfway from equal numbers to equal tokens.
    progress: how far the run is, 0 to 1; decides the levels.
    answer_only: the same questions, all with an empty think block (the twin without thoughts).
    wrong_answers: JSON lines as read by `read_wrong_answers`.
    traces: a model's own right thoughts (`train.rejection`); they are `traces_share` of all.

    Raises ValueError when a document's seed would not be a training seed.
    """
    drawn = tuple(t if isinstance(t, Task) else catalogue.task(t) for t in tasks)
    wrong = read_wrong_answers(wrong_answers) if wrong_answers is not None else {}
    own: Sequence[Document] = ()
    if traces is not None:
        from secondthought.train.rejection import read_traces  # which imports this module

        own = read_traces(traces)
    for i in range(first, first + count):
        rng = Random(seed(i))
        if own and rng.random() < traces_share:
            yield rng.choice(own)
            continue
        yield document(
            rng,
            drawn,
            weights=weights,
            progress=progress,
            answer_only=answer_only,
            wrong=wrong,
        )


def seed(i: int) -> int:
    """The seed of document i."""
    if not 0 <= i < len(TRAIN_SEEDS):
        raise ValueError(f"document {i} has no training seed; use 0 to {len(TRAIN_SEEDS) - 1}")
    return TRAIN_SEEDS[i]


def document(
    rng: Random,
    tasks: Sequence[Task],
    *,
    weights: Mapping[str, float] | None = None,
    progress: float = 1.0,
    answer_only: bool = False,
    wrong: Mapping[str, Sequence[WrongAnswer]] | None = None,
) -> Document:
    """One document; the arguments as in `documents`, `wrong` by task name."""
    kind = rng.choices(tuple(SHARES), tuple(SHARES.values()))[0]
    system = rng.choice(wordings.SYSTEM) if rng.random() < SYSTEM_SHARE else None
    shares = [(weights or {}).get(task.name, 1.0) / _length(task) ** 0.5 for task in tasks]
    if kind == "feedback":
        names = [task.name for task in tasks]
        shares = [s * feedback.OFTEN.get(n, 1.0) for s, n in zip(shares, names, strict=True)]
    task = rng.choices(tasks, shares)[0]
    if kind == "unknown":
        turn = _unknown(rng)
    elif kind == "primitive":
        drilled = drill(rng)
        asked = (Message("user", f"sheet {drilled.asked}"),)
        turn = _Turn(asked, drilled.thought, drilled.answer, "primitive")
    elif kind == "conversation":
        turn = _conversation(rng, task, progress)
    elif kind == "feedback":
        turn = _feedback(rng, task, progress, (wrong or {}).get(task.name, ()))
    else:
        turn = _single(rng, task, progress, kind)
    return _render(turn, system, think=turn.think and not answer_only)


# --- the kinds of documents -------------------------------------------------------------------


@cache
def _length(task: Task) -> float:
    """Mean characters of a question and its thought, at the default level."""
    total = 0
    for i in range(_MEASURED):
        rng = Random(seed(i))
        item = task.generate(rng, task.default_level, split="train")
        total += len(item.question) + len(task.demonstrate(item, rng).thought)
    return total / _MEASURED


def _level(rng: Random, task: Task, progress: float) -> int:
    """60 % the default, 25 % below, 15 % one above; at the start only what is below."""
    default = task.default_level
    below = range(task.levels.start, default)
    early = rng.random() >= progress / WARM_UP
    share = rng.random()
    if below and (early or share < 0.25):
        return rng.choice(below)
    if not early and share >= 0.85 and default + 1 in task.levels:
        return default + 1
    return default


def _item(rng: Random, task: Task, progress: float, wide: float = 0.0) -> Item:
    """A question; a share `wide` of the English ones in our own wordings in rare ones too."""
    level = _level(rng, task, progress)
    wording: Wording = "gym" if rng.random() < GYM_SHARE else "own"
    korean = wording == "own" and rng.random() < KOREAN_SHARE
    language: Language = "ko" if korean else "en"
    rarely = rng.random() < wide and wording == "own" and not korean
    with rare.asked(task.name) if rarely else nullcontext():
        return task.generate(rng, level, split="train", wording=wording, language=language)


def _single(rng: Random, task: Task, progress: float, kind: str) -> _Turn:
    item = _item(rng, task, progress, WIDE_OPENINGS if kind == "opening" else WIDE_SHARE)
    turn = _solved(rng, task, item, (), kind, think=kind != "direct")
    if kind == "opening":
        return replace(turn, lines=rng.randint(1, OPENING_LINES))
    return replace(turn, cut=rng.random()) if kind == "cut" else turn


def _solved(
    rng: Random,
    task: Task,
    item: Item,
    before: tuple[Message, ...],
    kind: str,
    think: bool = True,
) -> _Turn:
    """The item's question after these turns, and its worked trace."""
    shown = task.demonstrate(item, rng)
    messages = (*before, *item.problem.messages)
    return _Turn(messages, shown.spans, shown.answer, kind, task.name, think)


def _feedback(rng: Random, task: Task, progress: float, own: Sequence[WrongAnswer]) -> _Turn:
    """An answer, a complaint, and the second thought.

    Half of the complaints give a true reason, a quarter none; a quarter is false: the answer was
    right and has to be kept. Some name another answer, which is right only sometimes. Now and then
    a refusal is complained about that was right.
    """
    if rng.random() < _REFUSED_SHARE:
        asked = Message("user", unknown.question(rng))
        said = Message("user", feedback.complaint("", False, rng))
        refused = (asked, Message("assistant", DONT_KNOW), said)
        think = rng.random() >= DIRECT_SHARE
        return _Turn(refused, (Span(UNKNOWN_THOUGHT),), DONT_KNOW, "unknown", think=think)
    false_complaint = rng.random() < feedback.FALSE_SHARE
    if own and not false_complaint and rng.random() < 0.7:
        picked = rng.choice(own)
        item, wrong = picked.item, [picked.wrong]
    else:
        item = _item(rng, task, progress)
        wrong = feedback.wrong_answers(task, item, rng)
    if not wrong:
        return _solved(rng, task, item, (), "trace")
    slip = rng.choice(wrong)
    hint = ""
    if not false_complaint and rng.random() < 2 / 3:
        hint = feedback.reason(task, item, slip, rng)
    korean = item.language == "ko"
    complaint = feedback.complaint(hint, korean, rng)
    if false_complaint:
        shown = task.demonstrate(item, rng)
    else:
        shown = feedback.second_thought(task, item, slip, hint, rng)
    if not hint and slip != DONT_KNOW and rng.random() < 0.25:
        other = slip if false_complaint else rng.choice((shown.answer, *wrong))
        complaint = phrase(
            rng, wordings.SHOULD_BE_KO if korean else wordings.SHOULD_BE, answer=other
        )
    before = (
        *item.problem.messages,
        Message("assistant", shown.answer if false_complaint else slip),
        Message("user", complaint),
    )
    think = rng.random() >= DIRECT_SHARE
    return _Turn(before, shown.spans, shown.answer, "feedback", task.name, think)


def _unknown(rng: Random, before: tuple[Message, ...] = (), kind: str = "unknown") -> _Turn:
    messages = (*before, Message("user", unknown.question(rng)))
    think = rng.random() >= DIRECT_SHARE
    return _Turn(messages, (Span(UNKNOWN_THOUGHT),), DONT_KNOW, kind, think=think)


def _conversation(rng: Random, task: Task, progress: float) -> _Turn:
    """A second question: of the same task, outside the scope, a continuation, or only thanks."""
    item = _item(rng, task, progress)
    before = (*item.problem.messages, Message("assistant", item.answer))
    think = rng.random() >= DIRECT_SHARE
    share = rng.random()
    if share < 0.15:
        return _unknown(rng, before, "conversation")
    if share < 0.3:
        refused = (Message("user", unknown.question(rng)), Message("assistant", DONT_KNOW))
        return _solved(rng, task, item, refused, "conversation", think)
    if share < 0.5:
        said, reply = rng.choice(wordings.TALK)
        messages = (*(before if rng.random() < 0.7 else ()), Message("user", rng.choice(said)))
        return _Turn(messages, (Span(wordings.TALK_THOUGHT),), reply, "conversation", think=think)
    if task.name == "products" and share < 0.8:
        followed = _and_times(rng, item)
        if followed is not None:
            return _solved(rng, task, followed, before, "conversation", think)
    second = _item(rng, task, progress)
    if rng.random() < 0.5:
        text = phrase(rng, wordings.AGAIN, decorate=False, question=second.question)
        shown = task.demonstrate(second, rng)
        messages = (*before, Message("user", text))
        return _Turn(messages, shown.spans, shown.answer, "conversation", task.name, think)
    return _solved(rng, task, second, before, "conversation", think)


def _and_times(rng: Random, item: Item) -> Item | None:
    """The product multiplied on, asked for without naming it; None if kept for evaluation."""
    product, factor = int(item.answer), rng.randint(2, rng.choice((9, 9, 99)))
    if not belongs("train", product, factor):
        return None
    return Item(
        item.task,
        item.level,
        Problem.ask(phrase(rng, wordings.AND_TIMES, k=str(factor))),
        str(product * factor),
        {"a": product, "b": factor},
    )


# --- tokens -----------------------------------------------------------------------------------


def _render(turn: _Turn, system: str | None, *, think: bool) -> Document:
    """Ids and loss mask, in the form of `tokenizer.prompt` and its continuation."""
    head = (Message("system", system),) if system else ()
    ids = tokenizer.prompt((*head, *turn.messages), think=think)
    loss = [False] * len(ids)

    def add(more: list[int], imitated: bool = True) -> None:
        ids.extend(more)
        loss.extend([imitated] * len(more))

    if think:
        left, room = turn.lines, int(turn.cut * sum(len(span.text) for span in turn.thought))
        for span in turn.thought:
            text = span.text[:room]
            room -= len(text)
            if left is not None:
                kept = text.splitlines(keepends=True)[:left]
                text, left = "".join(kept), left - sum(line.endswith("\n") for line in kept)
            add(tokenizer.encode(text), span.loss)
            if left == 0:
                return Document(ids, loss, turn.kind, turn.task)
        add([tokenizer.UNTHINK], turn.cut == 1)
    add([*tokenizer.encode(turn.answer), tokenizer.END])
    return Document(ids, loss, turn.kind, turn.task)
