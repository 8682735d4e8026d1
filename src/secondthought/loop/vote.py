"""Vote: several samples, the answer that most of them give (self-consistency, Wang et al. 2022,
arXiv 2203.11171), with no more samples than it takes.

Samples run in waves: each wave is the fewest samples that could settle the vote, so none is made
in vain. It is settled when the samples that are left are unlikely to change its leader: the
predictive probability of clinical trials that end early (Lee and Liu 2008, "A predictive
probability design for phase II cancer clinical trials", Clinical Trials 5(2):93-106), on the
leader and the runner-up with a uniform prior, as in adaptive consistency (Aggarwal et al. 2023,
arXiv 2305.11860). That paper asks whether the leader is what an endless vote would give, and so
makes samples that this vote, which ends at k, does not need.

Votes are counted at the end of a wave, in the order of the samples: the same seed gives the same
answer whatever the timing, and short thoughts have no advantage. Prose has no majority: where
the samples of the first wave are long free texts, each another one, the first is the answer.

A proof stands above votes: where a sound verifier can tell, a sample that passes is the answer
at once and the others are cancelled; one that fails has no vote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import comb

from secondthought.loop import direct
from secondthought.loop.base import Answer, Context, Strategy
from secondthought.loop.canonical import canonical
from secondthought.loop.drafts import Drafts
from secondthought.loop.judging import UNPROVED, judge
from secondthought.messages import AnswerFormat, Problem
from secondthought.trace import Outcome

BOUND = 0.95
"""How likely it must be that the leader stays the leader. On pools of answers (40 % of questions
right in 95 of 100 samples, 30 % in 60, 30 % in 20; wrong answers spread, or mostly the same one)
a vote takes 58 to 65 % of 5 samples, 43 to 53 % of 8, 38 to 47 % of 16, and has up to half a point
less right."""
PROSE = 400
"""Characters from which a free text is no short answer that another sample would give again."""


def stays(first: int, second: int, left: int) -> float:
    """P(the runner-up does not overtake), given votes of the leader and of the runner-up.

    The samples that are `left` all go to one of the two, which is the worst case. The runner-up's
    share of them is Beta(second + 1, first + 1) after a uniform prior, so that it gets x of them
    with the probability C(second + x, x) C(first + left - x, left - x) / C(first + second + 1 +
    left, left) (beta-binomial). Of equals the leader stays.
    """
    most = min(left, (first - second + left) // 2)
    ways = (comb(second + x, x) * comb(first + left - x, left - x) for x in range(most + 1))
    return sum(ways) / comb(first + second + 1 + left, left)


@dataclass(slots=True)
class Tally:
    """Votes by canonical answer, and the first sample of each. sure: their confidences, added up,
    where the model says any."""

    format: AnswerFormat
    votes: Counter[str] = field(default_factory=Counter[str])
    samples: dict[str, Answer] = field(default_factory=dict[str, Answer])
    sure: dict[str, float] = field(default_factory=dict[str, float])

    def add(self, answer: Answer) -> None:
        """Count a sample; an empty one has no vote."""
        key = canonical(answer, self.format)
        if key is not None:
            self.votes[key] += 1
            self.samples.setdefault(key, answer)
            if answer.confidence is not None:
                self.sure[key] = self.sure.get(key, 0.0) + answer.confidence

    @property
    def leader(self) -> Answer | None:
        """The first sample with the most votes; of equals the one that came first. Its confidence
        is the mean over the votes; one for another answer has none in this one."""
        if not self.votes:
            return None
        key = max(self.votes, key=self.votes.__getitem__)
        if not self.sure:
            return self.samples[key]
        return replace(self.samples[key], confidence=self.sure.get(key, 0.0) / self.votes.total())

    @property
    def ahead(self) -> tuple[int, int]:
        """Votes of the leader and of the runner-up."""
        first, second = [*(count for _, count in self.votes.most_common(2)), 0, 0][:2]
        return first, second

    def settled(self, left: int) -> bool:
        """Whether `left` more samples cannot, or are unlikely to, change the leader."""
        return _settled(*self.ahead, left)

    def wanted(self, left: int) -> int:
        """The fewest more samples that could settle the vote, if all went to the leader."""
        first, second = self.ahead
        return next(m for m in range(left + 1) if _settled(first + m, second, left - m))


def _settled(first: int, second: int, left: int) -> bool:
    return left <= 0 or stays(first, second, left) >= BOUND


def prose(answers: Sequence[Answer], format: AnswerFormat) -> bool:
    """Whether these are two or more long free texts, each another one."""
    keys = {canonical(answer, format) for answer in answers}
    free = [key for key in keys if key is not None and key.startswith("text ")]
    return 2 <= len(answers) == len(free) and all(len(key) > PROSE for key in free)


async def run(problem: Problem, ctx: Context, inner: Strategy) -> Answer:
    """Up to `policy.samples` answers of `inner`, the pool shared fairly. Where the pool cannot
    pay two samples it is one answer of `inner`. Raises ModelError when every sample fails."""
    most = ctx.affordable(ctx.policy.samples)
    if most < 2 or ctx.stop.reason is not None:
        return await inner(problem, ctx)
    ctx.start("vote")
    return await poll(problem, ctx, inner, Tally(problem.format), most)


async def poll(problem: Problem, ctx: Context, inner: Strategy, tally: Tally, most: int) -> Answer:
    """Go on with a vote until it is settled, by at most `most` more samples. Where none has an
    answer, the reserve gives one. Raises ModelError when every sample fails."""
    all_votes = tally.votes.total() + most
    wrong: list[Answer] = []
    async with Drafts(problem, ctx, inner, most) as drafts:
        while not tally.settled(most - drafts.started) and ctx.stop.reason is None:
            counted = set(drafts.answers)
            drafts.start(tally.wanted(most - drafts.started))
            while await drafts.next():
                if (proved := await _prove(problem, ctx, drafts, wrong)) is not None:
                    return ctx.end(proved)
            for number in sorted(set(drafts.answers) - counted):
                tally.add(drafts.answers[number])
            first = [*tally.samples.values()]
            if not counted and tally.ahead[0] == 1 and prose(first, problem.format):
                return ctx.end(replace(first[0], score=UNPROVED))
            if tally.leader is not None:
                ctx.best.offer(_scored(tally, all_votes))
    if tally.leader is None:
        if wrong:
            return ctx.end(max(wrong, key=lambda answer: answer.score))
        if drafts.failed:
            raise drafts.failed[0]
        return await direct.run(problem, ctx)
    return ctx.end(_scored(tally, all_votes))


async def _prove(
    problem: Problem, ctx: Context, drafts: Drafts, wrong: list[Answer]
) -> Answer | None:
    """A new draft that a sound verifier passes. Those that it fails are moved to `wrong`."""
    new = {i: drafts.answers[i] for i in sorted(drafts.fresh)}
    drafts.fresh.clear()
    verdicts = await judge(problem, ctx, [*new.values()], "sound")
    for (i, answer), verdict in zip(new.items(), verdicts, strict=True):
        if verdict.passed:
            return replace(answer, score=1.0)
        if verdict.outcome is Outcome.FAILED:
            wrong.append(replace(drafts.answers.pop(i), score=0.5 * verdict.score))
    return None


def _scored(tally: Tally, all_votes: int) -> Answer:
    """The leader; its score is its share of all votes that could be cast, below 1."""
    leader = tally.leader
    assert leader is not None
    return replace(leader, score=tally.ahead[0] / (all_votes + 1))
