"""The page's files, what the server tells the page, and what the inspector is told of a trace."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import asdict
from importlib.resources import files
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.models.embedded import ALIASES
from secondthought.reasoner import Reasoner
from secondthought.server import pages
from secondthought.server.inspection import inspection, taken_back
from secondthought.tasks import expression, steps
from tests.server.conftest import Serve

FILES = {
    file.name: file.read_text("utf-8")
    for file in (files("secondthought.server") / "page").iterdir()
    if file.is_file()
}
SCRIPTS = "\n".join(text for name, text in FILES.items() if name.endswith(".js"))
PAGES = "\n".join(text for name, text in FILES.items() if name.endswith(".html"))

WRONG_TURN = "24*4=96 left 8 1 6; 96/8=12 left 1 6; 1+6=7 6-1=5 1*6=6 6/1=6 no"
THOUGHT = f"make 24: 4 8 1 6\n{WRONG_TURN}\n24/8=4 left 4 1 6; 1+6=7 yes\n(1+6=7 -4)=3 *8=24 yes"


# --- the files -----------------------------------------------------------------------------------


def addresses() -> list[str]:
    named = re.findall(r'(?:href|src)="(/[^"]*)"', PAGES)
    imported = [f"/page/{name}" for name in re.findall(r'from "\./([^"]+)"', SCRIPTS)]
    return sorted({"/", "/inspect/resp_1", *named, *imported})


def test_every_file_is_served_with_its_type_and_the_same_strict_headers(serve: Serve) -> None:
    server = serve()
    server.key()  # the files themselves need no key
    kinds = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg"}
    assert len(addresses()) == len(FILES), "a file is not used, or one that is used is missing"
    for address in addresses():
        reply = server.http.get(address)
        assert reply.status_code == 200, address
        kind = address.rpartition(".")[2] if "." in address else "html"
        assert reply.headers["content-type"].startswith(kinds[kind])
        policy = reply.headers["content-security-policy"]
        assert policy == pages.CSP
        assert "unsafe" not in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"


def test_a_file_that_is_known_is_not_sent_again(serve: Serve) -> None:
    server = serve()
    first = server.http.get("/page/main.js")
    assert first.headers["cache-control"] == "no-cache"
    again = server.http.get("/page/main.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    weak = f'"other", W/{first.headers["etag"]}'
    assert server.http.get("/page/main.js", headers={"if-none-match": weak}).status_code == 304
    assert server.http.get("/page/css", headers={"if-none-match": '"x"'}).status_code == 404
    assert server.http.get("/page/..%2fpages.py").status_code == 404


def test_nothing_comes_from_elsewhere_and_no_text_becomes_html() -> None:
    known = {"http://127.0.0.1:8000/v1", "http://www.w3.org/2000/svg"}
    assert set(re.findall(r"https?://[^\s\"'<>);]+", "\n".join(FILES.values()))) == known
    unsafe = (
        r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc)"
    )
    assert not re.findall(unsafe, SCRIPTS)
    assert not re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", PAGES)


def test_both_languages_have_all_words() -> None:
    def read(language: str) -> dict[str, str]:
        return dict(re.findall(r'^  (\w+): "(.*)",$', FILES[f"words.{language}.js"], re.MULTILINE))

    english, korean = read("en"), read("ko")
    assert len(english) == FILES["words.en.js"].count('",\n') > 80
    assert english.keys() == korean.keys()
    for name in english:
        fields = [sorted(set(re.findall(r"\{(\w+)\}", text[name]))) for text in (english, korean)]
        assert fields[0] == fields[1], name
    used = re.findall(r'words\("(\w+)"', SCRIPTS)
    used += re.findall(r'data-(?:words|label|placeholder)="(\w+)"', PAGES)
    assert set(used) <= english.keys()


def test_text_can_be_read_in_both_colour_schemes() -> None:
    """WCAG AA: a contrast of at least 4.5 between every colour of text and every ground."""
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", FILES["page.css"], re.DOTALL)
    )
    assert light.keys() >= dark.keys() > {"ink", "paper"}
    for colours in (light, dark):
        pairs = [
            *product(("ink", "soft", "accent", "good", "bad"), ("paper", "raised", "sunk", "tint")),
            ("on-accent", "accent"),
            ("paper", "bad"),
        ]
        for text, ground in pairs:
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground, colours)


def contrast(one: str, other: str) -> float:
    lights = sorted(luminance(colour) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# --- what the page is told -----------------------------------------------------------------------


def about(server: Any, key: str | None = None) -> Any:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return server.http.get("/page/about", headers=headers)


def test_the_page_knows_models_efforts_and_what_its_key_may_see(serve: Serve) -> None:
    server = serve(names=("gpt-4o",))
    told = about(server).json()
    assert (told["operator"], told["keys"], told["thought"]) == (True, False, "raw")
    (model,) = told["models"]  # another name of the same model is not another model
    assert (model["name"], model["effort"], model["built_in"]) == ("script", "medium", False)
    assert [effort["name"] for effort in model["efforts"]][:3] == ["none", "minimal", "low"]
    assert model["efforts"][0]["thought_tokens"] == 0
    assert told["examples"] == {}

    user, operator = server.key(), server.key("operator")
    reply = about(server)
    assert reply.status_code == 401
    assert "models" not in reply.text
    told = about(server, user).json()
    assert (told["operator"], told["keys"], told["thought"]) == (False, True, "hidden")
    assert about(server, operator).json()["operator"]
    summary = server.key(reasoning="summary")
    assert about(server, summary).json()["thought"] == "summary"
    assert all(key not in about(server, operator).text for key in (user, operator, summary))


def test_no_page_from_elsewhere_learns_of_the_server(serve: Serve) -> None:
    reply = serve().http.get("/page/about", headers={"host": "evil.example"})
    assert reply.status_code == 403


ANSWERS = {
    "en": ["YOU ENGLISH WILL EVER", "1324423131422413", "18", "GLOBE SULFUROUS", "53", "24"],
    "ko": ["YOU ENGLISH WILL EVER", "1324423131422413", "6", "THANKS MADDEN", "53", "24"],
}
ANSWERS["en"] += ["344", "ybab"]
ANSWERS["ko"] += ["585", "ylluof"]


async def test_the_shipped_model_can_do_most_of_what_the_page_offers() -> None:
    questions = [question for language in ANSWERS for question in pages.EXAMPLES[language]]
    answers = [answer for language in ANSWERS for answer in ANSWERS[language]]
    async with Reasoner(ALIASES["mini"]) as reasoner:
        traces = await asyncio.gather(*map(reasoner.answer, questions))
    missed = [
        question
        for question, trace, answer in zip(questions, traces, answers, strict=True)
        if not right(trace.answer, answer)
    ]
    assert len(missed) <= 3, missed


def right(given: str, answer: str) -> bool:
    if answer == "24":
        return expression.judge(given, [8, 3, 1], 24).passed
    return re.sub(r"\s", "", given) == answer.replace(" ", "")


# --- the inspector -------------------------------------------------------------------------------


def inspect(server: Any, id: str, key: str | None = None, **query: Any) -> Any:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return server.http.get(f"/v1/traces/{id}/inspection", headers=headers, params=query)


def test_the_inspector_is_for_operators_and_every_look_is_logged(serve: Serve) -> None:
    server = serve({"thought": THOUGHT, "answer": "(1+6-4)*8"})
    user, operator = server.key(), server.key("operator")
    id = server.chat(key=user).json()["id"]
    refused = inspect(server, id, user)
    assert refused.status_code == 403
    assert "24" not in refused.text
    assert inspect(server, id).status_code == 401
    assert server.service.audit.entries() == []
    assert inspect(server, "chatcmpl-none", operator).status_code == 404
    assert inspect(server, id, operator, choice=1).status_code == 404
    assert server.service.audit.entries() == []
    assert inspect(server, id, operator).status_code == 200
    (entry,) = server.service.audit.entries()
    assert (entry["action"], entry["what"]) == ("read", f"{id}.0")
    server.service.audit.path.write_text("tampered\n")
    assert inspect(server, id, operator).status_code == 503


def test_a_thought_is_shown_with_its_steps_and_what_it_took_back(serve: Serve) -> None:
    server = serve({"thought": THOUGHT, "answer": "(1+6-4)*8"})
    body = server.chat("Make 24 from 4, 8, 1 and 6.", reasoning_effort="low").json()
    found = inspect(server, body["id"]).json()
    (branch,) = found["branches"]
    assert branch["committed"]
    lines = ["".join(piece["text"] for piece in line["pieces"]) for line in branch["lines"]]
    assert lines == THOUGHT.split("\n")
    back = [all(piece.get("back") for piece in line["pieces"]) for line in branch["lines"]]
    assert back == [False, True, False, False]
    outcomes = {
        p["text"]: p["outcome"] for line in branch["lines"] for p in line["pieces"] if "kind" in p
    }
    assert outcomes["24*4=96"] == "passed"
    assert outcomes["24/8=4"] == "failed"
    assert found["task"] == "puzzle24"
    assert found["check"] == {"how": "by working the expression out", "holds": True}
    digest = body["choices"][0]["secondthought"]["seal"]
    assert found["seal"] == {"digest": digest, "holds": True}
    usage = body["usage"]
    assert found["ledger"]["prompt"] == usage["prompt_tokens"]
    assert sum(found["ledger"]["phases"].values()) == usage["completion_tokens"]
    assert found["ledger"]["phases"]["answer"] == 1


def test_what_the_loop_took_back_stands_where_it_was(serve: Serve) -> None:
    server = serve({"thought": THOUGHT, "answer": "(1+6-4)*8"})
    body = server.chat("Make 24 from 4, 8, 1 and 6.", reasoning_effort="medium").json()
    found = inspect(server, body["id"]).json()
    (branch,) = found["branches"]
    lines = [
        ("".join(p["text"] for p in line["pieces"]), all(p.get("back") for p in line["pieces"]))
        for line in branch["lines"]
    ]
    assert [text for text, back in lines if not back or text == WRONG_TURN] == THOUGHT.split("\n")
    struck = [i for i, (text, back) in enumerate(lines) if back and text.startswith("24/8=4")]
    stands = next(i for i, (text, back) in enumerate(lines) if not back and "24/8=4" in text)
    assert struck == list(range(2, stands))
    assert sum(branch["phases"].values()) == body["usage"]["completion_tokens"]


def test_all_branches_of_a_vote_are_shown_and_their_tokens_add_up(serve: Serve) -> None:
    server = serve({"thought": THOUGHT, "answers": ["24", "23", "24"]})
    body = server.chat("Make it", reasoning_effort="high").json()
    found = inspect(server, body["id"]).json()
    answered = [branch for branch in found["branches"] if branch["answer"]]
    assert len(answered) >= 3
    assert [branch["answer"] for branch in answered if branch["committed"]] == ["24"]
    by_branch = sum(sum(branch["phases"].values()) for branch in found["branches"])
    assert by_branch == body["usage"]["completion_tokens"]


def test_a_trace_that_was_changed_does_not_hold(serve: Serve) -> None:
    server = serve({"thought": THOUGHT, "answer": "24"})
    id = server.chat().json()["id"]
    stored = server.http.get(f"/v1/traces/{id}").json()
    assert inspection(stored)["seal"]["holds"]
    stored["trace"]["branches"][0]["thought"] += " "
    assert not inspection(stored)["seal"]["holds"]


@pytest.mark.parametrize(
    ("task", "line", "back"),
    [
        ("puzzle24", "24-1=23 no", ["24-1=23 no"]),
        ("puzzle24", "24-1=23 yes", []),
        ("gcd", "072/17 5: 7*5+0=35 0<0 no 4: 7*4+0=28 r04<17", ["5: 7*5+0=35 0<0 no"]),
        ("mini_sudoku", "r1c1 r3 >4 r1c3 r3 c4 >12 no r2c2 r1 >3", ["r1c3 r3 c4 >12 no"]),
        ("caesar_cipher", "EmJr no", []),  # a word of the text
        ("caesar_cipher", "check no EJ no", ["check no EJ no"]),
        ("products", "there is no way", []),
        (None, "I think the answer is no", []),
    ],
)
def test_taken_back_is_what_the_thought_says_no_to(
    task: str | None, line: str, back: list[str]
) -> None:
    assert [line[start:end] for start, end in taken_back(line, task)] == back


words = st.sampled_from(
    ["no", "yes", "3:", "r1c2", "24*4=96", "24/8=4", "make 24: 4 8 1 6", "\n", " ", "𝄞", "8*7=56,"]
)


@given(st.lists(words, max_size=30).map(" ".join), st.booleans())
def test_no_thought_loses_a_character(thought: str, known: bool) -> None:
    thought = "make 24: 4 8 1 6\n" * known + thought
    branch: dict[str, Any] = {
        "name": "main",
        "parent": None,
        "thought": thought,
        "answer": "",
        "stop": "stop",
        "verdicts": [],
        "steps": [asdict(step) for step in steps.parse(thought)],
    }
    trace: dict[str, Any] = dict.fromkeys(
        ("effort", "strategy", "policy", "seed", "finish_reason", "abstained", "seconds", "error")
    )
    trace |= {"model": "m", "answer": "", "thought_seconds": 0, "first_token_seconds": None}
    trace |= {"branches": [branch], "committed": "main"}
    trace |= {"ledger": {"prompt_tokens": 1, "entries": []}}
    disclosure = {"seal": "sha256:" + "0" * 64, "salt": "0" * 64}
    found = inspection({"id": "x", "choice": 0, "trace": trace, "disclosure": disclosure})
    json.dumps(found)
    lines = found["branches"][0]["lines"]
    shown = "\n".join("".join(piece["text"] for piece in line["pieces"]) for line in lines)
    assert shown == thought
    told = [p["text"] for line in lines for p in line["pieces"] if "kind" in p]
    assert "".join(told) == "".join(step.text for step in steps.parse(thought))
