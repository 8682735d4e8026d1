"""Attempts end at their first wrong step, and nowhere else."""

from __future__ import annotations

from random import Random

import pytest

from secondthought.messages import Message, Problem
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Rollout
from secondthought.tasks import catalogue
from secondthought.trace import StopReason
from secondthought.train.refuted import REFUTED, Watch, source

QUESTION = "Make 24 from 3, 8, 1."


def rollout(thought: str, answer: str = "(8*3)*1") -> Rollout:
    ids = [*thought.encode(), tokenizer.UNTHINK, *answer.encode(), tokenizer.END]
    count = len(thought.encode()) + 1
    return Rollout(ids, [-0.5] * len(ids), StopReason.STOP, count, False)


def test_it_ends_behind_the_wrong_word() -> None:
    thought = "Well, then\n12*4=48 12*30=361 48+360=408"
    watch = Watch("12*34?")
    ended = watch.ended(rollout(thought))
    assert ended.stop is REFUTED
    assert bytes(ended.ids).decode().endswith("12*30=361")
    assert len(ended.logprobs) == ended.thought_len == len(ended.ids)


def test_it_reads_each_line_once_and_ends_there() -> None:
    lines = ["Well, then", "12*4=49 so", "12*30=361"]
    watch = Watch("12*34?")
    heard = [watch("\n".join([*lines[: n + 1], ""]).encode()) for n in range(3)]
    assert heard == [False, True, True]
    assert watch.wrong == len(b"Well, then\n12*4=49")


def test_what_nobody_can_judge_stands() -> None:
    whole = rollout("Let me see.\nPerhaps it is a trick question.")
    assert Watch("Why?").ended(whole) is whole


def test_bytes_that_are_no_text_end_with_their_line() -> None:
    thought = b"Well, then\n12*4=49 \xff\xfe\nmore"
    made = rollout("")
    made = Rollout([*thought, *made.ids], [-1.0] * (len(thought) + len(made.ids)), made.stop,
                   len(thought) + 1, False)  # fmt: skip
    ended = Watch("12*34?").ended(made)
    assert bytes(ended.ids) == b"Well, then\n12*4=49 \xff\xfe"


@pytest.mark.parametrize("name", ["countdown", "puzzle24"])
def test_demonstrations_of_a_search_run_to_their_ends(name: str) -> None:
    task = catalogue.task(name)
    for seed in range(20):
        item = task.generate(Random(seed), task.default_level, split="train")
        shown = task.demonstrate(item, Random(seed))
        prompt = tokenizer.prompt(item.problem.messages, think=True)
        whole = rollout(shown.thought, shown.answer)
        assert Watch(source(prompt)).ended(whole) is whole


def test_the_source_is_what_the_asker_said() -> None:
    problem = Problem([
        Message("system", "Be brief."),
        Message("user", QUESTION),
        Message("assistant", "8*3"),
        Message("user", "You left out 1."),
    ])  # fmt: skip
    prompt = tokenizer.prompt(problem.messages, think=True)
    assert source(prompt) == f"Be brief.\n{QUESTION}\nYou left out 1."
