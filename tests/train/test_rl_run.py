"""Runs on a tiny network: they learn, resume exactly, and say by name what went wrong."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from secondthought.messages import BadInput
from secondthought.models.engine.checkpoint import dump_safetensors, parse_safetensors
from secondthought.train import checkpoint
from secondthought.train.checkpoint import Diverged
from secondthought.train.curriculum import Seen
from secondthought.train.episodes import VerifierFailed
from secondthought.train.rl import Update, actions
from secondthought.train.rl_run import APART, CannotWrite, Recipe, Run, start

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def recipe(parity: str) -> Recipe:
    return Recipe(
        tasks=(parity,),
        steps=3,
        groups=4,
        size=4,
        max_thought=12,
        max_answer=6,
        refills=1,
        feedback=0.5,
        precision="float32",
        probe_steps=100,
        probe_items=8,
        learning_rate=3e-3,
    )


def run_of(out: Path, recipe: Recipe, source: Path | None) -> Run:
    return start(out, recipe, source=source, device="cpu", threads=1)


def lines(out: Path, name: str = "metrics.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / name).read_text("utf-8").splitlines()]


TIMES = ("seconds", "tokens_per_second", "sampled_per_second", "shares", "eta_seconds")


def untimed(record: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in record.items() if k not in TIMES}


@pytest.mark.parametrize("critic", [False, True])
def test_resume_is_exact(tmp_path: Path, tiny_folder: Path, recipe: Recipe, critic: bool) -> None:
    recipe = replace(recipe, critic=critic, until_wrong=critic)
    whole = run_of(tmp_path / "whole", recipe, tiny_folder)
    expected = [whole.train_step() for _ in range(3)]
    assert expected[-1]["trained"] > 0
    part = run_of(tmp_path / "part", recipe, tiny_folder)
    part.train_step()
    part.save()
    part.train_step()  # lost, as by kill -9
    part.close()
    resumed = run_of(tmp_path / "part", recipe, tiny_folder)
    assert resumed.step == 1
    got = [resumed.train_step() for _ in range(2)]
    assert [untimed(r) for r in got] == [untimed(r) for r in expected[1:]]
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, resumed.model.state_dict()[name]), name
        assert torch.equal(whole.ema.average[name], resumed.ema.average[name]), name
    assert [r["step"] for r in lines(tmp_path / "part")] == [1, 2, 3]
    whole.close()
    resumed.close()


CHILD = """
import json, sys
from pathlib import Path
from secondthought.train.rl_run import Recipe, start
out, source, recipe = sys.argv[1:]
run = start(Path(out), Recipe(**json.loads(recipe)), source=Path(source), device="cpu", threads=1)
for record in run.events():
    print(record["step"], flush=True)
