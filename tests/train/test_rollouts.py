"""Both samplers draw the same completions, and the mask says what was the policy's own doing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from secondthought.messages import Message
from secondthought.models.base import ModelError
from secondthought.models.engine import sampling, tokenizer
from secondthought.models.engine.engine import Rollout
from secondthought.trace import StopReason
from secondthought.train.folder import read_model
from secondthought.train.model import Transformer
from secondthought.train.rollouts import EngineSampler, loss_mask
from secondthought.train.torch_sampler import TorchSampler, gumbel


@pytest.fixture(scope="module")
def engine(tiny_folder: Path) -> Iterator[EngineSampler]:
    sampler = EngineSampler(tiny_folder, max_rows=8, threads=1)
    yield sampler
    sampler.close()


@pytest.fixture(scope="module")
def network(tiny_folder: Path) -> Transformer:
    weights, shape, _ = read_model(tiny_folder)
    model = Transformer(shape)
    model.load_state_dict(weights)
    return model


def _prompts() -> list[list[int]]:
    texts = ["hi", "12*34?", "a much longer question about nothing at all", "", "hi", "z" * 130]
    return [tokenizer.prompt([Message("user", t)], think=i % 3 != 2) for i, t in enumerate(texts)]


def test_the_noise_is_the_engines() -> None:
    seeds = [0, 1, 2**63 + 5, 2**64 - 1, -3]
    ours = gumbel(
        torch.tensor([s - 2**64 if s >= 2**63 else s for s in seeds]), torch.arange(5) + 7, 320
    )
    unsigned = np.array([s & (2**64 - 1) for s in seeds], np.uint64)
    theirs = sampling.gumbel(unsigned, np.arange(7, 12, dtype=np.int32), 320)
    np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-5, atol=1e-5)


def test_a_watched_thought_ends_at_the_line_that_is_refused(
    engine: EngineSampler, network: Transformer
) -> None:
    prompts = [tokenizer.prompt([Message("user", "hi")], think=True)] * 32
    stops: list[StopReason] = []
    for sampler in (engine, TorchSampler(network, device="cpu")):
        heard: list[list[bytes]] = [[] for _ in prompts]

        def first(thought: bytes, lines: list[bytes]) -> bool:
            lines.append(thought)
            return True

        watch = [partial(first, lines=lines) for lines in heard]
        made = sampler.generate(prompts, range(32), max_thought=300, watch=watch)
        for rollout, lines in zip(made, heard, strict=True):
            assert all(line.endswith(b"\n") for line in lines)
            if rollout.stop is StopReason.CANCELLED:
                assert bytes(rollout.ids) == lines[0]
                assert rollout.thought_len == len(rollout.ids) == len(rollout.logprobs)
            else:
                assert not lines
        stops += [rollout.stop for rollout in made]
    assert stops[:32] == stops[32:]
    assert StopReason.CANCELLED in stops


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_both_samplers_agree(
    engine: EngineSampler, network: Transformer, temperature: float
) -> None:
    prompts = _prompts()
    stops: set[StopReason] = set()
    # thoughts that end by themselves, and at their cap; answers that are cut
    for max_thought, max_answer in ((60, 20), (2, 20), (2, 1)):
        limits = {
            "temperature": temperature,
            "max_thought": max_thought,
            "max_answer": max_answer,
        }
        expected = engine.generate(prompts, range(6), **limits)
        for rows in (4, 512):  # several batches, and one
            got = TorchSampler(network, device="cpu", max_rows=rows).generate(
                prompts, range(6), **limits
            )
            for a, b in zip(expected, got, strict=True):
                assert (a.ids, a.stop, a.thought_len, a.forced) == (
                    b.ids,
                    b.stop,
                    b.thought_len,
                    b.forced,
                )
                np.testing.assert_allclose(a.logprobs, b.logprobs, atol=2e-4)
        stops |= {r.stop for r in expected}
    assert len(stops) > 1  # the comparison met more than one ending


def test_both_hold_the_same_questions(engine: EngineSampler, network: Transformer) -> None:
    samplers = engine, TorchSampler(network, device="cpu")
    long = [65] * 990
    for sampler in samplers:
        with pytest.raises(ModelError, match="this model holds 1024") as error:
            sampler.generate([[*long, tokenizer.THINK]], [0], max_thought=30, max_answer=20)
        assert error.value.kind == "context"
        at_once = [*long, tokenizer.THINK, tokenizer.UNTHINK]
        assert sampler.generate([at_once], [0], max_thought=30, max_answer=20)[0].ids


def test_logprobs_are_the_networks(engine: EngineSampler, network: Transformer) -> None:
    [prompt] = _prompts()[:1]
    [rollout] = engine.generate([prompt], [5], max_thought=40, max_answer=20)
    ids = torch.tensor([[*prompt, *rollout.ids]])
    with torch.no_grad():
        logs = network(ids)[0, len(prompt) - 1 : -1].log_softmax(-1)
    picked = logs.gather(1, ids[0, len(prompt) :, None])[:, 0]
    np.testing.assert_allclose(picked.numpy(), rollout.logprobs, atol=2e-4)


def test_loaded_weights_are_used(tiny_folder: Path, network: Transformer) -> None:
    from secondthought.train.model import to_hf

    torch.manual_seed(9)
    other = Transformer(network.shape)
    sampler = EngineSampler(tiny_folder, threads=1)
    limits = {"temperature": 1.0, "max_thought": 30, "max_answer": 10}
    before = sampler.generate(_prompts(), range(6), **limits)
    sampler.load(to_hf(other.state_dict(), other.shape))
    after = sampler.generate(_prompts(), range(6), **limits)
    sampler.close()
    expected = TorchSampler(other, device="cpu").generate(_prompts(), range(6), **limits)
    assert [r.ids for r in after] == [r.ids for r in expected] != [r.ids for r in before]


def _rollout(stop: StopReason, forced: bool = False) -> Rollout:
    return Rollout([65, 66, tokenizer.UNTHINK, 67, tokenizer.END], [-1.0] * 5, stop, 3, forced)


@pytest.mark.parametrize(
    ("rollout", "mask"),
    [
        (_rollout(StopReason.STOP), [1, 1, 1, 1, 1]),
        (_rollout(StopReason.LENGTH), [0, 0, 0, 0, 0]),
        (_rollout(StopReason.THOUGHT_CAP, forced=True), [1, 1, 0, 1, 1]),
        (_rollout(StopReason.REPETITION, forced=True), [1, 1, 0, 1, 1]),
    ],
)
def test_loss_mask(rollout: Rollout, mask: list[int]) -> None:
    assert loss_mask(rollout) == [bool(m) for m in mask]
