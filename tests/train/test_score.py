"""The learned score: what is fitted, what is written, and that nothing else changes."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from secondthought.cli.main import main
from secondthought.effort import Policy
from secondthought.messages import BadInput, Message
from secondthought.models.base import ModelError, Request, collect
from secondthought.models.embedded import Embedded
from secondthought.models.engine import tokenizer
from secondthought.models.engine.checkpoint import Checkpoint, dump_safetensors, parse_safetensors
from secondthought.models.engine.engine import Engine
from secondthought.models.engine.score import Score
from secondthought.models.engine.tokenizer import SCORE, UNSCORED
from secondthought.reasoner import Reasoner
from secondthought.tasks import catalogue
from secondthought.trace import Evidence
from secondthought.train import score
from secondthought.train.score import Answered, Fitted

pytestmark = pytest.mark.usefixtures("one_thread")

WEAK = Evidence(0.0, -1.0, -1.0, 0)
PROMPTS = [tokenizer.prompt([Message("user", f"q{i}")], think=True) for i in range(120)]


@pytest.fixture
def folder(tiny_folder, tmp_path):
    return shutil.copytree(tiny_folder, tmp_path / "model")


@pytest.fixture(scope="module")
def answers(tiny_folder):
    """Of the tiny model; half of them are right, as a line through its states tells."""
    engine = Engine.load(tiny_folder, threads=1)
    rollouts = engine.generate_ids(PROMPTS, temperature=1.0, max_thought=30, max_answer=30)
    engine.close()
    found = []
    for prompt, r in zip(PROMPTS, rollouts, strict=True):
        if r.ids[-1] == tokenizer.END:
            evidence = Evidence(0.0, -1.0, min(r.logprobs[r.thought_len :]), 0)
            found.append(Answered("t", [*prompt, *r.ids], False, evidence, 0.5))
    assert len(found) > 80
    side = score.states(tiny_folder, found)[:, :4].sum(1)
    middle = np.median(side)
    return [replace(one, right=bool(x > middle)) for one, x in zip(found, side, strict=True)]


@pytest.fixture(scope="module")
def hidden(tiny_folder, answers):
    return score.states(tiny_folder, answers)


@pytest.fixture(scope="module")
def fitted(answers, hidden):
    return score.fit(answers, hidden)


def test_a_model_that_fails_is_said_as_everywhere(folder, monkeypatch):
    async def fails(*_, **__):
        raise ModelError("the engine failed", "server")

    monkeypatch.setattr(Reasoner, "answer", fails)
    with pytest.raises(ModelError, match="the engine failed"):
        score.collect(folder, [catalogue.task("gcd")], 3, threads=1)


def test_logistic_regression_finds_what_made_the_data():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20_000, 3))
    odds = x @ [1.0, -2.0, 0.0] + 0.5
    w, b = score.logistic(x, (rng.random(20_000) < 1 / (1 + np.exp(-odds))).astype(float), 1e-3)
    np.testing.assert_allclose([*w, b], [1, -2, 0, 0.5], atol=0.1)


def test_separable_data_and_a_ridge_give_finite_weights():
    x = np.linspace(-1, 1, 40)[:, None]
    w, b = score.logistic(x, (x[:, 0] > 0).astype(float), 1.0)
    assert 0 < w[0] < 50
    assert abs(b) < 1e-6


def test_a_state_that_knows_is_found_out_of_fold(fitted):
    areas = fitted.figures["with_thought"]["auc"]
    assert areas["marker"][0] > 0.8
    assert areas["confidence"][0] > 0.8
    assert areas["share of steps that hold"] == [0.5, 0.5, 0.5]
    assert fitted.factors["no_thought"] == fitted.factors["failed"] == 0  # they never differ
    assert fitted.figures["without_thought"]["answers"] == 0


def test_labels_without_a_reason_are_not_found(answers, hidden):
    rng = np.random.default_rng(1)
    noise = [replace(one, right=bool(rng.random() < 0.5)) for one in answers]
    value, low, _ = score.fit(noise, hidden).figures["with_thought"]["auc"]["marker"]
    assert low < 0.55
    assert value < 0.7


def test_answers_to_one_question_tell_nothing_of_each_other(answers):
    """Every question answered twice alike, right or wrong by chance: there is nothing to find."""
    rng = np.random.default_rng(4)
    drawn = [replace(one, right=bool(rng.random() < 0.5)) for one in answers]
    noise = np.repeat(rng.normal(size=(len(answers), 256)), 2, axis=0)
    twice = [one for one in drawn for _ in range(2)]
    assert score.fit(twice, noise).figures["with_thought"]["auc"]["marker"][0] < 0.7


def test_other_evidence_is_weighed_too(answers, hidden):
    rng = np.random.default_rng(2)
    told = [
        replace(
            one,
            right=(right := bool(rng.random() < 0.5)),
            evidence=replace(
                one.evidence, failed=0 if right else 3, thought=None if i % 5 == 0 else -1.0
            ),
        )
        for i, one in enumerate(answers)
    ]
    found = score.fit(told, hidden)
    assert found.factors["failed"] < -1
    assert found.figures["with_thought"]["auc"]["failed"][0] == 1.0
    assert found.figures["without_thought"]["answers"] == len(answers[::5])
    weigh = Score("w", found.bias, found.factors)
    right, wrong = (weigh.confidence(Evidence(0.0, -1.0, -1.0, n)) for n in (0, 3))
    assert right > wrong + 0.5


def test_too_few_of_a_kind_are_refused(answers, hidden):
    with pytest.raises(BadInput, match="raise --limit"):
        score.fit([replace(one, right=True) for one in answers], hidden)


@pytest.mark.parametrize("kind", ["BF16", "F32"])
def test_one_row_changes_and_no_other_byte(folder, kind):
    path = folder / "model.safetensors"
    before = path.read_bytes()
    if kind == "F32":
        from safetensors.numpy import save

        before = save(parse_safetensors(before))
    row = np.arange(32) / 64
    after = score.with_row(before, row)
    old, new = parse_safetensors(before), parse_safetensors(after)
    embed = "model.embed_tokens.weight"
    want = old[embed][UNSCORED] + row
    np.testing.assert_allclose(new[embed][SCORE], want, rtol=2**-8 if kind == "BF16" else 1e-6)
    new[embed][SCORE] = old[embed][SCORE]
    for name, tensor in old.items():
        np.testing.assert_array_equal(new[name], tensor)
    changed = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert changed[-1] - changed[0] < 32 * (2 if kind == "BF16" else 4)
    with pytest.raises(BadInput, match="F16"):
        score.with_row(before.replace(kind.encode(), b"F16 "[: len(kind)], 1), row)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_every_token_is_what_it_was(folder, fitted, temperature):
    def said():
        engine = Engine.load(folder, threads=1)
        options = {"temperature": temperature, "max_thought": 30, "max_answer": 30}
        some = engine.generate_ids(PROMPTS[:30], top_p=0.9, **options)
        some += engine.generate_ids(PROMPTS[30:60], **options)
        engine.close()
        return [(r.ids, r.stop) for r in some]

    before = said()
    # a row so large that it would be chosen at once, were it not barred
    score.install(folder, replace(fitted, row=100 * fitted.row))
    assert said() == before
    score.install(folder, fitted)
    assert said() == before


def test_what_was_fitted_stands_in_every_trace(folder, answers, fitted):
    async def traces():
        async with Reasoner(Embedded.load(folder, threads=1)) as reasoner:
            policy = Policy("vote", 4000, 30, samples=30, temperature=1.0)
            many = await reasoner.answer("q3", policy=policy)
            assert reasoner.model.capabilities.confidence == (many.confidence is not None)
            return many

    before = asyncio.run(traces())
    score.install(folder, fitted)
    after = asyncio.run(traces())
    assert [b.answer for b in after.branches] == [b.answer for b in before.branches]
    assert {b.confidence for b in before.branches} == {None}
    ended = [b for b in after.branches if b.evidence is not None]
    assert len(ended) >= 3
    weigh = Checkpoint.read(folder).score
    for branch in ended:
        assert branch.confidence == weigh.confidence(branch.evidence)
    # the marker is what the network says of the same tokens, read as a whole
    prompt = tokenizer.prompt([Message("user", "q3")], think=True)
    again = []
    for branch in ended:
        end = [tokenizer.UNTHINK, *branch.answer.encode(), tokenizer.END]
        ids = [*prompt, *branch.thought.encode(), *end]
        if "\ufffd" not in branch.thought + branch.answer:
            again.append((branch.evidence.marker, ids))
    hidden = score.states(folder, [Answered("t", i, True, WEAK, 0.5) for _, i in again])
    np.testing.assert_allclose([m for m, _ in again], hidden @ fitted.row, atol=0.05)


def test_an_answer_that_was_cut_has_no_marker(folder):
    async def cut():
        model = Embedded.load(folder, threads=1)
        samples = await collect(model, Request([Message("user", "q")], max_answer=1))
        samples += await collect(model, Request([Message("user", "q")], think=False, max_answer=1))
        await model.close()
        return samples

    assert {sample.marker for sample in asyncio.run(cut())} == {None}


def test_weights_that_change_lose_their_score(folder, fitted):
    score.install(folder, fitted)
    assert Checkpoint.read(folder).score is not None
    engine = Engine.load(folder, threads=1)
    engine.swap_weights(Checkpoint.read(folder).weights)
    assert engine.score is None
    engine.close()
    weights = Checkpoint.read(folder).weights
    weights["model.norm.weight"] = weights["model.norm.weight"] * 2
    (folder / "model.safetensors").write_bytes(dump_safetensors(weights))
    assert Checkpoint.read(folder).score is None


def test_transformers_still_loads_it(folder, fitted):
    transformers = pytest.importorskip("transformers")
    score.install(folder, fitted)
    loaded = transformers.AutoModelForCausalLM.from_pretrained(folder)
    row = loaded.state_dict()["model.embed_tokens.weight"]
    np.testing.assert_allclose((row[SCORE] - row[UNSCORED]).float().numpy(), fitted.row, atol=0.02)


def test_answers_are_collected_from_training_ground(folder, parity, monkeypatch):
    asked = []
    question = score.question
    monkeypatch.setattr(
        score, "question", lambda rng, *rest: asked.append(rng.getstate()) or question(rng, *rest)
    )
    done = []
    found = score.collect(folder, [catalogue.task(parity)], 6, threads=1, on_answer=done.append)
    assert done == [1, 2, 3, 4, 5, 6]
    from random import Random

    assert asked == [Random(seed).getstate() for seed in score.SEEDS[:6]]
    for one in found:
        assert one.ids[-1] == tokenizer.END
        assert one.ids.count(tokenizer.UNTHINK) == 1
        assert one.ids.index(tokenizer.UNTHINK) > one.ids.index(tokenizer.THINK)
        assert one.evidence.answer <= 0
    with pytest.raises(BadInput, match="out of range"):
        score.collect(folder, [], 10, seed=len(score.SEEDS) - 9)


def test_the_command(folder, parity, answers, fitted, monkeypatch, capsys):
    with pytest.raises(SystemExit) as left:
        main(["train", "score", str(folder), "--tasks", parity, "--limit", "4", "--threads", "1"])
    assert left.value.code == 2
    assert "raise --limit" in capsys.readouterr().err
    monkeypatch.setattr(score, "collect", lambda *a, **k: answers)
    with pytest.raises(SystemExit) as left:
        main(["train", "score", str(folder), "--tasks", parity])
    assert left.value.code == 0
    out = capsys.readouterr().out
    written = Checkpoint.read(folder)
    assert written.score is not None
    assert f"The weights are {written.weights_hash} now" in out
    assert "share of steps that hold" in out
    assert written.score.fit["with_thought"] == fitted.figures["with_thought"]


def test_nothing_is_written_where_that_cannot_be(tmp_path):
    with pytest.raises(BadInput, match="cannot be written"):
        score.install(tmp_path / "gone", Fitted(np.zeros(4), 0.0, {}, {}))
