from __future__ import annotations

import copy
import json
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondthought.cli.main import main
from secondthought.messages import BadInput
from secondthought.oversight.seal import (
    Seal,
    content,
    disclose,
    read_digests,
    read_disclosure,
    seal,
    verify,
)
from secondthought.trace import Branch, Step, Trace

ZEROS = "sha256:" + "0" * 64
# Any code point, halves of surrogate pairs too: byte tokens can make a model write anything.
texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    branches = [
        Branch(f"main.{i}", draw(texts), draw(texts)) for i in range(draw(st.integers(1, 4)))
    ]
    return Trace("m", "medium", "think", answer=draw(texts), branches=branches)


def tampered(thought: dict[str, Any], rng: Random) -> dict[str, Any]:
    """The same thought with one small change somewhere."""
    new = copy.deepcopy(thought)
    branch = rng.choice(new["branches"])
    field = rng.choice(["thought", "answer", "name"])
    text: str = branch[field]
    at = rng.randrange(len(text) + 1)
    match rng.randrange(7):
        case 0:
            branch[field] = text[:at] + rng.choice("a \n\u200b\u0301") + text[at:]
        case 1 if text:
            branch[field] = text[: at - 1] + text[at:] if at else text[1:]
        case 2 if text.swapcase() != text:
            branch[field] = text.swapcase()
        case 3:
            new["branches"].append({"name": "main.x", "thought": "", "answer": ""})
        case 4:
            new["branches"].remove(branch)
        case 5 if branch["thought"]:  # the border between two texts moves by one character
            branch["answer"] = branch["thought"][-1] + branch["answer"]
            branch["thought"] = branch["thought"][:-1]
        case _:
            new["answer"] += "."
    return new


@settings(max_examples=1000)
@given(traces())
def test_a_seal_verifies_after_a_round_trip(trace: Trace) -> None:
    given_out = seal(trace)
    disclosure = read_disclosure(json.dumps(disclose(trace, given_out).as_dict()))
    assert verify(trace, given_out)
    assert verify(disclosure.content, Seal(given_out.digest, disclosure.seal.salt))


@settings(max_examples=1000)
@given(traces(), st.integers(0, 2**32))
def test_a_changed_thought_does_not_verify(trace: Trace, seed: int) -> None:
    given_out = seal(trace)
    changed = tampered(content(trace), Random(seed))
    assert changed != content(trace)
    assert not verify(changed, given_out)


@given(traces(), st.integers(0, 255))
def test_a_changed_salt_or_digest_does_not_verify(trace: Trace, bit: int) -> None:
    good = seal(trace)

    def flipped(digits: str) -> str:
        return f"{int(digits, 16) ^ (1 << bit):064x}"

    assert not verify(trace, Seal(good.digest, flipped(good.salt)))
    assert not verify(trace, Seal("sha256:" + flipped(good.digest[7:]), good.salt))


def test_equal_thoughts_have_different_seals() -> None:
    trace = Trace("m", "medium", "think", branches=[Branch("main", "yes")])
    assert len({seal(trace).digest for _ in range(50)}) == 50


def test_what_is_not_thought_is_not_sealed() -> None:
    trace = Trace("m", "medium", "think", branches=[Branch("main", "yes")])
    good = seal(trace)
    trace.seconds, trace.branches[0].steps = 2.0, [Step("yes", "text")]
    assert verify(trace, good)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("", "JSON"),
        ("[" * 100_000, "JSON"),
        ("[]", "exactly"),
        ('{"seal": 1, "salt": "", "thought": {}}', "seal"),
        (json.dumps({"seal": ZEROS, "salt": 1, "thought": {}}), "salt"),
        (json.dumps({"seal": ZEROS, "salt": ZEROS[7:], "thought": {}}), "exactly"),
    ],
)
def test_what_cannot_be_read_is_bad_input(broken: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as error:
        read_disclosure(broken)
    assert "\n" not in str(error.value)


def test_a_key_that_stands_twice_is_refused() -> None:
    """Else a reader could see one thought while another one was hashed."""
    trace = Trace("m", "medium", "think", branches=[Branch("main", "good")])
    text = json.dumps(disclose(trace, seal(trace)).as_dict())
    assert read_disclosure(text).holds
    with pytest.raises(BadInput, match="twice"):
        read_disclosure(text.replace('"thought": "good"', '"thought": "evil", "thought": "good"'))
    with pytest.raises(BadInput, match="exactly"):
        read_disclosure(text.replace('"thought": "good"', '"thought": "good", "note": "x"'))


def test_a_trace_of_the_server_is_read_too() -> None:
    """And only while what it shows beside the disclosure is what the seal covers."""
    trace = Trace("m", "medium", "think", answer="4", branches=[Branch("main", "good", "4")])
    stored: dict[str, Any] = {
        "id": "resp_1",
        "choice": 0,
        "disclosure": disclose(trace, seal(trace)).as_dict(),
        "trace": asdict(trace),
    }
    found = read_disclosure(json.dumps(stored))
    assert found.holds
    assert found.content == content(trace)
    stored["trace"]["branches"][0]["thought"] = "evil"
    for shown in (stored["trace"], [], {"model": "m", "answer": "4", "branches": [1]}):
        with pytest.raises(BadInput, match="another thought"):
            read_disclosure(json.dumps({**stored, "trace": shown}))
    with pytest.raises(BadInput, match="exactly"):
        read_disclosure(json.dumps({**stored, "note": "x"}))


def test_digests_are_found_in_a_response() -> None:
    one, two = "sha256:" + "1" * 64, "sha256:" + "2" * 64
    body = {"choices": [{"seal": two}, {"seal": "x"}], "seal": one, "text": f'"seal": "{one}"'}
    assert sorted(read_digests(json.dumps(body))) == [one, two]
    assert read_digests(f" {one}\n") == [one]
    assert read_digests("no JSON") == []


# --- the command ---------------------------------------------------------------------------


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as leave:
        main(["verify-seal", *words])
    return int(leave.value.code or 0)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = Trace("m", "medium", "think", answer="4", branches=[Branch("main", "2+2=4 yes", "4")])
    good = seal(trace)
    thought, response = tmp_path / "thought.json", tmp_path / "response.json"
    thought.write_text(json.dumps(disclose(trace, good).as_dict()), "utf-8")
    response.write_text(json.dumps({"choices": [{"seal": good.digest}]}), "utf-8")
    assert run(str(thought), str(response)) == 0
    assert run(str(thought), good.digest) == 0
    assert "verified" in capsys.readouterr().out

    # The one who discloses another thought seals it anew; the kept seal shows it.
    trace.branches[0].thought = "2+2=5 yes"
    thought.write_text(json.dumps(disclose(trace, seal(trace)).as_dict()), "utf-8")
    assert run(str(thought), str(response)) == 1
    assert capsys.readouterr().out.startswith("not verified")
    assert run(str(thought), str(response), "--json") == 1
    assert json.loads(capsys.readouterr().out)["verified"] is False

    assert run(str(thought), str(thought)) == 2
    assert run(str(tmp_path / "none"), good.digest) == 2
    assert run(str(thought), str(tmp_path / "none")) == 2
    assert run(str(response), good.digest) == 2
    assert run(str(thought), good.digest[:-1]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 5
    assert "is no whole seal" in errors[-1]
    assert all(line.startswith("error: ") for line in errors)
