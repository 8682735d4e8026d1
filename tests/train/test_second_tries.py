"""A step that holds is found where an attempt went wrong, and learned against the wrong one."""

from __future__ import annotations

from collections.abc import Sequence

from secondthought.messages import Message
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Rollout
from secondthought.trace import StopReason
from secondthought.train.refuted import REFUTED
from secondthought.train.rollouts import Segment
from secondthought.train.second_tries import DRAWN, PLACES, TOKENS, second_tries

PROMPT = tokenizer.prompt([Message("user", "How much?")], think=True)


def attempt(thought: str, stop: StopReason = REFUTED) -> Segment:
    ids = list(thought.encode())
    return Segment(PROMPT, ids, [-1.0] * len(ids), [True] * len(ids), len(ids), stop)


class Writes:
    """A sampler that writes the given steps, one after the other."""

    def __init__(self, *steps: str) -> None:
        self.steps = steps
        self.prompts: list[list[int]] = []
        self.seeds: list[int] = []

    def generate(
        self, prompts: Sequence[Sequence[int]], seeds: Sequence[int], **limits: object
    ) -> list[Rollout]:
        assert limits["max_thought"] == TOKENS
        self.prompts += [list(prompt) for prompt in prompts]
        self.seeds += seeds
        made: list[Rollout] = []
        for n in range(len(prompts)):
            step = self.steps[n % len(self.steps)]
            forced = not step.endswith("|")
            ids = [*step.removesuffix("|").encode(), tokenizer.UNTHINK, tokenizer.END]
            made.append(Rollout(ids, [-0.5] * len(ids), StopReason.STOP, len(ids) - 1, forced))
        return made


def test_the_first_that_holds_is_learned_against_the_wrong_one() -> None:
    sampler = Writes("2*3=7 and", "2*3=6 so", "2*4=8 so", "two so")
    (found,) = second_tries(sampler, [attempt("hm\n1+1=2 2*3=5")], seed=3)
    assert bytes(found.better.ids) == b"2*3=6 "
    assert len(found.better.logprobs) == len(found.better.mask) == 6
    assert found.share == 2 / (DRAWN + 1)
    assert found.start == len("hm\n1+1=2 ")
    assert found.better.prompt == [*PROMPT, *b"hm\n1+1=2 "] == sampler.prompts[0]


def test_a_step_without_an_end_says_nothing_unless_the_thought_ends_with_it() -> None:
    assert second_tries(Writes("2*3=6"), [attempt("hm\n2*3=5")], seed=0) == []
    (found,) = second_tries(Writes("2*3=6|"), [attempt("hm\n2*3=5")], seed=0)
    assert bytes(found.better.ids) == b"2*3=6"


def test_places_are_wrong_steps_and_no_more_than_are_wanted() -> None:
    whole = attempt("hm\n2*3=6", StopReason.STOP)
    sampler = Writes("2*3=6 ")
    found = second_tries(sampler, [whole, *[attempt("hm\n2*3=5")] * (PLACES + 9)], seed=5)
    assert len(found) == PLACES
    assert 0 not in {one.place for one in found}
    assert len({*sampler.seeds}) == len(sampler.seeds) == PLACES * DRAWN
    assert second_tries(sampler, [whole], seed=5) == []
