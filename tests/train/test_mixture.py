import json
import re
from collections import Counter
from pathlib import Path
from typing import ClassVar

import pytest

from secondthought.messages import BadInput, Problem
from secondthought.models.engine import tokenizer
from secondthought.tasks.base import (
    DONT_KNOW,
    EVAL_SEEDS,
    TRAIN_SEEDS,
    Demonstration,
    Item,
    Span,
    Task,
)
from secondthought.trace import Verdict
from secondthought.train import mixture


class Doubling(Task):
    """Twice a number. Its traces hold one wrong step."""

    name: ClassVar[str] = "doubling"
    key: ClassVar[str] = "double"
    title: ClassVar[str] = "Double a number"
    levels: ClassVar[range] = range(1, 6)
    default_level: ClassVar[int] = 3

    def __init__(self):
        self.asked = []

    def generate(self, rng, level, *, split="eval", wording="own", language="en"):
        self.asked.append((level, split, wording, language))
        n = rng.randrange(10**level)
        problem = Problem.ask(f"Twice {n}?")
        return Item(self.name, level, problem, str(2 * n), {"n": n}, wording, language)

    def demonstrate(self, item, rng, *, hint=None):
        n = item.data["n"]
        head = f"double {n}\n" + (f"hint: {hint}\n" if hint else "")
        return Demonstration.of([head, Span("WRONG ", loss=False), f"no {n}+{n}"], item.answer)

    def verify(self, item, text):
        return Verdict.of(text == item.answer)

    def hint(self, item, wrong, rng):
        return "it is even"

    def near_misses(self, item, rng):
        return [str(int(item.answer) + 1), item.answer]


def made(count=3000, **arguments):
    return list(mixture.documents(0, count, tasks=[Doubling()], **arguments))


def whole(count=3000, **arguments):
    """Those that have an answer."""
    return [d for d in made(count, **arguments) if d.kind != "opening"]


def split(document):
    """Prompt text, thought (None when the block is empty and given), answer."""
    ids = document.ids
    think = len(ids) - 1 - ids[::-1].index(tokenizer.THINK)
    unthink = ids.index(tokenizer.UNTHINK, think)
    thought = ids[think + 1 : unthink]
    return ids[: think + 1], tokenizer.decode(thought), tokenizer.decode(ids[unthink + 1 : -1])


def test_seeds_are_training_seeds():
    last = len(TRAIN_SEEDS) - 1
    for seed in (mixture.seed(0), mixture.seed(last)):
        assert seed in TRAIN_SEEDS
        assert not any(seed in held for held in EVAL_SEEDS)
    for beyond in (-1, last + 1):
        with pytest.raises(ValueError, match="no training seed"):
            list(mixture.documents(beyond, 1, tasks=[Doubling()]))


def test_a_document_does_not_depend_on_the_range_it_is_made_in():
    assert list(mixture.documents(40, 10, tasks=[Doubling()])) == made(50)[40:]


def test_items_are_training_items_in_training_wordings():
    task = Doubling()
    list(mixture.documents(0, 3000, tasks=[task]))
    levels, splits, wordings, languages = (
        Counter(column) for column in zip(*task.asked, strict=True)
    )
    total = len(task.asked)
    assert set(splits) == {"train"}
    assert set(wordings) == {"own", "gym"}
    assert abs(wordings["gym"] / total - mixture.GYM_SHARE) < 0.03
    assert abs(languages["ko"] / wordings["own"] - 0.1) < 0.03
    assert set(levels) == {1, 2, 3, 4}
    assert abs(levels[3] / total - 0.6) < 0.04
    assert abs(levels[4] / total - 0.15) < 0.03


def test_early_documents_are_easy():
    for progress, easy in ((0.0, 1.0), (mixture.WARM_UP / 2, 0.62)):
        task = Doubling()
        list(mixture.documents(0, 2000, tasks=[task], progress=progress))
        below = sum(level < 3 for level, *_ in task.asked) / len(task.asked)
        assert abs(below - easy) < 0.04


def test_shares():
    counts = Counter(document.kind for document in made(6000))
    for kind, share in mixture.SHARES.items():
        assert abs(counts[kind] / 6000 - share) < 0.02, kind


def test_loss_stands_on_the_last_turn_only():
    for document in whole(1500):
        ids, loss = document.ids, document.loss
        assert len(ids) == len(loss)
        prompt, thought, _ = split(document)
        start = len(prompt)
        if not thought:
            assert ids[start] == tokenizer.UNTHINK
            start += 1  # the empty think block is given, not made
        assert not any(loss[:start])
        assert (ids[-1], loss[-1]) == (tokenizer.END, True)
        wrong = {i for i in range(start, len(ids)) if ids[i : i + 6] == tokenizer.encode("WRONG ")}
        off = {i + k for i in wrong for k in range(6)}
        if document.kind in ("primitive", "cut"):
            continue  # its wrong guesses are the worksheet's own; a cut one is tested below
        assert [i for i in range(start, len(ids)) if not loss[i]] == sorted(off)


def test_the_answer_is_right_or_a_refusal():
    for document in whole(1500):
        prompt, _, answer = split(document)
        if document.kind in ("trace", "direct", "feedback"):
            asked = tokenizer.decode(prompt).split("Twice ")[1]
            assert answer == str(2 * int(asked[: asked.index("?")]))
        elif document.kind == "unknown":
            assert answer == DONT_KNOW


