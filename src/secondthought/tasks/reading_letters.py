"""Thoughts over the letters of a text: spelling a word backward and counting a letter."""

from __future__ import annotations

import re

from secondthought.tasks.reading import Marks, Piece, words

_COUNT = re.compile(r"=([0-9]{1,6})")
_NUMBERED = re.compile(r"[^\W\d_][0-9]+")


def numbered(word: str) -> str:
    """ "sun" -> "s1u2n3"."""
    return "".join(f"{char}{i}" for i, char in enumerate(word, 1))


def turned(half: str) -> str:
    """ "s1u2n3" -> "n3u2s1"."""
    return "".join(reversed(_NUMBERED.findall(half)))


def letters(half: str) -> str:
    return "".join(pair[0] for pair in _NUMBERED.findall(half))


def halves(marks: Marks, start: int, end: int, word: str | None, ended: bool) -> str:
    """Judge "s1u2n3|n3u2s1" for `word` (None: any); returns the letters of the second half."""
    text = marks.line[start:end]
    first, bar, second = text.partition("|")
    right = numbered(word if word is not None else letters(first))
    cut = not ended and not bar and right.startswith(first)
    marks.add(
        start, start + len(first), "letter", None if cut else first == right, "letters are off"
    )
    if not bar:
        if ended:
            marks.lacks("the way back is missing")
        return ""
    back = turned(first)
    cut = not ended and end == len(marks.line) and back.startswith(second)
    ok = None if cut and back != second else second == back
    marks.add(start + len(first) + 1, end, "letter", ok, "these are not the letters turned round")
    return letters(second)


class Spelling:
    """ "spell sun": the numbered letters and back, the word, the check."""

    sheet = False

    def __init__(self, word: str) -> None:
        self._word = word
        self._turned = ""
        self._due = "halves"

    def read(self, line: str, ended: bool) -> list[Piece]:
        marks = Marks(line)
        if line.startswith("check "):
            self._check(marks)
        elif self._due == "halves" and "|" in line:
            self._turned = halves(marks, 0, len(line), self._word, ended)
            self._due = "word"
        elif self._due == "word" and line:
            cut = not ended and self._turned.startswith(line)
            marks.add(
                0, len(line), "word", None if cut else line == self._turned, "letters are off"
            )
            self._turned, self._due = line, "check"
        return marks.pieces

    def _check(self, marks: Marks) -> None:
        _, *rest = words(marks.line)
        self._due = "halves"
        if not rest:
            return
        # The check turns the written word round once more and compares it with the given one.
        ok = rest[0][0] == numbered(self._turned[::-1])
        marks.word(rest[0], "letter", ok if len(rest) > 1 else ok or None, "letters are off")
        if len(rest) > 1:
            marks.verdict(rest[1], rest[0][0] == numbered(self._word))


