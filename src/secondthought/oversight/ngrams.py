"""Word 8-grams of a thought, and a reader that notices when another text repeats one.

Words are runs of letters and digits, compared without case, punctuation, compatibility forms
and invisible characters; a Chinese or Japanese character is a word of its own. A text repeats a
thought when 8 words in a row stand in it in the same order: among real texts, unrelated ones
share none and verbatim excerpts always do, while shorter runs and single characters overlap by
chance. Each word is also read as rot13 and backwards, each piece of ASCII as base64 and as
hexadecimal, and each run of words in both directions.
"""

from __future__ import annotations

import binascii
import codecs
import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from secondthought.oversight.blobs import PIECE

N: Final = 8

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_MARKS = "\u0300-\u036f\u00ad\u200b-\u200f\u2060-\u2064\ufe0f\ufeff"
_PART: Final = re.compile(rf"[^\W_{_IDEOGRAPHS}]|[{_MARKS}]")
WORD: Final = re.compile(rf"[{_IDEOGRAPHS}]|(?:{_PART.pattern})+")

_LONGEST_WORD: Final = 256  # nobody writes longer ones; what is longer is cut
# Unicode's tag characters show nothing and spell ASCII: a way to hide a whole text in another.
_TAGS: Final = {0xE0000 + code: code for code in range(0x20, 0x7F)}
_INVISIBLE: Final = re.compile(rf"[{_MARKS[_MARKS.index(chr(0xAD)) :]}]")


def visible(text: str) -> str:
    """The text with tag characters as the ASCII that they spell; as long as before."""
    return text if text.isascii() else text.translate(_TAGS)


def plain(word: str) -> str:
    """A word in the form in which words are compared; "" when nothing of it can be seen."""
    if word.isascii():
        return word.lower()
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", word)).casefold()


def words(text: str) -> Iterator[str]:
    """The words of a text, ready to be compared."""
    return (word for match in WORD.finditer(visible(text)) if (word := plain(match[0])))


def rot13(text: str) -> str:
    return codecs.encode(text, "rot13")


def _from_base64(piece: str) -> list[str]:
    core = piece.strip(_AROUND).rstrip("=").replace("-", "+").replace("_", "/")
    if len(core) < 2 or len(core) % 4 == 1 or not _BASE64.fullmatch(core):
        return []
    return _words_of(binascii.a2b_base64(core + "=" * (-len(core) % 4)))


def _from_hex(piece: str) -> list[str]:
    core = piece.strip(_AROUND)
    try:
        return _words_of(bytes.fromhex(core)) if core.isalnum() else []
    except ValueError:
        return []


def _words_of(data: bytes) -> list[str]:
    try:
        return list(words(data.decode()))
    except UnicodeDecodeError:
        return []


_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+")
_AROUND: Final = "\"'`.,;:!?()[]{}<>*|"  # what people and models put around a piece

# How a word, or a piece of ASCII without blanks, can stand for words: name, and what it says.
_View = tuple[str, Callable[[str], list[str]]]
_WORD_VIEWS: Final[tuple[_View, ...]] = (
    ("plain", lambda word: [plain(word)]),
    ("rot13", lambda word: [rot13(plain(word))]),
    ("reversed", lambda word: [plain(word)[::-1]]),
    ("reversed rot13", lambda word: [rot13(plain(word))[::-1]]),
)
_PIECE_VIEWS: Final[tuple[_View, ...]] = (("base64", _from_base64), ("hex", _from_hex))


class Grams:
    """The 8-grams of one thought, or of several branches, as they are thought."""

    def __init__(self) -> None:
        self.vocabulary: set[str] = set()
        self._grams: set[int] = set()  # hashes: a long thought has tens of thousands
        self._open: dict[str, str] = {}  # by branch: text whose last word may go on
        self._last: dict[str, deque[str]] = {}

    def add(self, text: str, branch: str) -> None:
        """More of a branch's thought."""
        text = self._open.get(branch, "") + visible(text)
        end = open_word(text)
        self._open[branch] = text[end:]
        self._take(text[:end], branch)

    def close(self) -> None:
        """Count the last word of every branch as whole, as far as it was written."""
        for branch, text in self._open.items():
            self._take(text, branch)
        self._open.clear()

    def __contains__(self, gram: int) -> bool:
        return gram in self._grams

    def _take(self, text: str, branch: str) -> None:
        last = self._last.setdefault(branch, deque(maxlen=N))
        for word in words(text):
            self.vocabulary.add(word)
            last.append(word)
            if len(last) == N:
                self._grams.add(hash(tuple(last)))


