"""How sure a model is: from the marker's log-odds to a probability, and the file beside it."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.messages import BadInput
from secondthought.models.engine.checkpoint import Checkpoint
from secondthought.models.engine.score import FILE, Score, signals
from secondthought.trace import Evidence

FACTORS = {"marker": 1.5, "thought": 1.0, "answer": 2.0, "failed": -3.0, "no_thought": -1.0}
finite = st.floats(-1e6, 1e6)
known = st.builds(
    Evidence, finite, st.none() | st.floats(-1e3, 0), st.floats(-1e3, 0), st.integers(0, 99)
)


@given(finite, known, finite)
def test_a_confidence_is_a_probability_and_grows_with_the_marker(bias, evidence, other):
    score = Score("w", bias, FACTORS)
    markers = sorted((evidence.marker, other))
    low, high = (score.confidence(replace(evidence, marker=m)) for m in markers)
    assert 0 <= low <= high <= 1


def test_the_evidence_is_weighed():
    score = Score("w", 0.25, FACTORS)
    assert signals(Evidence(1.0, -0.5, -0.25, 0)).keys() == FACTORS.keys()

    def odds(evidence):
        p = score.confidence(evidence)
        return math.log(p / (1 - p))

    assert odds(Evidence(1.0, -0.5, -0.25, 0)) == pytest.approx(0.25 + 1.5 - 0.5 - 0.5)
    assert odds(Evidence(1.0, -0.5, -0.25, 3)) == pytest.approx(0.75 - 3 * math.log(4))
    assert odds(Evidence(1.0, None, -0.25, 0)) == pytest.approx(0.25 + 1.5 - 0.5 - 1.0)


def test_it_is_read_back_for_the_same_weights_only(tmp_path):
    score = Score("abc", 0.5, FACTORS, {"answers": 3})
    assert Score.read(tmp_path, "abc") is None
    score.write(tmp_path)
    assert Score.read(tmp_path, "abc") == score
    assert Score.read(tmp_path, "other") is None


@pytest.mark.parametrize(
    "text", ["", "[]", '{"weights": "abc", "bias": 1}', '{"weights": "abc", "bias": "x"}']
)
def test_a_damaged_file_is_named(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(BadInput, match=r"score\.json is damaged"):
        Score.read(tmp_path, "abc")


def test_a_checkpoint_brings_its_own(random_folder, tmp_path):
    for file in random_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    read = Checkpoint.read(tmp_path)
    assert read.score is None
    (tmp_path / FILE).write_text(
        json.dumps({"weights": read.weights_hash, "bias": 1, "factors": FACTORS})
    )
    assert Checkpoint.read(tmp_path).score == Score(read.weights_hash, 1.0, FACTORS)
