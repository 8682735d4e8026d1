"""Thoughts of the example cipher: the rule that is found, the words, the check."""

from __future__ import annotations

import re
from itertools import pairwise

from secondthought.tasks.ciphers import LONGEST, letter, position
from secondthought.tasks.reading import Marks, Piece, words
from secondthought.tasks.reading_ciphers import JOINED, MOST_WORDS, Decoding, read_through, tabled
from secondthought.tasks.reading_letters import halves
from secondthought.tasks.reading_tables import Parallel, paired

_PAIR = re.compile(r"([a-z])([a-z])([0-9]{1,2})\+([0-9]{1,2})=([0-9]{1,2})")
_HALF = re.compile(r"([0-9]{1,2})([a-z])")
_LETTERS = re.compile(r"([a-z])[-+]([a-z])")
_APART = re.compile(r"([0-9]{1,2})-([0-9]{1,2})=(-?[0-9]{1,2})(?:\+26=([0-9]{1,2}))?")
_SUM = re.compile(r"([0-9]{1,2})\+([0-9]{1,2})=([0-9]{1,2})")
_COUNTED = re.compile(r"([A-Z])([0-9]{1,3})([a-z])")
_ROW = re.compile(r"[^.]+\.|[A-Z]{2}")
_SAID = ("yes", "no", "by", "position", "in", "word", "text")
_MISSHAPEN = "this is misshapen"
_HINTS = {
    "two letters stand for one": "pairs",
    "it is a Caesar shift": "caesar",
    "the alphabet is turned round": "atbash",
    "each word is written backward": "reverse words",
    "the whole text is written backward": "reverse all",
    "the k-th letter of a word": "position in word",
    "the k-th letter of the text": "position in text",
    "it is a substitution": "keyword",
}