"""


def test_kill_9_costs_nothing(tmp_path: Path, tiny_folder: Path, recipe: Recipe) -> None:
    recipe = replace(recipe, save_seconds=0)
    whole = run_of(tmp_path / "whole", recipe, tiny_folder)
    list(whole.events())
    whole.close()
    out = tmp_path / "killed"
    command = [sys.executable, "-c", CHILD, str(out), str(tiny_folder), json.dumps(asdict(recipe))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        shown = [child.stdout.readline().strip() for _ in range(3)]
        child.kill()  # as it saves the second step, or samples the third
    assert (shown, child.returncode) == (["0", "1", "2"], -signal.SIGKILL)
    left = checkpoint.latest(out)
    assert left is not None
    assert checkpoint.load(left)["step"] in (1, 2)
    resumed = run_of(out, recipe, None)
    list(resumed.events())
    resumed.close()
    assert whole.step == resumed.step == 3
    for name, value in whole.model.state_dict().items():
        assert torch.equal(value, resumed.model.state_dict()[name]), name
    for name in ("model", "best"):
        exported = Path(name, "model.safetensors")
        assert (out / exported).read_bytes() == (tmp_path / "whole" / exported).read_bytes()
    untold = {"probe_seconds", *TIMES}
    kept, expected = (
        [{k: v for k, v in r.items() if k not in untold} for r in lines(tmp_path / where)]
        for where in ("killed", "whole")
    )
    assert kept == expected


def test_what_is_exported_is_the_average_of_the_last_steps(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe
) -> None:
    run = run_of(tmp_path, replace(recipe, ema=0.99), tiny_folder)
    before = {k: v.clone() for k, v in run.weights().items()}
    run.train_step()
    now = run.weights()
    kept = parse_safetensors((run.export("best") / "model.safetensors").read_bytes())
    moved = 0
    for name, was in before.items():
        # the first of them counts 0.9: what was before is but a tenth
        expected = 0.1 * was + 0.9 * now[name]
        assert torch.allclose(torch.from_numpy(kept[name]), expected, rtol=0.01, atol=1e-4), name
        moved += int(not torch.equal(was, now[name]))
    assert moved
    run.close()


def test_it_learns(tmp_path: Path, tiny_folder: Path, recipe: Recipe, parity: str) -> None:
    even = parity.replace(":Parity", ":Even")
    wanted = replace(
        recipe,
        tasks=(even,),
        steps=30,
        groups=8,
        size=8,
        anchor=0.0,
        feedback=0.0,
        refills=0,
        max_thought=40,
        max_answer=40,
        probe_items=128,
        learning_rate=1e-2,
    )
    run = run_of(tmp_path, wanted, tiny_folder)
    records = list(run.events())
    run.close()
    probes = [r for r in records if "accuracy" in r]
    assert probes[-1]["sampled_accuracy"]["even"] > probes[0]["sampled_accuracy"]["even"] + 0.15
    assert probes[-1]["best"] == max(p["score"] for p in probes)
    steps = [r for r in records if "reward" in r]
    assert len(steps) == 30
    assert all(r["logprob_gap"] < 1e-3 for r in steps)
    assert all(a["flops"] < b["flops"] for a, b in pairwise(steps))
    shown = lines(tmp_path, "samples.jsonl")
    assert {s["step"] for s in shown} == {0, 30}
    assert (tmp_path / "best" / "graph.onnx").is_file()
    assert list(tmp_path.glob("events.out.tfevents.*"))


def test_unsettled_questions_are_asked_again(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe
) -> None:
    wanted = replace(recipe, again=1.0, anchor=0.0, feedback=0.0, groups=2, refills=0)
    run = run_of(tmp_path, wanted, tiny_folder)
    first = [run.ask(True) for _ in range(APART * 2 + 1)]
    assert all(ask.again is None for ask in first), "nothing waits yet"
    for ask in first:
        run.unsettled.put(Seen(ask.number, ask.task.name, ask.item.level))
    groups = run.collect().seen
    assert [g.ask.again for g in groups] == [first[0].number, first[1].number]
    assert [g.ask.item.question for g in groups] == [a.item.question for a in first[:2]]
    assert {g.ask.number for g in groups}.isdisjoint(a.number for a in first), "seeds of its own"
    assert run.curriculum.rates() == {}, "chosen questions say nothing of their level"
    left = [a.number for a in first[2:]] + [g.ask.again for g in groups if g.varied]
    assert [row[0] for row in run.unsettled.state()] == left
    while len(run.unsettled) >= APART * 2:
        run.unsettled.take()
    assert run.ask(True).again is None, "too few wait"
    run.save()
    resumed = run_of(tmp_path, wanted, None)
    assert resumed.unsettled.state() == run.unsettled.state()
    run.close()
    resumed.close()


def test_feedback_is_one_episode(tmp_path: Path, tiny_folder: Path, recipe: Recipe) -> None:
    run = run_of(tmp_path, replace(recipe, feedback=1.0), tiny_folder)
    collected = run.collect()
    run.close()
    twice = [e for g in collected.seen for e in g.episodes if len(e.segments) == 2]
    assert twice
    for episode in twice:
        first, second = episode.segments
        answer = first.ids[first.thought_len :]
        head = list(first.prompt)
        while head[-1] != 262:  # <|assistant|>
            head.pop()
        # token in, token out: the sampled answer stands in the second prompt as it was
        assert list(second.prompt[: len(head) + len(answer)]) == [*head, *answer]
        assert first.judged is episode.verdicts[0].passed
        assert second.judged is None
    wrong = [e for e in twice if not e.right]
    assert {e.value for e in wrong} <= {0.0, 0.5, None}


def test_a_step_that_had_nothing_to_learn_from_has_no_figures_of_an_update(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe, parity: str
) -> None:
    unlearnable = replace(recipe, groups=1, size=2, anchor=0.0, feedback=0.0, refills=0)
    run = run_of(tmp_path, replace(unlearnable, max_thought=2, max_answer=1), tiny_folder)
    record = run.train_step()  # one token never ends an answer
    run.close()
    assert record["groups"] == 0
    assert record["unfinished"] == 1
    for name in ("entropy", "logprob_gap", "logprob_gap_max", "clipped", "gradient_norm", "loss"):
        assert record[name] is None, name


def test_the_largest_gap_is_seen_beside_the_mean(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe
) -> None:
    run = run_of(tmp_path, replace(recipe, feedback=0.0, anchor=0.0), tiny_folder)
    found = [a for g in run.collect().kept for a in actions(g, 0.0)]
    run.close()
    found[0].segment.logprobs[0] -= 3
    update = run.learner.step(found, 16, 0.0)
    assert update.gap < 1
    assert update.gap_max == pytest.approx(3, abs=1e-3)


def test_a_broken_verifier_has_a_name(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe, parity: str
) -> None:
    broken = parity.replace(":Parity", ":Broken")
    run = run_of(tmp_path, replace(recipe, tasks=(broken,)), tiny_folder)
    with pytest.raises(VerifierFailed, match=r"verifier of broken broke on .*no such server"):
        run.train_step()
    run.close()


def test_a_full_disk_has_a_name(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(tmp_path, recipe, tiny_folder)
    run.train_step()
    run.save()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(torch, "save", full)
        with pytest.raises(CannotWrite, match="No space left"):
            run.save()
    for way in ("write_bytes", "replace"):  # while it writes, and when what is new takes its place
        with monkeypatch.context() as patch:
            patch.setattr(Path, way, full)
            with pytest.raises(CannotWrite, match="No space left"):
                run.save()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(CannotWrite, match="No space left"):
            run.probe()
    run.close()
    assert [p.name for p in checkpoint.found(tmp_path)] == ["step-0000001.pt"]
    assert not list(tmp_path.glob("*.part"))


def test_a_log_that_cannot_be_put_aside_has_a_name(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe
) -> None:
    (tmp_path / "metrics.jsonl").write_text("")
    (tmp_path / "metrics.jsonl.old" / "in the way").mkdir(parents=True)
    with pytest.raises(CannotWrite, match=r"cannot move .*metrics\.jsonl away"):
        run_of(tmp_path, recipe, tiny_folder)


def test_a_resume_leaves_the_average_in_the_model_folder(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe
) -> None:
    run = run_of(tmp_path, replace(recipe, ema=0.99), tiny_folder)
    run.train_step()
    run.save()
    run.close()
    saved = (tmp_path / "model" / "model.safetensors").read_bytes()
    run_of(tmp_path, replace(recipe, ema=0.99), None).close()
    assert (tmp_path / "model" / "model.safetensors").read_bytes() == saved


def test_divergence_ends_the_run(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(tmp_path, recipe, tiny_folder)
    monkeypatch.setattr(run.learner, "step", lambda *_: Update(finite=False))
    assert run.train_step()["skipped"] == 1
    run.train_step()
    with pytest.raises(Diverged, match="3 updates in a row"):
        run.train_step()
    run.close()


def test_stopping_ends_after_the_step(tmp_path: Path, tiny_folder: Path, recipe: Recipe) -> None:
    run = run_of(tmp_path, recipe, tiny_folder)
    for record in run.events():
        run.stop = "reward" in record
    run.close()
    assert run.step == 1
    assert [p.name for p in checkpoint.found(tmp_path)] == ["step-0000001.pt"]


def test_wrong_folders_are_named(tmp_path: Path, tiny_folder: Path, recipe: Recipe) -> None:
    with pytest.raises(BadInput, match="name a model with -m"):
        run_of(tmp_path / "none", recipe, None)
    run = run_of(tmp_path / "a", recipe, tiny_folder)
    run.save()
    run.close()
    other = run_of(tmp_path / "b", recipe, tiny_folder)
    other.ema.average["embed.weight"] += 1
    other.export("model")
    other.close()
    with pytest.raises(BadInput, match="began from the weights"):
        run_of(tmp_path / "a", recipe, tmp_path / "b" / "model")
    with pytest.raises(BadInput, match=r"0\.9 of 2 groups leaves no question"):
        run_of(tmp_path / "c", replace(recipe, groups=2, anchor=0.9), tiny_folder)
    with pytest.raises(BadInput, match="--seed 99"):
        run_of(tmp_path / "c", replace(recipe, seed=99), tiny_folder)


def test_a_run_of_other_tasks_is_not_gone_on_with(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe, parity: str
) -> None:
    run = run_of(tmp_path, recipe, tiny_folder)
    run.save()
    run.close()
    other = replace(recipe, tasks=(parity.replace(":Parity", ":Even"),))
    with pytest.raises(BadInput, match="is of parity"):
        run_of(tmp_path, other, None)


def test_what_is_not_finite_is_null_in_the_log(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe
) -> None:
    run = run_of(tmp_path, recipe, tiny_folder)
    run.log("metrics.jsonl", {"step": 1, "loss": float("nan"), "entropy": float("inf"), "k": 4})
    run.close()
    assert lines(tmp_path) == [{"step": 1, "loss": None, "entropy": None, "k": 4}]


def test_the_best_is_known_after_a_resume(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe
) -> None:
    run = run_of(tmp_path, recipe, tiny_folder)
    run.train_step()
    run.save()
    run.probe()  # as after the last step, when all is saved
    run.close()
    resumed = run_of(tmp_path, recipe, None)
    assert resumed.best == run.best > -1
    resumed.close()


def test_runs_with_other_seeds_draw_other_noise(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[set[int]] = []
    for seed in (0, 1, 29):
        run = run_of(tmp_path / str(seed), replace(recipe, seed=seed, refills=0), tiny_folder)
        asked, generate = set[int](), run.sampler.generate

        def spy(prompts: Any, seeds: Any, **more: Any) -> Any:
            assert asked.isdisjoint(seeds)  # noqa: B023 - called in this round only
            asked.update(seeds)  # noqa: B023
            return generate(prompts, seeds, **more)  # noqa: B023

        monkeypatch.setattr(run.sampler, "generate", spy)
        run.collect()
        run.close()
        drawn.append(asked)
    assert all(len(asked) >= 16 for asked in drawn)
    assert drawn[0].isdisjoint(drawn[1] | drawn[2])
    assert drawn[1].isdisjoint(drawn[2])


def test_a_run_that_left_no_checkpoint_leaves_no_lines_in_the_next_ones_log(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe
) -> None:
    for _ in range(2):  # the first is killed before its first checkpoint
        run = run_of(tmp_path, recipe, tiny_folder)
        run.probe()
        run.train_step()
        run.close()
    assert [r["step"] for r in lines(tmp_path)] == [0, 1]
    assert {s["step"] for s in lines(tmp_path, "samples.jsonl")} == {0}
    assert len(lines(tmp_path, "metrics.jsonl.old")) == 2


def test_a_probe_is_logged_before_its_checkpoint(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(tmp_path, recipe, tiny_folder)
    run.train_step()
    monkeypatch.setattr(run, "save", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run.probe()
    run.close()
    assert "accuracy" in lines(tmp_path)[-1]


def test_the_options_are_kept_and_from_which_step_on(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe
) -> None:
    run = run_of(tmp_path, recipe, tiny_folder)
    run.train_step()
    run.save()
    run.close()
    run_of(tmp_path, recipe, None).close()
    [first] = lines(tmp_path, "recipe.jsonl")
    assert first["recipe"]["learning_rate"] == 3e-3
    assert first["source"]["hash"] == run.source["hash"]
    assert first["trained_in"] == "float32"
    changed = run_of(tmp_path, replace(recipe, steps=9), None)
    changed.train_step()  # lost, as by kill -9
    changed.close()
    run_of(tmp_path, replace(recipe, steps=7), None).close()
    assert [(r["step"], r["recipe"]["steps"]) for r in lines(tmp_path, "recipe.jsonl")] == [
        (0, 3), (1, 9), (1, 7)
    ]  # fmt: skip


def test_a_run_by_trl_is_left_alone(tmp_path: Path, tiny_folder: Path, recipe: Recipe) -> None:
    (tmp_path / "checkpoint-50").mkdir()
    with pytest.raises(BadInput, match="run by TRL"):
        run_of(tmp_path, recipe, tiny_folder)
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint-50"]


def test_weights_that_are_not_of_their_config_are_named(
    tmp_path: Path, tiny_folder: Path, recipe: Recipe
) -> None:
    folder = shutil.copytree(tiny_folder, tmp_path / "model")
    weights = parse_safetensors((folder / "model.safetensors").read_bytes())
    del weights["model.norm.weight"]
    (folder / "model.safetensors").write_bytes(dump_safetensors(weights))
    with pytest.raises(BadInput, match="the weights lack"):
        run_of(tmp_path / "run", recipe, folder)
