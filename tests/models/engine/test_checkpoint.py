import hashlib
import json
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.messages import BadInput
from secondthought.models.engine.checkpoint import (
    Checkpoint,
    Config,
    dump_safetensors,
    parse_safetensors,
)
from secondthought.train.export import qwen3_config


@given(st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=1, max_size=20))
def test_bf16_is_the_nearest_of_its_neighbours(values):
    exact = np.array(values, np.float32)
    stored = parse_safetensors(dump_safetensors({"x": exact}))["x"]
    bits = stored.view(np.uint32)
    assert not (bits & 0xFFFF).any()
    gap = np.abs(stored.astype(np.float64) - exact)
    for step in (-0x10000, 0x10000):
        other = (bits.astype(np.int64) + step).astype(np.uint32).view(np.float32)
        other = np.where(np.isfinite(other), other, np.inf)
        assert (gap <= np.abs(other.astype(np.float64) - exact)).all()
    assert np.array_equal(parse_safetensors(dump_safetensors({"x": stored}))["x"], stored)


def test_ties_go_to_even():
    ties = np.array([0x3F808000, 0x3F818000], np.uint32).view(np.float32)
    stored = parse_safetensors(dump_safetensors({"x": ties}))["x"].view(np.uint32)
    assert [hex(b) for b in stored] == ["0x3f800000", "0x3f820000"]


def test_reads_what_safetensors_writes():
    numpy_writer = pytest.importorskip("safetensors.numpy")
    arrays = {
        "a": np.arange(6, dtype=np.float32).reshape(2, 3),
        "b": np.array([0.5, -2], np.float16),
    }
    read = parse_safetensors(numpy_writer.save(arrays))
    assert read["b"].dtype == np.float32
    assert all(np.array_equal(read[k], arrays[k]) for k in arrays)


@pytest.mark.parametrize("cut", [0, 5, 60, -1])
def test_a_damaged_file_is_bad_input(cut):
    data = dump_safetensors({"x": np.ones((4, 4), np.float32)})
    with pytest.raises(BadInput, match="damaged"):
        parse_safetensors(data[:cut])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model_type": "llama"}, "qwen3"),
        ({"attention_bias": True}, "bias"),
        ({"vocab_size": 32000}, "32000"),
        ({"rope_parameters": {"rope_type": "yarn", "rope_theta": 1e4}}, "rotary"),
        ({"head_dim": None}, "garbles"),
    ],
)
def test_a_config_this_engine_cannot_run_is_bad_input(change, says):
    with pytest.raises(BadInput, match=says):
        Config.from_json(qwen3_config() | change)


def test_folder_and_hash(random_folder, tmp_path):
    checkpoint = Checkpoint.read(random_folder)
    digest = hashlib.sha256((random_folder / "model.safetensors").read_bytes()).hexdigest()
    assert checkpoint.weights_hash == digest[:12]
    copy = shutil.copytree(random_folder, tmp_path / "copy")
    (copy / "graph.onnx").unlink()
    with pytest.raises(BadInput, match=r"graph\.onnx"):
        Checkpoint.read(copy)
    (copy / "graph.onnx").write_bytes(b"")
    (copy / "config.json").write_text("{")
    with pytest.raises(BadInput, match="not JSON"):
        Checkpoint.read(copy)


def test_rope_theta_is_read_from_either_place():
    raw = qwen3_config(rope_theta=123.0)
    old = {k: v for k, v in raw.items() if k != "rope_parameters"}
    new = json.loads(json.dumps({k: v for k, v in raw.items() if k != "rope_theta"}))
    assert Config.from_json(old).rope_theta == Config.from_json(new).rope_theta == 123.0
