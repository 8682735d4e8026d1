"""What else could have been written where an attempt went wrong.

An attempt that was ended at a wrong step (`refuted`) says that it failed there, not what would have
been better. So at some of these places the step is drawn again a few times, and one that holds is
learned against the one that did not. All begin in the same state, as a group's attempts do, and
differ in a handful of tokens, so that hardly any of it is noise: signal over noise of a question's
gradient 0.0091 (standard error 0.0027; `credit` alone 0.0049), its cosine with the gradient of the
group's mean 0.53 (72 questions of Countdown). That the step holds is all that is paid for here, so
the return of the whole attempt stays in the sum: what holds may yet lead nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Rollout
from secondthought.tasks import steps
from secondthought.train.refuted import REFUTED, source
from secondthought.train.rollouts import Sampler, Segment

DRAWN = 4
"""Steps drawn at a place."""
PLACES = 64
"""Places a step of training, at most."""
TOKENS = 32
"""Longest step that is drawn; a longer one says nothing."""
_ENDS = (ord(" "), ord("\n"))


@dataclass(frozen=True, slots=True)
class SecondTry:
    """A place with a step that holds.

    place: which of the segments. start: its token from which the wrong step goes to its end.
    share: how many of the steps drawn there hold, the wrong one counted. better: the first of
    them, with the thought before it as its prompt.
    """

    place: int
    start: int
    share: float
    better: Segment


def second_tries(sampler: Sampler, segments: Sequence[Segment], seed: int) -> list[SecondTry]:
    """Of some of the segments that were ended at a wrong step, those where another try held.

    seed: other ones draw other places and steps.
    """
    wrong = [i for i, segment in enumerate(segments) if segment.stop is REFUTED]
    places = sorted(Random(seed).sample(wrong, min(PLACES, len(wrong))))
    starts = [_start(segments[place].ids) for place in places]
    prompts = [
        [*segments[place].prompt, *segments[place].ids[:start]]
        for place, start in zip(places, starts, strict=True)
        for _ in range(DRAWN)
    ]
    if not prompts:
        return []
    first = seed << 16
    rollouts = sampler.generate(
        prompts,
        [first + n for n in range(len(prompts))],
        temperature=1.0,
        max_thought=TOKENS,
        max_answer=1,
    )
    found: list[SecondTry] = []
    for n, (place, start) in enumerate(zip(places, starts, strict=True)):
        drawn = rollouts[n * DRAWN : (n + 1) * DRAWN]
        holding = [_holds(segments[place], start, rollout) for rollout in drawn]
        good = next((k for k, size in enumerate(holding) if size), None)
        if good is None:
            continue
        size = holding[good]
        better = Segment(
            prompts[n * DRAWN],
            drawn[good].ids[:size],
            drawn[good].logprobs[:size],
            [True] * size,
            size,
            drawn[good].stop,
        )
        share = sum(size > 0 for size in holding) / (DRAWN + 1)
        found.append(SecondTry(place, start, share, better))
    return found


def _start(ids: Sequence[int]) -> int:
    """Where the last word begins: a wrong step is the word, or the beginning of one, that ends
    its segment."""
    return next((i for i in range(len(ids) - 1, 0, -1) if ids[i - 1] in _ENDS), 0)


def _holds(segment: Segment, start: int, rollout: Rollout) -> int:
    """Tokens of the step that was drawn, with the blank behind it; 0 if it does not hold, nobody
    can tell, or it came to no end."""
    before = tokenizer.decode(segment.ids[:start])
    word = rollout.ids[: rollout.thought_len - 1]  # without the marker that ends the thought
    size = next((i + 1 for i, token in enumerate(word) if token in _ENDS), 0)
    if not size and not rollout.forced:
        size = len(word)  # the thought ends with it
    text = before + tokenizer.decode(word[:size])
    read = steps.parse(text, source(segment.prompt))
    here = [step for step in read if step.start >= len(before)]
    held = bool(here) and all(step.verdict is not None and step.verdict.passed for step in here)
    return size if held else 0
