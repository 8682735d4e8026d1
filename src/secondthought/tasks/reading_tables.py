"""The worked example of a cipher in the question: where its two texts stand, word beside word.

A question says the example in any of many wordings, so a thought's pair of words is compared with
every place at which it may stand. Two texts that belong together agree in many letters under some
rule; a pair that belongs to none of them while its words belong to others is a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from secondthought.tasks.ciphers import position

_Pair = tuple[str, str]
_MOST_PLACES = 50
_MOST_TOKENS = 300  # of the conversation's end; the work grows with their number
_MOST_WORDS = 12  # of a run, to each side
_SURE = 5  # letters that agree with a rule by more than its key


class Parallel:
    """Follows the example's code and plain words from the pair of the thought's first line on."""

    def __init__(self, tokens: list[str], code: str, plain: str) -> None:
        self._tokens = tokens
        firsts = [i for i, token in enumerate(tokens) if token == code.upper()]
        others = [j for j, token in enumerate(tokens) if token == plain.upper()]
        ways = ((i, j) for i in firsts[:_MOST_PLACES] for j in others[:_MOST_PLACES] if i != j)
        self._places = [way for way, _ in zip(ways, range(_MOST_PLACES), strict=False)]

    def word(self, k: int, side: int, written: str, cut: bool = False) -> bool | None:
        """Is this the code word (side 0) or the plain word (1) k words behind the first pair?

        None where it cannot be told. Later answers keep to the places that fit this one.
        """
        if not self._places:
            return None
        told = [(place, self._at(place[side] + k)) for place in self._places]
        fitting = [place for place, token in told if token == written.upper()]
        if fitting:
            self._places = fitting
            return None if cut else True
        return None if cut and any(t.startswith(written.upper()) for _, t in told) else False

    def row(self, rows: int) -> tuple[int, _Pair] | None:
        """What the next line of a table with so many lines holds: how many words behind the first
        pair, and the pair in capitals. Words that repeat are left out."""
        for i, j in self._places[:1]:
            seen: list[str] = []
            for k in range(len(self._tokens)):
                code = self._at(i + k)
                if code and code not in seen:
                    if len(seen) == rows:
                        return k, (code, self._at(j + k))
                    seen.append(code)
        return None

    def choose(self, rows: int, code: str, plain: str) -> None:
        """Keep to the places at which the next line of the table is this one, if there are any."""
        places, fitting = self._places, list[tuple[int, int]]()
        for place in places:
            self._places = [place]
            found = self.row(rows)
            if found and found[1] == (code.upper(), plain.upper()):
                fitting.append(place)
        self._places = fitting or places

    def _at(self, index: int) -> str:
        return self._tokens[index] if 0 <= index < len(self._tokens) else ""


def paired(tokens: Sequence[str], code: str, plain: str) -> bool:
    """May these words of the conversation stand beside each other in the example?

    No where their lengths fit no rule, and where one of them agrees much better with another
    word. For a text that is reversed as a whole the places in both texts are compared.
    """
    tokens = tokens[-_MOST_TOKENS:]
    codes = [i for i, token in enumerate(tokens) if token == code.upper()][:8]
    plains = [j for j, token in enumerate(tokens) if token == plain.upper()][:8]
    if not codes or not plains:
        return True
    turned = _turned(tokens)
    ways = [(i, j) for i in codes for j in plains if i != j]
    if any(way in turned for way in ways):
        return True
    if not any(len(tokens[i]) in (len(tokens[j]), 2 * len(tokens[j])) for i, j in ways):
        return False
    own = max(_agreement(tokens, *way) for way in ways)
    others = {(i, j) for i in codes for j in range(len(tokens)) if i != j}
    others |= {(i, j) for i in range(len(tokens)) for j in plains if i != j}
    best = max((turned.get(w, 0) or _agreement(tokens, *w) for w in others), default=0)
    return best < _SURE or own * 3 > best


def _turned(tokens: Sequence[str]) -> dict[tuple[int, int], int]:
    """Pairs of places in two texts of which one is the other written backward as a whole, with
    the number of its letters."""
    found: dict[tuple[int, int], int] = {}
    where: dict[str, list[int]] = {}
    for j, token in enumerate(tokens):
        where.setdefault(token[::-1], []).append(j)
    for a, token in enumerate(tokens):
        for b in where.get(token, [])[:8]:
            if _further(tokens, a - 1, b + 1, a < b):
                continue  # neither text begins or ends here
            n = 1
            while a + n not in (b - n, b - n + 1) and _mirrored(tokens, a + n, b - n):
                n += 1
                letters = sum(map(len, tokens[a : a + n]))
                if letters >= _SURE and not _further(tokens, a + n, b - n, a < b):
                    for k in range(n):
                        place = (a + k, b - n + 1 + k)
                        found[place] = max(found.get(place, 0), letters)
    return found


def _mirrored(tokens: Sequence[str], a: int, b: int) -> bool:
    inside = 0 <= a < len(tokens) and 0 <= b < len(tokens)
    return inside and tokens[a] == tokens[b][::-1]


def _further(tokens: Sequence[str], a: int, b: int, before: bool) -> bool:
    """Do the texts go on here, the code still before the plain text or still behind it?

    A single letter may stand beside them by chance.
    """
    return a != b and (a < b) == before and _mirrored(tokens, a, b) and len(tokens[a]) > 1


def _agreement(tokens: Sequence[str], i: int, j: int) -> int:
    """By how many letters the words around these two, side by side, fit a rule at best."""
    if len(tokens[i]) not in (len(tokens[j]), 2 * len(tokens[j])):
        return 0
    return max(_run(tokens, i, j, fit) for fit in _FITS)


def _run(
    tokens: Sequence[str], i: int, j: int, fit: Callable[[Sequence[_Pair]], int | None]
) -> int:
    pairs = [(tokens[i], tokens[j])]
    best = fit(pairs)
    if best is None:
        return 0
    for step in (1, -1):
        for k in range(1, _MOST_WORDS):
            at = i + step * k, j + step * k
            if not all(0 <= place < len(tokens) for place in at):
                break
            pair = (tokens[at[0]], tokens[at[1]])
            more = [*pairs, pair] if step > 0 else [pair, *pairs]
            letters = fit(more)
            if letters is None:
                break
            pairs, best = more, letters
    return best


# --- rules: by how many letters do the words fit, beyond those that give the key? None: not ------


def _apart(pairs: Sequence[_Pair]) -> list[int] | None:
    if any(len(code) != len(plain) for code, plain in pairs):
        return None
    return [
        (position(c) - position(p)) % 26
        for code, plain in pairs
        for c, p in zip(code, plain, strict=True)
    ]


def _substituted(pairs: Sequence[_Pair]) -> int | None:
    """A letter for a letter, in any order; a Caesar shift and Atbash agree by more."""
    apart = _apart(pairs)
    if apart is None:
        return None
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    for code, plain in pairs:
        for c, p in zip(code, plain, strict=True):
            if there.setdefault(c, p) != p or back.setdefault(p, c) != c:
                return None
    if len(set(apart)) == 1:
        return len(apart) - 1
    if all(position(c) + position(p) == 27 for c, p in there.items()):
        return len(apart)
    return len(apart) - len(there)


def _counted(pairs: Sequence[_Pair]) -> int | None:
    """Each letter of the text one further."""
    apart = _apart(pairs)
    if apart is None or any((b - a) % 26 != 1 for a, b in pairwise(apart)):
        return None
    return len(apart) - 1


def _counted_in_words(pairs: Sequence[_Pair]) -> int | None:
    apart = _apart(pairs)
    due = [k % 26 for code, _ in pairs for k in range(1, len(code) + 1)]
    return len(due) if apart == due else None


def _backward(pairs: Sequence[_Pair]) -> int | None:
    if any(code != plain[::-1] for code, plain in pairs):
        return None
    return sum(len(code) for code, _ in pairs)


def _averaged(pairs: Sequence[_Pair]) -> int | None:
    for code, plain in pairs:
        if len(code) != 2 * len(plain):
            return None
        for a, b, p in zip(code[::2], code[1::2], plain, strict=True):
            if position(a) + position(b) != 2 * position(p):
                return None
    return sum(len(plain) for _, plain in pairs)


_FITS = (_substituted, _counted, _counted_in_words, _backward, _averaged)
