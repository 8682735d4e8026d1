"""From rows to figures: the summary that ends a result file. Everything that is shown, on the
terminal, in reports and in pictures, is made of it, and it is made of the rows alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from secondthought.evals import coverage
from secondthought.evals.compare import difference, shares
from secondthought.evals.pools import best_at_k, steps_to, vote_at_k
from secondthought.evals.results import Row
from secondthought.stats import mean_of, pass_at_k, quantile, wilson

ALL = "all questions"
"""Name of the comparison over all groups together."""

DECLINED = {"refused": "refused", "gave_up": "gave up"}
"""Shares of the questions in scope that were not answered, and what tables call them: the model
said that it does not know, or all its answers were refuted."""

_TRUNCATED = ("thought_cap", "length", "deadline")

Summary = dict[str, Any]


def summarise(rows: Sequence[Row], *, target: float = coverage.TARGET, **settings: Any) -> Summary:
    """The summary as JSON values: {summary: True, settings, models: {name: figures}, between}.

    Of each model: weights; efforts[e].tasks[group]: n (questions), correct (answers), accuracy
    {value, low, high: Wilson 95 %}, reasoning_tokens and completion_tokens (means an answer),
    seconds {p50, p95}, shares truncated, looped, refused and gave_up (of questions in scope, None
    where there are none), errors and retries (counts), error (the commonest, in words).
    efforts[e].mean: over groups, each weighing the same.
    efforts[e].pool: see `pool`, where questions were asked several times.
    efforts[e].coverage: see `coverage.figures`, where answers have a confidence; target: its share.
    differences: each later effort against the first, on the same questions, by group and over
    all. hints: shares of wrong first answers repaired and of right ones kept.
    between[e]: the same differences, each later model against the first at one effort.
    settings: suite, seed and such, as given.
    """
    models = _by(rows, lambda row: row.model)
    summary = {
        "summary": True,
        **settings,
        "models": {name: _model(part, target) for name, part in models.items()},
    }
    if len(models) > 1:
        first, *others = models
        efforts = {e: _by(part, lambda r: r.model) for e, part in _by(rows, _effort_of).items()}
        summary["between"] = {
            effort: {
                f"{other} - {first}": _differences(asked[first], asked[other])
                for other in others
                if first in asked and other in asked
            }
            for effort, asked in efforts.items()
        }
    return summary


def _model(rows: Sequence[Row], target: float) -> Summary:
    efforts = _by(rows, _effort_of)
    figures: Summary = {
        "weights": rows[0].weights,
        "efforts": {effort: _effort(part, target) for effort, part in efforts.items()},
    }
    first, *others = efforts
    if others:
        figures["differences"] = {
            f"{other} - {first}": _differences(efforts[first], efforts[other]) for other in others
        }
    if any(row.first is not None for row in rows):
        figures["hints"] = {
            effort: {group: _hints(part) for group, part in _by(rows_, _group_of).items()}
            for effort, rows_ in efforts.items()
        }
    return figures


def _effort(rows: Sequence[Row], target: float) -> Summary:
    groups = _by(rows, _group_of)
    cells = {group: _cell(part) for group, part in groups.items()}
    mean = mean_of([_accuracy(part) for part in groups.values()])
    figures: Summary = {"mean": asdict(mean), "tasks": cells, "all": _cell(rows)}
    if (found := pool(rows)) is not None:
        figures["pool"] = found
    if (sure := coverage.figures(rows, target)) is not None:
        figures["coverage"] = sure
    return figures


def _cell(rows: Sequence[Row]) -> Summary:
    answered = [row for row in rows if row.error is None]
    in_scope = [row for row in answered if row.in_scope]
    return {
        "n": len({row.id for row in rows}),
        "correct": sum(row.correct for row in rows),
        "accuracy": asdict(_accuracy(rows)),
        "reasoning_tokens": _share(answered, lambda r: r.reasoning_tokens),
        "completion_tokens": _share(answered, lambda r: r.completion_tokens),
        "seconds": {
            "p50": quantile([row.seconds for row in answered], 0.5),
            "p95": quantile([row.seconds for row in answered], 0.95),
        },
        "truncated": _share(answered, lambda r: r.finish_reason in _TRUNCATED),
        "looped": _share(answered, lambda r: r.finish_reason == "repetition"),
        "refused": _share(in_scope, lambda r: r.refused),
        "gave_up": _share(in_scope, lambda r: r.gave_up),
        "errors": len(rows) - len(answered),
        "error": _commonest(row.error for row in rows if row.error is not None),
        "retries": sum(row.retries for row in rows),
    }


def _commonest(errors: Iterable[str]) -> str | None:
    found = Counter(errors).most_common(1)
    return found[0][0] if found else None


def _accuracy(rows: Sequence[Row]) -> Any:
    by_question = shares(rows)
    n = len(by_question)
    return wilson(min(float(n), sum(by_question.values())), n)


def _share(rows: Sequence[Row], of: Callable[[Row], float]) -> float | None:
    return sum(of(row) for row in rows) / len(rows) if rows else None


def pool(rows: Sequence[Row]) -> Summary | None:
    """{n: samples a question, scored_by: what best@k goes by, k: {k: {pass, vote, best}}} with
    Wilson's intervals over questions. None where each was asked once. vote is None where no
    answers can be compared (programs; beside other questions each of these has a vote of its
    own), best where nothing is known without the answer key. Questions with fewer samples, as in
    an unfinished file, set n for all.
    """
    samples = [
        sorted(part, key=lambda row: row.sample) for part in _by(rows, lambda r: r.id).values()
    ]
    n = min(len(part) for part in samples)
    if n < 2:
        return None
    samples = [part[:n] for part in samples]
    correct = [[row.correct for row in part] for part in samples]
    votes = any(row.vote is not None for part in samples for row in part)
    scored_by = sorted({row.scored_by for row in rows if row.scored_by and row.got.strip()})
    voted = [
        vote_at_k(_votes(part), ok) for part, ok in zip(samples, correct, strict=True) if votes
    ]
    figures: Summary = {}
    for k in steps_to(n):
        best = [
            best_at_k([0.5 if row.score is None else row.score for row in part], ok, k)
            for part, ok in zip(samples, correct, strict=True)
            if scored_by
        ]
        figures[str(k)] = {
            "pass": _mean([pass_at_k(n, sum(ok), k) for ok in correct]),
            "vote": _mean([chances[k - 1] for chances in voted]),
            "best": _mean(best),
        }
    return {"n": n, "scored_by": scored_by, "k": figures}


def _votes(samples: Sequence[Row]) -> list[str | None]:
    """The votes of one question's samples; where none has any, no two answers are the same."""
    if any(row.vote is not None for row in samples):
        return [row.vote for row in samples]
    return [str(row.sample) for row in samples]


def _mean(values: Sequence[float]) -> Summary | None:
    """The mean over questions, and its interval."""
    return asdict(wilson(min(len(values), sum(values)), len(values))) if values else None


def _differences(a: Sequence[Row], b: Sequence[Row]) -> dict[str, Any]:
    """By group, and over all questions where there are several groups."""
    before, after = _by(a, _group_of), _by(b, _group_of)
    found = {group: difference(before[group], after.get(group, [])) for group in before}
    return found | ({ALL: difference(a, b)} if len(found) > 1 else {})


def _hints(rows: Sequence[Row]) -> Summary:
    answered = [row for row in rows if row.error is None]
    wrong = [row for row in answered if row.first_correct is False]
    right = [row for row in answered if row.first_correct is True]
    return {
        kind: {"n": len({row.id for row in part}), **asdict(_accuracy(part))}
        for kind, part in (("repaired", wrong), ("kept", right))
    }


def _by(rows: Iterable[Row], of: Callable[[Row], str]) -> dict[str, list[Row]]:
    """The rows by what `of` says of them, in the order in which that comes."""
    parts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[of(row)].append(row)
    return dict(parts)


def _effort_of(row: Row) -> str:
    return row.effort


def _group_of(row: Row) -> str:
    return row.group