class Counting:
    """ "letter r": the text with running counts, the check word by word, the number."""

    sheet = False

    def __init__(self, target: str, source: str) -> None:
        self._target = target
        self._source = source.lower()
        self._due = "text"
        self._count = 0
        self._hits: list[tuple[str, int]] = []

    def read(self, line: str, ended: bool) -> list[Piece]:
        marks = Marks(line)
        if self._due == "text" and line.strip():
            self._text(marks, ended)
            self._due = "check"
        elif self._due == "check" and line.startswith("check "):
            self._check(marks, ended)
        elif self._due == "number" and re.fullmatch(r"[0-9]{1,9}", line):
            marks.add(0, len(line), "result", int(line) == self._count, "not the last count")
        return marks.pieces

    # --- the text with its counts ---------------------------------------------------------------

    def _text(self, marks: Marks, ended: bool) -> None:
        self._count, self._hits = 0, []
        found = words(marks.line)
        plain: list[str] = []
        counted: list[bool | None] = []
        for match in found:
            last = not ended and match is found[-1]
            word, ok = self._counted(match[0], last)
            plain.append(word)
            counted.append(ok)
            if hits := word.count(self._target):
                self._hits.append((re.sub(r"^[\W_]+|[\W_]+$", "", word), hits))
        copied = self._copied(marks.line, plain, ended)
        for match, ok, same in zip(found, counted, copied, strict=True):
            why = "the count is off" if ok is False else "this is not what the text says"
            known = ok is False or same is not None or self._target + "=" in match[0]
            verdict = ok and same is not False if known else None
            marks.word(match, "copy", None if ok is None else verdict, why)

    def _counted(self, word: str, last: bool) -> tuple[str, bool | None]:
        """The word without its counts, and whether these are right and complete."""
        plain, right, at = "", True, 0
        while at < len(word):
            plain += word[at]
            if word[at] != self._target:
                at += 1
                continue
            due = str(self._count + 1)
            if word.startswith(f"={due}", at + 1):
                self._count += 1
                at += 2 + len(due)
            elif m := _COUNT.match(word, at + 1):
                self._count, right = int(m[1]), False
                at = m.end()
            elif last and word[at + 1 :] in ("", "="):
                return plain, None
            else:
                right = False
                at += 1
        return plain, right

    def _copied(self, line: str, plain: list[str], ended: bool) -> list[bool | None]:
        """Word by word: does the text stand so in the conversation? Without one: unknown."""
        if not self._source:
            return [None] * len(plain)
        gaps = re.split(r"\S+", line)
        text = "".join(gap + word for gap, word in zip(gaps, [*plain, ""], strict=True)).strip()
        if ended and (whole := _quoted(self._source)) is not None and _within(text, whole):
            return _cut(plain, text, whole)
        if not ended or _stands(text, self._source):
            return [True if text in self._source else None] * len(plain)
        told = self._source.split()
        starts = [i for i, token in enumerate(told) if _stands(plain[0], token)][:20]
        if len(plain) > 1:
            starts += [i - 1 for i, t in enumerate(told) if i and _stands(plain[1], t)][:20]
        if not starts:
            return [False, *[None] * (len(plain) - 1)]
        ways = [_aligned(plain, told[start:]) for start in starts]
        best = max(ways, key=lambda way: sum(map(bool, way)))
        if sum(best) * 2 >= len(plain):
            return [*best]
        # where it goes astray is known, and of what comes behind nothing
        sure = max(way.index(False) for way in ways)
        return [*([True] * sure), False, *([None] * (len(plain) - sure - 1))]

    # --- the check ------------------------------------------------------------------------------

    def _check(self, marks: Marks, ended: bool) -> None:
        _, *rest = words(marks.line)
        at = total = 0
        for match in rest:
            if match[0] in ("yes", "no") and match is rest[-1]:
                if at < len(self._hits):
                    marks.word(match, "verdict", False, "a word is missing before this")
                else:
                    marks.verdict(match, total == self._count)
                self._due = "number" if match[0] == "yes" else "text"
            elif match[0] == "none":
                marks.word(match, "tally", not self._hits, "the text has some")
            elif m := re.fullmatch(r"(.+)\+([0-9]{1,6})=([0-9]{1,6})", match[0]):
                total += int(m[2])
                ok = (m[1], int(m[2])) in self._hits[at : at + 1] and int(m[3]) == total
                marks.word(match, "tally", ok, "this is not the next word, its count or the sum")
                total = int(m[3])
                near = (
                    i
                    for i in range(at, at + 5)
                    if self._hits[i : i + 1] and self._hits[i][0] == m[1]
                )
                at = next(near, at) + 1
            else:
                if ended or match is not rest[-1] or re.fullmatch("[a-z]+", match[0]):
                    marks.misshapen(match)


def _stands(text: str, source: str) -> bool:
    """Does text stand in source, not cut out of the middle of a word?"""
    at = source.find(text) if text else -1
    while at >= 0:
        end = at + len(text)
        before = at > 0 and _joins(source[at - 1], text[0])
        if not before and not (end < len(source) and _joins(text[-1], source[end])):
            return True
        at = source.find(text, at + 1)
    return False


_QUOTES = re.compile(
    r'"([^"\n]+)"|“([^“”\n]+)”|«([^«»\n]+)»|`([^`\n]+)`|(?<!\w)\'([^\'\n]+)\'(?!\w)'
)


def _quoted(source: str) -> str | None:
    """The one text of several words that stands in marks of quotation, if there is just one."""
    spans = ["".join(filter(None, found)) for found in _QUOTES.findall(source)]
    texts = [span for span in spans if len(span.split()) > 1]
    marks = sum(source.count(mark) for mark in '"“”«»`')
    return texts[0] if len(texts) == 1 and marks <= 2 * len(spans) else None


def _within(text: str, whole: str) -> bool:
    return _stands(text, whole) and len(text.split()) < len(whole.split())


def _cut(plain: list[str], text: str, whole: str) -> list[bool | None]:
    """A text that begins too late or ends too soon: its first or last word fails."""
    late = bool(whole.partition(text)[0].strip())
    found: list[bool | None] = [True] * len(plain)
    found[0 if late else -1] = False
    return found


def _joins(a: str, b: str) -> bool:
    """Whether two neighbouring characters belong to one word (Korean particles join anything)."""
    return a.isascii() and a.isalnum() and b.isascii() and b.isalnum()


def _aligned(plain: list[str], told: list[str]) -> list[bool]:
    """Which words agree with the text told, going on behind a word that differs."""
    ways: list[bool] = []
    at = 0
    for k, word in enumerate(plain):
        same = at < len(told) and _stands(word, told[at])
        ways.append(same)
        after = plain[k + 1] if k + 1 < len(plain) else ""
        if same or (at + 1 < len(told) and after and _stands(after, told[at + 1])):
            at += 1
        elif at + 1 < len(told) and _stands(word, told[at + 1]):
            at += 2
        elif not (at < len(told) and after and _stands(after, told[at])):
            at += 1
    return ways
