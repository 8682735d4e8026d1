"""The engine benchmark on tiny random weights: equal work, equal log-probs, and a report."""

import sys
from argparse import Namespace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

import engine
from runtimes import Ours, Transformers

from secondthought.models.engine.tokenizer import THINK, UNTHINK
from secondthought.train.export import qwen3_config, write_checkpoint


@pytest.fixture(scope="module")
def options(tmp_path_factory):
    config = qwen3_config(hidden=32, layers=2, heads=2, kv_heads=1, head_dim=16, ffn=64)
    torch.manual_seed(3)
    model = transformers.Qwen3ForCausalLM(
        transformers.Qwen3Config(**config | {"initializer_range": 0.3})
    )
    folder = write_checkpoint(tmp_path_factory.mktemp("tiny"), model.state_dict(), config)
    return Namespace(
        checkpoint=folder,
        threads=1,
        temperature=0.001,
        cap=12,
        runs=2,
        batches=[1, 3],
        tasks=["products", "countdown"],
        gguf=None,
        openvino=None,
    )


def test_prompts_are_ragged_repeatable_and_others_in_every_run():
    first = engine.prompts(4, 0, only=["products", "countdown"])
    assert first == engine.prompts(4, 0, only=["products", "countdown"])
    assert len({len(p) for p in first}) > 1
    assert all(p[-1] == THINK for p in first)
    assert not any(p in first for p in engine.prompts(4, 1, only=["products", "countdown"]))


def test_runtimes_do_the_same_work(options):
    batch = engine.prompts(3, 0, only=options.tasks)
    ours, theirs = (kind(options).run(batch, [0, 1, 2]) for kind in (Ours, Transformers))
    agreed = 0
    for (ids, scores), (other_ids, other_scores) in zip(ours, theirs, strict=True):
        assert len(ids) == len(scores) <= options.cap
        assert len(other_ids) == len(other_scores) <= options.cap
        for a, b, x, y in zip(ids, other_ids, scores, other_scores, strict=False):
            if a != b:  # a marker, which only ours rules out, or a near tie
                break
            assert x == pytest.approx(y, abs=1e-3)
            agreed += 1
    assert agreed >= 3


def test_a_thought_ends_at_its_marker_and_padding_is_no_work():
    from runtimes import _end

    assert _end([5, UNTHINK, 256, 256]) == 2
    assert _end([5, 6]) == 2


def test_report(options):
    found = engine.measure(options)
    ours = [r for r in found["results"] if r["runtime"] == "secondthought"]
    assert [r["batch"] for r in ours] == [1, 3]
    assert all(r["ratio"]["p50"] == 1 and len(r["runs"]) == 2 for r in ours)
    assert {"llama.cpp", "OpenVINO GenAI"} == set(found["skipped"])
    table = [line for line in engine.markdown(found).splitlines() if line.startswith("|")]
    assert len(table) == 4
    assert len({line.count("|") for line in table}) == 1
