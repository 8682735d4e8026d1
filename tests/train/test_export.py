"""The exported folder as other programs see it."""

import json

import numpy as np
import pytest

from secondthought.messages import BadInput, Message
from secondthought.models import embedded
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Engine
from secondthought.train.export import export_folder, qwen3_config, write_checkpoint

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("onnx")

CONFIG = qwen3_config(hidden=64, layers=2, heads=4, kv_heads=2, head_dim=16, ffn=96, context=256)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**CONFIG)).eval()


@pytest.fixture(scope="module")
def folder(network, tmp_path_factory):
    return write_checkpoint(tmp_path_factory.mktemp("export"), network.state_dict(), CONFIG)


def test_transformers_loads_it_unchanged(network, folder):
    loaded = transformers.AutoModelForCausalLM.from_pretrained(folder)
    assert loaded.dtype == torch.bfloat16
    for name, tensor in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor.to(torch.bfloat16)), name
    assert loaded.generation_config.eos_token_id == tokenizer.END


@pytest.mark.parametrize("think", [True, False])
@pytest.mark.parametrize(
    "messages",
    [
        [("user", "What is 12*34?")],
        [("system", "Be brief."), ("user", "한국어로  답해\n주세요 🙂 \x00\t")],
        [("developer", "d"), ("user", "a"), ("assistant", " b "), ("tool", "{}"), ("user", "\n")],
    ],
)
def test_the_chat_template_gives_our_tokens(folder, messages, think):
    theirs = transformers.AutoTokenizer.from_pretrained(folder)
    ids = theirs.apply_chat_template(
        [{"role": role, "content": content} for role, content in messages],
        add_generation_prompt=True,
        enable_thinking=think,
        return_dict=False,
    )
    assert ids == tokenizer.prompt([Message(r, c) for r, c in messages], think=think)


def test_the_tokenizer_knows_every_byte_and_marker(folder):
    theirs = transformers.AutoTokenizer.from_pretrained(folder)
    text = "".join(map(chr, range(0x250))) + "가힣 \u2028 🜚"
    assert theirs.encode(text, add_special_tokens=False) == tokenizer.encode(text)
    assert theirs.decode(tokenizer.encode(text)) == text
    assert theirs.convert_ids_to_tokens(list(range(256, 320))) == list(tokenizer.MARKERS)
    assert (theirs.eos_token_id, theirs.pad_token_id) == (tokenizer.END, tokenizer.PAD)
    assert len(theirs) == tokenizer.VOCAB


@pytest.mark.parametrize(
    ("think", "said", "thought", "answer"),
    [
        (True, "a\nb</think>8\n4<|end|>", "a\nb", "8\n4"),
        (False, "84<|end|>", None, "84"),
        (True, "a b<|end|>", "a b", None),
        (True, "a b", "a b", None),
    ],
)
def test_a_reply_is_taken_apart_by_transformers(folder, think, said, thought, answer):
    theirs = transformers.AutoTokenizer.from_pretrained(folder)
    prompt = theirs.apply_chat_template(
        [{"role": "user", "content": "is it <think> or <|assistant|>?"}],
        add_generation_prompt=True,
        enable_thinking=think,
        tokenize=False,
    )
    reply = theirs.parse_response(theirs.encode(said, add_special_tokens=False), prefix=prompt)
    assert (reply.get("reasoning_content"), reply.get("content")) == (thought, answer)


def test_text_without_special_tokens_still_shows_where_the_thought_ends(folder):
    theirs = transformers.AutoTokenizer.from_pretrained(folder)
    ids = [*tokenizer.encode("a"), tokenizer.UNTHINK, *tokenizer.encode("b"), tokenizer.END]
    assert theirs.decode(ids, skip_special_tokens=True) == "a</think>b"


@pytest.mark.parametrize("model", embedded.names())
@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer_config.json"])
def test_what_ships_is_what_is_written_now(folder, model, name):
    shipped, now = (json.loads((f / name).read_text()) for f in (embedded.find(model), folder))
    length = "model_max_length"  # the one thing that depends on the network
    assert {**shipped, length: 0} == {**now, length: 0}


def test_a_folder_of_transformers_becomes_the_same_checkpoint(network, folder, tmp_path):
    network.save_pretrained(tmp_path / "hf")
    again = export_folder(tmp_path / "hf", tmp_path / "out")
    for name in ("model.safetensors", "graph.onnx", "tokenizer.json"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()
    prompt = tokenizer.prompt([Message("user", "hi")], think=True)
    rollouts = []
    for path in (folder, again):
        engine = Engine.load(path)
        rollouts.append(engine.generate_ids([prompt], max_thought=20, max_answer=10))
        engine.close()
    assert rollouts[0] == rollouts[1]


def test_the_graph_holds_no_weights(folder):
    assert (folder / "graph.onnx").stat().st_size < 100_000


def test_compiled_and_numpy_states_are_taken_too(network, folder, tmp_path):
    state = {
        f"_orig_mod.{k}": v.to(torch.bfloat16).float().numpy()
        for k, v in network.state_dict().items()
    }
    assert all(isinstance(v, np.ndarray) for v in state.values())
    out = write_checkpoint(tmp_path, state, json.loads((folder / "config.json").read_text()))
    assert (out / "model.safetensors").read_bytes() == (folder / "model.safetensors").read_bytes()


def test_what_is_no_whole_network_is_not_exported(network, folder, tmp_path):
    state = dict(network.state_dict())
    norm = state.pop("model.norm.weight")
    with pytest.raises(BadInput, match=r"the weights lack 'model\.norm\.weight'"):
        write_checkpoint(tmp_path / "a", state, CONFIG)
    with pytest.raises(BadInput, match="weights norm have shape"):
        write_checkpoint(tmp_path / "a", {**state, "model.norm.weight": norm[:3]}, CONFIG)
    assert not (tmp_path / "a").exists()
    (tmp_path / "adapter_config.json").write_text("{}")
    with pytest.raises(BadInput, match="an adapter; merge it first"):
        export_folder(tmp_path, tmp_path / "a")
    network.save_pretrained(tmp_path / "parts", max_shard_size="50KB")
    with pytest.raises(BadInput, match="in several files"):
        export_folder(tmp_path / "parts", tmp_path / "a")