class Example(Decoding):
    """ "cipher wklqn think": code and plain are a word of the example."""

    def __init__(self, code: str, plain: str, source: str) -> None:
        super().__init__(source)
        self._code, self._plain = code, plain
        self._rule = ""
        self._table: dict[str, str] = {}
        self._sums: list[list[int]] = []  # of pairs, by word as decoded
        self._back: dict[str, str] = {}  # the table turned round
        self._rows = 0  # lines of the table
        self._index = 0  # of the example's word that rules are tried on
        self._first = code
        tokens = self.text.tokens
        self._beside = Parallel(tokens, code, plain)
        self.copied: tuple[bool | None, bool | None] = (None, None)
        if tokens:
            ok = plain.upper() in tokens
            # Tokens are cut at apostrophes, so nothing is known of words that have some.
            ok = ok and (bool(JOINED.search(source)) or paired(tokens, code, plain))
            self.copied = (code.upper() in tokens, ok)

    def hinted(self, hint: str) -> None:
        """A hint that names the rule stands for the lines that find it."""
        self._rule = next((rule for start, rule in _HINTS.items() if start in hint), self._rule)
        if self._rule == "reverse all":
            self.text.step = -1

    def plain(self, code: str) -> str | None:
        if self._rule == "atbash":
            return "".join(letter(27 - position(char)) for char in code)
        if self._rule.startswith("reverse"):
            return code[::-1]
        if self._rule == "position in word":
            return "".join(letter(position(char) - k) for k, char in enumerate(code, start=1))
        if self._rule != "pairs":
            return read_through(self._table, code)
        sums = [position(a) + position(b) for a, b in zip(code[::2], code[1::2], strict=False)]
        if len(code) % 2 or any(total % 2 for total in sums):
            return None
        return "".join(letter(total // 2) for total in sums)

    def read(self, line: str, ended: bool) -> list[Piece]:
        marks = Marks(line)
        found = words(line)
        if not found or len(self.words) > MOST_WORDS:
            return []
        first = found[0][0]
        if self.words and first == "text":
            self.gathered(marks, ended)
        elif self.words and first == "check":
            if self._rule == "pairs":
                self._check_pairs(marks, found[1:])
            else:
                self.check(marks, self._encoded, reduce=self._rule == "keyword")
            self.checked(marks, ended)
        elif first == "then" and not self.words:
            if len(found) > 1:
                self._walk(marks, found[1:], ended)
        elif first in _FINDERS and not self.words:
            if len(found) > 1:
                _FINDERS[first](self, marks, found[1:])
        elif ":" in line and re.match(r"[a-z]{1,2}[ :]", line):
            self._pairs_word(marks, found, ended)
        elif not self.words and self._rule in ("", "keyword") and _ROW.match(first):
            self._row(marks, found, ended)
        elif "|" in first:
            self._backward(marks, found, ended)
        elif re.match(r"[A-Z][0-9]", line):
            self._position_word(marks, found, ended)
        elif re.match(r"[A-Za-z]{2}" if ended else r"[A-Z][a-z]", line):
            self._table_or_word(marks, found, ended)
        return marks.pieces

    # --- finding the rule -----------------------------------------------------------------------

    def _walk(self, marks: Marks, rest: list[re.Match[str]], ended: bool) -> None:
        """ "then rh is z a nvgslw method": both texts side by side, from their first words on."""
        for n, match in enumerate(rest):
            cut = not ended and match.end() == len(marks.line)
            ok = self._beside.word(n // 2, n % 2, match[0], cut)
            marks.word(match, "copy", ok, "not the next word of the example")
        if len(rest) % 2 == 0:
            self._index = len(rest) // 2 - 1
            self._code, self._plain = rest[-2][0], rest[-1][0]
        elif ended:
            marks.lacks("the word is missing")

    def _find_pairs(self, marks: Marks, rest: list[re.Match[str]]) -> None:
        same: list[bool] = []
        k = 0
        for match in rest:
            if match[0] in ("yes", "no"):
                if same:
                    marks.verdict(match, all(same))
                self._rule = "pairs" if match[0] == "yes" else self._rule
            elif _PAIR.fullmatch(match[0]):
                self._pair(marks, match, self._code[2 * k : 2 * k + 2])
            elif m := _HALF.fullmatch(match[0]):
                self._half(marks, match)
                same.append(m[2] == self._plain[k : k + 1])
                k += 1
            else:
                marks.misshapen(match)

    def _find_reverse(self, marks: Marks, rest: list[re.Match[str]]) -> None:
        # "reverse all lla" is the word "all".
        whole = rest[0][0] == "all" and [match[0] for match in rest[1:2]] != ["lla"]
        if whole:
            rest = rest[1:]
        if len(rest) < 2:
            return
        given, back, *verdicts = rest
        if whole:
            there = given[0].upper() in self.text.tokens if self.text.tokens else None
            marks.word(given, "copy", there, "this is no word of the example")
            code = self._begins_with(back[0])
        else:
            marks.word(given, "copy", given[0] == self._plain, "this is not the plain word")
            code = back[0] == self._code
        ok = back[0] == given[0][::-1]
        marks.word(back, "letter", ok, "these are not its letters turned round")
        for match in verdicts:
            marks.verdict(match, code)
            if match[0] == "yes":
                self._rule = "reverse all" if whole else "reverse words"
                self.text.step = -1 if whole else 1

    def _find_shift(self, marks: Marks, rest: list[re.Match[str]]) -> None:
        apart, following = self._differences(marks, rest, _APART)
        steps = {(b - a) % 26 for a, b in pairwise(apart)}
        told = " ".join(match[0] for match in rest)
        if rest[-1][0] in ("yes", "no") and apart and " next " not in told:
            # Where each letter is shifted by one more, another ending is due.
            marks.verdict(rest[-1], steps <= {0} if len(apart) > 1 else None)
        if told.endswith(" yes"):
            self._rule = "caesar"
        elif m := re.search(r" by (position in (?:word|text))$", told):
            self._rule = m[1]
            at = len(rest) - 4
            start = following[0] if following else apart[0] if apart else 1
            ok = steps <= {1} and (start == 1) == (m[1] == "position in word")
            marks.add(rest[at].start(), rest[-1].end(), "rule", ok, "the differences say no such")

    def _find_sum(self, marks: Marks, rest: list[re.Match[str]]) -> None:
        sums, _ = self._differences(marks, rest, _SUM)
        if rest[-1][0] in ("yes", "no") and sums:
            marks.verdict(rest[-1], all(total == 27 for total in sums))
            self._rule = "atbash" if rest[-1][0] == "yes" else self._rule

    def _differences(
        self, marks: Marks, rest: list[re.Match[str]], form: re.Pattern[str]
    ) -> tuple[list[int], list[int]]:
        """Judge "w-t 23-20=3 ..."; the values, and those behind "next"."""
        values: list[int] = []
        following: list[int] = []
        pair, k, behind = "", 0, False
        named: list[str] = []  # the words behind "next"
        for match in rest:
            if m := _LETTERS.fullmatch(match[0]):
                pair = m[1] + m[2]
                due = self._code[k : k + 1] + self._plain[k : k + 1]
                right = pair == due
                if behind:
                    begins = "".join(word[0] for word in named)
                    right = pair == begins if len(named) == 2 else self._heads_next(m[1], m[2])
                marks.word(match, "copy", right, "not these letters' turn")
                k += 1
            elif m := form.fullmatch(match[0]):
                a, b, value = int(m[1]), int(m[2]), int(m[3])
                ok = bool(pair) and (a, b) == (position(pair[0]), position(pair[1]))
                ok = ok and value == (a - b if form is _APART else a + b)
                if form is _APART:
                    around = m[4] is not None
                    ok = ok and around == (value < 0) and (not around or int(m[4]) == value + 26)
                    value = int(m[4]) if around else value
                marks.word(
                    match, "shift" if form is _APART else "positions", ok, "this is not true"
                )
                (following if behind else values).append(value)
            elif match[0] == "next" and not behind:
                behind = True
            elif behind and len(named) < 2 and not following and re.fullmatch("[a-z]+", match[0]):
                cut = match is rest[-1]  # it may be the first letter of a pair only
                ok = self._beside.word(self._index + 1, len(named), match[0], cut)
                marks.word(match, "copy", ok, "not the next word of the example")
                named.append(match[0])
            elif match[0] not in _SAID:
                marks.misshapen(match)
        return values, following

    def _begins_with(self, code: str) -> bool | None:
        """Does the example's code begin with this word? None where it cannot be told."""
        if code == self._first:
            return True
        # Older thoughts began with another word of the example.
        return None if code.upper() in self.text.tokens or not self.text.tokens else False

    def _heads_next(self, code: str, plain: str) -> bool | None:
        """Do the words behind the example's begin with these letters? None without a source."""
        tokens = self.text.tokens
        heads = [
            {after[0] for token, after in pairwise(tokens) if token == word.upper()}
            for word in (self._code, self._plain)
        ]
        if not all(heads):
            return None
        return code.upper() in heads[0] and plain.upper() in heads[1]

    # --- words ----------------------------------------------------------------------------------

    def _table_or_word(self, marks: Marks, found: list[re.Match[str]], ended: bool) -> None:
        first = found[0]
        unread = not self.words and not self._table and self._rule in ("", "caesar")
        if unread and len(found) == 1 and len(first[0]) >= 50:
            self._rule = "caesar"
            self._table = tabled(marks, first, self._code[0], self._plain[0], ended)
            return
        word = self.pairs(marks, first, self._is_plain, ended)
        self.ends_in(marks, found[1:], word, ended)

    def _row(self, marks: Marks, found: list[re.Match[str]], ended: bool) -> None:
        """A line of the example, whose pairs are the table: "GCTR........made GmCaTdRe"."""
        self._rule = "keyword"
        first, *more = found
        m = re.match(r"([A-Z]*)(\.*)([a-z]*)", first[0])
        code, dots, plain = m.groups() if m else ("", "", "")
        self._beside.choose(self._rows, code, plain)
        due = self._beside.row(self._rows)
        capitals, small = due[1] if due else ("", "")
        self._rows += 1
        start = first.start()
        last = not ended and first.end() == len(marks.line)
        cut = last and not dots and not plain and len(code) < LONGEST
        ok = None if due is None or (cut and capitals.startswith(code)) else code == capitals
        marks.add(start, start + len(code), "copy", ok, "not the next word of the example")
        start += len(code)
        cut = last and not plain and len(code + dots) < LONGEST
        ok = None if cut else len(code + dots) == max(LONGEST, len(code))
        marks.add(start, start + len(dots), "pair", ok, "the plain word begins too soon or late")
        if not dots and not ok and not cut and code:
            marks.lacks("the plain word begins too soon")
        start += len(dots)
        for k, p in enumerate(plain):
            c = code[k : k + 1]
            known = c in self._table
            one = bool(c) and self._table.setdefault(c, p) == p
            one = one and self._back.setdefault(p, c) == c
            ok = one and (known or None) if due is None else one and small[k : k + 1].lower() == p
            marks.add(start + k, start + k + 1, "pair", ok, "not the letter of the example")
        marks.add(start + len(plain), first.end(), "pair", False, _MISSHAPEN)
        if (ended or more) and len(plain) < max(len(code), len(small)):
            marks.lacks("the word has more letters")
        for match in more[1:]:
            marks.word(match, "pair", False, "one word too many")
        if more:
            due = "".join(c + p for c, p in zip(code, plain, strict=False))
            self._row_pairs(marks, more[0], due, ended)

    def _row_pairs(self, marks: Marks, match: re.Match[str], due: str, ended: bool) -> None:
        """ "GmCaTdRe" behind its row. Older thoughts have none."""
        for k, char in enumerate(match[0]):
            ok = char == due[k : k + 1]
            start = match.start() + k
            marks.add(start, start + 1, "pair", ok, "not the next letter of the line")
        whole = ended or match.end() < len(marks.line)
        if whole and len(match[0]) < len(due):
            marks.lacks("the word has more letters")

    def _is_plain(self, capital: str, small: str) -> bool | None:
        if self._table:
            return self._table.get(capital) == small
        if self._rule == "atbash":
            return position(capital) + position(small) == 27
        return None

    def _pairs_word(self, marks: Marks, found: list[re.Match[str]], ended: bool) -> None:
        """ "rt qw: rt18+20=38 19s qw17+23=40 20t st"."""
        self._rule = self._rule or "pairs"
        head_end = marks.line.index(":")
        head = [m for m in found if m.start() < head_end]
        pieces = [m[0].rstrip(":") for m in head]
        code = "".join(pieces).upper()
        index = self.place(code)
        due = self.text.due(index, code)
        at = 0
        for match, piece in zip(head, pieces, strict=True):
            ok = None if due is None else due[at : at + 2] == piece.upper() and len(piece) == 2
            marks.add(
                match.start(), match.start() + len(piece), "copy", ok, "not the next of the text"
            )
            at += 2
        if due and len(due) > len(code):
            marks.lacks("the word has more letters")
        del self._sums[index:]
        sums: list[int] = []
        plain, k = "", 0
        rest = found[len(head) :]
        for match in rest:
            if _PAIR.fullmatch(match[0]):
                sums.append(self._pair(marks, match, pieces[k] if k < len(pieces) else ""))
                k += 1
            elif _HALF.fullmatch(match[0]):
                plain += self._half(marks, match)
            elif re.fullmatch("[a-z]+", match[0]) and match is rest[-1]:
                break
            else:
                cut = not ended and match is rest[-1]
                marks.word(match, "pair", None if cut else False, _MISSHAPEN)
        else:
            if ended:
                marks.lacks("the word is missing")
            self._keep(code, plain, sums)
            return
        self._keep(code, plain, sums)
        self.ends_in(marks, [rest[-1]], plain, ended)
        if ended and k < len(pieces):
            marks.lacks("letters are missing")

    def _keep(self, code: str, word: str, sums: list[int]) -> None:
        self.decoded(code, word)
        self._sums.append(sums)

    def _pair(self, marks: Marks, match: re.Match[str], due: str) -> int:
        """Judge "oy15+25=40"; returns the sum as written."""
        m = _PAIR.fullmatch(match[0])
        if m is None:
            return 0
        a, b, total = int(m[3]), int(m[4]), int(m[5])
        ok = m[1] + m[2] == due and (a, b) == (position(m[1]), position(m[2])) and a + b == total
        marks.word(match, "positions", ok, "the pair, its positions or their sum are off")
        self._total = total
        return total

    def _half(self, marks: Marks, match: re.Match[str]) -> str:
        """Judge "20t" behind its sum; returns the letter as written."""
        m = _HALF.fullmatch(match[0])
        if m is None:
            return ""
        half = int(m[1])
        ok = 2 * half == self._total and 1 <= half <= 26 and letter(half) == m[2]
        marks.word(match, "letter", ok, "not half of the sum, or not its letter")
        return m[2]

    _total = 0

    def _backward(self, marks: Marks, found: list[re.Match[str]], ended: bool) -> None:
        """ "t1s2e3t4|t4e3s2t1 test"."""
        first = found[0]
        code = re.sub(r"[0-9]", "", first[0].partition("|")[0]).upper()
        due = self.text.due(self.place(code), code)
        ok = due is None or not due or due == code
        word = halves(marks, first.start(), first.end(), None if ok else (due or "").lower(), ended)
        if due == "":
            marks.pieces.clear()
            marks.word(first, "letter", False, "this is no word of the text")
        self.decoded(code, word)
        self.ends_in(marks, found[1:], word, ended)

    def _position_word(self, marks: Marks, found: list[re.Match[str]], ended: bool) -> None:
        """ "D1cQ2oP3m com"."""
        first = found[0]
        steps = list(_COUNTED.finditer(marks.line, first.start(), first.end()))
        code = "".join(m[1] for m in steps)
        index = self.place(code)
        due = self.text.due(index, code)
        done = sum(map(len, self.words[:index]))
        if not self._rule.startswith("position") and index and steps:
            self._rule = "position in word" if steps[0][2] == "1" else "position in text"
        number = done if self._rule == "position in text" else 0
        at = first.start()
        for k, m in enumerate(steps):
            if m.start() > at:
                marks.add(at, m.start(), "shift", False, _MISSHAPEN)
            copied = due is None or due[k : k + 1] == m[1]
            number += 1
            ok = copied and int(m[2]) == number
            ok = ok and letter(position(m[1]) - int(m[2])) == m[3]
            marks.word(m, "shift", ok, "not the next letter or number, or not so far back")
            number = int(m[2])
            at = m.end()
        cut = not ended and first.end() == len(marks.line)
        marks.add(at, first.end(), "shift", None if cut else False, _MISSHAPEN)
        if due and ended and len(due) > len(steps):
            marks.lacks("the word has more letters")
        word = "".join(m[3] for m in steps)
        self.decoded(code, word)
        self.ends_in(marks, found[1:], word, ended)

    # --- the check ------------------------------------------------------------------------------

    def _encoded(self, word: str, index: int, code: str) -> bool | None:
        if len(word) != len(code):
            return False
        if self._rule.startswith("reverse"):
            return word[::-1].upper() == code
        if self._rule.startswith("position"):
            before = sum(map(len, self.words[:index])) if self._rule.endswith("text") else 0
            far = range(before + 1, before + len(word) + 1)
            moved = [letter(position(p) + k) for p, k in zip(word, far, strict=True)]
            return "".join(moved).upper() == code
        ways = [self._is_plain(c, p) for c, p in zip(code, word, strict=True)]
        return None if None in ways else all(ways)

    def _check_pairs(self, marks: Marks, rest: list[re.Match[str]]) -> None:
        """ "check gone g14 o30 n28 e10 yes": twice each position, to compare with the sums."""
        if not rest:
            return
        word = rest[0][0]
        at = [i for i, known in enumerate(self.words) if known == word]
        marks.word(rest[0], "word", bool(at) or (None if len(rest) == 1 else False), "not decoded")
        written: list[int] = []
        for k, match in enumerate(rest[1:]):
            if match[0] in ("yes", "no"):
                if at:
                    marks.verdict(match, any(self._sums[i : i + 1] == [written] for i in at))
                self._refused = match[0] == "no"
            elif m := re.fullmatch(r"([a-z])([0-9]{1,2})", match[0]):
                written.append(int(m[2]))
                ok = m[1] == word[k : k + 1] and int(m[2]) == 2 * position(m[1])
                marks.word(
                    match, "positions", ok, "not the word's letter, or not twice its position"
                )
            else:
                marks.misshapen(match)


_FINDERS = {
    "pairs": Example._find_pairs,  # pyright: ignore[reportPrivateUsage]
    "reverse": Example._find_reverse,  # pyright: ignore[reportPrivateUsage]
    "shift": Example._find_shift,  # pyright: ignore[reportPrivateUsage]
    "sum": Example._find_sum,  # pyright: ignore[reportPrivateUsage]
}