def test_feedback_has_hints_bare_complaints_and_false_ones():
    found = Counter()
    for document in made(8000):
        if document.kind != "feedback":
            continue
        prompt, thought, answer = split(document)
        first = prompt[prompt.index(tokenizer.ASSISTANT) + 1 :]
        kept = tokenizer.decode(first[: first.index(tokenizer.END)]) == answer
        hinted = "it is even" in tokenizer.decode(prompt)
        assert not (kept and hinted), "a true reason against a right answer"
        if thought:
            assert ("hint: it is even" in thought) == hinted
        found["kept" if kept else "hinted" if hinted else "bare"] += 1
    total = sum(found.values())
    assert abs(found["kept"] / total - 0.25) < 0.06
    assert abs(found["hinted"] / total - 0.5) < 0.06


def test_the_twin_without_thoughts_has_the_same_questions_and_answers():
    for ours, twin in zip(made(800), made(800, answer_only=True), strict=True):
        other, thought, same = split(twin)
        assert not thought
        if ours.kind != "opening":
            prompt, _, answer = split(ours)
            assert (prompt, answer) == (other, same)


def test_an_opening_breaks_off_after_some_lines_of_the_thought():
    lines = Counter()
    for document in mixture.documents(0, 3000, tasks=["gcd", "letter_counting"]):
        if document.kind != "opening" or document.ids[-1] == tokenizer.END:
            continue
        start = document.loss.index(True)
        text = tokenizer.decode(document.ids[start:])
        assert tokenizer.UNTHINK not in document.ids
        assert text.startswith(("gcd ", "letter "))
        assert text.endswith("\n")
        lines[text.count("\n")] += 1
    assert sorted(lines) == list(range(1, mixture.OPENING_LINES + 1))
    assert min(lines.values()) / sum(lines.values()) > 0.25


def test_a_thought_shorter_than_its_opening_is_whole():
    openings = [d for d in made(1500) if d.kind == "opening"]  # of thoughts of two lines
    ended = [d for d in openings if d.ids[-1] == tokenizer.END]
    assert 0.35 < len(ended) / len(openings) < 0.65
    for document in ended:
        prompt, _, answer = split(document)
        assert answer == str(2 * int(tokenizer.decode(prompt).split("Twice ")[1].split("?")[0]))


def test_system_messages():
    share = sum(d.ids[0] == tokenizer.SYSTEM for d in made(3000)) / 3000
    assert abs(share - mixture.SYSTEM_SHARE) < 0.03


def test_weights():
    other = Doubling()
    tasks = [Doubling(), other]
    other.name = "never"  # type: ignore[misc]
    mixture._length(other)
    other.asked.clear()
    list(mixture.documents(0, 300, tasks=tasks, weights={"never": 0.0}))
    assert tasks[0].asked
    assert not other.asked


def test_short_documents_are_drawn_more():
    counts = Counter(d.task for d in mixture.documents(0, 4000, tasks=["spell_backward", "gcd"]))
    assert 1.2 < counts["spell_backward"] / counts["gcd"] < 2.2


def test_tasks_by_name_and_continued_products():
    documents = list(mixture.documents(0, 1500, tasks=["products"]))
    assert {d.task for d in documents} == {"products", ""}
    continued = 0
    for d in documents:
        if d.kind == "opening":
            continue
        prompt, _, answer = split(d)
        if d.kind != "conversation" or prompt.count(tokenizer.ASSISTANT) < 2:
            continue
        said = prompt.index(tokenizer.ASSISTANT)  # ends with the second, which is to be written
        end = prompt.index(tokenizer.END, said)
        factor = re.search(r"that by (\d+)", tokenizer.decode(prompt[end:]))
        if factor is not None:
            continued += 1
            assert int(answer) == int(tokenizer.decode(prompt[said + 1 : end])) * int(factor[1])
    assert continued


def test_a_cut_thought_is_answered_and_its_end_is_not_imitated():
    lengths = set()
    for d in made(3000):
        if d.kind != "cut":
            continue
        prompt, thought, answer = split(d)
        close = d.ids.index(tokenizer.UNTHINK, len(prompt))
        assert d.loss[close + 1 :] == [True] * (len(d.ids) - close - 1)
        assert not d.loss[close]
        n = int(re.findall(r"\d+", tokenizer.decode(prompt))[-1])
        assert answer == str(2 * n)
        assert f"double {n}\nWRONG no {n}+{n}".startswith(thought)
        lengths.add(len(thought))
    assert len(lengths) > 20


def test_own_wrong_answers_are_used(tmp_path):
    path = tmp_path / "wrong.jsonl"
    row = {"task": "doubling", "level": 3, "question": "Twice 21?", "data": {"n": 21}}
    path.write_text(json.dumps({**row, "answer": "42", "wrong": "4242"}) + "\n")
    texts = [
        tokenizer.decode(d.ids) for d in made(4000, wrong_answers=path) if d.kind == "feedback"
    ]
    used = [text for text in texts if "Twice 21?4242" in text]
    assert 0.4 < len(used) / len(texts) < 0.65
    assert all(text.endswith("42") for text in used)


@pytest.mark.parametrize("line", ["{", "[]", '{"task": "gcd"}', '{"level": "x"}'])
def test_a_bad_line_of_wrong_answers(tmp_path, line):
    path = tmp_path / "wrong.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(BadInput, match=r"wrong\.jsonl, line 1"):
        made(1, wrong_answers=path)


def test_own_traces_are_mixed_in(tmp_path: Path) -> None:
    path = tmp_path / "traces.jsonl"
    row = {"task": "gcd", "kind": "self", "ids": [261, 65, 257], "loss": [False, True, True]}
    path.write_text(json.dumps(row) + "\n", "utf-8")
    mixed = list(mixture.documents(0, 300, tasks=["gcd"], traces=path, traces_share=0.5))
    own = [d for d in mixed if d.kind == "self"]
    assert 100 < len(own) < 200
    assert own[0].ids == [261, 65, 257]
    assert {d.kind for d in mixed} >= {"trace", "direct"}
