"""Thoughts that decode a text: what Caesar's and the example's cipher have in common, and Caesar.

A line of a word is read pair by pair ("WiGs is"): the capitals must be the next word of the
ciphertext, as it stands in the conversation, and the small letters what the table says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from secondthought.tasks.ciphers import STRETCH, letter, position, shift
from secondthought.tasks.reading import Marks, Piece, words
from secondthought.tasks.trigrams import BEYOND_A_SLIP, is_english, is_no_word, reads_better

_BLANK = re.compile(" ")
_APOSTROPHES = "'’-"
JOINED = re.compile(r"[A-Za-z]['’-][A-Za-z]")
"""A word that tokens are cut in; quotes and arrows around words do no such thing."""
_MOST_PLACES = 50
MOST_WORDS = 300
PREFIX = 10
"""Characters of the ciphertext in the head of a Caesar thought."""


class Ciphertext:
    """Finds the code words of a thought in the conversation.

    starts: the indices of tokens at which the ciphertext may begin; None: not known yet.
    step: -1 where its words are decoded from the last to the first.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._found = [(m[0].upper(), *m.span()) for m in re.finditer(r"[A-Za-z]+", source)]
        self.tokens = [token for token, _, _ in self._found]
        self.starts: list[int] | None = None
        self.step = 1
        self._first = self._last = ""
        self._from, self._to = 0, len(self.tokens) - 1  # where its words may stand

    def stands(self, first: str, last: str) -> tuple[bool | None, bool | None]:
        """Look for the first and the last word, as `ciphers.stretch` names them; None without a
        source."""
        firsts = [i for i, token in enumerate(self.tokens) if _named(token, first)]
        if firsts:
            self._first, self._from = first, firsts[0]
        return self._told(firsts), self.ends(last)

    def ends(self, last: str) -> bool | None:
        """Look for the last word, not before the first one; None without a source."""
        start = min(self.starts) if self.starts else self._from
        found = [i for i in range(start, len(self.tokens)) if _named(self.tokens[i], last)]
        if found:
            self._last, self._to = last, found[-1]
        return self._told(found)

    def _told(self, found: list[int]) -> bool | None:
        """A word that is not found may be one with an apostrophe, which tokens are cut at."""
        joined = not self.tokens or JOINED.search(self._source) is not None
        return True if found else None if joined else False

    def only(self, shown: str, code: str) -> bool:
        """Whether the word that is named so can only be this one, of the example."""
        return [token for token in self.tokens if _named(token, shown)] == [code]

    def begins(self, head: str) -> bool | None:
        """Look for the head of a Caesar thought; None without a source."""
        if not self.tokens:
            return None
        starts = (p for p in range(len(self.tokens)) if self._begins(p, head))
        self.starts = list(islice(starts, _MOST_PLACES))
        return bool(self.starts)

    def _begins(self, at: int, head: str) -> bool:
        text = " ".join(self.tokens[at : at + PREFIX])
        whole = len(head) >= PREFIX or text[len(head) : len(head) + 1] in ("", " ")
        return whole and text.startswith(head)

    def due(self, index: int, code: str) -> str | None:
        """The code word that must stand at this place of the thought where `code` was written;
        None where it cannot be told, "" where there is none."""
        if not self.tokens:
            return None
        if self.starts is None:
            stretch = range(self._from, self._to + 1)
            alike = [i for i in stretch if self.tokens[i] == code]
            if not alike and (near := self._near(code)) is not None:
                alike = [near]
            if not alike:
                return ""
            self.starts = [i - self.step * index for i in alike][:_MOST_PLACES]
        fitting = [p for p in self.starts if self._at(p, index) == code]
        if fitting:
            self.starts = fitting
            return code
        if not self.starts:
            return None
        at = self.starts[0] + self.step * index
        if 0 <= at < len(self.tokens):
            _, start, end = self._found[at]
            around = self._source[max(0, start - 1) : start] + self._source[end : end + 1]
            if any(char in _APOSTROPHES for char in around):
                return None
        return self._at(self.starts[0], index)

    def beside(self, count: int, between: re.Pattern[str]) -> tuple[str, str]:
        """The tokens before and after so many words of the ciphertext, in small letters, where
        only a blank stands before it and `between` after it; else, or where it cannot be told,
        ""."""
        if not self.starts or not count:
            return "", ""
        first = self.starts[0] - (count - 1 if self.step < 0 else 0)
        last = first + count - 1
        before = self.tokens[first - 1] if self._joined(first - 1, _BLANK) else ""
        after = self.tokens[last + 1] if self._joined(last, between) else ""
        return before.lower(), after.lower()

    def _joined(self, at: int, between: re.Pattern[str]) -> bool:
        """Whether only `between` stands between this token and the next one."""
        if not 0 <= at < len(self.tokens) - 1:
            return False
        (_, _, end), (_, following, _) = self._found[at], self._found[at + 1]
        return between.fullmatch(self._source[end:following]) is not None

    def goes_on(self, count: int) -> bool:
        """Whether the ciphertext surely has more words than these: its last word, where it is
        known, was not reached; capitals in a row."""
        end = self._last if self.step > 0 else self._first
        if self.starts and count and end:
            return not any(_named(self._at(start, count - 1), end) for start in self.starts)
        if not self.starts or self.step < 0 or self._source.isupper():
            return False
        at = self.starts[0] + count
        if not 0 < at < len(self.tokens):
            return False
        (_, start, end), (_, following, last) = self._found[at - 1], self._found[at]
        text = self._source[start:last]
        return (
            self._source[end:following] == " "
            and text.isupper()
            and end - start > 1
            and last - following > 1
        )

    def _at(self, start: int, index: int) -> str:
        at = start + self.step * index
        return self.tokens[at] if self._from <= at <= self._to else ""

    def _near(self, code: str) -> int | None:
        """The token of the same length that has the most letters in common, half at least."""
        best, most = None, len(code) / 2
        for i, token in enumerate(self.tokens):
            if self._from <= i <= self._to and len(token) == len(code):
                same = sum(a == b for a, b in zip(token, code, strict=True))
                if same >= most:
                    best, most = i, same + 0.5
        return best


