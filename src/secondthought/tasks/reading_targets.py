"""Thoughts of Countdown and the game of 24: which numbers are used, and does the target come out?

The equations are judged by the worksheet's reader; here it is whether each number is still
available, whether what is carried from word to word is what was found, and each "yes" and "no".
A search that comes back to what it has refused makes no progress: that step fails too.
"""

from __future__ import annotations

import re
from collections import Counter

from secondthought.tasks.reading import TRIED, Marks, Piece, words

_State = tuple[int, ...]
"""What a search has come to: the value, and the numbers that are left in order."""
_NUMBER = re.compile(r"[0-9]{1,12}")
_WHOLE = re.compile(r"[0-9]{1,12};?")
_RESULT = re.compile(r"=(-?[0-9]{1,12})[;)]*$")
_ADDED = re.compile(r"([0-9]{1,12})?(?:\+([0-9]{1,12})=[0-9]{1,12})?")
_NEEDED = re.compile(r"([0-9]{1,12})?(?:<|-(?=[0-9]+=))([0-9]{1,12})(?:=(-?[0-9]{1,12}))?")


class Target:
    """ "target 102: 23 34 4 35" and "make 24: 6 3 9 1"."""

    sheet = True

    def __init__(self, target: int, numbers: list[int], *, backward: bool) -> None:
        self._target = target
        self._numbers = numbers
        self._backward = backward
        self._refused: set[_State] = set()

    def read(self, line: str, ended: bool) -> list[Piece]:
        marks = Marks(line)
        found = words(line)
        if not found or len(line) > 2000 or (not ended and len(found) == 1):
            return []
        if self._backward and ("left" in line or ";" in line or self._lists(found)):
            self._work_back(marks, found, ended)
        elif found[0][0] == "all":
            state = _state(0, self._numbers)
            marks.word(found[0], "left", state not in self._refused, TRIED)
            self._refuse(state, found, ended)
            self._sign_search(marks, found[1:], list(self._numbers), self._target)
        elif any(m[0] == "left" for m in found) or self._compares(found) is not None:
            self._probe(marks, found, ended)
        else:
            self._chain(marks, found)
        return marks.pieces

    # --- lines ----------------------------------------------------------------------------------

    def _chain(self, marks: Marks, found: list[re.Match[str]]) -> None:
        """ "(35-23)=12 *34=408 /4=102 yes", or "... =98 not 102 no"."""
        left = list(self._numbers)
        value = None
        negated = False
        for match in found:
            if match[0] in ("yes", "no"):
                whole = value == self._target and not left
                marks.verdict(match, whole if value is not None else None)
            elif match[0] == "not":
                negated = True
            elif negated:
                ok = match[0] == str(self._target)
                marks.word(match, "copy", ok, "this is not the target")
            elif re.match(r"[-+*/(0-9]", match[0]):
                self._use(marks, match, left)
                value = _result(match[0])
            else:
                marks.misshapen(match)

    def _probe(self, marks: Marks, found: list[re.Match[str]], ended: bool) -> None:
        """ "34*4=136 136-102=34 left 23+35=58 -34=24 /2=12 no"."""
        at = self._compares(found)
        left = list(self._numbers)
        for match in found[: at if at is not None else 0]:
            if match[0].isalpha():
                marks.misshapen(match)
            else:
                self._use(marks, match, left)
        if at is None:
            return
        core = _result(found[at - 1][0])
        state = _state(core or 0, left)
        compared = found[at]
        m = re.fullmatch(r"([0-9]{1,12})-([0-9]{1,12})=(-?[0-9]{1,12})", compared[0])
        need = int(m[3]) if m else None
        if m and core is not None:
            ok = {int(m[1]), int(m[2])} == {core, self._target} and int(m[1]) >= int(m[2])
            why = "not what was found and the target" if not ok else TRIED
            marks.word(compared, "difference", ok and state not in self._refused, why)
            self._refuse(state, found, ended)
        rest = found[at + 1 :]
        if not rest:
            return
        if rest[0][0] == "left":
            marks.word(rest[0], "left", bool(left), "none is left")
            self._sign_search(marks, rest[1:], left, need)
        else:
            marks.verdict(rest[-1], need == 0 and not left)

    def _sign_search(
        self, marks: Marks, found: list[re.Match[str]], left: list[int], need: int | None
    ) -> None:
        """ "23+35=58 -34=24 /2=12 no": all that is left, less what is needed, halved."""
        listed = list(left)
        seen = Counter[str]()
        gap = half = None
        hit = needed = False
        for match in found:
            word = match[0]
            if word in ("yes", "no"):
                marks.verdict(match, (hit or gap == 0) if needed else None)
            elif word == "odd":
                marks.word(match, "verdict", bool(gap is not None and gap % 2), "it is even")
            elif m := re.fullmatch(r"/2=([0-9]{1,12})", word):
                half = int(m[1])
                hit = half in listed
            elif word.isalpha():
                marks.misshapen(match)
            elif half is not None:
                seen[word] += 1
                if seen[word] > 2:  # of two equal numbers each may be taken
                    marks.word(match, "difference", False, TRIED)
                hit = self._searched(marks, match, half, listed)
            elif not needed and (m := _NEEDED.fullmatch(word)):
                needed = True
                ok = (not m[1] or _take(left, int(m[1]))) and not left
                ok = ok and int(m[2]) == need if need is not None else ok
                marks.word(match, "difference", ok, "not what is needed, or not all was added")
                gap = int(m[3]) if m[3] else None
            elif not needed and (m := _ADDED.fullmatch(word)):
                ok = _take_all(left, [n for n in (m[1], m[2]) if n])
                marks.word(match, "sum" if m[2] else "copy", ok, "not a number that is left")

    def _searched(self, marks: Marks, match: re.Match[str], half: int, listed: list[int]) -> bool:
        """ "78-54=24": some of what is left taken from the half; is what remains among it too?"""
        m = re.fullmatch(r"([0-9]{1,12})((?:-[0-9]{1,12}){1,3})=(-?[0-9]{1,12})", match[0])
        if m is None:
            return False
        rest = list(listed)
        taken = [int(n) for n in m[2][1:].split("-")]
        ok = int(m[1]) == half and all(_take(rest, n) for n in taken)
        marks.word(match, "difference", ok, "not the half, or a number that is not left")
        return int(m[3]) in rest

    def _work_back(self, marks: Marks, found: list[re.Match[str]], ended: bool) -> None:
        """ "24-6=18 left 3 9 1; 18/9=2 left 3 1; 3+1=4 3-1=2 yes"."""
        left = list(self._numbers)
        need = self._target
        listing = False
        due: list[int] = []
        results: list[int] = []
        for match in found:
            word = match[0]
            if word in ("yes", "no"):
                # "no" only when none of them is what is needed; the last one is, for "yes".
                yes = bool(results) and results[-1] == need
                marks.verdict(match, yes if yes or need not in results else None)
            elif word == "left":
                listing, due = True, list(left)
                marks.word(match, "left", bool(left), "none is left")
            elif listing and _WHOLE.fullmatch(word):
                number = int(word.rstrip(";"))
                ok = _take(due, number) and (not word.endswith(";") or not due)
                end = match.start() + len(word.rstrip(";"))
                marks.add(match.start(), end, "copy", ok, "not a number that is left")
                listing = not word.endswith(";")
            elif m := re.fullmatch(r"([0-9]{1,12})([-+*/])([0-9]{1,12})=([0-9]{1,12})", word):
                listing = False
                a, b, value = int(m[1]), int(m[3]), int(m[4])
                if len(left) > 2:
                    ok = a == need and _take(left, b)
                    need = value
                else:
                    ok = sorted((a, b)) == sorted(left)
                    state = _state(need, left)
                    if not results and state in self._refused:
                        marks.word(match, "step", False, TRIED)
                    results.append(value)
                    self._refuse(state, found, ended)
                marks.word(match, "step", ok, "not what is needed, or not a number that is left")
            else:
                marks.misshapen(match)

    # --- numbers --------------------------------------------------------------------------------

    def _lists(self, found: list[re.Match[str]]) -> bool:
        """What two numbers make, all of the puzzle's: "4+6=10 6-4=2 4*6=24 yes"."""
        return len(self._numbers) == 2 and len(found) > 2 and bool(found[1][0][0].isdigit())

    def _compares(self, found: list[re.Match[str]]) -> int | None:
        """The index of the word that begins anew behind a core: "34*4=136 136-102=34"."""
        ways = (k for k, m in enumerate(found) if k and re.match(r"[0-9]", m[0]))
        at = next(ways, None)
        return None if at is not None and found[at - 1][0] == "not" else at

    def _refuse(self, state: _State, found: list[re.Match[str]], ended: bool) -> None:
        """Remember what a whole line that ends in "no" has come to."""
        if ended and found[-1][0] == "no":
            self._refused.add(state)

    def _use(self, marks: Marks, match: re.Match[str], left: list[int]) -> None:
        """The numbers of a word, up to its result, must be available; they are used up."""
        ok = _take_all(left, _NUMBER.findall(match[0].partition("=")[0]))
        marks.word(match, "equation", ok, "not a number that is still there")


def _state(value: int, left: list[int]) -> _State:
    return (value, *sorted(left))


def _take(left: list[int], number: int) -> bool:
    if number not in left:
        return False
    left.remove(number)
    return True


def _take_all(left: list[int], numbers: list[str]) -> bool:
    taken = [_take(left, int(n)) for n in numbers]
    return all(taken)


def _result(word: str) -> int | None:
    m = _RESULT.search(word)
    return int(m[1]) if m else None
