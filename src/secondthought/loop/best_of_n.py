"""Best of n: several samples, and the one that the most trusted judge prefers.

With a sound verifier the first sample that passes is the answer, and samples are made in waves
of 1, 1, 2, 4, ... until one does. Without one all n are made, and a learned score chooses: that
of a verifier, or the model's own confidence, as the weight of its vote (Li et al. 2022, arXiv
2206.02336). Without that, the vote is weighted by the critics' scores or by how far each
thought's steps hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from secondthought.loop import direct
from secondthought.loop.base import Answer, Context, Strategy
from secondthought.loop.canonical import canonical
from secondthought.loop.drafts import Drafts
from secondthought.loop.judging import UNKNOWN, judge, of_trust, thought_score
from secondthought.messages import Problem
from secondthought.trace import Outcome, Verdict


async def run(problem: Problem, ctx: Context, inner: Strategy) -> Answer:
    """The best of up to `policy.samples` answers of `inner`. Where the pool cannot pay two
    samples it is one answer of `inner`. Raises ModelError when every sample fails."""
    most = ctx.affordable(ctx.policy.samples)
    if most < 2 or ctx.stop.reason is not None:
        return await inner(problem, ctx)
    ctx.start("best_of_n")
    verdicts: dict[int, Verdict] = {}
    async with Drafts(problem, ctx, inner, most) as drafts:
        sound = bool(of_trust(ctx, "sound"))
        while drafts.started < most and ctx.stop.reason is None:
            drafts.start(max(1, drafts.started) if sound else most)
            while await drafts.next():
                new = sorted(drafts.fresh)
                drafts.fresh.clear()
                answers = [drafts.answers[i] for i in new]
                verdicts |= zip(new, await judge(problem, ctx, answers, "sound"), strict=True)
                for i in new:
                    if verdicts[i].passed:
                        return ctx.end(replace(drafts.answers[i], score=1.0))
    if not drafts.answers:
        if drafts.failed:
            raise drafts.failed[0]
        return await direct.run(problem, ctx)
    order = sorted(drafts.answers)
    answers = [drafts.answers[i] for i in order]
    told = [verdicts.get(i, UNKNOWN) for i in order]
    return ctx.end(await choose(problem, ctx, answers, told))


async def choose(
    problem: Problem, ctx: Context, answers: Sequence[Answer], sound: Sequence[Verdict]
) -> Answer:
    """The best of these answers (at least one). sound: the sound verifiers' verdicts on them.
    An answer that failed is chosen only where all did, by its score."""
    for answer, verdict in zip(answers, sound, strict=True):
        if verdict.passed:
            return replace(answer, score=1.0)
    failed = [verdict.outcome is Outcome.FAILED for verdict in sound]
    if all(failed):
        best = max(range(len(answers)), key=lambda i: sound[i].score)
        return replace(answers[best], score=0.5 * sound[best].score)
    standing = [answer for answer, out in zip(answers, failed, strict=True) if not out]
    learned = await judge(problem, ctx, standing, "learned")
    if any(v.outcome is not Outcome.CANNOT_TELL for v in learned):
        best = max(range(len(standing)), key=lambda i: learned[i].score)
        return replace(standing[best], score=min(0.99, learned[best].score))
    if any(answer.confidence is not None for answer in standing):
        return weighted_vote(problem, standing, [answer.confidence or 0.0 for answer in standing])
    critics = await judge(problem, ctx, standing, "critic")
    weights = [
        thought_score(ctx.trace.steps(answer.branch))
        if verdict.outcome is Outcome.CANNOT_TELL
        else verdict.score
        for answer, verdict in zip(standing, critics, strict=True)
    ]
    return weighted_vote(problem, standing, weights)


def weighted_vote(problem: Problem, answers: Sequence[Answer], weights: Sequence[float]) -> Answer:
    """The answer with the largest sum of weights over its samples; of those the weightiest.
    Of equals the first. Its score is its share of all weights, below 1; its confidence, where the
    model says any, the mean over the samples: one of another answer has none in this one."""
    total: defaultdict[str | None, float] = defaultdict(float)
    keys = [canonical(answer, problem.format) for answer in answers]
    for key, weight in zip(keys, weights, strict=True):
        total[key] += weight
    winner = max(total, key=total.__getitem__)
    best = max((i for i, key in enumerate(keys) if key == winner), key=lambda i: weights[i])
    score = total[winner] / (sum(weights) + 1)
    if all(answer.confidence is None for answer in answers):
        return replace(answers[best], score=score)
    sure = [a.confidence or 0.0 for a, key in zip(answers, keys, strict=True) if key == winner]
    return replace(answers[best], score=score, confidence=sum(sure) / len(answers))