def _named(token: str, shown: str) -> bool:
    """Is this the word whose first letters stand in the thought's first line?"""
    return token == shown or (len(shown) == STRETCH and token.startswith(shown))


class Decoding:
    """The words decoded so far, the line that gathers them and the check."""

    sheet = False
    only_words = True
    """Whether what is gathered must be words; else a "yes" or "no" behind them says so."""
    between = _BLANK
    """What stands between two words of the ciphertext. The example may follow it, so nothing else
    is taken for it."""

    def __init__(self, source: str) -> None:
        self.text = Ciphertext(source)
        self.words: list[str] = []
        self.codes: list[str] = []
        self._refused = False
        self._whole = False  # all words so far stand in a line together

    def place(self, code: str) -> int:
        """The index of the word that a line with this code decodes: the next one, or one again
        that the check refused."""
        if self._refused:
            again = [i for i, known in enumerate(self.codes) if known == code]
            at = again[-1] if again else max(0, len(self.codes) - 1)
            del self.words[at:], self.codes[at:]
        self._refused = False
        return len(self.words)

    def decoded(self, code: str, word: str) -> None:
        self.codes.append(code)
        self.words.append(word)
        self._whole = False

    def pairs(
        self,
        marks: Marks,
        match: re.Match[str],
        plain: Callable[[str, str], bool | None],
        ended: bool,
    ) -> str:
        """Judge "WiGs" pair by pair; returns the small letters. plain: is this pair right?"""
        token = match[0]
        code = token[::2].upper()
        due = self.text.due(self.place(code), code)
        for i in range(0, len(token), 2):
            capital, small = token[i : i + 1], token[i + 1 : i + 2]
            formed = bool(re.fullmatch("[A-Z]", capital) and re.fullmatch("[a-z]?", small))
            copied = None if due is None else due[i // 2 : i // 2 + 1] == capital
            right = plain(capital, small) if formed and small else None
            cut = not small and not ended and match.end() == len(marks.line)
            ok = formed and (bool(small) or cut) and copied is not False and right is not False
            start = match.start() + i
            why = "not the next letter of the text" if copied is False else "not what the rule says"
            known = not ok or (right and not cut)
            marks.add(start, start + len(capital + small), "pair", ok if known else None, why)
        if due and ended and len(due) > len(code):
            marks.lacks("the word has more letters")
        word = token[1::2]
        self.decoded(code, word)
        return word

    def ends_in(self, marks: Marks, rest: list[re.Match[str]], word: str, ended: bool) -> None:
        """Judge the plain word at the end of its line; it is taken as written."""
        if not rest:
            if ended:
                marks.lacks("the word is missing")
            return
        cut = not ended and word.startswith(rest[0][0])
        marks.word(rest[0], "word", None if cut else rest[0][0] == word, "not the letters before")
        for match in rest[1:]:
            marks.word(match, "word", False, "one word too many")
        self.words[-1] = rest[0][0]

    def gathered(self, marks: Marks, ended: bool) -> None:
        """Judge "text is progress ever", or with a "yes" or "no" behind it, which is judged last:
        what is wrong with the whole is wrong with the yes."""
        _, *rest = words(marks.line)
        self._whole, verdict = True, None
        if len(rest) == len(self.words) + 1 and rest[-1][0] in ("yes", "no"):
            verdict = rest.pop()
        for i, match in enumerate(rest):
            cut = not ended and match.end() == len(marks.line)
            ok = i < len(self.words) and match[0] == self.words[i]
            if ok and not cut and self.only_words and is_no_word(match[0]):
                marks.word(match, "word", False, "this is no word")
                continue
            marks.word(match, "word", ok or (None if cut else False), "not the next decoded word")
        if verdict is not None:
            marks.verdict(verdict, is_english(" ".join(self.words)))
        refused = verdict is not None and verdict[0] == "no"
        if ended and len(rest) < len(self.words):
            marks.lacks("words are missing")
        elif ended and self.text.goes_on(len(self.words)):
            marks.lacks("words of the text are not decoded")
        elif ended and self.words and not refused:
            self._ends_well(marks)
        if verdict is not None:
            self.read_as(verdict[0])

    def _ends_well(self, marks: Marks) -> None:
        """Judge where the text begins and ends, by what reads as English: its last word is none
        of the ciphertext if it does before it was decoded, and a word beside the text is one if
        it does after."""
        code = self.codes[-1].lower()
        before, after = self.text.beside(len(self.codes), self.between)
        if len(self.words) > 1 and reads_better(code, self.words[-1]):
            marks.lacks("the last word is none of the ciphertext")
        elif reads_better(self.plain(after) or "", after):
            marks.lacks("words of the text are not decoded")
        elif reads_better(self.plain(before) or "", before, BEYOND_A_SLIP):
            marks.lacks("words before the text are not decoded")
        elif not self.only_words and any(map(is_no_word, self.words)):
            marks.lacks("not all of this is English")

    def plain(self, code: str) -> str | None:
        """What a word of small letters says; None where that is not known."""

    def read_as(self, verdict: str) -> None:
        """Hear whether the text that was gathered is one."""

    def check(
        self, marks: Marks, encoded: Callable[[str, int, str], bool | None], reduce: bool = False
    ) -> None:
        """Judge "check ever SJSF yes". encoded: (word, its index, code) -> is this its code?"""
        _, *rest = words(marks.line)
        verdict = rest.pop() if rest and rest[-1][0] in ("yes", "no") else None
        for match in rest[2:]:
            marks.misshapen(match)
        if not rest:
            return
        word = rest[0][0]
        at = [i for i, known in enumerate(self.words) if known == word]
        marks.word(rest[0], "word", bool(at) or (None if verdict is None else False), "not decoded")
        if len(rest) > 1:
            code = rest[1][0]
            ways = [encoded(word, i, code) for i in at[-_MOST_PLACES:]]
            ok = True if any(ways) else None if None in ways or verdict is None else False
            refused = verdict is not None and verdict[0] == "no"
            if ok is False and refused and reduce:
                ok = None
            marks.word(rest[1], "code", ok if at else None, "not how it is encoded")
            if verdict is not None and at:
                marks.verdict(verdict, any(self.codes[i] == code for i in at))
        self._refused = verdict is not None and verdict[0] == "no"

    def checked(self, marks: Marks, ended: bool) -> None:
        """Judge a check's line as a whole: it says "yes" or "no", and "yes" only of a text that was
        gathered."""
        if ended and not marks.line.endswith((" yes", " no")):
            marks.lacks("the check has no verdict")
        elif marks.line.endswith(" yes") and not self._whole:
            marks.lacks("the text was not gathered")

    def refuse(self) -> None:
        self._refused = True


class Caesar(Decoding):
    """ "caesar WG DFCUFSG": trials, the table, words."""

    only_words = False
    between = re.compile("[,.;:!?]? ")

    def __init__(self, head: str, source: str) -> None:
        super().__init__(source)
        self._head = head
        self._trial = head.lower()
        self._trials = 0
        self._found = False
        self._table: dict[str, str] = {}
        self.copied = self.text.begins(head)

    def read(self, line: str, ended: bool) -> list[Piece]:
        marks = Marks(line)
        found = words(line)
        if not found or len(self.words) > MOST_WORDS:
            return []
        if found[0][0] == "text":
            self.gathered(marks, ended)
        elif found[0][0] == "check" and self.words:
            self.check(marks, lambda word, _, code: self._encoded(word) == code)
            self.checked(marks, ended)
        elif re.fullmatch(r"[a-z]+", found[0][0]) and not self._table:
            self._shifted(marks, found, ended)
        elif re.match(r"[A-Z]", line) and not self._table and len(found) == 1:
            self._tabled(marks, found[0], ended)
        elif re.match(r"[A-Za-z]{2}" if ended else r"[A-Z][a-z]", line) and self._table:
            word = self.pairs(marks, found[0], lambda c, p: self._table.get(c) == p, ended)
            self.ends_in(marks, found[1:], word, ended)
        return marks.pieces

    def plain(self, code: str) -> str | None:
        return read_through(self._table, code)

    def read_as(self, verdict: str) -> None:
        if verdict == "no":
            self.words, self.codes, self._table, self._found = [], [], {}, False

    def _shifted(self, marks: Marks, found: list[re.Match[str]], ended: bool) -> None:
        before = self._trial.split()
        told = len(found) > len(before) and found[-1][0] in ("yes", "no")  # else a word of the text
        verdict = found.pop() if told else None
        self._trials += 1
        round_again = self._trials > 25
        for i, match in enumerate(found):
            right = shift(before[i], -1) if i < len(before) else ""
            cut = not ended and match is found[-1] and right.startswith(match[0])
            ok = match[0] == right and not round_again
            marks.word(
                match, "shift", None if cut and not ok else ok, "not one letter back from above"
            )
        if ended and len(found) < len(before):
            marks.lacks("words are missing")
        self._trial = " ".join(match[0] for match in found)
        if verdict is not None:
            self._found = verdict[0] == "yes"
            marks.verdict(verdict, is_english(self._trial))
        elif ended and len(self._trial) == len(self._head) and is_english(self._trial):
            marks.lacks("this is English")

    def _tabled(self, marks: Marks, match: re.Match[str], ended: bool) -> None:
        """All 26 pairs, from the ciphertext's first letter on."""
        token = match[0]
        # Where trials were skipped, as a hint gave the shift, the first pair says what it is.
        plain = self._trial[0] if self._found else token[1:2].lower()
        if not re.fullmatch("[a-z]", plain):
            return
        self._table = tabled(marks, match, self._head[0], plain, ended)

    def _encoded(self, word: str) -> str:
        back = {p: c for c, p in self._table.items()}
        return "".join(back.get(char, "?") for char in word)


def read_through(table: dict[str, str], code: str) -> str | None:
    """A word of small letters by a table from capitals; None where it lacks one."""
    found = [table.get(char, "") for char in code.upper()]
    return "".join(found) if all(found) else None


def tabled(
    marks: Marks, match: re.Match[str], capital: str, plain: str, ended: bool
) -> dict[str, str]:
    """Judge the table of a shift, whose first pair is (capital, plain); the table that is due."""
    token = match[0]
    table: dict[str, str] = {}
    for i in range(26):
        c, p = letter(position(capital) + i).upper(), letter(position(plain) + i)
        table[c] = p
        written = token[2 * i : 2 * i + 2]
        start = match.start() + 2 * i
        cut = not ended and start + 2 > len(marks.line)
        marks.add(start, start + len(written), "pair", None if cut else written == c + p)
    marks.add(match.start() + 52, match.end(), "pair", False, "the table has 26 pairs")
    if ended and len(token) < 52:
        marks.lacks("the table has 26 pairs")
    return table
