from __future__ import annotations

from random import Random
from typing import Any

import pytest

from secondthought.messages import BadInput
from secondthought.models.scripted import Scripted
from secondthought.reasoner import Reasoner
from secondthought.routines.convert import Conversion, convert
from secondthought.routines.parse import parse
from secondthought.routines.tools import Tools
from secondthought.routines.validate.check import check
from tests.routines.conftest import EXAMPLES
from tests.routines.mutations import KINDS

ARTICLE = (EXAMPLES / "returns.policy.md").read_text("utf-8")
SOUND = (EXAMPLES / "returns.routine.md").read_text("utf-8")
KOREAN = (EXAMPLES / "membership.routine.md").read_text("utf-8")
KOREAN_ARTICLE = (EXAMPLES / "membership.policy.md").read_text("utf-8")
NOT_SENT_BACK = {"W5", "W12", "W19"}


def codes(text: str, sound: str, article: str) -> set[str]:
    tools = Tools.declared(parse(sound).functions)
    return {f.code for t in (None, tools) for f in check(parse(text), source=article, tools=t)}


async def run(*answers: str, article: str = ARTICLE, **options: Any) -> tuple[Conversion, Scripted]:
    model = Scripted.of(*({"answer": text} for text in answers))
    return await convert(article, Reasoner(model, effort="none"), **options), model


async def test_a_sound_answer_takes_one_round() -> None:
    done, model = await run(SOUND)
    assert (done.sound, len(done.rounds), done.left) == (True, 1, [])
    assert done.covered == done.facts >= 5
    assert len(model.requests) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_each_known_mistake_goes_back_with_its_code_and_is_mended(kind: str) -> None:
    code, mutate = KINDS[kind]
    bases = ((SOUND, ARTICLE), (KOREAN, KOREAN_ARTICLE))
    drafts = (
        (wrong, sound, article)
        for sound, article in bases
        for seed in range(20)
        if (wrong := mutate(parse(sound), Random(seed))) is not None
        and code in codes(wrong, sound, article)
    )
    wrong, sound, article = next(drafts)
    tools = Tools.declared(parse(sound).functions) if code in ("E26", "W27") else None
    done, model = await run(wrong, sound, article=article, tools=tools)
    assert code in {f.code for f in done.rounds[0].findings}
    if code in NOT_SENT_BACK and len(model.requests) == 1:
        return
    back = model.requests[1].messages[-1].text
    assert code in back or code in NOT_SENT_BACK
    assert (len(done.rounds), done.sound, done.best) == (2, True, 1)
    assert any(entry.startswith(code) for entry in done.fixed)


async def test_the_rounds_end_and_the_best_draft_is_kept() -> None:
    worse = SOUND.replace("Proceed to step 9", "Proceed to step 99")
    bad = worse.replace("`call refund_order(order_id)`", "`call refund_order(order_id, 3)`")
    done, model = await run(bad, worse, bad, rounds=3)
    assert (len(model.requests), done.best, done.sound) == (3, 1, False)
    assert {f.code for f in done.left} == {"E6"}


async def test_an_article_that_is_no_policy() -> None:
    done, _ = await run("I don't know", article="Roses are red.")
    assert (done.routine, done.rounds, done.sound) == (None, (), False)


async def test_a_fence_around_the_answer_is_taken_off() -> None:
    done, _ = await run(f"Here it is:\n\n```markdown\n{SOUND}```\nI hope that helps!")
    assert done.sound


async def test_the_model_is_told_the_tools() -> None:
    tools = Tools.declared(parse(SOUND).functions)
    _, model = await run(SOUND, tools=tools)
    system = model.requests[0].messages[0].text
    assert all(tool.name in system for tool in tools)


@pytest.mark.parametrize("article", ["", "  \n", "x" * 100_001])
async def test_articles_that_cannot_be_read_are_refused(article: str) -> None:
    with pytest.raises(BadInput):
        await run(SOUND, article=article)
