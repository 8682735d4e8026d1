"""Tasks as other trainers get them: what is written, and that its reward is our verdict."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from secondthought.messages import BadInput
from secondthought.tasks import catalogue, scoring
from secondthought.tasks.base import TRAIN_SEEDS
from secondthought.train.questions import SEEDS, VALIDATION_SEEDS, rows
from secondthought.train.tasks_export import export
from tests.train.conftest import PARITY

EACH = 2  # questions a task, over all levels below

CHECK = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("reward", sys.argv[1])
reward = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reward)
found = []
for line in sys.stdin:
    row = json.loads(line)
    given = row["data_source"], row["reply"], row["ground_truth"], row["extra_info"]
    found.append(reward.compute_score(*given))
print(json.dumps(found))
"""


def judged(reward: Path, asked: list[dict[str, Any]]) -> list[float]:
    """What the reward file says, in a fresh process that has only the package."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(reward)],
        input="".join(json.dumps(row) + "\n" for row in asked),
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def verl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'secondthought[trl]'")
    out = tmp_path_factory.mktemp("verl")
    export("verl", catalogue.names(), out, n=13 * EACH, n_validation=13)
    return out


def test_verls_columns(verl: Path) -> None:
    import pyarrow.parquet as parquet

    table = parquet.read_table(verl / "train.parquet")
    assert table.column_names == ["data_source", "prompt", "ability", "reward_model", "extra_info"]
    assert str(table.schema.field("prompt").type) == (
        "list<element: struct<role: string, content: string>>"
    )
    found = table.to_pylist()
    assert len(found) == 13 * EACH
    assert {row["extra_info"]["task"] for row in found} == set(catalogue.names())
    assert [row["extra_info"]["index"] for row in found] == list(range(13 * EACH))
    assert all(row["reward_model"]["style"] == "rule" for row in found)
    watched = parquet.read_table(verl / "validation.parquet").to_pylist()
    assert {row["extra_info"]["split"] for row in watched} == {"validation"}
    questions = [row["prompt"][-1]["content"] for row in [*found, *watched]]
    assert len(set(questions)) == len(questions)


def test_the_reward_file_knows_right_from_nearly_right_on_all_tasks(verl: Path) -> None:
    import pyarrow.parquet as parquet

    asked: list[dict[str, Any]] = []
    wanted: list[float] = []
    tried: set[str] = set()
    for row in parquet.read_table(verl / "train.parquet").to_pylist():
        task, item = scoring.unpack(row["extra_info"]["item"])
        gold = row["reward_model"]["ground_truth"]
        misses = task.near_misses(item, Random(0))[:2]
        replies = [
            (gold, 1.0),
            (f"<think>\nwell, Answer: 7\n</think>\n\n**Answer:** {gold}", 1.0),
            (f"Let me think.\n\nAnswer:\n{gold}\n", 1.0),
            (f"<think>\nAnswer: {gold}", 0.0),
            (f"Answer: {gold}\nAnswer: none", 0.0),
            *((f"So be it.\nAnswer: {miss}", 0.0) for miss in misses),
        ]
        if misses:
            tried.add(task.name)
        for reply, value in replies:
            asked.append({**row, "reply": reply, "ground_truth": gold})
            wanted.append(value)
    assert tried == set(catalogue.names())
    found = judged(verl / "reward.py", asked)
    wrong = [a["reply"] for a, f, w in zip(asked, found, wanted, strict=True) if f != w]
    assert wrong == []


@pytest.mark.parametrize("name", catalogue.names())
def test_a_packed_item_is_judged_like_the_item_at_every_level(name: str) -> None:
    task = catalogue.task(name)
    for level in task.levels:
        [row] = rows([name], 1, level=level)
        again, item = scoring.unpack(row.packed)
        for text in (row.item.answer, *task.near_misses(row.item, Random(0))[:3], "", "7"):
            assert again.verify(item, text).passed == task.verify(row.item, text).passed


def test_seeds_are_training_ground_of_their_own() -> None:
    assert TRAIN_SEEDS.start <= SEEDS.start < SEEDS.stop <= VALIDATION_SEEDS.start
    assert VALIDATION_SEEDS.stop <= TRAIN_SEEDS.stop
    assert all(row.seed in SEEDS for row in rows(["gcd"], 5))
    first = [row.item.question for row in rows(["gcd"], 5)]
    assert first != [row.item.question for row in rows(["gcd"], 5, first=1000)]


def test_a_hanging_verifier_is_named_and_does_not_hang_the_trainer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = Path(PARITY.rpartition(":")[0]).read_text("utf-8")
    path = tmp_path / "slow.py"
    path.write_text(f"import time\n{text.replace('return Verdict.of(', 'time.sleep(60) or (')}")
    [row] = rows([f"{path}:Parity"], 1)
    monkeypatch.setattr(scoring, "SECONDS", 0.5)
    scoring._child.cache_clear()
    with pytest.raises(scoring.Unscorable, match=r"slow\.py:Parity gave no verdict: took more"):
        scoring.score(row.packed, "b")
    scoring._child.cache_clear()
    assert scoring.score(next(rows(["gcd"], 1)).packed, "no") == 0.0


def test_text_that_is_no_item_is_refused() -> None:
    for text in ("{", "[]", '{"task": "gcd"}', '{"task": "gdc"}'):
        with pytest.raises(BadInput):
            scoring.unpack(text)


def environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The written module, with the two classes of earlier `verifiers` that it names. (With 0.4,
    which has many dependencies, it was tried by hand: the taskset loads and its reward scores.)"""
    stand_in = ModuleType("verifiers")
    stand_in.SingleTurnEnv = SimpleNamespace  # type: ignore[attr-defined]
    stand_in.Rubric = SimpleNamespace  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "verifiers", stand_in)
    path = folder / "secondthought_puzzles.py"
    spec = importlib.util.spec_from_file_location("secondthought_puzzles", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_environment_loads_and_rewards(tmp_path: Path, monkeypatch: Any) -> None:
    pytest.importorskip("datasets", reason="needs datasets: pip install 'secondthought[trl]'")
    export("verifiers", catalogue.names(), tmp_path, n=26, n_validation=13)
    module = environment(tmp_path, monkeypatch)
    loaded: Any = module.load_environment()
    assert len(loaded.dataset) == 26
    assert len(loaded.eval_dataset) == 13
    [right] = loaded.rubric.funcs
    for row in loaded.dataset:
        said = f"Answer: {row['answer']}"
        for completion in ([{"role": "assistant", "content": said}], said):
            assert right(completion=completion, answer=row["answer"], info=row["info"]) == 1.0
        message = SimpleNamespace(role="assistant", content="Answer: nothing of it")
        assert right(completion=[message], answer="", info=json.loads(row["info"])) == 0.0
    assert set(loaded.dataset.column_names) == {"prompt", "answer", "info"}
    few: Any = module.load_environment(tasks="gcd,products", n=4, n_eval=2)
    assert {json.loads(json.loads(r["info"])["item"])["task"] for r in few.dataset} == {
        "gcd",
        "products",
    }


def test_no_question_is_both_trained_on_and_watched(tmp_path: Path, monkeypatch: Any) -> None:
    pytest.importorskip("datasets", reason="needs datasets: pip install 'secondthought[trl]'")
    export("verifiers", [PARITY], tmp_path, n=200, n_validation=200)
    loaded: Any = environment(tmp_path, monkeypatch).load_environment(n=5, n_eval=200)
    trained, watched = (
        {row["prompt"][-1]["content"] for row in found}
        for found in (loaded.dataset, loaded.eval_dataset)
    )
    assert watched
    assert trained.isdisjoint(watched)


def test_a_level_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="gcd has levels"):
        export("verifiers", ["gcd"], tmp_path, level=99)
    assert list(tmp_path.iterdir()) == []
