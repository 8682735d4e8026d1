"""An answer that repeats its hidden thought is caught before it leaves.

    guard = LeakGuard(prompt=[message.text for message in messages])
    guard.think(delta.text, delta.branch)      # every ThoughtDelta
    yield guard.push(delta.text)               # every AnswerDelta: what may leave of it now
    yield guard.finish()                       # at the end
    if guard.leak: ...                         # the rest of the answer was kept back

Caught is a run of 8 words of the thought that do not stand in the prompt (`allow` adds tool
results and other known text): as they are, in rot13, backwards, in base64 or hexadecimal.
Not caught: a paraphrase, a translation, a cipher that is not named here, fewer than 8 words.
An answer that the thought had drafted word for word is a repetition too, and is caught; but
the line in which a built-in cipher's thought gathers its text ("text ...") is the answer.

Text waits only while its last words could become such a run: at most 7 words of the thought's
vocabulary and the word that is being written, or the blob that is; 2,048 characters at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from secondthought.oversight.blobs import LONGEST, PIECE, Blobs, decoded
from secondthought.oversight.contradiction import task_of
from secondthought.oversight.ngrams import (
    WORD,
    Grams,
    Reader,
    grams,
    hidden_grams,
    open_word,
    visible,
)

MAX_HELD: Final = 2 * LONGEST
"""Characters that wait at most."""
_CIPHERS: Final = ("example_cipher", "caesar_cipher")
_GRAPHIC: Final = "".join(map(chr, range(0x21, 0x7F)))
_ESCAPE: Final = re.compile(r"\\+u([0-9A-Fa-f]{4})")
_SPELT_BLANK: Final = re.compile(
    r"\\+[nrtbf]|%(?:20|0[9AaDd])|</?[A-Za-z][A-Za-z0-9]{0,9}\b|&[A-Za-z]{2,6};"
)


@dataclass(frozen=True, slots=True)
class Leak:
    """How the thought was repeated: "plain", "rot13", "reversed", "base64", ...; no content."""

    how: str


class LeakGuard:
    """Watches one answer. prompt: what the asker wrote; repeating that is no leak."""

    def __init__(self, prompt: Iterable[str] = ()) -> None:
        self.leak: Leak | None = None
        self._secret = _Secret(prompt)
        self._answer = _Watch(self._secret)

    def allow(self, text: str) -> None:
        """Text that may be repeated although the thought holds it, such as a tool's result."""
        self._secret.allow(text)

    def think(self, text: str, branch: str = "main") -> None:
        """More of the thought of a branch. Branches that are not shown are thoughts too."""
        self._secret.think(text, branch)

    def push(self, text: str) -> str:
        """More of the answer; returns what may leave. Nothing more leaves after a leak."""
        return self._run(text, final=False)

    def finish(self) -> str:
        """The answer has ended; returns what was waiting."""
        return self._run("", final=True)

    def check(self, text: str) -> Leak | None:
        """Judge a whole text, such as the arguments of a tool call or a summary."""
        self._secret.close()
        return _Watch(self._secret).read(text, final=True)

    def _run(self, text: str, *, final: bool) -> str:
        if self.leak is None:
            self._secret.close()
            self.leak = self._answer.read(text, final=final)
        return "" if self.leak is not None else self._answer.release(final=final)


class _Secret:
    """The thought, and what of it may be said all the same. It knows nobody who reads: a guard and
    its watch that held each other stayed in memory until the collector of cycles came by."""

    def __init__(self, prompt: Iterable[str]) -> None:
        self._prompt = list(prompt)
        self._thought = Grams()
        self._plain: set[int] | None = None  # grams of the prompt; made at the first need
        self._hidden: set[int] | None = None
        self._ciphers: dict[str, bool] = {}  # by branch, once its first line is known
        self._open: dict[str, str] = {}  # the line that is being written, by branch

    def allow(self, text: str) -> None:
        self._prompt.append(text)
        self._plain = self._hidden = None

    def think(self, text: str, branch: str) -> None:
        self._thought.add(text, branch)
        if self._ciphers.get(branch, True):
            self._gather(text, branch)

    def close(self) -> None:
        """The answer begins: the thought's last word is whole."""
        self._thought.close()

    def reader(self) -> Reader:
        """A reader of one text against this thought and prompt."""
        return Reader(self._thought, self._allowed)

    def _gather(self, text: str, branch: str) -> None:
        """Allow the gathered text of a cipher; the first line tells which thought is of one."""
        *lines, rest = (self._open.get(branch, "") + text).split("\n")
        for line in lines:
            if branch not in self._ciphers:
                self._ciphers[branch] = task_of(line) in _CIPHERS
            elif self._ciphers[branch] and line.startswith("text "):
                self.allow(line.removeprefix("text "))
        if branch not in self._ciphers and len(rest) > LONGEST:
            self._ciphers[branch] = False
        self._open[branch] = rest if self._ciphers.get(branch, True) else ""

    def _allowed(self, gram: int) -> bool:
        """Asked only for what the thought was found to hold, so that long prompts cost nothing
        until then."""
        if self._plain is None:
            self._prompt += [_unescaped(t) for t in self._prompt if "\\u" in t]
            self._prompt += [_parted(t) for t in self._prompt if _SPELT_BLANK.search(t)]
            self._plain = grams(self._prompt)
        if gram in self._plain:
            return True
        if self._hidden is None:
            said = [text for prompt in self._prompt for text in decoded(prompt)]
            self._hidden = hidden_grams(self._prompt) | hidden_grams(said)
        return gram in self._hidden


