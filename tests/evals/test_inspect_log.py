"""Inspect's logs, against the JSON schema of its `EvalLog`.

data/inspect_log.schema.json was made from inspect-ai itself (`EvalLog.model_json_schema()`); that
package brings some eighty others, too many for these tests.
"""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from secondthought.evals import inspect_log
from secondthought.evals.results import ResultFile, Row
from secondthought.messages import BadInput

SCHEMA = json.loads((Path(__file__).parent / "data" / "inspect_log.schema.json").read_text())


def row(i, effort="medium", **changes):
    fields = {
        "id": f"q{i}",
        "task": "gcd",
        "group": "gcd",
        "effort": effort,
        "got": f"it is {i}",
        "want": "3",
        "correct": i == 3,
        "reasoning_tokens": 90,
        "completion_tokens": 100,
        "seconds": 0.5,
        "finish_reason": "stop",
        "refused": False,
        "in_scope": True,
        "weights": "abc",
        "seed": 7,
        "temperature": None,
        "item": "f",
        "model": "http://h/v1#m",
        "question": "What?",
        "prompt_tokens": 10,
        "feedback": "" if i == 3 else "off",
    }
    return Row(**fields | changes)


def save(path, rows, *, finished=True):
    with ResultFile(path, []) as file:
        for one in rows:
            file.add(one)
        if finished:
            file.finish({"summary": True, "suite": "gcd"})
    return path


def logs(tmp_path, rows, **options):
    written = inspect_log.write(save(tmp_path / "r.jsonl", rows, **options), tmp_path / "logs")
    found = [json.loads(path.read_text()) for path in written]
    for log in found:
        faults = [
            f"{e.json_path}: {e.message}" for e in Draft202012Validator(SCHEMA).iter_errors(log)
        ]
        assert not faults
    return found


def test_one_log_for_each_model_and_effort(tmp_path):
    rows = [row(i, effort) for effort in ("none", "medium") for i in range(4)]
    rows += [row(i, model="other", error="gone", correct=False) for i in range(2)]
    none, medium, other = logs(tmp_path, rows)
    assert [log["eval"]["task_args"]["effort"] for log in (none, medium)] == ["none", "medium"]
    assert medium["eval"]["model"] == "secondthought/http://h/v1#m"
    assert medium["results"]["scores"][0]["metrics"]["accuracy"]["value"] == 0.25
    assert medium["stats"]["model_usage"]["secondthought/http://h/v1#m"] == {
        "input_tokens": 40,
        "output_tokens": 400,
        "total_tokens": 440,
        "reasoning_tokens": 360,
    }
    sample = medium["samples"][3]
    assert (sample["id"], sample["input"], sample["target"]) == ("q3", "What?", "3")
    assert sample["output"]["choices"][0]["message"]["content"] == "it is 3"
    assert [s["scores"]["secondthought"]["value"] for s in medium["samples"]] == ["I"] * 3 + ["C"]
    assert other["results"]["completed_samples"] == 0
    assert other["samples"][0]["error"]["message"] == "gone"
    names = [path.name for path in sorted((tmp_path / "logs").iterdir())]
    assert len(names) == 3
    assert all(name.endswith(".json") and "/" not in name for name in names)


def test_samples_are_epochs_and_a_stopped_run_is_cancelled(tmp_path):
    rows = [row(i, sample=s) for i in range(2) for s in range(3)]
    (log,) = logs(tmp_path, rows, finished=False)
    assert log["status"] == "cancelled"
    assert log["eval"]["config"]["epochs"] == 3
    assert [(s["id"], s["epoch"]) for s in log["samples"]][:3] == [("q0", 1), ("q0", 2), ("q0", 3)]


def test_the_schema_knows_its_fields(tmp_path):
    (log,) = logs(tmp_path, [row(1)])
    log["samples"][0]["outptu"] = log["samples"][0].pop("output")
    assert not Draft202012Validator(SCHEMA).is_valid(log)


def test_what_is_no_result_file(tmp_path):
    with pytest.raises(BadInput, match="holds no answers"):
        inspect_log.write(save(tmp_path / "r.jsonl", [], finished=False), tmp_path)
