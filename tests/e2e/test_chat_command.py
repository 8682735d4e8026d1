from __future__ import annotations

from typing import Any

ECHO = (
    {"match": "first", "answer": "one"},
    {"match": "second", "thought": "hm hm", "answer": "two"},
)


def test_turns_commands_and_the_end(run: Any, script: Any) -> None:
    stdin = "first\n\n/effort\n/effort none\n/effort\n/effort huge\n/frob\nsecond\n/quit\nfirst\n"
    done = run("chat", "-m", script(*ECHO), stdin=stdin)
    assert done.returncode == 0
    assert done.stdout == "one\neffort medium\neffort none\ntwo\n"
    assert done.stderr.count("error: ") == 2


def test_the_conversation_is_remembered(script: Any) -> None:
    import asyncio

    from secondthought import Reasoner
    from secondthought.cli.chat import Session
    from secondthought.models.scripted import Scripted

    model = Scripted.of(*ECHO)
    with asyncio.Runner() as runner:
        session = Session(Reasoner(model), None, 0, runner)
        for line in ("first", "second"):
            session.turn(line)
        session.command("/new")
        session.turn("second")
    said = [[message.text for message in request.messages] for request in model.requests]
    assert said == [["first"], ["first", "one", "second"], ["second"]]


def test_a_bad_line_does_not_end_the_session(run: Any, script: Any) -> None:
    done = run("chat", "-m", script(*ECHO), stdin="a\x07b\nthird\nfirst\n")
    assert (done.returncode, done.stdout) == (0, "one\n")
    assert "U+0007" in done.stderr
    assert "no turn" in done.stderr


def test_ctrl_c_has_the_answer_now_and_then_ends_it(terminal: Any, script: Any) -> None:
    words = " ".join(f"step{n}" for n in range(999))
    model = script({"thought": words, "answer": "word " * 999, "tokens_per_second": 100})
    process = terminal("chat", "--thinking", "full", "-m", model)
    process.read_until("> ")
    process.type("go\n")
    process.read_until("step5 ")
    process.press_ctrl_c()
    process.read_until("word word")
    assert "step300" not in process.stderr
    process.press_ctrl_c()
    process.read_until("cancelled")
    process.type("/effort\n")
    process.read_until("effort medium")
    process.type("/quit\n")
    assert process.finish() == 0


def test_ctrl_d_leaves(terminal: Any, script: Any) -> None:
    process = terminal("chat", "-m", script(*ECHO))
    process.read_until("> ")
    process.type("\x04")
    assert process.finish() == 0


def test_ctrl_c_at_the_prompt_does_nothing(terminal: Any, script: Any) -> None:
    process = terminal("chat", "-m", script(*ECHO))
    process.read_until("> ")
    for _ in range(20):  # readline misses a signal that comes before it listens to the keys
        process.press_ctrl_c()
        if process.has("> \n> ", seconds=0.5):
            break
    process.type("first\n")
    process.read_until("one\n")
    process.type("/quit\n")
    assert process.finish() == 0