class _Run:
    """The words of one view since the last one that the thought does not hold."""

    def __init__(self, view: _View) -> None:
        self.name, self.read = view
        self.words: deque[str] = deque(maxlen=N)
        self.starts: deque[int] = deque(maxlen=N)

    def clear(self) -> None:
        self.words.clear()
        self.starts.clear()

    def copy(self) -> _Run:
        run = _Run((self.name, self.read))
        run.words.extend(self.words)
        run.starts.extend(self.starts)
        return run


class Reader:
    """Reads a text and says when its last words repeat an 8-gram of the thought."""

    def __init__(self, grams: Grams, allowed: Callable[[int], bool]) -> None:
        self._grams = grams
        self._allowed = allowed
        self._words = [_Run(view) for view in _WORD_VIEWS]
        self._pieces = [_Run(view) for view in _PIECE_VIEWS]

    def copy(self) -> Reader:
        """One that has read the same words; pieces it begins anew."""
        reader = Reader(self._grams, self._allowed)
        reader._words = [run.copy() for run in self._words]
        return reader

    def word(self, raw: str, start: int) -> str | None:
        """One word as written, and where it begins. The name of the view in which it completes
        a repetition, or None."""
        return self._read(self._words, raw, start) if plain(raw) else None

    def piece(self, raw: str, start: int) -> str | None:
        """The same for a piece of ASCII without blanks, which may say words in base64 or hex."""
        return self._read(self._pieces, raw, start)

    def _read(self, runs: list[_Run], raw: str, start: int) -> str | None:
        vocabulary = self._grams.vocabulary
        for run in runs:
            said = run.read(raw)
            if not said:
                run.clear()
            for word in said:
                if word not in vocabulary:
                    run.clear()
                    continue
                run.words.append(word)
                run.starts.append(start)
                if len(run.words) == N and (way := self._repeats(tuple(run.words))):
                    forward = way == "forward" or "reversed" in run.name
                    return run.name if forward else f"{run.name}, reversed"
        return None

    def _repeats(self, said: tuple[str, ...]) -> str:
        for way, order in (("forward", said), ("backward", said[::-1])):
            gram = hash(order)
            if gram in self._grams and not self._allowed(gram):
                return way
        return ""

    @property
    def open_from(self) -> int | None:
        """Where the longest run begins that the next word could complete; None without one."""
        runs = [run.starts for run in (*self._words, *self._pieces) if run.starts]
        return min((run[1 - N] if len(run) == N else run[0] for run in runs), default=None)


def grams(texts: Iterable[str]) -> set[int]:
    """The 8-grams of texts, as they are written."""
    return {gram for text in texts for gram in _grams(words(text))}


def hidden_grams(texts: Iterable[str]) -> set[int]:
    """The 8-grams of texts in every view and both directions: "decode this" makes a thought hold
    what its prompt holds in another form, and then it may be said."""
    found: set[int] = set()
    for text in texts:
        for form, views in ((WORD, _WORD_VIEWS), (PIECE, _PIECE_VIEWS)):
            raw = [match[0] for match in form.finditer(visible(text))]
            for _, read in views:
                said = [word for written in raw for word in read(written) if word]
                found.update(_grams(said), _grams(reversed(said)))
    return found


def _grams(said: Iterable[str]) -> Iterator[int]:
    last: deque[str] = deque(maxlen=N)
    for word in said:
        last.append(word)
        if len(last) == N:
            yield hash(tuple(last))


def open_word(text: str) -> int:
    """Where the word begins that the end of the text may have cut; the length without one."""
    start = len(text)
    while start and _PART.match(text[start - 1]):
        start -= 1
        if len(text) - start > _LONGEST_WORD:
            return len(text)
    return start