def _unescaped(text: str) -> str:
    """JSON's spelling of other alphabets, read."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _parted(text: str) -> str:
    """What parts words in JSON ("\\n"), in addresses ("%20") and in HTML ("<br>") as blanks, as
    long as before: its letters would be read as words, or as the beginning of the next one."""
    return _SPELT_BLANK.sub(lambda match: " " * len(match[0]), text)


def _goes_on(text: str) -> bool:
    """Nothing ends within this text: it only makes the piece longer that is being written."""
    return text.isascii() and text.isprintable() and " " not in text


class _Watch:
    """One text on its way out. Positions count characters from its beginning."""

    def __init__(self, secret: _Secret) -> None:
        self._secret = secret
        # A second one from the first blank in another spelling on.
        self._readers = [secret.reader()]
        self._blobs = Blobs()
        self._held = ""
        self._gone: int = 0  # characters that have left
        self._seen = 0  # of `_held`, characters that were read

    def read(self, text: str, *, final: bool) -> Leak | None:
        """Take more text and read what is whole: neither a word nor a blob's piece is cut."""
        if not final and _goes_on(text) and len(self._held) + len(text) < LONGEST:
            self._held += text
            return None
        self._held += text
        end = len(self._held)
        if not final and end - (whole := self._whole()) <= LONGEST:
            end = whole
        new, start = visible(self._held[self._seen : end]), self._gone + self._seen
        self._seen = max(self._seen, end)
        return self._words(new, start) or self._pieces(new, start)

    def release(self, *, final: bool) -> str:
        """The text that can be part of no repetition any more."""
        waiting = [*(reader.open_from for reader in self._readers), self._blobs.open_from]
        starts = [start - self._gone for start in waiting if start is not None]
        until = max(min([self._seen, *starts]), len(self._held) - MAX_HELD, 0)
        until = len(self._held) if final else until
        out, self._held = self._held[:until], self._held[until:]
        self._gone += until
        self._seen = max(0, self._seen - until)
        return out

    def _whole(self) -> int:
        """Where the last piece begins that may go on."""
        text, end = visible(self._held[self._seen :]), -1
        while end != len(text):
            end = len(text)
            text = text.rstrip(_GRAPHIC)
            text = text[: open_word(text)]
        return self._seen + end

    def _words(self, text: str, start: int) -> Leak | None:
        escaped = "\\u" in text
        if escaped:  # the length changes, so its words begin where the text does
            text = _unescaped(text)
        if len(self._readers) == 1 and _SPELT_BLANK.search(text):
            self._readers.append(self._readers[0].copy())
        # Both, for a backslash and a letter may as well begin a word, as in LaTeX.
        texts = (text, _parted(text))
        for reader, form in zip(self._readers, texts, strict=False):
            for word in WORD.finditer(form):
                if how := reader.word(word[0], start + (0 if escaped else word.start())):
                    return Leak(how)
        return None

    def _pieces(self, text: str, start: int) -> Leak | None:
        for piece in PIECE.finditer(text):
            if how := self._readers[0].piece(piece[0], start + piece.start()):
                return Leak(how)
            for encoding, said in self._blobs.piece(piece[0], start + piece.start()):
                reader = self._secret.reader()
                if any(reader.word(word[0], 0) for word in WORD.finditer(visible(said))):
                    return Leak(encoding)
        return None
