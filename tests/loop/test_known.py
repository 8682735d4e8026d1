"""Lines that were read are not read again, and nothing is judged otherwise for it."""

from __future__ import annotations

import pytest

from secondthought.loop.known import Known
from secondthought.tasks import steps
from secondthought.tasks.steps import Reader

QUESTION = "Make 28 from 3, 4, 5 and 8."
LINES = ["target 28: 3 4 5 8\n", "all 3+4=7 +5=12 +8=20 <28 no\n", "8*3=24 28-24=4 left 4+5=9 no\n"]


def test_each_line_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    plain = Reader.read

    def count(self: Reader, line: str, offset: int, *, ended: bool = True) -> None:
        read.append(line)
        plain(self, line, offset, ended=ended)

    monkeypatch.setattr(Reader, "read", count)
    known = Known()
    for n in (0, 1, 1, 3, 3):
        known.reader(QUESTION, "".join(LINES[:n]), 0)
    assert read == [line.rstrip("\n") for line in LINES]
    known.reader(QUESTION, LINES[0], 0)  # an earlier place, or another branch
    assert len(read) == 4


def test_what_follows_is_judged_as_by_one_reader() -> None:
    *first, last = LINES
    known, before = Known(), len("a prefix\n")
    for text in ("", first[0], "".join(first)):
        reader = known.reader(QUESTION, text, 0)
        reader.read("8*3=25", 0)  # a try that is taken back leaves nothing
    reader = known.reader(QUESTION, "".join(first), 0)
    assert reader.steps == []
    reader.read(last.rstrip("\n"), len("".join(first)))
    whole = [s for s in steps.parse("".join(LINES), QUESTION) if s.start >= len("".join(first))]
    assert reader.steps == whole
    with_prefix = Known().reader(QUESTION, "a prefix\n" + LINES[0], before)
    assert with_prefix.steps == []
